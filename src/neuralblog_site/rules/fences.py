"""Rules on blocks: which are run, what belongs to them, and what keeps them from it."""

import ast
import difflib
import io
import json
import re
import tomllib
import warnings
from bisect import bisect
from collections.abc import Callable, Iterator

import yaml

from neuralblog_site.rules import Finding, rule
from neuralblog_site.sources.exercises import BEGIN, END, WAS, exercises, marked
from neuralblog_site.sources.names import reached
from neuralblog_site.sources.page import (
    PYTHON,
    Page,
    language,
    looks_like_python,
    parsed,
)
from neuralblog_site.sources.questions import CHECK, TITLE, questions
from neuralblog_site.sources.snippets import (
    CONTINUED,
    EXPECTED,
    Snippet,
    continues,
    snippets,
)

SHELL = ("sh", "bash", "zsh", "shell", "ksh", "fish", "powershell", "bat", "cmd")
SHOWN = ("text", "console", "markdown", "yaml", "toml", "json", "html", "css", "bibtex")
OTHERS = {  # what else blocks are opened with, and what to do here
    "mermaid plantuml graphviz dot": "draw it in a snippet, or save it as a picture",
    "math latex tex katex": "write the formula between two lines `$$`",
    "js javascript jsx ts typescript java c cpp c++ csharp cs go rust ruby r julia matlab"
    " octave fortran lua perl php scala swift kotlin haskell sql diff ini csv xml make"
    " makefile dockerfile txt plain plaintext output none": "open it with ```text",
    "md mdx rmd": "open it with ```markdown",
    "yml": "open it with ```yaml",
    "jsonc json5": "open it with ```json",
}
READERS: dict[str, Callable[[str], object]] = {
    "json": json.loads,
    "toml": tomllib.loads,
    "yaml": lambda text: list(yaml.safe_load_all(text)),
}
COMMAND = re.compile(r"^\s*(\$ |pip install )", re.MULTILINE)
STRAY = "that belongs to no snippet"
LISTED = re.compile(r"\s*([-*+]|\d+[.)])\s+(`{3,}|~{3,})")


@rule(
    "SN01",
    "shown as Python, but not tested",
    "open the block with exactly ```python, on a line of its own",
)
def tested(page: Page) -> Iterator[Finding]:
    """Only a fence whose info string is exactly `python` is run.

    Anything else that looks like one is shown and never run, in silence.
    """
    reported = set()
    outputs = {snippet.expected_line - 1 for snippet in _intended(page)}
    for fence in page.fences:
        line = fence.start + 1
        mark = page.lines[fence.start].strip()
        if language(fence) in PYTHON and not re.fullmatch(r"`{3,}python", mark):
            yield line, f"{mark!r} is shown as Python, but not run"
        elif (
            fence.info.split(" ")[0] in ("text", "console", "") and line not in outputs
        ):
            if looks_like_python(fence.text):
                what = "the block looks like Python, but is not run"
                yield line, what, _opened(fence.text)
            else:
                continue
        else:
            continue
        reported.add(line)
    known = {_squeezed(fence.text) for fence in page.fences}
    for block in page.html.xpath("//pre"):
        text = block.text_content()
        if _squeezed(text) not in known and text.strip():
            first = next(row.strip() for row in text.splitlines() if row.strip())
            yield page.find_row(first), "a block of code that is no fence"
    for number, row in enumerate(page.lines, 1):
        if LISTED.match(row) and number not in page.fenced:
            yield number, "a fence on the line of a list mark"


def _opened(text: str) -> str:
    """How to open a block whose text could be a program."""
    tree, run = parsed(text), "open it with exactly ```python"
    kinds = {type(node) for node in tree.body} if tree else set()  # none of a `>>>`
    if re.fullmatch(r"(\w+=\S+\n)+", text):
        return f"a shell's is opened with ```console, `$ ` before it; or {run}"
    if kinds == {ast.Expr}:
        below = f"what a snippet prints stands below it, under {EXPECTED}"
        return f"{run} to run it; {below}"
    if kinds and kinds <= {ast.Assign, ast.Expr} and "(" not in text:
        return f"{run} to run it, with ```toml if it sets options; write a formula as `$...$`"
    return f"{run}, on a line of its own"


@rule("SN02", "no language, or an unknown one", f"use python, {', '.join(SHOWN)}")
def known_language(page: Page) -> Iterator[Finding]:
    """A block without a language is neither tested nor colored; `text` is meant."""
    for fence in page.fences:
        name = fence.info.split(" ")[0]
        bare = language(fence)
        if bare in PYTHON + SHELL or (not name and looks_like_python(fence.text)):
            continue  # told by SN01 and SN22
        if not name:
            yield fence.start + 1, "a block without a language"
        elif name not in SHOWN:
            fix = next((f for names, f in OTHERS.items() if bare in names.split()), "")
            what = f"the language `{name}` is unknown"
            yield fence.start + 1, what, fix or f"use python, {', '.join(SHOWN)}"
        elif fence.info != name:
            yield fence.start + 1, f"`{fence.info}` has more than the language"


@rule("SN27", "data that cannot be read", "mend it, or show it as ```text")
def loads(page: Page) -> Iterator[Finding]:
    """A reader who copies it gets an error."""
    for fence in page.fences:
        read = READERS.get(fence.info)
        try:
            if read is not None:
                read(fence.text)
        except (ValueError, yaml.YAMLError) as error:
            mark = getattr(error, "problem_mark", None)
            told = re.search(r"at line (\d+)", str(error))
            row = mark.line + 1 if mark else int(told[1]) if told else 1
            row = getattr(error, "lineno", row)
            said = getattr(error, "problem", None) or getattr(error, "msg", error)
            line = min(fence.start + 1 + row, fence.end)
            yield line, f"no {fence.info.upper()}: {str(said).splitlines()[0]}"


@rule(
    "SN03",
    "a fence is not closed, or backticks flip the fences",
    "close the fence; start no line of text with three backticks",
)
def closed(page: Page) -> Iterator[Finding]:
    """From there on, text is taken for code and code for text."""
    stray = [
        number
        for number, row in enumerate(page.lines, 1)
        if re.match(r" *(`{3,}|~{3,})", row) and number not in page.fenced
    ]
    listed = any(LISTED.match(row) for row in page.lines[: (stray or [1])[0] - 1])
    if stray and not listed:  # a listed one is told by SN01
        inline = "`" in page.lines[stray[0] - 1].strip().lstrip("`")
        what = "a line of text that starts with three backticks"
        yield stray[0], what if inline else "the fence is not closed"
        return
    for fence in page.fences:
        mark = fence.mark[:3] if fence.info == "python" else fence.mark
        if re.search(rf"^ *{mark}", fence.text, re.MULTILINE):
            yield fence.start + 1, "the fence is not closed before the next one"
            return
        closing = page.lines[fence.end]
        if len(closing) - len(closing.lstrip()) != fence.indent:
            fix = "indent both marks of the block alike"
            yield fence.start + 1, "the fence is closed at another indent", fix
            return
    theirs = _seen_by_plugin(page.text)
    for fence in page.fences:
        start = fence.start + 1
        if (
            re.fullmatch(r"`{3,}python", page.lines[fence.start].strip())
            and theirs is not None
            and start not in theirs
            and not continues(page.lines, fence.start)
        ):
            yield start, "pytest-codeblocks does not see this block"


def _seen_by_plugin(text: str) -> set[int] | None:
    """Where pytest-codeblocks finds blocks; nothing if a directive stops it."""
    from pytest_codeblocks.main import extract_from_buffer

    with warnings.catch_warnings(action="ignore"):
        try:
            return {block.lineno for block in extract_from_buffer(io.StringIO(text))}
        except RuntimeError:
            return None  # told by SN11


@rule(
    "SN11",
    "a directive that is misspelled, misplaced or not allowed here",
    f"write exactly {EXPECTED} between a snippet and a ```text block",
)
def directed(page: Page) -> Iterator[Finding]:
    """A comment that nobody understands is ignored, in silence."""
    starts = [snippet.line for snippet in _intended(page)]
    skipped = (line for line, said in page.comments if _skips(said))
    told = {bisect(starts, line) for line in skipped}
    for finding in sorted(_misdirected(page)):
        above = bisect(starts, finding[0])
        if above not in told or STRAY not in finding[1]:
            yield finding
        told.add(above)  # what strays below a fault only follows from it


def _misdirected(page: Page) -> Iterator[Finding]:
    below = [range(s.line + s.code.count("\n"), s.end) for s in _intended(page)]
    above = [range(s.begin, s.line) for s in _intended(page)]
    fences = {fence.start + 1: fence for fence in page.fences}
    for snippet in page.snippets:
        end = snippet.line + snippet.code.count("\n")
        rows = enumerate(page.lines[end:], end + 1)
        next_row = next((number for number, row in rows if row.strip()), 0)
        shown = next_row in fences and fences[next_row].info == "text"
        if shown and snippet.expected is None and "print(" in snippet.code:
            fix = f"write {EXPECTED} above the block"
            yield next_row, "the block below a snippet is not its output yet", fix
    for number, row in enumerate(page.prose, 1):
        if re.match(r"\s*[<!-]*\s*pytest-codeblocks:", row):  # no comment after all
            what = f"`{row.strip()}` is not understood"
            yield number, what, f"did you mean `{_meant(row) or EXPECTED}`?"
    for line, said in page.comments:
        comment, words = f"<!--{said}-->", " ".join(said.split())
        if _skips(words):
            continue  # told by SN12
        if comment == CONTINUED:
            yield from _continuation(page, line)
        elif comment == EXPECTED:
            if not any(line in lines for lines in below):
                yield (line, f"an expected output {STRAY}, or a second one")
            else:
                start = next(n for n in sorted(fences) if n > line)
                if fences[start].info != "text":
                    yield start, "the expected output is not in a `text` block"
        elif re.match(r"figure\s*:", words):
            if not any(line in lines for lines in below + above):
                what = f"a figure comment {STRAY}"
                yield line, what, "put it right above the snippet, or below its output"
        elif meant := _meant(words):
            yield line, f"`{comment}` is not understood", f"did you mean `{meant}`?"


@rule("SN12", "something is skipped or hidden", "let it run, or delete it")
def nothing_skipped(page: Page) -> Iterator[Finding]:
    """What is not run can lie."""
    for line, said in page.comments:
        if _skips(" ".join(said.split())):
            yield line, f"`<!--{said.strip()}-->` keeps something from running"
    for line in page.hidden.values():
        yield line, "a block inside an HTML comment"
    for line, name in reached(page, "pytest|unittest"):
        yield line, f"imports `{name}`", "use assert"


@rule(
    "SN22",
    "commands in a block that would be run",
    "use a `console` block, with `$ ` before each command",
)
def commands_are_shown(page: Page) -> Iterator[Finding]:
    """pytest-codeblocks runs `sh` and `bash` blocks, with all your rights."""
    for fence in page.fences:
        name = language(fence)
        if name in SHELL:
            yield fence.start + 1, f"a `{name}` block"
        elif name in ("text", "") and COMMAND.search(fence.text):
            yield fence.start + 1, "commands in a block that is not `console`"
    for snippet in page.snippets:
        for row, text in enumerate(snippet.code.splitlines()):
            line = snippet.line + row
            if re.match(r"\s*[!$]\s*\w", text):
                yield line, "a command of a notebook or of a shell"
            elif re.match(r"\s*(%{1,2}|\?)[a-z]|\s*[\w.]+\?{1,2} *$", text):
                fix = "leave it out: a snippet is plain Python"
                yield line, "a command of a notebook", fix


@rule(
    "SN23",
    "a source directive that names nothing",
    "name a function or class as <!--source: neuralblog.module.name-->",
)
def quotes_library(page: Page) -> Iterator[Finding]:
    """Library code on a page is filled in from the library, so that it cannot be old."""
    from neuralblog_site.sources.library_code import DIRECTIVE, source

    for line, said in page.comments:
        found = DIRECTIVE.match(page.lines[line - 1])
        if found:
            try:
                source(found["name"], page.site.root / "src")
            except LookupError as error:
                yield line, str(error)
        elif re.match(r"\s*source\b", said):
            yield line, f"`<!--{said}-->` is not understood"


@rule(
    "SN25",
    "a question of another form, or choices that cannot be chosen",
    f'write `!!! question "{TITLE}"` or `"{CHECK}"`, and the question below it',
)
def predicted(page: Page) -> Iterator[Finding]:
    """What the next snippet shows waits for the guess; or each wrong choice is answered."""
    asked = questions(page.prose, page.lines)
    for question in asked:
        line = question.line
        check = question.title == f'"{CHECK}"'
        if question.mark != "!!!" or question.title not in (f'"{TITLE}"', f'"{CHECK}"'):
            yield line, "a question of another form"
        elif check and not question.choices:
            yield line, "nothing to choose", "list choices: - [ ] what one may think"
        elif question.choices and not question.asks:
            yield line, "choices without a question"
        marks = [choice.mark for choice in question.choices]
        for choice in question.choices:
            words = page.lines[choice.line - 1].partition("]")[2].strip()
            if choice.mark not in (" ", "x") or not words:
                fix = "write `- [ ] what one may think`, and `- [x]` for what is right"
                yield choice.line, "an item of a question that is no choice", fix
                break
            if check and choice.mark == " " and not choice.replied:
                fix = "write below it, as a nested item, why one may think so and errs"
                yield choice.line, "a wrong choice without a reply", fix
                break
        else:
            if marks and (marks.count("x") != 1 or len(marks) < 2):
                fix = "list at least two choices, one of them with `[x]`"
                yield question.choices[0].line, "choices of which not one is right", fix
    inside = [range(q.line, q.end) for q in asked]
    told = -1  # the line of the item above it
    for number, row in enumerate(page.prose, 1):
        if re.match(r" *([-*+]|\d+[.)]) +\[[ xX]\]", row) and not any(
            number in r for r in inside
        ):
            fix = f'list choices in a block `!!! question "{TITLE}"`, all else without `[ ]`'
            if told != number - 1:
                yield number, "a choice outside of a question", fix
            told = number


@rule(
    "SN30",
    "an exercise that cannot answer",
    f"mark the part to be found by `{BEGIN}` and `{END}`, and `assert ..., message` below it",
)
def answered(page: Page) -> Iterator[Finding]:
    """The page asks for the marked part; what a wrong one is told stands with it."""
    found = {each.line: each for each in exercises(page.snippets, page.lines)}
    for snippet in filter(marked, page.snippets):
        exercise = found.get(snippet.line)
        rows = snippet.code.splitlines()
        line = snippet.line + min(rows.index(m) for m in (BEGIN, END) if m in rows)
        if exercise is None or not re.search(r"^ *assert\b", exercise.after, re.M):
            yield line, "an exercise that cannot answer"
        elif WAS in exercise.mended or not exercise.mended.strip():
            fix = f"write the lines `{WAS} ...` below `{BEGIN}`, and below them what is right"
            yield line, "an exercise whose lines to be mended stand elsewhere", fix
        elif (silent := exercise.silent()) is not None:
            fix = 'write behind it what a wrong answer is told: `assert ..., "message"`'
            yield snippet.line + silent, "an assert that does not say why", fix
        elif len(exercise.wrong) < 2 or not all(told for _, told in exercise.wrong):
            fix = "list at least two below it: - `the answer`: what it is told"
            yield line, "an exercise without two wrong answers", fix


@rule(
    "SN32",
    "a hint that leads to no solution",
    'write `??? tip "Hint"`, and below it another hint or the solution',
)
def hinted(page: Page) -> Iterator[Finding]:
    """Hints unfold one after another, between the task and its solution."""
    opened = re.compile(r'( *)([!?]{3}\+?) +tip +"Hint"')
    for number, row in enumerate(page.prose, 1):
        if match := opened.fullmatch(row.rstrip()):
            inside = f"{match[1]}    "
            below = (line for line in page.prose[number:] if line.strip())
            goal = next((line for line in below if not line.startswith(inside)), "")
            if match[2] != "???":
                yield number, "a hint that does not fold"
            elif not re.match(r' *\?+ +(success\b|tip +"Hint")', goal):
                yield number, "a hint that leads to no solution"


def _skips(words: str) -> bool:
    return bool(
        re.search(r"pytest\.mark|skip|xfail|expect-(exception|error)", words)
    ) and words.startswith(("pytest", "-"))


def _intended(page: Page) -> list[Snippet]:
    """The snippets as if nothing were misspelled, so that a fault gives one line."""
    lines = list(page.lines)
    for line, said in page.comments:
        if "\n" not in said and _meant(" ".join(said.split())) == EXPECTED:
            lines[line - 1] = EXPECTED
    for fence in page.fences:
        above = [row.strip() for row in lines[: fence.start] if row.strip()][-1:]
        below = [row.strip() for row in lines[fence.end + 1 :] if row.strip()][:1]
        printed = below == [EXPECTED] and above != [EXPECTED]
        if language(fence) in PYTHON or printed:
            lines[fence.start] = " " * fence.indent + "```python"
            lines[fence.end] = " " * fence.indent + "```"
    return snippets("\n".join(lines), page.name)


def _meant(words: str) -> str:
    """The directive that a comment comes close to."""
    head = words.partition(":")[0].strip().lower()
    if len(head) < 12 and _alike(head, "figure") > 0.7:
        return "<!--figure: what it shows-->"
    for directive in (EXPECTED, CONTINUED):
        if _alike(words.lower(), directive[4:-3]) > 0.75:
            return directive
    like = r"-*\s*(py-?)?test|code-?blocks|expected|cont\b|output"
    return EXPECTED if re.match(like, words.lower()) else ""


def _alike(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other).ratio()


def _continuation(page: Page, line: int) -> Iterator[Finding]:
    below = next((f for f in page.fences if f.start + 1 > line), None)
    fix = "let each snippet stand alone: give it its own imports and data"
    if page.kind != "lab":
        yield line, "`cont` outside of a lab", fix
    elif (
        below is None
        or below.info != "python"
        or any(row.strip() for row in page.lines[line : below.start])
    ):
        yield line, "`cont` that no snippet follows", "put it right above a snippet"
    elif not any(s.line < line for s in page.snippets):
        yield line, "`cont` before the first snippet", "delete it"


def _squeezed(text: str) -> str:
    return "\n".join(row.strip() for row in text.strip().splitlines())
