"""Writes the page of rules from the table of rules."""

import re
from pathlib import Path

from neuralblog_site.rules import FAMILIES, RULES

PAGE = "docs/rules.md"
OPENING = """\
---
description: Everything that a page of this site is checked for, how to mend it, and why we check it at all.
---

# The rules

Nothing here goes wrong in silence: each fault gets one line that says where it is, what it
is, and how to mend it. `neuralblog-site check` tells all faults of a post in one run, and
this page is written from the table that it uses.

```console
$ neuralblog-site check docs/posts/my-post.md
docs/posts/my-post.md:3: FM06 unknown author 'ada' - add yourself to docs/.authors.yml (there now: neuralblog)
pages 1, snippets 2 (2 ran now), rules 52: 1 to mend.
```
"""

CLOSING = """
## Green on purpose

These look like faults, and are none:

- `$5 and then $10` is no formula: a formula has no space inside of its marks. `\\(x\\)` is one.
- `!!!note` without a space is a box like any other.
- A snippet may change Matplotlib's style or settings: each one begins with the site's own.
- It may write into a `tempfile.TemporaryDirectory()`, which is gone when it ends.
- An exercise with a part to be written may import what only the readers' answers use.
- A GIF or WebP that stands still is a picture; an SVG may move where the reader allows it.
- A number that two others of its sentence give by plus, minus, times or divided by, as in 3 x 3 = 9.
- A post without tags, a post without a snippet, and words in other alphabets.
- Metadata of a picture that names no place, as the camera or the exposure.

## The built site

These look at the finished pages, and are counted on each build.

| rule | what it promises |
|---|---|
| IN01 | every block that looks like Python or shell ran in this build, or is the library's own source |
| IN02 | no block is skipped or hidden |
| IN03 | below each snippet stands what it printed; every figure is there, and described |
| IN04 | one post is one page, one entry of the feed and one of the archive |
| IN05 | every address that was published is still there |
| IN06 | every link and every picture leads to something |
| IN07 | every element and every attribute of every page is on the list of `sources/markup.py`; a formula's too |
| IN08 | the book and the zip, where they are made, hold what the pages hold, in order, and fit the paper |
| LK05 | what other sites hold and we link to is still there (asked once a week, by `make links`) |
| UR01 | every page is in `checks/urls.txt` |
| UR02 | every address in that list has a page, or leads on to one |
| UR03 | no address was taken out of the list |
"""


def page() -> str:
    """The Markdown of the page."""
    parts = [OPENING]
    for name in dict.fromkeys(FAMILIES.values()):
        rows = [rule for rule in RULES.values() if FAMILIES[rule.family] == name]
        parts.append(
            f"\n## {name}\n\n| rule | what is wrong | how to mend it | why |\n|---|---|---|---|\n"
        )
        for rule in sorted(rows, key=lambda rule: rule.code):
            cells = (rule.what, rule.fix, rule.why)
            parts.append(f"| {rule.code} | {' | '.join(map(_cell, cells))} |\n")
    return "".join([*parts, CLOSING])


def write(root: Path) -> bool:
    """Write the page if it is not as the table says; tell whether it was written."""
    path = root / PAGE
    if path.exists() and path.read_text(encoding="utf-8") == page():
        return False
    path.write_text(page(), encoding="utf-8", newline="\n")
    return True


def _cell(text: str) -> str:
    """A text that means the same inside a table."""
    text = text.replace("```", "&#96;&#96;&#96;").replace("|", "&#124;")
    pieces = re.split(r"(`[^`]+`)", text)
    pieces[::2] = [re.sub("<", "&lt;", piece) for piece in pieces[::2]]
    return "".join(pieces)
