"""The line that installs the library from this site, wherever a reader is given one."""

from neuralblog_site.project.commit import SITE_URL, WHEEL


def in_a_terminal() -> str:
    """With a made-up address where none is set; a script puts the real one in."""
    where = SITE_URL or "https://ADDRESS-OF-THIS-SITE/"
    return f'python -m pip install "neuralblog[plotting] @ {where}{WHEEL}"'


def in_a_notebook(slug: str) -> str:
    """The first cell: it installs what the others import."""
    if SITE_URL:
        return f'%pip install -q "neuralblog[plotting] @ {SITE_URL}{WHEEL}"'
    return f"# The foot of the page {slug} says how to install neuralblog."
