// The scores: three bars to push; softmax, and how two losses pull at each of them.
import { Plot, button, element, tie, told } from "../kit.js";

const CLASSES = ["cat", "dog", "owl"];
const PRESETS = { "as above": [2, 1, 0.1], "no idea": [0, 0, 0], "sure of the dog": [-5, 5, 0] };

export default function build({ stage, limits, state, set, choice, call }) {
  /** Three bars below a title and a note: `show(values, words)`. */
  const chart = (title, note, label, y, kind, ...below) => {
    const value = element("b", {});
    const plot = new Plot({ label, x: [0, 3], y, width: 170, height: 160, margin: [16, 2, 26, 2] });
    plot.curve("nb-axis")([[[0, 0], [3, 0]]]);
    const names = CLASSES.map((name, i) => plot.text(name, i + 0.5, y[0], { dy: "1.2em", "text-anchor": "middle" }));
    const bars = CLASSES.map((name) => {
      const bar = plot.area(`nb-area ${kind}`);
      const top = plot.curve(kind);
      for (const path of [...plot.inner.children].slice(-2)) tie(path, name);
      const words = plot.label("", { "text-anchor": "middle" });
      return { bar, top, words };
    });
    names.forEach((name, i) => tie(name, CLASSES[i]));
    const figure = element("figure", {}, element("figcaption", {}, element("b", { textContent: title }), element("span", {}, note, value)), plot.root, ...below);
    stage.append(figure);
    const show = (values, words) =>
      values.forEach((v, i) => {
        const corners = [[i + 0.15, 0], [i + 0.15, v], [i + 0.85, v], [i + 0.85, 0]];
        bars[i].bar([corners]);
        bars[i].top([corners.slice(1, 3)]);
        const off = (kind === "nb-input" ? 0.11 : 0.05) * (y[1] - y[0]);
        bars[i].words(i + 0.5, v < 0 ? v - off - 0.07 * (y[1] - y[0]) : v + off, words(v, i));
      });
    return { plot, show, value };
  };
  // ---- Steps: how often one went down by each loss, and how far it went the last time.
  let [taken, before, after] = [{}, [], ""];
  const tallies = {};
  const step = (loss, words) => {
    tallies[loss] = element("p", { className: "nb-tally" });
    tallies[loss].setAttribute("role", "status"); // a small step is told by nothing else
    return [
      button(words, async () => {
        let from;
        const made = await call("stepped", () => ({ ...(from = state()), loss }));
        if (!made) return;
        const count = { ...taken, [loss]: (taken[loss] ?? 0) + 1 };
        set(made.state, false);
        [taken, before, after] = [count, from.scores, JSON.stringify(state())];
        trace();
        tallies[loss].replaceChildren(element("span", { className: "nb-flash", textContent: `${count[loss]}: ${made.up}` }));
      }),
      tallies[loss],
    ];
  };
  const trace = () => was(before.map((z, i) => [[i + 0.15, z], [i + 0.85, z]]));

  stage.classList.add("nb-scores");
  const presets = Object.entries(PRESETS).map(([name, scores]) => button(name, () => set({ scores })));
  const truth = choice("truth", "the truth is", Object.fromEntries(CLASSES.map((name) => [name, name])));
  stage.append(element("div", { className: "nb-training" }, truth, ...presets));
  const scores = chart("scores z", "drag them", "The scores, to be dragged", [-9.5, 8.5], "nb-input");
  const softmax = chart("softmax p", "dashed: y", "What softmax makes of them", [0, 1.1], "nb-activation");
  const slopes = [-1.5, 1.3];
  const log = chart("log: p − y", "loss ", "The slopes of the log along the scores", slopes, "nb-gradient", ...step("log", "Step by log"));
  const square = chart("square: slopes", "loss ", "The slopes of the squared error along the scores", slopes, "nb-gradient", ...step("square", "Step by square"));

  const was = scores.plot.curve("nb-muted nb-dashed"); // the scores before the last step
  const right = softmax.plot.curve("nb-muted nb-dashed", true);
  const push = (i, value) => set({ scores: state().scores.map((old, j) => (i === j ? value : old)) });
  const points = CLASSES.map((name, i) => {
    const point = scores.plot.point({
      label: `Score of the ${name}`,
      className: "nb-input nb-big",
      step: limits.scores[2],
      move: ([, value]) => push(i, value),
      text: () => told(state().scores[i]),
    });
    point.root.addEventListener("keydown", ({ key }) => {
      const way = { ArrowRight: 1, ArrowLeft: -1 }[key];
      if (way) push(i, state().scores[i] + way * limits.scores[2]);
    });
    tie(point.root, name);
    return point;
  });

  return ({ scores: z }, facts) => {
    if (JSON.stringify(state()) !== after) {
      [taken, before] = [{}, []];
      Object.values(tallies).forEach((tally) => tally.replaceChildren());
      trace();
    }
    scores.show(z, (value) => told(value));
    points.forEach((point, i) => point(i + 0.5, z[i]));
    softmax.show(facts.p, (value, i) => facts.shares[i]);
    right(facts.y.map((y, i) => [[i, 0], [i, y], [i + 1, y], [i + 1, 0]]));
    [log, square].forEach((loss, i) => {
      loss.value.textContent = facts.losses[i];
      loss.show(facts.slopes[i], (value) => told(value, 3));
    });
  };
}
