r"""Renders TeX to MathML at build time, which browsers draw without any script.

Strict: an unknown macro or an unbalanced brace is an error, never a blank on the page.
"""

import html
import re
import xml.etree.ElementTree as ET
from itertools import pairwise

from latex2mathml.converter import Converter

CHILDREN = {"mfrac": 2, "msub": 2, "msup": 2, "mover": 2, "munder": 2, "mroot": 2}
CHILDREN |= {"msubsup": 3, "munderover": 3}
CLOSING = set(")]}|⌉⌋⟩!′″‴")


class FormulaError(ValueError):
    """The formula cannot be rendered; says why."""


def mathml(tex: str, *, block: bool = False) -> str:
    """The formula as a `<math>` element. Raises FormulaError."""
    _check_braces(tex)
    try:
        root = Converter(
            xmlns="", display="block" if block else "inline"
        ).convert_to_element(tex)
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
    for element in list(root.iter("msup")):
        _raise_prime(element)
    for element in list(root.iter("mrow")):
        _space(element)
    root.attrib.pop("xmlns", None)
    if not block:
        root.attrib.pop("display", None)
    root.set("alttext", " ".join(tex.split()))
    return ET.tostring(root, encoding="unicode")


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
