"""Draws the moving picture of the post on convolution: a window sails over the boat.

Run `python figures/boat.py`. Both pictures come from the library. A reader who asks for
less motion, or prints, sees the finished map. Without scripts.
"""

from collections.abc import Iterator

import numpy as np
from moving import FOLDER, picture, text

from neuralblog import KERNELS, correlate2d
from neuralblog.arrays import Array
from neuralblog.datasets import boat

CELL = 10  # an image pixel's size in the picture
LEFT, RIGHT, TOP = 20, 310, 15  # where the boat and its map begin
ROW = 1.6  # seconds


def pixels(image: Array, left: int, top: int) -> Iterator[str]:
    """Draw an image from 0 to 1, neighbors of one shade as one bar."""
    shades = np.rint(255 * image).astype(int)
    for i, row in enumerate(shades):
        ends = [*np.flatnonzero(np.diff(row)) + 1, len(row)]
        start = 0
        for end in ends:
            yield (
                f'<rect x="{left + CELL * start}" y="{top + CELL * i}" '
                f'width="{CELL * (end - start)}" height="{CELL}" '
                f'fill="#{f"{row[start]:02x}" * 3}"/>'
            )
            start = end


def sailing() -> str:
    """Show the window on the boat, and its map up to that place."""
    image = boat(24)
    answers = correlate2d(image, KERNELS["vertical edge"])
    n = len(answers)
    shades = 0.5 + 0.5 * answers / np.abs(answers).max()
    side, top = CELL * n, TOP + CELL  # of the map, which lacks a border
    last = side - CELL  # how far the last place is from the first
    style = (
        f"@keyframes across{{from{{transform:translateX(-{last}px)}}}}"
        f"@keyframes down{{from{{transform:translateY(-{last}px)}}}}"
        f".across{{animation:across {ROW}s steps({n},jump-none) infinite}}"
        f".down{{animation:down {ROW * n:.1f}s steps({n},jump-none) infinite}}"
        ".cover{visibility:visible}"
    )
    body = [
        *pixels(image, LEFT, TOP),
        '<g class="down"><g class="across">'
        f'<rect class="line s-weight" x="{LEFT + last}" y="{TOP + last}" '
        f'width="{3 * CELL}" height="{3 * CELL}"/></g></g>',
        *pixels(shades, RIGHT, top),
        f'<clipPath id="map"><rect x="{RIGHT}" y="{top}" width="{side}" '
        f'height="{side}"/></clipPath>',
        '<g clip-path="url(#map)" class="cover" visibility="hidden"><g class="down">'
        f'<rect class="f-paper" x="{RIGHT}" y="{top + side}" width="{side}" '
        f'height="{side}"/><rect class="f-paper across" x="{RIGHT + side}" '
        f'y="{top + side - CELL}" width="{side}" height="{CELL}"/></g></g>',
        f'<rect class="line s-muted" x="{RIGHT}" y="{top}" width="{side}" '
        f'height="{side}"/>',
        text(LEFT + CELL * 12, TOP + CELL * 24 + 26, "the boat"),
        text(RIGHT + side / 2, TOP + CELL * 24 + 26, "its map"),
    ]
    return picture(290, style, body)


def main() -> None:
    """Write the picture."""
    path = FOLDER / "sailing.svg"
    path.write_text(sailing(), encoding="utf-8")
    print(f"{path.name}: {path.stat().st_size / 1024:.1f} KB")


if __name__ == "__main__":
    main()
