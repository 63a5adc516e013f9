// The shift: eight numbers that slide below windows of two, and four answers to them.
import { Heat, Plot, button, cells, element, tie, told } from "../kit.js";

const TITLES = ["max", "mean", "max, blur, skip", "edge (−1, 1), stride 2"];
const SIGNALS = {
  pairs: [0, 0, 1, 1, 0, 0, 1, 1],
  "one pixel": [0, 0, 1, 0, 0, 0, 0, 0],
  hill: [0, 0.2, 0.6, 1, 1, 0.6, 0.2, 0],
};
const EIGHT = [0, 1, 2, 3, 4, 5, 6, 7];

/** Rectangles as corners: `wide` each, from the baseline to their values. */
const bars = (values, wide) =>
  values.map((value, i) => [[i * wide + 0.1, 0], [i * wide + 0.1, value], [(i + 1) * wide - 0.1, value], [(i + 1) * wide - 0.1, 0]]);
const tops = (values, wide) => bars(values, wide).map((corners) => corners.slice(1, 3));

export default function build({ stage, limits, state, set, slider, choice }) {
  const [numbers, boat] = [element("div"), element("div", { className: "nb-boat" })];
  const row = (title, plot, className) => {
    const words = element("figcaption", {}, element("b", { textContent: title }));
    const figure = element("figure", { className }, words);
    figure.append(plot.root);
    numbers.append(figure);
    return words;
  };
  const size = { x: [0, 8], width: 440, margin: [2, 4, 2, 4] };

  // ---- The eight numbers: their tops can be dragged.
  const sheet = new Plot({ ...size, label: "The eight numbers", y: [-0.05, 1.2], height: 110 });
  const windows = sheet.curve("nb-thin nb-dashed");
  windows([0, 2, 4, 6, 8].map((x) => [[x, -0.05], [x, 1.2]]));
  const filled = sheet.area("nb-area nb-input");
  const lines = sheet.curve("nb-input");
  const place = (i) => (i + state().shift) % 8; // in the signal, of what stands at i
  const points = EIGHT.map((i) =>
    sheet.point({
      label: `Number ${i + 1}`,
      className: "nb-input",
      step: limits.signal[2],
      move: ([, value]) => set({ signal: state().signal.map((old, j) => (j === place(i) ? value : old)) }),
      text: () => told(state().signal[place(i)], 1),
    }),
  );
  points.forEach((point, i) => tie(point.root, `window${i >> 1}`));
  const presets = Object.entries(SIGNALS).map(([name, signal]) => button(name, () => set({ signal })));
  stage.classList.add("nb-shift");
  const ready = element("span", { className: "nb-training" }, ...presets);
  stage.append(element("div", { className: "nb-training" }, choice("view", "slide", { numbers: "eight numbers", boat: "a boat" }), slider("shift", "shift to the left by"), ready), numbers, boat);
  row("eight numbers", sheet, "").append(element("span", { textContent: "dashed: where it is due" }));

  // ---- The four answers, each number below its window.
  const rows = TITLES.map((title, which) => {
    const low = which === 3 ? -1.3 : -0.05;
    const plot = new Plot({ ...size, label: title, y: [low, 1.35], height: which === 3 ? 84 : 66 });
    plot.curve("nb-axis")([[[0, 0], [8, 0]]]);
    const made = { body: plot.area("nb-area nb-activation"), top: plot.curve("nb-activation"), due: plot.curve("nb-ink nb-dashed") };
    made.numbers = [0, 1, 2, 3].map((i) => {
      const label = plot.label("", { "text-anchor": "middle" });
      tie(plot.above.firstChild, `window${i}`);
      return label;
    });
    made.verdict = element("span");
    row(title, plot, "").append(made.verdict);
    return made;
  });

  // ---- The boat: its edges, and the maps that three pools make of them.
  const pictures = ["upright edges", "max", "mean", "blur"].map((title) => {
    const heat = new Heat({ label: title, range: [0, 17] });
    const words = element("span");
    boat.append(element("figure", {}, element("figcaption", {}, element("b", { textContent: title }), words), heat.root));
    return { heat, words };
  });
  const showBoat = (shift, { edges, maps, parts }) => {
    const slid = cells(edges).map((line) => [...line.slice(shift), ...line.slice(0, shift)]);
    pictures.forEach(({ heat, words }, i) => {
      heat.show(i ? cells(maps[i - 1]) : slid);
      words.textContent = i && shift ? `off by ${parts[i - 1]} %` : "";
    });
  };

  return ({ view, shift }, facts) => {
    numbers.hidden = ready.hidden = view === "boat";
    boat.hidden = view !== "boat";
    if (!boat.hidden) return showBoat(shift, facts);
    filled(bars(facts.x, 1));
    lines(tops(facts.x, 1));
    points.forEach((point, i) => point(i + 0.5, facts.x[i]));
    rows.forEach(({ body, top, due, numbers, verdict }, which) => {
      const y = facts.answers[which];
      body(bars(y, 2));
      top(tops(y, 2));
      due(tops(facts.due[which], 2));
      numbers.forEach((label, i) => label(2 * i + 1, Math.max(0, y[i], facts.due[which][i]) + (which === 3 ? 0.2 : 0.08), told(y[i])));
      const glides = facts.glides[which];
      verdict.className = glides ? "nb-right" : "nb-wrong";
      verdict.textContent = shift ? (glides ? "glides ✓" : `off by ${facts.off[which]}`) : "";
    });
  };
}
