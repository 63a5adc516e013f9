// What the reader has solved. It is kept in this browser and nowhere else; the path marks it.
const KEY = "neuralblog solved"; // {address of a page: [what was solved there]}

/** Keep that something on this page is solved; its text tells it from the others. */
export function solve(text) {
  const all = kept();
  const here = new Set(all[location.pathname]).add(hash(text));
  keep({ ...all, [location.pathname]: [...here] });
}

/** Whether it was solved before. */
export function solved(text) {
  return Boolean(kept()[location.pathname]?.includes(hash(text)));
}

/** Called for every page that is shown: marks the path. */
export function attach() {
  for (const path of document.querySelectorAll(".nb-path:not([data-live])")) {
    path.dataset.live = "";
    const bar = make("p", { className: "nb-bar nb-progress" });
    const said = make("span", {});
    said.setAttribute("role", "status");
    const exports = button("Export", download);
    const forgets = button("Forget", () => {
      keep(null);
      mark();
    });
    bar.append(said, exports, forgets);
    path.after(bar);
    const mark = () => {
      const all = kept();
      let sum = 0;
      for (const link of path.querySelectorAll("a")) {
        const also = new URL(link.dataset.also ?? link.href, location.href).pathname;
        const count = [...new Set([link.pathname, also])].flatMap((path) => all[path] ?? []).length;
        sum += count;
        link.parentElement.querySelector(".nb-done")?.remove();
        if (count) link.after(make("span", { className: "nb-done", textContent: `✓ ${count} solved` }));
      }
      exports.hidden = forgets.hidden = !sum;
      said.textContent = sum
        ? `You have solved ${sum}. This is kept in your browser alone.`
        : "Exercises and questions that you solve are marked here, in your browser alone.";
    };
    mark();
  }
}

function download() {
  const blob = new Blob([JSON.stringify(kept(), null, 2)], { type: "application/json" });
  const href = URL.createObjectURL(blob);
  make("a", { href, download: "neuralblog-solved.json" }).click();
  setTimeout(() => URL.revokeObjectURL(href), 1000);
}

// A browser may refuse; then it lasts not at all.
function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

function keep(all) {
  try {
    if (all) localStorage.setItem(KEY, JSON.stringify(all));
    else localStorage.removeItem(KEY);
  } catch {
    // nothing is lost but the marks
  }
}

function hash(text) {
  let made = 5381;
  for (const sign of text.replace(/\s+/g, " ")) made = (made * 33 + sign.codePointAt()) >>> 0;
  return made.toString(36);
}

function button(label, act) {
  const made = make("button", { type: "button", textContent: label });
  made.addEventListener("click", act);
  return made;
}

function make(name, properties) {
  return Object.assign(document.createElement(name), properties);
}
