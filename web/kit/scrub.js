// Play, pause, step, and go anywhere in something that happened.
import { button, calm, element } from "./element.js";
import { slider } from "./slider.js";

/** `go(frame)` shows a frame. Where the reader wants less motion, Play is not there. Give
 * back the element, with `load(count)`, `show(frame)`, `play()` and `pause()`. */
export function scrub({ label, go, pace = 120, text = null }) {
  let [frame, count, timer] = [0, 0, null];
  const to = (wanted) => {
    frame = Math.max(0, Math.min(count - 1, wanted));
    go(frame);
    if (frame >= count - 1) root.pause();
  };
  const plays = button("Play", () => (timer ? root.pause() : root.play()));
  const steps = button("Step", () => {
    root.pause();
    to(frame + 1);
  });
  const place = slider({
    label,
    limits: [0, 0, 1],
    set: (wanted) => {
      root.pause();
      to(wanted);
    },
    text,
  });
  const root = element("div", { className: "nb-scrub" }, plays, steps, place);
  plays.hidden = calm();
  Object.assign(root, {
    load(frames) {
      root.pause();
      count = frames;
      const input = place.querySelector("input");
      input.max = Math.max(0, frames - 1);
      plays.disabled = steps.disabled = input.disabled = frames < 2;
    },
    show(shown) {
      frame = shown;
      place.show(shown);
    },
    play() {
      if (calm() || count < 2) return;
      if (frame >= count - 1) to(0);
      plays.textContent = "Pause";
      timer = setInterval(() => (root.isConnected && !document.hidden ? to(frame + 1) : root.pause()), pace);
    },
    pause() {
      clearInterval(timer);
      timer = null;
      plays.textContent = "Play";
    },
  });
  root.load(0);
  return root;
}
