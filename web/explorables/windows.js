// The way back: six tables of numbers. Touch a cell of dy, dx or dW.
import { Heat, element, told } from "../kit.js";

const PANELS = ["x", "W", "dy", "dx", "dW", "sent"];
const NAMES = { x: "input x", W: "kernel W", dy: "message dy", dx: "dx", dW: "dW", sent: "sent" };
const PICKED = ["dy", "dx", "dW"];
const LAYERS = { convolution: "convolution", max: "max", mean: "average", shared: "max, ties share", every: "a bug: every tie" };
const digits = (value) => (Number.isInteger(value) ? 0 : Number.isInteger(2 * value) ? 1 : 2);

export default function build({ stage, set, choice }) {
  stage.classList.add("nb-way-back");
  const panels = PANELS.map((name) => {
    const pick = PICKED.includes(name) ? (at) => set({ picked: name, at }) : null;
    const heat = new Heat({ label: pick ? `${NAMES[name]}: touch a cell` : NAMES[name], pick });
    const caption = element("figcaption", {});
    const figure = element("figure", { className: pick ? "nb-pick" : "" }, caption, heat.root);
    stage.append(figure);
    return { name, heat, caption, figure };
  });
  stage.append(choice("layer", "Layer", LAYERS));

  /** What a table shows depends on the layer and on what is touched. */
  const captioned = (name, { layer, picked }, { turned }) => {
    if (name === "W" && layer !== "convolution") return "shares";
    if (name === "W" && turned) return "W, turned";
    if (name === "sent" && layer === "convolution" && picked !== "dy") return `terms of ${picked}`;
    return name === "sent" ? "sent by this place" : NAMES[name];
  };

  return (state, facts) => {
    stage.classList.toggle("nb-pool", state.layer !== "convolution"); // whose tables are smaller
    for (const { name, heat, caption, figure } of panels) {
      const rows = facts[name];
      figure.classList.toggle("nb-empty", !rows.length);
      if (!rows.length) continue;
      const range = 3 * Math.max(1, ...rows.flat().map(Math.abs)); // pale, so that numbers can be read
      const mine = name === state.picked || (name === "dy" && state.picked === "dW" && !facts.dW.length);
      heat.show(rows, { frame: facts.frames[name], at: mine ? facts.at : null, range });
      heat.write(rows.flat().map((value) => told(value, digits(value))));
      caption.textContent = captioned(name, state, facts);
    }
  };
}
