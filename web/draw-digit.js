// <nb-draw-digit>: draw, and watch every layer of the post's network read it.
import { array, drawGray, element, Explorable, labeled, pixelsOf, told } from "./explorable.js";

const SIDE = 280; // pixels of the canvas
const PEN = 22;
const STEP = 8; // pixels that an arrow key moves the pen

class DrawDigit extends Explorable {
  static key = "digit";
  static title = "Draw a digit";
  static first = { index: 0, down: 0, right: 0, noise: 0 };

  async build() {
    this.paper = element("canvas", { width: SIDE, height: SIDE, className: "nb-paper", tabIndex: 0 });
    this.paper.setAttribute("role", "application");
    this.paper.setAttribute(
      "aria-label",
      "Paper. Draw with the mouse or a finger; or move the pen with the arrow keys, and set it down or lift it with Space.",
    );
    this.pen = this.paper.getContext("2d", { willReadFrequently: true });
    this.cursor = [SIDE / 2, SIDE / 2];
    this.paper.addEventListener("pointerdown", (event) => {
      this.paper.setPointerCapture(event.pointerId);
      this.at = [event.offsetX, event.offsetY].map((x) => (x * SIDE) / this.paper.clientWidth);
      this.stroke(this.at, this.at);
    });
    this.paper.addEventListener("pointermove", (event) => {
      if (!this.at) return;
      for (const { offsetX, offsetY } of event.getCoalescedEvents?.() ?? [event]) {
        const next = [offsetX, offsetY].map((x) => (x * SIDE) / this.paper.clientWidth);
        this.stroke(this.at, next);
        this.at = next;
      }
    });
    for (const end of ["pointerup", "pointercancel"])
      this.paper.addEventListener(end, () => (this.at = null));
    this.paper.addEventListener("keydown", (event) => this.keyPressed(event));
    this.file = element("input", { type: "file", accept: "image/*" });
    this.file.addEventListener("change", () => this.upload());
    this.index = element("input", { type: "number", min: 0, max: 1999, value: this.state.index });
    this.sliders = Object.fromEntries(
      [["down", -8, 8, 1], ["right", -8, 8, 1], ["noise", 0, 0.6, 0.05]].map(([name, min, max, step]) => {
        const input = element("input", { type: "range", min, max, step, value: this.state[name] });
        input.addEventListener("input", () => {
          this.state[name] = Number(input.value);
          this.update();
        });
        return [name, input];
      }),
    );
    this.verdict = element("p", { className: "nb-verdict" });
    this.verdict.setAttribute("role", "status");
    this.bars = element("table", { className: "nb-bars" });
    this.steps = element("div", { className: "nb-pictures nb-small" });
    this.layers = element("div");
    this.explained = element("div", { className: "nb-sum" });
    this.explained.setAttribute("aria-live", "polite");
    const button = (textContent, act) => {
      const made = element("button", { type: "button", textContent });
      made.addEventListener("click", act);
      return made;
    };
    this.stage.append(
      element(
        "div",
        { className: "nb-draw" },
        element(
          "div",
          {},
          this.paper,
          element(
            "div",
            { className: "nb-controls" },
            button("Clear", () => this.clear()),
            button("A digit it never saw", () => this.take((this.state.index + 1) % 2000)),
            labeled("number", this.index),
            labeled("Your picture (it stays in this browser)", this.file),
            ...Object.entries(this.sliders).map(([name, input]) => labeled(name, input)),
          ),
        ),
        element("div", {}, this.verdict, this.bars),
      ),
      this.steps,
      this.layers,
      this.explained,
    );
    this.index.addEventListener("change", () => this.take(Number(this.index.value)));
    this.wipe();
    await this.take(this.state.index);
  }

  // ---- what is on the paper

  wipe() {
    this.truth = null;
    this.pen.fillStyle = "white";
    this.pen.fillRect(0, 0, SIDE, SIDE);
  }

  clear() {
    this.wipe();
    this.update();
  }

  stroke(from, to) {
    Object.assign(this.pen, { lineWidth: PEN, lineCap: "round", strokeStyle: "black" });
    this.pen.beginPath();
    this.pen.moveTo(...from);
    this.pen.lineTo(...to);
    this.pen.stroke();
    this.truth = null;
    this.update();
  }

  keyPressed(event) {
    const move = { ArrowUp: [0, -STEP], ArrowDown: [0, STEP], ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0] }[event.key];
    if (event.key === " ") {
      this.down = !this.down;
      this.say(this.down ? "The pen is down." : "The pen is up.");
      if (this.down) this.stroke(this.cursor, this.cursor);
    } else if (move) {
      const next = this.cursor.map((at, i) => Math.max(0, Math.min(SIDE, at + move[i])));
      if (this.down) this.stroke(this.cursor, next);
      this.cursor = next;
    } else return;
    event.preventDefault();
  }

  /** Put a held-back digit on the paper, as if it had been drawn there. */
  async take(index) {
    const { ink, label } = await this.ask("held_back_digit", { index });
    const small = element("canvas");
    drawGray(small, ink, [1, 0]);
    this.wipe();
    this.pen.imageSmoothingEnabled = true;
    this.pen.drawImage(small, 0, 0, SIDE, SIDE);
    this.truth = label;
    this.state.index = index;
    this.index.value = index;
    await this.update();
  }

  async upload() {
    try {
      const { shape, data } = await pixelsOf(this.file.files[0], SIDE);
      const [height, width] = shape;
      const picture = await createImageBitmap(new ImageData(Uint8ClampedArray.from(data), width, height));
      this.wipe();
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
    if (prepared.empty) {
      this.verdict.textContent = "The paper is empty.";
      this.steps.hidden = this.layers.hidden = this.bars.hidden = true;
      this.explained.replaceChildren();
      return;
    }
    const { down, right, noise } = this.state;
    this.image = await this.ask("disturbed", { image: prepared.input, down, right, noise });
    const { layers, probabilities } = await this.ask("reading", { image: this.image });
    this.steps.hidden = this.layers.hidden = this.bars.hidden = false;
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
    if (!this.layers.childElementCount)
      layers.forEach(({ name, output }, number) => {
        const maps = output.shape.length === 3 ? output.shape[0] : 1;
        const row = element("div", { className: "nb-maps" });
        for (let map = 0; map < maps; map++) row.append(this.map(number, map, name, output.shape));
        this.layers.append(element("p", { textContent: `${name}: ${output.shape.join(" × ")}` }), row);
      });
    const rows = this.layers.querySelectorAll(".nb-maps");
    layers.forEach(({ output: { shape, data } }, number) => {
      const high = Math.max(...data.map(Math.abs)) || 1;
      const size = shape.length === 3 ? shape[1] * shape[2] : shape[0];
      [...rows[number].children].forEach((canvas, map) =>
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
            element("pre", { tabIndex: 0, textContent: grid(numbers) }),
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
