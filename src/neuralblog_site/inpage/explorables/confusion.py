"""What was read as what: a table of 2,000 answers, and the digits behind each cell."""

from functools import cache
from typing import Any

import numpy as np

from neuralblog import confusion_matrix, softmax
from neuralblog_site.inpage.explorables.common import (
    Array,
    Facts,
    held_back,
    named,
    pictured,
    reader,
    rounded,
)

TITLE = "What was read as what"
QUESTION = "Which digits does the network take for others, and would you?"
HEIGHT = 540
STILL = (5.6, 5)
STATE: dict[str, Any] = {"at": [9, 4]}  # what a digit is, and what it was read as
LIMITS: dict[str, Any] = {"at": (0, 9, 1)}
MOST = 4  # digits that a cell opens to


@cache
def read() -> Array:
    """The ten probabilities for each of the digits that were held back: (2000, 10)."""
    return softmax(reader().predict(held_back()[0]))


def answer(at: Any) -> Facts:
    """The table, and the first digits behind one of its cells."""
    (x, labels), p = held_back(), read()
    is_, as_ = (round(i) for i in at)
    taken = p.argmax(axis=1)
    behind = np.flatnonzero((labels == is_) & (taken == as_))
    return {
        "counts": confusion_matrix(labels, taken, 10).tolist(),
        "digits": [
            [int(i), *pictured(x[i].reshape(1, -1), 1.0)] for i in behind[:MOST]
        ],
        "sure": rounded(100 * p[behind[:MOST], as_], 0),
        "told": _told(is_, as_, len(behind), int((labels == is_).sum())),
    }


def table() -> dict[str, list[dict[str, Any]]]:
    """Every cell."""
    cells = [[row, column] for row in range(10) for column in range(10)]
    return {"answer": [{}, *({"at": at} for at in cells if at != STATE["at"])]}


def still(figure: Any) -> str:
    """The table."""
    from neuralblog import plotting

    counts = np.array(answer(**STATE)["counts"])
    plotting.confusion_matrix(counts, ax=figure.subplots())
    wrong = counts - np.diag(counts.diagonal())
    return (
        f"A table of ten rows and ten columns. The diagonal is strong, with "
        f"{counts.diagonal().min()} to {counts.diagonal().max()} in each cell. Beside it, "
        f"{(wrong > 0).sum()} cells hold a number from 1 to {wrong.max()}."
    )


def _told(is_: int, as_: int, n: int, of: int) -> str:
    if is_ == as_:
        return f"{n} of {of} pictures of {named(is_)} were read right. These are the first {MOST}."
    count = {0: "none was", 1: "one was"}.get(n, f"{n} were")
    return f"Of {of} pictures of {named(is_)}, {count} read as {named(as_)}."
