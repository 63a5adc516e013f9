"""`neuralblog-site check`: every rule on every page, all faults in one run."""

import contextlib
import importlib
import os
import platform
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from neuralblog_site.project.problems import Problem, annotation, as_json
from neuralblog_site.rules import RULES, Rule
from neuralblog_site.rules.code import fragile
from neuralblog_site.rules.consequences import faults
from neuralblog_site.rules.picture_files import MAGIC, picture_faults
from neuralblog_site.rules.pictures import shown
from neuralblog_site.running.comparison import difference
from neuralblog_site.running.results import CACHE, Execution
from neuralblog_site.running.sandbox import Stopped
from neuralblog_site.sources import addresses
from neuralblog_site.sources.page import Page, parsed
from neuralblog_site.sources.site import Site
from neuralblog_site.sources.snippets import Snippet

Named = tuple[str, Path]  # a path as a person gave it, and where it is
STOPPING = {  # such snippets are not run
    *("SN01", "SN03", "SN04", "SN06", "SN10", "SN12"),
    *("SN13", "SN14", "SN15", "SN17", "SN18", "SN22", "SN28", "SN31", "TX01"),
}


@dataclass
class Report:
    """What a check found, and how much it looked at."""

    problems: list[Problem]
    pages: int
    snippets: int
    ran: int

    @property
    def summary(self) -> str:
        """One line for the end of the list."""
        unfinished = sum(_warns(problem) for problem in self.problems)
        wrong = len(self.problems) - unfinished
        found = f"{wrong} to mend" if wrong else "nothing to mend"
        if unfinished:
            found += f", {unfinished} to finish"
        return (
            f"pages {self.pages}, snippets {self.snippets} ({self.ran} ran now), "
            f"rules {len(RULES)}: {found}."
        )


def check(
    pages: Iterable[Page],
    here: Execution | None = None,
    elsewhere: Execution | None = None,
    rules: Mapping[str, Rule] = RULES,
) -> Report:
    """Apply the rules to the pages.

    Without `here`, no snippet is run; with `elsewhere`, each prints the same there.
    """
    read = []
    for page in pages:
        read.append((page, list(_read(page, rules))))
        page.forget()  # five megabytes each
    whole = {page.name: _runnable(page, found) for page, found in read}
    ran: dict[str, list[Problem]] = {name: [] for name in whole}
    if here is not None:
        for problem in here.verify(chain(*whole.values())):  # of all pages, in parallel
            ran[problem.path].append(problem)
        ended = {name: _ended(whole[name], told) for name, told in ran.items()}
        if elsewhere is not None:
            elsewhere.verify(chain(*ended.values()))  # what follows reads the cache
        for name, snippets in ended.items():
            differing = list(unstable(snippets, here, elsewhere))
            told = [s for s in snippets if any(_within(s, p.line) for p in differing)]
            kept = [p for p in ran[name] if not any(_within(s, p.line) for s in told)]
            ran[name] = kept + differing
    problems: list[Problem] = []
    for page, found in read:
        found += ran[page.name]
        problems += faults(page, [p for p in found if p.code in {*rules, "BUG"}])
    n_snippets = sum(len(page.snippets) for page, _ in read)
    n_ran = here.ran if here is not None else 0
    return Report(sorted(problems), len(read), n_snippets, n_ran)


def check_folder(site: Site) -> Iterator[Problem]:
    """What no page tells: files in the wrong place, and pictures that nobody uses."""
    named = "\n".join(path.read_text("utf-8", "replace") for path in _naming(site))
    told = {path for file in site.sources() for path in shown(site.page(file))}
    for path in sorted(site.docs.rglob("*")):
        name = path.relative_to(site.root).as_posix()
        if path.is_dir() or path.name.startswith("."):
            continue
        if path.parent == site.docs / "posts" and path.suffix != ".md":
            fix = "a post is a `.md` file; put pictures into docs/assets/images"
            yield Problem(name, 1, "FL01", "a file that is no post", fix)
        elif path.suffix.lower() in MAGIC and path.name not in named:
            yield Problem(name, 1, "IM02", "no page uses the picture", "delete it")
        elif path in told:
            continue  # at the line of the page that shows it
        elif path.suffix.lower() in MAGIC or path.parent.name == "images":
            for code, what, fix in picture_faults(path):
                yield Problem(name, 1, code, f"the picture {what}", fix)


def other_machine() -> Execution:
    """Runs snippets as an older CPU with another hash seed would."""
    return Execution(CACHE.parent / "elsewhere", environment=other_settings())


def other_settings() -> dict[str, str]:
    """Environment variables that hold the CPU's newer instructions down."""
    multiarray = importlib.import_module("numpy._core._multiarray_umath")
    features = multiarray.__cpu_features__
    present = [name for name in multiarray.__cpu_dispatch__ if features.get(name)]
    settings = {
        "MALLOC_PERTURB_": "85",
        "PYTHONHASHSEED": "1",
        "NPY_DISABLE_CPU_FEATURES": " ".join(present),
    }
    if platform.machine().lower() in ("x86_64", "amd64"):
        settings["OPENBLAS_CORETYPE"] = "Nehalem"
    return settings


def given(paths: list[Named], site: Site) -> tuple[list[Page], list[Problem]]:
    """The pages that a person names, or all; and what is wrong with the names."""
    if not paths:
        return [site.page(path) for path in site.sources()], []
    pages, problems = [], []
    for name, path in paths:
        if path.is_dir():
            inside = sorted(path.rglob("*.md"))
            pages += [
                site.page(p, os.path.join(name, p.relative_to(path))) for p in inside
            ]
        elif path.suffix == ".md" and path.is_file():
            pages.append(site.page(path, name))
        else:
            what = "no Markdown file" if path.exists() else "no such file"
            fix = "name a file of docs/posts, or none to check all"
            problems.append(Problem(name, 1, "FL01", what, fix))
    return pages, problems


def _read(page: Page, rules: Mapping[str, Rule]) -> Iterator[Problem]:
    """What reading tells; of a page that is no text, that alone."""
    order = sorted(rules.values(), key=lambda rule: rule.code != "TX02")
    seen = set()
    for rule in order:
        try:
            for problem in rule.problems(page):
                if (problem.line, problem.code, problem.what) not in seen:
                    seen.add((problem.line, problem.code, problem.what))
                    yield problem
        except Exception as error:
            what = f"the rule {rule.code} stops with {error!r}"
            yield Problem(page.name, 1, "BUG", what, "please report this page")
        if rule.code == "TX02" and seen:
            return
    for snippet in page.snippets:
        if parsed(snippet.code) is None and "SN06" in rules:
            yield from _syntax(snippet)


def _syntax(snippet: Snippet) -> Iterator[Problem]:
    try:
        compile(snippet.code, snippet.path, "exec")
    except (SyntaxError, ValueError) as error:
        row = getattr(error, "lineno", None) or 1
        what = f"raises {type(error).__name__}: {getattr(error, 'msg', error)}"
        line = snippet.line + row - 1
        yield Problem(snippet.path, line, "SN06", what, RULES["SN06"].fix)


def _runnable(page: Page, found: list[Problem]) -> list[Snippet]:
    """The snippets that no fault keeps from being run; a lab runs when it is built."""
    if page.kind == "lab":
        return []
    stopped = [p.line for p in found if p.code in STOPPING] + [*page.hidden]
    unlike = [p.line for p in found if p.code == "SN09"]
    return [
        snippet
        for snippet in page.snippets
        if not any(_within(snippet, line) for line in stopped)
        and not any(snippet.line <= line < snippet.code_end for line in unlike)
    ]


def _ended(snippets: list[Snippet], ran: list[Problem]) -> list[Snippet]:
    bad = [p.line for p in ran if p.code not in ("SN07", "SN08")]
    return [s for s in snippets if not any(_within(s, line) for line in bad)]


def unstable(
    snippets: list[Snippet], here: Execution, elsewhere: Execution | None
) -> Iterator[Problem]:
    """Snippets that print something else on another machine, or soon will."""
    for snippet in snippets:
        printed = here.result(snippet).stdout
        try:
            other = printed
            if elsewhere is not None:
                other = elsewhere.result(snippet).stdout
        except Stopped as stopped:
            what = f"{stopped}, on an older CPU or a busy machine"
            fix = "make it smaller: it comes too close to the limit"
            yield Problem(snippet.path, snippet.line, "SN14", what, fix)
            continue
        except RuntimeError as error:
            other = f"RuntimeError: {error}"
        if printed != other:
            row, ours, theirs = difference(printed, other)
            line = snippet.expected_line + row if snippet.expected else snippet.line
            what = f"prints {ours!r} here and {theirs!r} on another CPU or hash seed"
            fix = "print fewer digits, and sort what comes out of a set"
            yield Problem(snippet.path, line, "SN09", what, fix)
        elif snippet.expected != printed:
            rows = printed.splitlines()
            if told := [found for text in rows if (found := fragile(text))]:
                yield Problem(snippet.path, snippet.line, "SN09", *told[0])


def _within(snippet: Snippet, line: int) -> bool:
    return snippet.line - 1 <= line < snippet.end


def _naming(site: Site) -> Iterator[Path]:
    """Every file that may name a picture."""
    ours = site.root / "src" / "neuralblog_site"
    for folder in (site.docs, site.root / "theme", ours):
        for path in folder.rglob("*"):
            if path.suffix in (".md", ".css", ".js", ".html", ".yml", ".py", ".json"):
                yield path
    yield from site.docs.glob(".authors.yml")
    yield site.root / "mkdocs.yml"


def _warns(problem: Problem) -> bool:
    return problem.code in RULES and RULES[problem.code].warns


def run(
    paths: list[Named],
    root: Path,
    run_snippets: bool = True,
    strict: bool = False,
    only_here: bool = False,
    form: str = "text",
) -> int:
    """The command: print every problem and a summary; 1 if there is any.

    What is only not finished is no problem, but for a check that is `strict`. With
    `only_here`, no snippet is run a second time as an older CPU would. The `form` is
    "text", "github" or "json", which is without the summary.
    """
    site = Site(root)
    pages, problems = given(paths, site)
    with contextlib.ExitStack() as running:
        here = running.enter_context(Execution()) if run_snippets else None
        twice = run_snippets and not only_here
        elsewhere = running.enter_context(other_machine()) if twice else None
        report = check(pages, here, elsewhere)
    if not paths:
        problems += check_folder(site)
        if all(problem.code != "FM09" for problem in report.problems):
            problems += addresses.problems(site)  # which follow from the slugs
    report.problems = sorted(report.problems + problems)
    leveled = [
        (problem, "warning" if _warns(problem) and not strict else "error")
        for problem in report.problems
    ]
    if form == "json":
        print(as_json(leveled))
    else:
        for problem, level in leveled:
            print(annotation(problem, level) if form == "github" else problem)
        print(report.summary)
    return int(any(level == "error" for _, level in leveled))
