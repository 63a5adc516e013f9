// What a reader does beyond running one snippet; it comes when it is asked for.
import * as python from "./python.js";

/** Run one after the other, as long as all goes well; tell `asked` if not. */
async function all(cells, asked) {
  for (const cell of cells) {
    if ((await cell.run()) === "ok") continue;
    if (cell !== asked) asked.say(`Stopped at ${cell.name}: see there.`);
    return;
  }
}

function button(label, title, act) {
  const made = Object.assign(document.createElement("button"), {
    type: "button",
    textContent: label,
    title,
  });
  made.addEventListener("click", act);
  return made;
}

function above(cell, cells) {
  return cells.slice(0, cells.indexOf(cell));
}

async function copy(cell) {
  try {
    const { link } = await import("./share.js");
    const address = await link(cell);
    if (address) await navigator.clipboard.writeText(address);
    cell.say(address ? "Copied. Who opens the link sees this version; it runs nothing." : "Too long for a link.");
  } catch {
    cell.say("The link could not be copied: the browser does not allow it.");
  }
}

/** A second row of buttons. */
export function menu(cell, cells) {
  const row = Object.assign(document.createElement("div"), { className: "nb-bar" });
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", `More for ${cell.name}`);
  const before = above(cell, cells);
  if (before.length) {
    const title = "Run all snippets above, then this one";
    row.append(button("Run to here", title, () => all([...before, cell], cell)));
  }
  row.append(
    button("Run all", "Run all snippets of this page", () => all(cells, cell)),
    button("Restart Python", "Forget all variables", () => {
      python.end("Python was restarted");
      cell.say("Python was restarted: all variables are gone.");
    }),
    button("Copy link", "A link to this version, to send to somebody", () => copy(cell)),
    button("Line numbers", "Show them, or hide them", async () => {
      await cell.open(cell.text);
      cell.editor?.number();
    }),
  );
  return row;
}

/** In an error for a name that is missing: what is above may define it. */
export function offer(cell, cells, box) {
  const before = above(cell, cells);
  if (!before.length) return;
  const row = Object.assign(document.createElement("p"), { className: "nb-bar nb-offer" });
  const title = "The snippets above may define it";
  row.append(button("Run all above, then this", title, () => {
    cell.runs.focus({ preventScroll: true }); // this button goes
    all([...before, cell], cell);
  }));
  box.append(row);
}
