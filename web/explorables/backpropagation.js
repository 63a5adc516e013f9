// The graph: nine knobs of a small network; numbers run right, slopes run left.
import { Graph, Plot, button, drawn, element, grab, told, tie } from "../kit.js";

const NAMES = ["w11", "w12", "w21", "w22", "b11", "b12", "v1", "v2", "b2"];
// What lights up together: a circle with every knob that it meets.
const COLUMNS = [["w11 w21", "w12 w22"], ["w11 w12 b11 v1", "w21 w22 b12 v2"], ["v1 v2 b2 loss"], ["loss"]];
const PULL = 100; // pixels of a drag that turn a knob by 1

const shown = (name) => name.replace(/\d/g, (digit) => "₀₁₂"[digit]);

export default function build({ stage, limits, state, set, slider, call }) {
  const narrow = matchMedia("(width < 40em)").matches;
  const step = limits.theta[2];
  const graph = new Graph({ label: "The network", columns: [2, 2, 1, 1], width: 350, height: 290, radius: 19 });

  /** Turn a knob; where it stood when it was taken is kept, until another one is taken. */
  const turn = (index, value) => {
    const { theta, at, start } = state();
    const near = Math.min(limits.theta[1], Math.max(limits.theta[0], Math.round(value / step) * step));
    const taken = at === NAMES[index] ? { start } : { at: NAMES[index], start: theta[index] };
    set({ theta: theta.map((old, i) => (i === index ? near : old)), ...taken }, false);
  };
  const take = (index) => set({ at: NAMES[index], start: state().theta[index] }, false);

  // ---- The graph: circles, lines, and the biases above or below their circles.
  const beside = (column, row, up, className) => {
    const [x, y] = graph.places[column][row];
    const biased = [[1, 0, -26], [1, 1, 36], [2, 0, 36]].some((place) => `${place}` === `${[column, row, up]}`);
    const aside = biased ? { x: x + 5, y: y + up } : { x, y: y + up, "text-anchor": "middle" }; // of its line
    const words = drawn("text", { ...aside, class: `nb-beside ${className}` });
    graph.root.append(words);
    return words;
  };
  const each = (make) => COLUMNS.map((met, column) => met.map((names, row) => make(column, row, names)));
  each((column, row, names) => tie(graph.nodes[column][row], names));
  const above = each((column, row) => beside(column, row, -26, ""));
  const below = each((column, row) => beside(column, row, 36, "nb-gradient"));
  const bias = ([column, row], up) => {
    const group = drawn("g", { class: "nb-edge nb-weight" });
    const [x, y] = graph.places[column][row];
    group.append(drawn("path", { class: "nb-line", d: `M${x} ${y}v${up}` }));
    graph.lines.append(graph.numbers(group, x, y + up));
    return group;
  };
  graph.edges[2][0][0].querySelector("text").setAttribute("dy", "-0.4em"); // -log p, above its line
  const knobs = [
    ...graph.edges[0].flat(),
    bias([1, 0], -54),
    bias([1, 1], 56),
    ...graph.edges[1].flat(),
    bias([2, 0], 56),
  ];
  const say = knobs.map((knob, index) => {
    tie(knob, NAMES[index]);
    knob.addEventListener("pointerdown", () => take(index));
    knob.addEventListener("keydown", (event) => {
      if (!["Enter", " "].includes(event.key)) return;
      event.preventDefault();
      take(index);
    });
    const value = () => state().theta[index];
    return grab(knob, {
      label: `Knob ${shown(NAMES[index])}`,
      place: ({ clientX, clientY }) => [clientX / PULL, -clientY / PULL],
      get: () => [value(), 0], // to the right and up both turn it up
      move: ([right, up]) => turn(index, right + up),
      step,
      text: () => told(value()),
    });
  });

  // ---- The knob in the hand: its arithmetic, and the loss along it.
  const how = ["sum", "message", "slope"].map((name) => [element("dt", { textContent: name }), element("dd")]);
  how[1][1].className = how[2][1].className = "nb-gradient";
  const plot = new Plot({ label: "The loss along this knob", x: [0, 1], y: [0, 4], width: 350, height: narrow ? 130 : 300, margin: [4, 8, 22, 22] });
  const [curve, line] = [plot.curve("nb-weight"), plot.curve("nb-gradient nb-dashed")];
  const was = plot.mark("nb-gradient");
  const now = plot.point({
    label: "The knob in the hand",
    className: "nb-weight nb-big",
    step,
    move: ([value]) => turn(NAMES.indexOf(state().at), value),
    text: () => told(state().theta[NAMES.indexOf(state().at)]),
  });

  // ---- One step of all nine.
  const promise = element("span", { className: "nb-tally" });
  const steps = button("Step all nine", async () => {
    const stepped = (await call("answer", state))?.stepped;
    if (stepped) set({ theta: stepped, start: stepped[NAMES.indexOf(state().at)] }, false);
  });
  const figure = (drawing, ...caption) => {
    const made = element("figure", {}, element("figcaption", {}, ...caption));
    made.append(drawing);
    return made;
  };
  const purple = (textContent) => element("span", { className: "nb-gradient", textContent });
  const along = element("span");
  stage.classList.add("nb-knobs");
  stage.append(
    figure(graph.root, "numbers right →  ", purple("← slopes left (dz: along z)")),
    figure(plot.root, along, purple("- - promised")),
    element("dl", {}, ...how.flat()),
    element("div", { className: "nb-training" }, steps, slider("rate", "rate"), promise),
  );

  return ({ theta, at, start }, facts) => {
    const index = NAMES.indexOf(at);
    const weights = (list) => [[list.slice(0, 2), list.slice(2, 4)], [list.slice(6, 8)]];
    graph.show({ nodes: facts.nodes, edges: [...weights(theta), [["−log p"]]], slopes: [...weights(facts.slopes), [[""]]] });
    for (const i of [4, 5, 8]) graph.write(knobs[i], theta[i], facts.slopes[i]);
    const sums = facts.sums.map((value) => `z ${told(value)}`);
    [["x₁", "x₂"], sums.slice(0, 2), [sums[2]], ["loss"]].forEach((texts, column) =>
      texts.forEach((text, row) => {
        above[column][row].textContent = text;
        below[column][row].textContent = `${["", "dz ", "dz ", ""][column]}${told(facts.messages[column][row])}`;
      }),
    );
    knobs.forEach((knob, i) => knob.classList.toggle("nb-picked", i === index));
    for (const tell of say) tell();
    how.forEach(([, arithmetic], i) => (arithmetic.textContent = facts.how[i]));
    plot.x = [facts.curve[0][0], facts.curve.at(-1)[0]];
    plot.y = [0, facts.reach];
    const middle = Math.round(start * 100) / 100;
    plot.axes({ xticks: [middle - 1, middle, middle + 1], yticks: [0, facts.reach] });
    curve([facts.curve]);
    line([facts.tangent]);
    was(start, facts.curve[15][1]);
    now(theta[index], facts.nodes[3][0]);
    promise.textContent = `promises a loss of ${facts.step[0]}, gets ${facts.step[1]}`;
    along.textContent = `— loss along ${shown(at)}   `;
  };
}
