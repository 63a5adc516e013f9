// A paper to draw on, by pointer, finger and keys. Its strokes are a text that an address
// can hold: points of three signs each, a dot between two strokes.
import { drawn, element, set } from "./element.js";
import { ARROWS, FAR } from "./hand.js";

const SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"; // as in common.py
const SIDE = 280; // of the paper, as in cnn.py
const APART = 6; // between two points of a stroke
const STEP = 8; // that an arrow key moves the pen
const FULL = 3000; // signs that an address takes well
const MIDDLE = [SIDE / 2, SIDE / 2];
const within = (x) => Math.max(0, Math.min(SIDE - 1, Math.round(x)));
const far = ([x, y], [u, v]) => Math.hypot(x - u, y - v);

/** A point as three signs, and a stroke's points. */
const coded = ([x, y]) => [12, 6, 0].map((bits) => SIGNS[((y * SIDE + x) >> bits) & 63]).join("");
const points = (stroke) =>
  (stroke.match(/.{3}/g) ?? []).map((signs) => {
    const n = Array.from(signs).reduce((sum, sign) => 64 * sum + SIGNS.indexOf(sign), 0);
    return [n % SIDE, Math.floor(n / SIDE)];
  });

/** `get()` gives the strokes of now, `put(strokes)` takes others, `hold(on)` hears when a
 * stroke begins and ends, and `say(text)` that the paper is full. Give back the element,
 * with `show(strokes)`. */
export function paper({ label, get, put, hold, say }) {
  let [pen, down, hand, last] = [MIDDLE, true, null, ""]; // where, whether, whose; what it drew
  const [ink, tip] = [drawn("path"), drawn("circle", { r: 9 })];
  const where = element("span", { className: "nb-where" });
  const root = element("div", { className: "nb-hand nb-paper", tabIndex: 0 }, drawn("svg", { viewBox: `0 0 ${SIDE} ${SIDE}`, "aria-hidden": true }, ink, tip), where);
  set(root, { role: "application", "aria-label": `${label}. Draw with the mouse or a finger; or move the pen with the arrow keys, and lift it or set it down with Space.` });
  set(where, { role: "status" });

  root.show = (strokes) => {
    const lines = strokes.split(".").map(points).filter((line) => line.length);
    if (strokes !== last) pen = lines.at(-1)?.at(-1) ?? MIDDLE; // it did not draw them itself
    last = strokes;
    set(ink, { d: lines.map((line) => `M${line.join("L")}h.01`).join("") });
    set(tip, { cx: pen[0], cy: pen[1], class: down ? "nb-down" : null });
  };
  const add = (places, begins) => {
    const all = get() + (begins && get() ? "." : "") + places.map(coded).join("");
    if (all.length > FULL) return say("No more ink fits an address: take some back.");
    [last, pen] = [all, places.at(-1)];
    put(all);
  };
  const place = ({ clientX, clientY }) => {
    const { left, top, width, height } = root.getBoundingClientRect();
    return [within((SIDE * (clientX - left)) / width), within((SIDE * (clientY - top)) / height)];
  };
  root.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
  root.addEventListener("pointerdown", (event) => {
    if (event.button || hand !== null) return; // of two fingers the first draws
    event.preventDefault();
    root.setPointerCapture((hand = event.pointerId));
    root.focus({ preventScroll: true });
    root.classList.add("nb-by-hand"); // no need to see where the pen is
    hold(true);
    add([place(event)], true);
  });
  root.addEventListener("pointermove", (event) => {
    if (event.pointerId !== hand) return;
    const passed = event.getCoalescedEvents?.() ?? []; // some browsers tell none
    const places = (passed.length ? passed : [event]).map(place);
    const apart = places.filter((to) => far(to, pen) >= APART && (pen = to));
    if (apart.length) add(apart);
  });
  const leave = ({ pointerId }) => {
    if (pointerId !== hand) return;
    hand = null;
    hold(false);
  };
  for (const end of ["pointerup", "pointercancel"]) root.addEventListener(end, leave);
  root.addEventListener("keydown", (event) => {
    const way = ARROWS[event.key];
    if ((!way && event.key !== " ") || hand !== null || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    root.classList.remove("nb-by-hand");
    const [from, end] = [pen, points(get()).at(-1)];
    const step = STEP * (event.shiftKey ? FAR : 1);
    if (way) pen = [within(pen[0] + way[0] * step), within(pen[1] - way[1] * step)]; // y grows downward here
    else down = !down;
    if (!down) root.show(last);
    else if (!way) add([pen], true);
    else if (end && !far(end, from)) add([pen]);
    else add([from, pen], true);
    const [x, y] = pen.map((at) => Math.round((100 * at) / SIDE));
    where.textContent = `The pen is ${down ? "down" : "up"}, ${x} % from the left, ${y} % from the top.`;
  });
  return root;
}
