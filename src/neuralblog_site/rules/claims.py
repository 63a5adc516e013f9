"""The rule on what holds the claims of a post up. What a claim is, `sources/claims.py` says."""

from collections.abc import Iterator

from neuralblog_site.rules import Finding, rule
from neuralblog_site.sources.claims import claims
from neuralblog_site.sources.page import Page

NAME = "checks/claims.txt"


@rule(
    "CL01",
    "a number, a year or somebody's deed that is neither measured nor cited",
    "print or assert it in a snippet near it, cite a source in the paragraph, or leave it out",
    ("post",),
)
def supported(page: Page) -> Iterator[Finding]:
    """What nobody can look up may be wrong for ever.

    A number is measured where the page's output, asserts or code hold it; cited is what has
    a reference or a link to elsewhere in its paragraph. The ledger lists all of it.
    """
    if page.front.missing:  # its keys would be taken for prose
        return
    found = [claim for claim in claims(page) if not claim.held]
    allowed = _allowed(page)
    if len(found) > allowed:
        more = f": {len(found)} such claims here, {NAME} allows {allowed}"
        more = more if allowed else ""
        for claim in found:
            yield claim.line, f"{claim.said!r} is neither measured nor cited{more}"
    elif len(found) < allowed:
        what = f"{len(found)} claims without support, and {NAME} allows {allowed}"
        fix = (
            f"write `{page.slug} {len(found)}` there" if found else "take its line out"
        )
        yield page.first, what, fix


def _allowed(page: Page) -> int:
    """How many claims of the page nothing holds yet, as it is recorded."""
    counts = dict(row.split() for row in page.site.words("claims"))
    return int(counts.get(page.slug, 0))
