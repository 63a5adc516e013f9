"""The series as one document, for paper: made of the built pages, in their order."""

from collections.abc import Mapping
from pathlib import Path

import lxml.html
from lxml.html import HtmlElement
from lxml.html.builder import CLASS, E

from neuralblog_site.pages.book_chapter import (
    FIGURES,
    SNIPPETS,
    Bound,
    Chapter,
    on_paper,
)
from neuralblog_site.pages.head import DESCRIPTION
from neuralblog_site.project.commit import SITE_URL, Build

PLACE = "book/index.html"
TITLE = "From neuron to CNN"
STYLE = Path(__file__).with_name("book.css")
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
<html lang="en">
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


def joined(
    chapters: list[Chapter], build: Build, pages: Mapping[str, int], site: str = "../"
) -> str:
    """The book as HTML; `pages` tells on which page an id is, where that is known.

    Links to what is not in the book start at `site`; without one, they are plain text.
    """
    made = [Bound(chapter, chapters, pages, site).chapter() for chapter in chapters]
    heads = (HEAD.format(slug=c.slug, said=_quoted(c)) for c in chapters)
    return PAGE.format(
        title=TITLE,
        style=STYLE.read_text(encoding="utf-8"),
        heads="\n".join(heads),
        front=_html(_front(chapters, build, pages)),
        chapters="\n".join(map(_html, made)),
    )


def _front(
    chapters: list[Chapter], build: Build, pages: Mapping[str, int]
) -> HtmlElement:
    """The title page, how to read the book, and the contents."""
    n_snippets = sum(len(chapter.article.xpath(SNIPPETS)) for chapter in chapters)
    n_figures = sum(len(chapter.article.xpath(FIGURES)) for chapter in chapters)
    rows = [
        E.li(
            E.span(CLASS("nb-number"), c.part.removeprefix("Part ")),
            E.a(c.title, href=f"#{c.slug}"),
            on_paper(pages, c.slug),
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


def _quoted(chapter: Chapter) -> str:
    """The line at the head of a page, for a style sheet."""
    said = ": ".join(filter(None, (chapter.part, chapter.title)))
    return said.replace("\\", r"\\").replace('"', r"\"")


def _html(element: HtmlElement) -> str:
    return str(lxml.html.tostring(element, encoding="unicode"))
