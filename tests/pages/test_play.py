"""All explorables on one page, each with its question and a way to it."""

import re

from neuralblog_site.inpage import catalog
from neuralblog_site.pages.play import cards, explorables
from neuralblog_site.project.places import ROOT
from neuralblog_site.sources.series import position
from neuralblog_site.sources.site import Site

POSTS = {post.slug: post for post in Site(ROOT).posts()}


def test_each_explorable_is_told_once_in_the_order_of_the_series() -> None:
    found = list(explorables(POSTS))
    assert sorted(name for name, _ in found) == catalog.names()
    parts = [position(slug) or 99 for _, slug in found]
    assert parts == sorted(parts)


def test_it_has_its_question_and_a_link_to_where_it_stands() -> None:
    made = cards("../", POSTS)
    for name in catalog.names():
        assert catalog.module(name).QUESTION.split("'")[0] in made
        assert f'id="play-{name}"' in catalog.element(name)
    assert "../neurons/#play-neurons" in made
    assert len(re.findall("<img", made)) == made.count("</li>")
