"""The V: the numbers are the post's, and each bug is found by one check at least."""

import numpy as np
import pytest

from neuralblog_site.inpage.explorables import gradients

CHECKS = ["one", "dropout", "three", "gray", "step"]
FINDS = {
    "none": [],
    "gate": ["one", "three", "gray"],
    "dropout": ["dropout"],
    "mean": ["three"],
    "tie": ["gray"],
    "uphill": ["step"],
}


@pytest.mark.parametrize(
    ("power", "way", "slope", "why"),
    [
        (-1, "both", "0.888 instead of 0.864, off by 2.8 %", "the curve bends"),
        (
            -3,
            "both",
            "0.86400240 instead of 0.86400000, off by 2.8 · 10⁻⁶ of it",
            "the curve bends",
        ),
        (-8, "ahead", "0.864", "bend and rounding are about equal"),
        (-12, "both", "0.8639", "rounding eats the digits"),
        (-3, "f32", "0.8640", "bend and rounding are about equal"),
        (
            -9,
            "f32",
            "0.000 instead of 0.864 in 32 bits, off by 100 %",
            "both points are rounded to the same number",
        ),
    ],
)
def test_the_sentence_says_who_is_to_blame(
    power: float, way: str, slope: str, why: str
) -> None:
    told = gradients.answer(power, way, "none")["told"]
    assert told.startswith(f"Measured {slope}")
    assert why in told


def test_the_v_has_its_bottom_where_the_post_says() -> None:
    errors = gradients.errors()
    lowest = {way: gradients.POWERS[np.argmin(errors[way])] for way in errors}
    assert lowest["both"] == pytest.approx(np.log10(2e-6), abs=0.5)
    assert lowest["ahead"] == pytest.approx(-8, abs=2)
    assert min(errors["f32"]) > -6
    # from the right, the error of both sides falls with the square of the step
    right = gradients.POWERS >= -4
    fall = np.diff(np.array(errors["both"])[right]) / np.diff(gradients.POWERS[right])
    np.testing.assert_allclose(fall, 2, atol=0.2)


@pytest.mark.parametrize("power", [-0.5, -2, -5])
def test_the_secant_turns_to_the_tangent(power: float) -> None:
    (x0, y0), (x1, y1) = gradients.answer(power, "both", "none")["secant"]
    slope = (y1 - y0) / (x1 - x0)
    assert slope == pytest.approx(
        gradients.measured("both", gradients.step(power)) / gradients.SLOPE, abs=0.01
    )


def test_far_too_small_a_step_meets_the_stairs() -> None:
    seen = gradients.answer(-16, "both", "none")["seen"]
    assert len(set(seen)) < 6 < len(seen)
    assert len(set(gradients.answer(-5, "both", "none")["seen"])) > 10


@pytest.mark.parametrize("bug", gradients.BUGS)
def test_what_each_check_finds(bug: str) -> None:
    verdicts = gradients.museum(bug)
    found = [name for name, yes in zip(CHECKS, verdicts["found"], strict=True) if yes]
    assert found == FINDS[bug]
    assert (verdicts["worst"] is None) == (bug in ("none", "uphill"))


def test_what_the_sizes_of_steps_are_called() -> None:
    assert [gradients._power(h) for h in (0.32, 0.01, 1e-5, 1.8e-16)] == [
        "0.32",
        "0.01",
        "10⁻⁵",
        "1.8 · 10⁻¹⁶",
    ]
