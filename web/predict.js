// "Predict first": what the next snippet prints and draws waits until the reader has
// guessed, or wants to see it. Without this script, all of it is shown.
const SHOWN = ".nb-output, .nb-figure";

/** Called for every page that is shown. */
export function attach() {
  for (const question of document.querySelectorAll(".nb-predict:not([data-live])")) {
    question.dataset.live = "";
    const snippet = answering(question);
    if (snippet) ask(question, snippet);
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
  snippet.classList.add("nb-held");
  const note = document.createElement("p");
  note.className = "nb-bar nb-wait";
  const shows = button("Show", () => reveal());
  note.append("What it shows waits for your guess.", shows);
  snippet.querySelector(".highlight").after(note);
  const buttons = choices.map((choice) => choosing(choice, () => reveal(choice)));
  // Whoever runs it wants to see.
  new MutationObserver((_, observer) => {
    if (!snippet.hasAttribute("aria-busy")) return;
    observer.disconnect();
    if (snippet.classList.contains("nb-held")) reveal();
  }).observe(snippet, { attributeFilter: ["aria-busy"] });

  function reveal(chosen) {
    const focused = question.contains(document.activeElement);
    const there = document.activeElement === shows;
    question.classList.remove("nb-open");
    snippet.classList.remove("nb-held");
    note.remove();
    show.remove();
    for (const [number, choice] of choices.entries()) {
      buttons[number].replaceWith(...buttons[number].childNodes);
      choice.classList.toggle("nb-chosen", choice === chosen);
    }
    const right = chosen?.matches(".nb-right");
    said.textContent = !chosen
      ? "Shown below."
      : right
        ? "Right. See below."
        : "No: the right one has a ✓. See below.";
    said.tabIndex = -1; // the button that had the focus is gone
    if (focused) said.focus({ preventScroll: true });
    if (there) snippet.querySelector(".nb-run")?.focus({ preventScroll: true });
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
