"""The home page: every post once, with its own picture, in the colors of the page."""

import io
from pathlib import Path

import pytest
from matplotlib.image import imread
from playwright.sync_api import Browser

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
