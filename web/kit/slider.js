// A slider with its value beside it, and a choice among a few.
import { element, fresh, told } from "./element.js";

/** A slider for a number; give back its element, with `show(value)` and `rename(label)`. */
export function slider({ label, limits: [min, max, step], set, text = null }) {
  const digits = (String(step).split(".")[1] ?? "").length;
  const words = text ?? ((value) => told(value, digits));
  const input = element("input", { type: "range", id: fresh(), min, max, step });
  const value = element("output", { htmlFor: input.id });
  input.addEventListener("input", () => set(input.valueAsNumber));
  const name = element("label", { htmlFor: input.id, textContent: label });
  const root = element("span", { className: "nb-slider" }, name, input, value);
  root.rename = (other) => (name.textContent = other);
  root.words = (number) => `${name.textContent} ${words(number)}`;
  root.show = (number) => {
    input.value = number;
    value.textContent = words(number);
    input.setAttribute("aria-valuetext", words(number));
  };
  return root;
}

/** Buttons of which one is chosen; arrow keys move on. `options` maps values to words. */
export function choice({ label, options, set }) {
  const name = fresh();
  const root = element("fieldset", { className: "nb-choice" }, element("legend", { textContent: label }));
  const inputs = Object.entries(options).map(([value, words]) => {
    const input = element("input", { type: "radio", name, value });
    input.addEventListener("change", () => set(value));
    root.append(element("label", {}, input, element("span", { textContent: words })));
    return input;
  });
  root.show = (value) => inputs.forEach((input) => (input.checked = input.value === String(value)));
  return root;
}

/** One of many, in a list that opens. `options` maps values to words. */
export function select({ label, options, set }) {
  const root = element("select", { ariaLabel: label }, ...Object.entries(options).map(([value, textContent]) => element("option", { value, textContent })));
  root.addEventListener("change", () => set(root.value));
  return root;
}
