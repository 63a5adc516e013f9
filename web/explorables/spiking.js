// The cell: its voltage, and the curve along which the current moves it.
import { Plot, element, tie } from "../kit.js";

const THRESHOLD = 15; // mV, where the dotted line and the spikes begin
const TOP = 38; // mV, how high a spike is drawn

export default function build({ stage, limits, state, set, slider }) {
  const room = [10, 12, 38, 34];
  const voltage = new Plot({ label: "The voltage of the cell", x: [0, 200], y: [-16, 40], width: 400, height: 220, margin: room });
  const rates = new Plot({ label: "How often the cell fires at each current", x: limits.current, y: [0, 120], width: 300, height: 220, margin: room });
  voltage.axes({ x: "time (ms)", xticks: [0, 50, 100, 150, 200], yticks: [0, THRESHOLD] });
  rates.axes({ x: "current (nA)", xticks: [0, 1, 2, 3, 4], yticks: [0, 50, 100] });

  voltage.curve("nb-thin nb-dashed")([[[0, THRESHOLD], [200, THRESHOLD]]]);
  const trace = voltage.curve("nb-activation");
  const spikes = voltage.curve("nb-activation nb-arrow");
  const plain = rates.curve("nb-thin nb-dashed");
  const curve = rates.curve("nb-activation nb-arrow");
  const drop = rates.curve("nb-input nb-thin");
  const number = rates.label("", { "text-anchor": "end", dx: "-0.9em", dy: "-0.5em" });
  const step = limits.current[2];
  let now = 0; // spikes a second
  const point = rates.point({
    label: "The current, on the curve",
    className: "nb-input nb-big",
    step,
    move: ([x]) => set({ current: x }),
    text: () => `${state().current.toFixed(1)} nA, ${Math.round(now)} spikes a second`,
  });
  point.root.addEventListener("keydown", ({ key }) => {
    const way = { ArrowUp: 1, ArrowDown: -1 }[key];
    if (way) set({ current: state().current + way * step });
  });

  const figure = (plot, title) => {
    const made = element("figure", {}, element("figcaption", { textContent: title }));
    made.append(plot.root);
    return made;
  };
  const unit = (name, digits = 1) => (value) => `${value.toFixed(digits)} ${name}`;
  stage.classList.add("nb-cell-curve");
  stage.append(
    figure(voltage, "mV above rest; dashed: threshold"),
    figure(rates, "spikes per second, at each current"),
    element(
      "div",
      { className: "nb-sliders" },
      tie(slider("current", "current", unit("nA")), "current"),
      slider("pull", "pull", unit("nA")),
      slider("noise", "noise", unit("mV")),
      slider("refractory", "refractory time", unit("ms", 0)),
    ),
  );
  tie(point.root, "current");

  return ({ current }, facts) => {
    now = facts.rate;
    trace([facts.trace]);
    spikes(facts.spikes.map((t) => [[t, THRESHOLD], [t, TOP]]));
    plain([facts.plain]);
    curve([facts.curve]);
    drop([[[current, 0], [current, now]]]);
    point(current, now);
    number(current, now, String(Math.round(now)));
  };
}
