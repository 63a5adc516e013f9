"""What a page tells about itself."""

from statistics import mean

from neuralblog_site.project.places import ROOT
from neuralblog_site.sources.site import Site


def test_readers_are_told_how_long_the_posts_are() -> None:
    minutes = [int(post.minutes.split()[0]) for post in Site(ROOT).posts()]
    told = (ROOT / "docs/readers.md").read_text(encoding="utf-8")
    assert len(minutes) == 16
    assert "Sixteen posts" in told
    assert f"about {round(mean(minutes), -1):.0f} minutes each" in told
    assert round(sum(minutes) / 60) == 10
    assert "are ten hours" in told
