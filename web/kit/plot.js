// A plot: scales, axes, curves, areas, marks, and points and lines that can be dragged.
import { drawn, fresh, set, told } from "./element.js";
import { grab } from "./hand.js";

export class Plot {
  /** `x` and `y` are the ranges; width and height count in pixels of a wide page. `margin`
   * is the room around: top, right, bottom, left. */
  constructor({ label, x, y, width = 280, height = 280, margin = [8, 8, 8, 8] }) {
    const [top, right, bottom, left] = margin;
    Object.assign(this, { x, y, top, left, scale: 1 });
    this.wide = width - left - right;
    this.high = height - top - bottom;
    const box = { x: left, y: top, width: this.wide, height: this.high };
    this.below = drawn("g", {});
    this.inner = drawn("svg", { ...box, viewBox: `${left} ${top} ${this.wide} ${this.high}` });
    this.above = drawn("g", {});
    const title = drawn("title", { id: fresh() }, label);
    this.root = drawn(
      "svg",
      { class: "nb-plot", viewBox: `0 0 ${width} ${height}`, role: "group", "aria-labelledby": title.id },
      title,
      this.below,
      this.inner,
      this.above,
    );
    new ResizeObserver(([{ contentRect }]) => {
      if (contentRect.width) this.scale = contentRect.width / width;
      this.root.style.setProperty("--nb-scale", this.scale);
    }).observe(this.root);
    this.root.style.setProperty("--nb-bottom", `${bottom}px`);
  }

  X = (x) => this.left + ((x - this.x[0]) / (this.x[1] - this.x[0])) * this.wide;
  Y = (y) => this.top + ((this.y[1] - y) / (this.y[1] - this.y[0])) * this.high;

  /** Where a pointer is, in the plot's own units. */
  place = ({ clientX, clientY }) => {
    const at = new DOMPoint(clientX, clientY).matrixTransform(this.root.getScreenCTM().inverse());
    return [
      this.x[0] + ((at.x - this.left) / this.wide) * (this.x[1] - this.x[0]),
      this.y[1] - ((at.y - this.top) / this.high) * (this.y[1] - this.y[0]),
    ];
  };

  path = (points, close) =>
    points.map(([x, y], i) => `${i ? "L" : "M"}${this.X(x).toFixed(2)} ${this.Y(y).toFixed(2)}`).join("") +
    (close ? "Z" : "");

  text(words, x, y, attributes = {}) {
    const made = drawn("text", { x: this.X(x), y: this.Y(y), ...attributes }, words);
    this.above.prepend(made); // handles stay on top
    return made;
  }

  /** Words that move: call it with a place, and with other words if they change. */
  label(words, attributes = {}) {
    const made = this.text(words, 0, 0, attributes);
    return (x, y, other = words) => {
      set(made, { x: this.X(x), y: this.Y(y) });
      made.textContent = other;
    };
  }

  /** Lines at the left and at the bottom, with numbers at `ticks` and names. Called again,
   * it draws those of the range of now. */
  axes({ x = "", y = "", xticks = [], yticks = [] }) {
    const [[x0, x1], [y0, y1]] = [this.x, this.y];
    for (const old of this.ruled ?? []) old.remove();
    const line = drawn("path", { class: "nb-axis", d: this.path([[x0, y1], [x0, y0], [x1, y0]]) });
    this.below.append(line);
    this.ruled = [line];
    const digits = (ticks) => Math.max(0, ...ticks.map((tick) => (String(Number(tick.toFixed(6))).split(".")[1] ?? "").length));
    for (const tick of xticks) this.rule(told(tick, digits(xticks)), tick, y0, { dy: "1.2em", "text-anchor": "middle" });
    for (const tick of yticks) this.rule(told(tick, digits(yticks)), x0, tick, { dx: "-0.4em", dy: "0.35em", "text-anchor": "end" });
    if (x) this.rule(x, x1, y0, { dy: xticks.length ? "2.4em" : "1.2em", "text-anchor": "end" });
    if (y) this.rule(y, x0, y1, { dx: "0.4em", dy: "0.8em" });
    // letters do not shrink with the plot: what they need below it, in lines, and what there is
    this.root.style.setProperty("--nb-lines", Number(Boolean(x)) + Number(xticks.length > 0));
    return this;
  }

  rule(...words) {
    this.ruled.push(this.text(...words));
  }

  /** Something drawn in the plot, of a class; call it with lists of points, each a stroke. */
  curve(className, close = false) {
    const made = drawn("path", { class: className });
    this.inner.append(made);
    return (lists) => set(made, { d: lists.map((points) => this.path(points, close)).join("") });
  }

  /** Filled polygons: call it with lists of corners. */
  area = (className) => this.curve(className, true);

  /** A mark that does not move by itself: call it with a place. Round, or `square`. */
  mark(className, square = false) {
    const made = drawn("path", { class: `nb-mark ${square ? "nb-square " : ""}${className}` });
    this.above.append(made);
    return (x, y) => set(made, { d: `M${this.X(x)} ${this.Y(y)}h.01` });
  }

  /** A point to drag. `move` gets [x, y]; call what is given back with its place. */
  point({ label, className = "", square = false, move, step, text = null }) {
    let at = [0, 0];
    const paths = ["nb-hit", "nb-ring", `nb-mark ${square ? "nb-square " : ""}${className}`].map((name) => drawn("path", { class: name }));
    const made = drawn("g", {}, ...paths);
    this.above.append(made);
    const say = grab(made, {
      label,
      place: this.place,
      get: () => at,
      move,
      step,
      text: text ?? (() => at.map((value) => told(value)).join(", ")),
    });
    const to = (x, y) => {
      at = [x, y];
      const inside = [[x, this.x], [y, this.y]].map(([v, [low, high]]) => Math.min(high, Math.max(low, v)));
      for (const path of paths) set(path, { d: `M${this.X(inside[0])} ${this.Y(inside[1])}h.01` });
      say();
    };
    to.root = made;
    return to;
  }

  head(x, y, tx, ty) {
    const way = Math.atan2(this.Y(ty) - this.Y(y), this.X(tx) - this.X(x));
    const side = (turn) => [-9, -9].map((long, i) => (long / this.scale) * [Math.cos, Math.sin][i](way + turn));
    return [0.45, -0.45].map((turn) => `M${this.X(tx)} ${this.Y(ty)}l${side(turn).map((v) => v.toFixed(2))}`).join("");
  }

  /** The edge of a half-plane: a line, a point that moves it, and an arrow that turns it
   * and points to the side where the sum is positive. `move` gets [px, py, wx, wy];
   * `long()` is the arrow's length for a weight of 1. */
  edge({ label, className, move, step, long = () => 1 }) {
    let [px, py, wx, wy] = [0, 0, 1, 0];
    const line = this.curve(`nb-line ${className}`);
    const arrow = drawn("path", { class: `nb-arrow ${className}` });
    this.inner.append(arrow); // which ends where the plot does
    const options = { className, step };
    const foot = this.point({ ...options, label: `${label}, its place`, move: ([x, y]) => move([x, y, wx, wy]) });
    const tip = this.point({
      ...options,
      label: `${label}, its arrow`,
      step: () => step * long(),
      move: ([x, y]) => move([px, py, (x - px) / long(), (y - py) / long()]),
      text: () => `points ${told(wx)}, ${told(wy)}`,
    });
    tip.root.querySelector(".nb-mark").remove(); // the arrow's head is enough
    return ([x, y, u, v]) => {
      [px, py, wx, wy] = [x, y, u, v];
      const [tx, ty] = [px + long() * wx, py + long() * wy];
      const far = 9 / (Math.hypot(wx, wy) || 1);
      line([[[px - far * wy, py + far * wx], [px + far * wy, py - far * wx]]]);
      set(arrow, { d: this.path([[px, py], [tx, ty]]) + this.head(px, py, tx, ty) });
      foot(px, py);
      tip(tx, ty);
    };
  }
}
