// <nb-kernel-lab>: one kernel over one picture, cell by cell.
import { array, drawGray, element, Explorable, labeled, pixelsOf, told } from "./explorable.js";

const OWN = "your numbers";
const SIZES = [1, 2, 3, 4, 5, 6, 7];
const PICTURES = ["boat", "digit", "checkerboard"];
const LARGEST = 96; // pixels of an uploaded picture's longer side
const still = matchMedia("(prefers-reduced-motion: reduce)");

class KernelLab extends Explorable {
  static module = "convolution";
  static key = "kernel-lab";
  static title = "Kernel lab";
  static first = {
    picture: "boat",
    kernel: "vertical edge",
    stride: 1,
    padding: 0,
    dilation: 1,
    at: [0, 0],
  };

  async build() {
    this.kernels = await this.ask("lab_kernels");
    this.picture = select(PICTURES, async () => {
      this.state.picture = this.picture.value;
      this.image = null;
      this.update();
    });
    this.file = element("input", { type: "file", accept: "image/*" });
    this.file.addEventListener("change", () => this.upload());
    this.kernel = select([...Object.keys(this.kernels), OWN], () => {
      if (this.kernel.value !== OWN) this.state.kernel = this.kernel.value;
      else this.state.kernel = this.numbers().map((row) => [...row]);
      this.update();
    });
    this.size = select(SIZES.map(String), () => this.resize(Number(this.size.value)));
    this.grid = element("div", { className: "nb-kernel" });
    this.grid.setAttribute("role", "group");
    this.grid.setAttribute("aria-label", "Numbers of the kernel");
    this.steps = Object.fromEntries(
      [["stride", 1, 9], ["padding", 0, 9], ["dilation", 1, 9]].map(([name, min, max]) => {
        const input = element("input", { type: "number", min, max, step: 1 });
        input.addEventListener("input", () => {
          if (!input.value || !input.checkValidity()) return;
          this.state[name] = Number(input.value);
          this.update();
        });
        return [name, input];
      }),
    );
    this.input = canvas("Input; the window of the chosen cell is framed");
    this.output = canvas("Output; choose a cell with the mouse or the arrow keys");
    this.output.tabIndex = 0;
    this.output.addEventListener("pointerdown", (event) => this.point(event));
    this.output.addEventListener("pointermove", (event) => event.buttons && this.point(event));
    this.output.addEventListener("keydown", (event) => this.arrow(event));
    this.scrub = element("input", { type: "range", min: 0, step: 1 });
    this.scrub.setAttribute("aria-label", "Cell of the output");
    this.scrub.addEventListener("input", () => this.goTo(Number(this.scrub.value)));
    this.playing = button("Play", () => this.play());
    this.sum = element("div", { className: "nb-sum" });
    this.sum.setAttribute("aria-live", "polite");
    this.sizes = element("pre");
    this.codes = element("div");
    this.stage.replaceChildren(
      element(
        "div",
        { className: "nb-controls" },
        labeled("Picture", this.picture),
        labeled("or your own (it stays in this browser)", this.file),
        labeled("Kernel", this.kernel),
        labeled("Size", this.size),
        ...Object.entries(this.steps).map(([name, input]) => labeled(name, input)),
      ),
      this.grid,
      element("div", { className: "nb-pictures" }, framed("Input", this.input), framed("Output", this.output)),
      element(
        "div",
        { className: "nb-controls" },
        button("Back", () => this.goTo(this.index() - 1)),
        button("Step", () => this.goTo(this.index() + 1)),
        this.playing,
        this.scrub,
      ),
      this.sum,
      this.sizes,
      element("details", {}, element("summary", { textContent: "The same call in code" }), this.codes),
    );
  }

  // ---- the state as the library takes it

  numbers() {
    const { kernel } = this.state;
    if (Array.isArray(kernel)) return kernel;
    const { shape, data } = this.kernels[kernel] ?? this.kernels[KernelLab.first.kernel];
    return SIZES.slice(0, shape[0]).map((_, row) => [...data.slice(row * shape[1], (row + 1) * shape[1])]);
  }

  given() {
    const kernel = this.numbers();
    const { stride, padding, dilation } = this.state;
    const numbers = array([kernel.length, kernel.length], kernel.flat());
    return { image: this.image, kernel: numbers, stride, padding, dilation };
  }

  async upload() {
    if (!this.file.files.length) return; // nothing was chosen
    try {
      const pixels = await pixelsOf(this.file.files[0], LARGEST);
      this.image = await this.ask("gray", { pixels });
      await this.update();
    } catch (error) {
      this.trouble(error);
    }
  }

  resize(size) {
    const old = this.numbers();
    this.state.kernel = SIZES.slice(0, size).map((_, i) => SIZES.slice(0, size).map((_, j) => old[i]?.[j] ?? 0));
    this.update();
  }

  // ---- showing

  async show() {
    this.showControls();
    this.image ??= await this.ask("lab_picture", { name: this.state.picture });
    const given = this.given();
    this.result = await this.ask("lab_result", given);
    const [height, width] = this.result.output.shape;
    const at = [height, width].map((size, i) => Math.max(0, Math.min(this.state.at[i], size - 1)));
    this.state.at = at;
    const cell = await this.ask("lab_cell", { ...given, row: at[0], column: at[1] });
    drawGray(this.input, this.image, [0, 1]);
    drawGray(this.output, this.result.output);
    frame(this.input, cell.rows, cell.columns);
    frame(this.output, [at[0]], [at[1]]);
    this.scrub.max = height * width - 1;
    this.scrub.value = at[0] * width + at[1];
    this.showSum(cell, at);
    this.sizes.textContent = this.result.sizes.join("\n");
    this.codes.replaceChildren(
      ...Object.entries(this.result.calls).flatMap(([name, code]) => [
        element("p", { textContent: name }),
        element("pre", { tabIndex: 0 }, element("code", { textContent: code })),
      ]),
    );
  }

  showControls() {
    const { picture, kernel } = this.state;
    this.picture.value = picture;
    this.kernel.value = Array.isArray(kernel) ? OWN : kernel;
    for (const [name, input] of Object.entries(this.steps))
      if (document.activeElement !== input) input.value = this.state[name];
    const numbers = this.numbers();
    this.size.value = numbers.length;
    this.grid.style.setProperty("--size", numbers.length);
    if (this.grid.contains(document.activeElement)) return;
    this.grid.replaceChildren(
      ...numbers.flatMap((row, i) =>
        row.map((value, j) => {
          const input = element("input", { type: "number", step: "any", value: Number(value.toFixed(4)) });
          input.setAttribute("aria-label", `row ${i + 1}, column ${j + 1}`);
          input.addEventListener("input", () => {
            if (!Number.isFinite(input.valueAsNumber)) return;
            this.state.kernel = this.numbers().map((row) => [...row]);
            this.state.kernel[i][j] = input.valueAsNumber;
            this.update();
          });
          return input;
        }),
      ),
    );
  }

  showSum({ window, products, sum }, [row, column]) {
    const [size] = window.shape;
    const kernel = this.numbers();
    const rows = kernel.map((weights, i) =>
      weights
        .map((weight, j) => `${told(window.data[i * size + j])}·${told(weight)}`)
        .join(" + "),
    );
    this.products = products;
    this.sum.replaceChildren(
      element("p", { textContent: `Output, row ${row}, column ${column}:` }),
      element("pre", { className: "nb-numbers", tabIndex: 0 }, `  ${rows.join("\n+ ")}\n= ${told(sum)}`),
    );
  }

  // ---- moving through the output

  index() {
    return this.state.at[0] * this.result.output.shape[1] + this.state.at[1];
  }

  goTo(index) {
    const [height, width] = this.result.output.shape;
    const cell = (index + height * width) % (height * width);
    this.state.at = [Math.floor(cell / width), cell % width];
    return this.update();
  }

  point({ offsetX, offsetY }) {
    const [height, width] = this.result.output.shape;
    const { clientWidth, clientHeight } = this.output;
    this.state.at = [Math.floor((offsetY / clientHeight) * height), Math.floor((offsetX / clientWidth) * width)];
    this.update();
  }

  arrow(event) {
    const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!move) return;
    event.preventDefault();
    this.state.at = this.state.at.map((at, i) => at + move[i]);
    this.update();
  }

  play() {
    clearInterval(this.timer);
    const play = this.playing.textContent === "Play";
    this.playing.textContent = play ? "Pause" : "Play";
    if (!play) return;
    const step = () => (this.isConnected && !document.hidden ? this.goTo(this.index() + 1) : this.play());
    this.timer = setInterval(step, still.matches ? 1000 : 150);
  }
}

function select(options, act) {
  const made = element("select", {}, ...options.map((text) => element("option", { textContent: text })));
  made.addEventListener("change", act);
  return made;
}

function button(textContent, act) {
  const made = element("button", { type: "button", textContent });
  made.addEventListener("click", act);
  return made;
}

function canvas(label) {
  const made = element("canvas", { className: "nb-pixels" });
  made.setAttribute("role", "img");
  made.setAttribute("aria-label", label);
  return made;
}

function framed(title, canvas) {
  const frame = element("div", { className: "nb-cells" });
  return element("figure", {}, element("div", { className: "nb-frame" }, canvas, frame), element("figcaption", { textContent: title }));
}

/** Put a frame around each of these cells of a canvas; those outside are its padding. */
function frame(canvas, rows, columns) {
  const { width, height } = canvas;
  canvas.nextElementSibling.replaceChildren(
    ...rows.flatMap((row) =>
      columns.map((column) => {
        const cell = element("i");
        Object.assign(cell.style, {
          left: `${(100 * column) / width}%`,
          top: `${(100 * row) / height}%`,
          width: `${100 / width}%`,
          height: `${100 / height}%`,
        });
        return cell;
      }),
    ),
  );
}

customElements.define("nb-kernel-lab", KernelLab);
