"""Draws the reading path: posts in order, with an arc to each from what it needs."""

from neuralblog_site.sources.series import SERIES

ROW = 44  # as high as a row of the list beside it
WIDTH = 64
ALSO = {"gradients": "museum"}  # a page whose exercises count as the post's


def path_map(root: str) -> str:
    """A list of links to all posts, and arcs as decoration.

    The arcs say what the text of the path page says too, so they are hidden from
    screen readers.
    """
    rows = {part.slug: ROW * (number + 0.5) for number, part in enumerate(SERIES)}
    arcs, dots, items = "", "", ""
    for number, part in enumerate(SERIES, 1):
        for need in part.needs:
            start, end = rows[need], rows[part.slug]
            reach = WIDTH - 8 - min(66, 12 + 9 * (end - start) / ROW)
            turn = f"{reach:g} {start:g} {reach:g} {end:g}"
            arcs += f'<path d="M{WIDTH - 8} {start:g}C{turn} {WIDTH - 8} {end:g}"/>'
        dots += f'<circle cx="{WIDTH - 8}" cy="{rows[part.slug]:g}" r="6"/>'
        also = f' data-also="{root}{ALSO[part.slug]}/"' if part.slug in ALSO else ""
        link = f'<a href="{root}{part.slug}/"{also}>{part.name}</a>'
        items += f"<li><span>{number}</span>{link}</li>"
    box = f'viewBox="0 0 {WIDTH} {ROW * len(SERIES)}" aria-hidden="true"'
    return f'<div class="nb-path"><svg {box}>{arcs}{dots}</svg><ol>{items}</ol></div>'
