// The matrix: touch a pixel, see its ten weights; touch a score, see its row as a picture.
import { Heat, Plot, cells, drawn, element, grab, legend, told } from "../kit.js";

const DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const ORDERS = { plain: "as they are", shuffled: "shuffled" };
const SHOWN = { weights: "weights", products: "pixels times weights" };

export default function build({ stage, state, set, slider, choice }) {
  stage.classList.add("nb-matrix");
  const figure = (words, part) => {
    const caption = element("figcaption", { textContent: words });
    const made = element("figure", {}, caption);
    made.append(part);
    return { made, caption };
  };
  const pick = (at) => set({ at });
  const image = new Heat({ label: "The image: the pixel that is touched", range: [0, 17], pick });
  const row = new Heat({ label: "The row of weights: the pixel that is touched", range: 17, pick });
  const rowed = figure("", row.root);

  // ---- Ten bars, of which one is touched: its digit's row is the picture.
  const bars = (label, kind, reach) => {
    const plot = new Plot({ label, x: [-0.6, 9.6], y: [-reach, reach], width: 250, height: 118, margin: [4, 2, 18, 40] });
    plot.axes({ yticks: [-reach, 0, reach] });
    plot.curve("nb-axis")([[[-0.6, 0], [9.6, 0]]]);
    DIGITS.forEach((digit) => plot.text(`${digit}`, digit, -reach, { dy: "1.25em", "text-anchor": "middle" }));
    const others = plot.area(`nb-area ${kind}`);
    const own = plot.area(`nb-area nb-own ${kind}`);
    const room = drawn("path", { d: plot.path([[-0.6, -reach], [9.6, -reach], [9.6, reach], [-0.6, reach]], true), fill: "transparent", "pointer-events": "all" });
    room.style.stroke = "none";
    const ring = drawn("path", { class: "nb-ring" });
    const hand = drawn("g", {}, room, ring);
    plot.above.append(hand);
    let values = DIGITS;
    const say = grab(hand, {
      label: `${label}: the digit that is touched`,
      place: plot.place,
      get: () => [state().score, 0],
      move: ([digit]) => set({ score: digit }),
      step: 1,
      jump: true,
      text: () => `${state().score}: ${told(values[state().score])}`,
    });
    const bar = (digit) => {
      const height = Math.max(-reach, Math.min(reach, values[digit]));
      return [[-0.35, 0], [-0.35, height], [0.35, height], [0.35, 0]].map(([x, y]) => [digit + x, y]);
    };
    const show = (given, score) => {
      values = given;
      others(DIGITS.filter((digit) => digit !== score).map(bar));
      own([bar(score)]);
      ring.setAttribute("d", `M${plot.X(score)} ${plot.Y(-reach) + 9}h.01`);
      say();
    };
    return { root: plot.root, show };
  };
  const weights = bars("Ten weights", "nb-weight", 0.25);
  const scores = bars("Ten scores", "nb-activation", 9);
  const weighed = figure("", weights.root);
  const scored = figure("", scores.root);

  const sums = element("p", { className: "nb-sums" });
  image.said = row.said = () => sums.textContent; // the cells hold colors, no numbers
  stage.append(
    figure("touch a pixel", image.root).made,
    rowed.made,
    element("div", { className: "nb-pair" }, weighed.made, scored.made),
    sums,
    element("div", { className: "nb-training" }, slider("digit", "image of a"), choice("shown", "picture", SHOWN), choice("order", "pixels", ORDERS), "colors: to ±0.2, then full", legend(0.2)),
  );

  return ({ at, score, shown }, facts) => {
    sums.textContent = `row ${at[0]}, column ${at[1]}: pixel ${told(facts.pixel)}, its weight for the ${score} ${told(facts.weights[score])}; score of the ${score}: ${told(facts.scores[score], 1)}`;
    image.show(cells(facts.image), { at });
    row.show(cells(facts.row), { at });
    rowed.caption.textContent = shown === "weights" ? `weights of the ${score}` : `pixels × weights of the ${score}`;
    weighed.caption.textContent = "ten weights of this pixel";
    scored.caption.textContent = "scores: touch one";
    weights.show(facts.weights, score);
    scores.show(facts.scores, score);
  };
}
