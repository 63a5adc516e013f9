// The line: four corners to be parted, an arrow of weights, and the perceptron's moves.
import { Plot, button, drawn, element, tie, told } from "../kit.js";

const NAMES = ["00", "01", "10", "11"];
const PLACES = [[0, 0], [0, 1], [1, 0], [1, 1]];
const RANGE = [-0.8, 1.6];
const LONG = 0.3; // of the arrow, for a weight of 1

export default function build({ stage, limits, state, set, slider, call }) {
  const plot = new Plot({ label: "The four corners and the line", x: RANGE, y: RANGE, width: 300, height: 300, margin: [8, 8, 22, 8] });
  plot.axes({ x: "x₁", y: "x₂" });
  const yes = plot.area("nb-area nb-activation");
  const line = plot.curve("nb-line nb-ink");
  const shaft = plot.curve("nb-arrow nb-weight");
  const head = drawn("path", { class: "nb-arrow nb-weight" });
  plot.inner.append(head);
  const side = plot.label("w", { dx: "0.6em", dy: "0.6em" });

  const toggle = (i) => set({ wanted: state().wanted.map((old, j) => (i === j ? !old : old)) });
  const corners = NAMES.map((name, i) => {
    const at = `M${plot.X(PLACES[i][0])} ${plot.Y(PLACES[i][1])}h.01`;
    const paths = ["nb-hit", "nb-ring", "nb-mark"].map((kind) => drawn("path", { class: kind, d: at }));
    const made = drawn("g", { class: "nb-tap", role: "switch", tabindex: 0 }, ...paths);
    made.addEventListener("click", () => toggle(i));
    made.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      toggle(i);
    });
    plot.above.append(tie(made, name));
    const words = plot.label(name, { "text-anchor": "middle", dy: "-1em" });
    words(...PLACES[i]);
    return { made, mark: paths[2] };
  });
  const tip = plot.point({
    label: "The arrow of the weights",
    className: "nb-weight",
    step: LONG * limits.w[2],
    move: (at) => set({ w: at.map((value) => value / LONG) }),
    text: () => `w is ${state().w.map((value) => told(value, 1)).join(", ")}`,
  });
  tip.root.querySelector(".nb-mark").remove(); // the arrow's head is enough

  const answers = NAMES.map((name) => {
    const said = element("span", {});
    const row = tie(element("li", {}, element("b", { textContent: name }), said), name);
    return { row, said };
  });
  let moves = 0; // in a row, the last of which left the state `after`
  let after;
  const key = ({ w, b, wanted, turn }) => JSON.stringify([w, b, wanted, turn]);
  const happened = element("p", { className: "nb-tally" });
  const next = button("Next mistake", async () => {
    const made = await call("mistake", state);
    if (!made) return;
    const count = moves + (made.state ? 1 : 0);
    if (made.state) set(made.state, false);
    [moves, after] = [count, key(state())];
    happened.textContent = made.state ? `Mistake ${count}: ${made.told}` : made.told;
  });
  const zeros = button("Start at zeros", () => set({ w: [0, 0], b: 0, turn: 0 }));
  const sign = (className, textContent) => element("span", { className, textContent });
  const figure = element("figure", {}, element("figcaption", {}, "wanted: ", sign("nb-weight", "■ yes"), ", ", sign("nb-input", "● no"), "; touch one"));
  figure.prepend(plot.root);
  stage.classList.add("nb-line-corners");
  stage.append(
    figure,
    element(
      "div",
      {},
      element("ul", { className: "nb-answers" }, ...answers.map(({ row }) => row)),
      slider("b", "b"),
      element("div", { className: "nb-training" }, next, zeros),
      happened,
    ),
  );

  return ({ w, wanted }, facts) => {
    if (key(state()) !== after) {
      moves = 0;
      happened.textContent = "";
    }
    yes(facts.area.length ? [facts.area] : []);
    line(facts.line.length ? [facts.line] : []);
    const [x, y] = w.map((value) => LONG * value);
    shaft([[[0, 0], [x, y]]]);
    head.setAttribute("d", x || y ? plot.head(0, 0, x, y) : "");
    side(x, y, x || y ? "w" : "");
    tip(x, y);
    corners.forEach(({ made, mark }, i) => {
      const kind = wanted[i] ? "nb-weight nb-square" : "nb-input";
      mark.setAttribute("class", `nb-mark nb-big ${kind}`);
      made.setAttribute("aria-checked", wanted[i]);
      made.setAttribute("aria-label", `Corner ${NAMES[i]} should be a yes`);
      const { row, said } = answers[i];
      said.textContent = ` z = ${told(facts.z[i], 1)}: ${facts.yes[i] ? "yes" : "no"} ${facts.right[i] ? "✓" : "✗"}`;
      row.classList.toggle("nb-bad", !facts.right[i]);
    });
  };
}
