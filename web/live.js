// On every page, since one moves between pages without a reload: fetches what makes a
// snippet or an explorable live as soon as one is near.
const KINDS = {
  "./cells.js": ".nb-snippet",
  "./kernel-lab.js": "nb-kernel-lab",
  "./draw-digit.js": "nb-draw-digit",
};

const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) load(target);
  },
  { rootMargin: "50%" },
);

async function load(part) {
  near.unobserve(part);
  const [module] = Object.entries(KINDS).find(([, selector]) => part.matches(selector));
  (await import(module)).attach?.();
}

function attach() {
  near.disconnect();
  for (const part of document.querySelectorAll(Object.values(KINDS))) near.observe(part);
}

if (window.document$) window.document$.subscribe(attach);
else attach();
