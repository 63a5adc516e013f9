"""The brush: the facts are those of the post, and the cover lies where it is said to."""

import numpy as np
import pytest

from neuralblog import occlusion_map, softmax, trained
from neuralblog_site.inpage.explorables import inspection


def test_the_post_s_3_without_its_middle_arm() -> None:
    facts = inspection.answer(**inspection.STATE)
    assert facts["cover"] == [9, 12, 5, 5]
    assert facts["label"] == 3
    assert facts["p"][2] == pytest.approx(77.2, abs=0.1)  # as the post prints
    assert facts["told"] == (
        "Uncovered, a 3 with 84 %. Covered here, that falls to 8 %, "
        "and the network reads a 2."
    )


@pytest.mark.parametrize("picture", inspection.LIMITS["picture"])
@pytest.mark.parametrize("brush", inspection.SHADES)
@pytest.mark.parametrize("at", [[0, 0], [13, 9], [27, 20]])
def test_the_heat_is_what_the_cover_costs(
    picture: str, brush: str, at: list[int]
) -> None:
    facts = inspection.answer(picture, brush, 2, at)
    image = inspection.image_of(picture)
    before = softmax(trained().forward(image[None]))[0]
    lost = 100 * before[facts["label"]] - facts["p"][facts["label"]]
    assert facts["heat"][at[0]][at[1]] == pytest.approx(lost, abs=0.6)
    shade = inspection.SHADES[brush]
    expected = occlusion_map(trained(), image, facts["label"], shade=shade)
    np.testing.assert_allclose(facts["heat"], 100 * expected, atol=0.51)
    assert sum(facts["p"]) == pytest.approx(100, abs=0.5)


def test_at_the_rim_the_cover_is_cut() -> None:
    facts = inspection.answer("a 3", "ink", 4, [0, 27])
    assert facts["cover"] == [0, 23, 5, 5]
    assert facts["ink"] == 1


def test_the_network_is_sure_of_noise() -> None:
    p = inspection.probabilities(inspection.noise())
    assert p.max() > 0.95
    sheet = inspection.noise()
    assert set(np.unique(sheet)) == {0, 1} and 0.05 < sheet.mean() < 0.25


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (0.9, "Uncovered, an 8 with 84 %. Covered here, that rises to 90 %."),
        (0.842, "Uncovered, an 8 with 84 %. Covered here, that stays at 84 %."),
    ],
)
def test_the_sentence_says_which_way(now: float, words: str) -> None:
    p = np.full(10, (1 - now) / 9)
    p[8] = now
    assert inspection._told(8, 0.84, p) == words
