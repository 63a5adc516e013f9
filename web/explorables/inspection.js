// The brush: a picture with a cover, the heat of all covers, and the ten answers.
import { Heat, Plot, element, legend } from "../kit.js";

const MOST = 100; // points that a cover can cost: one scale, so that two maps can be compared
const DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

export default function build({ stage, limits, set, slider, choice }) {
  stage.classList.add("nb-brush");
  const figure = (name, ...parts) => {
    const made = element("figure", {}, element("figcaption", { textContent: name }), ...parts);
    stage.append(made);
  };
  const pick = (at) => set({ at });
  const picture = new Heat({ label: "The picture: where the cover lies", range: [0, 1], pick, digits: 1 });
  const heat = new Heat({ label: "The heat of all covers: where the cover lies", range: MOST, pick, digits: 0 });
  figure("drag the cover", picture.root);
  const scale = element("p", { className: "nb-scale" }, legend(MOST, 0), " points; blue: it helps");
  figure("what covers cost", heat.root);

  const plot = new Plot({ label: "The ten answers", x: [-0.5, 9.5], y: [0, 100], width: 280, height: 150, margin: [8, 4, 22, 34] });
  plot.axes({ yticks: [0, 50, 100] });
  DIGITS.forEach((digit) => plot.text(`${digit}`, digit, 0, { dy: "1.2em", "text-anchor": "middle" }));
  const others = plot.area("nb-area nb-activation");
  const own = plot.area("nb-area nb-weight nb-own");
  figure("in %; orange: uncovered", plot.root, scale);

  stage.append(
    element(
      "div",
      { className: "nb-training" },
      choice("picture", "picture", Object.fromEntries(limits.picture.map((name) => [name, name]))),
      choice("brush", "brush", { paper: "paper", ink: "ink" }),
      slider("reach", "pixels to each side"),
    ),
  );

  return ({ at }, facts) => {
    const [top, left, high, long] = facts.cover;
    const inside = (row, column) => row >= top && row < top + high && column >= left && column < left + long;
    const covered = facts.image.map((values, row) => values.map((value, column) => (inside(row, column) ? facts.ink : value)));
    picture.show(covered, { frame: facts.cover, at });
    heat.show(facts.heat, { frame: facts.cover, at });
    const bar = (digit) => [[-0.4, 0], [-0.4, facts.p[digit]], [0.4, facts.p[digit]], [0.4, 0]].map(([x, y]) => [digit + x, y]);
    others(DIGITS.filter((digit) => digit !== facts.label).map(bar));
    own([bar(facts.label)]);
  };
}
