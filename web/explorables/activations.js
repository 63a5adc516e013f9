// The message: one z on six curves, and beside each what ten layers leave of a message.
import { Plot, element, tie } from "../kit.js";

const NAMES = ["step", "sigmoid", "tanh", "ReLU", "leaky ReLU", "GELU"];
const LAYERS = 10;
const TOP = 1.25; // where a bar ends that would be higher

export default function build({ stage, limits, state, set, slider }) {
  const step = limits.z[2];
  const rows = NAMES.map((name) => {
    const size = { width: 150, height: 52, margin: [3, 3, 3, 3] };
    const curve = new Plot({ label: `${name} and its tangent`, x: limits.z, y: [-1.3, 3], ...size });
    const bars = new Plot({ label: `The message with ${name}`, x: [-0.1, LAYERS + 1.1], y: [0, TOP], ...size });
    for (const zero of [[[-4, 0], [4, 0]], [[0, -1.3], [0, 3]]]) curve.curve("nb-thin")([zero]);
    bars.axes({});
    bars.curve("nb-thin nb-dashed")([[[0, 1], [LAYERS + 1.1, 1]]]);
    const line = curve.curve("nb-activation nb-arrow");
    const tangent = curve.curve("nb-gradient nb-arrow");
    const full = bars.area("nb-bar-of nb-gradient");
    const over = bars.area("nb-bar-of nb-wrong");
    const point = curve.point({
      label: `z, on ${name}`,
      className: "nb-input",
      step,
      move: ([z]) => set({ z }),
      text: () => `z is ${state().z.toFixed(1)}, the slope of ${name} ${words.textContent}`,
    });
    const words = element("span", {});
    const left = element("b", {});
    const caption = element("figcaption", {}, element("b", { textContent: name }), " slope ", words);
    const row = element("figure", {}, caption, element("span", { className: "nb-left" }, "kept ", left), curve.root, bars.root);
    tie(row, name);
    return { row, line, tangent, full, over, point, words, left };
  });
  stage.classList.add("nb-message");
  stage.append(
    ...rows.map(({ row }) => row),
    element("div", { className: "nb-sliders" }, slider("z", "z of every neuron"), slider("w", "weight w")),
  );
  const box = (height, k) => [[k, 0], [k, height], [k + 0.8, height], [k + 0.8, 0]];

  return ({ z }, facts) => {
    rows.forEach(({ row, line, tangent, full, over, point, words, left }, i) => {
      line([facts.curves[i]]);
      tangent([facts.tangents[i]]);
      point(z, facts.a[i]);
      words.textContent = facts.slopes[i];
      left.textContent = facts.left[i];
      const boxes = facts.sizes[i].map((size, k) => [size, box(Math.min(size, TOP), k)]);
      full(boxes.filter(([size]) => size <= TOP).map(([, corners]) => corners));
      over(boxes.filter(([size]) => size > TOP).map(([, corners]) => corners));
      row.dataset.fate = facts.fates[i];
    });
  };
}
