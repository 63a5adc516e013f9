"""The posts as the finishing step knows them: their front matter and their text."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from neuralblog_site.project.places import ROOT
from neuralblog_site.sources.snippets import fences, snippets

POSTS = ROOT / "docs" / "posts"


@dataclass(frozen=True)
class Post:
    """A post's source."""

    path: Path
    meta: dict[str, Any]
    text: str  # without the front matter

    @property
    def slug(self) -> str:
        """The folder of its page."""
        return str(self.meta["slug"])

    @property
    def title(self) -> str:
        """Its first heading."""
        found = re.search(r"^# (.+)$", self.text, re.MULTILINE)
        return found[1].replace("`", "") if found else self.slug

    @property
    def snippets(self) -> int:
        """How many snippets it runs."""
        return len(snippets(self.text))

    @property
    def minutes(self) -> str:
        """Reading time: 230 words or 25 lines of code in a minute."""
        blocks = [fence.text for fence in fences(self.text.splitlines())]
        prose = re.sub(r"<!--.*?-->", "", self.text, flags=re.DOTALL)
        words = len(prose.split()) - sum(len(text.split()) for text in blocks)
        lines = sum(text.count("\n") for text in blocks)
        n = max(1, round(words / 230 + lines / 25))
        return "1 minute" if n == 1 else f"{n} minutes"


def read_posts() -> dict[str, Post]:
    """All posts, by slug."""
    found = {}
    for path in sorted(POSTS.glob("*.md")):
        _, front, text = path.read_text(encoding="utf-8").split("---\n", 2)
        post = Post(path, yaml.safe_load(front), text)
        found[post.slug] = post
    return found
