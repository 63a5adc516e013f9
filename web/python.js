// The page's way to Python: one worker for the whole visit, started when first needed.
import { keep } from "./live.js";
import { needed } from "./manifest.js"; // the build writes them here

const HERE = new URL("./", import.meta.url).href;
const PATIENCE = 2000; // milliseconds that a run has to obey a stop
const bytes = (files) => Object.values(files).reduce((sum, size) => sum + size, 0);
const megabytes = (size) => (size / 1e6).toFixed(1);

let worker = null;
let heard = false; // whether the worker has said anything
let ready = false;
let loaded = {};
let number = 0;
const jobs = new Map(); // by number: the message, and what to do with the worker's answers

// While one service worker follows another, a browser may lose a worker that just starts.
navigator.serviceWorker?.addEventListener("controllerchange", () => {
  if (!worker || heard) return;
  worker.terminate();
  worker = null;
  start();
  for (const { message } of jobs.values()) worker.postMessage(message);
});

/** Start Python, if it is not there yet. */
export function start() {
  if (worker) return;
  const mine = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  worker = mine;
  heard = ready = false;
  loaded = {};
  // An ended worker can still have messages and errors on their way.
  mine.onmessage = ({ data }) => mine === worker && receive(data);
  mine.onerror = (event) => {
    event.preventDefault();
    if (mine === worker) fail(event.message || "its files did not arrive");
  };
  mine.postMessage({ type: "start" });
}

function receive(message) {
  heard = true;
  const job = jobs.get(message.id);
  if (message.type === "ready") {
    ready = true;
    keep(Object.keys(needed).map((name) => HERE + name));
  }
  if (message.type === "failed") fail(message.text);
  if (message.type === "loaded") {
    loaded[message.name] = message.name in needed ? message.bytes : 0;
    if (!ready) for (const waiting of jobs.values()) waiting.on.status?.(loading());
  }
  if (!job) return;
  if (message.type === "started") job.started = true;
  if (message.type === "broken") {
    jobs.delete(message.id);
    if (job.started) end("Python broke down"); // it cannot be trusted any more
    job.on.done({ how: job.started ? "broken" : "unloaded", text: message.text });
  } else if (message.type === "done") {
    jobs.delete(message.id);
    if (message.full) again("Python's memory was full, so it was restarted");
    job.on.done(message);
  } else job.on[message.type]?.(message.text ?? message);
}

function loading() {
  const total = megabytes(bytes(needed));
  return `Loading Python: ${megabytes(bytes(loaded))} of ${total} MB …`;
}

/** Send a message to Python. `on` has the functions status, output, figure, progress,
 * started, again and done. */
function send(message, on) {
  start();
  const id = ++number;
  jobs.set(id, { message: { ...message, id }, on, started: false });
  worker.postMessage({ ...message, id });
  if (!ready) on.status?.(loading());
  else if (jobs.size > 1) on.status?.("Waiting for its turn …");
  return id;
}

/** Run a snippet. Gives back a function that stops it. */
export function run({ code, path, name, alts, changed = false }, on) {
  // Python looks whether this address still answers (worker.js).
  const stop = URL.createObjectURL(new Blob(["go on"], { type: "text/plain" }));
  let timer;
  const done = (message) => {
    clearTimeout(timer);
    URL.revokeObjectURL(stop);
    if (message.how === "ok" && !navigator.connection?.saveData) keep([HERE]); // whatever another may ask for
    on.done(message);
  };
  const id = send({ type: "run", code, path, name, alts, changed, stop }, { ...on, done });
  return () => {
    const job = jobs.get(id);
    if (!job) return;
    URL.revokeObjectURL(stop);
    if (job.started) timer ??= setTimeout(() => jobs.has(id) && restart(id), PATIENCE);
    else {
      jobs.delete(id); // it waits for Python, or for its turn, and will find it revoked
      done({ how: "stopped", text: "before it began", seconds: 0 });
    }
  };
}

function restart(id) {
  const job = jobs.get(id);
  jobs.delete(id);
  again("Python was restarted");
  job.on.done({ how: "killed" });
}

function again(why) {
  end(why);
  start();
}

/** Call "module:function" of the library with named arguments; arrays are
 * `{shape, data}`. Rejects with a RangeError that tells what the library says is wrong. */
export function call(name, given, onStatus) {
  return new Promise((resolve, reject) => {
    send(
      { type: "call", name, given },
      {
        status: onStatus,
        done: ({ value, error, fault, how, text, full }) => {
          if (how) reject(new Lost(text ?? how));
          else if (fault && full) reject(new Lost("its memory was full"));
          else if (fault) reject(new Fault(fault));
          else if (error) reject(new RangeError(error));
          else resolve(value);
        },
      },
    );
  });
}

/** What was called broke: the mistake is ours, not the reader's. */
export class Fault extends Error {}

/** Python could not be loaded, or was lost: the call may be made again. */
export class Lost extends Error {}

/** Forget the variables of a page. */
export function reset(path) {
  worker?.postMessage({ type: "reset", path });
}

/** End Python, with all variables; whatever waits for it is told why. */
export function end(why) {
  worker?.terminate();
  worker = null;
  ready = false;
  for (const [id, job] of [...jobs]) {
    jobs.delete(id);
    job.on.done({ how: "lost", text: why });
  }
}

function fail(why) {
  worker?.terminate();
  worker = null;
  for (const [id, job] of [...jobs]) {
    jobs.delete(id);
    job.on.done({ how: "unloaded", text: why });
  }
}
