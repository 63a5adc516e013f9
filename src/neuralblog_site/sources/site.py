"""The folder of the pages: what it holds, and what a page in it may name."""

from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml
from markdown import Markdown
from mkdocs.utils.yaml import yaml_load

from neuralblog_site.sources.library_code import names
from neuralblog_site.sources.page import Page, stamp
from neuralblog_site.sources.snippets import Snippet


class Site:
    """The folder that holds the pages, and what a page may name."""

    def __init__(self, root: Path) -> None:
        self.root, self.docs = root, root / "docs"
        self._pages: dict[Path, Page] = {}

    def again(self) -> "Site":
        """The same folder as it is now; a page that was not edited since stays read."""
        now = Site(self.root)
        for path, page in self._pages.items():
            if path.exists() and page.stamp == stamp(path):
                page.site = now
                now._pages[path] = page
        return now

    def page(self, path: Path, name: str = "") -> Page:
        """The page, read once."""
        if path not in self._pages:
            self._pages[path] = Page(path, self, name)
        return self._pages[path]

    def sources(self) -> list[Path]:
        """Every Markdown file that the rules are for."""
        notes = [self.root / name for name in ("README.md", "CONTRIBUTING.md")]
        return [*(n for n in notes if n.exists()), *sorted(self.docs.rglob("*.md"))]

    def pages(self) -> list[Page]:
        """All pages of the site."""
        return [self.page(path) for path in sorted(self.docs.rglob("*.md"))]

    @cached_property
    def places(self) -> dict[str, str]:
        """The pages that are no posts: the name of each source, by its address."""
        inside = (path.relative_to(self.docs) for path in self.docs.rglob("*.md"))
        places = sorted(path.as_posix() for path in inside if path.parts[0] != "posts")
        return {place.removesuffix(".md"): f"docs/{place}" for place in places}

    def posts(self) -> list[Page]:
        """All posts."""
        return [self.page(path) for path in sorted((self.docs / "posts").glob("*.md"))]

    def snippets(self) -> list[Snippet]:
        """Every snippet that stands alone."""
        pages = map(self.page, self.sources())
        return [s for page in pages if page.kind != "lab" for s in page.snippets]

    def words(self, name: str) -> list[str]:
        """The entries of `checks/NAME.txt`: one a line, `#` starts a remark."""
        text = (self.root / "checks" / f"{name}.txt").read_text(encoding="utf-8")
        rows = (row.partition("#")[0].strip() for row in text.splitlines())
        return [row for row in rows if row]

    @cached_property
    def config(self) -> dict[str, Any]:
        """What mkdocs.yml says."""
        return _config((self.root / "mkdocs.yml").read_text(encoding="utf-8"))

    @cached_property
    def authors(self) -> dict[str, Any]:
        """What docs/.authors.yml says of each author, by key."""
        text = (self.docs / ".authors.yml").read_text(encoding="utf-8")
        return (yaml.safe_load(text) or {}).get("authors") or {}

    @cached_property
    def categories(self) -> list[str]:
        """The categories that mkdocs.yml allows."""
        for plugin in self.config["plugins"]:
            if isinstance(plugin, dict) and "blog" in plugin:
                return list(plugin["blog"].get("categories_allowed", []))
        return []

    @cached_property
    def public_names(self) -> set[str]:
        """What the library exports, plotting aside."""
        src = self.root / "src"
        modules = {path.stem for path in src.glob("neuralblog/*.py")}
        return names("neuralblog", src) - modules

    def render(self, text: str) -> str:
        """HTML of a piece of Markdown, by the site's settings."""
        markdown = _markdown((self.root / "mkdocs.yml").read_text(encoding="utf-8"))
        markdown.reset()
        return markdown.convert(text)


@cache
def _config(text: str) -> dict[str, Any]:
    config: dict[str, Any] = yaml_load(text)
    return config


@cache
def _markdown(config: str) -> Markdown:
    """The site's Markdown, without our own extension, which runs the snippets."""
    options = {}
    for entry in _config(config)["markdown_extensions"]:
        named = entry if isinstance(entry, dict) else {entry: None}
        options.update({name: chosen or {} for name, chosen in named.items()})
    options.pop("neuralblog_site.pages.extension", None)
    return Markdown(extensions=list(options), extension_configs=options)
