// An exercise that answers: the reader fills in the marked part of a solution, and the
// solution's asserts decide. Without this script there are task and solution, as ever.
import * as python from "./python.js";

const MARKED = /^([^]*?^# your part\n)([^]+?\n)(# end of your part\n[^]*)$/m;
let number = 0;

/** Called for every page that is shown. */
export function attach() {
  for (const solution of document.querySelectorAll("details.success:not([data-live])")) {
    solution.dataset.live = "";
    for (const snippet of solution.querySelectorAll(".nb-snippet")) {
      const parts = snippet.querySelector("pre code").textContent.match(MARKED);
      if (parts) ask(solution, parts[1], parts[3]);
    }
  }
}

function ask(solution, before, after) {
  const root = make("div", { className: "nb-exercise" });
  const answer = make("textarea", { value: "...", rows: 3, spellcheck: false });
  const check = make("button", { type: "button", textContent: "Check" });
  const said = make("span", {});
  const bar = make("p", { className: "nb-bar" });
  answer.setAttribute("aria-label", "Your part");
  answer.setAttribute("autocapitalize", "off");
  said.setAttribute("role", "status");
  bar.append(check, said);
  root.append(code(before), answer, code(after), bar);
  solution.before(root);
  check.addEventListener("click", () => {
    if (check.disabled) return;
    if (/^\s*(\.\.\.)?\s*$/.test(answer.value)) {
      said.textContent = "Write your part in place of the dots.";
      return;
    }
    check.disabled = true;
    const path = `exercise ${++number}`; // a fresh namespace each time
    python.run({ code: `${before}${answer.value}\n${after}`, path, name: path, alts: [] }, {
      status: (text) => (said.textContent = text),
      started: () => (said.textContent = "Checking …"),
      done: ({ how, text }) => {
        check.disabled = false;
        python.reset(path);
        said.textContent = how === "ok" ? "Right." : how === "error" ? notYet(text) : `Not checked: ${text || how}.`;
      },
      output() {},
      figure() {},
      progress() {},
      again() {},
    });
  });
}

/** The message of the assert that failed first; of another error, its last line. */
function notYet(text) {
  const message = text.match(/^AssertionError: ([^]*)/m)?.[1];
  return `Not yet. ${message ?? text.trim().split("\n").at(-1)}`;
}

function code(text) {
  const pre = make("pre", { tabIndex: 0 });
  pre.append(make("code", { textContent: text.trimEnd() }));
  return pre;
}

function make(name, properties) {
  return Object.assign(document.createElement(name), properties);
}
