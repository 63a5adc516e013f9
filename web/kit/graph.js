// A network as circles and lines that carry values.
import { drawn, fresh, set, told } from "./element.js";

export class Graph {
  /** `columns` says how many circles each column has. */
  constructor({ label, columns, width = 320, height = 200, radius = 17, digits = 2 }) {
    this.digits = digits;
    const title = drawn("title", { id: fresh() }, label);
    this.lines = drawn("g", {});
    this.root = drawn("svg", { class: "nb-plot nb-graph", viewBox: `0 0 ${width} ${height}`, role: "group", "aria-labelledby": title.id }, title, this.lines);
    new ResizeObserver(([{ contentRect }]) => {
      if (contentRect.width) this.root.style.setProperty("--nb-scale", contentRect.width / width);
    }).observe(this.root);
    const margin = radius + 4;
    this.places = columns.map((count, column) =>
      Array.from({ length: count }, (_, row) => [
        margin + (column * (width - 2 * margin)) / Math.max(1, columns.length - 1),
        (height * (row + 0.5)) / count,
      ]),
    );
    const kind = (column) => (column ? "nb-activation" : "nb-input");
    this.nodes = this.places.map((places, column) =>
      places.map(([cx, cy]) => {
        const words = drawn("text", { x: cx, y: cy, dy: "0.35em", "text-anchor": "middle" });
        const node = drawn("g", { class: `nb-node ${kind(column)}` }, drawn("circle", { cx, cy, r: radius }), words);
        this.root.append(node);
        return node;
      }),
    );
    this.edges = this.places.slice(1).map((to, column) =>
      to.map(([x2, y2], j) =>
        this.places[column].map(([x1, y1], i) => {
          const line = drawn("path", { d: `M${x1} ${y1}L${x2} ${y2}`, class: "nb-line" });
          const share = to.length === 1 || i === j ? 0.5 : 0.36; // numbers of crossing lines part
          const edge = drawn("g", { class: "nb-edge nb-weight" }, line);
          this.lines.append(edge);
          return this.numbers(edge, x1 + share * (x2 - x1), y1 + share * (y2 - y1));
        }),
      ),
    );
  }

  /** Put two numbers on a plate into a group, and what a finger finds. */
  numbers(group, x, y) {
    const words = { x, y: y - 2, "text-anchor": "middle" };
    group.append(
      drawn("rect", { x: x - 23, y: y - 16, width: 46, height: 32, rx: 6 }),
      drawn("path", { class: "nb-hit", d: `M${x} ${y}h.01` }),
      drawn("text", words),
      drawn("text", { ...words, dy: "1.1em", class: "nb-gradient" }),
    );
    return group;
  }

  /** `nodes` has a list of values for each column, `edges` for each gap a matrix, a row
   * for each circle on the right; `slopes` is what stands in the same form below the
   * weights. `strong` is the value of the widest line. */
  show({ nodes, edges, slopes = null, strong = 2 }) {
    nodes.forEach((values, column) => values.forEach((value, i) => this.write(this.nodes[column][i], value)));
    edges.forEach((rows, gap) =>
      rows.forEach((row, j) =>
        row.forEach((value, i) => {
          const edge = this.edges[gap][j][i];
          edge.classList.toggle("nb-bare", typeof value !== "number");
          this.write(edge, value, slopes?.[gap][j][i]);
          const width = 0.6 + 5 * Math.min(1, Math.abs(value) / strong || 0);
          set(edge.firstChild, { "stroke-width": width, "stroke-dasharray": value < 0 ? "5 4" : null });
        }),
      ),
    );
  }

  /** Write the numbers, or texts, of a group. */
  write(group, ...values) {
    const text = (value) => (typeof value === "number" ? told(value, this.digits) : value ?? "");
    group.querySelectorAll("text").forEach((words, i) => (words.textContent = text(values[i])));
  }
}
