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
    const margin = 2 * radius;
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
          const line = drawn("path", { d: `M${x1} ${y1}L${x2} ${y2}`, class: "nb-line nb-weight" });
          const share = 0.36 + 0.2 * ((i + j) % 2); // so that numbers of crossing lines part
          const words = drawn("text", { x: x1 + share * (x2 - x1), y: y1 + share * (y2 - y1), dy: "0.35em", "text-anchor": "middle", class: "nb-on-line" });
          const edge = drawn("g", { class: "nb-edge" }, line, words);
          this.lines.append(edge);
          return edge;
        }),
      ),
    );
  }

  /** `nodes` has a list of values for each column, `edges` for each gap a matrix, a row
   * for each circle on the right. `strong` is the value of the widest line. */
  show({ nodes, edges, strong = 2 }) {
    nodes.forEach((values, column) => values.forEach((value, i) => write(this.nodes[column][i], value, this.digits)));
    edges.forEach((rows, gap) =>
      rows.forEach((row, j) =>
        row.forEach((value, i) => {
          const edge = this.edges[gap][j][i];
          write(edge, value, this.digits);
          const width = 0.6 + 5 * Math.min(1, Math.abs(value) / strong);
          set(edge.firstChild, { "stroke-width": width, "stroke-dasharray": value < 0 ? "5 4" : null });
        }),
      ),
    );
  }
}

function write(group, value, digits) {
  group.querySelector("text").textContent = typeof value === "number" ? told(value, digits) : value;
}
