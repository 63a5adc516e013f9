// What a page does for its reader: theme, search, copy, contents. Everything else is HTML.

const root = document.documentElement;
const base = new URL("../../", import.meta.url);

// ---- light or dark ----

const themeButton = document.querySelector("#nb-theme");
const systemDark = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (root.dataset.theme || (systemDark.matches ? "dark" : "light")) === "dark";
const tellTheme = () => themeButton.setAttribute("aria-pressed", String(isDark()));
themeButton.addEventListener("click", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  try { localStorage.setItem("neuralblog-theme", root.dataset.theme); } catch { /* private mode */ }
  tellTheme();
});
systemDark.addEventListener("change", tellTheme);
tellTheme();

// ---- search: the index is fetched when the dialog is first opened ----

const dialog = document.querySelector("#nb-search");
const field = dialog.querySelector("input");
const hits = dialog.querySelector("ol");
const told = dialog.querySelector("[role=status]");
let sections;

async function openSearch() {
  dialog.showModal();
  field.select();
  sections ??= fetch(new URL("assets/search.json", base)).then((answer) => answer.json());
  await sections;
  if (field.value) search();
}

async function search() {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) { hits.replaceChildren(); told.textContent = ""; return; }
  const found = (await sections)
    .map((section) => ({ ...section, score: score(section, words) }))
    .filter((section) => section.score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, 12);
  told.textContent = found.length ? `${found.length} best places` : "Nothing found";
  hits.replaceChildren(...found.map((section) => hit(section, words)));
}

function score(section, words) {
  const heading = section.heading.toLowerCase(), text = section.text.toLowerCase();
  let sum = 0;
  for (const word of words) {
    const found = (heading.includes(word) ? 10 : 0) + Math.min(text.split(word).length - 1, 5);
    if (!found) return 0;
    sum += found;
  }
  return sum;
}

function hit(section, words) {
  const item = document.createElement("li"), link = document.createElement("a"), text = document.createElement("p");
  link.href = new URL(section.url, base);
  link.textContent = section.page === section.heading ? section.page : `${section.page}: ${section.heading}`;
  link.addEventListener("click", () => dialog.close());
  const at = Math.max(0, section.text.toLowerCase().indexOf(words[0]) - 60);
  text.textContent = (at ? "… " : "") + section.text.slice(at, at + 160) + " …";
  item.append(link, text);
  return item;
}

document.querySelector("#nb-search-open").addEventListener("click", openSearch);
field.addEventListener("input", search);
field.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return; // a search field would only empty itself
  event.preventDefault();
  dialog.close();
});
dialog.querySelector("form").addEventListener("submit", (event) => {
  if (event.submitter && document.activeElement !== field) return; // the close button
  event.preventDefault();
  hits.querySelector("a")?.focus();
});
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !dialog.open) {
    event.preventDefault();
    openSearch();
  }
});

// ---- the install line, with the address that this page is served from ----

for (const code of document.querySelectorAll("[data-wheel]")) {
  code.textContent = `python -m pip install "neuralblog[plotting] @ ${new URL(code.dataset.wheel, location)}"`;
}

// ---- copy a snippet ----

const install = document.querySelector("[data-wheel]")?.textContent;
for (const block of document.querySelectorAll(".highlight")) {
  const button = document.createElement("button");
  button.className = "nb-copy";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(block.querySelector("code").textContent);
    button.textContent = "Copied";
    if (install && block.textContent.includes("neuralblog")) hint(block);
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
  block.append(button);
}

function hint(block) {
  document.querySelector(".nb-hint")?.remove();
  const line = document.createElement("p"), code = document.createElement("code");
  line.className = "nb-hint";
  line.setAttribute("role", "status");
  code.textContent = install;
  line.append("To run it: ", code);
  block.append(line);
}

// ---- whatever scrolls sideways can be reached by keyboard ----

const watcher = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
for (const box of document.querySelectorAll("pre > code, .nb-formula, .nb-table")) watcher.observe(box);

// ---- where the reader is, in the contents ----

const entries = new Map([...document.querySelectorAll(".nb-toc a")].map((a) => [decodeURIComponent(a.hash.slice(1)), a]));
const seen = new IntersectionObserver((changes) => {
  for (const { isIntersecting, target } of changes) {
    if (!isIntersecting) continue;
    for (const [id, link] of entries) {
      if (id === target.id) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }
}, { rootMargin: "0px 0px -70% 0px" });
for (const id of entries.keys()) {
  const heading = document.getElementById(id);
  if (heading) seen.observe(heading);
}
