"""The bars are as long as what was measured, and say it to those who do not see them."""

import re
import xml.etree.ElementTree as ET

import pytest

from neuralblog_site.pages import bars
from neuralblog_site.pages.bars import LEFT, MOST, UNIT


def entry(race: str, against: str, ratio: float, **more: object) -> dict[str, object]:
    near = [ratio - 0.1, ratio + 0.1]
    return {"race": race, "against": against, "ratio": ratio, "quartiles": near, **more}


STEP = "W1 dense: training step"
GOAL = {"range": [0.4, 0.6], "goal": 0.97}
RESULTS = [
    entry(STEP, "torch", 0.5),
    entry(STEP, "channels_last", 0.8),
    entry(STEP, "scikit-learn", 0.125),
    {"race": "W1 dense: limit", "share": 0.25},
    entry("W1 dense: inference", "onnxruntime", 2.0),
    entry("W4 LeNet to 97%", "neuralblog", 1.0, accuracy=0.98, **GOAL),
    entry("W4 LeNet to 97%", "jax", 0.5, accuracy=0.97, **GOAL),
    entry("W4 LeNet to 97%", "scikit-learn", 0.9, accuracy=0.94, **GOAL),
]


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[ET.Element]:
    monkeypatch.setattr(bars, "reports", lambda: [{"results": RESULTS}])
    return list(ET.fromstring(f"<div>{bars.figures()}</div>"))


def lengths(figure: ET.Element) -> list[float]:
    widths = (float(bar.get("width", "")) for bar in figure.iter("rect"))
    return [round(width / UNIT, 2) for width in widths]


def test_bars_are_as_long_as_their_times(drawn: list[ET.Element]) -> None:
    training, answering = drawn
    # ours, PyTorch in its better layout, scikit-learn cut, the limit; then W4
    assert lengths(training) == [1, 1.25, MOST, 0.25, 1, 2]
    assert lengths(answering) == [1, 0.5]
    assert len(training.findall(".//path[@class='nb-gap']")) == 1


def test_the_quartiles_lie_around_the_end_of_the_bar(drawn: list[ET.Element]) -> None:
    (spread,) = drawn[1].findall(".//path[@class='nb-half']")
    low, high = map(float, re.findall(r"M(\S+) \S+H(\S+)", spread.get("d", ""))[0])
    assert low == pytest.approx(LEFT + UNIT / 2.1, abs=0.1)
    assert high == pytest.approx(LEFT + UNIT / 1.9, abs=0.1)


def test_a_picture_is_told_in_words(drawn: list[ET.Element]) -> None:
    said = drawn[0][0].get("aria-label", "")
    assert "PyTorch 1.25" in said and "scikit-learn 8.00" in said
    assert "the limit 0.25" in said
    assert "LeNet to 97%, from a cold start: JAX 2.00" in said
    assert "scikit-learn never, 94.0% at most" in said
