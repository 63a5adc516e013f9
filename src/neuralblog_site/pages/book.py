"""The series as one document, for paper: made of the built pages, in their order.

What a page unfolds on a touch stands open here; hints, solutions and answers wait at the
end of their part. Whatever the book says by itself has the class `nb-book`.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lxml.html
from lxml.html import HtmlElement
from lxml.html.builder import CLASS, E

from neuralblog_site.pages.head import DESCRIPTION
from neuralblog_site.project.commit import SITE_URL, Build
from neuralblog_site.project.problems import Problem
from neuralblog_site.sources.series import SERIES, position

PLACE = "book/index.html"
TITLE = "From neuron to CNN"
APPENDIX = ("notation", "glossary")
ORDER = (*(part.slug for part in SERIES), *APPENDIX)
FIX = "mend pages/book.py, and make the book again"
STYLE = Path(__file__).with_name("book.css")
# What frames a page on its way through the site, and means nothing on paper.
FRAME = (
    "./p[@class='nb-position'] | .//a[@class='headerlink'] | .//script"
    " | ./section[@class='nb-after'] | ./nav[@class='nb-turn']"
)
LINES = (
    "self::p or self::li or self::dt or self::dd or self::td or self::th or self::pre"
)
NAMED = re.compile(r"url\(#([^)]+)\)")
FIGURES = ".//svg[@role='img']"
ANSWERS = "./details[@class='tip' or @class='success'] | ./div/ul[@class='nb-choices']"
LICENSES = "Text and figures CC BY 4.0, code MIT, by the neuralblog authors."
HOW = (
    "Each of the {snippets} snippets ran when this was built. Below it stands what it "
    "printed, and beside it what it drew. Lines that only draw a figure are left out on "
    "paper: a line says how many. Hints and solutions wait at the end of each part, so "
    "that you can try first. Some of the {figures} figures are pictures of something "
    "that moves under your finger; it does so on the page of the part."
)
HEAD = (
    '#{slug} {{ page: {slug} }}\n@page {slug} {{ @top-right {{ content: "{said}" }} }}'
)
PAGE = """\
<!doctype html>
<html lang="en" data-scheme="light">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title} · neuralblog</title>
<link rel="stylesheet" href="../assets/css/neuralblog.css">
<style>
{style}
{heads}
</style>
</head>
<body dir="ltr" data-md-color-scheme="auto">
<main>
{front}
{chapters}
</main>
</body>
</html>
"""


@dataclass(frozen=True)
class Chapter:
    """A page of the site that is in the book."""

    slug: str
    article: HtmlElement  # as it was built

    @property
    def part(self) -> str:
        """What it is called; nothing for what stands behind the last part."""
        number = position(self.slug)
        return f"Part {number}" if number else ""

    @property
    def title(self) -> str:
        """Its first heading."""
        return _said(self.article.find("h1"))


def read(out: Path, slugs: Iterable[str] = ORDER) -> list[Chapter]:
    """The chapters, from a built site."""
    found = []
    for slug in slugs:
        text = (out / slug / "index.html").read_text(encoding="utf-8")
        [article] = lxml.html.fromstring(text).iter("article")
        found.append(Chapter(slug, article))
    return found


def joined(
    chapters: list[Chapter], build: Build, pages: Mapping[str, int], site: str = "../"
) -> str:
    """The book as HTML; `pages` tells on which page an id is, where that is known.

    Links to what is not in the book start at `site`; without one, they are plain text.
    """
    made = [_Made(chapter, chapters, pages, site).chapter() for chapter in chapters]
    heads = (HEAD.format(slug=c.slug, said=_quoted(c)) for c in chapters)
    return PAGE.format(
        title=TITLE,
        style=STYLE.read_text(encoding="utf-8"),
        heads="\n".join(heads),
        front=_html(_front(chapters, build, pages)),
        chapters="\n".join(map(_html, made)),
    )


class _Made:
    """A chapter on its way from the page into the book."""

    def __init__(
        self,
        chapter: Chapter,
        book: list[Chapter],
        pages: Mapping[str, int],
        site: str,
    ) -> None:
        self.slug, self.part = chapter.slug, chapter.part
        self.parts = {other.slug: other.part for other in book}
        self.pages, self.site = pages, site
        self.article = deepcopy(chapter.article)

    def chapter(self) -> HtmlElement:
        """The chapter, with nothing in it that collides with another."""
        _take_out(self.article.xpath(FRAME))
        self._name_apart()
        self._link()
        self._point_to_the_site()
        self._contents()
        self._answers()
        for fold in self.article.xpath(".//details[not(contains(@class, 'nb-fold'))]"):
            fold.set("open", "")
        if self.part:
            self.article.insert(0, E.p(CLASS("nb-book nb-position"), self.part))
        self.article.tag, self.article.attrib["id"] = "section", self.slug
        return self.article

    def _name_apart(self) -> None:
        """Ids of two pages may be the same: here each begins with its page's name."""
        for element in self.article.iter():
            for key, value in element.attrib.items():
                if key == "id":
                    element.set(key, self._named(value))
                elif key.endswith("href") and value.startswith("#"):
                    element.set(key, f"#{self._named(value[1:])}")
                elif "url(#" in value:
                    element.set(key, NAMED.sub(rf"url(#{self._named('')}\1)", value))

    def _link(self) -> None:
        """Links between pages of the book stay in it, and say the page of paper."""
        for link in self.article.xpath(".//a[starts-with(@href, '../')]"):
            page, _, name = str(link.get("href")).removeprefix("../").partition("#")
            slug = page.rstrip("/")
            if slug in self.parts:
                there = f"{slug}--{name}" if name else slug
                link.set("href", f"#{there}")
                if part := self.parts[slug]:
                    told = "part" in _said(link).lower()
                    said = "page {}" if told else f"{part.lower()}, page {{}}"
                    _after(link, _page(self.pages, there, f" ({said})"))
            elif self.site:
                link.set("href", self.site + page + "#" * bool(name) + name)
            else:
                del link.attrib["href"]

    def _point_to_the_site(self) -> None:
        """Below the picture of something to play with: where it moves."""
        for play in self.article.xpath(".//nb-explorable | .//nb-draw-digit"):
            name = str(play.get("id")).removeprefix(self._named(""))
            there = E.a(f"the page of {self.part.lower()}")
            if self.site:
                there.set("href", f"{self.site}{self.slug}/#{name}")
            note = E.p("A picture of something to play with, on ", there, ".")
            note.set("class", "nb-book nb-touch")
            play.append(note)
            play.tag = "div"
            play.attrib.pop("style", None)

    def _contents(self) -> None:
        """The list of headings gets their pages."""
        for link in self.article.xpath("./details[@class='nb-contents']//a"):
            _after(link, _page(self.pages, str(link.get("href"))[1:]))

    def _answers(self) -> None:
        """Hints, solutions, and what choices are told, go to the end of the part."""
        end, asked = E.section(CLASS("nb-answers")), None
        for answer in self.article.xpath(ANSWERS):
            task = self._task(answer)
            if task is not asked:
                asked, name = task, self._named(f"answer-{len(end.findall('h3')) + 1}")
                end.append(E.h3(CLASS("nb-book"), self._title(task), id=name))
                where = E.p("Answer: ", E.a("at the end of this part", href=f"#{name}"))
                where.append(_page(self.pages, name, " (page {})"))
                where.set("class", "nb-book nb-where")
                answer.addprevious(where)
            if answer.tag == "ul":
                where.addprevious(_unanswered(answer))
            answer.drop_tree()
            answer.tail = None
            end.append(answer)
        if len(end):
            name = self._named("answers")
            end.insert(0, E.h2(CLASS("nb-book"), "Hints and solutions", id=name))
            self.article.append(end)

    @staticmethod
    def _task(answer: HtmlElement) -> HtmlElement:
        if answer.tag == "ul":
            return answer.getparent()
        return answer.xpath("./preceding-sibling::*[self::h2 or self::h3][1]")[0]

    def _title(self, task: HtmlElement) -> str:
        """What to call it at the end of the part: its heading, or which question it is."""
        if task.tag != "div":
            return _said(task)
        title = _said(task.find("p"))
        boxes = self.article.xpath("./div[./p[@class='admonition-title']]")
        same = [box for box in boxes if _said(box.find("p")) == title]
        return f"{title}, question {same.index(task) + 1}"

    def _named(self, name: str) -> str:
        return f"{self.slug}--{name}"


def _front(
    chapters: list[Chapter], build: Build, pages: Mapping[str, int]
) -> HtmlElement:
    """The title page, how to read the book, and the contents."""
    n_snippets = sum(len(units(chapter.article)) for chapter in chapters)
    n_figures = sum(len(chapter.article.xpath(FIGURES)) for chapter in chapters)
    rows = [
        E.li(
            E.span(CLASS("nb-number"), c.part.removeprefix("Part ")),
            E.a(c.title, href=f"#{c.slug}"),
            _page(pages, c.slug),
        )
        for c in chapters
    ]
    title = [
        E.p(CLASS("nb-site"), "neuralblog"),
        E.h1(TITLE),
        E.p(DESCRIPTION),
        E.p(
            CLASS("nb-meta"), f"{SITE_URL} " if SITE_URL else "", f"Built from {build}."
        ),
        E.p(CLASS("nb-meta"), LICENSES),
    ]
    contents = [
        E.h2("Contents"),
        E.ol(CLASS("nb-chapters"), *rows),
        E.h2("How to read it on paper"),
        E.p(HOW.format(snippets=n_snippets, figures=n_figures)),
    ]
    front = E.section(*title, id="title"), E.section(*contents, id="contents")
    return E.div(CLASS("nb-book md-typeset"), *front)


def _page(pages: Mapping[str, int], name: str, said: str = "{}") -> HtmlElement:
    """On which page of paper something is; a screen does not show it."""
    return E.span(CLASS("nb-book nb-page"), said.format(pages.get(name) or "000"))


def units(article: HtmlElement) -> list[tuple[str, ...]]:
    """Each snippet with what it printed: the texts of its blocks."""
    return [
        tuple(block.text_content() for block in snippet.iter("pre"))
        for snippet in article.xpath(".//div[@class='nb-snippet']")
    ]


def problems(text: str, chapters: list[Chapter]) -> Iterator[Problem]:
    """What the book lacks, or says otherwise than the pages that it was made of."""
    tree = lxml.html.fromstring(text)
    names = [str(name) for name in tree.xpath("//@id")]
    inside = [str(link)[1:] for link in tree.xpath("//a/@href") if link[0] == "#"]
    used = [str(link)[1:] for link in tree.xpath("//use/@*") if link[0] == "#"]
    used += [name for value in tree.xpath("//@*") for name in NAMED.findall(value)]
    for name in sorted(name for name, n in Counter(names).items() if n > 1):
        yield _problem(f"two things are called {name}")
    for name in sorted({*inside, *used} - {*names}):
        yield _problem(f"the link #{name} leads to nothing")
    order = [str(name) for name in tree.xpath("//main/section/@id")]
    if order != [chapter.slug for chapter in chapters]:
        yield _problem(f"its parts are {', '.join(order)}")
        return
    for chapter, made in zip(chapters, tree.xpath("//main/section"), strict=True):
        for what, count in COMPARED.items():
            lost = count(chapter.article) - count(made)
            more = count(made) - count(chapter.article)
            for item in (*lost, *more):
                said = "lacks" if item in lost else "has, and the page has not,"
                yield _problem(f"{chapter.slug} {said} {what} {str(item)[:80]!r}")


def _problem(what: str) -> Problem:
    return Problem(PLACE, 1, "IN08", what, FIX)


def _snippets(article: HtmlElement) -> Counter[tuple[str, ...]]:
    return Counter(units(article))


def _figures(article: HtmlElement) -> Counter[tuple[str, ...]]:
    """Each picture by its description, and all that is drawn: everything but names."""
    drawn = article.xpath(f"{FIGURES} | .//img")
    found = [[v for e in p.iter() for k, v in e.items() if k != "id"] for p in drawn]
    told = [str(p.get("aria-label") or p.get("alt")) for p in drawn]
    parts = zip(told, found, strict=True)
    return Counter((text, *(v for v in row if "#" not in v)) for text, row in parts)


def _lines(article: HtmlElement) -> Counter[str]:
    """Every piece of text, but for what only the page or only the book says."""
    ours = deepcopy(article)
    _take_out(ours.xpath(f"{FRAME} | .//*[contains(@class, 'nb-book')]"))
    rows = ours.xpath(f".//*[{LINES} or self::summary or self::h2 or self::h3]")
    return Counter(_said(row) for row in rows)


COMPARED: dict[str, Callable[[HtmlElement], Counter[Any]]] = {
    "the snippet": _snippets,
    "the figure": _figures,
    "the text": _lines,
}


def _unanswered(choices: HtmlElement) -> HtmlElement:
    """A copy of the choices that does not tell which one is right."""
    copy = deepcopy(choices)
    _take_out(copy.xpath(".//ul[@class='nb-reply']"))
    for choice in copy:
        choice.attrib.pop("class")
    copy.set("class", "nb-book nb-open")
    return copy


def _after(element: HtmlElement, note: HtmlElement) -> None:
    """Put a note behind an element, before the text that follows."""
    note.tail, element.tail = element.tail, None
    element.addnext(note)


def _take_out(elements: list[HtmlElement]) -> None:
    for element in elements:
        element.drop_tree()


def _said(element: HtmlElement) -> str:
    return " ".join(element.text_content().replace("¶", "").split())


def _quoted(chapter: Chapter) -> str:
    """The line at the head of a page, for a style sheet."""
    said = ": ".join(filter(None, (chapter.part, chapter.title)))
    return said.replace("\\", r"\\").replace('"', r"\"")


def _html(element: HtmlElement) -> str:
    return str(lxml.html.tostring(element, encoding="unicode"))
