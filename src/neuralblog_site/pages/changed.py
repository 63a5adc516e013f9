"""A page for those who review a pull request: what it changes, with links into its build."""

from html import escape
from pathlib import Path

from neuralblog_site.project.commit import git
from neuralblog_site.sources.addresses import address_of, published
from neuralblog_site.sources.site import Site

NAME = "changed.html"
HOW = {"A": "new", "D": "taken away", "M": "changed"}
PAGE = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>What this changes</title>
<main>
<h1>What this changes</h1>
{}
<p><a href="index.html">The whole site</a></p>
</main>
</html>
"""


def write(out: Path, site: Site) -> list[str]:
    """Write the page into a built site; give back the pages that it links to."""
    rows, links = [], []
    for how, name in changed(site.root):
        row = f"{how}: <code>{escape(name)}</code>"
        if how != "taken away":
            page = site.page(site.root / name)
            link = f"{address_of(page)}index.html".removeprefix("./")
            if (out / link).is_file():
                row = f'{how}: <a href="{escape(link)}">{escape(page.title)}</a>'
                links.append(link)
            else:
                row += " (not in this build: a draft?)"
        rows.append(f"<li>{row}</li>")
    found = "\n".join(["<ul>", *rows, "</ul>"]) if rows else "<p>No page.</p>"
    (out / NAME).write_text(PAGE.format(found), encoding="utf-8")
    return links


def changed(root: Path) -> list[tuple[str, str]]:
    """Every page that is not as it is published: how it differs, and its file."""
    told = git(root, "diff", "--no-renames", "--name-status", "-z", published(root))
    pairs = told.rstrip("\0").split("\0")
    files = zip(pairs[::2], pairs[1::2], strict=False)
    return [
        (HOW.get(letter, "changed"), name)
        for letter, name in files
        if name.startswith("docs/") and name.endswith(".md")
    ]
