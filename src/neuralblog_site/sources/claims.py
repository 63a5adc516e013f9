"""Finds what the prose of a page claims, and what holds each claim up.

A claim is a number, a year, or what somebody did. What holds it up is looked for in this
order, so that a writer marks nothing:

- a number that the page's snippets print, assert or set, at the precision of the prose. One
  of one or two digits is met by chance too easily: it counts in its own section, and in the
  opening and from *What to remember* on, which speak of the whole page;
- the same in a post or a lab that the paragraph links to (if it is only set, with three digits);
- a source in the paragraph: a name and a year of the references, or a link to elsewhere,
  also in a footnote that hangs there.

A number that two others of its sentence give by plus, minus, times or divided by is no
claim: the reader does it in her head. Nor are questions, choices and titles; whole numbers
below ten without a unit; and what stands in words, in code, in formulas and in names, as
part 12.
"""

import re
from bisect import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, pairwise, product
from pathlib import Path

from neuralblog_site.sources import evidence
from neuralblog_site.sources.evidence import WRITTEN, Fact, number
from neuralblog_site.sources.exercises import ITEM
from neuralblog_site.sources.page import CODE, FORMULA, Page

UNITS = "percent|times|ms|mV|nA|Hz|seconds?|minutes?|hours?|days?|years?|volts?"
NUMBER = re.compile(
    rf"(?<![\w.,/])(?<![^\W\d]-)({WRITTEN})(?![.,]?\w)( ?%|[ -](?:{UNITS})\b)?"
)
YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
WHEN = "About|After|Around|Before|By|From|In|Since|Until"
CITING = re.compile(rf"(\b(?!(?:{WHEN})\s)[A-Z]\w+|'s|\bal\.)\s+\(?$|\($")  # a year
NAMES = "part|theorem|exercise|lesson|section|chapter|page|seed|step|python|corner"
MORE = r"(?:(?:,| and|, and| or| to)\s+[\d.]*\d)*"
NAMED = re.compile(
    rf"\b(?:{NAMES})s?\s+[\d.]*\d{MORE}\b|\b0\d{MORE}\b|\b\d+[- ]bits?\b", re.IGNORECASE
)
DID = (
    "argued|asked|built|called|coined|counted|described|discovered|drew|found|"
    "introduced|invented|measured|named|noticed|observed|proposed|proved|published|"
    "recorded|reported|saw|showed|studied|suggested|trained|wrote"
)
NOBODY = "He|I|It|Nobody|She|Somebody|That|They|This|We|What|Which|Who|You"
PERSON = re.compile(
    rf"\b(?!(?:{NOBODY})\s(?!et al))([A-Z]\w+)(?:(?:,| and)\s[A-Z]\w+|\set\sal\.)*"
    rf"(?:\s\(\d{{4}}\))?\s(?:{DID})\b"
)
HIDDEN = re.compile(
    r"!\[[^\]]*\]\([^)]*\)|https?://[^\s\])>]+|"
    r"\]\([^)]*\)|\{[^}\n]*\}|<[^>\n]*>|\[\^[^\]]+\]:?|^ *\d+\. |&#?\w+;",
    re.M,
)
ENDS = re.compile(
    r"(?<![A-Z.]\.)(?<! al\.)(?<=[.?!])[\"')*_]*\s+(?=\W*[A-Z\d])|\n(?= *\|)"
)
OPENS = re.compile(r" *([-*] |\d+\. |[?!]{3})|\[\^[^\]]+\]:")
UNTOLD = re.compile(r" *(- \[[ x]\] |[?!]{3})")  # choices and titles of blocks
LINK = re.compile(r"\]\(([^)\s#]+)")
NOTE = re.compile(r"\[\^[^\]]+\]")
DEEDS = ("printed", "asserted", "set")  # by the rank of a fact
SET = 2  # the last rank


@dataclass(frozen=True)
class Claim:
    """One claim; nothing holds it where `held` is empty."""

    line: int
    said: str
    sentence: str
    held: str
    measured: bool = False  # by a snippet


@dataclass(frozen=True)
class Piece:
    """A paragraph, or a sentence of it: as it is written, and with only prose left."""

    line: int
    raw: str
    text: str

    def line_of(self, at: int) -> int:
        """The line of a place in the text."""
        return self.line + self.text.count("\n", 0, at)

    def sentences(self) -> Iterator["Piece"]:
        """The sentences of a paragraph, and the rows of a table."""
        cuts = [0, *(m.end() for m in ENDS.finditer(self.text)), len(self.text)]
        for a, b in pairwise(cuts):
            yield Piece(self.line_of(a), self.raw[a:b], self.text[a:b])

    def said(self) -> Iterator[re.Match[str]]:
        """What a sentence claims."""
        if not self.text.rstrip(" \n)*").endswith("?"):
            numbers = NUMBER.finditer(self.text)
            yield from (m for m in numbers if not re.fullmatch(r"\d", m[0]))
            yield from PERSON.finditer(self.text)

    def gives(self, said: str) -> bool:
        """Whether two other numbers of the sentence give this one."""
        written = re.findall(WRITTEN, HIDDEN.sub("", self.raw))
        others = {number(each) for each in written} - {number(said), 0, 1}
        pairs = product(others, repeat=2)
        given = {v for a, b in pairs for v in (a + b, abs(a - b), a * b, a / b)}
        return any(agree(said, value) for value in given)


class Support:
    """What a page has to hold claims up."""

    def __init__(self, page: Page, pieces: list[Piece]) -> None:
        self.page, self.pieces = page, pieces
        self.facts = evidence.facts(page)
        self.notes = {mark[0]: p for p in pieces if (mark := NOTE.match(p.raw))}
        noted = [p.raw.partition("]:")[2] for p in self.notes.values()]
        entries = [evidence.references(page), *map(evidence.reference, noted)]
        self.references = list(chain(*entries))
        heads = [line for line, level, _ in page.headings if level == 2]
        last = [line for line, _, text in page.headings if text == "What to remember"]
        self.starts = [line for line in heads if line <= min(last, default=line)]

    def whole(self, paragraph: Piece) -> list[Piece]:
        """A paragraph with its footnotes, and a table with the paragraph above it."""
        above = self.pieces[: self.pieces.index(paragraph)]
        table = paragraph.raw.lstrip().startswith("|")
        notes = [note for mark, note in self.notes.items() if mark in paragraph.raw]
        return [paragraph, *notes, *(above[-1:] if table else [])]

    def sources(self, pieces: list[Piece]) -> list[str]:
        """The sources that a text names or links to."""
        text = " ".join(piece.text for piece in pieces)
        links = [link for piece in pieces for link in LINK.findall(piece.raw)]
        cited = [label for e in self.references if (label := e.cited(text))]
        return cited + [link.split("/")[2] for link in links if "://" in link]

    def fact(self, match: re.Match[str], line: int) -> Fact | None:
        """The snippet's number that holds this one: the best, and then the nearest."""
        section = bisect(self.starts, line)
        wide = telling(match[1]) or section in (0, len(self.starts))
        near = [f for f in self.facts if wide or bisect(self.starts, f.line) == section]
        return min(
            _holding(match, near),
            key=lambda fact: (fact.rank, abs(fact.line - line)),
            default=None,
        )

    def elsewhere(self, match: re.Match[str], pieces: list[Piece]) -> str:
        """The post or lab that a text links to, if it holds a number."""
        links = [link for piece in pieces for link in LINK.findall(piece.raw)]
        found = []
        for path in _holders(self.page, links):
            facts = _holding(match, evidence.facts(self.page.site.page(path)))
            found += [(fact.rank, fact.line, path.stem) for fact in facts]
        rank, line, stem = min(found, default=(SET, 0, ""))
        if not stem or (rank == SET and not telling(match[1])):
            return ""
        return f"{DEEDS[rank]} in {stem}, line {line}"


def claims(page: Page) -> Iterator[Claim]:
    """Every claim of the prose, in its order."""
    pieces = list(paragraphs(page))
    support = Support(page, pieces)
    for piece in pieces:
        whole = support.whole(piece)
        sources = support.sources(whole)
        for sentence in piece.sentences():
            for match in {m[0]: m for m in sentence.said()}.values():
                line, said = sentence.line_of(match.start()), " ".join(match[0].split())
                measured = ""
                if match.re is PERSON:
                    entries = [
                        e.label for e in support.references if e.names[0] in said
                    ]
                    held = entries or sources
                elif YEAR.fullmatch(said):
                    held = _dated(match, sources)
                elif not telling(match[1]) and (held := support.sources([sentence])):
                    pass
                elif fact := support.fact(match, line):
                    measured = f"{DEEDS[fact.rank]} in line {fact.line}"
                elif sentence.gives(match[1]):
                    continue
                elif not (measured := support.elsewhere(match, whole)):
                    held = sources
                how = measured or ", ".join(held)
                yield Claim(line, said, plain(sentence.raw), how, bool(measured))


def linked(page: Page) -> list[Path]:
    """The posts and labs that a page links to: what they print may hold its claims."""
    return list(_holders(page, LINK.findall(page.body)))


def _holders(page: Page, links: list[str]) -> Iterator[Path]:
    for link in dict.fromkeys(links):
        path = (page.path.parent / link).resolve()
        if path.parent.name in ("posts", "labs") and path.exists():
            yield path


def paragraphs(page: Page) -> Iterator[Piece]:
    """The paragraphs, items and tables of a page, down to its references."""
    end = next((n for n, _, said in page.headings if said == "References"), None)
    headings = {line for line, _, _ in page.headings}
    rows: list[tuple[str, str]] = []
    for n, text in enumerate([*page.prose[:end], ""], 1):
        raw = page.lines[n - 1] if text else ""
        if rows and (not text.strip() or OPENS.match(raw) or n in headings):
            whole, told = map("\n".join, zip(*rows, strict=True))
            for pattern in (HIDDEN, NAMED):
                told = pattern.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), told)
            if not ITEM.match(whole.strip()):  # a wrong answer, which is tested
                yield Piece(n - len(rows), whole, told)
            rows = []
        if text.strip() and n not in headings and not UNTOLD.match(raw):
            rows.append((raw, text))


def agree(written: str, value: float) -> bool:
    """Whether a number, as it is written, is a value, rounded to its decimals."""
    return abs(number(written) - value) <= _half(written) + 1e-9 * value


def _half(written: str) -> float:
    """Half of the last decimal of a number as it is written."""
    return float(0.5 / 10 ** len(written.partition(".")[2]))


def telling(written: str) -> bool:
    """Whether a number is seldom met by chance: three digits, two decimals, a thousand."""
    digits = re.sub(r"\D", "", written).strip("0")
    return len(digits) > 2 or "." in written[:-2] or number(written) >= 1000


def plain(markdown: str) -> str:
    """A sentence as a text without marks; a long formula becomes three dots."""
    text = re.sub(r"^\s*[-*] ", "", markdown)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = CODE.sub(lambda m: m[2], text)
    text = FORMULA.sub(lambda m: _formula(m[0].strip("$")), text)
    return " ".join(
        re.sub(r"[*]|(?<=[^\w])_|_(?=\W)", "", HIDDEN.sub("", text)).split()
    )


def _formula(tex: str) -> str:
    return tex if len(tex) < 12 and not re.search(r"[\\^_{]", tex) else "\u2026"


def _holding(match: re.Match[str], facts: Iterable[Fact]) -> Iterator[Fact]:
    """The facts that agree with a number; 97.9 % is 0.979, too."""
    scale = 100 if (match[2] or "").strip() in ("%", "percent") else 1
    said, half = number(match[1]), _half(match[1])  # once, for all facts
    for fact in facts:
        for value in {fact.value, scale * fact.value}:
            if abs(said - value) <= half + 1e-9 * value:
                yield fact
                break


def _dated(match: re.Match[str], sources: list[str]) -> list[str]:
    """The sources of a year: a citation needs the entry of that year."""
    same = [each for each in sources if each.endswith(f" {match[0]}")]
    return same if CITING.search(match.string[: match.start()]) else same or sources
