// Makes the snippets of a page editable and runnable. Without this script they show
// what they printed and drew when the site was built; so they do until they are run.
import * as python from "./python.js";

const INTENT = 200; // milliseconds over Run that count as a wish to run
const MOST = "up to 3 minutes"; // of training: 10 s where it is built, 15 times that in a page
const cells = new Set();
const AGAIN = "Changed: run it to see what it shows now.";
const SAID = { stale: AGAIN, edited: AGAIN, built: "As it was built." };
const GONE = "its variables are gone";

addEventListener("hashchange", attach);

/** Called for every page that is shown. */
export function attach() {
  for (const cell of cells) if (!cell.root.isConnected) cell.leave();
  for (const root of document.querySelectorAll(".nb-snippet:not([data-live])")) {
    root.dataset.live = "";
    const number = [...document.querySelectorAll(".nb-snippet")].indexOf(root) + 1;
    cells.add(new Cell(root, number));
  }
  if (location.hash.startsWith("#snippet="))
    import("./share.js").then(({ receive }) => receive([...cells]), () => {});
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
    const elements = [...root.children].filter((e) => e.matches(".nb-output, .nb-figure"));
    this.built = { elements, code: this.original, how: "built" };
    this.result = this.built; // what is shown
    this.mine = null; // what the last run showed
    this.undo = null; // what a reset took away
    this.current = null; // the run that goes on
    this.alts = elements
      .map((e) => e.querySelector("[role=img]")?.getAttribute("aria-label"))
      .filter(Boolean);
    this.picturesFirst = Boolean(root.querySelector(".nb-figure + .highlight"));
    this.text = this.original;
    this.key = `neuralblog ${this.path} ${hash(this.original)}`;
    this.controls();
    const kept = recall(this.key);
    this.refresh();
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
    this.runs = button("Run", "Run this snippet (Shift+Enter)", () => this.run());
    this.stops = button("Stop", "Stop this snippet", () => this.stop());
    this.edits = button("Edit", "Change this snippet", () => this.open(this.text, true));
    this.resets = button("Reset", "", () => this.reset());
    this.others = button("", "", () => this.swap());
    this.mores = button("More", "Run several, restart Python, line numbers", () => this.more());
    this.mores.setAttribute("aria-expanded", "false");
    this.status = element("span", { className: "nb-status" });
    this.status.setAttribute("role", "status");
    this.stops.hidden = true;
    this.runs.classList.add("nb-run");
    let wish;
    this.runs.addEventListener("pointerenter", (event) => {
      if (event.pointerType === "mouse" && !navigator.connection?.saveData)
        wish = setTimeout(python.start, INTENT);
    });
    this.runs.addEventListener("pointerleave", () => clearTimeout(wish));
    this.bar.append(this.runs, this.stops, this.edits, this.resets, this.others, this.mores, this.status);
    this.pre.parentElement.append(this.bar);
  }

  // ---- Which code, and of which code the result is.

  /** Show code in the editor, which comes when it is first needed. */
  async open(text, focus = false) {
    if (!this.editor) {
      try {
        const { Editor } = await import("./editor.js");
        this.editor ??= new Editor(this);
      } catch {
        this.say("The editor did not load. Are you offline?");
        return;
      }
    }
    this.editor.set(text);
    if (focus) this.editor.focus();
  }

  /** The editor tells that the code is another one. */
  edited(text, typed) {
    const before = this.state;
    this.text = text;
    if (typed && this.undo) this.note = this.undo = this.note?.remove() ?? null;
    if (typed) keep(this.key, text === this.original ? null : text);
    this.refresh();
    if (this.state !== before) this.say(SAID[this.state] ?? "");
  }

  reset() {
    const { undo, text } = this;
    if (undo) {
      this.undo = null;
      this.mine = undo.mine;
      keep(this.key, undo.text);
      this.open(undo.text);
      this.put(undo.mine ?? this.built);
      return;
    }
    this.resets.focus({ preventScroll: true }); // no keyboard comes up
    this.abandon();
    this.undo = { text, mine: this.mine };
    this.mine = null;
    keep(this.key, null);
    this.open(this.original);
    this.put(this.built);
    this.say("As it was built.");
  }

  /** From the result of the last run to the one that was built, and back. */
  swap() {
    const built = this.result !== this.built;
    this.put(built ? this.built : this.mine);
    this.say(built ? "What the original showed when it was built." : "What your last run showed.");
  }

  async more() {
    try {
      const { menu } = await import("./more.js");
      if (!this.menu) this.bar.after((this.menu = menu(this, [...cells])));
      else this.menu.hidden = !this.menu.hidden;
      this.mores.setAttribute("aria-expanded", String(!this.menu.hidden));
    } catch {
      this.say("This did not load. Are you offline?");
    }
  }

  get state() {
    const { current, result } = this;
    if (current) return current.started ? "running" : "waiting";
    if (result.code === this.text) return result.how; // built, ran, stopped, failed
    return result.elements.length ? "stale" : "edited";
  }

  refresh() {
    const { result, built, original } = this;
    this.root.dataset.state = this.state;
    const other = result === built ? "Of the original code" : "Of the code before it was changed";
    const old = result.code !== this.text ? other : this.current?.fresh && "From before this run";
    for (const { dataset } of result.elements) {
      if (old) dataset.old = old;
      else delete dataset.old;
    }
    if (this.note) this.note.hidden = this.text === original;
    this.resets.hidden = this.text === original && !this.undo;
    this.resets.textContent = this.undo ? "Undo reset" : "Reset";
    this.resets.title = this.undo ? "Your version again" : "Back to the snippet as it was";
    this.others.hidden = result === built && !this.mine;
    this.others.textContent = result === built ? "Your result" : "Built result";
    this.others.title = result === built ? "What your last run showed" : "What the site's own run showed";
  }

  // ---- Running.

  /** Gives back how it ended, in the end. */
  run() {
    if (this.current) return this.current.ended;
    const { path, name, text: code } = this;
    const changed = code !== this.original;
    const alts = changed
      ? this.alts.map((alt) => `Drawn by your version. The original: ${alt}`)
      : this.alts;
    // The old output stays until there is a new one.
    const run = { code, fresh: true, started: false, elements: [] };
    run.ended = new Promise((resolve) => (run.end = resolve));
    this.current = run;
    this.training = null;
    this.busy(true);
    import("./editor.js").catch(() => {}); // to be there offline, too
    const heard = (act) => (message) => this.current === run && act(message);
    run.stop = python.run({ code, path, name, alts, changed }, {
      status: heard((text) => this.say(text)),
      started: heard(() => {
        run.started = true;
        this.say("trains" in this.root.dataset ? `Running: ${this.expected()} …` : "Running …");
        this.refresh();
      }),
      again: heard(() => (run.fresh = true)),
      output: heard(({ parts }) => parts.forEach(({ stream, text }) => this.print(stream, text))),
      figure: heard(({ svg }) => this.draw(svg)),
      progress: heard(({ done, total }) =>
        this.say(`Training: step ${done} of ${total}, ${percent(done, total)}${this.left(done, total)} …`)),
      done: (message) => {
        if (this.current === run) this.done(message);
        else if (message.how === "killed") this.say(`As it was built. Python was restarted; ${GONE}.`);
        run.end(message.how);
      },
    });
    return run.ended;
  }

  busy(yes) {
    this.runs.setAttribute("aria-disabled", yes);
    if (!yes && document.activeElement === this.stops) this.runs.focus();
    this.stops.hidden = !yes;
    if (yes) this.root.setAttribute("aria-busy", "true");
    else this.root.removeAttribute("aria-busy");
    this.editor?.point(null);
    this.refresh();
  }

  stop() {
    this.say("Stopping …");
    this.current?.stop();
  }

  /** Stop a run, and hear no more of it. */
  abandon() {
    const run = this.current;
    this.current = null;
    run?.stop();
    if (run) this.busy(false);
  }

  done({ how, text, seconds, full }) {
    const run = this.current;
    if (how === "error") this.print("err", text, true);
    else if ((how === "ok" || how === "broken") && run.fresh) this.add(); // it showed nothing
    this.current = null;
    if (!run.fresh) this.mine.how = { ok: "ran", error: "failed", broken: "failed" }[how] ?? "stopped";
    this.busy(false);
    if (how === "error" && /^NameError/m.test(text)) {
      const box = run.elements.at(-1);
      import("./more.js").then((more) => more.offer(this, [...cells], box), () => {});
    }
    const line = how === "error" && Number(text.match(/^Line (\d+)/)?.[1]);
    if (line && run.code === this.text) this.point(line);
    const original = run.code === this.original;
    if (how === "ok" && "trains" in this.root.dataset && original)
      keep(`${this.key} took`, Math.ceil(seconds));
    const told = {
      ok: () => `Done in ${seconds.toFixed(2)} s${run.elements.length ? "" : "; it printed nothing (try print)"}.`,
      error: () => `An error stopped it${original ? "" : "; Reset brings the original back"}.`,
      stopped: () => full ? `Stopped ${text}.` : `Stopped ${text}; its variables are kept.`,
      killed: () => `It would not stop, so Python was restarted; ${GONE}.`,
      lost: () => `${text}; ${GONE}. Run it again.`,
      broken: () => `Python broke down (${text}) and was ended; ${GONE}. Often a recursion has no end, or memory is short.`,
      unloaded: () => `Python could not be loaded: ${text}. Press Run to try again.`,
    }[how]();
    const lost = full ? ` Python's memory was full, so it was restarted; ${GONE}.` : "";
    this.say(`${told}${lost}${run.code === this.text ? "" : " The code has changed since."}`);
  }

  /** Mark the line of an error. */
  async point(line) {
    await this.open(this.text);
    if (!this.current) this.editor?.point(line);
  }

  // ---- What stands below the snippet.

  /** Add to what the run shows; the first of it replaces what was there. */
  add(...elements) {
    const run = this.current;
    run.elements = [...(run.fresh ? [] : run.elements), ...elements];
    run.fresh = false;
    this.put((this.mine = { elements: run.elements, code: run.code, how: "ran" }));
  }

  put(result) {
    const shown = this.result.elements;
    const { elements } = result;
    for (const old of shown) if (!elements.includes(old)) old.remove();
    const block = this.root.querySelector(".highlight");
    const above = (e) => this.picturesFirst && e.matches(".nb-figure");
    const made = elements.filter((e) => !shown.includes(e));
    const kept = shown.filter((e) => elements.includes(e) && !above(e));
    block.before(...made.filter(above));
    (kept.at(-1) ?? block).after(...made.filter((e) => !above(e)));
    this.result = result;
    this.refresh();
  }

  print(stream, text, apart = false) {
    let box = this.current.fresh ? null : this.current.elements.at(-1);
    if (apart || box?.dataset.stream !== stream) {
      box = output(stream, this.name);
      this.add(box);
    }
    box.querySelector("code").append(text);
  }

  draw(svg) {
    this.add(figure(svg));
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
    this.current?.stop();
    cells.delete(this);
  }
}

/** A box for what somebody's code prints. */
export function output(stream, name) {
  const box = element("div", { className: "nb-output" });
  box.dataset.stream = stream;
  box.classList.toggle("nb-error", stream === "err");
  box.append(element("pre", { tabIndex: 0 })); // long output scrolls
  box.firstChild.setAttribute("role", "group");
  box.firstChild.setAttribute("aria-label", `Output of ${name}`);
  box.firstChild.append(element("code", {}));
  return box;
}

/** What it draws, with nothing in it that acts; empty if it is no drawing. */
export function figure(svg) {
  const made = element("figure", { className: "nb-figure" });
  const parsed = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  if (parsed.localName !== "svg") return made;
  for (const part of [parsed, ...parsed.querySelectorAll("*")]) {
    if (/^(script|foreignObject|animate|set)/i.test(part.localName)) part.remove();
    for (const { name, value } of [...part.attributes])
      if (/^on/i.test(name) || (/href$/i.test(name) && !/^(#|data:image\/)/.test(value)))
        part.removeAttribute(name);
  }
  made.append(document.importNode(parsed, true));
  return made;
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
