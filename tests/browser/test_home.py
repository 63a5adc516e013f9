"""The home page: every post once, with its own picture, in the colors of the page."""

import io
from pathlib import Path
from typing import Literal

import pytest
from matplotlib.image import imread
from playwright.sync_api import Browser, expect

from neuralblog_site.pages import thumbnails
from neuralblog_site.project.places import ROOT
from neuralblog_site.running.execute import Result
from neuralblog_site.sources.series import SERIES
from neuralblog_site.sources.site import Site


def test_every_post_stands_there_once_in_the_order_of_the_series(
    site: str, browser: Browser
) -> None:
    page = browser.new_page()
    page.goto(site)
    links = page.locator(".nb-front a[href]").all()
    ends = [
        str(link.get_attribute("href")).rstrip("/").split("/")[-1] for link in links
    ]
    posts = {post.slug for post in Site(ROOT).posts()}
    named = [end for end in ends if end in posts]
    series = [part.slug for part in SERIES]
    assert [slug for slug in named if slug in series] == series
    assert len(named) == len(set(named)) == len(posts)
    page.close()


@pytest.mark.parametrize("at", ["category/from-neuron-to-cnn/", "archive/2026/"])
def test_other_lists_follow_the_series(site: str, browser: Browser, at: str) -> None:
    page = browser.new_page()
    page.goto(site + at)
    links = page.locator(".nb-posts > li > a").all()
    slugs = [
        str(link.get_attribute("href")).strip("/").split("/")[-1] for link in links
    ]
    assert slugs == [part.slug for part in SERIES]
    parts = page.locator(".nb-posts .nb-meta").all_inner_texts()
    assert [text.split(",")[0] for text in parts] == [
        f"Part {number}" for number in range(1, len(SERIES) + 1)
    ]
    page.close()


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_each_lab_has_its_picture_and_a_sentence(
    site: str, browser: Browser, choice: Literal["light", "dark"]
) -> None:
    page = browser.new_page(color_scheme=choice)
    page.goto(site + "labs/")
    labs = page.locator(".nb-posts > li")
    assert labs.count() == len(list((ROOT / "docs" / "labs").glob("*.md"))) > 0
    for lab in labs.all():
        picture = lab.locator("img")
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("it => it.naturalWidth") > 100
        pixels = imread(io.BytesIO(picture.screenshot()))[..., :3]
        assert pixels.std() > 0.02  # something is drawn
        assert (pixels[2, 2].mean() > 0.5) == (choice == "light")
        assert lab.locator("p").inner_text().startswith("This lab ")
        lab.get_by_role("link").click()
        assert page.locator(".nb-snippet").count() > 3
        page.go_back()
    page.close()


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_pictures_follow_the_colors_of_the_page(
    site: str, browser: Browser, choice: str
) -> None:
    page = browser.new_page(color_scheme="light")
    page.goto(site)
    page.evaluate("choice => document.documentElement.dataset.scheme = choice", choice)
    picture = page.locator(".nb-cards img[src$='neurons.svg']")
    picture.scroll_into_view_if_needed()
    page.wait_for_function(
        "document.querySelector(\".nb-cards img[src$='neurons.svg']\").complete"
    )
    pixels = imread(io.BytesIO(picture.screenshot()))[..., :3]
    ground, ink = pixels[2, 2].mean(), pixels.mean(-1)
    assert (ground > 0.9, ground < 0.15) == (choice == "light", choice == "dark")
    assert (ink.min() < 0.3) if choice == "light" else (ink.max() > 0.8)
    page.close()


def test_a_post_without_a_figure_has_no_picture(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text("# X\n\n```python\nprint(1)\n```\n")
    post = Site(tmp_path).page(tmp_path / "x.md")
    thumbnails.write(post, lambda _: Result(), tmp_path / "x.svg")
    assert not (tmp_path / "x.svg").exists()
