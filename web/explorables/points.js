// Your own points: what a small network makes of the plane, while it is trained.
import { Heat, Plot, button, cells, choice, element, scrub, select } from "../kit.js";

const TAPS = { 1: "yes", 0: "no", away: "removes" };

export default function build({ stage, limits, state, set, call, slider, choice: chosen }) {
  const [low, high, step] = limits.points;
  const [, last, frame] = limits.step;
  const most = 24; // as in points.py
  /** Other points are learned from the start. They are those of now, ahead of every answer. */
  const anew = (wanted) => {
    set({ points: wanted, step: 0 });
    place(state().points);
  };

  // ---- The plane: colors from the network, and points to be put, dragged and taken away.
  const ground = new Heat({ label: "What the network says of the plane", range: 30 }); // pale, so that points are seen
  const plane = new Plot({ label: "The plane", x: [low, high], y: [low, high], margin: [0, 0, 0, 0] });
  const creases = plane.curve("nb-activation");
  let [tap, kinds, points] = ["1", "", []];
  const put = (x, y) => {
    const all = state().points;
    if (tap !== "away" && all.length < most) anew([...all, [x, y, Number(tap)]]);
  };
  const take = (i) => anew(state().points.filter((_, j) => j !== i));
  const move = (i) => ([x, y]) => anew(state().points.map((old, j) => (i === j ? [x, y, old[2]] : old)));
  plane.root.addEventListener("click", (event) => {
    const i = points.findIndex(({ root }) => root.contains(event.target));
    if (i < 0) put(...plane.place(event));
    else if (tap === "away") take(i);
  });
  plane.root.addEventListener("keydown", (event) => {
    if (!["Delete", "Backspace"].includes(event.key)) return;
    const i = points.findIndex(({ root }) => root === event.target);
    if (i < 0) return;
    event.preventDefault();
    take(i);
    points[Math.max(0, i - 1)]?.root.focus();
  });
  const place = (all) => {
    const now = all.map(([, , yes]) => yes).join();
    if (now !== kinds) {
      kinds = now;
      for (const { root } of points) root.remove();
      points = all.map(([, , yes], i) =>
        plane.point({ label: `Point ${i + 1}, a ${yes ? "yes" : "no"}`, className: `nb-big ${yes ? "nb-weight" : "nb-input"}`, square: Boolean(yes), step, move: move(i) }),
      );
    }
    all.forEach(([x, y], i) => points[i](x, y));
  };

  // ---- How it came there, and what there is to choose.
  const course = new Plot({ label: "The loss, step by step", x: [0, last], y: [0, 1], width: 220, height: 130, margin: [8, 8, 22, 26] });
  const guess = course.curve("nb-thin nb-dashed");
  const losses = course.curve("nb-activation nb-arrow");
  const now = course.mark("nb-activation nb-big");
  const player = scrub({ label: "step", pace: 60, go: (at) => set({ step: frame * at }), text: (at) => String(frame * at) });
  player.load(last / frame + 1);
  const taps = choice({ label: "a tap:", options: TAPS, set: (value) => (tap = value) });
  taps.show(tap);
  const add = button("Add 1", () => put((low + high) / 2, (low + high) / 2), { title: "in the middle" });
  const row = element("div", { className: "nb-training" }, taps, add);
  call("kinds", {}).then((made) => {
    for (const [name, all] of Object.entries({ ...made, clear: [] })) row.append(button(name, () => anew(all)));
  });
  const figure = (words, ...parts) => element("figure", {}, element("figcaption", { textContent: words }), ...parts);
  stage.classList.add("nb-own-points");
  stage.append(
    figure("tap to put ■ yes or ● no; drag them", element("div", { className: "nb-ground" }, ground.face, plane.root)),
    figure("loss; dashed: always saying 0.5", course.root),
    row,
    player,
    element("div", { className: "nb-sliders" }, slider("units", "units"), slider("seed", "seed"), slider("rate", "rate"), chosen("layers", "layers", { one: "one", two: "two" }), chosen("activation", "unit", Object.fromEntries(limits.activation.map((name) => [name, name])))),
  );

  return (_, facts) => {
    ground.show(cells(facts.plane));
    creases(facts.creases);
    place(state().points);
    course.y = [0, facts.top];
    course.axes({ xticks: [0, last], yticks: [0, facts.top] });
    guess([[[0, facts.half], [last, facts.half]]]);
    losses([facts.losses]);
    const [at, loss] = facts.losses.at(-1);
    now(at, loss);
    player.show(state().step / frame); // ahead of what is shown while Python is starting
  };
}
