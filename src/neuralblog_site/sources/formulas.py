r"""Renders TeX to MathML at build time, which browsers draw without any script.

Strict: an unknown macro or an unbalanced brace is an error, never a blank on the page.
What a formula may be made of is listed: TeX makes no links, no styles and no HTML.
"""

import html
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from itertools import pairwise

from latex2mathml.converter import Converter

CHILDREN = {"mfrac": 2, "msub": 2, "msup": 2, "mover": 2, "munder": 2, "mroot": 2}
CHILDREN |= {"msubsup": 3, "munderover": 3}
CLOSING = set(")]}|⌉⌋⟩!′″‴")

LENGTH = r"[+-]?(\d{1,2}(\.\d+)?|\.\d+)(em|ex|px|pt)|0"  # no wider than a page
TRUTH, ALIGN = "true|false", "(left|center|right)( (left|center|right))*"
ALLOWED: dict[str, dict[str, str]] = {  # elements, their attributes, and the values
    "math": {"alttext": ".*", "display": "block"},
    "mi": {"mathvariant": "normal"},
    "mn": {},
    "mo": dict.fromkeys(
        ("stretchy", "fence", "largeop", "accent", "movablelimits"), TRUTH
    )
    | dict.fromkeys(("lspace", "rspace", "minsize", "maxsize"), LENGTH)
    | {"form": "prefix|infix|postfix"},
    "mtext": {},
    "mspace": {"width": LENGTH, "height": LENGTH, "depth": LENGTH},
    "mstyle": {"displaystyle": TRUTH, "scriptlevel": r"[+-]?\d"},
    "mpadded": dict.fromkeys(("width", "height", "depth", "lspace", "voffset"), LENGTH),
    "mphantom": {},
    "mfrac": {"linethickness": LENGTH},
    "mtable": {"displaystyle": TRUTH, "columnalign": ALIGN}
    | dict.fromkeys(("rowspacing", "columnspacing"), f"({LENGTH})( ({LENGTH}))*"),
    "mtr": {},
    "mtd": {"columnalign": ALIGN},
}
ROWS = "mrow msqrt mroot msub msup msubsup mover munder munderover"
ALLOWED |= {name: {} for name in ROWS.split()}
ALLOWED |= {name: {"accent": TRUTH} for name in ("mover", "munder", "munderover")}
TOKENS = {"mi", "mn", "mo", "mtext", "mspace"}  # these hold text, and no elements
ENVIRONMENTS = r"align\*|split|cases|array|smallmatrix|[pbBvV]?matrix|equation\*?"
TEXTUAL = (
    r"(itemize|enumerate|description|figure|table|tabular|center|quote|verbatim|minted"
    r"|lstlisting|document|abstract|theorem|lemma|proof|definition|algorithm\w*)\*?"
)
CURES = {  # macros that make something else than a formula, and what to do
    r"require": "leave it out: it asks MathJax for more macros",
    r"href|url|html\w*|data": "write a link in Markdown, outside of the formula",
    r"tag|label|(eq)?ref|nonumber|notag": "name the formula in the text around it",
    r"(re)?newcommand|(re)?newenvironment|[egx]?def|let|DeclareMathOperator":
        "write it out: each formula stands alone",
    r"(text|f)?color(box)?|class|style|cssId|rule":
        "leave it out: how a formula looks is the page's",
    r"[bx]?cancel|boxed|fbox|enclose": "say it in words: browsers do not draw it",
    r"unicode|char|verb": "type the character itself",
}  # fmt: skip
VARIANTS = {  # where a variant's A, a, 0, capital alpha and alpha are; browsers have one
    "bold": (0x1D400, 0x1D41A, 0x1D7CE, 0x1D6A8, 0x1D6C2),
    "italic": (0x1D434, 0x1D44E, 0x30, 0x1D6E2, 0x1D6FC),
    "bold-italic": (0x1D468, 0x1D482, 0x1D7CE, 0x1D71C, 0x1D736),
    "sans-serif": (0x1D5A0, 0x1D5BA, 0x1D7E2, 0x391, 0x3B1),
    "monospace": (0x1D670, 0x1D68A, 0x1D7F6, 0x391, 0x3B1),
}
STARTS = (("A", 26), ("a", 26), ("0", 10), ("\u0391", 25), ("\u03b1", 25))
READABLE = "write it in the LaTeX that latex2mathml knows"


class FormulaError(ValueError):
    """The formula cannot be rendered; says why, and the cure."""

    def __init__(self, what: str, fix: str = READABLE) -> None:
        super().__init__(what)
        self.fix = fix


def mathml(tex: str, *, block: bool = False) -> str:
    """The formula as a `<math>` element. Raises FormulaError."""
    _check_macros(tex)
    _check_braces(tex)
    display = "block" if block else "inline"
    try:
        root = Converter(xmlns="", display=display).convert_to_element(tex)
    except Exception as error:  # latex2mathml raises many kinds, few with a message
        reason = str(error) or type(error).__name__.removesuffix("Error")
        raise FormulaError(f"cannot read the formula {tex!r}: {reason}") from error
    for element in root.iter():
        if len(element) != CHILDREN.get(element.tag, len(element)):
            raise FormulaError(f"something has no argument in the formula {tex!r}")
        if element.text is not None:
            element.text = html.unescape(element.text)
            if element.text == "&":
                raise FormulaError(f"a stray & in the formula {tex!r}")
            if element.text.startswith("\\") and element.text != "\\":
                raise FormulaError(
                    f"unknown macro {element.text} in the formula {tex!r}"
                )
        _write_variant(element)
        if element.get("width") == "negativethinmathspace":
            element.set("width", "-0.167em")
    for element in list(root.iter("msup")):
        _raise_prime(element)
    for element in list(root.iter("mrow")):
        _space(element)
    if tex and not "".join(root.itertext()).strip():
        raise FormulaError(
            f"nothing to see in the formula {tex!r}", "write or delete it"
        )
    root.attrib.pop("xmlns", None)
    if not block:
        root.attrib.pop("display", None)
    root.set("alttext", " ".join(tex.split()))
    if wrong := next(foreign(root), ""):
        raise FormulaError(f"TeX that makes {wrong} in the formula {tex!r}")
    return ET.tostring(root, encoding="unicode")


def foreign(root: ET.Element) -> Iterator[str]:
    """What a formula is made of and may not be: elements, attributes, values, text."""
    for element in root.iter():
        known = ALLOWED.get(element.tag)
        if known is None:
            yield f"<{element.tag}>"
            continue
        for name, value in element.attrib.items():
            if not re.fullmatch(known.get(name, "(?!)"), value, re.DOTALL):
                yield f'{name}="{value}" of <{element.tag}>'
        if element.tag in TOKENS and len(element) and element[0].tag in ALLOWED:
            yield f"<{element[0].tag}> inside of <{element.tag}>"
        text = element.text or ""
        if element.tag == "mtext" and re.search(r"<[a-zA-Z/!?]|\$", text):
            yield f"the text {text!r}"


def _write_variant(element: ET.Element) -> None:
    """Write letters of a variant as such: browsers do not know the attribute."""
    name = element.get("mathvariant")
    if name in VARIANTS and not len(element):
        del element.attrib["mathvariant"]
        element.text = (element.text or "").translate(variant(name))


def variant(name: str) -> dict[int, int]:
    """The characters that have a form of their own in a variant, and which that is."""
    forms = {
        ord(first) + n: start + n
        for (first, count), start in zip(STARTS, VARIANTS[name], strict=True)
        for n in range(count)
    }  # the italic h was there first, as Planck's constant
    return forms | ({ord("h"): 0x210E} if name == "italic" else {})


def _check_macros(tex: str) -> None:
    for macros, fix in CURES.items():
        if found := re.search(rf"\\({macros})(?![A-Za-z])", tex):
            raise FormulaError(f"{found[0]} in the formula {tex!r}", fix)
    if re.search(r"(?<!\\)(\\\\)*%", tex):
        what = f"a % that hides what follows it in the formula {tex!r}"
        raise FormulaError(what, r"write `\%`")
    open_to = re.sub(r"\\text\w*\s*\{[^{}]*\}", "", tex)
    if re.search(r"(?<!\\)(\\\\)*\$", open_to) or re.match(r"latex\b", tex):
        fix = "write `$` before and after it, or `$$` on lines of their own"
        raise FormulaError(f"a formula that does not end here: {tex!r}", fix)
    for name in re.findall(r"\\begin\s*\{([^{}]*)\}", tex):
        if not re.fullmatch(ENVIRONMENTS, name):
            fix = r"write `\begin{align*}`, or one formula for each line"
            if re.fullmatch(TEXTUAL, name):
                fix = "write it in Markdown"
            raise FormulaError(f"the environment {name!r} in the formula {tex!r}", fix)
    if "\\\\" in tex and not re.search(r"\\begin|\\substack", tex):
        fix = r"write `\begin{align*}`, or one formula for each line"
        raise FormulaError(f"lines outside of an environment in {tex!r}", fix)
    bare = re.sub(
        r"\\(text\w*|mbox|operatorname\*?|math[a-z]+|begin|end)\s*\{[^{}]*\}|\\[a-zA-Z]+",
        "@",
        tex,
    )
    if words := re.search(r"[A-Za-z]{2,}\s+[A-Za-z]{2,}|[A-Za-z]{6,}", bare):
        fix = r"write `\$` for a dollar, and `\text{...}` around words of a formula"
        raise FormulaError(f"the words {words[0]!r} in the formula {tex!r}", fix)


def _raise_prime(power: ET.Element) -> None:
    """Put a prime after its letter: fonts draw it raised, so it is no exponent."""
    prime = power[1]
    if prime.text and set(prime.text) <= set("′″‴"):
        power.tag, prime.tag = "mrow", "mo"
        prime.attrib |= {"lspace": "0", "rspace": "0"}


def _space(row: ET.Element) -> None:
    """Keep a sign close to its number, and a function's name apart from what follows."""
    parts = [part for part in row if part.tag not in ("mspace", "mtext")]
    for before, part in pairwise(parts):
        opens = before.tag == "mo" and before.text not in CLOSING
        if opens and part.tag == "mo" and part.text in ("−", "+"):
            part.set("form", "prefix")
        named = before.tag == "mi" and len(before.text or "") > 1
        if named and part.tag != "mo":
            row.insert(list(row).index(part), ET.Element("mspace", width="0.167em"))


def _check_braces(tex: str) -> None:
    depth, escaped = 0, False
    for character in tex:
        if not escaped and character in "{}":
            depth += 1 if character == "{" else -1
            if depth < 0:
                break
        escaped = character == "\\" and not escaped
    if depth:
        raise FormulaError(f"unbalanced braces in the formula {tex!r}")
    pairs = (("begin", "end"), ("left", "right"))
    if any(_count(tex, one) != _count(tex, other) for one, other in pairs):
        raise FormulaError(f"something is opened but not closed in the formula {tex!r}")


def _count(tex: str, macro: str) -> int:
    return len(re.findall(rf"\\{macro}(?![A-Za-z])", tex))
