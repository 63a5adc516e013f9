// Kernel lab: the picture with its ring, the kernel and its products, and all answers.
import { Heat, button, element, legend, opener, scrub, select, slider as bar, told } from "../kit.js";

const PICTURES = { numbers: "0 0 0 9 9", square: "square", boat: "boat", digit: "digit", checkerboard: "checkerboard", own: "your own" };
const MOST = 40; // pixels of the longer side of the reader's picture
const WRITTEN = 9; // cells across, up to which their numbers are written in them
const PALE = 2.5; // then their colors are paler, so that they can be read
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const share = (part, whole) => `${(100 * part) / whole}%`;
const largest = (rows) => Math.max(...rows.flat().map(Math.abs)) || 1;
const split = (values, size) => Array.from({ length: size }, (_, i) => values.slice(i * size, (i + 1) * size));

/** Put something upon cells: [row, column, rows, columns] of so many. */
function place(made, [row, column, high, wide], [rows, columns]) {
  Object.assign(made.style, { left: share(column, columns), top: share(row, rows), width: share(wide, columns), height: share(high, rows) });
  return made;
}

/** A table of cells; small ones with their numbers in them. */
function panel(label, title, pick = null) {
  const heat = new Heat({ label, pick });
  const caption = element("figcaption", { textContent: title });
  const show = (rows, { range, ...rest }) => {
    const [write, gray] = [rows[0].length <= WRITTEN, Array.isArray(range)];
    heat.show(rows, { ...rest, range: write && !gray ? PALE * range : range });
    const digits = (value) => [0, 1, 2].find((n) => Number(value.toFixed(n)) === value) ?? 2;
    const values = write ? rows.flat() : [];
    const color = (i) => (!gray ? "" : values[i] > (range[0] + range[1]) / 2 ? "color: #000" : "color: #fff");
    heat.write(values.map((value) => told(value, digits(value))), color);
  };
  return { heat, caption, show, figure: element("figure", {}, caption, heat.root) };
}

export default function build({ stage, state, set, call, say, slider }) {
  let [maps, facts, weight, names, count] = [null, null, 0, {}, 0]; // what is shown; which weight is chosen
  const size = (of = state()) => Math.sqrt(of.kernel.length);
  const move = (at) => set({ at: at.map((i, side) => Math.max(0, Math.min(i, [maps.rows, maps.columns][side].length - 1))) });

  // ---- The picture: the window goes where the finger is; an arrow key moves it by a place.
  const nearest = (starts, from) => starts.reduce((best, start, i) => (Math.abs(start - from) < Math.abs(starts[best] - from) ? i : best), 0);
  const input = panel("The picture: move the window", "", ([row, column]) => {
    const half = (facts.rows.at(-1) - facts.rows[0]) / 2;
    move([nearest(maps.rows, row - half), nearest(maps.columns, column - half)]);
  });
  input.heat.said = () => (facts ? `window at row ${facts.at[0]}, column ${facts.at[1]}` : "");
  input.heat.face.addEventListener("keydown", (event) => {
    if (!ARROWS[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    move(facts.at.map((i, side) => i + ARROWS[event.key][side]));
  }, true);
  const inner = element("i", { className: "nb-inner" }); // the picture within its ring
  input.heat.face.append(inner);
  const output = panel("The answers: choose one", "", move);

  // ---- The kernel: touch a weight, then give it a number.
  const kernel = panel("The kernel: choose a weight", "kernel", ([row, column]) => {
    weight = row * size() + column;
    show(state(), facts);
  });
  const products = panel("The products", "products");
  const write = (value) => Number.isFinite(value) && set({ kernel: state().kernel.map((old, i) => (i === weight ? value : old)) }, false);
  const slides = bar({ label: "weight", limits: [-9, 9, 0.5], set: write });
  const typed = element("input", { type: "number", step: "any", ariaLabel: "the weight as a number" });
  typed.addEventListener("change", () => write(typed.valueAsNumber));
  const sizes = bar({
    label: "size",
    limits: [1, 7, 1],
    set: async (wanted) => {
      const made = await call("resized", { kernel: state().kernel, size: wanted });
      if (made) set(made, false);
    },
  });

  // ---- What there is to choose.
  const take = async (pixels) => {
    const made = await call("packed", { pixels });
    if (made) set({ picture: "own", at: [0, 0], ...made });
  };
  const picture = select({ label: "picture", options: PICTURES, set: (name) => set({ picture: name, at: [0, 0] }) });
  const named = select({ label: "kernel", options: { "": "your numbers" }, set: (name) => name && set({ kernel: names[name] }, false) });
  call("kernels", {}).then((made) => {
    names = made ?? {};
    named.append(...Object.keys(names).map((name) => element("option", { value: name, textContent: name })));
    if (facts) show(state(), facts);
  });
  const relu = button("ReLU", () => set({ relu: !state().relu }));
  const steps = scrub({ label: "answer at", go: (i) => move([Math.floor(i / maps.columns.length), i % maps.columns.length]), text: (i) => (maps ? [Math.floor(i / maps.columns.length), i % maps.columns.length].join(", ") : "") });
  const code = element("pre", { tabIndex: 0, hidden: true });
  const more = button("Sizes and code", () => {
    code.hidden = !code.hidden;
    show(state(), facts);
  });

  const row = (...parts) => element("div", { className: "nb-training" }, ...parts);
  const options = ["stride", "padding", "dilation", "bias"].map((key) => slider(key, key));
  stage.classList.add("nb-kernel-lab");
  stage.append(
    row(picture, opener({ label: "Open yours", most: MOST, say, take }), named),
    element("div", { className: "nb-parts" }, input.figure, element("div", {}, kernel.figure, products.figure), output.figure),
    element("div", { className: "nb-sliders" }, row(slides, typed), sizes, ...options),
    row(relu, steps, more),
    code,
  );

  async function show(now, then) {
    facts = then;
    const { at, ...whole } = now;
    const { picture: name, own, padding } = now;
    const [pixels, result, written] = await Promise.all([call("pixels", { picture: name, own, padding }), call("result", whole), !code.hidden && call("written", whole)]);
    if (facts !== then || !pixels || !result) return;
    maps = { ...pixels, ...result };
    const { x, y } = maps;
    const K = size(now);
    const [high, wide] = [x.length, x[0].length];
    const span = facts.rows.at(-1) - facts.rows[0] + 1;
    const corner = [facts.rows[0], facts.columns[0]];
    input.show(x, { frame: [...corner, span, span], at: corner, range: [Math.min(0, ...x.flat()), Math.max(1, ...x.flat())] });
    const spots = now.dilation > 1 ? split(now.kernel, K).flatMap((line, i) => line.map((_, j) => [now.dilation * i, now.dilation * j])) : [];
    input.heat.frame.replaceChildren(...spots.map(([i, j]) => place(element("i"), [i, j, 1, 1], [span, span])));
    place(inner, [padding, padding, high - 2 * padding, wide - 2 * padding], [high, wide]);
    for (const [{ heat }, rows] of [[input, x], [output, y]]) heat.root.style.width = share(rows[0].length, Math.max(high, wide));
    const range = Math.max(largest(y), largest(facts.products) * (y[0].length <= WRITTEN));
    output.show(y, { at: facts.at, range });
    products.show(facts.products, { range: K <= WRITTEN && wide <= WRITTEN ? range : largest(facts.products) });
    weight = Math.min(weight, K * K - 1);
    kernel.show(split(now.kernel, K), { at: [Math.floor(weight / K), weight % K], range: largest(now.kernel) });
    input.caption.textContent = `picture ${high - 2 * padding} × ${wide - 2 * padding}${padding ? `, ring ${padding}` : ""}`;
    output.caption.replaceChildren(`answers ${y.length} × ${y[0].length}`, ...(y[0].length > WRITTEN ? [element("br"), legend(range)] : []));
    slides.rename(`weight ${Math.floor(weight / K)}, ${weight % K}`);
    slides.show(now.kernel[weight]);
    sizes.show(K);
    if (document.activeElement !== typed) typed.value = Number(now.kernel[weight].toFixed(4));
    picture.value = name;
    named.value = Object.keys(names).find((one) => String(names[one]) === String(now.kernel)) ?? "";
    relu.setAttribute("aria-pressed", now.relu);
    more.setAttribute("aria-expanded", !code.hidden);
    if (count !== y.length * y[0].length) steps.load((count = y.length * y[0].length));
    steps.show(facts.at[0] * y[0].length + facts.at[1]);
    if (written) code.textContent = [...written.sizes, ...written.code.map(([who, text]) => `\n# ${who}\n${text}`)].join("\n");
  }
  return (now, then) => void show(now, then);
}
