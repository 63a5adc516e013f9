// The editor of a snippet: an invisible textarea over the colored code. It comes when a
// snippet is edited, or has run.
import { highlighted } from "./highlight.js";
import * as python from "./python.js";

const TAB = "    ";
const LETTERS = [ // what makes the textarea's letters lie on the code's
  "fontFamily", "fontFeatureSettings", "fontSize", "fontWeight", "letterSpacing", "lineHeight",
];

export class Editor {
  constructor(cell) {
    this.cell = cell;
    this.originalHTML = cell.code.innerHTML;
    this.area = Object.assign(document.createElement("textarea"), {
      className: "nb-editor",
      spellcheck: false,
      autocapitalize: "off",
      autocomplete: "off",
      wrap: "off",
    });
    this.area.setAttribute("autocorrect", "off");
    this.area.setAttribute(
      "aria-label",
      `Code of ${cell.name}. Shift and Enter run it. Once you have typed, Tab indents; ` +
        "press Escape, then Tab, to leave.",
    );
    this.area.addEventListener("input", () => this.changed(true));
    this.area.addEventListener("keydown", (event) => this.keyPressed(event));
    this.area.addEventListener("focus", () => {
      this.tabs = undefined; // no keyboard trap: Tab moves on until something was typed
      if (!navigator.connection?.saveData) python.start();
    });
    this.mark = this.layer("nb-changed");
    this.wrong = this.layer("nb-line");
    this.numbers = this.layer("nb-numbered");
    this.numbers.setAttribute("aria-hidden", "true");
    cell.pre.append(this.area);
    cell.pre.classList.add("nb-editing");
    const fold = cell.root.querySelector(".nb-fold");
    if (fold) fold.open = fold.hidden = true; // all of the code can be changed
    this.letters(this.area);
    this.area.style.padding = getComputedStyle(cell.code).padding;
  }

  letters(box) {
    const style = getComputedStyle(this.cell.code);
    for (const property of LETTERS) box.style[property] = style[property];
    box.style.setProperty("--top", style.paddingTop);
  }

  /** Something that lies on the code. */
  layer(className) {
    const made = document.createElement("span");
    Object.assign(made, { className, hidden: true });
    this.letters(made);
    this.cell.pre.append(made);
    return made;
  }

  focus() {
    this.area.setSelectionRange(0, 0); // else it scrolls to the end
    this.area.focus();
  }

  set(text) {
    if (this.area.value !== text) this.area.value = text; // else the caret stays
    this.changed();
  }

  /** Mark a line, or none. */
  point(line) {
    this.wrong.hidden = !line;
    if (line) place(this.wrong, line - 1, 1);
  }

  /** Show the numbers of the lines, or hide them. */
  number() {
    this.numbers.hidden = !this.numbers.hidden;
  }

  changed(typed = false) {
    this.tabs ||= typed || undefined;
    const { original, code } = this.cell;
    const text = this.area.value;
    const edited = text !== original;
    // The last empty line needs something in it to have a height.
    code.innerHTML = edited ? `${highlighted(text)}\n` : this.originalHTML;
    const [from, count] = difference(original.split("\n"), text.split("\n"));
    this.numbers.textContent = text.split("\n").map((_, at) => at + 1).join("\n");
    this.mark.hidden = !edited;
    place(this.mark, from, Math.max(count, 0.15)); // lines only removed
    if (text !== this.cell.text) this.point(null);
    this.cell.edited(text, typed);
  }

  keyPressed(event) {
    if (event.isComposing) return;
    const { area } = this;
    const { selectionStart: start, selectionEnd: end } = area;
    const line = area.value.slice(0, start).split("\n").at(-1);
    const { key } = event;
    const control = event.ctrlKey || event.metaKey;
    const act = (work) => {
      event.preventDefault();
      work();
    };
    if (key === "Escape") this.tabs = false;
    else if (key === "Enter" && (control || event.shiftKey)) act(() => this.cell.run());
    else if (key === "Enter" && !event.altKey) {
      act(() => type(`\n${line.match(/^ */)[0]}${/:\s*(#.*)?$/.test(line) ? TAB : ""}`));
    } else if (key === "Tab" && (this.tabs ?? start !== end)) {
      if (event.shiftKey) act(() => this.lines(dedented));
      else if (start !== end) act(() => this.lines(indented));
      else act(() => type(" ".repeat(TAB.length - (line.length % TAB.length))));
    } else if (key === "/" && control) act(() => this.lines(commented));
    else if (key === "Backspace" && /^( {4})+$/.test(line) && start === end) {
      area.setSelectionRange(start - TAB.length, start);
    }
  }

  /** Change the lines of the selection, so that it can be undone. */
  lines(change) {
    const { area } = this;
    const { value, selectionStart: start, selectionEnd: end } = area;
    const from = value.slice(0, start).lastIndexOf("\n") + 1;
    const last = end > start && value[end - 1] === "\n" ? end - 1 : end;
    const to = value.indexOf("\n", last) < 0 ? value.length : value.indexOf("\n", last);
    const old = value.slice(from, to);
    const made = change(old.split("\n")).join("\n");
    if (made === old) return;
    area.setSelectionRange(from, to);
    type(made);
    const after = from + made.length;
    if (start === end) area.setSelectionRange(...Array(2).fill(Math.max(from, after - (to - end))));
    else area.setSelectionRange(from, after);
  }
}

/** As the reader would, so that it can be undone. */
function type(text) {
  document.execCommand(text ? "insertText" : "delete", false, text);
}

const indented = (lines) => lines.map((line) => (line ? TAB + line : line));
const dedented = (lines) => lines.map((line) => line.replace(/^ {1,4}/, ""));

function commented(lines) {
  const some = lines.filter((line) => line.trim());
  if (some.every((line) => /^ *#/.test(line)))
    return lines.map((line) => line.replace(/^( *)# ?/, "$1"));
  const depth = Math.min(...some.map((line) => line.search(/\S/)));
  return lines.map((line) => (line.trim() ? `${line.slice(0, depth)}# ${line.slice(depth)}` : line));
}

function place(box, from, count) {
  box.style.setProperty("--from", from);
  box.style.setProperty("--count", count);
}

/** The first line that differs, and the number of new lines there. */
function difference(old, lines) {
  let from = 0;
  while (from < Math.min(old.length, lines.length) && old[from] === lines[from]) from++;
  let same = 0;
  const most = Math.min(old.length, lines.length) - from;
  while (same < most && old.at(-1 - same) === lines.at(-1 - same)) same++;
  return [from, lines.length - from - same];
}
