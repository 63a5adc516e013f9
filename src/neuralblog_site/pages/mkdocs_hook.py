"""Lets MkDocs call our own steps, so that `mkdocs serve` has them too.

While it serves, MkDocs builds the pages again that are older than their sources ("dirty").
"""

import logging
import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemBytecodeCache
from markdown import Markdown
from material.plugins.blog import plugin as blog
from material.plugins.blog import structure
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.utils import clean_directory

from neuralblog_site.pages import search
from neuralblog_site.pages.build import finish_site
from neuralblog_site.pages.labs import remember_executions
from neuralblog_site.project.places import KEPT, ROOT
from neuralblog_site.sources.site import Site


@dataclass
class Last:
    """The last build of a folder."""

    site: Site
    seen: str = ""
    begun: float = 0
    search: dict[str, list[str]] = field(default_factory=dict)  # entries, by page


TEMPLATES = KEPT / "templates"
BUILT: dict[Path, Last] = {}
SERVES: set[str] = set()  # where a page is edited, no browser is to keep it
INDEX = "search/search_index.json"
GATHERED = (  # what is made of all posts
    "index.html",
    "ledger/index.html",
    "assets/css/neuralblog.css",
)
ELSE = ["mkdocs.yml", "docs/*.*", "docs/.authors.yml"]
ELSE += ["theme/**/*.*", "web/**/*.*", "src/**/*.*"]
logging.getLogger("mkdocs.commands.build").addFilter(  # what it warns of is below
    lambda record: "'dirty' build" not in record.getMessage()
)


class Listed:
    """A post as our lists know it, by its address alone.

    Material would render its beginning anew for each list, by a Markdown of its own; of that
    our theme shows nothing.
    """

    def __init__(self, post: Any, config: MkDocsConfig, files: Files) -> None:
        self.post = post

    @property
    def url(self) -> str:
        """Where it is."""
        return str(self.post.url)

    def render(self, *view: object) -> None:
        """Nothing is left to do."""


def is_same(post: object, other: object) -> bool:
    """Whether two posts are one; MkDocs would read the titles of all posts for each page."""
    return post is other


structure.SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # far faster
blog.Excerpt = Listed
blog.Post.__eq__ = is_same


def on_startup(command: str, dirty: bool) -> None:
    """MkDocs has been called, to build or to serve."""
    SERVES.update({command} & {"serve"})


def on_pre_build(config: MkDocsConfig) -> None:
    """MkDocs is about to read the pages."""
    remember_executions()
    out = Path(config.site_dir)
    last = BUILT.setdefault(out, Last(Site(ROOT)))
    site = last.site.again()
    if (seen := all_else(site)) != last.seen:
        if last.seen:
            clean_directory(str(out))
        last = BUILT[out] = Last(site, seen)
    last.site, last.begun = site, time.time()
    for name in GATHERED:
        (out / name).unlink(missing_ok=True)


def all_else(site: Site) -> str:
    """What any page may show, and not only an edited one: all but the text of posts."""
    told = [f"{post.meta}{post.title}" for post in site.posts()]
    files = [p for name in ELSE for p in sorted(ROOT.glob(name)) if p.suffix != ".pyc"]
    return "".join([*told, *(f"{path}{path.stat().st_mtime_ns}" for path in files)])


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> None:
    """MkDocs is about to render; it makes all templates anew for each build."""
    TEMPLATES.mkdir(parents=True, exist_ok=True)
    env.bytecode_cache = FileSystemBytecodeCache(str(TEMPLATES))


def on_post_build(config: MkDocsConfig) -> None:
    """MkDocs has written all pages, or in `serve` those that were edited."""
    extensions, options = config.markdown_extensions, config.mdx_configs
    markdown = Markdown(extensions=extensions, extension_configs=options)
    out = Path(config.site_dir)
    last = BUILT[out]
    finish_site(out, last.site, markdown, kept=not SERVES)
    search.rewrite(out / INDEX, last.search)
    for page in out.rglob("*.html"):
        if page.stat().st_mtime > last.begun:  # so that an edit meanwhile is newer
            os.utime(page, (last.begun, last.begun))
