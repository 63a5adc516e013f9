// The flight recorder: four dials, the curves of a run, and its inside at any moment.
import { Heat, Plot, cells, element, scrub, tie } from "../kit.js";

const LAYERS = ["pixels", "1", "2", "3", "scores"];

export default function build({ stage, limits, state, set, slider, choice, control }) {
  stage.classList.add("nb-recorder");
  const figure = (caption, part) => {
    const made = element("figure", {}, element("figcaption", {}, ...caption));
    made.append(part);
    stage.append(made);
  };
  const named = (text, kind) => tie(element("span", { className: kind, textContent: text }), text);

  let words = { starts: [], rates: [] };
  stage.append(
    element(
      "div",
      { className: "nb-sliders" },
      slider("start", "start", (at) => words.starts[at]),
      slider("rate", "learning rate", (at) => words.rates[at]),
      slider("dropout", "dropout", (share) => `${Math.round(100 * share)} %`),
      choice("optimizer", "by", Object.fromEntries(limits.optimizer.map((name) => [name, name]))),
    ),
  );

  // ---- Left, the course of the losses; the moment that is looked at can be dragged.
  const course = new Plot({ label: "The losses, epoch by epoch", x: [0, 12], y: [0, 4], width: 300, height: 160, margin: [6, 10, 22, 46] });
  const ticks = [0, 1, 2].map(() => course.label("", { dx: "-0.4em", dy: "0.35em", "text-anchor": "end" }));
  const guessing = course.curve("nb-thin nb-dashed");
  const training = course.curve("nb-activation nb-arrow");
  const fresh = course.curve("nb-weight nb-dashed nb-arrow");
  const cursor = course.curve("nb-thin");
  const moment = course.point({
    label: "The moment",
    className: "nb-activation nb-big",
    step: 2,
    move: ([epoch]) => set({ frame: epoch / 2 }), // every second one is recorded
    text: () => `epoch ${2 * state().frame}`,
  });
  figure([named("— training", "nb-activation"), " ", named("- - new digits", "nb-weight")], course.root);

  // ---- Right, how large the signal is behind each layer, and the message on its way back.
  const sizes = new Plot({ label: "The sizes of signal and message, layer by layer", x: [-0.3, 4.3], y: [-6.2, 3], width: 300, height: 160, margin: [6, 6, 22, 40] });
  sizes.axes({ y: "size" });
  LAYERS.forEach((name, i) => sizes.text(name, i, -6.2, { dy: "1.3em", "text-anchor": "middle" }));
  const powers = [0, 1, 2, 3, 4].map(() => sizes.label("", { dx: "-0.4em", dy: "0.35em", "text-anchor": "end" }));
  const ghosts = ["nb-activation", "nb-gradient nb-dashed"].map((kind) => sizes.curve(`${kind} nb-ghost`));
  const signal = sizes.curve("nb-activation nb-arrow");
  const message = sizes.curve("nb-gradient nb-dashed nb-arrow");
  figure([named("— signal →", "nb-activation"), " ", named("- - ← message", "nb-gradient")], sizes.root);

  // ---- Below, the last hidden layer: what it says of ten digits, and what leads on from it.
  const active = new Heat({ label: "What the 16 neurons of layer 3 say of ten digits, a row for each", range: 17 });
  const weights = new Heat({ label: "The weights from these 16 neurons to the ten scores, a row for each", range: 17 });
  figure(["layer 3, ten digits"], active.root);
  figure(["weights to scores"], weights.root);

  const player = control(scrub({ label: "epoch", pace: 500, go: (frame) => set({ frame }), text: (frame) => `${2 * frame}` }));
  player.load(limits.frame[1] + 1);
  stage.append(player);

  const points = (values, first = 0) => values.map((value, i) => [i + first, value]);
  return ({ frame: at }, facts) => {
    words = facts;
    const epoch = 2 * at;
    course.y = [0, facts.top]; // a run that breaks starts far above 4
    course.axes({ y: "loss", xticks: [0, 4, 8, 12] });
    facts.ticks.forEach(([value, words], i) => ticks[i](0, value, words));
    sizes.y = [-6.2, facts.largest];
    facts.powers.forEach(([power, words], i) => powers[i](-0.3, power, words));
    guessing([[[0, facts.guessing], [12, facts.guessing]]]);
    training([points(facts.loss)]);
    fresh([points(facts.new)]);
    cursor([[[epoch, 0], [epoch, facts.top]]]);
    moment(epoch, facts.loss[epoch]);
    ghosts[0]([points(facts.signal[0])]);
    ghosts[1]([points(facts.message[0], 1)]);
    signal([points(facts.signal[at])]);
    message([points(facts.message[at], 1)]);
    active.show(cells(facts.active[at]));
    weights.show(cells(facts.weights[at]));
    player.show(at);
  };
}
