// A changed snippet in the address, as #snippet=NUMBER.SUM.CODE: the sum tells whether
// the snippet is still the one that was changed, and the code is deflated.
const LONGEST = 4000; // characters of code in the address
const MOST = 20_000; // bytes of code that are taken from one

/** The link to what a cell holds, or nothing if it is too long. */
export async function link(cell) {
  const packed = await bytes(piped([cell.text], new CompressionStream("deflate-raw")));
  const code = btoa(String.fromCharCode(...packed))
    .replace(/[+/=]/g, (sign) => ({ "+": "-", "/": "_" })[sign] ?? "");
  const number = cell.name.split(" ").at(-1);
  const { origin, pathname } = location;
  return code.length <= LONGEST && `${origin}${pathname}#snippet=${number}.${sum(cell)}.${code}`;
}

/** Show what the address brings. It is not run, and not kept. */
export async function receive(cells) {
  const [address, number, given, code] =
    location.hash.match(/^#snippet=(\d+)\.(\w+)\.([\w-]+)$/) ?? [];
  const cell = cells.find(({ name }) => name === `snippet ${number}`);
  if (!cell || cell.brought === address) return;
  cell.brought = address;
  if (given !== sum(cell)) {
    cell.say("The link brings a change of another version of this snippet: it was left out.");
    return;
  }
  try {
    if (code.length > LONGEST) throw new RangeError("too long");
    const packed = Uint8Array.from(
      atob(code.replace(/[-_]/g, (sign) => ({ "-": "+", _: "/" })[sign])),
      (sign) => sign.charCodeAt(),
    );
    const text = new TextDecoder("utf-8", { fatal: true }).decode(
      await bytes(piped([packed], new DecompressionStream("deflate-raw"))),
    );
    await cell.open(text);
  } catch {
    cell.say("The link is damaged: the change that it brings was left out.");
    return;
  }
  cell.note?.remove();
  cell.note = Object.assign(document.createElement("p"), {
    className: "nb-bar nb-sent",
    textContent: "Changed by whoever sent this. Read it before you run it; Reset brings the original.",
  });
  cell.root.prepend(cell.note);
  cell.refresh();
  cell.say("Changed by whoever sent this; it has not run.");
}

const sum = (cell) => cell.key.split(" ").at(-1);
const piped = (parts, stream) => new Blob(parts).stream().pipeThrough(stream);

async function bytes(stream) {
  const reader = stream.getReader();
  const made = [];
  for (let part; !(part = await reader.read()).done; ) {
    made.push(...part.value);
    if (made.length > MOST) throw new RangeError("too long");
  }
  return new Uint8Array(made);
}
