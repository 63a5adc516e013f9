// What Material leaves to us. All of it also works after moving on without a reload.

const scrolling = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});

document$.subscribe(() => {
  // the install line, with the address that this page is served from
  for (const code of document.querySelectorAll("[data-wheel]")) {
    code.textContent = `python -m pip install "neuralblog[plotting] @ ${new URL(code.dataset.wheel, location)}"`;
  }
  // whatever scrolls sideways can be reached by keyboard
  scrolling.disconnect();
  for (const box of document.querySelectorAll("pre > code, .nb-formula, .nb-table")) {
    scrolling.observe(box);
  }
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
