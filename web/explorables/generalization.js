// Coin flips: a share of the labels is thrown by a die; training and new digits part.
import { Plot, element, scrub, tie } from "../kit.js";

const NAMES = ["true labels", "false labels", "new digits"];
const CLASSES = ["nb-activation", "nb-wrong", "nb-weight"];
const LINES = ["nb-arrow", "nb-arrow", "nb-arrow nb-dashed"];

export default function build({ stage, limits, state, set, slider, control }) {
  const room = [10, 12, 38, 34];
  const size = { y: [0, 120], height: 200, margin: room };
  const course = new Plot({ ...size, label: "What is learned, epoch by epoch", x: [1, 24], width: 400 });
  const ends = new Plot({ ...size, label: "What training and new digits show in the end, at each share", x: [0, 100], width: 300 });
  course.axes({ x: "epoch", y: "% right", xticks: [1, 6, 12, 18, 24], yticks: [0, 50, 100] });
  ends.axes({ x: "labels thrown (%)", y: "% right", xticks: [0, 50, 100], yticks: [0, 50, 100] });
  ends.curve("nb-thin nb-dashed")([[[0, 10], [100, 10]]]);
  ends.text("guessing", 2, 10, { dy: "-0.4em" });

  const cursor = course.curve("nb-thin");
  const curves = NAMES.map((name, i) => course.curve(`${CLASSES[i]} ${LINES[i]}`));
  const marks = NAMES.map((name, i) => {
    const to = course.mark(`${CLASSES[i]} nb-big`, i === 1);
    return { to, dot: course.above.lastChild };
  });
  const gap = ends.curve("nb-thin");
  const trails = ["nb-ink", "nb-weight nb-dashed"].map((name) => ends.curve(name));
  const tried = new Map(); // what the reader has seen: share, and how it ended
  const dots = ends.mark("nb-ink nb-big");
  const point = ends.point({
    label: "The share of labels that the die throws",
    className: "nb-weight nb-big",
    step: 100 * limits.share[2],
    move: ([x]) => set({ share: x / 100 }),
    text: () => `${Math.round(100 * state().share)} percent thrown`,
  });

  // ---- Values under the curves: each name with its number at the epoch of now.
  const values = NAMES.map((name, i) => {
    const value = element("b", { className: CLASSES[i] });
    const item = element("span", { className: CLASSES[i] }, `${i < 2 ? "—" : "- -"} ${name} `, value);
    tie(item, name);
    return value;
  });
  const figure = (plot, ...spans) => {
    const made = element("figure", {}, element("figcaption", {}, ...spans));
    made.append(plot.root);
    return made;
  };

  let facts = null;
  let epoch = 23;
  const show = (frame) => {
    epoch = frame;
    if (!facts) return;
    cursor([[[epoch + 1, 0], [epoch + 1, 102]]]);
    [facts.true, facts.false, facts.new].forEach((line, i) => {
      curves[i]([line.map((value, k) => [k + 1, value])]);
      marks[i].to(epoch + 1, line[epoch] ?? 0);
      marks[i].dot.setAttribute("visibility", line.length ? "visible" : "hidden");
      values[i].textContent = line.length ? `${line[epoch]} %` : "none";
    });
    player.show(epoch);
  };
  const player = control(scrub({ label: "epoch", go: show, text: (frame) => `${frame + 1}` }));

  stage.classList.add("nb-cell-curve", "nb-coin-flips");
  stage.append(
    figure(course, ...values.map((value) => value.parentElement)),
    figure(ends, element("span", { textContent: "in the end:" }), ...["all labels", "new digits"].map((name, i) => element("span", { className: CLASSES[2 * i], style: i ? "" : "color: var(--nb-ink)", textContent: `● ${name}` }))),
    element("div", { className: "nb-sliders" }, slider("share", "labels thrown", (share) => `${Math.round(100 * share)} %`)),
    player,
  );
  return ({ share }, told) => {
    facts = told;
    player.load(facts.new.length);
    show(epoch);
    const at = 100 * share;
    const [training, fresh] = [facts.right.at(-1), facts.new.at(-1)];
    tried.set(at, [training, fresh]);
    const seen = [...tried].sort(([a], [b]) => a - b);
    trails[0]([seen.map(([x, [y]]) => [x, y])]);
    trails[1]([seen.map(([x, [, y]]) => [x, y])]);
    gap([[[at, fresh], [at, training]]]);
    dots(at, training);
    point(at, fresh);
  };
}
