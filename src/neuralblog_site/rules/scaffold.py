"""`neuralblog-site new "Title"`: a post to start from, green at once.

The post is `scaffold.md.txt`, which stands next to this file; its comments teach.
"""

import datetime
import re
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

from neuralblog_site.rules.front_matter import TAKEN
from neuralblog_site.rules.unfinished import MARK
from neuralblog_site.sources import addresses
from neuralblog_site.sources.site import Site

TEMPLATE = Path(__file__).with_name("scaffold.md.txt")


def slug_of(title: str) -> str:
    """The end of an address, from a title in any language that has Latin letters."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.lower().replace("'", ""))
    return "-".join(words)[:60].strip("-")


def free(slug: str, site: Site) -> str:
    """The slug, with a number if a page has it already. Raises ValueError if a post has."""
    post = site.docs / "posts" / f"{slug}.md"
    if post.exists():
        name = post.relative_to(site.root).as_posix()
        raise ValueError(f"{name} exists already: edit it, or give another title")
    taken = {*TAKEN, *(page.slug for page in site.pages())}
    numbered = (f"{slug}-{n}" for n in range(2, 1000))
    return slug if slug not in taken else next(s for s in numbered if s not in taken)


def add_author(name: str, site: Site) -> str:
    """The author's key in docs/.authors.yml, which is entered if it is not there."""
    key = slug_of(name)
    if name in site.authors or key in site.authors:
        return name if name in site.authors else key
    path = site.docs / ".authors.yml"
    entry = (
        f"  {key}:\n    name: {in_quotes(name)}\n"
        "    description: writes here\n    avatar: assets/images/mark.svg\n"
    )
    text = path.read_text(encoding="utf-8").rstrip()
    path.write_text(f"{text}\n{entry}", encoding="utf-8")
    return key


def write(title: str, author: str, site: Site) -> Path:
    """Write the post and give its path. Raises ValueError if the title gives no name."""
    title = " ".join(title.split())
    slug = slug_of(title)
    if not slug:
        raise ValueError("the title needs a letter from a to z, for the address")
    slug = free(slug, site)
    text = TEMPLATE.read_text(encoding="utf-8")
    values = {
        "DATE": datetime.date.today().isoformat(),
        "AUTHOR": add_author(author, site),
        "SLUG": slug,
        "TITLE": title,
    }
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    return publish(slug, text, site)


def publish(slug: str, text: str, site: Site) -> Path:
    """Write a new post, enter its address, and give its path."""
    path = site.docs / "posts" / f"{slug}.md"
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)
    addresses.enter(Site(site.root))
    return path


def run(write: Callable[[str, Site], Path], author: str | None, root: Path) -> int:
    """The command: ask for what is missing, write the post, say what comes next."""
    try:
        if not author:
            if not sys.stdin.isatty():
                raise ValueError('say who writes: --author "Your Name"')
            author = input("Your name, as it shall stand on the page: ")
        if not slug_of(author):
            raise ValueError("the author needs a name with a letter from a to z")
        path = write(author, Site(root))
    except (ValueError, OSError, EOFError) as error:
        print(f"No post was written: {error}")
        return 1
    name = path.relative_to(root).as_posix()
    count = path.read_text(encoding="utf-8").count(f"<!-- {MARK}")
    left = f"{count} comments in it begin with `{MARK}` and say what to do."
    print(f"Wrote {name}. {left if count else 'Edit it, and then:'}")
    print(f"  neuralblog-site update {name}   writes what the snippets print")
    print(f"  neuralblog-site check {name}    tells what is left to do")
    return 0


def in_quotes(text: str) -> str:
    """The text as YAML has it, whatever is in it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
