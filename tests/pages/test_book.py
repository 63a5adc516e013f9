"""The book holds what the pages hold, in order, and nothing in it collides."""

from collections.abc import Callable
from pathlib import Path

import lxml.html
import pytest

from neuralblog_site.pages.book import joined
from neuralblog_site.pages.book_chapter import Chapter, read
from neuralblog_site.pages.book_check import problems
from neuralblog_site.project.commit import Build

BUILD = Build("abc1234", "2026-11-22 10:00 +0000", dirty=False)
FIGURE = """<figure class="nb-figure"><svg role="img" aria-label="A line of {slug}.">
<defs><path id="s1-p"></path></defs><use xlink:href="#s1-p"></use>
<g clip-path="url(#s1-p)"></g></svg></figure>"""
PAGE = (
    """<html><body><nav><a href="../other/">no part of it</a></nav>
<article class="md-content__inner md-typeset">
<p class="nb-position">From neuron to CNN</p>
<h1 id="top">What {slug} do<a class="headerlink" href="#top">¶</a></h1>
<details class="nb-contents"><summary>On this page</summary>
<ul><li><a href="#exercises">Exercises</a></li></ul></details>
<p>See <a href="../spiking/#exercises">the cell</a>, <a href="../glossary/#cell">cell</a>
and <a href="../labs/digits/#run">a lab</a>.</p>
<div class="nb-snippet">"""
    + FIGURE
    + """
<div class="highlight"><pre>print("{slug}")</pre></div>
<div class="nb-output"><pre>{slug}</pre></div></div>
<nb-explorable name="fold" id="play-fold" style="--nb-height: 9px"></nb-explorable>
<details class="info"><summary>For the curious</summary><p>Why?</p></details>
<h2 id="exercises">Exercises</h2>
<div class="admonition question"><p class="admonition-title">Check yourself</p>
<p>Which?</p><ul class="nb-choices"><li class="nb-wrong">This<ul class="nb-reply">
<li>No.</li></ul></li><li class="nb-right">That<ul class="nb-reply"><li>Yes.</li></ul></li>
</ul></div>
<h3 id="1-count">1. Count</h3><p>How many?</p>
<details class="tip"><summary>Hint</summary><p>Fewer than two.</p></details>
<details class="success"><summary>Solution</summary><p>One.</p><div class="nb-snippet">
<div class="highlight"><pre>print(1)</pre></div><div class="nb-output"><pre>1</pre></div>
</div></details>
<section class="nb-after"><h2>Cite it</h2></section>
</article></body></html>"""
)
WORDS = """<article class="md-typeset"><h1 id="glossary">Glossary</h1><dl><dt id="cell">cell
<a class="nb-from" href="../spiking/">part 1</a></dt><dd>It lives.</dd></dl></article>"""
PAGES = {"spiking": 3, "spiking--exercises": 5, "neurons--answer-2": 17}


@pytest.fixture
def chapters(tmp_path: Path) -> list[Chapter]:
    """Two posts with the same ids, and the glossary."""
    pages = {slug: PAGE.format(slug=slug) for slug in ("spiking", "neurons")}
    for slug, text in {**pages, "glossary": WORDS}.items():
        (tmp_path / slug).mkdir()
        (tmp_path / slug / "index.html").write_text(text, encoding="utf-8")
    return read(tmp_path, ["spiking", "neurons", "glossary"])


def part(text: str, slug: str) -> lxml.html.HtmlElement:
    """A chapter of the book."""
    return lxml.html.fromstring(text).get_element_by_id(slug)


def said(element: lxml.html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_the_book_says_what_the_pages_say(chapters: list[Chapter]) -> None:
    text = joined(chapters, BUILD, PAGES)
    assert list(problems(text, chapters)) == []
    names = lxml.html.fromstring(text).xpath("//main//@id")
    assert len(names) == len(set(names)) > 20


def test_a_link_stays_in_the_book_and_tells_the_page(chapters: list[Chapter]) -> None:
    links = part(joined(chapters, BUILD, PAGES), "neurons").xpath(".//p[.//a]")
    assert said(links[0]).startswith("See the cell (part 1, page 5), cell and a lab.")
    hrefs = links[0].xpath(".//@href")
    assert hrefs == ["#spiking--exercises", "#glossary--cell", "../labs/digits/#run"]
    word = part(joined(chapters, BUILD, PAGES), "glossary").find(".//dt")
    assert said(word) == "cell part 1 (page 3)"


def test_a_link_out_of_the_book_has_an_address_or_is_text(
    chapters: list[Chapter],
) -> None:
    there = part(joined(chapters, BUILD, {}, "https://example.org/"), "neurons")
    assert "https://example.org/labs/digits/#run" in there.xpath(".//@href")
    assert "https://example.org/neurons/#play-fold" in there.xpath(".//@href")
    nowhere = part(joined(chapters, BUILD, {}, ""), "neurons")
    assert not [link for link in nowhere.xpath(".//@href") if "#" not in link[:1]]
    assert "A picture of something to play with, on the page of part 2." in said(
        nowhere
    )


def test_what_answers_waits_at_the_end(chapters: list[Chapter]) -> None:
    made = part(joined(chapters, BUILD, PAGES), "neurons")
    asked, _, answered = said(made).partition("Hints and solutions")
    assert "Which?ThisThat" in asked
    assert "How many? Answer: at the end of this part (page 17)" in asked
    assert "Yes." not in asked and "One." not in asked and "Fewer" not in asked
    order = (
        "Check yourself, question 1",
        "Yes.",
        "1. Count",
        "Fewer than two.",
        "One.",
    )
    places = [answered.index(words) for words in order]
    assert places == sorted(places)
    assert len(made.xpath(".//details[@open]")) == 4
    assert not made.xpath(".//ul[contains(@class, 'nb-open')]//*[@class='nb-right']")


def test_the_frame_of_a_page_stays_behind(chapters: list[Chapter]) -> None:
    text = joined(chapters, BUILD, {})
    assert "Cite it" not in text and "no part of it" not in text and "¶" not in text
    assert "Each of the 4 snippets ran" in text and "Some of the 2 figures" in text
    assert "Built from commit abc1234" in text


def test_contents_follow_the_series(chapters: list[Chapter]) -> None:
    front = part(joined(chapters, BUILD, {"spiking": 3, "neurons": 12}), "contents")
    rows = [[said(part) for part in row] for row in front.iter("li")]
    assert rows[0] == ["1", "What spiking do", "3"]
    assert rows[1:] == [["2", "What neurons do", "12"], ["", "Glossary", "000"]]


def change(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (
            change("<pre>neurons</pre>", "<pre>neuron</pre>"),
            "neurons lacks the snippet",
        ),
        (change("<pre>print(1)</pre>", ""), "spiking lacks the snippet"),
        (change("A line of neurons.", "A line."), "neurons lacks the figure"),
        (change("<p>Why?</p>", ""), "spiking lacks the text 'Why?'"),
        (change("<p>Why?</p>", "<p>Why?</p><p>So.</p>"), "has not, the text 'So.'"),
        (change('id="neurons--answer-2"', 'id="top"'), "#neurons--answer-2 leads"),
        (change('id="neurons--s1-p"', 'id="spiking--s1-p"'), "two things are called"),
        (change('id="neurons"', 'id="news"'), "its parts are spiking, news, glossary"),
    ],
)
def test_a_book_that_differs_is_told(
    chapters: list[Chapter], harm: Callable[[str], str], told: str
) -> None:
    text = joined(chapters, BUILD, PAGES)
    assert harm(text) != text
    found = " ".join(problem.what for problem in problems(harm(text), chapters))
    assert told in found
