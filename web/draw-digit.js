// <nb-draw-digit>: draw, and watch every layer of the post's network read it.
import { array, drawGray, element, Explorable, labeled, pixelsOf, told } from "./explorable.js";

const SIDE = 280; // pixels of the canvas
const PEN = 22;
const STEP = 8; // pixels that an arrow key moves the pen
const APART = 4; // pixels between two points of a stroke
const BACK = 30; // moves that can be undone
const LONGEST = 2000; // characters of strokes that an address keeps

/** The color behind a picture: that of its corner; where there is none, what its drawing
 * stands out from. */
function groundOf(data) {
  const [red, green, blue, alpha] = data;
  if (alpha > 127) return `rgb(${red} ${green} ${blue})`;
  let light = 0;
  for (let i = 0; i < data.length; i += 4)
    light += data[i + 3] * ((data[i] + data[i + 1] + data[i + 2]) / 3 - 128);
  return light > 0 ? "black" : "white";
}

class DrawDigit extends Explorable {
  static module = "cnn";
  static key = "digit";
  static title = "Draw a digit";
  /** The number of a held-back digit, or null; what is drawn over it (see `mark`). */
  static first = { index: null, strokes: "", down: 0, right: 0, noise: 0 };

  async build() {
    this.paper = element("canvas", { width: SIDE, height: SIDE, className: "nb-paper", tabIndex: 0 });
    this.paper.setAttribute("role", "application");
    this.paper.setAttribute(
      "aria-label",
      "Paper. Draw with the mouse or a finger; or move the pen with the arrow keys, and set it down or lift it with Space.",
    );
    this.pen = this.paper.getContext("2d", { willReadFrequently: true });
    this.moves = []; // what stood there before each move
    this.cursor = [SIDE / 2, SIDE / 2]; // of the keyboard's pen
    this.paper.addEventListener("pointerdown", (event) => {
      this.paper.setPointerCapture(event.pointerId);
      this.begin(this.under(event));
    });
    this.paper.addEventListener("pointermove", (event) => {
      if (!this.at) return;
      const parts = event.getCoalescedEvents?.() ?? []; // some browsers tell none
      for (const part of parts.length ? parts : [event]) {
        const next = this.under(part);
        if (Math.hypot(next[0] - this.at[0], next[1] - this.at[1]) >= APART) this.stroke(next);
      }
    });
    for (const end of ["pointerup", "pointercancel"])
      this.paper.addEventListener(end, () => (this.at = null));
    this.paper.addEventListener("keydown", (event) => this.keyPressed(event));
    this.hint = element("p", { className: "nb-hint", textContent: "Draw a digit here" });
    this.tip = element("i", { className: "nb-tip" });
    this.where = element("p");
    this.where.setAttribute("role", "status");
    this.file = element("input", { type: "file", accept: "image/*" });
    this.file.addEventListener("change", () => this.upload());
    this.index = element("input", { type: "number", min: 0, max: 1999, value: this.state.index });
    this.sliders = Object.fromEntries(
      [["down", -8, 8, 1], ["right", -8, 8, 1], ["noise", 0, 0.6, 0.05]].map(([name, min, max, step]) => {
        const input = element("input", { type: "range", min, max, step, value: this.state[name] });
        input.addEventListener("input", () => {
          this.state[name] = Number(input.value);
          this.showSliders();
          this.update();
        });
        return [name, input];
      }),
    );
    this.values = Object.fromEntries(Object.keys(this.sliders).map((name) => [name, element("output")]));
    this.verdict = element("p", { className: "nb-verdict" });
    this.verdict.setAttribute("role", "status");
    this.bars = element("table", { className: "nb-bars" });
    this.steps = element("div", { className: "nb-pictures nb-small" });
    this.layers = element("div");
    this.spot = element("i", { className: "nb-spot" }); // frames the cell that is explained
    this.explained = element("div", { className: "nb-sum" });
    this.explained.setAttribute("aria-live", "polite");
    const button = (textContent, act) => {
      const made = element("button", { type: "button", textContent });
      made.addEventListener("click", act);
      return made;
    };
    this.back = button("Undo", () => this.undo());
    this.stage.replaceChildren(
      element(
        "div",
        { className: "nb-draw" },
        element(
          "div",
          {},
          element("div", { className: "nb-frame" }, this.paper, this.hint, this.tip),
          this.where,
        ),
        element("div", {}, this.verdict, this.bars),
      ),
      element(
        "div",
        { className: "nb-controls" },
        this.back,
        button("Clear", () => this.clear()),
        button("A digit it never saw", () => this.take(((this.state.index ?? -1) + 1) % 2000)),
        labeled("number", this.index),
        labeled("Your picture (it stays in this browser)", this.file),
      ),
      element(
        "details",
        { open: Object.keys(this.sliders).some((name) => this.state[name]) }, // as an address may want
        element("summary", { textContent: "Shift and noise" }),
        element(
          "div",
          { className: "nb-controls" },
          ...Object.entries(this.sliders).map(([name, input]) => {
            const control = labeled(name, input);
            control.append(" ", this.values[name]);
            return control;
          }),
        ),
      ),
      this.steps,
      this.layers,
      this.explained,
    );
    this.index.addEventListener("change", () => this.take(this.index.valueAsNumber));
    await this.restore();
  }

  // ---- what is on the paper

  /** Clear the paper, and draw on it what the state says. */
  async restore() {
    const { index, strokes } = this.state;
    const digit = index === null ? null : await this.ask("held_back_digit", { index });
    this.pen.fillStyle = "white";
    this.pen.fillRect(0, 0, SIDE, SIDE);
    if (digit) {
      const small = element("canvas");
      drawGray(small, digit.ink, [1, 0]);
      this.pen.drawImage(small, 0, 0, SIDE, SIDE);
    }
    this.truth = digit && !strokes ? digit.label : null;
    this.index.value = index ?? "";
    this.showSliders();
    for (const stroke of strokes.split("-")) {
      const points = stroke.match(/.{4}/g)?.map((at) => [at.slice(0, 2), at.slice(2)].map((x) => parseInt(x, 36)));
      points?.forEach((at, i) => this.line(points[Math.max(0, i - 1)], at));
    }
  }

  showSliders() {
    for (const [name, input] of Object.entries(this.sliders)) {
      input.value = this.state[name];
      this.values[name].textContent = told(this.state[name]);
    }
    this.back.disabled = !this.moves.length;
  }

  /** Put a held-back digit on the paper, as if it had been drawn there. */
  async take(index, changes = {}) {
    const before = this.kept();
    Object.assign(this.state, { index, strokes: "", ...changes });
    try {
      await this.restore();
      this.remind(before);
      await this.update();
    } catch (error) {
      this.bring(before);
      this.trouble(error);
    }
  }

  /** An empty paper, and nothing that disturbs what comes next. */
  clear() {
    return this.take(null, { down: 0, right: 0, noise: 0 });
  }

  /** What stands there now. */
  kept() {
    return { state: { ...this.state }, truth: this.truth, pixels: this.pen.getImageData(0, 0, SIDE, SIDE) };
  }

  /** Let the next move be undone. */
  remind(before) {
    this.moves = [...this.moves, before].slice(-BACK);
    this.back.disabled = false;
  }

  bring({ state, truth, pixels }) {
    Object.assign(this, { state: { ...state }, truth });
    this.pen.putImageData(pixels, 0, 0);
    this.index.value = state.index ?? "";
    this.showSliders();
  }

  undo() {
    const { down, right, noise } = this.state;
    const before = this.moves.pop();
    // A stroke leaves the sliders alone; Clear had set them back.
    const cleared = this.state.index === null && !this.state.strokes;
    this.bring(cleared ? before : { ...before, state: { ...before.state, down, right, noise } });
    return this.update();
  }

  /** Where on the paper an event is, in its pixels. */
  under({ offsetX, offsetY }) {
    return [offsetX, offsetY].map((x) =>
      Math.max(0, Math.min(SIDE, Math.round((x * SIDE) / this.paper.clientWidth))),
    );
  }

  /** Set the pen down. */
  begin(at) {
    this.remind(this.kept());
    this.mark(this.state.strokes && "-");
    this.at = at;
    this.stroke(at);
  }

  /** Move the pen, which is down. */
  stroke(to) {
    this.line(this.at, to);
    this.at = to;
    this.mark(to.map((x) => x.toString(36).padStart(2, "0")).join(""));
    this.truth = null;
    this.update();
  }

  /** Note what was drawn for the address: strokes of points, two signs for x, two for y. */
  mark(signs) {
    if (this.state.strokes.length < LONGEST) this.state.strokes += signs;
  }

  line(from, to) {
    Object.assign(this.pen, { lineWidth: PEN, lineCap: "round", strokeStyle: "black" });
    this.pen.beginPath();
    this.pen.moveTo(...from);
    this.pen.lineTo(...to);
    this.pen.stroke();
    this.pen.beginPath(); // a tap leaves a dot, in every browser
    this.pen.arc(...to, PEN / 2, 0, 2 * Math.PI);
    Object.assign(this.pen, { fillStyle: "black" }).fill();
  }

  keyPressed(event) {
    if (this.at) return; // a finger or the mouse draws
    const move = { ArrowUp: [0, -STEP], ArrowDown: [0, STEP], ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0] }[event.key];
    if (event.key !== " " && !move) return;
    event.preventDefault();
    this.at = this.cursor;
    if (move) this.cursor = this.cursor.map((at, i) => Math.max(0, Math.min(SIDE, at + move[i])));
    else this.isDown = !this.isDown;
    if (this.isDown && move) this.stroke(this.cursor);
    else if (this.isDown) this.begin(this.cursor);
    this.at = null;
    this.showTip();
  }

  /** Where the keyboard's pen is, for the eye and as text. */
  showTip() {
    const [x, y] = this.cursor.map((at) => Math.round((100 * at) / SIDE));
    Object.assign(this.tip.style, { left: `${x}%`, top: `${y}%` });
    this.tip.classList.toggle("nb-down", Boolean(this.isDown));
    this.where.textContent = `The pen is ${this.isDown ? "down" : "up"}, ${x} % from the left, ${y} % from the top.`;
  }

  /** Let a picture's edges go on to the paper's: its light may differ from side to side. */
  spread(picture) {
    const { width, height } = picture;
    const [left, top] = [(SIDE - width) / 2, (SIDE - height) / 2];
    if (left) for (const i of [0, 1]) this.pen.drawImage(picture, i * (width - 1), 0, 1, height, i * (SIDE - left), top, left, height);
    if (top) for (const i of [0, 1]) this.pen.drawImage(picture, 0, i * (height - 1), width, 1, left, i * (SIDE - top), width, top);
  }

  async upload() {
    if (!this.file.files.length) return; // nothing was chosen
    try {
      const { shape, data } = await pixelsOf(this.file.files[0], SIDE);
      const [height, width] = shape;
      const picture = await createImageBitmap(new ImageData(Uint8ClampedArray.from(data), width, height));
      const before = this.kept();
      Object.assign(this.state, { index: null, strokes: "" }); // it is not for the address
      await this.restore();
      this.remind(before);
      this.pen.fillStyle = groundOf(data); // goes on to the paper's edges
      this.pen.fillRect(0, 0, SIDE, SIDE);
      this.spread(picture);
      this.pen.drawImage(picture, (SIDE - width) / 2, (SIDE - height) / 2);
      await this.update();
    } catch (error) {
      this.trouble(error);
    }
  }

  // ---- what the network makes of it

  async show() {
    const pixels = array([SIDE, SIDE, 4], this.pen.getImageData(0, 0, SIDE, SIDE).data);
    const prepared = await this.ask("prepared", { pixels });
    this.hint.hidden = !prepared.empty;
    if (prepared.empty) {
      this.verdict.textContent = "The paper is empty.";
      for (const part of [this.steps, this.layers, this.bars]) part.hidden = true;
      this.explained.replaceChildren();
      return;
    }
    const { down, right, noise } = this.state;
    this.image = await this.ask("disturbed", { image: prepared.input, down, right, noise });
    const { layers, probabilities } = await this.ask("reading", { image: this.image });
    for (const part of [this.steps, this.layers, this.bars]) part.hidden = false;
    this.showVerdict(probabilities.data);
    pictures(this.steps, {
      "your ink, cropped": prepared.crop,
      "scaled into 20 × 20": prepared.scaled,
      "centered by mass": prepared.input,
      "what the network sees": this.image,
    });
    this.showLayers(layers);
    if (this.chosen) await this.explain(...this.chosen);
  }

  showVerdict(probabilities) {
    const best = probabilities.indexOf(Math.max(...probabilities));
    const sure = `${(100 * probabilities[best]).toFixed(1)} %`;
    const truth = this.truth ?? best;
    this.verdict.textContent =
      `It reads ${best}, ${sure}` + (this.truth === null ? "." : truth === best ? ": right." : `, but this is a ${truth}.`);
    this.bars.replaceChildren(
      element("caption", { textContent: "Probability of each digit" }),
      ...[...probabilities].map((p, digit) => {
        const bar = element("td", {}, element("i"));
        bar.firstChild.style.width = `${100 * p}%`;
        const head = element("th", { scope: "row", textContent: digit });
        return element("tr", {}, head, element("td", { textContent: p.toFixed(4) }), bar);
      }),
    );
  }

  showLayers(layers) {
    if (!this.layers.childElementCount) {
      const textContent =
        "Every layer: gray is zero, lighter is more, darker is less. Choose any cell to see where it comes from.";
      this.layers.append(element("p", { textContent }));
      layers.forEach(({ name, output }, number) => {
        const maps = output.shape.length === 3 ? output.shape[0] : 1;
        const row = element("div", { className: "nb-maps" });
        row.style.setProperty("--columns", Math.min(maps, 8));
        for (let map = 0; map < maps; map++)
          row.append(element("div", { className: "nb-frame" }, this.map(number, map, name, output.shape)));
        this.layers.append(element("p", { textContent: `${name}: ${output.shape.join(" × ")}` }), row);
      });
    }
    const rows = this.layers.querySelectorAll(".nb-maps");
    layers.forEach(({ output: { shape, data } }, number) => {
      const high = Math.max(...data.map(Math.abs)) || 1;
      const size = shape.length === 3 ? shape[1] * shape[2] : shape[0];
      rows[number].querySelectorAll("canvas").forEach((canvas, map) =>
        drawGray(
          canvas,
          { shape: shape.length === 3 ? shape.slice(1) : [1, shape[0]], data: data.subarray(map * size, (map + 1) * size) },
          [-high, high],
        ),
      );
    });
  }

  map(layer, map, name, shape) {
    const canvas = element("canvas", { className: "nb-pixels", tabIndex: 0 });
    const flat = shape.length === 1;
    const [height, width] = flat ? [1, shape[0]] : shape.slice(1);
    canvas.setAttribute("role", "application");
    canvas.setAttribute("aria-label", `${name}${flat ? "" : `, map ${map}`}: choose a cell with the mouse or the arrow keys`);
    canvas.classList.toggle("nb-row", flat);
    const choose = (row, column) => {
      const cell = [Math.max(0, Math.min(row, height - 1)), Math.max(0, Math.min(column, width - 1))];
      canvas.cell = cell;
      Object.assign(this.spot.style, {
        left: `${(100 * cell[1]) / width}%`,
        top: `${(100 * cell[0]) / height}%`,
        width: `${100 / width}%`,
        height: `${100 / height}%`,
      });
      canvas.after(this.spot);
      canvas.closest(".nb-maps").after(this.explained);
      this.chosen = [layer, flat ? [cell[1]] : [map, ...cell]];
      this.explain(...this.chosen).catch((error) => this.trouble(error));
    };
    canvas.addEventListener("click", ({ offsetX, offsetY }) =>
      choose(Math.floor((offsetY / canvas.clientHeight) * height), Math.floor((offsetX / canvas.clientWidth) * width)),
    );
    canvas.addEventListener("keydown", (event) => {
      const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      if (!move) return;
      event.preventDefault();
      const [row, column] = canvas.cell ?? [0, -1];
      choose(row + move[0], column + move[1]);
    });
    return canvas;
  }

  async explain(layer, at) {
    const { name, how, code, patch, kernel } = await this.ask("explained", { image: this.image, layer, at });
    const grid = ({ shape: [channels, height, width], data }) =>
      Array.from({ length: channels }, (_, c) =>
        Array.from({ length: height }, (_, i) =>
          [...data.subarray((c * height + i) * width, (c * height + i + 1) * width)].map((x) => told(x).padStart(8)).join(""),
        ).join("\n"),
      ).join("\n\n");
    this.explained.replaceChildren(
      element("p", { textContent: `${name}, cell ${at.join(", ")}: ${how}` }),
      element("pre", { tabIndex: 0 }, element("code", { textContent: code })),
      ...Object.entries({ patch, kernel })
        .filter(([, numbers]) => numbers)
        .map(([title, numbers]) =>
          element(
            "details",
            { open: numbers.shape[0] === 1 },
            element("summary", { textContent: title }),
            element("pre", { className: "nb-numbers", tabIndex: 0, textContent: grid(numbers) }),
          ),
        ),
    );
  }
}

/** Small pictures with captions, ink dark. */
function pictures(place, named) {
  if (!place.childElementCount)
    for (const title of Object.keys(named)) {
      const canvas = element("canvas", { className: "nb-pixels" });
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", title);
      place.append(element("figure", {}, canvas, element("figcaption", { textContent: title })));
    }
  Object.values(named).forEach((ink, i) => drawGray(place.children[i].firstChild, ink, [1, 0]));
}

customElements.define("nb-draw-digit", DrawDigit);
