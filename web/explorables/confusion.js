// What was read as what: a table of answers, whose cells open to their digits.
import { Heat, cells, element, told } from "../kit.js";

const HEADS = ["", 0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const LINES = Array.from({ length: 28 }, (_, line) => line); // of a digit
const PALE = 6; // wrong answers that have the strongest color: so few, that numbers can be read

export default function build({ stage, set }) {
  let counts = [];
  const table = new Heat({
    label: "The table: choose a cell",
    range: PALE,
    pick: ([row, column]) => set({ at: [row - 1, column - 1] }), // below and behind the heads
  });
  table.said = ([row, column]) => `is a ${row - 1}, read as a ${column - 1}: ${counts[row - 1]?.[column - 1] ?? ""}`;
  const caption = element("figcaption", {});
  const found = element("div", { className: "nb-found" });
  stage.classList.add("nb-confusion");
  stage.append(
    element("figure", {}, element("figcaption", { textContent: "↓ is a …     → was read as a …" }), table.root),
    element("figure", {}, caption, found),
  );

  /** A digit, which goes onto the paper of the reader on this page. */
  const digit = ([index, picture], sure) => {
    const small = new Heat({ label: "", range: [17, 0] });
    const [pixels] = cells([picture]);
    small.show(LINES.map((line) => pixels.slice(28 * line, 28 * line + 28)));
    return element("a", { href: `#cnn=index:${index}`, title: "put it on the paper" }, small.paper, `${told(sure, 0)} % sure`);
  };

  return ({ at }, facts) => {
    const rows = [HEADS, ...facts.counts.map((row, i) => [i, ...row])];
    const wrong = rows.map((row, i) => row.map((count, j) => (i && j && i !== j ? count : 0)));
    table.show(wrong, { at: at.map((i) => i + 1) });
    if (counts !== facts.counts) table.write(rows.flatMap((row, i) => row.map((count, j) => (count || !i || !j ? count : ""))), (k) => (k < HEADS.length || k % HEADS.length === 0 ? "color: var(--nb-muted)" : ""));
    counts = facts.counts;
    caption.textContent = facts.digits.length ? "choose one: it comes onto the paper at the top" : "no digit in this cell";
    found.replaceChildren(...facts.digits.map((one, i) => digit(one, facts.sure[i])));
  };
}
