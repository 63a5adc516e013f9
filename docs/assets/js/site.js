// What Material leaves to us. All of it also works after moving on without a reload.

function reach(target) {
  if (target.scrollWidth <= target.clientWidth) target.removeAttribute("tabindex");
  else if (target.getAttribute("tabindex") !== "0") target.tabIndex = 0;
}

const scrolling = new ResizeObserver((entries) => entries.forEach(({ target }) => reach(target)));
// the theme takes it away again from a block that is in view at first
const taken = new MutationObserver((changes) => changes.forEach(({ target }) => reach(target)));

document$.subscribe(() => {
  // the install line, with the address that this page is served from
  for (const code of document.querySelectorAll("[data-wheel]")) {
    code.textContent = `python -m pip install "neuralblog[plotting] @ ${new URL(code.dataset.wheel, location)}"`;
  }
  // whatever scrolls sideways can be reached by keyboard
  scrolling.disconnect();
  taken.disconnect();
  for (const box of document.querySelectorAll("pre > code, .nb-formula, .nb-table")) {
    scrolling.observe(box);
    taken.observe(box, { attributeFilter: ["tabindex"] });
  }
});

// the library's page: type a part of a name, and only what has it is left
document$.subscribe(() => {
  const modules = [...document.querySelectorAll(".doc-module")];
  if (!modules.length || document.querySelector(".nb-filter")) return;
  const field = Object.assign(document.createElement("input"), { type: "search" });
  const label = Object.assign(document.createElement("label"), { className: "nb-filter" });
  label.append("Find a name: ", field);
  modules[0].before(label);
  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLowerCase();
    const named = (part) => [...part.querySelectorAll("[id]")].some(({ id }) => id.toLowerCase().includes(wanted));
    for (const module of modules) {
      const fold = module.querySelector(".nb-module");
      module.hidden = !named(module);
      fold.open = Boolean(wanted);
      for (const part of fold.querySelectorAll(":scope > .doc-children > .doc-object")) part.hidden = !named(part);
    }
  });
});

// below a copied snippet: how to install what it imports
document.addEventListener("click", ({ target }) => {
  const block = target.closest("[data-clipboard-target], [data-md-type=copy]")?.closest(".highlight");
  const install = document.querySelector("[data-wheel]")?.textContent;
  if (!install || !block?.textContent.includes("neuralblog")) return;
  document.querySelector(".nb-hint")?.remove();
  const line = document.createElement("p"), code = document.createElement("code");
  line.className = "nb-hint";
  line.setAttribute("role", "status");
  code.textContent = install;
  line.append("To run it: ", code);
  block.append(line);
});

// the labels that open the menu and the search are buttons, for the keyboard too
for (const kind of ["click", "keydown"]) {
  document.addEventListener(kind, (event) => {
    const label = event.target.closest("[role=button]")?.closest("label");
    if (!label || !["Enter", " ", undefined].includes(event.key)) return;
    event.preventDefault();
    document.getElementById(label.htmlFor).click();
  });
}

// copy buttons and the tags of search results are no landmarks; a footnote has a name
new MutationObserver(() => {
  for (const nav of document.querySelectorAll("nav:is(.md-code__nav, .md-tags):not([role])")) {
    nav.setAttribute("role", "none");
  }
  for (const note of document.querySelectorAll(".md-tooltip2:not([aria-label])")) {
    note.ariaLabel = "Footnote";
  }
}).observe(document.body, { childList: true, subtree: true });

// what comes near is laid out late, and moves the number of a footnote that is open: the theme
// looks again where it is when the window has another size
new ResizeObserver(() => {
  if (document.querySelector(".md-tooltip2")) dispatchEvent(new Event("resize"));
}).observe(document.body);

// what a word means is shown within the window
function fit(word) {
  const wide = parseFloat(getComputedStyle(word, "::after").width) || 0;
  const padded = wide + 2 * parseFloat(getComputedStyle(document.documentElement).fontSize);
  const over = word.getClientRects()[0].left + padded - document.documentElement.clientWidth;
  word.style.setProperty("--nb-shift", `${-Math.max(0, over)}px`);
}
for (const kind of ["pointerover", "focusin"]) {
  document.addEventListener(kind, ({ target }) => {
    const word = target.closest?.("a[data-define]");
    if (word) fit(word);
  });
}

// where nothing hovers, the first tap on a word shows what it means, and the second goes there
addEventListener("click", (event) => {
  const word = event.target.closest?.("a[data-define]");
  const shown = document.querySelector(".nb-shown");
  shown?.classList.remove("nb-shown");
  if (!word || word === shown || !event.detail || !matchMedia("(hover: none)").matches) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  word.classList.add("nb-shown");
  fit(word);
}, true);
