"""The HTML of a snippet: its figures, its code with the drawing folded, its output."""

import html
import re

from neuralblog_site.project.keeping import digest, store
from neuralblog_site.project.places import KEPT
from neuralblog_site.running.embed import embedded
from neuralblog_site.running.execute import Result
from neuralblog_site.sources.snippets import DRAW, Snippet

PICTURES = KEPT / "pictures"
# The code stays in one piece, so that whoever copies or runs it gets all of it. The mark
# says what folds; it stands behind the block, and `folded` moves it in.
FOLDED = re.compile(
    r"(?P<code><code[^>]*>)(?P<rows>(?:(?!</code>).)*)</code></pre></div>\s*(?:<p>)?"
    r'(?P<fold><details class="nb-fold)(?P<whole> nb-whole)?" data-rows="(?P<count>\d+)"'
    r"(?P<rest>.*?</details>)(?:</p>)?",
    re.DOTALL,
)


def opening(snippet: Snippet) -> str:
    """What opens the container of a snippet, with what a page needs to run it.

    Not how long it took here: two builds must be the same, and the page measures itself.
    """
    return f'<div class="nb-snippet"{" data-trains" if snippet.trains else ""}>'


def figures(snippet: Snippet, result: Result, name: str) -> str:
    """What the snippet drew, each with its description."""
    pairs = zip(result.figures, snippet.figures, strict=True)
    return "\n".join(
        f'<figure class="nb-figure">{later(embedded(svg, f"{name}f{number}", alt))}</figure>'
        for number, (svg, alt) in enumerate(pairs, 1)
    )


def later(text: str) -> str:
    """HTML with a short comment for each picture: what no builder has to read and index."""
    return re.sub(r"<svg.*?</svg>", _later, text, flags=re.DOTALL)


def _later(svg: re.Match[str]) -> str:
    name = digest(svg[0])[:24]
    store(PICTURES / name, svg[0].encode())
    return f"<!-- nb:picture {name} -->"


def pictured(text: str) -> str:
    """The HTML of a page, with every picture in its place."""
    kept = re.compile(r"<!-- nb:picture (\w+) -->")
    return kept.sub(lambda m: (PICTURES / m[1]).read_text(encoding="utf-8"), text)


def output(result: Result) -> str:
    """What the snippet printed."""
    text = html.escape(result.stdout, quote=False)
    return text and f'<div class="nb-output"><pre><code>{text}</code></pre></div>'


def fold(snippet: Snippet) -> str:
    """The mark that says how many lines at the snippet's end fold, if any do."""
    rows = snippet.code.splitlines()
    drawing = rows[len(rows) - snippet.drawing :]
    count = sum(1 for row in drawing if row.strip() and row.strip() != DRAW)
    if not drawing:
        return ""
    whole = " nb-whole" if len(drawing) == len(rows) else ""
    said = "1 line that draws it" if count == 1 else f"{count} lines that draw it"
    return (
        f'<details class="nb-fold{whole}" data-rows="{len(drawing)}">'
        f"<summary>{said}</summary></details>"
    )


def quoted(name: str, code: str) -> str:
    """What opens the fold around a piece of the library."""
    count, part = code.count("\n") + 1, name.split(".", 2)[2]
    said = f"<code>{part}</code> in the library, {count} lines"
    return f'<details class="nb-quote"><summary>{said}</summary>'


def folded(text: str) -> str:
    """A page's HTML, with the drawing part of each snippet put under its fold."""
    return FOLDED.sub(_folded, text)


def _folded(match: re.Match[str]) -> str:
    rows = match["rows"].split("\n")  # the last one is what stands behind the last \n
    at = len(rows) - 1 - int(match["count"])
    while at and not rows[at - 1].strip():
        at -= 1  # no empty lines above a fold
    taught = "".join(f"{row}\n" for row in rows[:at])
    drawing = "\n".join(rows[at:])
    return (
        f'{match["code"]}{taught}<span class="nb-drawing">{drawing}</span></code></pre>'
        f'{match["fold"]}{match["whole"] or ""}"{match["rest"]}</div>'
    )
