"""Rules on the front matter of a post."""

import datetime
import re
from collections.abc import Collection, Iterator

from neuralblog_site.project.problems import meant
from neuralblog_site.rules import Finding, rule
from neuralblog_site.sources.front_matter import Key
from neuralblog_site.sources.page import Page

POSTS = ("post",)
KEYS = ("date", "authors", "slug", "categories", "tags", "description", "draft")
MARKUP = r"</?[a-zA-Z!][^>]*>|\$[^$]*\$|\\[a-zA-Z(\[]+|`|\*\*|\*\w|\]\(|&\w+;|\n.|https?://|\{\{|:[a-z]\w+:"
YES = ("true", "yes", "on", "y", "1")
TAKEN = ("archive", "assets", "author", "category", "search", "tags", "labs")
BEGINNING = datetime.date(2026, 11, 1)  # of the project


def nearest(name: object, known: Collection[str]) -> str:
    """How to mend a name that is not known."""
    return meant(name, known, f"known are: {', '.join(known)}")


@rule(
    "FM01",
    "no front matter, or not closed",
    "put it between two `---` lines, the first on line 1",
    POSTS,
)
def present(page: Page) -> Iterator[Finding]:
    """Without it the post has no date and no address, and shows the keys as text."""
    if page.front.missing:
        yield 1, page.front.missing
    elif not page.front.keys and not page.front.broken:
        yield 1, "nothing in the front matter", f"write {', '.join(KEYS[:-1])}"


@rule(
    "FM02",
    "the front matter is not YAML",
    "quote values that hold `: ` or `#`, and indent with spaces",
)
def readable(page: Page) -> Iterator[Finding]:
    """Builders take a broken front matter for text, in silence."""
    if page.front.broken:
        yield page.front.fault_line, page.front.broken


def _missing(page: Page, name: str) -> Iterator[Finding]:
    """Tells that a key is missing; one that is misspelled is told by FM03."""
    given = [key.name for key in page.front.keys]
    misspelled = f"did you mean `{name}`?" in {nearest(key, KEYS) for key in given}
    if given and name not in given and not misspelled:
        yield 1, f"no {name}"


@rule("FM03", "unknown, misspelled or repeated key", "use a key of the list", POSTS)
def known_keys(page: Page) -> Iterator[Finding]:
    """A misspelled key is ignored, in silence: a draft is published."""
    seen = set()
    for key in page.front.keys:
        if key.name not in KEYS:
            yield key.line, f"unknown key `{key.name}`", nearest(key.name, KEYS)
        elif key.name in seen:
            yield key.line, f"`{key.name}` is given twice", "keep one"
        seen.add(key.name)


@rule(
    "FM04", "no date, or not in the form YYYY-MM-DD", "write `date: YYYY-MM-DD`", POSTS
)
def dated(page: Page) -> Iterator[Finding]:
    """It orders the posts; other forms are read differently elsewhere."""
    yield from _missing(page, "date")
    key = page.front.get("date")
    if key is not None and _date(key) is None:
        yield key.line, f"{key.value!r} is not a date"


@rule(
    "FM05",
    "a date in the future, or before the project began",
    "write the day on which the post appears",
    POSTS,
)
def plausible_date(page: Page) -> Iterator[Finding]:
    """A future date is a typing error; the feed would keep the post on top."""
    key = page.front.get("date")
    day = _date(key) if key else None
    east = datetime.timezone(datetime.timedelta(hours=14))  # the first to see a new day
    if key and day and day > datetime.datetime.now(east).date():
        yield key.line, f"{day} is in the future"
    elif key and day and day < BEGINNING:
        yield key.line, f"{day} is before the project began"


@rule(
    "FM06",
    "no authors, not a list, or unknown",
    "write `authors: [name]`, and add the name to docs/.authors.yml",
    POSTS,
)
def known_authors(page: Page) -> Iterator[Finding]:
    """Whoever writes gets the credit."""
    yield from _missing(page, "authors")
    key = page.front.get("authors")
    if key is None:
        return
    if not isinstance(key.value, list) or not key.value:
        yield key.line, "authors is not a list"
    else:
        for at, name in enumerate(key.value):
            if name in key.value[:at]:
                yield key.line, f"the author {name!r} stands twice", "keep one"
            elif name not in page.site.authors:
                known = ", ".join(page.site.authors)
                fix = f"add yourself to docs/.authors.yml (there now: {known})"
                yield key.line, f"unknown author {name!r}", fix


@rule("FM07", "unknown category or tag", "use a known one", POSTS)
def known_labels(page: Page) -> Iterator[Finding]:
    """A new spelling makes a second list with one post in it."""
    yield from _missing(page, "categories")
    allowed = {"categories": page.site.categories, "tags": page.site.words("tags")}
    for name, known in allowed.items():
        key = page.front.get(name)
        if key is None:
            continue
        if not isinstance(key.value, list):
            yield key.line, f"{name} is not a list", f"write `{name}: [one, two]`"
            continue
        if not key.value and name == "categories":
            fix = f"write `categories: [{', '.join(known)}]`"
            yield key.line, "no category: no list would show the post", fix
        for at, label in enumerate(key.value):
            if label in key.value[:at]:
                yield key.line, f"{name}: {label!r} stands twice", "keep one"
            elif label not in known:
                place = "checks/tags.txt" if name == "tags" else "mkdocs.yml"
                fix = f"{nearest(label, known)} (new ones go into {place})"
                yield key.line, f"{name}: {label!r} is unknown", fix


@rule(
    "FM08",
    "no description, or not 50 to 160 characters",
    "say in one sentence what the reader learns",
    POSTS,
)
def described(page: Page) -> Iterator[Finding]:
    """Search engines, cards and the feed show it; longer ones are cut off."""
    yield from _missing(page, "description")
    key = page.front.get("description")
    if key is not None and not isinstance(key.value, str):
        yield key.line, "the description is no text", "write one sentence"
    elif key is not None and (found := re.search(MARKUP, key.value)):
        fix = "write plain words: it stands where nothing is rendered"
        yield key.line, f"markup in the description: {found[0]!r}", fix
    elif key is not None and not 50 <= (length := len(key.value)) <= 160:
        yield key.line, f"the description has {length} characters, not 50 to 160"


@rule(
    "FM09",
    "no slug, an unsafe one, or one that is taken",
    "write `slug:` with the file's name without .md",
    POSTS,
)
def own_slug(page: Page) -> Iterator[Finding]:
    """Two posts with one slug become one page: the other disappears, in silence."""
    yield from _missing(page, "slug")
    key = page.front.get("slug")
    if key is None:
        return
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", str(key.value)):
        yield key.line, f"the slug {key.value!r} has more than a-z, 0-9 and single `-`"
        return
    taken = dict(_addresses(page)).get(str(key.value))
    if taken:
        yield key.line, f"the slug `{key.value}` is taken by {taken}", "choose another"
    elif key.value != page.path.stem:
        what = f"the slug `{key.value}` is not the file's name, `{page.path.stem}`"
        yield key.line, what


@rule(
    "FM10",
    "a draft, or one that is neither true nor false",
    "take `draft: true` away when the post is ready",
    POSTS,
)
def published(page: Page) -> Iterator[Finding]:
    """A draft that is merged is published nowhere, and nobody is told."""
    key = page.front.get("draft")
    if key and not re.match(r"draft: (true|false)( *#.*)?$", page.lines[key.line - 1]):
        meant = "true" if str(key.value).lower() in YES else "false"
        fix = f"write `draft: {meant}`, or take the line away"
        yield key.line, f"`draft: {key.value}` is neither true nor false", fix
    elif key and page.draft:
        yield key.line, "the post is still a draft"


def _date(key: Key) -> datetime.date | None:
    text = str(key.value)
    try:
        return datetime.date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _addresses(page: Page) -> Iterator[tuple[str, str]]:
    """Every address that is taken, with what takes it.

    A post that is named after its slug keeps it against other posts.
    """
    if page.slug != page.path.stem:
        for other in page.site.pages():
            if other.kind == "post" and other.path.resolve() != page.path.resolve():
                yield other.slug, other.name
    yield from page.site.places.items()
    for name in TAKEN:
        yield name, "the site itself"
