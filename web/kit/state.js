// What can be moved: what fits, how it stands in an address, and how one goes back.
//
// A spec is {state, limits, free} of the explorable's Python module: the first state, for
// numbers [low, high, step] and for texts the choices, and of a list that may have any
// length how many entries it has at most.

const [SHORT, FEW] = [4, 2]; // numbers of a list that are all told; entries of a longer one

/** A text that is the same for the same values, in whatever order. */
export function keyOf(value) {
  if (Array.isArray(value)) return `[${value.map(keyOf)}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((name) => `${name}:${keyOf(value[name])}`)}}`;
}

function fits(value, like, limits, most) {
  if (Array.isArray(like)) {
    if (!Array.isArray(value)) return false;
    if (most === undefined ? value.length !== like.length : value.length > most) return false;
    return value.every((one, i) => fits(one, like[most === undefined ? i : 0], limits));
  }
  if (typeof value !== typeof like) return false;
  if (typeof value === "number")
    return Number.isFinite(value) && (!limits || (value >= limits[0] && value <= limits[1]));
  return !limits || typeof value !== "string" || limits.includes(value);
}

/** Numbers within their limits, and in steps if `inSteps`. */
function bounded(value, limits, inSteps) {
  if (Array.isArray(value)) return value.map((one) => bounded(one, limits, inSteps));
  if (typeof value !== "number" || !limits) return value;
  const [low, high, step] = limits;
  const near = inSteps && step ? Math.round(value / step) * step : value;
  return Number(Math.min(high, Math.max(low, near)).toFixed(6)) + 0;
}

/** A state with some values changed, as far as the limits let it. */
export function changed(spec, state, changes, inSteps = true) {
  const made = { ...state };
  for (const [name, value] of Object.entries(changes)) {
    if (!(name in spec.state)) throw new Error(`the state has no ${name}`);
    made[name] = bounded(value, spec.limits[name], inSteps);
  }
  return made;
}

/** In words, a value beside the one that was asked for: of a long list only what differs. */
export function compared(value, asked) {
  const words = (one) => (Array.isArray(one) ? one.map(words).join(", ") : typeof one === "boolean" ? ["no", "yes"][+one] : String(Number(one) === one ? Number(one.toFixed(3)) : one).replace("-", "−"));
  if (!Array.isArray(value) || value.flat(3).length <= SHORT) return words(value);
  if (value.length !== asked.length) return `with ${value.length} entries`;
  const apart = value.flatMap((one, i) => (keyOf(one) === keyOf(asked[i]) ? [] : [`number ${i + 1}: ${words(one)}`]));
  return apart.length <= FEW ? apart.join(", ") : `with ${apart.length} of ${value.length} others`;
}

/** What an address holds behind `#NAME=`: what differs from the first state. */
export function written(spec, state) {
  return Object.keys(spec.state)
    .filter((name) => keyOf(state[name]) !== keyOf(spec.state[name]))
    .map((name) => {
      const value = state[name];
      return `${name}:${encodeURIComponent(typeof value === "string" ? value : JSON.stringify(value))}`;
    })
    .join(";")
    .replaceAll("%2C", ",")
    .replaceAll("%5B", "[")
    .replaceAll("%5D", "]");
}

/** The state of an address; null where it makes no sense. */
export function read(spec, text) {
  const state = { ...spec.state };
  try {
    for (const part of text.split(";").filter(Boolean)) {
      const at = part.indexOf(":");
      const name = part.slice(0, at);
      const given = decodeURIComponent(part.slice(at + 1));
      const like = Object.hasOwn(spec.state, name) ? spec.state[name] : undefined;
      const value = typeof like === "string" ? given : JSON.parse(given);
      if (like === undefined || !fits(value, like, spec.limits[name], spec.free[name])) return null;
      state[name] = value;
    }
  } catch {
    return null;
  }
  return state;
}

/** What the address of this page says about an explorable, or null. */
export function addressed(name) {
  const start = `#${name}=`;
  return location.hash.startsWith(start) ? location.hash.slice(start.length) : null;
}
