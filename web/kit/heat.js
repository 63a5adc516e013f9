// A matrix as cells: signed values in two colors with the paper between them, or grays.
import { element, set, told } from "./element.js";
import { grab } from "./hand.js";

export class Heat {
  /** `range` is the value of the strongest color (signed), or [black, white]. `pick` gets
   * [row, column] when a cell is touched or reached by the arrow keys: one tab stop. */
  constructor({ label, range = 1, pick = null, digits = 2 }) {
    Object.assign(this, { range, digits, label, at: [0, 0], rows: [[0]] });
    this.paper = element("canvas", { className: "nb-pixels" });
    this.frame = element("i", { className: "nb-cell", hidden: true });
    this.number = element("output", { className: "nb-number" });
    this.words = element("div", { className: "nb-cell-numbers" });
    set(this.words, { "aria-hidden": "true" });
    this.face = element("div", { className: "nb-face" }, this.paper, this.frame, this.words);
    this.root = element("div", { className: "nb-heat" }, this.face, this.number);
    if (!pick) set(this.face, { role: "img", "aria-label": label });
    else
      this.tell = grab(this.face, {
        label,
        place: this.place,
        get: () => [this.at[1], -this.at[0]], // to the right, and up
        move: ([column, up]) => pick(this.inside([Math.round(-up), Math.round(column)])),
        step: 1,
        jump: true,
        text: () => this.said(this.at),
      });
    this.face.addEventListener("pointermove", (event) => {
      const [column, up] = this.place(event);
      this.number.textContent = this.said(this.inside([Math.round(-up), Math.round(column)]));
    });
    this.face.addEventListener("pointerleave", () => (this.number.textContent = this.picked ? this.said(this.at) : ""));
  }

  place = ({ clientX, clientY }) => {
    const box = this.paper.getBoundingClientRect();
    const across = Math.floor(((clientX - box.left) / box.width) * this.rows[0].length);
    return [across, -Math.floor(((clientY - box.top) / box.height) * this.rows.length)];
  };

  inside = ([row, column]) => [
    Math.min(this.rows.length - 1, Math.max(0, row)),
    Math.min(this.rows[0].length - 1, Math.max(0, column)),
  ];

  said = ([row, column]) => `row ${row}, column ${column}: ${told(this.rows[row]?.[column] ?? 0, this.digits)}`;

  /** Show a list of rows; `frame` is [row, column, rows, columns] of the cells to frame,
   * `at` the cell that is picked. */
  show(rows, { frame = null, at = null, range = this.range } = {}) {
    Object.assign(this, { rows, range, picked: at !== null, at: at ?? this.at });
    const [height, width] = [rows.length, rows[0].length];
    Object.assign(this.paper, { width, height });
    const color = (name) => {
      this.frame.style.color = `var(--nb-${name})`;
      return getComputedStyle(this.frame).color.match(/[\d.]+/g).map(Number);
    };
    const [more, less] = Array.isArray(range) ? [] : [color("weight"), color("input")];
    this.frame.style.color = "";
    const pixels = new ImageData(width, height);
    rows.flat().forEach((value, i) => {
      if (Array.isArray(range)) {
        const gray = (255 * (value - range[0])) / (range[1] - range[0] || 1);
        pixels.data.set([gray, gray, gray, 255], 4 * i);
      } else {
        const [red, green, blue] = value < 0 ? less : more;
        pixels.data.set([red, green, blue, 255 * Math.min(1, Math.abs(value) / range)], 4 * i);
      }
    });
    this.paper.getContext("2d").putImageData(pixels, 0, 0);
    this.paper.style.aspectRatio = `${width} / ${height}`;
    const [row, column, high, long] = frame ?? (at ? [...at, 1, 1] : [0, 0, 0, 0]);
    this.frame.hidden = !frame && !at;
    const share = (part, whole) => `${(100 * part) / whole}%`;
    Object.assign(this.frame.style, { left: share(column, width), top: share(row, height), width: share(long, width), height: share(high, height) });
    this.number.textContent = at ? this.said(at) : "";
    this.tell?.();
  }

  /** Write words into the cells, row by row; `color` gives a rule for the one at a place. */
  write(words, color = () => "") {
    this.root.style.setProperty("--columns", this.rows[0].length);
    this.words.replaceChildren(...words.map((textContent, i) => element("span", { textContent, style: color(i) })));
  }
}

/** The numbers of a picture that Python has written as text (common.pictured): -17 to 17. */
export const cells = (lines) =>
  lines.map((line) =>
    Array.from(
      line.replace(/[A-Z]/g, (zeros) => "h".repeat(zeros.charCodeAt() - 63)),
      (level) => parseInt(level, 36) - 17,
    ),
  );

/** What the two colors of signed values mean. */
export function legend(range, digits = 1) {
  return element("span", { className: "nb-legend" }, told(-range, digits), element("i", {}), told(range, digits));
}
