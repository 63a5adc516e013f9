"""Finishes the built HTML: fills the `<!-- nb:... -->` comments that the theme leaves.

Works on what a builder wrote, so that every builder gives the same pages. Pages can be
finished once only; a new build writes new ones.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

from neuralblog_site.pages import (
    bars,
    downloads,
    fonts,
    ledger,
    library,
    play,
    preview,
    thumbnails,
)
from neuralblog_site.pages.frame import Frame
from neuralblog_site.pages.head import DESCRIPTION, head
from neuralblog_site.pages.labs import LABS
from neuralblog_site.pages.path_map import path_map
from neuralblog_site.pages.slim import slim_page, slim_scripts, slim_styles
from neuralblog_site.pages.snippet_html import pictured
from neuralblog_site.pages.thumbnails import card
from neuralblog_site.project.commit import Build, this_build
from neuralblog_site.project.places import ROOT
from neuralblog_site.running.results import Execution
from neuralblog_site.sources.page import Page
from neuralblog_site.sources.series import position
from neuralblog_site.sources.site import Site

GLOSSARY = ROOT / "docs" / "glossary.md"
THUMBNAIL = "assets/thumbnails/{}.svg"
LAB_PICTURE = "assets/thumbnails/lab-{}.svg"
NO_ADDRESSES = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"></urlset>\n'

MANY = 5  # headings, from which a page that is no post lists them on a phone

# What axe, the Nu checker and the keyboard miss in Material's own HTML.
LABEL = r'(<label class="md-header__button md-icon" for="__{}">)(.*?)(</label>)'
BUTTON = r'\1<span role="button" tabindex="0" aria-label="{}">\2</span>\3'
MENDS = {
    r'(data-md-component="search" role="dialog")>': r'\1 aria-label="Search">',
    LABEL.format("drawer"): BUTTON.format("Menu"),
    LABEL.format("search"): BUTTON.format("Search"),
    r'(class="md-nav__title") for="__toc"': r"\1",
    r'(<input class="md-toggle"[^>]*) autocomplete="off"': r"\1",
    r"(<img [^>]*?) ?/>": r"\1>",
    r'<script src="([^"]+\.js)">': r'<script src="\1" defer>',  # the text comes first
}


def finish(out: Path, site: Site) -> None:
    """Finish a whole built site."""
    posts = {post.slug: post for post in site.posts()}
    build, execution = this_build(), Execution()
    definitions.cache_clear()  # the glossary may have been edited since
    sitemap = out / "sitemap.xml"  # pages that it lists, Material loads instantly
    (out / "sitemap.xml.gz").unlink(missing_ok=True)
    if not sitemap.exists() or "<loc>http" not in sitemap.read_text(encoding="utf-8"):
        sitemap.write_text(NO_ADDRESSES, encoding="utf-8")
    for path in sorted(out.rglob("*.html")):
        built = path.read_bytes()
        if b"<!-- nb:head -->" not in built:
            continue
        name = path.relative_to(out).as_posix()
        page = BuiltPage(name, built.decode(), posts, build)
        path.write_text(pictured(slim_page(page.finished())), encoding="utf-8")
        if post := page.post:
            downloads.write(post.body, path.parent / post.slug, execution.result)
            thumbnails.write(post, execution.result, out / THUMBNAIL.format(post.slug))
            preview.draw(post.title, position(post.slug), path.parent / "card.png")
    preview.draw(DESCRIPTION, None, out / "card.png")
    play.draw(out, posts)
    for lab in sorted(LABS.glob("*.md")):
        picture = out / LAB_PICTURE.format(lab.stem)
        thumbnails.write(site.page(lab), execution.result, picture)
    math = out / "assets" / "fonts" / "stix-two-math.woff2"
    fonts.math_font(math, fonts.letters_of_formulas(out))
    slim_styles(out)
    slim_scripts(out)


@dataclass(frozen=True)
class BuiltPage:
    """One built page."""

    path: str  # in the site, as in activations/index.html
    text: str
    posts: dict[str, Page]
    build: Build

    @property
    def url(self) -> str:
        """Its address, from the site's root."""
        return self.path.removesuffix("index.html")

    @property
    def root(self) -> str:
        """The site's root, from this page."""
        return "../" * self.path.count("/")

    @property
    def post(self) -> Page | None:
        """The post that it shows."""
        return self.posts.get(self.url.rstrip("/"))

    def finished(self) -> str:
        """Its HTML with every comment filled."""
        frame = Frame(self.post, self.posts, self.build) if self.post else None
        parts: dict[str, Callable[[], str]] = {
            "head": lambda: head(self),
            "position": lambda: frame.position() if frame else "",
            "after": lambda: frame.after() if frame else "",
            "build": lambda: f"<p>Built from {self.build}.</p>",
            "path": lambda: path_map(self.root),
            "bars": bars.figures,
            "series": self._series,
            "ledger": lambda: ledger.listed(self.root, self.posts.values()),
            "play": lambda: play.cards(self.root, self.posts),
            "labs": self._labs,
        }
        text = self.text
        for old, new in MENDS.items():
            text = re.sub(old, new, text, flags=re.DOTALL)
        for name, made in parts.items():
            if (comment := f"<!-- nb:{name} -->") in text:
                text = text.replace(comment, made())
        meta = frame.meta() if frame else ""
        contents = _contents(text, at_least=1 if frame else MANY)
        text = text.replace("</h1>", f"</h1>\n{meta}{contents}", 1)
        for pattern, change in (
            (r"(?:<!-- nb:post \S+ -->\s*)+", self._list),
            (r"<!-- nb:explained (\S+) -->", self._explained),
            (r"<!-- nb:used (\S+) -->", self._used),
            (r"<table>.*?</table>", lambda m: f'<div class="nb-table">{m[0]}</div>'),
            (r'<dt data-post="([a-z0-9-]+)"(.*?)</dt>', self._term),
            (r'<a href="[^"]*glossary/#([^"]+)"', _define),
        ):
            text = re.sub(pattern, change, text, flags=re.DOTALL)
        return text

    def _series(self) -> str:
        """All posts, in order."""
        cards = "".join(self._card(post) for post in in_order(self.posts.values()))
        return f'<ol class="nb-posts nb-cards">{cards}</ol>'

    def _card(self, post: Page) -> str:
        picture = self._picture(THUMBNAIL.format(post.slug), post.body)
        part, link = position(post.slug), f"{self.root}{post.slug}/"
        where = f"Part {part}, {post.minutes}" if part else post.minutes
        return card(picture, where, link, post.title, post.meta["description"])

    def _picture(self, path: str, body: str) -> str:
        """The address of a thumbnail; nothing where no figure is drawn."""
        return self.root + path if "<!--figure:" in body else ""

    def _labs(self) -> str:
        entries = ""
        for path in sorted(LABS.glob("*.md")):
            text = path.read_text(encoding="utf-8")
            title, said = _opening(text)
            picture = self._picture(LAB_PICTURE.format(path.stem), text)
            entries += card(picture, "", f"{self.root}labs/{path.stem}/", title, said)
        return f'<ol class="nb-posts nb-cards">{entries}</ol>'

    def _list(self, named: re.Match[str]) -> str:
        """The posts of a month, a year or a category."""
        slugs = re.findall(r"nb:post /?(\S+?)/? -->", named[0])
        return "".join(map(self._entry, in_order(self.posts[slug] for slug in slugs)))

    def _entry(self, post: Page) -> str:
        link = f'<a href="{self.root}{post.slug}/">{escape(post.title)}</a>'
        about = f"<p>{escape(post.meta['description'])}</p>"
        part = position(post.slug)
        where = f"Part {part}, {post.minutes}" if part else post.minutes
        when = f"{where}, <time>{post.meta['date']}</time>"
        return f'<li>{link}{about}<p class="nb-meta">{when}</p></li>'

    def _explained(self, named: re.Match[str]) -> str:
        return library.explained(self.root, self.posts, named[1])

    def _used(self, named: re.Match[str]) -> str:
        series = (post for post in self.posts.values() if position(post.slug))
        return library.used(self.root, series, named[1])

    def _term(self, term: re.Match[str]) -> str:
        """A word of the glossary, with a link to its post."""
        slug, inside = term.groups()
        part = f"part {position(slug)}"
        return (
            f'<dt{inside} <a class="nb-from" href="{self.root}{slug}/">{part}</a></dt>'
        )


def in_order(posts: Iterable[Page]) -> list[Page]:
    """As the series has them; those beside it follow."""
    return sorted(posts, key=lambda post: (position(post.slug) or 99, post.slug))


def _contents(text: str, at_least: int) -> str:
    """The headings of a page, folded, for screens that have no room beside the text."""
    inside = r"(?:(?!</h2>).)*?"  # not on to the end of the page where there is no link
    heading = rf'<h2 id="([^"]+)"[^>]*>\s*({inside})\s*<a [^>]*class="headerlink"'
    headings = re.findall(heading, text, re.DOTALL)
    if len(headings) < at_least:
        return ""
    links = "".join(f'<li><a href="#{name}">{said}</a></li>' for name, said in headings)
    folded = f"<summary>On this page</summary><ul>{links}</ul>"
    return f'<details class="nb-contents">{folded}</details>'


@cache
def definitions() -> dict[str, str]:
    """What each word of the glossary means, in plain text, by the word's id."""
    text = GLOSSARY.read_text(encoding="utf-8")
    term = r"^.+\{ ?#([a-z0-9-]+).*\}\n:   (.+(?:\n    .+)*)"
    return {name: _plain(said) for name, said in re.findall(term, text, re.MULTILINE)}


def _define(link: re.Match[str]) -> str:
    meaning = escape(definitions().get(link[1], ""))
    if not meaning:
        return link[0]
    return f'{link[0]} data-define="{meaning}" aria-description="{meaning}"'


def _opening(text: str) -> tuple[str, str]:
    """A lab's title, and the sentence of its first paragraph that says what it is about."""
    title, first = re.findall(r"^# (.+)\n\n((?:.+\n)+)", text, re.MULTILINE)[0]
    sentences = re.split(r"(?<=[.?!]) ", _plain(first))
    return title, next(said for said in sentences if said.startswith("This lab "))


def _plain(markdown: str) -> str:
    text = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", " ".join(markdown.split()))
    text = text.replace(r"\cdot", "·").replace(r"\log", "log").replace(r"\eta", "η")
    return re.sub(r"[`*$]", "", text)
