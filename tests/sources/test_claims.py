"""What the prose claims is found, and what holds it up: a snippet, a source, or nothing."""

from typing import TYPE_CHECKING

import pytest

from neuralblog_site.sources.claims import claims
from neuralblog_site.sources.site import Site

if TYPE_CHECKING:
    from conftest import Tree

POST = """\
---
slug: small
---

# Title of 2024 and 77 words

Opening. OPENING

## One

```python
import numpy as np
from neuralblog import relu

rng = np.random.default_rng(0)
assert relu(41.5) == 41.5  # not 63
print(f"{relu(0.9794):.4f}, or 12.5%, of 30,000 in {relu(38.0):.0f} runs")
```

<!--pytest-codeblocks:expected-output-->

```text
0.9794, or 12.5%, of 30,000 in 38 runs
```

HERE

## Two

LATER

## What to remember

END

## References

- A. L. Hodgkin, A. F. Huxley. A quantitative description. *Journal* 117, 500-544, 1952.
- L. M. Leshno, V. Ya. Lin, A. Pinkus. Networks. *Neural Networks* 6(6), 861-867, 1993.
"""
WITH = POST.replace("OPENING\n", "OPENING[^n]\n").replace(
    "END\n", "END\n\n[^n]: NOTE\n"
)
PRINTED, ASSERTED = "printed in line 23", "asserted in line 16"
HUXLEY = "Hodgkin and Huxley 1952"


def told(tree: "Tree", text: str = "", place: str = "HERE") -> dict[str, str]:
    """The claims of the small post with a text in it, each with what holds it."""
    source = WITH if place == "NOTE" else POST
    path = tree.write("docs/posts/small.md", source.replace(place, text))
    return {claim.said: claim.held for claim in claims(Site(tree.root).page(path))}


@pytest.mark.parametrize(
    ("text", "said", "held"),
    [
        # measured
        ("It is 0.9794.", "0.9794", PRINTED),
        ("It is 0.979.", "0.979", PRINTED),
        ("It is 97.9 % now.", "97.9 %", PRINTED),
        ("It is 97.9%, now.", "97.9%", PRINTED),
        ("It is 0.125 of it.", "0.125", PRINTED),
        ("In 30,000 there are.", "30,000", PRINTED),
        ("It is minus -41.5 here.", "41.5", ASSERTED),
        ("It takes 38 runs.", "38", PRINTED),
        # cited
        ("It is 77 (Hodgkin and Huxley 1952).", "77", HUXLEY),
        ("It is 77 (Hodgkin and Huxley\n1952).", "1952", HUXLEY),
        ("It is 77, say Hodgkin and Huxley (1952).", "77", HUXLEY),
        ("In 1907 it was [known](https://example.org/a).", "1907", "example.org"),
        ("It is 77 (Leshno et al. 1993).", "77", "Leshno et al. 1993"),
        ("Then Hodgkin and Huxley showed it.", "Hodgkin and Huxley showed", "Hodgkin and Huxley"),
        # neither
        ("It is 0.9784.", "0.9784", ""),
        ("It is 0.98 of 63.", "63", ""),
        ("It is 98.1 % now.", "98.1 %", ""),
        ("It takes 5 ms.", "5 ms", ""),
        ("In 1907 it was known.", "1907", ""),
        ("Then Lapicque showed it.", "Lapicque showed", ""),
        ("It was so (Hodgkin and Huxley 1953).", "1953", ""),
        ("It was so (Lapicque 1952).", "1952", ""),
        ("It is [77](../glossary.md).", "77", ""),
        ("| 77 | cells |\n|---|---|", "77", ""),
        ("- It is 77.\n- So say Hodgkin and Huxley (1952).", "77", ""),
    ],
)  # fmt: skip
def test_a_claim_and_what_holds_it(
    tree: "Tree", text: str, said: str, held: str
) -> None:
    assert told(tree, text)[said] == held


@pytest.mark.parametrize(
    "text",
    [
        "There are 3 of them, and two thirds of ten.",
        "It is `77` and $77$ and\n\n$$77$$",
        "As 24 by 11 pixels, which is 264.",
        "Half of 30,000 is 15,000, by 2.",
        "See part 12, parts 12 to 15 and exercise 11; in 64 bits, LeNet-5, 2nd.",
        "The inputs 00, 01, 10 and 11.",
        "Is it 77 or 1907?",
        "- [ ] It is 77.\n- [x] It is 78.",
        '!!! info "It is 77"\n    No.',
        "- `z = 3`: Expected 77, not 78.",
        "1. One.\n2. Two.\n\n### 12. A heading of 77",
        "<!-- It is 77 -->",
        "We found it, and they showed that nobody saw it.",
    ],
)
def test_what_is_no_claim(tree: "Tree", text: str) -> None:
    assert {said for said, held in told(tree, text).items() if not held} <= {"24", "11"}


@pytest.mark.parametrize(
    ("place", "held"), [("HERE", True), ("LATER", False), ("OPENING", True), ("END", True)]
)  # fmt: skip
def test_a_small_number_is_held_near_its_snippet(
    tree: "Tree", place: str, held: bool
) -> None:
    assert bool(told(tree, "It takes 38 runs.", place)["38"]) is held
    assert told(tree, "It is 0.9794.", place)["0.9794"] == PRINTED


def test_a_footnote_brings_its_source(tree: "Tree") -> None:
    for source, held in ("", ""), (" (Hodgkin and Huxley 1952)", HUXLEY):
        text = WITH.replace("Opening.", "It is 77.").replace(
            "NOTE", f"So it is{source}."
        )
        path = tree.write("docs/posts/small.md", text)
        found = {c.said: c.held for c in claims(Site(tree.root).page(path))}
        assert found["77"] == held


def test_a_linked_post_holds_its_numbers(tree: "Tree") -> None:
    tree.write("docs/posts/other.md", POST.replace("0.9794", "0.8888"))
    found = told(
        tree, "It was 88.9 % [there](other.md#one), in 39 or 88 runs.", "LATER"
    )
    assert found == {"88.9 %": "printed in other, line 23", "39": "", "88": ""}
    text = "It was [there](other.md).\n\n| n |\n|---|\n| 38 |\n\nIt is 38."
    assert told(tree, text, "LATER")["38"] == ""
    assert told(tree, text[:-9], "LATER") == {"38": "printed in other, line 23"}


def test_lines_and_sentences_are_the_writers(tree: "Tree") -> None:
    text = "It is so. A *bold* [link](good.md)\nsays `f` is 77, et al. More."
    path = tree.write("docs/posts/small.md", POST.replace("HERE", text))
    (claim,) = (c for c in claims(Site(tree.root).page(path)) if not c.held)
    assert claim.sentence == "A bold link says f is 77, et al. More."
    assert path.read_text().splitlines()[claim.line - 1].startswith("says")
