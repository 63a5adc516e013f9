"""Nothing comes into a page but what is listed, however it is written."""

from pathlib import Path
from typing import TYPE_CHECKING

import lxml.html
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml.html import HtmlElement

from neuralblog_site.pages.extension import Formulas
from neuralblog_site.sources.formulas import FormulaError, mathml
from neuralblog_site.sources.markup import faults
from neuralblog_site.sources.site import Site

if TYPE_CHECKING:
    from conftest import Tree

GOOD = Path(__file__).parents[1].joinpath("good.txt").read_text(encoding="utf-8")
RUNS = ("javascript:", "vbscript:", "data:text")
TAGS = [
    "a",
    "b",
    "script",
    "iframe",
    "object",
    "img",
    "svg",
    "math",
    "mi",
    "use",
    "style",
    "base",
    "form",
    "p",
    "nb-x",
]
ATTRIBUTES = [
    "href",
    "src",
    "onclick",
    "style",
    "srcdoc",
    "action",
    "xlink:href",
    "class",
    "id",
    "name",
]
VALUES = [
    *("javascript:alert(1)", "java&#115;cript:x", " JAVASCRIPT:x", "data:text/html,x"),
    *("https://example.org", "//example.org/x.js", "../glossary.md", "red", "#a"),
    *("background: url(https://example.org)", "data:image/png;base64,x"),
]
MACROS = [
    r"\\href",
    r"\\text",
    r"\\class",
    r"\\style",
    r"\\cssId",
    r"\\url",
    r"\\color",
    r"\\mathrm",
    r"\\frac",
    r"\\begin{align*}",
    r"\\end{align*}",
    r"\\left(",
    r"\\right)",
    r"\\unicode",
    r"\\html",
    r"\\htmlData",
    r"\\operatorname",
    r"\\mbox",
    r"\\substack",
    r"\\textcolor",
    r"\\hspace",
    r"\\skew",
    r"\\sqrt",
    r"\\bm",
    r"{",
    r"}",
    r"[",
    r"]",
    r"^",
    r"_",
    r"&",
    r"%",
    r"<",
    r">",
    r"</script>",
    r"<script>",
    r"<a",
    r"x=1>",
    r"1",
    r"x",
    r"javascript:alert(1)",
    r"onclick=",
    r'"',
    r"'",
    r"\\\\",
    r"$",
    r"=",
    r"{javascript:x}{y}",
    r"{<img>}{x}",
    r"{1em}",
]


def dangerous(tree: HtmlElement) -> list[str]:
    """What runs or loads something, told without any list of what is allowed."""
    found = []
    for element in tree.iter():
        if element.tag in ("script", "iframe", "object", "base", "form", "style"):
            found.append(str(element.tag))
        for name, value in element.attrib.items():
            plain = "".join(c for c in value if c > " ").lower()
            if name.startswith("on") or name in ("srcdoc", "action"):
                found.append(name)
            elif plain.startswith(RUNS) or "url(" in plain:
                found.append(value)
    return found


tag = st.sampled_from(TAGS)
pair = st.tuples(st.sampled_from(ATTRIBUTES), st.sampled_from(VALUES))
pairs = st.lists(pair, max_size=3).map(
    lambda given: "".join(f' {name}="{value}"' for name, value in given)
)
element = st.builds("<{0}{1}>{2}</{0}>".format, tag, pairs, st.sampled_from(["", "x"]))
markup = st.recursive(
    element,
    lambda inner: st.builds(
        "<{0}{1}>{2}</{0}>".format, tag, pairs, st.lists(inner, max_size=3).map("".join)
    ),
    max_leaves=6,
)
tex = st.lists(st.sampled_from(MACROS), max_size=8).map(" ".join)
markdown = st.one_of(
    markup,
    tex.map("It is ${}$ now.".format),
    tex.map("$${}$$".format),
    st.builds("[it]({})".format, st.sampled_from(VALUES)),
    st.builds("![A neuron and its inputs]({})".format, st.sampled_from(VALUES)),
    st.builds(
        'Words.\n{{: {}="{}" }}'.format, *map(st.sampled_from, (ATTRIBUTES, VALUES))
    ),
    st.builds("<{}>".format, st.sampled_from(VALUES)),
    st.builds("[it][r]\n\n[r]: {}".format, st.sampled_from(VALUES)),
)


@settings(max_examples=300)
@given(markup)
def test_whatever_runs_or_loads_is_told(html: str) -> None:
    tree = lxml.html.fromstring(f"<main><article>{html}</article></main>")
    assert bool(dangerous(tree)) <= bool(list(faults(tree)))


@settings(max_examples=500)
@given(tex)
def test_tex_makes_a_formula_or_nothing(text: str) -> None:
    try:
        made = mathml(text)
    except FormulaError:
        return
    tree = lxml.html.fromstring(f"<p>{made}</p>")
    assert dangerous(tree) == []
    assert not tree.xpath("//*[@href or @class or @style or @id]")
    assert {e.tag[0] for e in tree[0].iter()} == {"m"}
    assert list(faults(tree)) == []


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(markdown, min_size=1, max_size=2).map("\n\n".join))
def test_a_post_is_told_or_harmless(tree: "Tree", text: str) -> None:
    tree.write("docs/posts/good.md", GOOD.replace("The end.", text))
    if tree.check():
        return
    page = Site(tree.root).page(tree.root / "docs/posts/good.md")
    body = Formulas().run(
        Site(tree.root).render("\n".join(page.lines[page.front.end :]))
    )
    made = lxml.html.fromstring(f"<main><article>{body}</article></main>")
    assert dangerous(made) == []
    assert list(faults(made)) == []


@pytest.mark.parametrize(
    "html",
    [
        '<script src="assets/x.js"></script><img src="a.png" alt="">',
        '<article><a href="https://example.org">x</a></article>',
        '<svg><image xlink:href="data:image/png;base64,x"/></svg>',
        f"<p>{mathml('x^2')}</p>",
    ],
)
def test_what_is_listed_passes(html: str) -> None:
    assert list(faults(lxml.html.fromstring(f"<main>{html}</main>"))) == []


@pytest.mark.parametrize(
    "html",
    [
        "<article><script></script></article>",
        '<script src="//example.org/x.js"></script>',
        '<img src="https://example.org/x.png">',
        '<a href="java\tscript:x()">x</a>',
        "<marquee>x</marquee>",
        "<math><mi><script>x</script></mi></math>",
        '<svg><use xlink:href="https://example.org/x.svg#a"/></svg>',
        '<p style="background: url(x)">x</p>',
    ],
)
def test_what_is_not_listed_is_told_once(html: str) -> None:
    assert len(list(faults(lxml.html.fromstring(f"<main>{html}</main>")))) == 1
