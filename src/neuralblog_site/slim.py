"""Leaves out of a built site what none of its pages can use: first visits stay light.

Material's style sheets know many more parts than we have, and Pygments marks every
name and bracket of a program, to which we give no color of their own.
"""

import re
from html import unescape
from pathlib import Path
from typing import Any

import tinycss2  # type: ignore[import-untyped]

from neuralblog_site.environment import ROOT

PLAIN = re.compile(r'<span class="(?:n|nn|o|p|w)">([^<]*)</span>')
CLASS = re.compile(r"\.((?:[\w-]|\\.)+)")
SCHEMES = re.compile(
    r'<link rel="stylesheet" href="[^"]*/palette[^"]*">'
)  # ours are own
ICON = re.compile(r"(--md-[\w-]+icon[\w-]*):url\([^)]*\);?")
MATH = re.compile(r"<math.*?</math>", re.DOTALL)


def slim_page(text: str) -> str:
    """A page without marks that show nothing, and without the templates' empty lines."""
    text = PLAIN.sub(r"\1", text)
    before, article, after = re.split(r"(<article.*</article>)", text, flags=re.DOTALL)
    before = re.sub(r"\s*\n\s*", "\n", SCHEMES.sub("", before))
    return before + article + re.sub(r"\s*\n\s*", "\n", after)


def slim_styles(out: Path) -> None:
    """Drop the rules for classes that stand in no page and no script of the site."""
    scripts = [*out.glob("assets/**/*.js"), *ROOT.glob("web/*.js")]
    texts = (
        path.read_text(encoding="utf-8") for path in [*out.rglob("*.html"), *scripts]
    )
    known = {word for text in texts for word in re.findall(r"[\w-]+", text)}
    for path in out.glob("assets/**/*.css"):
        rules = tinycss2.parse_stylesheet(path.read_text(encoding="utf-8"), True, True)
        made = re.sub(r"\s+", " ", _slim(rules, known))
        used = set(re.findall(r"var\((--[\w-]+)", made))
        made = ICON.sub(lambda icon: icon[0] if icon[1] in used else "", made)  # noqa: B023
        path.write_text(made, encoding="utf-8")


def letters_of_formulas(out: Path) -> set[str]:
    """Every character that the formulas of a built site contain."""
    texts = (path.read_text(encoding="utf-8") for path in out.rglob("*.html"))
    return {
        letter
        for text in texts
        for formula in MATH.findall(text)
        for letter in unescape(re.sub("<[^>]*>", "", formula))
    }


def _slim(rules: list[Any], known: set[str]) -> str:
    made = []
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = re.split(r",(?![^(\[]*[)\]])", tinycss2.serialize(rule.prelude))
            used = [selector for selector in selectors if _used(selector, known)]
            if used:
                made.append(f"{','.join(used)}{{{tinycss2.serialize(rule.content)}}}")
        elif rule.type == "at-rule" and rule.lower_at_keyword in ("media", "supports"):
            inner = _slim(tinycss2.parse_rule_list(rule.content, True, True), known)
            prelude = tinycss2.serialize(rule.prelude)
            made.append(f"@{rule.at_keyword}{prelude}{{{inner}}}" if inner else "")
        else:
            made.append(rule.serialize())
    return "".join(made)


def _used(selector: str, known: set[str]) -> bool:
    required = re.sub(r":(?:not|is|where|has)\(.*?\)", "", selector)
    return "[dir=rtl]" not in selector and known.issuperset(CLASS.findall(required))
