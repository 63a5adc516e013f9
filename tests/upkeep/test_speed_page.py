"""The page on speed says what was measured last, and every ratio points the right way."""

import json

from neuralblog_site.project.places import ROOT
from neuralblog_site.sources.site import Site
from neuralblog_site.upkeep.speed_page import END, MEASURED, PAGE, tables


def test_the_page_is_written_from_what_was_measured() -> None:
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    assert tables(ROOT) + END in text, "run `make bench`"


def test_every_race_has_its_row_and_its_ratio() -> None:
    measured = json.loads((ROOT / MEASURED).read_text(encoding="utf-8"))[0]["results"]
    text = Site(ROOT).page(ROOT / PAGE).html.text_content()
    raced = [entry for entry in measured if "theirs_us" in entry]
    assert {entry["race"][:2] for entry in raced} == {"W1", "W2", "W3", "W5", "W6"}
    for entry in raced:
        if entry["race"][:2] in ("W1", "W2", "W3"):
            assert entry["race"][3:] in text
        low, high = entry["quartiles"]
        assert low <= entry["ratio"] <= high
        assert 0.5 < entry["ours_us"] / entry["theirs_us"] / entry["ratio"] < 2
