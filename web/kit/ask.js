// Where facts come from: the table that the build made, then Python in the page's worker.
import * as python from "../python.js";
import { keyOf } from "./state.js";

const MODULE = "neuralblog_site.inpage.explorables";

export const { Fault, Lost } = python;

export class Answers {
  /** `file` is what the build wrote about the explorable (catalog.py). */
  constructor(name, file) {
    this.name = name;
    this.live = false; // until Python has answered once
    this.tables = {};
    const [, first] = file.table.answer[0];
    for (const [name, rows] of Object.entries(file.table)) {
      const whole = name === "answer"; // there, only what differs from the first is kept
      this.tables[name] = rows.map(([given, facts]) => ({
        given: whole ? { ...file.state, ...given } : given,
        facts: whole ? { ...first, ...facts } : facts,
      }));
      for (const row of this.tables[name]) row.key = keyOf(row.given);
    }
  }

  /** Begin to load Python, which takes some seconds. */
  start() {
    if (this.live || this.starting) return;
    this.starting = true;
    python.start();
  }

  /** Facts from the table, or undefined. */
  known(given, name = "answer") {
    const key = keyOf(given);
    return this.tables[name]?.find((row) => row.key === key)?.facts;
  }

  /** The state of the table that is next to this one: one value differs, and it a little. Of
   * a list, what the hand has not moved since the state `kept` stays as it is, or as it is
   * `shown`: who moves to the right does not find himself further up. */
  nearest(state, kept = state, shown = state) {
    let [best, least] = [undefined, Infinity];
    const moves = keyOf(kept) !== keyOf(state);
    for (const row of this.tables.answer) {
      const differing = Object.keys(state).filter((k) => keyOf(state[k]) !== keyOf(row.given[k]));
      if (differing.length !== 1) continue;
      const [one, asked, was, seen] = [row.given, state, kept, shown].map((it) => [it[differing[0]]].flat(3));
      if (one.length !== asked.length) continue;
      if (one.some((value) => typeof value === "string")) continue;
      if (moves && one.some((value, i) => asked[i] === was[i] && value !== asked[i] && value !== seen[i])) continue;
      const far = one.reduce((sum, value, i) => sum + Math.abs(value - asked[i]), 0);
      if (far < least) [best, least] = [row, far];
    }
    return best;
  }

  /** Ask Python. Rejects with RangeError (the reader's mistake), Fault (ours) or Lost. */
  async call(given, name = "answer", onStatus = undefined) {
    try {
      const facts = await python.call(`${MODULE}.${this.name}:${name}`, given, onStatus);
      this.live = true;
      return facts;
    } catch (error) {
      if (error instanceof Lost) this.live = this.starting = false;
      throw error;
    }
  }
}
