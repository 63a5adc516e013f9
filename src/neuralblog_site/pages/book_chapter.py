"""A page of the site as a chapter of the book.

What a page unfolds on a touch stands open; hints, solutions and answers wait at the end.
Whatever the book says by itself has the class `nb-book`.
"""

import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import lxml.html
from lxml.html import HtmlElement
from lxml.html.builder import CLASS, E

from neuralblog_site.sources.series import SERIES, position

APPENDIX = ("notation", "glossary")
ORDER = (*(part.slug for part in SERIES), *APPENDIX)
# What frames a page on its way through the site, and means nothing on paper.
FRAME = (
    "./p[@class='nb-position'] | .//a[@class='headerlink'] | .//script"
    " | ./section[@class='nb-after'] | ./nav[@class='nb-turn']"
)
NAMED = re.compile(r"url\(#([^)]+)\)")
SNIPPETS = ".//div[@class='nb-snippet']"
FIGURES = ".//svg[@role='img']"
# drawing code stays folded, and so does what would move
FOLDS = ".//details[not(contains(@class, 'nb-fold') or .//img)]"
ANSWERS = "./details[@class='tip' or @class='success'] | ./div/ul[@class='nb-choices']"


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
        return said(self.article.find("h1"))


def read(out: Path, slugs: Iterable[str] = ORDER) -> list[Chapter]:
    """The chapters, from a built site."""
    found = []
    for slug in slugs:
        text = (out / slug / "index.html").read_text(encoding="utf-8")
        [article] = lxml.html.fromstring(text).iter("article")
        found.append(Chapter(slug, article))
    return found


class Bound:
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
        take_out(self.article.xpath(FRAME))
        self._name_apart()
        self._link()
        self._point_to_the_site()
        self._contents()
        _answers(self.article, self.slug, self.pages)
        for fold in self.article.xpath(FOLDS):
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
                    told = "part" in said(link).lower()
                    where = "page {}" if told else f"{part.lower()}, page {{}}"
                    _after(link, on_paper(self.pages, there, f" ({where})"))
            elif self.site:
                link.set("href", self.site + page + "#" * bool(name) + name)
            else:
                del link.attrib["href"]

    def _point_to_the_site(self) -> None:
        """Below the picture of something to play with: where it moves."""
        for play in list(self.article.iter("nb-explorable")):
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
            _after(link, on_paper(self.pages, str(link.get("href"))[1:]))

    def _named(self, name: str) -> str:
        return f"{self.slug}--{name}"


def _answers(article: HtmlElement, slug: str, pages: Mapping[str, int]) -> None:
    """Hints, solutions, and what choices are told, go to the end of the part."""
    end, asked = E.section(CLASS("nb-answers")), None
    for answer in article.xpath(ANSWERS):
        task = answer.getparent()
        if answer.tag != "ul":
            before = "./preceding-sibling::*[self::h2 or self::h3][1]"
            [task] = answer.xpath(before)
        if task is not asked:
            asked, name = task, f"{slug}--answer-{len(end.findall('h3')) + 1}"
            end.append(E.h3(CLASS("nb-book"), _called(task, article), id=name))
            where = E.p("Answer: ", E.a("at the end of this part", href=f"#{name}"))
            where.append(on_paper(pages, name, " (page {})"))
            where.set("class", "nb-book nb-where")
            answer.addprevious(where)
        if answer.tag == "ul":
            where.addprevious(_unanswered(answer))
        answer.drop_tree()
        answer.tail = None
        end.append(answer)
    if len(end):
        name = f"{slug}--answers"
        end.insert(0, E.h2(CLASS("nb-book"), "Hints and solutions", id=name))
        article.append(end)


def _called(task: HtmlElement, article: HtmlElement) -> str:
    """A task's name at the end of the part: its heading, or which question it is."""
    if task.tag != "div":
        return said(task)
    title = said(task.find("p"))
    boxes = article.xpath("./div[./p[@class='admonition-title']]")
    same = [box for box in boxes if said(box.find("p")) == title]
    return f"{title}, question {same.index(task) + 1}"


def _unanswered(choices: HtmlElement) -> HtmlElement:
    """A copy of the choices that does not tell which one is right."""
    copy = deepcopy(choices)
    take_out(copy.xpath(".//ul[@class='nb-reply']"))
    for choice in copy:
        choice.attrib.pop("class")
    copy.set("class", "nb-book nb-open")
    return copy


def _after(element: HtmlElement, note: HtmlElement) -> None:
    """Put a note behind an element, before the text that follows."""
    note.tail, element.tail = element.tail, None
    element.addnext(note)


def take_out(elements: list[HtmlElement]) -> None:
    """Remove elements, but not the text behind them."""
    for element in elements:
        element.drop_tree()


def said(element: HtmlElement) -> str:
    """The text of an element, on one line."""
    return " ".join(element.text_content().replace("¶", "").split())


def on_paper(pages: Mapping[str, int], name: str, form: str = "{}") -> HtmlElement:
    """On which page of paper something is; a screen does not show it."""
    return E.span(CLASS("nb-book nb-page"), form.format(pages.get(name) or "000"))
