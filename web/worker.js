// Python itself, one for a visit: runs snippets and calls, one after the other.
import { data } from "./manifest.js"; // the build writes it here
import { loadPyodide } from "./pyodide.mjs";

const HERE = new URL("./", import.meta.url).href;
const LIMIT = 200_000; // characters that one run may print
const LOOK_AGAIN = 200; // milliseconds between two looks at whether to stop
const MEMORY = 2 ** 31 - 2 ** 26; // bytes that Python may use
const ROOM = 2 ** 27; // bytes of it that have to be free between two runs
const TELL_AGAIN = 50; // milliseconds between two messages with output

let pyodide, page;
let job = null; // the message that is worked on
let taken = 0; // bytes that Python has ever used; it never gives any back
const tell = (message, moved) => postMessage({ id: job?.id, ...message }, moved ?? []);

// ---- Output goes to the page in batches, as text.
let printed = 0;
let waiting = [];
let told = 0;

function writer(stream) {
  const decoder = new TextDecoder();
  return (bytes) => {
    const text = decoder.decode(bytes, { stream: true }).slice(0, LIMIT - printed);
    if (text) {
      printed += text.length;
      const last = waiting.at(-1);
      if (last?.stream === stream) last.text += text;
      else waiting.push({ stream, text });
      if (printed === LIMIT) {
        const note = `\n[cut after ${LIMIT.toLocaleString("en")} characters]`;
        waiting.push({ stream: "err", text: note });
      }
    }
    if (performance.now() - told > TELL_AGAIN) flush();
    return bytes.length;
  };
}

function flush() {
  told = performance.now();
  if (waiting.length) tell({ type: "output", parts: waiting });
  waiting = [];
}

// ---- Stopping. A site on plain static files has no shared memory, so the page gives
// each run an address of its own and revokes it to stop the run. The interpreter reads
// its interrupt buffer between instructions; ours is an object that looks whether the
// address still answers.
let address = null;
let looked = 0;
let reads = 0;

function stopping() {
  if (waiting.length && performance.now() - told > TELL_AGAIN) flush();
  if (!address || performance.now() - looked < LOOK_AGAIN) return false;
  looked = performance.now();
  try {
    const request = new XMLHttpRequest();
    request.open("GET", address, false);
    request.overrideMimeType("text/plain");
    request.send();
    if (request.status < 400) return false;
  } catch {
    // revoked
  }
  address = null;
  return true;
}

const SIGINT = 2;
const interrupts = {
  get 0() {
    return (++reads & 63) === 0 && stopping() ? SIGINT : 0;
  },
  set 0(_) {},
};

// ---- What Python asks of its surroundings (session.py: Host).
let stepped = 0;
const host = {
  stopping,
  fetch(name) {
    tell({ type: "status", text: `Loading ${name} …` });
    try {
      const request = new XMLHttpRequest();
      request.open("GET", `${HERE}data/${name}`, false);
      request.responseType = "arraybuffer";
      request.send();
      return request.status === 200 ? new Uint8Array(request.response) : undefined;
    } catch {
      return undefined; // None, in Python
    }
  },
  figure(svg) {
    flush();
    tell({ type: "figure", svg });
  },
  progress(done, total) {
    if (performance.now() - stepped < 200) return;
    stepped = performance.now();
    tell({ type: "progress", done, total });
  },
};

// ---- Starting.
/** Above 2 GiB this Python goes wrong in silence. So it gets less: then allocating fails
 * as it does everywhere, with a MemoryError. */
function limitMemory() {
  const { grow } = WebAssembly.Memory.prototype;
  WebAssembly.Memory.prototype.grow = function (pages) {
    const wanted = this.buffer.byteLength + pages * 65536;
    if (wanted > MEMORY) throw new RangeError("no memory");
    taken = wanted;
    return grow.call(this, pages);
  };
}

/** Whether what lives on leaves too little for the next run. */
const full = () => taken > MEMORY - ROOM && page.full(ROOM);

/** Tell how many bytes have come, while they come: of a copy, since a browser keeps what it
 * has compiled only of an answer that it has from outside. */
function countBytes() {
  const { fetch } = self;
  self.fetch = async (...request) => {
    const response = await fetch(...request);
    count(response.url || request[0], response.clone()).catch(() => {}); // told by who asked
    return response;
  };
}

async function count(url, { body }) {
  const name = new URL(url).pathname.split("/").at(-1);
  const reader = body.getReader();
  let [bytes, said] = [0, 0];
  const say = () => postMessage({ type: "loaded", name, bytes });
  for (let part; !(part = await reader.read()).done; ) {
    bytes += part.value.length;
    if (performance.now() - said < TELL_AGAIN) continue;
    said = performance.now();
    say();
  }
  say();
}

async function start() {
  limitMemory();
  countBytes();
  pyodide = await loadPyodide({
    indexURL: HERE,
    packageBaseUrl: HERE,
    lockFileURL: `${HERE}pyodide-lock.json`,
    packages: ["numpy", "neuralblog"],
    env: { HOME: "/home/pyodide", MPLCONFIGDIR: "/tmp/matplotlib" },
  });
  pyodide.setStdout({ write: writer("out") });
  pyodide.setStderr({ write: writer("err") });
  pyodide.setStdin({ error: true });
  page = pyodide.pyimport("neuralblog_site.inpage.session");
  page.connect(host, pyodide.toPy(Object.keys(data)));
  pyodide.setInterruptBuffer(interrupts);
  postMessage({ type: "ready" });
}

async function load(name) {
  const title = name[0].toUpperCase() + name.slice(1);
  tell({ type: "status", text: `Loading ${title} …` });
  let trouble = "";
  await pyodide.loadPackage(name, {
    messageCallback() {},
    errorCallback: (text) => (trouble = text),
  });
  if (!(name in pyodide.loadedPackages)) throw new Error(trouble || `no ${title}`);
}

// Python's errors come with a traceback; its last line tells what happened.
const brief = (error) => String(error.message ?? error).trim().split("\n").at(-1);

// ---- Working.
async function run({ code, path, name, alts, changed, stop }) {
  if (page.needs_matplotlib(code)) await load("matplotlib");
  [printed, waiting, reads, stepped] = [0, [], 0, 0];
  tell({ type: "started" });
  const began = performance.now();
  address = stop;
  looked = 0; // a run may be stopped while it waits for its turn
  if (stopping()) return { how: "stopped", text: "before it began", seconds: 0 };
  const ended = page.run(code, path, name, pyodide.toPy(alts), changed);
  address = null;
  const [how, text] = ended.toJs();
  ended.destroy();
  flush();
  if (how === "needs") {
    await load(text);
    tell({ type: "again" });
    return run({ code, path, name, alts, changed, stop });
  }
  return { how, text, seconds: (performance.now() - began) / 1000 };
}

function call({ name, given }) {
  const made = page.call(name, pyodide.toPy(given));
  const answer = made.toJs({ dict_converter: Object.fromEntries });
  made.destroy();
  return answer;
}

async function work(message) {
  job = message;
  if (message.type === "reset") page.reset(message.path);
  try {
    if (message.type === "run") tell({ type: "done", ...(await run(message)), full: full() });
    if (message.type === "call") tell({ type: "done", ...call(message), full: full() });
  } catch (error) {
    address = null;
    flush();
    // Python's own errors come as answers: this one has ended the interpreter, or is
    // a failed download.
    tell({ type: "broken", text: brief(error) });
  }
  job = null;
}

let queue;
onmessage = ({ data: message }) => {
  if (message.type === "start") {
    postMessage({ type: "here" });
    queue = start().catch((error) => {
      postMessage({ type: "failed", text: brief(error) });
      return new Promise(() => {}); // nothing can follow
    });
  } else queue = queue.then(() => work(message));
};
