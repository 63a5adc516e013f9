"""Rules on what other blog engines read, and this site would show as text."""

import re
from collections.abc import Iterator

from neuralblog_site.rules import Finding, rule
from neuralblog_site.sources.page import Page

PAGES = ("post", "lab", "page")
BOX = 'write `!!! note "Title"`, with the text below it indented by four spaces'
SNIPPET = "show the code as a ```python snippet, which is run"
KINDS = [  # what is written in a line of prose, what it is, and the cure
    (r"\{%-? *(highlight|code(block)?|prism)\b[^%]*%\}", "a Liquid code block", SNIPPET),
    (r"\{%-? *(include_relative|include|render|youtube|gist|embed)\b.*?%\}",
     "a Liquid include", "write out what it includes, or link to it"),
    (r"\{%-? *(post_url|link)\b.*?%\}", "a Liquid link",
     "link to the Markdown file, relative to this one"),
    (r"\{%-? *(raw|comment)\b.*?%\}", "a Liquid block", "delete the marks around it"),
    (r"\{%.*?%\}", "a Liquid tag", "write what it stands for"),
    (r"\{\{[<%] *(relref|ref)\b.*?[>%]\}\}", "a Hugo link",
     "link to the Markdown file, relative to this one"),
    (r"\{\{[<%] *(figure|img|image)\b.*?[>%]\}\}", "a Hugo figure",
     "write `![what is seen](../assets/images/NAME)`"),
    (r"\{\{[<%] *highlight\b.*?[>%]\}\}", "a Hugo code block", SNIPPET),
    (r"\{\{[<%] *(notice|note|tip|warning|info|admonition|alert|callout|hint)\b.*?[>%]\}\}",
     "a Hugo box", BOX),
    (r"\{\{[<%].*?[>%]\}\}", "a Hugo shortcode", "write what it stands for"),
    (r"(?<=\]\()\{\{.*?\}\}", "a variable in an address",
     "write a path relative to this file"),
    (r"<%.*?%>|\{#-? .*? -?#\}", "a tag of a template", "write what it stands for"),
    (r"\\(cite\w*|(eq|page|auto)?ref|label|newpage|pagebreak|tableofcontents|footnote|emph"
     r"|text(bf|it|tt)|(sub)*section|item|url|href|noindent)\b(\{.*?\})?",
     "a command of LaTeX", "write it in Markdown"),
    (r"(?<![\w.@])@(fig|tbl|eq|sec|lst)-[\w-]+", "a reference of Quarto",
     "name it in words, or link to its heading"),
    (r"(?<=\w)~\w{1,8}~|(?<=\w)\^\w{1,8}\^", "a raised or a lowered word",
     "write `<sub>` or `<sup>`, or a formula"),
    (r"\{\{.*?\}\}", "a variable of a template", "write what it stands for"),
    (r"^ *>+ *\[!\w+\].*", "an alert of GitHub or Obsidian", BOX),
    (r"^ *> *\*\*(Note|Warning|Tip|Important|Caution)s?:?\*\*:? *$", "a box in a quotation",
     BOX),
    (r"^ *:::+ *(\{|\.?[a-z][\w-]*\b(?![.\w])|$).*", "a box in colons", BOX),
    (r"\{:: *\w.*?\}|\{: *toc *\}|\{: *\.no_toc *\}", "an option of kramdown",
     "delete it: the page has its contents already"),
    (r"\{:? *[^{}\n]*(?<![^{:\s])\.(?!nb-)[A-Za-z][\w-]*[^{}\n]*\}", "a class in braces",
     "delete it: the site has no such class"),
    (r"^ *\[(TOC|\[_?TOC_?\]|\[toc\])\] *$|^ *\[toc\] *$", "a table of contents",
     "delete it: the page has its contents already"),
    (r"!\[\[.*?\]\]", "an embedded file", "write `![what is seen](../assets/images/NAME)`"),
    (r"(?<!\[)\[\[[^\[\]]+\]\]", "a wiki link",
     "write `[words](file.md)`, with the path relative to this file"),
    (r"\[(-?@[\w:.+/-]+[^\]]*|[^\]@\[]*\s@[\w:.+/-]+[^\]]*)\](?![(\[])", "a citation key",
     "write a footnote `[^key]`, and `[^key]: Author. Title. Year.` below"),
    (r"^ *;?-{1,2}8<-{1,2}.*", "a snippet of pymdownx", "write out what it includes"),
    (r"^ *\.\. [a-z-]+::.*", "a directive of reStructuredText",
     "write it in Markdown: a box is `!!! note`, a picture `![...](...)`"),
    (r"^ *(import +.+ +from +['\"]|export +(const|default)\b).*", "an import of MDX",
     "delete it: a post is Markdown alone"),
    (r"\{/\*.*?\*/\}|^ *%%.*%% *$", "a comment of another engine",
     "write `<!-- ... -->`, or delete it"),
    (r"\[/?(caption|gallery|embed|sourcecode|latex|code)\b[^\]]*\](?!\()",
     "a shortcode of WordPress", "write it in Markdown"),
    (r"~~\S.*?~~|(?<![=\w])==[^\s=][^=]*==(?![=\w])|\{(\+\+|--|~~).*?\}|"
     r"(?<!\w)\+\+[a-z]+(\+[a-z]+)*\+\+", "a mark that this site does not know",
     "say it in words; for a key write `<kbd>`, for marked text `<mark>`"),
    (r"(?<![\^\[])\^\[[^\]]+\](?!\()", "a footnote in its line",
     "write `[^name]`, and `[^name]: the note` below"),
    (r"(?<![\w:/`]):(?:[a-z]|[+-]\d)[a-z0-9_+-]*:(?![\w:/])", "a short name of an emoji or a role",
     "type the character, or say it in words"),
]  # fmt: skip
OPENING = re.compile(r"^ *(\{%|\{\{[<%]|:::|\[\w)")
CLOSING = re.compile(
    r"\{%-? *(end\w*|els\w+)\b.*?%\}|\{\{[<%] */.*?[>%]\}\}|\[/\w+\]|^ *:::+ *$"
)
COMMENTS = (
    r"wp:|/wp:|truncate$|excerpt$|toc$|tocstop$|markdownlint|prettier|more-|adsense"
)


@rule(
    "PT01",
    "a mark of another blog engine",
    "write it in Markdown, as docs/style-guide.md shows",
    PAGES,
)
def written_for_this_site(page: Page) -> Iterator[Finding]:
    """Liquid, shortcodes, alerts, wiki links and the like would be shown as text.

    `neuralblog-site import FILE` converts many of them. In code they are left alone.
    """
    opened = False
    for number, row in enumerate(page.prose, 1):
        found = leftover(CLOSING.sub("", row) if opened else row)
        if found:
            shown, what, fix = found
            opened = opened or bool(OPENING.match(shown))
            yield number, f"{what}: {shown.strip()!r}", fix
    for line, said in page.comments:
        if re.match(COMMENTS, said.strip(), re.IGNORECASE):
            what = f"a comment for another engine: {said.strip()[:40]!r}"
            yield line, what, "delete it"


def leftover(row: str) -> tuple[str, str, str] | None:
    """The first mark of another engine in a line: what is shown, what it is, the cure."""
    for pattern, what, fix in KINDS:
        if found := re.search(pattern, row):
            return found[0], what, fix
    return None


def enclosed(page: Page, line: int) -> int:
    """The last line of what a mark in this line opens; the line itself if nothing."""
    last = line
    if OPENING.match(page.prose[line - 1]):
        for number, row in enumerate(page.prose[line:], line + 1):
            if CLOSING.search(row):
                last = number
            elif leftover(row):
                break
    return last
