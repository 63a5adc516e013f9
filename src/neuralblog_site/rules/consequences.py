"""One fault gives one line: what only follows from another fault is left out."""

from collections.abc import Iterator

from neuralblog_site.project.problems import Problem
from neuralblog_site.rules.leftovers import enclosed
from neuralblog_site.rules.pictures import around
from neuralblog_site.sources.page import Page

ON_ITS_LINE = {  # a fault, and what follows from it on the same line
    "FM03": {"TX03"},
    "HT01": {"IM01", "IM02", "LK01", "LK03", "LK04", "MD05", "MD09", "SN01"},
    "MD02": {"SN12", "HT03"},
    "MD01": {"TX05"},
    "MD03": {"MD01", "TX05"},
    "MD05": {"LK04"},
    "MD08": {"MA01", "MD06"},
    "SN02": {"SN11", "TX03"},
    "SN05": {"SN29"},
    "SN06": {"SN29"},
    "SN09": {"SN07", "SN29"},
    "SN10": {"SN05", "SN29"},
    "SN11": {"TX03", "HT03"},
    "SN12": {"SN11", "SN29"},
    "SN13": {"SN29"},
    "SN14": {"SN29"},
    "SN15": {"SN05", "SN29"},
    "SN16": {"SN20"},
    "SN17": {"SN05", "SN28", "SN29"},
    "SN28": {"SN05", "SN09", "SN10", "SN14", "SN29"},
    "SN26": {"TX04"},
    "SN31": {"SN29"},
    "SN18": {"SN06", "TX04"},
    "SN22": {"SN06"},
    "TX01": {"SN06"},
    "TX04": {"TX03"},
}
BELOW = {"SN07", "SN08", "SN21"}  # these tell what stands below a snippet
MISREAD = {"SN02", "SN11", "SN12"}  # these keep it from being read


def faults(page: Page, problems: list[Problem]) -> Iterator[Problem]:
    """The problems of a page that follow from no other one."""
    for problem in problems:
        if not any(_follows(page, problem, cause) for cause in problems):
            yield problem


def _follows(page: Page, problem: Problem, cause: Problem) -> bool:
    if cause.code == "SN03":  # below it, text is taken for code and code for text
        below = problem.line >= cause.line or problem.code in {*BELOW, "MD09"}
        return below and problem.code != "SN03"
    if cause.code == "PT01" and problem.code != "PT01":
        return cause.line <= problem.line <= enclosed(page, cause.line)
    if cause.code == "HT01" and problem.code in ON_ITS_LINE["HT01"]:
        return cause.line <= problem.line <= around(page, cause.line)
    if cause.code == "MD04" and problem.code == "SN01":
        rows = page.lines[cause.line : problem.line]
        return bool(rows) and all(r.startswith("    ") or not r.strip() for r in rows)
    if cause.code == "FM01" and problem.code == "MD03":  # its `---` underlines a key
        return page.lines[problem.line - 1].startswith("---")
    if cause.code == "MD06" and problem.code == "MD09":
        rows = page.lines[cause.line - 1 : problem.line]
        return all(row.strip() for row in rows)
    if cause.code in MISREAD and problem.code in BELOW:
        starts = [snippet.line - 1 for snippet in page.snippets]
        ends = starts + [line for line, _, _ in page.headings]
        first, last = sorted((problem.line, cause.line))
        return not any(first < line <= last for line in ends)
    following = ON_ITS_LINE.get(cause.code, set())
    return cause.line == problem.line and problem.code in following
