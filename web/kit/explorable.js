// <nb-explorable name="NAME">: the built picture until it is near, then alive.
import { Answers, Fault, Lost } from "./ask.js";
import { button, element } from "./element.js";
import { link } from "./link.js";
import { choice, slider } from "./slider.js";
import { addressed, changed, compared, keyOf, read, written } from "./state.js";

const REST = 400; // milliseconds without a change that end a move
const BRIEF = 50; // signs that fit a line of a phone: they have their place there
const SLOW = 80; // and without an answer that make the old one gray
// What can be taken by the hand, and how one is told so: a finger finds nothing by hovering.
const HINTS = { ".nb-hand > .nb-ring": "drag what has a ring", ".nb-graph .nb-hand > rect": "drag a number in a frame", ".nb-face.nb-hand": "touch a cell" };
const BAD = "This address holds no state that fits here: this is the first one.";

const dressed = fetch(new URL("./kit.css", import.meta.url)).then(async (answer) => {
  const sheet = new CSSStyleSheet(); // not a link, which moving to another page takes away
  sheet.replaceSync(await answer.text());
  document.adoptedStyleSheets.push(sheet);
});

export class Explorable extends HTMLElement {
  async connectedCallback() {
    if (this.begun) return;
    this.begun = true;
    const name = (this.name = this.getAttribute("name"));
    const [{ default: build }, file] = await Promise.all([
      import(new URL(`./explorables/${name}.js`, import.meta.url)),
      fetch(new URL(`./explorables/${name}.json`, import.meta.url)).then((answer) => answer.json()),
      dressed,
    ]);
    this.spec = file;
    this.answers = new Answers(name, file);
    this.past = [];
    this.turn = Promise.resolve();
    this.controls = [];
    this.state = this.kept = file.state;
    this.frame(file);
    this.draw = build(this.parts());
    for (const control of this.controls) if (!control.isConnected) this.row.append(control);
    if (!this.row.childElementCount) this.row.remove();
    link(this);
    this.open();
    const hints = Object.keys(HINTS).filter((part) => this.stage.querySelector(part));
    this.hint.textContent = hints.map((part) => HINTS[part]).join("; ");
    new MutationObserver(() => this.redraw()).observe(document.documentElement, { attributeFilter: ["data-scheme"] });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.redraw());
    addEventListener("hashchange", () => addressed(name) !== null && this.open());
  }

  /** What stands around the stage. */
  frame({ title, question }) {
    this.stage = element("div", { className: "nb-stage" });
    this.row = element("div", { className: "nb-controls" });
    this.sentence = element("p", { className: "nb-told" });
    this.heard = element("span", { className: "nb-heard" });
    this.status = element("span", { className: "nb-status" });
    for (const region of [this.heard, this.status]) region.setAttribute("role", "status");
    this.undoes = button("Undo", () => this.undo(), { disabled: true });
    const bar = element(
      "div",
      { className: "nb-bar" },
      this.undoes,
      button("Reset", () => this.go(this.spec.state)),
      button("Copy link", () => this.copy()),
      this.status,
    );
    this.hint = element("span", { className: "nb-hint" });
    const live = element("div", { className: "nb-live" }, element("p", { className: "nb-question" }, question, " ", this.hint), this.stage, this.row, this.sentence, bar, this.heard);
    live.setAttribute("role", "group");
    live.setAttribute("aria-label", title);
    live.addEventListener("pointerdown", () => this.answers.start());
    live.addEventListener("keydown", (event) => {
      if (event.key !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey) return;
      event.preventDefault();
      this.undo();
    });
    this.append(live);
    this.classList.add("nb-alive");
    let wide; // the sentence keeps its most lines, so that what is below it does not come and go
    new ResizeObserver(([{ contentRect: { width, height } }]) => {
      this.sentence.style.minHeight = (wide ?? width) === width ? `${height}px` : "";
      wide = width;
    }).observe(this.sentence);
  }

  /** What an explorable builds itself from. */
  parts() {
    const { limits, state: first } = this.spec;
    const add = (control, key) => {
      control.key = key;
      this.controls.push(control);
      return control;
    };
    return {
      stage: this.stage,
      first,
      limits,
      state: () => this.state,
      set: (changes, inSteps = true) => this.go(changed(this.spec, this.state, changes, inSteps)),
      hold: (on) => this.hold(on),
      call: (name, given) => this.call(name, given),
      say: (text) => this.say(text, true),
      slider: (key, label, text) => add(slider({ label, text, limits: limits[key], set: (value) => this.go(changed(this.spec, this.state, { [key]: value })) }), key),
      choice: (key, label, options) => add(choice({ label, options, set: (value) => this.go(changed(this.spec, this.state, { [key]: value })) }), key),
      control: (made) => add(made, null),
    };
  }

  /** The state of the address, or the first one. */
  open() {
    const text = addressed(this.name);
    const state = text === null ? this.spec.state : read(this.spec, text);
    this.kept = state ?? this.spec.state;
    this.go(this.kept);
    if (!state) this.say(BAD);
    if (text !== null) this.scrollIntoView();
  }

  /** Go to a state: at once from the table, else from Python; of many wishes the last counts. */
  go(state) {
    this.state = state;
    this.rested = false;
    clearTimeout(this.resting);
    this.resting = this.held ? 0 : setTimeout(() => this.rest(), REST);
    const { answers } = this;
    const known = answers.known(state);
    this.told = false;
    if (known) {
      this.show(state, known);
      this.say("");
    } else if (!answers.live) {
      answers.start();
      const near = this.near();
      const [one, facts] = near ? [near.given, near.facts] : [this.spec.state, answers.known(this.spec.state)];
      if (near || !this.shown) this.show(one, facts);
      this.say(`Python is starting; ${near ? "until then in coarse steps" : "what is gray is old"}.`);
    }
    if (!known) this.ask();
  }

  near() {
    return this.answers.nearest(this.state, this.kept, this.shown?.[0]);
  }

  async ask() {
    this.again = true;
    if (this.slow) this.wait(); // every state that is asked for is drawn, not only the first
    if (this.asking) return;
    this.asking = true;
    while (this.again) {
      this.again = false;
      const { state } = this;
      const late = setTimeout(() => {
        this.slow = true;
        this.wait();
      }, SLOW);
      try {
        const facts = await this.answers.call(state);
        if (keyOf(state) === keyOf(this.state) || this.again) this.show(state, facts);
        if (!this.told) this.say("");
      } catch (error) {
        if (keyOf(state) === keyOf(this.state)) this.trouble(error);
      }
      clearTimeout(late);
      this.slow = false;
    }
    this.asking = false;
  }

  /** Another function of the Python module: from the table, else from Python. What is asked
   * of the state of then, by a function in place of values, waits for its turn: two steps are
   * two, however late the first is answered. */
  call(name, given) {
    if (!(given instanceof Function)) return this.answered(name, given);
    const mine = this.turn.then(() => this.answered(name, given()));
    this.turn = mine.then(() => {}); // one that failed has told the reader
    return mine;
  }

  async answered(name, given) {
    const known = this.answers.known(given, name);
    if (known) return known;
    try {
      const facts = await this.answers.call(given, name, (text) => this.say(text));
      if (!this.told) this.say("");
      return facts;
    } catch (error) {
      this.trouble(error);
      return null;
    }
  }

  show(state, facts) {
    this.shown = [state, facts];
    this.classList.remove("nb-waiting", "nb-refused");
    this.redraw();
    this.hear();
  }

  /** Let a screen reader read the sentence, but not at each frame. */
  hear() {
    if (this.moved && this.rested && this.heard.textContent !== this.sentence.textContent)
      this.heard.textContent = this.sentence.textContent;
  }

  redraw() {
    if (!this.shown) return;
    const told = this.draw(...this.shown) ?? this.shown[1].told;
    const apart = this.apart();
    this.sentence.textContent = apart ? `Shown: ${apart}. ${told}` : told;
    this.classList.toggle("nb-near", apart !== "");
    this.steer();
  }

  /** The controls stand where the hand is, also while the picture moves in coarse steps. */
  steer() {
    for (const control of this.controls) if (control.key) control.show(this.state[control.key]);
  }

  /** In words, what of the state that is shown is not as it was asked for. */
  apart() {
    const [shown] = this.shown;
    if (this.answers.live) return ""; // it comes at once
    return Object.keys(shown)
      .filter((key) => keyOf(shown[key]) !== keyOf(this.state[key]))
      .map((key) => this.controls.find((control) => control.key === key)?.words?.(shown[key]) ?? `${key} ${compared(shown[key], this.state[key])}`)
      .join("; ");
  }

  /** The hand is ahead of the answer: the old one goes gray. */
  wait() {
    if (!this.shown || keyOf(this.shown[0]) === keyOf(this.state)) return;
    if (!this.answers.live && this.near()) return; // it moved there
    this.classList.remove("nb-near");
    this.classList.add("nb-waiting");
    this.draw(this.state, this.shown[1]);
    this.steer();
  }

  trouble(error) {
    this.wait();
    this.classList.add("nb-waiting", "nb-refused");
    if (error instanceof RangeError) this.sentence.textContent = error.message;
    else if (error instanceof Fault) this.sentence.textContent = `This is our mistake, not yours: ${error.message}. Reset helps.`;
    else if (error instanceof Lost) this.say(`Python is not there (${error.message}); the next touch tries again.`);
    else throw error;
    if (error instanceof Lost) this.classList.remove("nb-refused");
  }

  /** The hand is on it, or has left it: what is done meanwhile is one move. */
  hold(on) {
    clearTimeout(this.resting);
    this.rest();
    this.held = on;
  }

  /** A move has ended: it can be undone, stands in the address, and is read out. */
  rest() {
    this.rested = true;
    if (!this.isConnected || keyOf(this.kept) === keyOf(this.state)) return;
    this.past.push(this.kept);
    this.keep();
  }

  keep() {
    this.kept = this.state;
    this.undoes.disabled = !this.past.length;
    this.moved = true; // from here on, what it says is read out
    this.hear();
    const text = written(this.spec, this.state);
    history.replaceState(history.state, "", text ? `#${this.name}=${text}` : location.pathname + location.search);
  }

  undo() {
    clearTimeout(this.resting);
    this.rest();
    if (!this.past.length) return;
    this.kept = this.past.pop();
    this.go(this.kept);
    this.keep();
  }

  async copy() {
    clearTimeout(this.resting);
    this.rest();
    const address = `${location.href.split("#")[0]}#${this.name}=${written(this.spec, this.state)}`;
    try {
      await navigator.clipboard.writeText(address);
      this.say("Copied.");
    } catch {
      this.say(address); // to be copied by hand
    }
  }

  /** `told` to the reader, it stays until the next touch, whatever Python answers meanwhile. */
  say(text, told = false) {
    this.told = told;
    if (this.status.textContent !== text) this.status.textContent = text;
    this.status.classList.toggle("nb-brief", text.length <= BRIEF);
  }
}

customElements.define("nb-explorable", Explorable);
