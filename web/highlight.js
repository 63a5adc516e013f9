// Colors Python with the classes that the page's own highlighting uses.
const KEYWORDS =
  "as assert async await break case class continue def del elif else except finally for global if lambda match nonlocal pass raise return try while with yield";
const BUILTINS =
  "abs all any bool dict enumerate filter float int isinstance len list map max min open print range repr reversed round set sorted str sum super tuple type zip";
const CLASSES = new Map([
  ...KEYWORDS.split(" ").map((word) => [word, "k"]),
  ...BUILTINS.split(" ").map((word) => [word, "nb"]),
  ...["import", "from"].map((word) => [word, "kn"]),
  ...["False", "None", "True"].map((word) => [word, "kc"]),
  ...["and", "in", "is", "not", "or"].map((word) => [word, "ow"]),
]);
const TOKEN = new RegExp(
  [
    /(?<c1>#.*)/,
    /(?<s2>(?:\b[rbfu]{1,2})?(?:"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?))/,
    /(?<mi>\b(?:0[xob][\da-f_]+|\d[\d_]*\.?[\d_]*(?:e[+-]?\d+)?j?))/,
    /(?<nd>(?<=(?:^|\n)\s*)@[\w.]+)/,
    /(?<word>[\p{L}_][\p{L}\p{N}_]*)/,
    /(?<o>[-+*/%@=<>!&|^~:]+)/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "giu",
);
const escape = (text) => text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt()};`);

/** The code as HTML. */
export function highlighted(code) {
  let made = "";
  let at = 0;
  let before = "";
  for (const match of code.matchAll(TOKEN)) {
    const [name, text] = Object.entries(match.groups).find(([, text]) => text !== undefined);
    let kind = name;
    if (name === "word") {
      kind = CLASSES.get(text) ?? { def: "nf", class: "nc" }[before] ?? "n";
      before = text;
    }
    made += `${escape(code.slice(at, match.index))}<span class="${kind}">${escape(text)}</span>`;
    at = match.index + match[0].length;
  }
  return made + escape(code.slice(at));
}
