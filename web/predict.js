// "Predict first": what the next snippet prints and draws waits until the reader has
// guessed, or wants to see it. "Check yourself": a choice is answered by its reply, and
// another can be tried until it is the right one. Without this script, all of it is shown.
const SHOWN = ".nb-output, .nb-figure";

/** Called for every page that is shown. */
export function attach() {
  for (const question of document.querySelectorAll(".nb-predict:not([data-live])")) {
    question.dataset.live = "";
    const check = question.matches(".nb-check");
    const snippet = check ? null : answering(question);
    if (check || snippet) ask(question, snippet);
  }
}

/** The snippet that answers: the next one that shows something, up to the next question. */
function answering(question) {
  const all = [...document.querySelectorAll(".nb-predict, .nb-snippet, article h2")];
  const below = all.slice(all.indexOf(question) + 1);
  const end = below.findIndex((e) => !e.matches(".nb-snippet"));
  return below
    .slice(0, end < 0 ? undefined : end)
    .find((snippet) => snippet.querySelector(SHOWN));
}

function ask(question, snippet) {
  const choices = [...question.querySelectorAll(".nb-choices > li")];
  const bar = document.createElement("p");
  const show = button("Show the answer", () => reveal());
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  bar.className = "nb-bar";
  bar.append(show, said);
  said.textContent = choices.length ? "or choose first." : "when you have guessed.";
  question.append(bar);
  question.classList.add("nb-open");
  const note = document.createElement("p");
  const shows = button("Show", () => reveal());
  const buttons = choices.map((choice) => choosing(choice, () => choose(choice)));
  if (snippet) hold();

  function hold() {
    snippet.classList.add("nb-held");
    note.className = "nb-bar nb-wait";
    note.append("What it shows waits for your guess.", shows);
    snippet.querySelector(".highlight").after(note);
    // Whoever runs it wants to see.
    new MutationObserver((_, observer) => {
      if (!snippet.hasAttribute("aria-busy")) return;
      observer.disconnect();
      if (snippet.classList.contains("nb-held")) reveal();
    }).observe(snippet, { attributeFilter: ["aria-busy"] });
  }

  function choose(choice) {
    if (snippet) return reveal(choice);
    if (choice.matches(".nb-right")) {
      reveal(choice);
      import("./progress.js").then(({ solve }) => solve(question.querySelector("p + p").textContent), () => {});
      return;
    }
    choice.classList.add("nb-tried");
    said.textContent = "Not this one: read why, and choose again.";
  }

  function reveal(chosen) {
    const focused = question.contains(document.activeElement);
    const there = document.activeElement === shows;
    question.classList.remove("nb-open");
    snippet?.classList.remove("nb-held");
    note.remove();
    show.remove();
    for (const [number, choice] of choices.entries()) {
      buttons[number].replaceWith(...buttons[number].childNodes);
      choice.classList.toggle("nb-chosen", choice === chosen);
    }
    const right = chosen?.matches(".nb-right");
    said.textContent = !chosen
      ? snippet ? "Shown below." : "The right one has a ✓."
      : right
        ? snippet ? "Right. See below." : "Right."
        : "No: the right one has a ✓. See below.";
    said.tabIndex = -1; // the button that had the focus is gone
    if (focused) said.focus({ preventScroll: true });
    if (there) snippet?.querySelector(".nb-run")?.focus({ preventScroll: true });
  }
}

/** Turn the words of a choice into a button; a reply below them stays out of it. */
function choosing(choice, act) {
  const words = [...choice.childNodes].filter((node) => !node.matches?.(".nb-reply"));
  const made = button("", act);
  choice.prepend(made);
  made.append(...words);
  return made;
}

function button(label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}
