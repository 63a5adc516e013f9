// What the explorables share: they start when asked, take every number from Python, keep
// their state in the address, and come back after Python was restarted.
import * as python from "./python.js";

const MODULE = "neuralblog_site.inpage.explorables";

export class Explorable extends HTMLElement {
  /** Set by each: its Python module, its name in the address, its state at first, its title. */
  static module = "";
  static key = "";
  static first = {};
  static title = "";

  connectedCallback() {
    if (this.still) return;
    this.still = element("div", {}, ...this.childNodes); // a picture of it
    this.state = { ...this.constructor.first, ...this.remembered() };
    this.startButton = element("button", { type: "button", textContent: "Start" });
    this.startButton.className = "nb-run";
    this.startButton.addEventListener("click", () => this.start());
    this.status = element("span", { className: "nb-status" });
    this.status.setAttribute("role", "status");
    this.stage = element("div", { className: "nb-stage", hidden: true });
    this.setAttribute("role", "group");
    this.setAttribute("aria-label", this.constructor.title);
    const bar = element("div", { className: "nb-bar" }, this.startButton, this.status);
    this.replaceChildren(this.still, this.stage, bar);
    if (this.remembered()) this.say("Press Start to see what this address holds.");
  }

  /** Load Python, then build what is interactive. */
  async start() {
    this.startButton.disabled = true;
    try {
      if (!this.built) {
        await this.build();
        this.built = true;
      }
      this.still.hidden = true;
      this.stage.hidden = false;
      this.startButton.hidden = true;
      await this.update();
      this.stage.querySelector("button, select, canvas")?.focus({ preventScroll: true });
    } catch (error) {
      if (!(error instanceof python.Lost)) this.state = { ...this.constructor.first }; // a bad address
      this.trouble(error);
    } finally {
      this.startButton.disabled = false;
    }
  }

  /** Ask the library. Python may be busy with a snippet, or be loading. */
  ask(name, given = {}) {
    const late = setTimeout(() => this.say("Waiting for Python …"), 500);
    return python
      .call(`${MODULE}.${this.constructor.module}:${name}`, given, (text) => this.say(text))
      .finally(() => clearTimeout(late));
  }

  /** Show the state; of several wishes to do so, the last one counts. */
  async update() {
    this.again = true;
    if (this.updating) return;
    this.updating = true;
    try {
      while (this.again) {
        this.again = false;
        await this.show();
      }
      this.say("");
      this.remember();
    } catch (error) {
      this.trouble(error);
    } finally {
      this.updating = false;
    }
  }

  trouble(error) {
    if (error instanceof RangeError) this.say(error.message);
    else if (error instanceof python.Fault || error instanceof TypeError)
      this.say(`This is our mistake, not yours (${error.message}).`);
    else if (error instanceof python.Lost) {
      this.say(`Python is not there (${error.message}).`);
      this.startButton.textContent = "Start again";
      this.startButton.hidden = false;
    } else throw error;
  }

  say(text) {
    if (this.status.textContent !== text) this.status.textContent = text;
  }

  remembered() {
    const kept = new URLSearchParams(location.search).get(this.constructor.key);
    try {
      return kept && JSON.parse(kept);
    } catch {
      return null;
    }
  }

  remember() {
    clearTimeout(this.remembering); // browsers allow few changes of the address a second
    this.remembering = setTimeout(() => {
      const address = new URL(location);
      address.searchParams.set(this.constructor.key, JSON.stringify(this.state));
      if (this.isConnected) history.replaceState(history.state, "", address);
    }, 400);
  }
}

/** A new element with properties and children. */
export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

let labels = 0;

/** A control after its label. */
export function labeled(text, control) {
  control.id ||= `nb-control-${++labels}`;
  return element("span", {}, element("label", { htmlFor: control.id }, `${text} `), control);
}

/** A number as text: four digits after the point at most. */
export function told(value) {
  return String(Number(value.toFixed(4))).replace("-", "−");
}

/** An array as Python gets it. */
export function array(shape, data) {
  return { shape, data: Float64Array.from(data) };
}

/** Draw a 2-D array in grays, its range from black to white or as given. */
export function drawGray(canvas, { shape: [height, width], data }, range) {
  let [low, high] = range ?? [Infinity, -Infinity];
  if (!range)
    for (const value of data) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  Object.assign(canvas, { width, height });
  const pixels = new ImageData(width, height);
  data.forEach((value, i) => {
    const gray = (255 * (value - low)) / (high - low || 1);
    pixels.data.set([gray, gray, gray, 255], 4 * i);
  });
  canvas.getContext("2d").putImageData(pixels, 0, 0);
}

/** The pixels of a picture that the reader chose, at most `most` wide and
 * high. It never leaves this browser. */
export async function pixelsOf(file, most) {
  let picture;
  try {
    picture = await createImageBitmap(file);
  } catch {
    throw new RangeError(`${file.name} is not a picture that this browser can read.`);
  }
  const scale = Math.min(1, most / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const pen = element("canvas", { width, height }).getContext("2d");
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, 0, 0, width, height);
  picture.close();
  return array([height, width, 4], pen.getImageData(0, 0, width, height).data);
}
