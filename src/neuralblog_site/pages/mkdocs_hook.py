"""Lets MkDocs call our own steps, so that `mkdocs serve` has them too.

While it serves, MkDocs builds the pages again that are older than their sources ("dirty").
"""

import json
import logging
import os
import re
import time
from pathlib import Path
from typing import Any

from markdown import Markdown
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.utils import clean_directory

from neuralblog_site.pages.build import finish_site
from neuralblog_site.pages.labs import remember_executions
from neuralblog_site.project.places import ROOT

# The last build of a folder: when, of what, and what its search knew before.
BEGUN: dict[Path, tuple[float, str, list[Any]]] = {}
FRONT = re.compile(r"---\n.*?\n# .*?\n", re.DOTALL)  # front matter and title
INDEX = "search/search_index.json"
GATHERED = ("index.html", "ledger/index.html")  # pages made of the text of all posts
ELSE = ["mkdocs.yml", "docs/*.*", "docs/.authors.yml"]
ELSE += ["theme/**/*.*", "web/**/*.*", "src/**/*.*"]
logging.getLogger("mkdocs.commands.build").addFilter(
    lambda record: (
        "'dirty' build" not in record.getMessage()
    )  # what it warns of is below
)


def on_pre_build(config: MkDocsConfig) -> None:
    """MkDocs is about to read the pages."""
    remember_executions()
    out, seen = Path(config.site_dir), all_else()
    known = []
    if out in BEGUN and BEGUN[out][1] != seen:
        clean_directory(str(out))
    elif out in BEGUN:
        known = json.loads((out / INDEX).read_text(encoding="utf-8"))["docs"]
    BEGUN[out] = time.time(), seen, known
    for name in GATHERED:
        (out / name).unlink(missing_ok=True)


def all_else() -> str:
    """What any page may show, and not only an edited one: all but the text of posts."""
    posts = sorted(ROOT.glob("docs/posts/*.md"))
    told = [str(FRONT.findall(post.read_text(encoding="utf-8"))) for post in posts]
    files = [p for name in ELSE for p in sorted(ROOT.glob(name)) if p.suffix != ".pyc"]
    return "".join([*told, *(f"{path}{path.stat().st_mtime_ns}" for path in files)])


def on_post_build(config: MkDocsConfig) -> None:
    """MkDocs has written all pages, or in `serve` those that were edited."""
    extensions, options = config.markdown_extensions, config.mdx_configs
    markdown = Markdown(extensions=extensions, extension_configs=options)
    out = Path(config.site_dir)
    finish_site(out, markdown)
    begun, _, known = BEGUN[out]
    if known:
        index = json.loads((out / INDEX).read_text(encoding="utf-8"))
        again = {entry["location"].partition("#")[0] for entry in index["docs"]}
        rest = [e for e in known if e["location"].partition("#")[0] not in again]
        text = json.dumps({**index, "docs": index["docs"] + rest}, ensure_ascii=False)
        (out / INDEX).write_text(text, encoding="utf-8")
    for page in out.rglob("*.html"):
        if page.stat().st_mtime > begun:  # so that an edit during the build is newer
            os.utime(page, (begun, begun))
