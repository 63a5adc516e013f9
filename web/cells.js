// Makes the snippets of a page editable and runnable. Without this script they show
// what they printed and drew when the site was built; so they do until they are run.
import * as python from "./python.js";

const TAB = "    ";
const INTENT = 200; // milliseconds over Run that count as a wish to run
const MOST = "up to 3 minutes"; // of training: 10 s where it is built, 15 times that in a page
const LETTERS = [ // what makes the textarea's letters lie on the code's
  "fontFamily", "fontFeatureSettings", "fontSize", "fontWeight", "letterSpacing", "lineHeight",
];
const cells = new Set();
let highlighted = (code) => element("i", { textContent: code }).innerHTML; // until it is there

/** Called for every page that is shown. */
export function attach() {
  for (const cell of cells) if (!cell.root.isConnected) cell.leave();
  for (const root of document.querySelectorAll(".nb-snippet:not([data-live])")) {
    root.dataset.live = "";
    const number = [...document.querySelectorAll(".nb-snippet")].indexOf(root) + 1;
    cells.add(new Cell(root, number));
  }
}

class Cell {
  constructor(root, number) {
    this.root = root;
    this.name = `snippet ${number}`;
    this.path = location.pathname;
    this.pre = root.querySelector(".highlight pre");
    this.code = this.pre.querySelector("code");
    this.original = this.code.textContent.replace(/\n$/, "");
    this.originalHTML = this.code.innerHTML;
    this.results = [...root.children].filter((e) => e.matches(".nb-output, .nb-figure"));
    this.alts = this.results
      .map((e) => e.querySelector("[role=img]")?.getAttribute("aria-label"))
      .filter(Boolean);
    this.shown = this.results;
    this.picturesFirst = Boolean(root.querySelector(".nb-figure + .highlight"));
    this.text = this.original;
    this.key = `neuralblog ${this.path} ${hash(this.original)}`;
    this.controls();
    const kept = recall(this.key);
    if (kept !== null && kept !== this.original) this.open(kept);
    if ("trains" in root.dataset) this.say(`Trains a network: ${this.expected()}.`);
  }

  controls() {
    this.bar = element("div", { className: "nb-bar" });
    this.bar.setAttribute("role", "group");
    this.bar.setAttribute("aria-label", `Run ${this.name}`);
    const button = (label, title, act) => {
      const made = element("button", { type: "button", textContent: label, title });
      made.addEventListener("click", act);
      return made;
    };
    this.runs = button("Run", "Run this snippet (Ctrl+Enter)", () => this.run());
    this.stops = button("Stop", "Stop this snippet", () => this.stop());
    this.edits = button("Edit", "Change this snippet", () => this.open(this.text, true));
    this.resets = button("Reset", "Back to the snippet as it was", () => this.reset());
    this.status = element("span", { className: "nb-status" });
    this.status.setAttribute("role", "status");
    this.stops.hidden = this.resets.hidden = true;
    this.runs.classList.add("nb-run");
    let wish;
    this.runs.addEventListener("pointerenter", (event) => {
      if (event.pointerType === "mouse" && !navigator.connection?.saveData)
        wish = setTimeout(python.start, INTENT);
    });
    this.runs.addEventListener("pointerleave", () => clearTimeout(wish));
    this.bar.append(this.runs, this.stops, this.edits, this.resets, this.status);
    this.pre.parentElement.append(this.bar);
  }

  // ---- Editing: an invisible textarea over the colored code.

  open(text, focus = false) {
    if (!this.area) {
      this.area = element("textarea", {
        className: "nb-editor",
        spellcheck: false,
        autocapitalize: "off",
        autocomplete: "off",
        wrap: "off",
      });
      this.area.setAttribute("autocorrect", "off");
      this.area.setAttribute(
        "aria-label",
        `Code of ${this.name}. Control and Enter run it. Once you have typed, Tab indents; ` +
          "press Escape, then Tab, to leave.",
      );
      this.area.addEventListener("input", () => this.changed(true));
      this.area.addEventListener("keydown", (event) => this.keyPressed(event));
      this.area.addEventListener("focus", () => {
        this.tabs = false; // no keyboard trap: Tab moves on until something was typed
        if (!navigator.connection?.saveData) python.start();
      });
      this.mark = element("span", { className: "nb-changed" });
      this.pre.append(this.area, this.mark);
      this.pre.classList.add("nb-editing");
      this.edits.hidden = true;
      const fold = this.root.querySelector(".nb-fold");
      if (fold) fold.open = fold.hidden = true; // all of the code can be changed
      const style = getComputedStyle(this.code);
      for (const property of LETTERS) {
        this.area.style[property] = style[property];
        this.mark.style[property] = style[property];
      }
      this.area.style.padding = style.padding;
      this.mark.style.setProperty("--top", style.paddingTop);
      import("./highlight.js").then((module) => {
        ({ highlighted } = module);
        this.changed();
      }, () => {}); // without it, code that is edited has one color
    }
    this.area.value = text;
    this.changed();
    if (!focus) return;
    this.area.setSelectionRange(0, 0); // else it scrolls to the end
    this.area.focus();
  }

  changed(typed = false) {
    this.tabs ||= typed;
    this.text = this.area.value;
    const edited = this.text !== this.original;
    // The last empty line needs something in it to have a height.
    this.code.innerHTML = edited ? `${highlighted(this.text)}\n` : this.originalHTML;
    this.resets.hidden = !edited;
    this.root.classList.toggle("nb-edited", edited);
    const [from, count] = difference(this.original.split("\n"), this.text.split("\n"));
    this.mark.hidden = !edited;
    this.mark.style.setProperty("--from", from);
    this.mark.style.setProperty("--count", Math.max(count, 0.15)); // lines only removed
    const which = count > 1 ? `lines ${from + 1} to ${from + count}` : `line ${from + 1}`;
    this.resets.title = `Back to the snippet as it was: undo the change in ${which}`;
    if (typed) keep(this.key, edited ? this.text : null);
  }

  keyPressed(event) {
    if (event.isComposing) return;
    const { area } = this;
    const line = area.value.slice(0, area.selectionStart).split("\n").at(-1);
    const type = (text) => {
      event.preventDefault();
      document.execCommand("insertText", false, text); // so that it can be undone
    };
    if (event.key === "Escape") this.tabs = false;
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.run();
    } else if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
      type(`\n${line.match(/^ */)[0]}${/:\s*(#.*)?$/.test(line) ? TAB : ""}`);
    } else if (event.key === "Tab" && this.tabs && !event.shiftKey) {
      type(" ".repeat(TAB.length - (line.length % TAB.length)));
    } else if (event.key === "Backspace" && /^( {4})+$/.test(line)) {
      if (area.selectionStart !== area.selectionEnd) return;
      area.setSelectionRange(area.selectionStart - TAB.length, area.selectionStart);
    }
  }

  reset() {
    this.runs.focus({ preventScroll: true }); // this button goes, and no keyboard comes up
    this.open(this.original);
    keep(this.key, null);
    this.show(this.results);
    this.say("As it was.");
  }

  // ---- Running.

  run() {
    if (this.stopRun) return;
    this.fresh = true; // the old output stays until there is a new one
    this.training = null;
    this.runs.disabled = true;
    this.stops.hidden = false;
    this.root.setAttribute("aria-busy", "true");
    const { path, name, text: code } = this;
    const alts =
      code === this.original
        ? this.alts
        : this.alts.map((alt) => `Drawn by your version. The original: ${alt}`);
    const changed = code !== this.original;
    this.stopRun = python.run({ code, path, name, alts, changed }, {
      status: (text) => this.say(text),
      started: () => this.say("trains" in this.root.dataset ? `Running: ${this.expected()} …` : "Running …"),
      again: () => (this.fresh = true),
      output: ({ parts }) => parts.forEach(({ stream, text }) => this.print(stream, text)),
      figure: ({ svg }) => this.draw(svg),
      progress: ({ done, total }) =>
        this.say(`Training: step ${done} of ${total}, ${percent(done, total)}${this.left(done, total)} …`),
      done: (message) => this.done(message),
    });
  }

  stop() {
    this.say("Stopping …");
    this.stopRun?.();
  }

  done({ how, text, seconds }) {
    this.stopRun = null;
    this.runs.disabled = false;
    if (document.activeElement === this.stops) this.runs.focus();
    this.stops.hidden = true;
    this.root.removeAttribute("aria-busy");
    if (how === "error") this.print("err", text, true);
    else if (how === "ok" && this.fresh) this.add(); // it showed nothing
    this.root.classList.toggle("nb-failed", how === "error");
    if (how === "ok" && "trains" in this.root.dataset && this.text === this.original)
      keep(`${this.key} took`, Math.ceil(seconds));
    const gone = "its variables are gone";
    this.say(
      {
        ok: () => `Done in ${seconds.toFixed(2)} s${this.shown.length ? "" : "; it printed nothing (try print)"}.`,
        error: () => `An error stopped it${this.text === this.original ? "" : "; Reset brings the original back"}.`,
        stopped: () => `Stopped ${text}; its variables are kept.`,
        killed: () => `It would not stop, so Python was restarted; ${gone}.`,
        lost: () => `${text}; ${gone}. Run it again.`,
        broken: () => `Python broke down (${text}) and was ended; ${gone}. Often a recursion has no end, or memory is short.`,
        unloaded: () => `Python could not be loaded: ${text}. Press Run to try again.`,
      }[how](),
    );
  }

  /** Put something below the snippet; the first of a run replaces what was there. */
  add(...elements) {
    this.show(this.fresh ? elements : [...this.shown, ...elements]);
    this.fresh = false;
  }

  show(elements) {
    for (const old of this.shown) if (!elements.includes(old)) old.remove();
    const block = this.root.querySelector(".highlight");
    const above = (e) => this.picturesFirst && e.matches(".nb-figure");
    const made = elements.filter((e) => !this.shown.includes(e));
    const kept = this.shown.filter((e) => elements.includes(e) && !above(e));
    block.before(...made.filter(above));
    (kept.at(-1) ?? block).after(...made.filter((e) => !above(e)));
    this.shown = elements;
  }

  print(stream, text, apart = false) {
    let box = this.fresh ? null : this.shown.at(-1);
    if (apart || box?.dataset.stream !== stream) {
      box = element("div", { className: "nb-output" });
      box.dataset.stream = stream;
      box.classList.toggle("nb-error", stream === "err");
      box.append(element("pre", { tabIndex: 0 })); // long output scrolls
      box.firstChild.setAttribute("role", "group");
      box.firstChild.setAttribute("aria-label", `Output of ${this.name}`);
      box.firstChild.append(element("code", {}));
      this.add(box);
    }
    box.querySelector("code").append(text);
  }

  draw(svg) {
    const parsed = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
    if (parsed.localName !== "svg") return;
    for (const part of [parsed, ...parsed.querySelectorAll("*")]) {
      if (/^(script|foreignObject|animate|set)/i.test(part.localName)) part.remove();
      for (const { name, value } of [...part.attributes])
        if (/^on/i.test(name) || (/href$/i.test(name) && !/^(#|data:image\/)/.test(value)))
          part.removeAttribute(name);
    }
    const figure = element("figure", { className: "nb-figure" });
    figure.append(document.importNode(parsed, true));
    this.add(figure);
  }

  // ---- How long it takes here, as measured here.

  expected() {
    const took = Number(recall(`${this.key} took`));
    return took ? `${duration(took)} when it last ran here` : `${MOST} in this page`;
  }

  /** What is left of a training that goes on as it began. */
  left(done, total) {
    if (!this.training || done < this.training.done) this.training = { done, at: performance.now() };
    const seconds = (performance.now() - this.training.at) / 1000;
    const made = done - this.training.done;
    return seconds < 1 || !made ? "" : `, about ${duration((seconds / made) * (total - done))} left`;
  }

  say(text) {
    this.status.textContent = text;
  }

  leave() {
    this.stopRun?.();
    cells.delete(this);
  }
}

function element(name, properties) {
  return Object.assign(document.createElement(name), properties);
}

function duration(seconds) {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}

function percent(done, total) {
  return `${Math.round((100 * done) / total)} %`;
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

function hash(text) {
  let made = 5381;
  for (const sign of text) made = (made * 33 + sign.codePointAt()) >>> 0;
  return made.toString(36);
}

// What is kept on this device; a browser may refuse.
function recall(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function keep(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // then it lasts as long as the page
  }
}
