"""What a build or a check costs grows with the number of posts, not with its square."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from material.plugins.blog import plugin as blog

from neuralblog_site.pages import extension, ledger, mkdocs_hook
from neuralblog_site.pages.feed import write_feed
from neuralblog_site.rules.check import check, check_folder
from neuralblog_site.sources.site import Site

NAMES = ("read_bytes", "read_text", "resolve", "rglob")  # of files; rglob asks for all


def noted(name: str, calls: list[str]) -> Any:
    """A method of paths that leaves its name in a list."""
    method = getattr(Path, name)

    def called(*given: Any, **more: Any) -> Any:
        calls.append(name)
        return method(*given, **more)

    return called


def asked(root: Path, posts: Iterable[Path], out: Path) -> int:
    """How often a file is read or looked for while all posts are checked and listed."""
    calls: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        for name in NAMES:
            patch.setattr(Path, name, noted(name, calls))
        patch.setattr(extension, "DOCS", root / "docs")
        patch.setattr(extension, "ROOT", root)
        patch.setattr(extension, "TITLED", {})
        site = Site(root)
        assert check(site.posts()).problems == []
        assert list(check_folder(site)) == []
        for post in site.posts():
            assert extension.source_of(post.body.split("\n"))[0] == post.name
        assert ledger.listed("../", site.posts()).count("<h2") == len(list(posts))
        write_feed(out, site)
    return len(calls)


def test_twice_the_posts_ask_for_twice_the_files(tree: Any, tmp_path: Path) -> None:
    good = (tmp_path / "docs" / "posts" / "good.md").read_text(encoding="utf-8")
    posts, counts = [tmp_path / "docs" / "posts" / "good.md"], []
    for size in (4, 4, 8, 12):  # the first time, words and settings are read, too
        for n in range(len(posts), size):
            text = good.replace("slug: good", f"slug: good-{n}")
            text = text.replace("# A good post", f"# A good post, {n}")
            posts.append(tree.write(f"docs/posts/good-{n}.md", text))
        counts.append(asked(tmp_path, posts, tmp_path))
    _, few, more, many = counts
    assert many - more == more - few > 0


def test_lists_render_no_beginnings_of_posts() -> None:
    assert blog.Excerpt is mkdocs_hook.Listed
    post: Any = type("Post", (), {"url": "good/"})
    listed = mkdocs_hook.Listed(post, mkdocs_hook.MkDocsConfig(), None)  # type: ignore[arg-type]
    assert listed.url == "good/"
