// In the zip of the site, before all other scripts of a page: what a browser refuses to do for
// a page that is a file. The rest of this file is the script of the search, as a string.
if (location.protocol === "file:") {
  const Started = Worker, { src } = document.currentScript;
  // a worker may not be a file, but a text that one has made is allowed
  window.Worker = class {
    constructor() {
      return new Started(URL.createObjectURL(new Blob([SEARCH])));
    }
  };
  document.addEventListener("DOMContentLoaded", () => {
    if (!document.querySelector("[data-live]")) return;
    const line = document.createElement("p"), command = document.createElement("code");
    const served = document.createElement("a");
    command.textContent = "python -m http.server";
    served.href = served.textContent = "http://127.0.0.1:8000/";
    line.className = "nb-hint";
    line.style.marginBottom = "1rem";
    line.setAttribute("role", "note");
    line.append("You read this page from a file, so its code and its pictures stand still. To run them, say ", command);
    line.append(` in the folder ${decodeURI(new URL(".", src).pathname)} and open `, served, ".");
    document.querySelector("article h1")?.after(line);
  });
} else {
  document.addEventListener("DOMContentLoaded", () => {
    const there = document.querySelector("[data-live]")?.dataset.live;
    if (there) document.head.append(Object.assign(document.createElement("script"), { type: "module", src: there }));
  });
}
const SEARCH = {};
