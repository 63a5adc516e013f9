// Keeps what was visited, so that it opens and runs where there is no network. The build puts
// it at the root of the site, and above what it names by its content: FOLDER and the FILES in it.
//
// Pages are always asked for anew, and kept as they came last. A page names its library and its
// Python by an address made of their content: what came from there once is right for ever, and
// is what this page was built with. So an old library never meets a new page.
const { scope } = registration;
const MINE = `neuralblog ${scope} `; // other sites may live at this host
const CACHE = MINE + FOLDER;
const lasts = (address) => address.startsWith(`${scope}live/`);
const AWAY = `<!doctype html><html lang="en"><meta charset="utf-8"><title>No network</title>
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<h1>No network</h1><p>This page is kept here once you have opened it with a network.
<a href="${scope}">To the first page</a></p></html>`;

addEventListener("install", () => skipWaiting());

addEventListener("activate", (event) => event.waitUntil(begin()));

async function begin() {
  for (const name of await caches.keys())
    if (name.startsWith(MINE) && name !== CACHE) await caches.delete(name);
  await clients.claim(); // the page answers with what it came with, and this is kept, too
}

addEventListener("message", (event) => event.waitUntil(keep(event.data)));

async function keep(addresses) {
  const folder = `${scope}${FOLDER}/`;
  const each = addresses.flatMap((one) => (one === folder ? FILES.map((file) => one + file) : one));
  for (const address of each.filter((one) => one.startsWith(scope))) {
    const { answer, kept } = await find(new Request(address));
    await (kept ?? answer.body?.cancel());
  }
}

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(scope)) return;
  const found = find(request);
  event.respondWith(found.then(({ answer }) => answer));
  event.waitUntil(found.then(({ kept }) => kept, () => {}));
});

/** The answer to a request, and the end of keeping it. */
async function find(request) {
  const cache = await caches.open(CACHE);
  const address = request.url.replace(/[?#].*/, "");
  const known = await cache.match(address);
  if (known && lasts(address)) return { answer: known };
  try {
    const answer = await fetch(request);
    if (answer.status !== 200 || answer.redirected) return { answer };
    const full = () => {}; // then it is not kept
    return { answer, kept: cache.put(address, answer.clone()).catch(full) };
  } catch (error) {
    if (known) return { answer: known };
    if (request.mode !== "navigate") throw error;
    const headers = { "Content-Type": "text/html" };
    return { answer: new Response(AWAY, { status: 503, headers }) };
  }
}
