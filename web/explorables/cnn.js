// Draw a digit: a paper, what the network reads, and every layer between, cell by cell.
import { Heat, button, cells, element, fresh, legend, opener, paper, told } from "../kit.js";

const [SIDE, MOST] = [280, 280]; // of the paper, as in cnn.py; of the reader's picture
const LAYERS = "1 image,2 convolve,3 activate,4 pool,5 convolve again,5 activate again,6 pool again,7 flatten,8 dense,8 activate,8 dense,8 activate,8 ten scores".split(",");
const DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const TOLD = { turn: (degrees) => `${told(degrees, 0)}°` }; // where a number alone says too little
const WIDE = 1.5; // the place for the maps: its width by its height
const share = (part, whole) => `${(100 * part) / whole}%`;
/** Put something upon [left, top, width, height] of so much. */
const lay = (made, [left, top, width, height], [wide, high]) => {
  made.hidden = width === undefined;
  Object.assign(made.style, { left: share(left, wide), top: share(top, high), width: share(width, wide), height: share(height, high) });
  return made;
};
export default function build({ stage, state, first, set, hold, call, say, slider }) {
  let [facts, shapes] = [null, ""]; // the last answer; of the maps that are framed
  const clean = { index: -1, own: "", strokes: "" };
  const example = ({ index, own, strokes }) => index === first.index && !own && !strokes;

  // ---- The paper. Its ink is always that of now, ahead of every answer.
  const photos = new Map(); // addresses of pictures, by the ink that was found in them
  const [below, photo] = [element("canvas"), element("img", { alt: "your picture" })];
  const [crop, hint] = [element("i", { className: "nb-cell" }), element("span")];
  const sheet = paper({
    label: "Paper",
    get: () => state().strokes,
    put: (strokes) => {
      set({ ...(example(state()) && clean), strokes });
      paint();
    },
    hold,
    say,
  });
  sheet.prepend(below);
  sheet.append(photo, crop, hint);
  const paint = () => {
    const { index, own, strokes } = state();
    sheet.show(strokes);
    below.hidden = !facts.under.length || facts.of !== (own ? "own" : index);
    photo.hidden = !photos.has(own);
    if (!photo.hidden) photo.src = photos.get(own);
    hint.textContent = example(state()) ? "Draw your own here" : strokes || own || index >= 0 ? "" : "Draw a digit here";
  };

  // ---- What is read, and what there is to choose.
  const [verdict, bars] = [element("p", { className: "nb-verdict" }), element("table", { className: "nb-bars" })];
  verdict.setAttribute("aria-hidden", true); // the sentence says it
  const rows = DIGITS.map((digit) => {
    const [value, bar] = [element("td"), element("i")];
    bars.append(element("tr", {}, element("th", { scope: "row", textContent: digit }), value, element("td", {}, bar)));
    return [value, bar];
  });
  const file = opener({ label: "Open a photo", most: MOST, say, take: async (pixels, chosen) => {
    const made = await call("photographed", { pixels });
    if (!made) return;
    photos.set(made.own, URL.createObjectURL(chosen));
    set({ ...clean, ...made });
  } });
  const number = element("input", { type: "number", id: fresh(), min: 0, max: 1999 });
  number.addEventListener("change", () => set({ ...clean, index: number.valueAsNumber || 0 }));
  const numbered = element("span", {}, element("label", { htmlFor: number.id, textContent: "digit number " }), number);
  /** A button that opens a part of the explorable, one at a time. */
  const folds = [];
  const opens = (words, part, then) => {
    const fold = (hidden) => made.setAttribute("aria-expanded", !(part.hidden = hidden));
    const made = button(words, () => {
      const { hidden } = part;
      for (const one of folds) one(true);
      fold(!hidden);
      then?.();
    });
    folds.push(fold);
    fold(true);
    return made;
  };
  const sliders = element("div", { className: "nb-sliders" }, ...["down", "right", "turn", "noise"].map((key) => slider(key, key, TOLD[key])), numbered);

  // ---- The layers. A cell of one is chosen; what it depends on is framed in the input.
  const input = new Heat({ label: "What the network sees", range: [17, 0] });
  const maps = new Heat({ label: "The maps of the layer: choose a cell", range: 17, pick: (cell) => set({ at: cell }) });
  const [how, scale, code] = [element("p", { className: "nb-how" }), element("p", { className: "nb-scale" }), element("pre", { tabIndex: 0 })];
  maps.said = () => facts?.how ?? "";
  const edges = element("span");
  maps.face.append(edges);
  const explain = async () => {
    const made = !code.hidden && (await call("opened", state()));
    if (made) code.textContent = made.text;
  };
  stage.classList.add("nb-reader");
  stage.append(
    sheet,
    element("div", { className: "nb-reading" }, verdict, bars),
    element(
      "div",
      { className: "nb-inside" },
      element("figure", {}, element("figcaption", { textContent: "what it sees" }), input.root, scale),
      element("div", { className: "nb-maps" }, maps.root),
      slider("layer", "layer", (i) => LAYERS[i]),
      how,
    ),
    element(
      "div",
      { className: "nb-training" },
      button("Clear", () => set({ ...clean, down: 0, right: 0, turn: 0, noise: 0 })),
      button("Unseen digit", () => set({ ...clean, index: (state().index + 1) % 2000 }), { title: "One of 2,000 that the network has not learned from" }),
      file,
      opens("Shift, turn, noise", sliders),
      opens("Numbers", code, explain),
    ),
    sliders,
    code,
  );

  return (now, then) => {
    facts = then;
    const { p, sure, at: cell, window: frame, box, under, grid } = facts;
    const best = p.indexOf(Math.max(...p));
    verdict.replaceChildren(...(p.length ? [element("b", { textContent: best }), sure] : [element("b", { textContent: "?" })]));
    rows.forEach(([value, bar], digit) => {
      value.textContent = p.length ? told(p[digit], 4) : "";
      bar.style.width = share(p[digit] ?? 0, 1);
      value.parentNode.classList.toggle("nb-best", digit === best);
    });
    const pixels = new ImageData(28, 28);
    cells(under).flat().forEach((value, i) => pixels.data.set([0, 0, 0, 15 * value], 4 * i));
    Object.assign(below, { width: 28, height: 28 }).getContext("2d").putImageData(pixels, 0, 0);
    lay(crop, box, [SIDE, SIDE]);
    input.show(cells(facts.image), { frame });
    const picture = cells(facts.maps);
    const size = [picture[0].length, picture.length];
    maps.show(picture, { at: cell });
    maps.root.style.width = share(Math.min(1, size[0] / size[1] / WIDE), 1);
    if (String(grid) !== shapes) {
      shapes = String(grid);
      const [high, wide, deep, across] = grid;
      const edge = (_, i) => lay(element("i"), [(i % across) * (wide + 1), Math.floor(i / across) * (high + 1), wide, high], size);
      edges.replaceChildren(...Array.from({ length: deep * across || 0 }, edge));
    }
    scale.replaceChildren(legend(facts.strongest));
    how.textContent = facts.how;
    if (document.activeElement !== number) number.value = now.index < 0 ? "" : now.index;
    paint();
    explain();
  };
}
