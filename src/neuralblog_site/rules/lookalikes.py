"""Rules on what looks right in the source, and is something else on the page."""

import html
import html.entities
import re
import unicodedata
from collections.abc import Iterator

from neuralblog_site.rules import Finding, rule
from neuralblog_site.sources.page import Page

ITEM = re.compile(r"(?P<indent> *)([-*+]|\d{1,3}[.)]) +\S")
SHOWN = re.compile(
    r"(?:\A|\n)( *\d{1,2}\) +\S.*| *\|.*\|[^\S\n]*(?=\n|\Z))|\n( *(?:[-*+]|1[.)]) +\S.*)"
)
MARK = r" *(?:[\u2022\u00b7\u25aa\u25cf\u25e6\u2023\u2013\u2014] |[-+*](?=[A-Za-z])|\(?(?:\d{1,2}|[a-z]|[ivx]+)\) |(?:[a-z]|[ivx]+)\. |\d{1,2}\.(?=[A-Za-z]))"
LISTED = re.compile(rf"(?:\A|\n)({MARK}.*)(?=\n{MARK})")  # by another sign than ours
RULED = re.compile(r" *\|?[ :|-]*-{1,}[ :|-]*\|?[ :|-]*$")
EMPHASIS = re.compile(
    r"\*{4,}|(?<![\w*])\*\*(?!\*)|(?<!\*)\*\*(?![\w*(])|(?<![\w_])__(?=\s)"
    r"|(?<![\w*)\]])\*(?=[A-Za-z])|(?<=\w)\*(?=[\s.,;:)]|$)"
)
HIDDEN = re.compile(
    "[\u0085\ufffc\U000e0000-\U000e01ef\u00ad\u034f\u061c\u115f\u17b4\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ue000-\uf8ff]"
)
JOINED = re.compile(  # what joins or shapes letters of other alphabets, and emoji
    "(?<=[\u0600-\u0dff])[\u200c\u200d](?=[\u0600-\u0dff])|(?<=[\u00a9-\U0001faff])\ufe0f"
    "|(?<=[\u2190-\U0001faff])\u200d(?=[\u2190-\U0001faff])"
)
LATIN = "[A-Za-z]"
FALSE_FRIENDS = re.compile(
    rf"{LATIN}[\u0400-\u058f\u13a0-\u13ff]|[\u0400-\u058f\u13a0-\u13ff]{LATIN}"
    rf"|{LATIN}[\u0370-\u03ff](?={LATIN})|[\ufb00-\ufb06\uff21-\uff5a\U0001d400-\U0001d7ff]"
)
MISREAD = re.compile(  # UTF-8 that was read as something else, and saved
    "\u00c3[\u0080-\u00bf]|\u00c2[\u0080-\u00bf]|\u00e2\u20ac|\ufffd|\u00ef\u00bb\u00bf"
)
FORMULAS = re.compile(r"(?<!\\)\$(?!\s)(?:\\.|[^$\\])+?(?<!\s)\$")
FOUR = "indent it by four spaces for each level"


@rule(
    "MD06",
    "a list or a table that is shown as text",
    "leave a blank line above it, and write `-` or `1.` before each item",
)
def set_apart(page: Page) -> Iterator[Finding]:
    """GitHub shows it as meant; this site runs it into the paragraph above."""
    for number, row in enumerate(page.lines, 1):
        around = page.lines[number - 2 : number + 1 : 2]
        if re.fullmatch(r"(> ?)+", row) and not any(r.startswith(">") for r in around):
            yield number, "a quotation with nothing in it", "write it, or delete it"
        elif re.search(r"\S\t+\S.*\t+\S", page.prose[number - 1]):
            fix = "write `|` between its cells, and a line `|---|---|` below its head"
            yield number, "a table by tabs, which is shown as text", fix
            break
    for text in page.texts:
        if shown := re.search(r"(?<=\n):(?=[A-Za-z])(?![a-z0-9_+-]+:).*", text):
            what = "a definition that is shown as text"
            yield page.find(shown[0]), what, "write a space after the `:`"
        rows = [one or other for one, other in SHOWN.findall(text)]
        rows = rows or LISTED.findall(text)
        if not rows or page.kind == "note":
            continue
        first = rows[0]
        table = first.strip().startswith("|")
        if table and len(rows) < 2:
            continue
        what = "a table" if table else "a list"
        yield page.find(first.strip()), f"{what} that is shown as text"


@rule("MD07", "a list, or text of a list, that is not nested", FOUR)
def nested(page: Page) -> Iterator[Finding]:
    """Two spaces nest on GitHub; here they end the list, or stay on its level."""
    above: list[int] = []  # indents of the open items
    blank = told = False
    for number, row in enumerate(page.prose, 1):
        row = re.sub(r"^(> ?)+", "", row)
        if not row.strip():
            hidden = page.lines[number - 1].strip(" >")
            if blank and hidden and page.lines[number - 1][0] != " ":
                above = []  # a block, or a formula, that ends the list
            blank = blank or not hidden
            continue
        indent = len(row) - len(row.lstrip())
        item = ITEM.match(row)
        begun = re.match(r" *(\d+)\. +\S", row)
        if begun and blank and begun[1] != "1" and not any(n <= indent for n in above):
            what = f"a list from {begun[1]} on, which is shown from 1 on"
            fix = "indent what stands above it by four spaces, or write"
            yield number, what, f"{fix} `{begun[1]}\\.`"
        if not item and blank and above and 0 < indent - above[-1] < 4 and not told:
            yield number, "text of a list that stands outside of it"
            told = True
        if re.fullmatch(r" *([-*+]|\d{1,3}[.)]) *", page.lines[number - 1]) and blank:
            yield number, "an item with nothing in it", "write it, or delete it"
        if item and re.match(r"([-*+]|\d+[.)])( |$)", row[item.end() - 1 :]):
            fix = (
                "write one mark; the items of a nested list are indented below its item"
            )
            yield number, "a list mark behind a list mark", fix
        if item:
            above = [depth for depth in above if depth < indent]
            if above and 0 < indent - above[-1] < 4 and not told:
                yield number, "a list that is not nested"
                told = True
            above.append(indent)
        elif not (above and indent > above[0]) and (blank or not above):
            above, told = [], False
        blank = False


@rule(
    "MD08",
    "a table whose rows differ, or with a `|` inside of a cell",
    "give each row as many cells as the first one",
)
def even(page: Page) -> Iterator[Finding]:
    """Cells that are missing stay empty, and those that are too many are dropped."""
    rows = [*page.lines, ""]
    prose = [*page.prose, ""]
    number = page.front.end
    while number < len(rows) - 1:
        head, ruled = rows[number], rows[number + 1]
        number += 1
        if not ("|" in prose[number - 1] or "|" in head) or not _rules(ruled):
            continue
        if not prose[number].strip():  # inside of a block
            continue
        columns = _cells(head)
        if columns != _cells(ruled):
            what = f"a head of {columns} cells above a line of {_cells(ruled)}"
            yield number, what, "give both as many cells: else it is no table"
            continue
        last = number + 1
        while rows[last].strip():
            last += 1
        if last == number + 1 or not re.sub(r"[|\s]", "", head):
            what = "no head" if last > number + 1 else "no rows"
            yield number, f"a table with {what}", "write it, or delete the table"
        for at in (number - 1, *range(number + 1, last)):
            if any("|" in formula for formula in FORMULAS.findall(rows[at])):
                fix = r"write `\vert` for the bar: it would end the cell"
                yield at + 1, "a `|` inside of a formula in a table", fix
            elif at >= number and not re.sub(r"[|\s]", "", rows[at]):
                yield at + 1, "a row with nothing in it", "write it, or delete it"
            elif _cells(rows[at]) != columns:
                what = f"a row of {_cells(rows[at])} cells in a table of {columns}"
                yield at + 1, what
        number = last


def _rules(row: str) -> bool:
    return "|" in row and "-" in row and RULED.fullmatch(row.rstrip()) is not None


def _cells(row: str) -> int:
    """How many cells a row has; a bar in code, or behind a backslash, ends none."""
    bare = re.sub(r"\\\\|\\\||(`+)(?!`).+?(?<!`)\1(?!`)", "", row.strip())
    return bare.removeprefix("|").removesuffix("|").count("|") + 1


@rule(
    "MD09",
    "marks of emphasis or code that are shown as text",
    "put them close to the words, close them, or write a backslash before them",
)
def emphasized(page: Page) -> Iterator[Finding]:
    """`** so **` is no bold, a single backtick no code, and `__name__` is bold."""
    for text in page.texts:
        for row in text.splitlines():
            found = EMPHASIS.search(row) or re.search(r"(?<!`)`{1,2}(?!`)", row)
            line = page.find(row.strip()) if found else 0
            source = page.lines[line - 1]
            spelled = f"\\{found[0][0]}" in source or "&#" in source if found else True
            if found and found[0] in source and not spelled:
                yield line, f"{found[0]!r} is shown as text"
        for shown in re.findall(r"^\{(?:#|:(?!:))[^{}\n]*\}$", text, re.MULTILINE):
            fix = "write it at the end of a heading, or delete it"
            yield page.find(shown), f"{shown!r} is shown as text", fix
    for number, row in enumerate(page.prose, 1):
        if found := re.search(r"(?<![\w`\\])__[a-z]\w*__(?!\w)", row):
            fix = f"write `{found[0]}` in backticks, or `**` for bold"
            yield number, f"{found[0]!r} loses its underscores", fix
        if found := re.search(r"\w+(?<!\\)\*[^\s*]+\*\w+", row):
            fix = r"write `\*` for a star, or a formula: `$3 \cdot 4$`"
            yield number, f"{found[0]!r} loses its stars", fix
        if found := re.search(r"(?<!\\)(\\\\)*(\\[%&~^\"'<=:;,/?@]|\\$)", row):
            fix = "delete the backslash; for a new line write `<br>`"
            yield number, f"'{found[2]}' is shown as text", fix
        for shown in re.findall(
            r"&[A-Za-z]\w*;|&(?:nbsp|amp|lt|gt|mdash|ndash)\b", row
        ):
            if shown[1:] not in html.entities.html5 or shown[-1] != ";":
                fix = "type the character itself, or `&amp;` for an &"
                yield number, f"{shown!r} is shown as text", fix


@rule("TX04", "an invisible or a false character", "delete it, or type it again")
def seen(page: Page) -> Iterator[Finding]:
    """Copied text brings characters that nobody sees, and that search does not find.

    A letter of another alphabet that looks like ours, and a letter in two pieces, too.
    """
    for number, row in enumerate(page.lines, 1):
        written = html.unescape(page.prose[number - 1])
        if found := HIDDEN.search(JOINED.sub("", row)) or HIDDEN.search(
            JOINED.sub("", written)
        ):
            yield number, f"the character U+{ord(found[0]):04X}, which nobody sees"
        elif MISREAD.search(row) or "\ufffd" in written:
            fix = "save the file as UTF-8, and type the word again"
            yield number, "letters that were read in a wrong encoding", fix
        elif found := FALSE_FRIENDS.search(row):
            letter = next(c for c in found[0] if ord(c) > 127)
            what = f"{unicodedata.name(letter, 'a letter')} in place of a Latin letter"
            yield number, what, "type the word again"
        elif unicodedata.normalize("NFC", row) != row:
            fix = "save it with composed letters (NFC): type them again"
            yield number, "a letter in two pieces, base and accent", fix
