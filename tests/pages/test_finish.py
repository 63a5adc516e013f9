"""What the finishing step puts into pages."""

import json
import re
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from matplotlib.image import imread

from neuralblog_site.pages import frame, head
from neuralblog_site.pages.finish import GLOSSARY, BuiltPage, definitions
from neuralblog_site.pages.path_map import path_map
from neuralblog_site.pages.preview import draw
from neuralblog_site.project.commit import Build
from neuralblog_site.project.places import ROOT
from neuralblog_site.sources.page import Page
from neuralblog_site.sources.series import SERIES, position
from neuralblog_site.sources.site import Site

FOLDER = tempfile.TemporaryDirectory()
SITE = Site(Path(FOLDER.name))
META = f"date: 2030-01-01\ndescription: A {'description ' * 6}\n"
TEXT = """
# Some `title` & more

A first sentence with a [link](../glossary.md#bias).

```python
print(1 < 2)
```

<!--pytest-codeblocks:expected-output-->

```text
True
```

The end.
"""
CLEAN = Build(
    "abc1234", "2030-01-02 03:04 +0000", dirty=False, python="3.11.7", numpy="2.4.1"
)
FRAME = '<!-- nb:head --><main><article><!-- nb:position --><h1 id="t">Title</h1><p>Word.</p><!-- nb:after --></article></main><!-- nb:build -->'


def post(slug: str) -> Page:
    path = SITE.docs / "posts" / f"{slug}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\nslug: {slug}\n{META}---\n{TEXT}")
    return SITE.page(path)


def page(slug: str = "network", build: Build = CLEAN, text: str = FRAME) -> str:
    posts = {name: post(name) for name in (slug, *(part.slug for part in SERIES))}
    return BuiltPage(f"{slug}/index.html", text, posts, build).finished()


def test_a_post_says_where_it_stands_and_what_it_needs() -> None:
    made = page()
    assert "part 4 of 16" in made
    assert '<a href="../neurons/">The artificial neuron</a>' in made
    assert '<a href="../activations/">Activation functions</a>' in made
    assert "1 minute. You need first: " in made


def test_a_post_beside_the_series_has_no_position() -> None:
    assert "of 16" not in page("something-else") and "You need" not in page(
        "something-else"
    )


def test_before_and_next_are_the_posts_beside_it() -> None:
    made = page()
    assert 'class="nb-prev" rel="prev" href="../activations/"' in made
    assert 'class="nb-next" rel="next" href="../images/"' in made
    assert "../losses/" not in made


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (
            CLEAN,
            "commit abc1234 of 2030-01-02 03:04 +0000, with Python 3.11.7 and NumPy 2.4.1",
        ),
        (Build("abc1234", "now", dirty=True), "with changes that are not committed"),
        (Build("", "", dirty=True), "files that are not committed yet"),
    ],
)
def test_the_verified_line_tells_what_was_built(build: Build, says: str) -> None:
    made = page(build=build)
    assert says in made and "Its one snippet ran" in made
    assert ("nb-dirty" in made) == build.dirty


def test_what_needs_an_address_is_left_out_without_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(head, "SITE_URL", "")
    monkeypatch.setattr(frame, "SITE_URL", "")
    monkeypatch.setattr(frame, "REPO_URL", "")
    made = page()
    assert not re.search(
        r"canonical|og:url|og:image|Edit this post|Report a mistake", made
    )
    monkeypatch.setattr(head, "SITE_URL", "https://example.org/blog/")
    monkeypatch.setattr(frame, "SITE_URL", "https://example.org/blog/")
    monkeypatch.setattr(frame, "REPO_URL", "https://example.org/repo")
    made = page()
    assert '<link rel="canonical" href="https://example.org/blog/network/">' in made
    assert "https://example.org/repo/edit/main/docs/posts/network.md" in made
    assert "https://example.org/blog/network/card.png" in made


def test_the_article_is_described_for_machines() -> None:
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', page())
    assert data is not None
    assert json.loads(data[1])["headline"] == "Some title & more"


def test_no_comment_is_left() -> None:
    assert "<!-- nb:" not in page()


def test_phones_get_the_contents_of_a_post_folded() -> None:
    heading = (
        '<h2 id="why">Why <em>so</em>?<a class="headerlink" href="#why">#</a></h2>'
    )
    made = page(text=FRAME + heading)
    assert '<li><a href="#why">Why <em>so</em>?</a></li>' in made


def test_every_word_of_the_glossary_has_a_meaning_and_a_part() -> None:
    text = GLOSSARY.read_text(encoding="utf-8")
    parts = re.findall(
        r"^.+\{ #([a-z0-9-]+) data-post=([a-z-]+) \}$", text, re.MULTILINE
    )
    meanings = definitions()
    assert len(parts) == len(meanings) == text.count("\n:   ") > 80
    assert all(position(part) for _, part in parts)
    assert "$" not in meanings["bias"] and meanings["bias"].endswith(".")


def test_links_to_the_glossary_carry_the_meaning() -> None:
    link = '<p><a href="../glossary/#stride">stride</a></p>'
    made = BuiltPage("x/index.html", link, {}, CLEAN).finished()
    assert f'data-define="{definitions()["stride"]}"' in made


def test_the_series_can_be_read_in_order() -> None:
    seen: set[str] = set()
    for part in SERIES:
        assert seen.issuperset(part.needs), part
        seen.add(part.slug)
    assert len(seen) == 16


def test_each_post_of_the_series_has_a_slug_of_its_own() -> None:
    assert all(post.slug == post.path.stem for post in Site(ROOT).posts())


def test_the_map_links_each_post_and_draws_an_arc_for_each_need() -> None:
    drawn = ET.fromstring(path_map("../"))
    links = [f"../{part.slug}/" for part in SERIES]
    assert [a.get("href") for a in drawn.iter("a")] == links
    assert [a.get("data-also") for a in drawn.iter("a")].count("../museum/") == 1
    assert len(list(drawn.iter("path"))) == sum(len(part.needs) for part in SERIES)
    assert len(list(drawn.iter("li"))) == len(list(drawn.iter("circle"))) == 16


def test_cards_have_the_size_that_others_expect(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("neuralblog_site.pages.preview.CACHE", tmp_path / "cache")
    draw(
        "A title that is so long that it has to be broken into several lines",
        3,
        tmp_path / "a.png",
    )
    draw("A title", None, tmp_path / "b.png")
    pictures = [imread(tmp_path / name) for name in ("a.png", "b.png")]
    assert all(picture.shape[:2] == (630, 1200) for picture in pictures)
    assert (pictures[0] != pictures[1]).any()


def test_a_post_can_be_cited_with_bibtex() -> None:
    entry = re.search('<code id="bibtex">(.*?)</code>', page(), re.DOTALL)
    assert entry is not None
    lines = entry[1].splitlines()
    assert lines[0] == "@misc{neuralblog-network,"
    assert r"  title = {{Some title \&amp; more}}," in lines
    assert "  author = {{The neuralblog authors}}," in lines
    assert "  year = {2030}," in lines
    assert lines[-1] == "}"
    assert entry[1].count("{") == entry[1].count("}")


def test_each_lab_is_listed_with_a_sentence() -> None:
    made = BuiltPage(
        "labs/index.html", FRAME + "<!-- nb:labs -->", {}, CLEAN
    ).finished()
    said = re.findall(
        r'<li><img src="[^"]+" [^>]*><a href="\.\./labs/[a-z]+/">[^<]+</a><p>(This lab .*?)</p>',
        made,
    )
    assert len(said) == len(list((ROOT / "docs" / "labs").glob("*.md"))) > 0


def test_a_lab_without_a_figure_has_no_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("neuralblog_site.pages.finish.LABS", tmp_path)
    (tmp_path / "words.md").write_text("# Words\n\nThis lab draws nothing.\n")
    text = FRAME + "<!-- nb:labs -->"
    made = BuiltPage("labs/index.html", text, {}, CLEAN).finished()
    assert '<li><a href="../labs/words/">Words</a><p>This lab draws nothing.' in made


def test_a_list_follows_the_series_and_others_come_last() -> None:
    slugs = ("zebra", "neurons", "aside", "spiking")
    posts = {slug: post(slug) for slug in slugs}
    comments = "".join(f"<!-- nb:post {slug}/ -->\n" for slug in slugs)
    made = BuiltPage(
        "archive/2026/index.html", FRAME + f"<ol>{comments}</ol>", posts, CLEAN
    )
    listed = re.findall(r'<li><a href="../../([a-z]+)/">', made.finished())
    assert listed == ["spiking", "neurons", "aside", "zebra"]
    where = re.findall(r'nb-meta">(.*?), <time>', made.finished())
    assert [text.split(",")[0] for text in where] == [
        "Part 1",
        "Part 2",
        "1 minute",
        "1 minute",
    ]


def test_a_name_of_the_library_leads_to_the_parts_that_use_it() -> None:
    posts = {slug: post(slug) for slug in ("neurons", "spiking", "aside")}
    for slug, code in (
        (
            "neurons",
            "import numpy as np\nfrom neuralblog import Dense as D, datasets\nnp.tanh(1)",
        ),
        (
            "spiking",
            "import neuralblog as nb\nnb.sigmoid(1)\nnb.datasets.xor(), nb.network",
        ),
        ("aside", "from neuralblog import Dense"),
    ):
        posts[slug].path.write_text(posts[slug].text.replace("print(1 < 2)", code))
        posts[slug] = Page(posts[slug].path, SITE)

    def said(path: str) -> str:
        text = FRAME + f"<!-- nb:used neuralblog.{path} -->"
        made = BuiltPage("api/index.html", text, posts, CLEAN).finished()
        return "".join(re.findall(r"Used in .*?</p>", made))

    assert said("layers.Dense") == 'Used in part <a href="../neurons/">2</a></p>'
    assert said("activations.sigmoid").startswith(
        'Used in part <a href="../spiking/">1<'
    )
    assert said("datasets.xor").startswith('Used in part <a href="../spiking/">1<')
    assert (
        said("activations.tanh") == said("plotting.network") == ""
    )  # NumPy's; a module
