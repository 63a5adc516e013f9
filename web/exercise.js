// An exercise that answers: the reader fills in the marked part of a solution, and the
// solution's asserts decide. What it was before (`# was:`) is there to be mended. Hints unfold
// one by one. Without this script there are task, folded hints and solution, as ever.
import { figure, output } from "./cells.js";
import { Editor } from "./editor.js";
import { highlighted } from "./highlight.js";
import { solve, solved } from "./progress.js";
import * as python from "./python.js";

const MARKED = /^([^]*?^# your part\n)([^]+?\n)(# end of your part\n[^]*)$/m;
const WAS = /^# was: ?(.*)\n/gm;
const DOTS = "...";
const LEFT = /^\s*(\.\.\.)?\s*$|= (?:[^[\n]*, )?\.\.\.(?:,|$)|:\n\s+\.\.\.\s*$/; // dots that stand for a value
let number = 0;

/** Called for every page that is shown. */
export function attach() {
  for (const solution of document.querySelectorAll("details.success:not([data-live])")) {
    solution.dataset.live = "";
    const hints = above(solution);
    hints.forEach((hint, at) => {
      hint.hidden = at > 0;
      hint.addEventListener("toggle", () => hints[at + 1]?.removeAttribute("hidden"), { once: true });
    });
    for (const snippet of solution.querySelectorAll(".nb-snippet")) {
      const parts = snippet.querySelector("pre code").textContent.match(MARKED);
      if (parts) new Exercise(hints[0] ?? solution, parts.slice(1));
    }
  }
}

/** The hints above a solution, from the first on. */
function above(solution) {
  const found = [];
  let hint = solution;
  while ((hint = hint.previousElementSibling)?.matches("details.tip")) found.unshift(hint);
  return found;
}

class Exercise {
  name = "your part"; // for the editor, as `original` and `text` are

  constructor(below, [before, solution, after]) {
    Object.assign(this, { before, solution, after });
    const wrong = [...solution.matchAll(WAS)].map(([, line]) => line).join("\n");
    this.original = this.text = wrong || form(solution);
    this.root = make("div", { className: "nb-exercise" });
    this.pre = make("pre", {});
    this.code = make("code", { innerHTML: highlighted(this.original) });
    this.checks = button("Check", "Check your part (Shift+Enter)", () => this.run());
    this.stops = button("Stop", "Stop the check", () => this.stop());
    this.said = make("span", {});
    const block = make("div", { className: "highlight" });
    const bar = make("div", { className: "nb-bar" });
    this.checks.className = "nb-run";
    this.stops.hidden = true;
    this.said.setAttribute("role", "status");
    this.pre.append(this.code);
    bar.append(this.checks, this.stops, this.said);
    block.append(shown(before), this.pre, shown(after), bar);
    this.root.append(block);
    below.before(this.root);
    if (solved(before + after)) {
      this.root.classList.add("nb-solved");
      this.say("You have solved this before.");
    } else if (wrong) this.say("This is wrong. Check it to hear how, then mend it.");
    const { area } = new Editor(this);
    area.value = this.original;
  }

  /** The editor tells what was written. */
  edited(text) {
    this.text = text;
  }

  run() {
    if (!this.stops.hidden) return;
    if (LEFT.test(this.text)) {
      this.say("Write your part in place of the dots.");
      return;
    }
    this.busy(true);
    this.say("Checking …");
    this.root.querySelectorAll(".nb-output, .nb-figure").forEach((old) => old.remove());
    const given = [this.before, `${this.text.trimEnd()}\n`, this.solution, this.after];
    const code = `from neuralblog_site.inpage.grading import grade
grade(${given.map((part) => JSON.stringify(part))})`; // a text of JSON is one of Python
    this.halt = python.run({ code, path: "exercise", name: this.name, alts: [] }, {
      status: (text) => this.say(text),
      started: () => this.say("Checking …"), // after it was loaded
      progress: ({ done, total }) => this.say(`Checking: training, step ${done} of ${total} …`),
      output: ({ parts }) => parts.forEach(({ stream, text }) => this.print(stream, text)),
      figure: ({ svg }) => this.root.append(figure(svg)),
      again() {},
      done: ({ how, text }) => {
        this.busy(false);
        this.root.classList.toggle("nb-solved", how === "ok");
        this.root.classList.toggle("nb-not-yet", how === "error");
        if (how === "ok") solve(this.before + this.after);
        this.say({
          ok: () => "Right.",
          error: () => `Not yet. ${text.match(/^[\w.]*NotYet: ([^]*)/m)?.[1] ?? text.trim().split("\n").at(-1)}`,
          stopped: () => "Stopped.",
          killed: () => "It would not stop, so Python was restarted; the page's variables are gone.",
        }[how]?.() ?? `Not checked: ${text || how}.`);
      },
    });
  }

  /** What the answer printed; once it is right, what its check printed, too. */
  print(stream, text) {
    let box = this.root.lastElementChild;
    if (box.dataset.stream !== stream) this.root.append((box = output(stream, "your part")));
    box.querySelector("code").append(text);
  }

  stop() {
    this.say("Stopping …");
    this.halt();
  }

  busy(yes) {
    this.checks.setAttribute("aria-disabled", yes);
    if (!yes && document.activeElement === this.stops) this.checks.focus();
    this.stops.hidden = !yes;
  }

  say(text) {
    this.said.textContent = text;
  }
}

/** What an answer defines, by the solution, with dots for all that is to be found. */
export function form(solution) {
  const lines = solution.split("\n").flatMap((line) => {
    const [, targets] = line.match(/^(\w[\w.[\]:, ]*?) = /) ?? [];
    if (targets) return `${targets} = ${targets.split(/, (?![^[]*\])/).map(() => DOTS).join(", ")}`;
    const [, head, indent] = line.match(/^((\s*)(?:def|class) .*:)(?:\s*#.*)?$/) ?? [];
    if (!head || indent.length > 4) return [];
    return head.includes("class ") ? head : `${head}\n${indent}    ${DOTS}`;
  });
  return [...new Set(lines)].join("\n") || DOTS;
}

function shown(code) {
  const pre = make("pre", {});
  pre.append(make("code", { tabIndex: 0, innerHTML: highlighted(code.trimEnd()) })); // it scrolls
  return pre;
}

function button(label, title, act) {
  const made = make("button", { type: "button", textContent: label, title });
  made.addEventListener("click", act);
  return made;
}

function make(name, properties) {
  return Object.assign(document.createElement(name), properties);
}
