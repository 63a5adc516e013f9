// Fold and cut: a sheet with two creases, what the last neuron sees of it, and the answers.
import { Plot, button, calm, element, scrub, tie } from "../kit.js";

const NAMES = ["00", "01", "10", "11"];
const YES = [false, true, true, false]; // what XOR wants
const RANGE = [-0.3, 1.3];

export default function build({ stage, limits, state, set, call, say }) {
  const step = limits.corners[2];
  const sheet = new Plot({ label: "The sheet", x: RANGE, y: RANGE });
  const folded = new Plot({ label: "What the last neuron sees", x: [-0.2, 1.6], y: [-0.2, 1.6] });
  sheet.axes({ x: "x₁" });
  sheet.text("x₂", RANGE[0], 1.05, { dx: "0.4em" }); // below the first crease
  folded.axes({ x: "a₁", y: "a₂" });

  const yes = sheet.area("nb-area nb-weight");
  const outline = sheet.curve("nb-thin", true);
  const yesFolded = folded.area("nb-area nb-weight");
  const mesh = folded.curve("nb-thin");
  outline([[[0, 0], [0, 1], [1, 1], [1, 0]]]);

  const kind = (i) => (YES[i] ? "nb-weight" : "nb-input");
  const corners = NAMES.map((name, i) => {
    const point = sheet.point({
      label: `Corner ${name}`,
      className: kind(i),
      square: YES[i],
      step,
      move: (at) => set({ corners: state().corners.map((old, j) => (i === j ? at : old)) }),
    });
    tie(point.root, name).querySelector(".nb-mark").classList.add("nb-big");
    return point;
  });
  const around = { "text-anchor": "middle", dy: "-0.9em" };
  const names = NAMES.map((name) => sheet.label(name, around));
  const [crease1, crease2] = ["crease1", "crease2"].map((name, i) => {
    const edge = { label: `Crease ${i + 1}`, className: `nb-activation nb-crease${i + 1}`, step, long: () => 0.25 };
    return sheet.edge({ ...edge, move: (line) => set({ [name]: line }) });
  });
  const shares = NAMES.map((name, i) => {
    const mark = folded.mark(`${kind(i)} nb-big`, YES[i]);
    tie(folded.above.lastChild, name);
    return mark;
  });
  const landed = NAMES.map((name) => folded.label(name, { dx: "0.9em", dy: "-0.5em" }));
  const cut = folded.edge({
    label: "The cut",
    className: "nb-wrong",
    step,
    long: () => 0.15 * folded.x[1],
    move: (line) => set({ cut: line }),
  });

  const answers = NAMES.map((name) => {
    const said = element("span", {});
    const row = tie(element("li", {}, element("b", { textContent: name }), said), name);
    return { row, said };
  });
  const figure = (plot, title, name) => {
    const made = element("figure", { className: name }, element("figcaption", { textContent: title }));
    made.append(plot.root);
    return made;
  };
  stage.classList.add("nb-fold-cut");
  stage.append(
    figure(sheet, "two creases; wanted: ■ yes, ● no", "nb-sheet"),
    figure(folded, "folded, with one cut", "nb-folded"),
    element("ul", { className: "nb-answers" }, ...answers.map(({ row }) => row)),
  );

  // ---- A new seed: trained by Python, then played.
  let [seed, wins, frames] = [-1, 0, []];
  const tally = element("span", { className: "nb-tally" });
  const film = scrub({
    label: "steps",
    go: (frame) => {
      film.show(frame);
      set(frames[frame].lines, false);
    },
    text: (frame) => String(frames[frame]?.epoch ?? 0),
  });
  film.hidden = true;
  const trains = button("New seed, train", async () => {
    trains.disabled = true;
    const trained = await call("train", { corners: state().corners, seed: seed + 1 });
    trains.disabled = false;
    if (!trained) return;
    seed += 1;
    wins += trained.won;
    frames = trained.frames.map((lines, i) => ({ lines, epoch: trained.epochs[i] }));
    tally.textContent = `seed ${seed}: loss ${trained.loss.toFixed(2)}, ${trained.won ? "won" : "stuck"}. Won: ${wins} of ${seed + 1}`;
    say(tally.textContent);
    film.hidden = false;
    film.load(frames.length);
    film.show(0);
    if (calm()) set(frames.at(-1).lines, false);
    else film.play();
    if (calm()) film.show(frames.length - 1);
  });
  stage.append(element("div", { className: "nb-training" }, trains, film, tally));

  return (now, facts) => {
    now.corners.forEach((at, i) => [corners[i], names[i]].forEach((to) => to(...at)));
    crease1(now.crease1);
    crease2(now.crease2);
    yes(facts.sheet);
    folded.x = folded.y = [-0.125 * facts.reach, facts.reach];
    yesFolded(facts.folded);
    mesh(facts.mesh);
    facts.h.forEach((at, i) => shares[i](...at));
    facts.h.forEach((at, i) => landed[i](...at, facts.landed[i]));
    cut(now.cut);
    answers.forEach(({ row, said }, i) => {
      said.textContent = ` ${facts.yes[i] ? "yes" : "no"} ${facts.right[i] ? "✓" : "✗"}`;
      row.classList.toggle("nb-bad", !facts.right[i]);
    });
  };
}
