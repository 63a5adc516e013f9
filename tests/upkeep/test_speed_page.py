"""The page on speed says what was measured last, and every ratio points the right way."""

import json

from neuralblog_site.pages.bars import MEASURED, better, races, reports
from neuralblog_site.project.places import ROOT
from neuralblog_site.sources.site import Site
from neuralblog_site.upkeep.speed_page import END, PAGE, tables


def test_the_page_is_written_from_what_was_measured() -> None:
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    assert tables() + END in text, "run `make bench`"


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


def test_nobody_is_faster_than_the_machine() -> None:
    limits = [x[""] for race, x in races(reports()[0]).items() if "limit" in race]
    assert len(limits) == 3
    for limit in limits:
        assert 0 < limit["share"] < 1
        seconds = (
            limit["megaflop"] / limit["gflops"],
            limit["megabytes"] / limit["gigabytes"],
        )
        assert abs(1e3 * max(seconds) / limit["limit_us"] - 1) < 0.05


def test_what_the_page_says_of_others_is_what_was_measured() -> None:
    found = races(reports()[0])
    for race, against in found.items():
        if race.endswith(": inference") and "onnxruntime" in against:
            assert against["onnxruntime"]["ratio"] > 1
        if race.startswith("W1") and race.endswith(": training step"):
            assert against["jax"]["ratio"] > 1
        if race.startswith("W6 2x2") and not race.endswith("both"):
            slow = "backward" in race or " C=64 " in race
            assert (better(against, "torch")["ratio"] > 1) == slow, race
        if race.startswith("W5") and "K=3 stride 1: both" in race:
            wide = int(race.split(" C=")[1].split()[0]) >= 16
            assert not wide or better(against, "torch")["ratio"] > 1, race


def test_everybody_who_learned_reads_as_well() -> None:
    learned = next(x for race, x in races(reports()[0]).items() if race[:2] == "W4")
    assert learned.keys() == {"neuralblog", "torch", "jax", "scikit-learn"}
    for name, entry in learned.items():
        assert (entry["accuracy"] >= entry["goal"]) == (name != "scikit-learn")
