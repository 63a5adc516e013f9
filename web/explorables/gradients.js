// The V: a microscope on a curve, the error against the step, and what the checks say.
import { Plot, element } from "../kit.js";

const WAYS = { both: "both sides", ahead: "ahead only", f32: "32 bits" };
const BUGS = { none: "none", gate: "A: gate", dropout: "scale", mean: "mean", tie: "B: ties", uphill: "C: uphill" };
const CHECKS = ["one random picture", "the same, dropout on", "three of them", "one gray picture", "one small step"];
const NEAR = 1.6; // steps that the microscope sees to each side
const [LEAST, LIMIT] = [-12, -6]; // powers of ten: the plot's floor, what the checks forgive

export default function build({ stage, limits, state, set, call, slider, choice }) {
  const [wide, height] = matchMedia("(width < 40em)").matches ? [[200, 300], 240] : [[250, 390], 220];
  const near = new Plot({ label: "The curve under a microscope", x: [-NEAR, NEAR], y: [-1.7, 2.6], width: wide[0], height, margin: [6, 6, 34, 6] });
  const vs = new Plot({ label: "The error of each step", x: [-16.4, 0], y: [LEAST, 2], width: wide[1], height, margin: [10, 8, 34, 32] });
  near.axes({ x: "steps from w", xticks: [-1, 0, 1] });
  vs.axes({ x: "step h, power of ten", xticks: [-16, -12, -8, -4, 0], yticks: [-12, -9, LIMIT, -3, 0] });

  near.curve("nb-gradient")([[[-NEAR, -NEAR], [NEAR, NEAR]]]);
  near.text("exact", NEAR, 0.9, { class: "nb-gradient", "text-anchor": "end", dy: "1.2em" });
  const curve = near.curve("nb-activation nb-arrow");
  const secant = near.curve("nb-ink nb-dashed");
  const ends = [0, 1].map(() => near.mark("nb-ink"));

  vs.curve("nb-thin nb-dashed")([[[-16.4, LIMIT], [0, LIMIT]]]);
  const level = vs.curve("nb-wrong");
  const named = vs.label("", { "text-anchor": "end", dy: "-0.4em" }); // above all V's
  const all = vs.curve("nb-thin");
  const chosen = vs.curve("nb-activation nb-arrow");
  vs.text("32 bits", -11, 0, { dy: "1.2em" });
  vs.text("ahead", -1.7, -1.3, { "text-anchor": "end" });
  vs.text("both", -3.8, -9.2);
  vs.text("limit of the checks", -15.8, LIMIT, { dy: "1.1em" });
  let shown; // the facts of now
  const point = vs.point({
    label: "The step, on its V",
    className: "nb-input nb-big",
    step: limits.power[2],
    move: ([x]) => set({ power: x }),
    text: () => `step ${shown.step}, ${shown.told}`,
  });
  point.root.addEventListener("keydown", ({ key }) => {
    const way = { ArrowUp: 1, ArrowDown: -1 }[key];
    if (way) set({ power: state().power + way * limits.power[2] });
  });

  // ---- The museum: five checks, and what each says of the bug.
  const rows = CHECKS.map((name) => {
    const says = element("dd");
    return { says, parts: [element("dt", { textContent: name }), says] };
  });
  const list = element("dl", { className: "nb-checks" }, element("dt", { textContent: "five checks" }), element("dd", { textContent: "of a small network with this bug, at a step of their own" }), ...rows.flatMap(({ parts }) => parts));

  const figure = (plot, ...title) => {
    const made = element("figure", {}, element("figcaption", {}, ...title));
    made.append(plot.root);
    return made;
  };
  stage.classList.add("nb-measured");
  stage.append(
    figure(near, "dashed: measured"),
    figure(vs, "relative error, power of ten"),
    element("div", { className: "nb-training" }, slider("power", "step h", () => shown.step), choice("way", "step to", WAYS)),
    element("div", { className: "nb-training" }, choice("bug", "bug", BUGS)),
    list,
  );

  let asked = "";
  async function check(bug) {
    if (asked === bug) return;
    asked = bug;
    const verdicts = await call("museum", { bug });
    if (!verdicts || asked !== bug) return;
    rows.forEach(({ says }, i) => {
      says.textContent = `${verdicts.found[i] ? "✗" : "✓"} ${verdicts.says[i]}`;
      says.className = verdicts.found[i] ? "nb-wrong" : "nb-right";
    });
    const { worst } = verdicts;
    level(worst === null ? [] : [[[-16.4, worst], [0, worst]]]);
    named(-0.2, worst ?? 0, worst === null ? "" : "error of the bug");
  }

  return ({ power, way, bug }, facts) => {
    shown = facts;
    const { seen } = facts;
    curve([seen.map((y, i) => [NEAR * ((2 * i) / (seen.length - 1) - 1), y])]);
    const [[x0, y0], [x1, y1]] = facts.secant;
    const at = (x) => [x, y0 + ((x - x0) / (x1 - x0)) * (y1 - y0)];
    secant([[at(-NEAR), at(NEAR)]]);
    facts.secant.forEach(([x, y], i) => ends[i](x, y));
    const line = (name) => facts.errors[name].map((error, i) => [limits.power[0] + i * limits.power[2], error]);
    all(Object.keys(WAYS).map(line));
    chosen([line(way)]);
    point(power, facts.error);
    check(bug);
  };
}
