// On every page, since one moves between pages without a reload: fetches what makes a
// snippet or an explorable live as soon as there is one.
const KINDS = {
  "./cells.js": ".nb-snippet",
  "./kernel-lab.js": "nb-kernel-lab",
  "./draw-digit.js": "nb-draw-digit",
};

async function attach() {
  for (const [module, selector] of Object.entries(KINDS)) {
    if (document.querySelector(selector)) (await import(module)).attach?.();
  }
}

if (window.document$) window.document$.subscribe(attach);
else attach();
