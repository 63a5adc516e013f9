"""Each promise of the built pages turns red when it is broken."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from markdown import Markdown

from neuralblog_site.pages import extension
from neuralblog_site.pages.feed import write_feed
from neuralblog_site.pages.promises import Promises, check_built
from neuralblog_site.pages.snippet_html import pictured
from neuralblog_site.project.places import ROOT
from neuralblog_site.running import ran
from neuralblog_site.running.execute import Result
from neuralblog_site.sources import addresses
from neuralblog_site.sources.library_code import source
from neuralblog_site.sources.site import Site

if TYPE_CHECKING:
    from conftest import Tree

Change = Callable[[Path], object]


class Built:
    """The small site, built in a folder by Markdown alone."""

    def __init__(self, tree: "Tree", notes: Path) -> None:
        self.tree, self.notes, self.out = tree, notes, tree.root / "out"

    def build(self, extended: bool = True) -> None:
        """Render each page, with our Markdown extension or without."""
        site = Site(self.tree.root)
        (self.tree.root / addresses.NAME).write_text("", encoding="utf-8")
        addresses.enter(site)
        shutil.rmtree(self.out, ignore_errors=True)
        shutil.copytree(site.docs / "assets", self.out / "assets")
        for path in site.docs.rglob("*.md"):
            page = Site(self.tree.root).page(path)
            body = "\n".join(page.lines[page.front.end :])
            html = self._markdown().convert(body) if extended else site.render(body)
            linked = pictured(html).replace(".md#", "/#")  # as MkDocs does
            self.write(addresses.address_of(page), linked)
        links = "".join(
            f'<a href="../../{post.slug}/">{post.slug}</a>' for post in site.posts()
        )
        self.write("archive/2026/", links)
        write_feed(self.out, site)

    def _markdown(self) -> Markdown:
        config = Site(self.tree.root).config["markdown_extensions"]
        entries = [e if isinstance(e, dict) else {e: {}} for e in config]
        options = {name: chosen for entry in entries for name, chosen in entry.items()}
        return Markdown(extensions=list(options), extension_configs=options)

    def write(self, address: str, html: str) -> None:
        """One page, in a shell like a theme's."""
        path = self.out / address / "index.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"<html><main>{html}</main></html>", encoding="utf-8")

    def check(self) -> Promises:
        """What the promises say now."""
        return check_built(self.out, ran.read(self.notes), self.tree.root)


@pytest.fixture
def built(tree: "Tree", tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Built:
    notes = tmp_path / "ledger"
    monkeypatch.setenv(ran.VARIABLE, str(notes))
    monkeypatch.setattr(extension, "ROOT", tree.root)
    monkeypatch.setattr(extension, "DOCS", tree.root / "docs")
    built = Built(tree, notes)
    built.build()
    return built


def test_a_build_is_noted_in_a_ledger_of_its_own(tree: "Tree") -> None:
    snippet = Site(tree.root).page(tree.root / "docs/posts/good.md").snippets[1]
    with ran.noted() as notes:
        ran.note(snippet, Result(stdout="1\n"))
        (entry,) = ran.read(notes)
    ran.note(snippet, Result())
    assert (entry.page, entry.line) == ("docs/posts/good.md", snippet.line)
    assert (entry.code, entry.stdout, entry.figures) == (snippet.code, "1\n", 0)
    assert not notes.exists()


def test_the_good_site_keeps_all_promises(built: Built) -> None:
    promises = built.check()
    assert promises.problems == []
    counted = (promises.blocks, promises.executed, promises.skipped)
    assert counted == (2, 2, 0)
    assert (promises.outputs, promises.figures, promises.posts) == (1, 1, 1)


def test_without_our_extension_nothing_was_run(built: Built) -> None:
    built.notes.unlink()
    built.build(extended=False)
    promises = built.check()
    assert promises.executed == 0
    assert promises.blocks == 2
    assert {problem.code for problem in promises.problems} == {"IN01"}
    assert len(promises.problems) == 4  # each block: of the page, and of the source


def test_figures_and_outputs_do_not_come_by_themselves(built: Built) -> None:
    built.build(extended=False)  # with the ledger of another build
    assert {problem.code for problem in built.check().problems} == {"IN03"}


BLOCKS = [
    "<pre>import numpy as np</pre>",
    '<pre class="language-python">this does not parse</pre>',
    '<div class="language-bash highlight"><pre><code>rm -r x</code></pre></div>',
    "<pre>&gt;&gt;&gt; 1 + 1\n2</pre>",
    "<pre><code>print(relu(2))</code></pre>",
]


@pytest.mark.parametrize("block", BLOCKS)
def test_a_block_that_looks_like_code_must_have_run(built: Built, block: str) -> None:
    built.write("other/", block)
    found = built.check().problems
    assert [(p.path, p.code) for p in found] == [("other/index.html", "IN01")]


def test_what_is_no_example_is_told_by_equality(built: Built) -> None:
    built.write("other/", f"<pre>{source('neuralblog.losses.Loss.__call__')}</pre>")
    promises = built.check()
    assert promises.problems == []
    assert promises.executed == 3
    shown = '```markdown\n    x = "how a list is written"\n```\n'
    built.tree.write("docs/about.md", f"# About\n\n{shown}")
    built.build()
    assert built.check().problems == []


def change(page: str, old: str, new: str) -> Change:
    """Replace a piece of a built page."""

    def apply(out: Path) -> None:
        text = (out / page).read_text(encoding="utf-8")
        assert old in text
        (out / page).write_text(text.replace(old, new), encoding="utf-8")

    return apply


GOOD = "good/index.html"
BROKEN = {
    "a hidden block": ("IN02", change(GOOD, '<div class="nb-snippet', '<div hidden class="nb-snippet')),
    "a block without display": ("IN02", change(GOOD, '<div class="nb-snippet', '<div style="display: none" class="nb-snippet')),
    "no output": ("IN03", change(GOOD, "0.5\n", "")),
    "another output": ("IN03", change(GOOD, "0.5\n", "0.6\n")),
    "no description": ("IN03", change(GOOD, "aria-label", "data-label")),
    "no figure": ("IN03", change(GOOD, "figure", "div")),
    "no page": ("IN01 IN03 IN04 IN05 IN06", lambda out: shutil.rmtree(out / "good")),
    "no entry of the feed": ("IN04", lambda out: (out / "feed.xml").unlink()),
    "an entry for no post": ("IN04", change("feed.xml", 'href="good/"', 'href="bad/"')),
    "no entry of the archive": ("IN04", lambda out: shutil.rmtree(out / "archive")),
    "a handler": ("IN07", change(GOOD, "<h1", '<h1 onclick="x()"')),
    "a formula that links": ("IN07", change(GOOD, "<mrow>", '<mrow href="javascript:x()">')),
    "a link to nothing": ("IN06", change(GOOD, "#relu", "#elu")),
    "a picture that is gone": ("IN06", lambda out: shutil.rmtree(out / "assets")),
    "an address that is gone": ("IN05 IN06", lambda out: shutil.rmtree(out / "glossary")),
}  # fmt: skip


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_promise_is_told(built: Built, fault: str) -> None:
    codes, breaks = BROKEN[fault]
    breaks(built.out)
    found = {problem.code for problem in built.check().problems}
    assert found
    assert found <= set(codes.split())


def test_an_address_without_a_page_tells_its_cure(built: Built) -> None:
    post = built.tree.root / "docs/posts/good.md"
    shutil.rmtree(built.out / "good")
    assert address_cure(built) == "build again"
    post.write_text(
        post.read_text("utf-8").replace("slug:", "draft: true\nslug:"), "utf-8"
    )
    assert address_cure(built) == "take `draft: true` away"
    post.unlink()
    assert address_cure(built).startswith("write `good/ -> ./`")


def address_cure(built: Built) -> str:
    (problem,) = (p for p in built.check().problems if p.code == "IN05")
    return problem.fix


def test_the_library_on_a_page_is_todays(built: Built) -> None:
    code = source("neuralblog.losses.Loss.__call__", ROOT / "src")
    built.write("other/", f"<pre>{code.replace('self', 'this')}</pre>")
    assert [p.code for p in built.check().problems] == ["IN01"]
