"""What the built pages may be made of: their elements, attributes, values and scripts.

What is not listed here is on no page, whichever way it came: Markdown, raw HTML, TeX,
a figure, the theme, or a builder.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

from lxml.html import HtmlElement

from neuralblog_site.sources.formulas import foreign

ANYWHERE = {
    *("id", "class", "title", "lang", "dir", "hidden", "role", "tabindex", "style"),
}
EXPLORABLE = re.compile(  # on a line of its own, as a page writes it
    r'^(?P<indent> *)<nb-explorable name="(?P<name>[^"]*)"></nb-explorable>[^\S\n]*$',
    re.MULTILINE,
)
TEXT = """b blockquote br code dd del dfn div dl dt em figcaption h1 h2 h3 h4 h5 h6 hr i
    kbd mark p pre s small span strong sub summary sup table tbody td tfoot th thead tr u
    ul wbr abbr article aside body footer head header html main nav section title"""
ELEMENTS: dict[str, set[str]] = {
    **{name: set() for name in TEXT.split()},
    "a": {"href", "rel", "download"},
    "button": {"type"},
    "details": {"open"},
    "figure": set(),
    "form": {"name"},  # the theme's search, which goes nowhere
    "img": {"alt", "src", "width", "height", "loading"},
    "input": {
        *("type", "name", "placeholder", "required", "autocapitalize", "autocomplete"),
        *("autocorrect", "spellcheck", "checked", "for", "disabled"),
    },
    "label": {"for"},
    "li": {"value"},
    "link": {"as", "crossorigin", "href", "rel", "sizes", "type"},
    "meta": {"charset", "content", "http-equiv", "media", "name", "property"},
    "nb-explorable": {"name"},
    "ol": {"start", "type"},
    "script": {"defer", "fetchpriority", "src", "type"},
    "time": {"datetime"},
}
ELEMENTS["body"] = {"data-md-color-scheme"}
DRAWN = """cx cy r d x y x1 x2 y1 y2 rx ry width height transform clip-path points fill
    stroke stroke-width stroke-linecap stroke-linejoin opacity version viewbox xmlns
    xmlns:xlink offset stop-color gradientunits preserveaspectratio"""
SHAPES = """svg g path circle ellipse rect line polyline polygon defs clippath text tspan
    lineargradient stop desc title"""
PICTURES: dict[str, set[str]] = {
    **{name: set(DRAWN.split()) for name in SHAPES.split()},
    "use": {*DRAWN.split(), "xlink:href", "href"},
    "image": {*DRAWN.split(), "xlink:href", "href"},
}
THEME = ("script", "form", "input", "button", "link", "meta")  # these are in no article
ADDRESSES = ("href", "src", "xlink:href")
SCHEME = re.compile(r"[\x00-\x20]*([a-z][a-z0-9+.\x00-\x20-]*):", re.IGNORECASE)
IMAGE = re.compile(r"data:image/(png|jpeg|gif|webp|svg\+xml)[;,]")


def faults(tree: HtmlElement) -> Iterator[tuple[int, str]]:
    """Everything on a page that is not listed: the line, and what it is."""
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        for what in _faults(element):
            yield element.sourceline or 1, what


def _faults(element: HtmlElement) -> Iterator[str]:
    tag = element.tag
    inside = {e.tag for e in element.iterancestors()}
    if tag == "math" and "math" not in inside:
        yield from foreign(_formula(element))
    if tag == "math" or "math" in inside:
        return
    table = PICTURES if tag == "svg" or "svg" in inside else ELEMENTS
    if tag not in table or (tag in THEME and "article" in inside):
        yield f"<{tag}>"
        return
    for name in unlisted(element):
        yield f"the attribute {name} of <{tag}>"
    for name, value in element.attrib.items():
        if name in ADDRESSES and (wrong := _leads_out(tag, value)):
            yield f"{name}={wrong!r} of <{tag}>"
        elif name == "style" and re.search(r"url\(|expression|@|\\|/\*", value, re.I):
            yield f"the style {value!r} of <{tag}>"


def unlisted(element: HtmlElement) -> list[str]:
    """The attributes that an element may not have."""
    known = (
        ANYWHERE | PICTURES.get(element.tag, set()) | ELEMENTS.get(element.tag, set())
    )
    data = re.compile(r"(aria|data)-[\w-]+")
    return [n for n in element.attrib if n not in known and not data.fullmatch(n)]


def _leads_out(tag: str, value: str) -> str:
    """An address that a page may not have: a script's, or one of another site."""
    scheme = SCHEME.match(value)
    if scheme is None:
        return value if tag != "a" and re.match(r"\s*[/\\]{2}", value) else ""
    named = scheme[1].lower()
    if tag == "a" and named in ("https", "http", "mailto"):
        return ""
    if tag in ("img", "image", "link") and IMAGE.match(value):
        return ""
    return value[:60]


def _formula(element: HtmlElement) -> ET.Element:
    """A formula as the one who wrote it had it."""
    copy = ET.Element(element.tag, dict(element.attrib))
    copy.text = element.text
    copy.extend(_formula(part) for part in element if isinstance(part.tag, str))
    return copy
