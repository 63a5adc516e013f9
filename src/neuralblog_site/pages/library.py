"""What the page of the library says of the posts: which explain a name, and which use it."""

import ast
import re
from collections.abc import Iterable
from html import escape
from weakref import WeakKeyDictionary

import neuralblog
from neuralblog_site.sources.names import Names
from neuralblog_site.sources.page import Page
from neuralblog_site.sources.series import position

USED: WeakKeyDictionary[Page, set[str]] = WeakKeyDictionary()


def explained(root: str, posts: dict[str, Page], module: str) -> str:
    """Below a module: where it is told, if it has a post."""
    if module not in posts:
        return ""
    part, title = position(module), escape(posts[module].title)
    link = f'<a href="{root}{module}/">{title}</a>'
    return f'<p class="nb-meta">Part {part}: {link}</p>'


def used(root: str, posts: Iterable[Page], path: str) -> str:
    """Below a name, as neuralblog.cnn.lenet: the parts whose snippets use it."""
    name = path.split(".")[2]
    forms = {path, *([f"neuralblog.{name}"] if name in neuralblog.__all__ else [])}
    parts = [(position(p.slug), p.slug) for p in posts if forms & names(p)]
    links = [f'<a href="{root}{slug}/">{part}</a>' for part, slug in sorted(parts)]
    said = "part" if len(links) == 1 else "parts"
    return f'<p class="nb-meta">Used in {said} {", ".join(links)}</p>' if links else ""


def names(post: Page) -> set[str]:
    """All names of the library that a post's snippets import or reach, in full."""
    if post not in USED:
        found: set[str] = set()
        for snippet, tree in post.trees:
            known = Names(snippet)
            found |= {
                known.full(n) for n in ast.walk(tree) if isinstance(n, ast.Attribute)
            }
            found |= set(known.meaning.values())
        USED[post] = {name for name in found if re.match(r"neuralblog\.", name)}
    return USED[post]
