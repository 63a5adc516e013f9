// On every page, since one moves between pages without a reload: fetches what makes a
// snippet or an explorable live as soon as one is near.
const KINDS = {
  "./cells.js": ".nb-snippet",
  "./predict.js": ".nb-predict",
  "./exercise.js": "details.success",
  "./progress.js": ".nb-path",
  "./kit.js": "nb-explorable",
};
const here = new Map(); // the modules that have come

const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) load(target);
  },
  { rootMargin: "40%" },
);

async function load(part) {
  near.unobserve(part);
  const [name] = Object.entries(KINDS).find(([, selector]) => part.matches(selector));
  try {
    here.set(name, await import(name));
    here.get(name).attach?.();
  } catch (error) {
    tell(part);
    console.warn(error);
  }
}

// What a reader is told, once on a page, if a script does not come.
const FAILED = "The script that makes this live did not load, or needs a newer browser.";
const note = Object.assign(document.createElement("p"), { className: "nb-bar" });
const why = document.createElement("span");
const again = Object.assign(document.createElement("button"), { type: "button" });
why.setAttribute("role", "status");
again.textContent = "Try again";
again.addEventListener("click", async () => {
  why.textContent = "Loading …";
  try {
    await fetch(location.href, { method: "HEAD", cache: "no-store" });
    location.reload(); // a page remembers a module that did not come, a new one asks again
  } catch {
    why.textContent = FAILED;
  }
});
note.append(why, again);

function tell(part) {
  if (!note.isConnected) (part.querySelector(".highlight") ?? part).append(note);
  why.textContent = FAILED;
}

// ---- Without a network: service-worker.js keeps what was visited, but not while a site is written.
const library = () => document.querySelector("meta[name=nb-build]")?.content; // of the page
const offline = library() && navigator.serviceWorker;
const used = new Set(); // also before the worker is there

/** Keep what is at these addresses. */
export function keep(addresses) {
  const others = addresses.filter((address) => !used.has(address));
  for (const address of others) used.add(address);
  if (others.length) offline?.controller?.postMessage(others);
}

if (offline) {
  offline.addEventListener("controllerchange", () => {
    const came = performance.getEntriesByType("resource").map(({ name }) => name);
    const all = [location.href, ...came, ...used];
    used.clear();
    keep(all);
  });
  const worker = new URL("../../service-worker.js", import.meta.url);
  offline.register(worker).catch(() => {}); // a browser may refuse
}

function attach() {
  // moved on without a reload, to a page of a later build: its library is another one
  if (!import.meta.url.includes(library() ?? "/")) return location.reload();
  near.disconnect();
  for (const module of here.values()) module.attach?.(); // leaves the page before
  for (const part of document.querySelectorAll(Object.values(KINDS))) near.observe(part);
  const named = location.hash.match(/^#([a-z-]+)=/)?.[1]; // an explorable's state, a changed snippet
  const part = named === "snippet"
    ? document.querySelectorAll(".nb-snippet")[parseInt(location.hash.slice(9)) - 1]
    : named && document.querySelector(`nb-explorable[name=${named}]`);
  part?.scrollIntoView();
}

if (window.document$) window.document$.subscribe(attach);
else attach();
