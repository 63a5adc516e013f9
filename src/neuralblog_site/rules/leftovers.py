"""Rules on what other blog engines read, and this site would show as text."""

import re
from collections.abc import Iterator

from neuralblog_site.rules import Finding, rule
from neuralblog_site.sources.page import Page

PAGES = ("post", "lab", "page")
BOX = 'write `!!! note "Title"`, with the text below it indented by four spaces'
SNIPPET = "show the code as a ```python snippet, which is run"
PLAIN = "write it in Markdown"
IN_CODE = [  # what is written around code in a line, which a rule does not read
    (r"(?<!\{)\{(?:[a-z-]+|py:[a-z]+)\}`[^`\n]+`|:[a-z]+:`[^`\n]+`", "a role of MyST or Sphinx",
     "write a formula, a link, or the words alone"),
    (r"(?<![_`\w])`[^`\n]+`__?(?![\w`])", "a link of reStructuredText",
     "write `[words](address)`"),
    (r"\$`[^`\n]+`\$", "a formula of GitHub", "write it between `$` alone"),
    (r"`[^`\n]+`\{=\w+\}", "raw text of Pandoc", PLAIN),
    (r"`r (?!=)[^`\n]+`", "an expression of R Markdown", "write what it gives"),
]  # fmt: skip
KINDS = [  # what is written in a line of prose, what it is, and the cure
    (r"\{%-? *(highlight|code(block)?|prism)\b[^%]*%\}", "a Liquid code block", SNIPPET),
    (r"\{%-? *(include_relative|include|render|youtube|gist|embed)\b.*?%\}",
     "a Liquid include", "write out what it includes, or link to it"),
    (r"\{%-? *(post_url|link)\b.*?%\}", "a Liquid link",
     "link to the Markdown file, relative to this one"),
    (r"\{%-? *(raw|comment)\b.*?%\}", "a Liquid block", "delete the marks around it"),
    (r"\{%-? *(end\w+|els\w+)\b.*?%\}|\{\{[<%] */.*?[>%]\}\}", "the end of a template's block",
     "delete it, with what opens it"),
    (r"\{%.*?%\}", "a Liquid tag", "write what it stands for"),
    (r"\{[{%](?!.*[%}]\}).*", "a tag of a template, over several lines",
     "write what it stands for"),
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
    (r"\\@?(cite\w*|(eq|page|auto)?ref|label|newpage|(page|line)break|clearpage|footnote|emph"
     r"|text(bf|it|tt|sc)|(sub)*section|chapter|paragraph|item|url|href|noindent|caption"
     r"|includegraphics|centering|bf|it|tt|em|[hv]space|maketitle|tableofcontents"
     r"|bibliography\w*|usepackage|documentclass|input|underline|LaTeX|TeX|[lc]?dots)\b"
     r"(\{.*?\}|\(.*?\))?|(?<!`)``[^`\n]+''|(?<=[a-z.])~(?=\d)",
     "a command of LaTeX", PLAIN),
    (r"^%+ +\S.*", "a comment of LaTeX or MyST", "write `<!-- ... -->`, or delete it"),
    (r"(?<![\w.@])@(fig|tbl|eq|sec|lst)-[\w-]+", "a reference of Quarto",
     "name it in words, or link to its heading"),
    (r"(?<![\w.@/])@[A-Za-z]+\d{4}\w*|^ *\(@\w*\)", "a citation key",
     "write a footnote `[^key]`, and `[^key]: Author. Title. Year.` below"),
    (r"(?<![\w.@/])@(include|import)\b.*|^ *<<<(?!<) *[@.\w/].*|!!!include\(.*?\)!!!"
     r"|(?<!\w)include::.*", "an include", "write out what it includes, or link to it"),
    (r"@\[\w+\](\([^)]*\))?|^ *::[a-z][\w-]*[\[{].*", "an embedded piece", PLAIN),
    (r"\{@\w+ [^{}\n]*\}", "a mark of JSDoc", "link to it, or name it in backticks"),
    (r"(?<![\w.@/])@[A-Za-z][\w-]{2,}@?(?![\w/])(?![^\[\]\n]*\]\()", "a mention of GitHub",
     "write the name, and link to where it leads"),
    (r"(?<=\w)~\w{1,8}~|(?<=\w)\^\w{1,8}\^", "a raised or a lowered word",
     "write `<sub>` or `<sup>`, or a formula"),
    (r"\{\{.*?\}\}", "a variable of a template", "write what it stands for"),
    (r"^[ >*+-]*> *\[!\w+\].*", "an alert of GitHub or Obsidian", BOX),
    (r"^ *> *\*\*(Note|Warning|Tip|Important|Caution)s?:?\*\*:? *$", "a box in a quotation",
     BOX),
    (r"^ *:::+ *(\{|\.?[a-z][\w-]*\b(?![.\w])|$).*", "a box in colons", BOX),
    (r"\{: *toc *\}|\{: *\.no_toc *\}", "an option of kramdown",
     "delete it: the page has its contents already"),
    (r"\{:: *\w.*?\}|\{:/ *\w*\}", "an option of kramdown", "delete it"),
    (r"\{:? *[^{}\n]*(?<![^{:\s])\.(?!nb-)[A-Za-z][\w-]*[^{}\n]*\}", "a class in braces",
     "delete it: the site has no such class"),
    (r"^ *\[(TOC|\[_?TOC_?\]|\[toc\])\] *$|^ *\[toc\] *$", "a table of contents",
     "delete it: the page has its contents already"),
    (r"\[\[[^\[\]]+\]\[[^\[\]]+\]\]", "a link of Org", "write `[words](address)`"),
    (r"^ *\[(source|NOTE|TIP|IMPORTANT|WARNING|CAUTION|quote|verse|stem|listing|cols=)\b[^\]]*\] *$"
     r"|^ *={1,6} +[^\s\"].*|^ *[|,:!]={3,} *$|^// +\S.*", "a mark of AsciiDoc", PLAIN),
    (r"(?<!\w)(image|xref|link|stem|latexmath|asciimath|ifn?def|endif|footnote|kbd|btn|menu"
     r"|icon|video|toc|pass|anchor|bibitem):{1,2}[^\s\[\]]*\[[^\]]*\](?!\()",
     "a macro of AsciiDoc", PLAIN),
    (r"https?://[^\s\[\]()<>]+\[[^\]]*\](?!\()", "a link of AsciiDoc",
     "write `[words](address)`"),
    (r"^ *#\+\w+.*", "a keyword of Org", PLAIN),
    (r"!\[(png|svg|jpe?g)\]\([^)]*\)|\[?<(\w+\.)*\w+( object)? at 0x\w+>\]?|<(\w+\.)+\w+ object>"
     r"|<Figure size [^>]*>|^ *(In|Out) ?\[[\d ]*\]:.*|^ *%{1,2}[a-z_]+(?= |$).*",
     "what a notebook wrote", SNIPPET + ", and `update` writes what it prints"),
    (r"(?<=\]\()\S+ =\d*x\d*(?=\))|!\[[^\]]*\|\d+(x\d+)?\]", "a size of a picture",
     "delete it: a picture is as wide as it needs"),
    (r"\{(props|frontMatter|metadata|useBaseUrl|require)\b[^{}]*\}|^ *<>|</>", "an expression of MDX",
     "write what it shows"),
    (r"!\[\[.*?\]\]", "an embedded file", "write `![what is seen](../assets/images/NAME)`"),
    (r"(?<!\[)\[\[[^\[\]]+\]\]", "a wiki link",
     "write `[words](file.md)`, with the path relative to this file"),
    (r"\[(-?@[\w:.+/-]+[^\]]*|[^\]@\[]*\s@[\w:.+/-]+[^\]]*)\](?![(\[])", "a citation key",
     "write a footnote `[^key]`, and `[^key]: Author. Title. Year.` below"),
    (r"^ *;?-{1,2}8<-{1,2}.*", "a snippet of pymdownx", "write out what it includes"),
    (r"^ *\.\. ([a-z-]+::|_[\w-]+:|\[).*|^.*(?<![:\w])::$|^.*\w::$", "a directive of reStructuredText",
     "write it in Markdown: a box is `!!! note`, a picture `![...](...)`"),
    (r"^ *(import +.+ +from +['\"]|export +(const|default)\b).*", "an import of MDX",
     "delete it: a post is Markdown alone"),
    (r"\{/\*.*?\*/\}|%%[^%\n]*%%|^ *%% *$", "a comment of another engine",
     "write `<!-- ... -->`, or delete it"),
    (r"\[/?(caption|gallery|embed|sourcecode|latex|code|youtube|contact-form)\b[^\]]*\](?!\()",
     "a shortcode of WordPress", PLAIN),
    (r"\[[a-z_-]+( [a-z-]+=[\"'][^\]\"']*[\"'])+ */?\](?![(\[:])|\[([a-z]+)(=[^\]]*)?\][^\[]*\[/\2\]",
     "a mark of BBCode or WordPress", PLAIN),
    (r"^ *(h[1-6]|bq|fn\d)\. +\S.*|!\S+\.(png|jpe?g|gif|svg)!|(?<![\w'])'{2,5}\w[^'\n]*'{2,5}(?!')",
     "a mark of Textile or of a wiki", PLAIN),
    (r"^ *\(([\w-]+)\)= *$|^ *\+\+\+ *(\{.*\})? *$|^ *-{2,}( +-{2,})+ *$|^ *\+[-=]{2,}\+.*"
     r"|^\| +[^|]*$|\[[^\[\]]+\]\{#[\w-]+\}", "a mark of MyST or Pandoc", PLAIN),
    (r"^\?\??$|(?<=\w[?.!])::(?=\w).*", "a card to learn by heart", "write it in sentences"),
    (r"(?<=\w[.!?:] )\^[\w-]+ *$|^ *[\w-]+:: .*|^ *\(\([\w-]+\)\) *$|^ *- \[[/<>?!*-]\] ",
     "a mark of Obsidian or Logseq", "delete it"),
    (r"^\W*(Posted (by|in|on)\b|Filed under\b|Last (updated|modified)\b|Tags?: |Tagged\b|Categor(y|ies): "
     r"|Share (this|on)\b|(Subscribe|Sign up) (to|for) |Leave a (comment|reply)\b|Continue reading\b"
     r"|Originally (published|posted|appeared)\b|Thanks for reading\b|Jump to( navigation)?:|Read(ing)? time\b|\d+ min(ute)?s? read\b|Like this:|Related posts?:? *$|Advertisement *$).*"
     r"|^\W*\[\W*(?i:(prev(ious)?|next|older|newer)( (post|page|part|chapter))?|(back )?to (the )?top)\W*\]\([^)]*\)"
     r"(\W*\[[^\]]*\]\([^)]*\))?\W*$",
     "what another blog writes around a post", "delete it: this site has its own"),
    (r"(?<=[^{:\s] )#(?![0-9a-fA-F]{3,8}\b)[A-Za-z][\w/-]+(?![^{}]*\})|^#[A-Za-z][\w/-]*( +#[A-Za-z][\w/-]*)+ *$",
     "a tag in the text", "write it into `tags:` of the front matter, or `\\#`"),
    (r"~~\S.*?~~|(?<![=\w])==[^\s=][^=]*==(?![=\w])|\{(\+\+|--|~~).*?\}"
     r"|(?<!\w)\+\+[a-z]+(\+[a-z]+)*\+\+|(?<![\w~/.])~[A-Za-z][^~\n]*(?<=\w)~(?![\w~])"
     r"|(?<![\w+])\+[a-z]\w*\+(?![\w+])|(?<![=\w])=[a-z][\w.]*=(?![=\w])", "a mark that this site does not know",
     "say it in words; for a key write `<kbd>`, for marked text `<mark>`"),
    (r"(?<![\^\[])\^\[[^\]]+\](?!\()", "a footnote in its line",
     "write `[^name]`, and `[^name]: the note` below"),
    (r"(?<![\w:/`]):(?:[a-z]|[+-]\d)[a-z0-9_+-]*:(?![\w:/])", "a short name of an emoji or a role",
     "type the character, or say it in words"),
]  # fmt: skip
OPENING = re.compile(
    r"^ *(\{%|\{\{[<%]|:::|;?-{1,2}8<-{1,2} *$|\[\w|\{::|#\+(BEGIN|begin)|%% *$|[|,:!]={3,} *$|\| +[^|]*$|\+[-=]{2,}\+)"
)
CLOSING = re.compile(
    r"\{%-? *(end\w*|els\w+)\b.*?%\}|\{\{[<%] */.*?[>%]\}\}|\[/\w+\]|^ *:::+ *$"
    r"|\{:/ *\w*\}|^ *;?-{1,2}8<-{1,2} *$|^ *#\+(END|end).*|^ *%% *$|^ *(-{4,}|={4,}|_{4,}|\+{4,}|[|,:!]={3,}) *$"
    r"|^ *\+[-=]{2,}\+.*|^\| +[^|]*$"
)
COMMENTS = (
    r"wp:|/wp:|truncate$|excerpt$|/?toc$|tocstop$|markdownlint|prettier|more-|adsense"
    r"|nextpage|teaser_end|omit (in|from) toc|(start|end) doctoc|kg-card|startfragment|\[if\b|\{%"
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
        found = leftover(CLOSING.sub("", row) if opened else row) or coded(page, number)
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


def coded(page: Page, number: int) -> tuple[str, str, str] | None:
    """A mark of another engine around code in a line of text."""
    row = re.sub(r"(`{2,}).*?\1", "", page.lines[number - 1])
    if "`" not in row or not page.prose[number - 1].strip():
        return None
    for pattern, what, fix in IN_CODE:
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
            elif OPENING.match(row) and leftover(row):
                break
    return last
