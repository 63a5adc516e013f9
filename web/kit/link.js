// What belongs together lights up together, under a pointer or the focus.

/** Say what an element belongs to: every element with one of these names lights up. */
export function tie(target, ...names) {
  target.dataset.nbTie = names.join(" ");
  return target;
}

/** Let everything that is tied in `root` light up. */
export function link(root) {
  const light = (event) => {
    const names = event.target.closest?.("[data-nb-tie]")?.dataset.nbTie.split(" ") ?? [];
    for (const other of root.querySelectorAll("[data-nb-tie]"))
      other.classList.toggle("nb-lit", other.dataset.nbTie.split(" ").some((name) => names.includes(name)));
  };
  for (const kind of ["pointerover", "focusin"]) root.addEventListener(kind, light);
  root.addEventListener("pointerleave", () => light({ target: root }));
}
