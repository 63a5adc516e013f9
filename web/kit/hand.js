// What can be taken by the hand: by pointer, finger and arrow keys alike.
import { set } from "./element.js";

export const ARROWS = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
export const FAR = 5; // steps with Shift

/** Make an element movable.
 *
 * `label` says what it is, `place(event)` where the pointer is, in the units of `get()`,
 * which says where the thing is; `move(place)` moves it; `step` (or `step()`) is what an
 * arrow key adds, and `text()` what a screen reader hears. Give back a function to call when it has moved. */
export function grab(target, { label, place, get, move, step, text, jump = false }) {
  set(target, { role: "slider", tabindex: 0, "aria-label": label, "aria-roledescription": "handle" });
  target.classList.add("nb-hand");
  // for SVG without an area, such as our marks, `touch-action` does not reach the finger
  target.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
  let off = null; // from where it was taken to where it is
  let asked = {}; // where the last key moved it, and the state that followed
  target.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    target.setPointerCapture(event.pointerId);
    target.focus({ preventScroll: true });
    const at = place(event);
    off = get().map((value, i) => (jump ? 0 : value - at[i]));
    if (jump) move(at);
  });
  target.addEventListener("pointermove", (event) => {
    if (off && target.hasPointerCapture(event.pointerId))
      move(place(event).map((value, i) => value + off[i]));
  });
  for (const end of ["pointerup", "pointercancel"]) target.addEventListener(end, () => (off = null));
  target.addEventListener("keydown", (event) => {
    const way = ARROWS[event.key];
    if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const far = event.shiftKey ? FAR : 1;
    const size = typeof step === "function" ? step() : step;
    const own = target.closest("nb-explorable") ?? {};
    const behind = own.state === asked.state && own.shown?.[0] !== own.state; // what is shown
    const at = (behind ? asked.at : get()).map((value, i) => value + way[i] * far * size);
    move(at);
    asked = { at, state: own.state };
  });
  return () => set(target, { "aria-valuenow": get()[0], "aria-valuetext": text() });
}
