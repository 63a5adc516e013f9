// Downhill: three runners from one start that can be dragged, each at a rate of its own.
import { Plot, element, scrub, tie } from "../kit.js";

const RUNNERS = ["SGD", "momentum", "Adam"];
const RATES = [0.001, 0.0015, 0.002, 0.003, 0.005, 0.008, 0.01, 0.015, 0.02, 0.03, 0.05, 0.08, 0.1, 0.15, 0.2, 0.25, 0.3, 0.5, 0.6, 0.8];
const STEPS = 110; // that are drawn
const VIEWS = {
  valley: { x: [0.5, 5.5], y: [5, 12], ticks: { xticks: [1, 2, 3, 4], yticks: [6, 8, 10] } },
  parabola: { x: [-1.25, 5.25], y: [-1, 19], ticks: { xticks: [0, 2, 4], yticks: [0, 5, 10, 15] } },
};

/** Corners out of hundredths, x and y in turn. */
const corners = (flat) => flat.flatMap((x, i) => (i % 2 ? [] : [[x / 100, flat[i + 1] / 100]]));

const READY = "Three runners stand at one start. Who will be first? Play, or turn a rate.";

export default function build({ stage, first, limits, state, set, slider, choice, control }) {
  const panels = RUNNERS.map((name) => {
    const grounds = Object.entries(VIEWS).map(([ground, view]) => {
      const valley = ground === "valley";
      const plot = new Plot({ ...view, label: `${name} in the ${ground}`, width: 200, height: 280, margin: [4, 4, 18, 22] });
      plot.axes({ y: valley ? "b" : "loss", ...view.ticks });
      plot.text("w", view.x[1], view.y[0], { dy: "1.2em", "text-anchor": "end" });
      const lines = plot.curve("nb-thin");
      const lowest = plot.curve("nb-mark nb-muted");
      const path = plot.curve("nb-weight");
      const dots = plot.curve("nb-mark nb-weight nb-dots");
      const head = plot.curve("nb-mark nb-weight nb-big");
      const from = plot.point({
        label: `The start of all, on ${name}'s ground`,
        className: "nb-ink nb-big",
        square: true,
        step: limits.w[2],
        move: valley ? ([w, b]) => set({ w, b }) : ([knob]) => set({ knob }),
        text: () => (valley ? `w ${state().w}, b ${state().b}` : `w ${state().knob}`),
      });
      return { ground, plot, lines, lowest, path, dots, head, from };
    });
    const said = element("span", {});
    const figure = element("figure", {}, element("figcaption", {}, element("b", { textContent: name }), said), ...grounds.map(({ plot }) => plot.root));
    return { name, grounds, said, figure: tie(figure, name) };
  });

  let facts = null;
  let [frame, ground] = [0, "valley"]; // nobody has run yet, so nobody is first
  const show = (wanted) => {
    frame = wanted;
    player.show(frame);
    for (const { name, grounds } of panels) {
      const walk = corners(facts[name]).slice(0, frame + 1);
      const { plot, path, dots, head } = grounds.find((one) => one.ground === ground);
      path([walk]);
      dots(walk.map(([x, y]) => [[x, y], [x, y]]));
      head([[walk.at(-1), walk.at(-1)]]);
    }
  };
  let gone = false; // to the end, or at the reader's own rates: then who was first is told
  const go = (wanted) => {
    show(wanted);
    if (gone || wanted < STEPS) return;
    gone = true;
    set({});
  };
  const player = control(scrub({ label: "step", go, pace: 60 }));
  const rate = (key, name) => tie(slider(key, `${name}, rate`, (i) => String(RATES[i])), name);

  stage.classList.add("nb-downhill");
  stage.append(
    ...panels.map(({ figure }) => figure),
    element("div", { className: "nb-sliders" }, ...["sgd", "momentum", "adam"].map((key, i) => rate(key, RUNNERS[i]))),
    element("div", { className: "nb-training" }, choice("ground", "ground", { valley: "narrow valley", parabola: "parabola" }), player, element("span", { className: "nb-tally", textContent: `Steps count until it stays within 0.01 of the lowest point; ${STEPS} are drawn.` })),
  );
  player.load(STEPS + 1);

  return (now, told) => {
    [facts, ground] = [told, now.ground];
    if (!gone && now !== first) [gone, frame] = [true, STEPS]; // a touch shows the whole way
    panels.forEach(({ grounds, said, figure }, i) => {
      said.textContent = gone ? facts.said[i] : "";
      for (const one of grounds) {
        if (one.ground !== ground) {
          one.plot.root.remove(); // with its handle
          continue;
        }
        if (!one.plot.root.isConnected) figure.append(one.plot.root);
        one.lines(facts.lines);
        one.lowest([[facts.lowest, facts.lowest]]);
        one.from(...corners(facts[RUNNERS[i]])[0]);
      }
    });
    show(frame);
    if (!gone) return READY;
  };
}
