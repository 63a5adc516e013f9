"""Figures as pictures of their own, for lists: the first of a post, or an explorable's."""

import re
from collections.abc import Callable
from html import escape
from pathlib import Path

from neuralblog_site.project.keeping import store
from neuralblog_site.project.places import ROOT
from neuralblog_site.running.execute import Result
from neuralblog_site.sources.page import Page
from neuralblog_site.sources.snippets import Snippet

STYLES = ROOT / "docs" / "assets" / "css" / "neuralblog.css"
COLORS = re.compile(r"--nb-[a-z]+: light-dark\([^)]*\);")


def write(post: Page, run: Callable[[Snippet], Result], path: Path) -> None:
    """Write the first figure of a post, if it has one."""
    drawing = next((one for one in post.snippets if one.figures), None)
    if drawing is not None:
        write_picture(run(drawing).figures[0], path)


def card(picture: str, above: str, link: str, title: str, about: str) -> str:
    """An item of such a list: a picture, a short line, a link, and a sentence."""
    drawn = f'<img src="{picture}" alt="" loading="lazy">' if picture else ""
    meta = f'<p class="nb-meta">{above}</p>' if above else ""
    named = f'<a href="{link}">{escape(title)}</a>'
    return f"<li>{drawn}{meta}{named}<p>{escape(about)}</p></li>"


def write_picture(svg: str, path: Path) -> None:
    """Write it, with the page's colors inside, which follow the light or the dark."""
    colors = " ".join(COLORS.findall(STYLES.read_text(encoding="utf-8")))
    style = f"<style>:root {{ color-scheme: light dark; {colors} }}</style>"
    svg = re.sub(r"<svg([^>]*)>", rf"<svg\1>{style}", svg, count=1)
    if "xmlns=" not in svg:
        svg = svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    store(path, svg.encode())
