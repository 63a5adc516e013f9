"""The rule on what is not finished yet: told and counted, but red only where it counts."""

import re
from collections.abc import Iterator
from textwrap import shorten

from neuralblog_site.rules import Finding, rule
from neuralblog_site.sources.page import Page

SCAFFOLD = (  # sentences of rules/scaffold.md.txt that ask to be replaced
    "Replace this by one sentence that says what your reader will know afterwards.",
    "What does a neuron do with an input that is almost, but not quite, enough?",
    "Write three to five lines that a reader could tell a friend.",
    "Say plainly what is simplified here, and what you do not know.",
)
OPEN = re.compile(
    r"\b(TODO|FIXME|TBD|TBA|XXX|TK)\b|\blorem ipsum\b|\bdolor sit amet\b|(?<=[^ ?] )\?{3,}"
    r"|\[(insert|your|add|placeholder)\b[^\]]*\](?!\()|\bcoming soon\b|\b(WIP|TBC)\b|\bcitation needed\b|\bwork in progress\b|\bto be continued\b"
    r"|\b(insert|write|add|put) (an? |the |your |something )?(image|picture|figure|link|text|code|words)? ?here\b"
    r"|\bfoo bar baz\b|\b(section|page|chapter) is (still )?(empty|under construction|intentionally left blank)\b"
    r"|\bmore to (come|follow)\b|\b(Figure|Fig\.|Table|Section|Chapter|Equation|Eq\.) \?\?|\((ref|cite|source|link)s?\??\)"
    r"|\[(image|figure|picture|photo|link|citation|source|ref|code)( \w+)?\](?![(\[:])|^\W*\[(\.\.\.|\u2026)\]\W*$",
    re.IGNORECASE,
)
MARK = "import:"  # what `neuralblog-site import` could not convert, in a comment


@rule("TX05", "text that is not finished", "write it, or delete it", warns=True)
def finished(page: Page) -> Iterator[Finding]:
    """A post may grow in peace: `check` counts this, and `check --strict` refuses it.

    The job for pull requests is strict.
    """
    if page.kind != "post":
        return
    for number, row in enumerate(page.lines, 1):
        for sentence in SCAFFOLD:
            if sentence in row:
                yield number, f"the scaffold's sentence {sentence!r}", "write your own"
    key = page.front.get("description")
    above = [(key.line, str(key.value))] if key else []
    for number, row in [*above, *enumerate(page.prose, 1)]:
        if found := OPEN.search(row):
            yield number, f"unfinished: {found[0]!r}"
    below = [*page.headings[1:], (len(page.lines) + 1, 0, "")]
    pairs = zip(page.headings, below, strict=False)
    for (line, level, text), (end, next_level, _) in pairs:
        if next_level <= level and not "".join(page.lines[line : end - 1]).strip():
            yield line, f"nothing stands below the heading {text!r}"
    for snippet in page.snippets:
        for number, row in enumerate(snippet.code.splitlines(), snippet.line):
            if found := re.search(r"#.*\b(TODO|FIXME|XXX)\b", row):
                yield number, f"unfinished: {found[1]!r}"
    for line, comment in page.comments:
        if comment.strip().startswith(MARK):
            what = shorten(comment.strip().removeprefix(MARK), 120, placeholder=" ...")
            fix = "do what the comment says, and delete it"
            yield line, f"left by the import: {what}", fix
        elif found := re.search(r"\b(TODO|FIXME|XXX)\b", comment):
            yield line, f"unfinished: {found[0]!r}"
