// node bytecode.mjs FOLDER FILE...: compile the modules inside these zip files of the
// folder, which also holds the runtime, with bytecode.py.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [folder, ...files] = process.argv.slice(2).map((name, i) => (i ? name : path.resolve(name)));
const { loadPyodide } = await import(pathToFileURL(path.join(folder, "pyodide.mjs")).href);
const pyodide = await loadPyodide({ indexURL: folder + path.sep });
const source = fs.readFileSync(new URL("bytecode.py", import.meta.url), "utf8");
pyodide.FS.writeFile("/home/pyodide/bytecode.py", source);
const { compiled } = pyodide.pyimport("bytecode");
for (const file of files.map((name) => path.join(folder, name))) {
  const made = compiled(pyodide.toPy(new Uint8Array(fs.readFileSync(file))));
  fs.writeFileSync(file, made.toJs());
}
process.exit(0); // the runtime keeps Node waiting
