"""The whole built site: what is in it, and that another builder makes the same."""

import importlib
import re
from pathlib import Path

import lxml.html
import pytest

import neuralblog
from neuralblog_site.pages import build
from neuralblog_site.project.places import ROOT
from neuralblog_site.project.problems import Broken
from neuralblog_site.sources.series import Part

POSTS = sorted(path.stem for path in (ROOT / "docs" / "posts").glob("*.md"))
LABS = sorted(path.stem for path in (ROOT / "docs" / "labs").glob("*.md"))
FIGURE_LIMIT = 60_000  # bytes of one figure
LAB_LIMIT = 150_000  # bytes of a lab's page, figures apart


def urls(built: Path) -> set[str]:
    pages = (p.parent.relative_to(built).as_posix() for p in built.rglob("index.html"))
    return {page for page in pages if not page.startswith(("tags", "live"))}


def test_every_post_and_lab_has_its_page(built: Path) -> None:
    found = urls(built)
    assert len(POSTS) > 0
    assert set(POSTS) <= found
    assert {f"labs/{lab}" for lab in LABS} <= found


def test_a_post_that_the_series_lacks_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    series = (*build.SERIES, Part("rocks", "Rocks"))
    monkeypatch.setattr(build, "SERIES", series)
    with pytest.raises(Broken, match=r"docs/posts/rocks\.md:1: FM09 the series names"):
        build.build_site(ROOT / "build" / "never")


def test_another_builder_makes_the_same_pages(
    built: Path, built_with_zensical: Path
) -> None:
    assert urls(built_with_zensical) == urls(built)


@pytest.mark.parametrize("post", POSTS)
def test_another_builder_shows_the_same_outputs_and_figures(
    built: Path, built_with_zensical: Path, post: str
) -> None:
    def shown(site: Path) -> tuple[list[str], int]:
        page = lxml.html.parse(site / post / "index.html")
        outputs = page.xpath("//div[@class='nb-output']")
        figures = page.xpath("//figure[@class='nb-figure']")
        return [output.text_content() for output in outputs], len(figures)

    assert shown(built) == shown(built_with_zensical)
    assert shown(built)[0]


@pytest.mark.parametrize("page", [*POSTS, *(f"labs/{lab}" for lab in LABS)])
def test_figures_are_small_described_and_unlike(built: Path, page: str) -> None:
    text = (built / page / "index.html").read_text(encoding="utf-8")
    figures = re.findall(r'<figure class="nb-figure">.*?</figure>', text, re.DOTALL)
    assert figures
    for figure in figures:
        assert len(figure) <= FIGURE_LIMIT, re.findall(r'aria-label="([^"]*)', figure)
        assert re.search(r'role="img" aria-label="[^"]{20,}"', figure)
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    inside = "".join(figures)
    for used in set(re.findall(r'(?:url\(|href=")#([^)"]+)', inside)):
        assert used in ids


@pytest.mark.parametrize("lab", LABS)
def test_a_lab_is_slim_and_comes_as_a_notebook(built: Path, lab: str) -> None:
    text = (built / "labs" / lab / "index.html").read_text(encoding="utf-8")
    slim = re.sub(r'<figure class="nb-figure">.*?</figure>', "", text, flags=re.DOTALL)
    assert len(slim.encode()) < LAB_LIMIT
    assert "jp-" not in slim
    assert "cdn" not in slim
    notebook = (built / "labs" / lab / f"{lab}.ipynb").read_text(encoding="utf-8")
    assert '"image/svg+xml"' in notebook
    assert f'href="{lab}.ipynb"' in text


def test_formulas_are_rendered(built: Path) -> None:
    text = (built / "activations" / "index.html").read_text(encoding="utf-8")
    assert text.count("<math") > 30
    assert "arithmatex" not in text
    assert not re.search(r"\\\(|\\\[|\\frac\{", re.sub(r'alttext="[^"]*"', "", text))


def test_the_library_page_shows_every_public_name_with_its_source(
    built: Path, built_with_zensical: Path
) -> None:
    listed = re.findall(r"^(\w+) +[A-Z]", neuralblog.__doc__ or "", re.MULTILINE)
    modules = [f"neuralblog.{name}" for name in listed]
    for site in (built, built_with_zensical):
        page = lxml.html.parse(site / "api" / "index.html")
        ids = page.xpath("//main//@id")
        headings = [name for name in ids if name in modules]
        assert headings == modules  # in the order of the posts
        for module in modules:
            names = importlib.import_module(module).__all__
            assert {f"{module}.{name}" for name in names} <= set(ids), module
        sources = [code.text_content() for code in page.xpath("//details//pre")]
        assert any("\ndef relu(" in code for code in sources)
        assert any(code.startswith("class Conv2D(") for code in sources)
