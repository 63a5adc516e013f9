"""The head of a page: its descriptions, for search engines and for links shown elsewhere."""

import json
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import lxml.html

from neuralblog_site.project.commit import SITE_URL
from neuralblog_site.project.places import ROOT
from neuralblog_site.sources.page import Page

if TYPE_CHECKING:
    from neuralblog_site.pages.finish import BuiltPage

MARK = ROOT / "docs" / "assets" / "images" / "mark.svg"
DESCRIPTION = (
    "From a living neuron to a convolutional network, in posts whose every snippet ran."
)


def head(page: "BuiltPage") -> str:
    """Descriptions, for search engines and for those who show links."""
    post = page.post
    description = post.meta["description"] if post else _first_sentence(page)
    kind, title = ("article", post.title) if post else ("website", "neuralblog")
    icon = quote(MARK.read_text(encoding="utf-8").strip())  # saves a request
    tags = [
        f'<meta name="description" content="{escape(description)}">',
        f'<meta property="og:title" content="{escape(title)}">',
        f'<meta property="og:description" content="{escape(description)}">',
        f'<meta property="og:type" content="{kind}">',
        f'<link rel="icon" type="image/svg+xml" href="data:image/svg+xml,{icon}">',
    ]
    if page.path != "404.html":  # which is shown at addresses of any depth
        # the space: Material takes rel="alternate" for a translation, and fetches it
        feed = 'rel="alternate " type="application/atom+xml" title="neuralblog"'
        tags.append(f'<link {feed} href="{page.root}feed.xml">')
    if SITE_URL and page.path != "404.html":  # these need the public address
        card = SITE_URL + (page.url if post else "") + "card.png"
        tags += [
            f'<link rel="canonical" href="{SITE_URL}{page.url}">',
            f'<meta property="og:url" content="{SITE_URL}{page.url}">',
            f'<meta property="og:image" content="{card}">',
            '<meta name="twitter:card" content="summary_large_image">',
        ]
    if post:
        about = json.dumps(_about(page, post), ensure_ascii=False)
        about = about.replace("<", "\\u003c")
        tags.append(f'<script type="application/ld+json">{about}</script>')
    return "\n    ".join(tags)


def _about(page: "BuiltPage", post: Page) -> dict[str, Any]:
    article = {
        "@context": "https://schema.org",
        "@type": "TechArticle",
        "headline": post.title,
        "description": post.meta["description"],
        "datePublished": post.meta["date"],
        "inLanguage": "en",
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "author": {"@type": "Organization", "name": "The neuralblog authors"},
        "isPartOf": {"@type": "Blog", "name": "neuralblog"},
    }
    return article | ({"url": SITE_URL + page.url} if SITE_URL else {})


def _first_sentence(page: "BuiltPage") -> str:
    """The start of the page's own text, where it makes a good description."""
    html = lxml.html.fromstring(page.text)
    first = next(iter(html.xpath("//main//article//p[not(ancestor::ol)]")), None)
    words = " ".join(first.text_content().split()) if first is not None else ""
    return words if 50 <= len(words) <= 200 else DESCRIPTION
