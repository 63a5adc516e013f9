"""Rules on the text of a page: its form, its headings, its formulas, its spelling."""

import html
import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from markdown.extensions.toc import slugify

from neuralblog_site.project.problems import meant
from neuralblog_site.rules import Finding, rule
from neuralblog_site.sources.page import LINKS, Page

EXCERPT = "<!-- more -->"
GIVEN = re.compile(r"""(?:\{[^{}]*?(?<=[{:\s])#|[{<][^{}<>]*?\bid=["']?)([\w:.-]+)""")
BLOCK = re.compile(r"^( *)(!!!|\?\?\?\+?|===[!+]?)(?=[ \"\w])")
LEFT_OVER = (
    r"(?<!\\)\$\$?(?!\d[\d.,]*([\s.,;:)!?-]|$))"  # of a formula; but `$5` is money
)
UNREAD = r"\\[(\[](?=.*\\)|^ *\\[\[\]] *$|\\(frac|sum|mathbb|begin|end)\b"
UNREAD += r"|(?<![\w^/.\[-])([A-Za-z]|\d+|\))\^(?=[\w({-]+(?!\^))|(?<![\w/.-])[A-Za-z]_(?=\w\b)"
BOXES = ("note", "info", "tip", "question", "example", "success", "warning", "quote")
PLACE = r"[\w./#:-]+\.(?:md|html|org|com|svg|png|jpe?g|webp)\b"
SHOWN = (  # of a link, a footnote or a definition
    r"\[[^\]\n]+\]\[[^\]\n]*\]|\[\^[^\]\s]+\]|\[[^\]\n]*\]\([^)\s]*"
    rf"|\[[^\]\n]+\] \({PLACE}[^)]*\)|\([^()\n]+\)\[{PLACE}[^\]\n]*\]"
    r"|^[^\[\n]*\]\([\w./#:-]+\)|^ *\[[^\]\n]+\]: .*"
)
SILENT = (  # what a link may not say alone
    r"(please )?((click|tap|see|read|go) )?(here|link|more|on|it|this|that)|(this|the) (link|page|post|article|website)"
    r"|learn more|continue( reading)?|source|website|url|image|picture|file|download|[\W_]*"
)
CITED = r"(?<![\]\w])\[(?:[A-Z][A-Za-z-]+\+?[ ,]{0,2}(?:18|19|20)?\d\d[a-z]?|\d{1,2})\](?![(\[])"
QUOTED = r"> ?|[-*+] +|\d+\. +"  # before what is quoted, or an item
TWICE = (
    r"(?<![\w.-])((?i:the|an?|of|to|and|it|for|as|be|are|with|or|we|from)) \1(?![\w.-])"
)
DEFINED = re.compile(r" {0,3}\[(?!\^)([^\]]+)\]:\s*(\S+|<.*>)(\s+[\"'(].*)?\s*$")
POSTS, PAGES = ("post",), ("post", "lab", "page")


@rule(
    "FL01",
    "a file in the wrong place, or with an unsafe name",
    "name it docs/posts/lower-case-words.md",
)
def well_named(page: Page) -> Iterator[Finding]:
    """What is not `docs/posts/*.md` is no post: it is left out, in silence."""
    if page.kind == "note":
        if page.path.name not in ("README.md", "CONTRIBUTING.md"):
            yield 1, "the file is not in docs/posts"
        return
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*\.md", page.path.name):
        yield 1, f"the file name {page.path.name!r} has more than a-z, 0-9 and `-`"
    elif page.kind == "post" and page.path.parent != page.site.docs / "posts":
        yield 1, "the post is in a folder of its own"


@rule("TX01", "a merge marker", "finish the merge: keep one of the two versions")
def merged(page: Page) -> Iterator[Finding]:
    """Builders print it as text."""
    inside = False  # a conflict, whose other markers need not be told
    for number, row in enumerate(page.lines, 1):
        if re.match(r"(<{7}|>{7}|\|{7})( |$)|={7}$", row):
            if not inside:
                yield number, f"the merge marker {row[:7]!r}"
            inside = (inside or row[0] == "<") and row[0] != ">"


@rule("TX02", "not plain UTF-8", "save the file as UTF-8 without a byte order mark")
def encoded(page: Page) -> Iterator[Finding]:
    """Other bytes are shown as boxes, or hide the front matter."""
    if page.data.startswith(b"\xef\xbb\xbf"):
        yield 1, "the file starts with a byte order mark"
    for number, row in enumerate(page.data.split(b"\n"), 1):
        try:
            text = row.decode("utf-8")
        except UnicodeDecodeError as error:
            yield number, f"the byte 0x{row[error.start]:02x} is not UTF-8"
            continue
        if control := re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text):
            yield number, f"the control character U+{ord(control[0]):04X}", "delete it"


@rule(
    "TX03",
    "a spelling mistake",
    "write it as suggested, or add the word to checks/words.txt",
)
def spelled(page: Page) -> Iterator[Finding]:
    """Checked with codespell's lists, in American spelling."""
    known = set(page.site.words("words"))
    for number, row in enumerate(page.lines, 1):
        text = html.unescape(row)
        text = re.sub(r"\]\([^)\s]*\)|https?://\S+", " ", text)  # addresses: no words
        for word in re.findall(r"[A-Za-z\u00c0-\u024f][A-Za-z\u00c0-\u024f']*", text):
            better = misspellings().get(word.lower())
            if better and word.lower() not in known:
                better = better.capitalize() if word[0].isupper() else better
                fix = f"write {better!r}, or add the word to checks/words.txt"
                yield number, f"spelling: {word!r}", fix
    for number, row in enumerate(page.prose, 1):
        if found := re.search(TWICE, row):
            yield number, f"the word {found[1]!r} stands twice", "delete one of them"
        elif found := re.search(
            r"(?<=\w)(\.\.|,,|;;)(?![.\w])|(?<=\w) [,;](?=\s|$)", row
        ):
            fix = "write one mark, right behind the word"
            yield number, f"punctuation: {found[0]!r}", fix


@cache
def misspellings() -> dict[str, str]:
    """Wrong words of codespell's dictionaries, with what is meant."""
    import codespell_lib

    folder = Path(codespell_lib.__file__).parent / "data"
    found: dict[str, str] = {}
    for name in ("", "_rare", "_en-GB_to_en-US"):
        text = (folder / f"dictionary{name}.txt").read_text(encoding="utf-8")
        for row in text.splitlines():
            wrong, _, right = row.partition("->")
            found.setdefault(wrong.lower(), right.strip().rstrip(","))
    return found


@rule(
    "MD01", "not exactly one title", "write one `# Title`, as the first heading", PAGES
)
def titled(page: Page) -> Iterator[Finding]:
    """The title names the page in lists, feeds and search; a second one splits it."""
    titles = [line for line, level, _ in page.headings if level == 1]
    if not titles and not _underlined(page, "=="):  # told by MD03
        yield page.first, "the page has no `# title`"
    if titles and not page.front.missing and page.kind != "note":
        above = page.prose[page.front.end : titles[0] - 1]
        shown = [n for n, row in enumerate(above, page.front.end + 1) if row.strip()]
        if shown:
            yield shown[0], "text above the title", "put it below the `# title`"
    for line in titles[1:]:
        yield line, "a second `# title`", "make it `## ...`"


@rule(
    "MD02",
    "no excerpt mark",
    f"write `{EXCERPT}` on a line of its own after the first paragraph",
    POSTS,
)
def excerpted(page: Page) -> Iterator[Finding]:
    """Without it the list of posts shows the whole post."""
    said = [
        line
        for line, text in page.comments
        if get_close_matches(text.strip().lower()[:5].strip(), ["more"])
    ]
    marks = [line for line in said if page.lines[line - 1].rstrip() == EXCERPT]
    near = [line for line in said if line not in marks]
    if not marks:
        yield (near or [page.first])[0], f"no `{EXCERPT}` line"
    for line in marks[1:]:
        yield line, "a second excerpt mark", "keep one"
    titles = [line for line, level, _ in page.headings if level == 1]
    if marks[:1] < titles[:1] and marks:
        yield marks[0], "the excerpt mark stands above the title", "move it down"


@rule(
    "MD03",
    "a heading level skipped, an empty or a repeated heading, or an anchor that is taken",
    "go down one level at a time, each with its own words",
)
def outlined(page: Page) -> Iterator[Finding]:
    """Headings are how screen readers and the table of contents move through a page."""
    above, seen, repeated = 0, set(), set()
    for line, level, text in page.headings:
        if not re.sub(r"!\[[^\]]*\]\([^)]*\)", "", text):  # a picture says no words
            yield line, "an empty heading", "write its words, or delete it"
        elif above and level > above + 1:
            what = f"from level {above} to level {level}"
            yield line, what, f"write `{'#' * (above + 1)} `"
        elif text in seen:
            yield line, f"the heading {text!r} stands twice", "give each its own words"
            repeated.add(line)
        seen.add(text)
        above = level
    for number in _underlined(page, "=", "-"):
        fix = "write `## Heading`, or leave a blank line above a rule"
        if len(page.prose[number - 1].strip()) == 1:
            fix = "write the words of the item, or delete the line"
        yield number, "a heading by underlining", fix
    for number, row in enumerate(page.prose, 1):
        if re.match(r"#{1,6}[^#\s]", row):
            yield number, "no space after `#`", "write `# Heading`"
        elif re.match(r"#{7,}", row):
            yield number, "a heading below level 6", "use fewer `#`"
        elif re.match(r" {1,3}#{1,6} +\S", row):
            yield number, "a heading that is indented", "start it at the margin"
        elif re.match(rf"( {{4,}}| *({QUOTED})+ *)#{{1,6}} +\S", row):
            fix = "write its words in bold, or move it out"
            yield number, "a heading inside of a block", fix
        elif re.fullmatch(r"(\*\*|__)\w[^*_]*[^*_.!?:]\1 *", row) and not (
            "".join(page.lines[number - 2 : number + 1 : 2]).strip()
        ):
            fix = "write `## ...`, or go on in its line"
            yield number, "a line in bold that stands for a heading", fix
    for line, what in _taken(page):
        if line not in repeated:
            yield line, what, "choose another, or links lead to the wrong place"


def _underlined(page: Page, *marks: str) -> list[int]:
    """The lines that underline a heading; seven `=` are a merge marker."""
    pairs = zip(page.prose, page.prose[1:], strict=False)
    return [
        number
        for number, (above, row) in enumerate(pairs, 2)
        if row.startswith(marks) and above.strip()
        if re.fullmatch(r"(?!={7}$)(=+|-+) *", page.lines[number - 1])
    ]


def _taken(page: Page) -> Iterator[tuple[int, str]]:
    """Where an anchor is given that is another's already, with braces or by a heading."""
    given: dict[str, int] = {}
    for number, row in enumerate(page.prose, 1):
        for name in GIVEN.findall(row):
            if name in given:
                yield number, f"the anchor `{name}` stands twice"
            given.setdefault(name, number)
    made: set[str] = set()
    for line, _, text in page.headings:
        name = slugify(html.unescape(text), "-")
        if GIVEN.search(text):
            continue
        if name in given and name not in made:
            yield given[name], f"the anchor `{name}` is the heading's in line {line}"
        elif name in made:
            yield line, f"the heading's anchor `{name}` is that of another heading"
        made.add(name)


@rule(
    "MD04",
    "the content of a block is not indented",
    "indent it by four spaces below the line that opens the block",
)
def indented(page: Page) -> Iterator[Finding]:
    """Otherwise the box stays empty, and its text stands outside of it."""
    for number, row in enumerate(page.prose, 1):
        opened = BLOCK.match(row)
        if opened:
            rest = enumerate(page.lines[number:], number + 1)
            following = next(((n, r) for n, r in rest if r.strip()), (number, ""))
            depth = len(opened[1]) + 4
            if not following[1].startswith(" " * depth):
                yield following[0], f"not inside the block that line {number} opens"
            elif (kind := page.lines[number - 1].strip(" !?+").split(" ")[0]) and (
                kind[0].isalpha() and opened[2][0] != "=" and kind.lower() not in BOXES
            ):
                fix = meant(kind.lower(), BOXES, f"use {', '.join(BOXES)}")
                yield number, f"the unknown kind of block `{kind}`", fix
            elif lost := re.match(r" *[!?]{3}\+? [\w-]+ +(?!inline|end)(\w.*)", row):
                fix = f'write "{lost[1].strip()}"'
                yield number, "a title without quotes, which is not shown", fix
        elif re.match(r' *(!!|\?\?|!{4,}|\?{4,})\+? ?[a-z]+( *$| +")', row):
            yield number, "a block that is shown as text", "open it with three marks"
    for text in page.texts:
        if shown := re.match(r'(!!!|\?\?\?|=== ?").*', text.strip()):
            fix = "write `!!! note`, a kind after the mark, with a blank line above"
            if re.search("['\u2018\u2019\u201c\u201d]", shown[0]):
                fix = 'write its title between two straight `"`'
            yield page.find(shown[0]), "a block that is shown as text", fix


@rule(
    "MD05",
    "an undefined reference, a missing footnote, or a link that says nothing",
    "define it, or write it as text in backticks",
)
def defined(page: Page) -> Iterator[Finding]:
    """It is shown with its brackets, as if it were text."""
    missing = False  # a footnote: another one that is not used may be meant
    for text in page.texts:
        for shown in re.findall(SHOWN, text):
            line = page.search(re.escape(shown) + r"(?!\))")
            line = line if line > page.front.end + 1 else page.find(shown)
            yield line, f"{shown!r} is shown as text"
            missing = missing or shown.startswith("[^")
        for shown in re.findall(CITED, text):
            fix = f"write a footnote, `[^{shown[1:-1].lower()}]`, and define it below"
            yield page.find(shown), f"{shown!r} leads nowhere", fix
    given: set[str] = set()
    for number, row in enumerate(page.prose, 1):
        if found := DEFINED.match(row):
            name = found[1].lower()
            if name in given:
                what = f"the reference {found[1]!r} is defined twice"
                yield number, what, "give each its own name"
            elif "\n".join(page.prose).lower().count(f"[{name}]") < 2:
                yield number, f"the reference {found[1]!r} is never used", "delete it"
            given.add(name)
    for line, link in page.placed(LINKS, "href"):
        said = " ".join(link.text_content().split())
        if re.fullmatch(SILENT, said, re.IGNORECASE) and not link.xpath(
            ".//img|.//svg"
        ):
            what = f"a link that says only {said!r}" if said else "a link without text"
            yield line, what, "say where it leads"
    defined = re.findall(r"^\[\^([^\]]+)\]:", "\n".join(page.prose), re.MULTILINE)
    for number, row in enumerate(page.prose, 1):
        if re.search(r"(?<!\w)! \[[^\]]+\]\(", row):
            fix = "write `![` without a space between them"
            yield number, "a picture that is shown as a link", fix
        below = "".join(page.lines[number : number + 1])
        if re.match(r"\[\^[^\]]+\]: *$", row) and not below.startswith("    "):
            yield number, "an empty footnote", "write it behind the `:`"
    for name in {name for name in defined if defined.count(name) > 1}:
        where = page.find(f"[^{name}]:", 1)
        yield where, f"the footnote {name!r} is defined twice", "give each its own name"
    for name in defined:
        if "\n".join(page.prose).count(f"[^{name}]") < 2 and not missing:
            yield page.find(f"[^{name}]:"), f"the footnote {name!r} is never used"


@rule(
    "MA01",
    "TeX that cannot be rendered, or makes more than a formula",
    "write it in the LaTeX that latex2mathml knows",
)
def rendered(page: Page) -> Iterator[Finding]:
    """A formula must never be a blank, or a backslash, on the page; nor a link or HTML.

    A list says which elements, attributes and values a formula may be made of.
    """
    from neuralblog_site.sources.formulas import FormulaError, mathml

    for element in page.html.xpath("//*[contains(@class, 'arithmatex')]"):
        tex = html.unescape(element.text_content()).strip()[2:-2].strip()
        first = next((row for row in tex.splitlines() if row.strip()), "")
        try:
            mathml(tex, block=element.tag == "div")
        except FormulaError as error:
            yield page.find(first), str(error), error.fix
        else:
            if not tex:
                yield page.find("$$"), "an empty formula", "write it, or delete it"
            elif re.match(r"\d", element.tail or ""):
                line = page.find(f"${first}$")
                fix = r"write `\$` for a dollar, and a space after a formula"
                yield line, f"a number right after the formula {tex!r}", fix
    opened = False  # by two marks, whose others follow from them
    for number, row in enumerate(page.prose, 1):
        if shown := re.search(LEFT_OVER, row) or re.search(UNREAD, row):
            two = "$$" in page.lines[number - 1]
            fix = "close it with `$`, with no space inside the two marks"
            if two:
                fix = "write `$` around it, or put `$$` on lines of their own"
            elif shown[0] == "$":
                fix += r"; write `\$` for a dollar"
            elif shown[0][-1] in "_^":
                fix = f"write `$` around it, or backticks: {shown[0]!r}"
            if not (two and opened):
                yield number, "a formula that is shown as text", fix
            opened = two and not opened
    for text in page.texts:
        if left := re.search(r"\$\$.*", text):
            line = page.find(left[0].strip())
            if "$$" not in page.prose[line - 1]:
                fix = "put `$$` formulas on lines of their own, between blank lines"
                yield line, "a formula that is shown as text", fix
