"""`neuralblog-site import FILE.md`: a post of another blog engine, written as one of ours.

What is certain is converted. What is not stays, in a comment that begins with `import:`
and says what to do; `check` counts them. Nothing else is lost.
"""

import datetime
import html
import re
import tomllib
import unicodedata
from pathlib import Path
from textwrap import dedent, indent
from typing import Any
from urllib.parse import urlsplit

import yaml

from neuralblog_site.rules.front_matter import MARKUP
from neuralblog_site.rules.leftovers import COMMENTS, leftover
from neuralblog_site.rules.lookalikes import FORMULAS, HIDDEN
from neuralblog_site.rules.scaffold import add_author, free, in_quotes, publish, slug_of
from neuralblog_site.rules.text import BOXES, EXCERPT
from neuralblog_site.rules.unfinished import MARK, SCAFFOLD
from neuralblog_site.sources.page import CODE, PYTHON, looks_like_python
from neuralblog_site.sources.site import Site

KINDS = {"danger": "warning", "caution": "warning", "important": "warning"}
KINDS |= {"hint": "tip", "error": "warning", "abstract": "note", "alert": "warning"}
KINDS |= {"question": "note"}  # ours asks the reader, and waits
DRAWN = ("mermaid", "plantuml", "graphviz", "dot")
SHOWING = {  # blocks that were not shown as such
    "dataview": "Obsidian listed notes here: write the list out",
    "mdx-code-block": "MDX was shown here: say or draw what it showed",
}
SHELL = ("sh", "bash", "zsh", "shell", "console", "terminal")
MORE = re.compile(
    r"^ *<!-- *(more|truncate|excerpt|end_excerpt|read ?more) *--> *$", re.I | re.M
)
CODED = re.compile(r"^( *)\ue000(\d+)\ue001$", re.M)  # the sign for a block of code
QUOTES = str.maketrans("“”‘’–−\u00a0", "\"\"''-- ")
FENCE = re.compile(r"^( *)(`{3,}|~{3,}) *(.*?) *$")
OPENED = re.compile(
    r"^ *(\{% *highlight +(\w+).*%\}|\{\{[<%] *highlight +\"?(\w+).*[>%]\}\}"
    r"|\{[{%][<%]? *(mermaid)\b.*\})"
)
CLOSED = re.compile(r"^ *\{[{%][<%]? *(end|/ *)(highlight|mermaid)\b.*\}")
BOXED = re.compile(
    r"^( *)(?::::+ *\{?\.?(?:callout-)?(?P<a>\w+)\}?|\{\{[<%] *(?:notice|alert|callout|admonition)? *\"?"
    r"(?P<b>note|info|tip|warning|danger|caution|important|hint)\"?)[ =\"\[]*(?P<title>[^>%}\"]*?)[ \"\]]*"
    r"(?:[>%]\}\})? *$"
)
ALERT = re.compile(
    r"^( *)> *(?:\[!(\w+)\]([+-]?) *(.*)|\*\*(Note|Warning|Tip|Important|Caution)\*\* *)$"
)
UNBOXED = re.compile(r"^ *(:::+|\{\{[<%] */ *\w+ *[>%]\}\}) *$")
TABS = re.compile(r"^ *\{\{[<%] */?(tabs|columns)\b.*[>%]\}\} *$")
FOLDED = (  # what it says on it, and what is inside
    r"<details[^>]*>\s*<summary>(.*?)</summary>(.*?)</details>",
    r"\{\{[<%] *(?:details|expand|collapse) +(?:\w+=)?[\"']?((?<=\")[^\"]*|(?<=')[^']*|[^\"'>%]*).*?[>%]\}\}(.*?)\{\{[<%] */ *\w+ *[>%]\}\}",
    r"\{% *details +(.*?) *%\}(.*?)\{% *enddetails *%\}",
)
TEMPLATED = re.compile(  # what a template writes around the address of a page
    r"\{\{[<%]? *(?:rel)?ref +|\{% *(?:post_url|link) +|[%>]?\}\}|%\}"
)
ASIDE = r"(?<![\^\[])\^\[([^\[\]]+)\](?!\()"  # a footnote in its line
HTML_MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "cite": "*", "code": "`"}
HTML_MARKS |= {"tt": "`"}

DULL = (  # keys of a front matter that only steer another engine
    "layout|permalink|slug|draft|toc|toc_sticky|math|mathjax|comments|id|lastmod"
    "|sidebar_label|sidebar_position|cssclass"
)
HEADED = (  # which has nothing below it without the list of contents
    r"(?:#+ *(?:Table of )?Contents|(?:Table of )?Contents *\n[-=]+) *\n+"
)


def mark(what: str) -> str:
    """A comment that `check` counts."""
    return f"<!-- {MARK} {' '.join(what.split()).replace('--', '- -')} -->"


def split(text: str) -> tuple[dict[str, Any], str]:
    """The front matter of whatever engine, and the body."""
    for fence, read in (("---", yaml.safe_load), ("+++", tomllib.loads)):
        whole = re.match(
            rf"{re.escape(fence)}\n(.*?)\n{re.escape(fence)} *\n?", text, re.S
        )
        if whole:
            found = read(whole[1])
            return (found if isinstance(found, dict) else {}), text[whole.end() :]
    return {}, text


def converted(text: str, author: str, slug: str, site: Site, credit: str = "") -> str:
    """The whole post, from a post of Jekyll, Hugo, Docusaurus, Obsidian or GitHub."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").lstrip("\ufeff"))
    front, body = split(HIDDEN.sub("", text))
    codes: list[str] = []
    body = _codes(_hidden(_details(body)).expandtabs(4), codes)
    body = _codes(_fenced(_mdx(body)), codes)
    body = _apart(_headed(_boxes(_pieces(body, site)), front))
    title = str(front.pop("title", "")) or _title(body) or slug
    body = re.sub(r"\A\s*# .*\n", "", body).strip("\n")
    if EXCERPT not in body:
        blocks = body.split("\n\n")
        bare = [re.sub(r"<!--.*?-->", "", block, flags=re.S) for block in blocks]
        below = enumerate(zip(bare, [*bare[1:], ""], strict=True), 1)  # not in a box
        said = (n for n, (b, c) in below if re.search(r"\w", b) and c[:1] != " ")
        blocks.insert(next(said, 1), EXCERPT)
        body = "\n\n".join(blocks)
    body = CODED.sub(lambda m: indent(codes[int(m[2])], m[1]), body)
    for number, note in enumerate(re.findall(ASIDE, body), 1):
        body = body.replace(f"^[{note}]", f"[^aside-{number}]", 1)
        body += f"\n\n[^aside-{number}]: {note}"
    for key in re.findall(r"\[\^([\w-]+)\](?!:)", body):
        if (note := f"[^{key}]:") not in body:
            body += f"\n\n{note} TODO: the authors, the title and the year of `{key}`."
    if credit:
        body += f"\n\n*First published at [{_host(credit)}]({credit}).*"
    return f"{_front(front, author, slug, site)}\n# {title}\n\n{_kept(front)}{body}\n"


def _front(front: dict[str, Any], author: str, slug: str, site: Site) -> str:
    """Our front matter; takes out of theirs what it keeps."""
    keys = [key for key in ("description", "summary", "excerpt") if front.get(key)]
    about = " ".join(str(front[keys[0]]).split()) if keys else ""
    fits = 50 <= len(about) <= 160 and not re.search(MARKUP, about)
    if fits:
        del front[keys[0]]
    given = front.get("tags") or []
    given = re.split(r"[,\s]+", given) if isinstance(given, str) else map(str, given)
    known = {tag.lower(): tag for tag in site.words("tags")}
    plain = {tag: re.sub(r"[-_]", " ", tag.lower()) for tag in given}
    tags = list(dict.fromkeys(known[p] for p in plain.values() if p in known))
    if len(tags) == len(plain):
        front.pop("tags", None)
    rows = {
        "date": datetime.date.today().isoformat(),
        "authors": f"[{author}]",
        "slug": slug,
        "categories": "[From neuron to CNN]",
        **({"tags": f"[{', '.join(tags)}]"} if tags else {}),
        "description": _quoted(about) if fits else SCAFFOLD[0],
    }
    inside = "".join(f"{key}: {value}\n" for key, value in rows.items())
    return f"---\n{inside}---\n"


def _kept(front: dict[str, Any]) -> str:
    """A comment with what their front matter said and ours has no place for."""
    said = [f"{k}: {value}" for k, value in front.items() if not re.fullmatch(DULL, k)]
    what = f"the front matter also said {'; '.join(said)}: use what is needed"
    return f"{mark(what)}\n\n" if said else ""


def _fenced(body: str) -> str:
    """Code that is only indented, between two marks; but not in a list or a box."""
    out: list[str] = []
    holds = inside = False  # what is indented here belongs to what stands above it
    rows = [*body.split("\n"), ""]
    for number, row in enumerate(rows):
        code = row.startswith("    ") and "\ue000" not in row
        if not row.strip() and out[-1:] == ["\ue004"]:  # a gap in the code, or its end
            later = (below for below in rows[number:] if below.strip())
            code = next(later, "").startswith("    ")
        if FENCE.match(row):
            inside = not inside
        elif not inside and row.strip() and not row.startswith("    "):
            holds = bool(re.match(r"([-*+]|\d+[.)]|!!!|\?\?\?|===|:|\[\^) *", row))
        if code and not (holds or inside) and out and not out[-1].strip():
            out += ["```", row[4:]]
            inside = holds = True  # until it ends
            out.append("\ue004")
        elif out and out[-1] == "\ue004":
            if code:
                out[-1:] = [row[4:], "\ue004"]
            else:
                out[-1:] = ["```", row]
                inside = holds = False
        else:
            out.append(row)
    return "\n".join(out[:-1])


def _codes(body: str, codes: list[str]) -> str:
    """The body with a sign for each block of code; the list takes the blocks as ours."""
    out: list[str] = []
    inside: list[str] | None = None
    depth, closing, info = "", re.compile(""), ""
    for row in body.split("\n"):
        if inside is not None:
            if closing.match(row):
                sign = f"{depth}\ue000{len(codes)}\ue001"
                codes.append(_code(info, inside))
                out += ["", sign, ""] if out and out[-1].strip() else [sign, ""]
                inside = None
            else:
                inside.append(row.removeprefix(depth))
        elif fence := FENCE.match(row):
            depth, info, inside = fence[1], fence[3], []
            closing = re.compile(rf"^ *{re.escape(fence[2])}[`~]* *$")
        elif opened := OPENED.match(row):
            depth, info, inside = "", opened[2] or opened[3] or opened[4], []
            closing = CLOSED
        else:
            out.append(row)
    if inside is not None:  # never closed
        codes.append(_code(info, inside))
        out.append(f"{depth}\ue000{len(codes) - 1}\ue001")
    return "\n".join(out)


def _code(info: str, rows: list[str]) -> str:
    """A block as ours; what is Python must run here, so that is said above it."""
    name = re.split(r"[\s{},:=]+", info.strip("{ ."))[0].lower()
    text = "\n".join(rows).translate(QUOTES).expandtabs(4)
    above = ""
    if name == "math":
        return f"$$\n{text.strip()}\n$$"
    if name in PYTHON or (name in ("", "text") and looks_like_python(text + "\n")):
        above = "let this code run here: import from neuralblog, print or draw what it shows"
        if ">>> " in text:
            rows = text.split("\n")
            said = [r for r in rows if r and r[:4] not in (">>> ", "... ")]
            text = "\n".join(r[4:] for r in rows if r[:4] in (">>> ", "... "))
            above += f" (it printed: {' / '.join(said)})"
        if orders := re.findall(r"^ *[%!]\w.*\n?", text, re.M):
            text = re.sub(r"^ *[%!]\w.*\n?", "", text, flags=re.M)
            above += f" (left out: {' / '.join(map(str.strip, orders))})"
        name = "python"
    elif name in SHELL:
        name, text = "console", re.sub(r"^(?!\$ |$)", "$ ", text, flags=re.M)
    elif name in ("", "text") and text.startswith("$ "):
        name = "console"
    elif name in SHOWING:
        name, above = "text", SHOWING[name]
    elif name in DRAWN:
        name, above = "text", "this was shown as a drawing: draw it in a snippet"
    elif name not in ("markdown", "yaml", "toml", "json", "html", "css", "bibtex"):
        name = "text"
    parts = [*([mark(above), ""] if above else []), f"```{name}", text, "```"]
    return "\n".join(parts)


def _hidden(body: str) -> str:
    """What was hidden, as a comment; what a notebook wrote around its code, gone."""
    for opened, closed in (
        (r"\{::comment\}", r"\{:/(?:comment)?\}"),
        (r"\{%-? *comment *-?%\}", r"\{%-? *endcomment *-?%\}"),
        (r"\{\{[<%]? */\*", r"\*/ *[%>]?\}\}"),
        (r"\{/\*", r"\*/\}"),
        (r"%%", "%%"),
    ):
        whole = re.compile(rf"{opened}\s*((?:(?!-->|```).)*?)\s*{closed}", re.S)
        body = whole.sub(r"<!-- \1 -->", body)
    body = re.sub(r"^In ?\[[\d ]*\]: *\n", "", body, flags=re.M)
    return re.sub(r"(?<=\S) +\^[a-z][\w-]*$", "", body, flags=re.M)


def _details(body: str) -> str:
    """HTML's folded parts as ours."""

    def fold(match: re.Match[str]) -> str:
        inside = indent(dedent(match[2].strip("\n")), "    ")
        return f'\n??? info "{match[1].strip()}"\n{inside}\n'

    for pattern in FOLDED:
        body = re.sub(pattern, fold, body, flags=re.S)
    return body


def _pieces(body: str, site: Site) -> str:
    """The text, with each mark that can stand within a line as ours."""
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[0])
        return f"\ue002{len(kept) - 1}\ue003"

    for contents in (
        rf"(?:{HEADED})? *(?:[*+-]|1\.) +.*\n\{{:? *toc.*\}}.*",
        rf"(?:{HEADED})? *(?:\[\[?_?TOC_?\]\]?|\{{% *include +toc\b.*%\}})",
        rf"(?:{HEADED}|<!-- *toc *-->\n*)+(?: *[*+-] +\[[^\]]*\]\(#[^)]*\)\n?)+"
        r"(?:<!-- *tocstop *-->)?",
    ):
        body = re.sub(rf"^{contents} *$", "", body, flags=re.M | re.I)
    body = re.sub(r"\$`([^`]+)`\$", r"$\1$", body)
    body = re.sub(r"\{% *(end)?raw *%\}", "", body)
    body = re.sub(r"^ *\{\{[<%] *toc *[>%]\}\} *$", "", body, flags=re.M)
    display = (
        r"\{\{[<%] *(?:katex|math|mathjax)[^>%]*[>%]\}\}(.*?)\{\{[<%] */.*?[>%]\}\}"
    )
    body = re.sub(display, _displayed, body, flags=re.S)
    plain = r"(\{\{[<%] *)(?:callout|notice|alert|admonition)(?: +[\w-]+=\"[^\"]*\")* *([>%]\}\})"
    body = re.sub(plain, r"\1note \2", body)
    body = CODE.sub(keep, body)
    for pattern, made in (
        (r"\\\\\((.+?)\\\\\)|\\\((.+?)\\\)", lambda m: f"${(m[1] or m[2]).strip()}$"),
        (r"\\\\\[(.+?)\\\\\]|\\\[(.+?)\\\]", lambda m: f"\n\n$$\n{(m[1] or m[2]).strip()}\n$$\n\n"),
        (r"(?<=\n)([> ]*)\$\$ *([^$\n]+?) *\$\$ *(?=\n|\Z)|(?<=\n)()\$\$\s*([^$]+?)\s*\$\$ *(?=\n|\Z)",
         lambda m: "\n".join((m[1] or "") + row for row in ("", "$$", *(m[2] or m[4]).split("\n"), "$$", ""))),
        (r"(?<!\n)\$\$(?!\n)([^$\n]+?)\$\$|(?<=\n)\$\$([^$\n]+?)\$\$(?= *[^\s$])",
         lambda m: f"${(m[1] or m[2]).strip()}$"),
        (r"(?<![\\$\w])\$ +([^$\n]*[\\^_=][^$\n]*?) +\$(?!\$)", lambda m: f"${m[1]}$"),
        (r"\\(begin|end)\{(?:align|aligned|eqnarray\*?)\}", lambda m: rf"\{m[1]}{{align*}}"),
        (r"\\begin\{.+?\\end\{", lambda m: m[0].replace(r"\\\\", r"\\")),
        (r"(?<=\w)~(?!~)(\w{1,8})~", r"<sub>\1</sub>"),
        (r"(?<=\w)\^(\w{1,8})\^", r"<sup>\1</sup>"),
    ):  # fmt: skip
        body = re.sub(pattern, made, body, flags=re.S)
    body = re.sub(
        r"\$\$.+?\$\$|\\begin\{.+?\\end\{\w+\*?\}|(?<![\\$])\$(?!\s)[^$\n]+?(?<!\s)\$",
        keep,
        body,
        flags=re.S,
    )
    ends = r"^(?! *[#|])(.*\S)(?: {2,}|\\)\n(?=[\w*(\[\"'<\ue002])"  # a line of its own
    body = re.sub(ends, r"\1<br>\n", body, flags=re.M)
    body = _links(_pictures(_defined(body)), site)
    braces = (
        r"\{(?:: *|(?= *\.))(?![^{}\n]*#)[^{}\n%]*\}"  # kramdown's, without an anchor
    )
    body = re.sub(rf"^[ >]*{braces} *$\n?", "", body, flags=re.M)
    body = re.sub(rf"(?<=\S) ?{braces}", "", body)
    body = re.sub(r"\{:? *(#[\w-]+)[^{}\n]*\}", r"{\1}", body)
    body = _html(body)
    body = re.sub(r"(?<!=)==([^\s=][^=\n]*)==(?!=)", r"<mark>\1</mark>", body)
    if f"<!-- {MARK} MDX" in body:
        shown = r"<!--.*?-->|(?<![\\{$])\{[A-Za-z][\w.]*\}(?!\})"
        value = "a value stood here: write what it shows"
        body = re.sub(
            shown,
            lambda m: m[0] if m[0][0] == "<" else mark(f"{m[0]}, {value}"),
            body,
            flags=re.S,
        )
    keys = r"(?<!\w)\+\+([a-z0-9]+(?:\+[a-z0-9]+)*)\+\+"
    body = re.sub(
        keys, lambda m: "+".join(f"<kbd>{k}</kbd>" for k in m[1].split("+")), body
    )
    body = re.sub(r"\[([^\]@\[\n]*@[\w:-]+[^\]\n]*)\](?!\()", _cited, body)
    body = re.sub(
        r"^ *%%(.*?)%% *$|\{/\*(.*?)\*/\}", r"<!-- \1\2 -->", body, flags=re.M
    )
    body = MORE.sub("\ue004", body).replace("\ue004", EXCERPT, 1).replace("\ue004", "")
    theirs = re.compile(
        rf"<!-- *(?:{COMMENTS.replace('$', ' *(?=-->)')})(?:(?!-->).)*-->\n?",
        re.I | re.S,
    )
    body = theirs.sub("", body)
    rows = body.split("\n")
    body = "\n".join(row if _frames(row) else _marked(row) for row in rows)
    while "\ue002" in body:
        body = re.sub("\ue002(\\d+)\ue003", lambda m: kept[int(m[1])], body)
    cells = re.compile(r"^ *\|.*", re.M)  # in which a bar of a formula would end one
    return cells.sub(lambda row: FORMULAS.sub(_barred, row[0]), body)


def _barred(match: re.Match[str]) -> str:
    """A formula whose bars end no cell of a table."""
    return re.sub(
        r"(?<!\\)\|(\w?)",
        lambda m: r"\vert" + (f" {m[1]}" if m[1] else ""),
        match[0],
    )


def _mdx(body: str) -> str:
    """What a post of MDX imports and exports, as comments; pictures by their own names."""
    taken = r"^import +(\w+) +from +['\"](.+?\.(?:png|jpe?g|gif|svg|webp))['\"]"
    for name, path in re.findall(taken, body, re.M):
        body = body.replace(f"{{{name}}}", f'"{path}"')
    body = re.sub(r"\{require\(['\"](.+?)['\"]\)(?:\.default)?\}", r'"\1"', body)
    named = r"(?:^import +(?:.+ +from +)?['\"].*\n+)+"
    made = r"^export +(?:.*[^(\[{,>\s] *$|(?:.*\n)+?[)}\]]+;? *$)"
    for pattern, what in (
        (named, "MDX took from elsewhere what is named here: delete this"),
        (made, "MDX computed here: write what it shows"),
    ):
        for found in re.finditer(pattern, body, re.M):
            body = body.replace(found[0], f"{mark(f'{what} ({found[0]})')}\n\n")
    return body


def _defined(body: str) -> str:
    """Links by reference as links: what they lead to is looked at where they stand."""
    target = r"<?((?:\{[{%].*?[%}]\}|[^\s<>])+)>?(?: +[\"'(].*)?"
    given = re.compile(rf"^ {{0,3}}\[(?!\^)([^\]\n]+)\]: *{target} *$\n?", re.M)
    found = {name.lower(): where for name, where in given.findall(body)}

    def lead(match: re.Match[str]) -> str:
        where = found.get((match[2] or match[1]).lower())
        return f"[{match[1]}]({where})" if where else match[0]

    body = given.sub("", body)
    return re.sub(r"\[([^\[\]]+)\](?:\[([^\[\]]*)\])?(?![(:\[])", lead, body)


def _displayed(match: re.Match[str]) -> str:
    """A formula between the marks of a shortcode."""
    tex = match[1].strip().strip("$")
    return f"\n\n$$\n{tex}\n$$\n\n" if "\n" in match[1] else f"${tex}$"


def _cited(match: re.Match[str]) -> str:
    """A footnote for each key of a citation, and a mark for what else it said."""
    keys = re.findall(r"@([\w:-]*\w)", match[1])
    said = re.sub(r"-?@[\w:-]*\w|[;,]", " ", match[1]).strip()
    notes = "".join(f"[^{key.replace(':', '-').lower()}]" for key in keys)
    what = f"the citation also said {said!r}: say it in the footnote"
    return f"{notes} {mark(what)}" if said else notes


def _pictures(body: str) -> str:
    """A comment where a picture stood: it is drawn here, or made by the author."""

    def told(source: str, said: str) -> str:
        what = f"a picture stood here, {source} ({said.strip() or 'without a description'})"
        cure = "draw it in a snippet, or put your own into docs/assets/images"
        return mark(f"{what}: {cure}")

    def given(match: re.Match[str]) -> str:
        values = dict(re.findall(r"(\w+)=[\"']([^\"']*)[\"']", match[0]))
        named = re.search(r"[\w./:-]+\.(?:png|jpe?g|gif|svg|webp)", match[0])
        keys = ("alt", "caption", "title", "attr", "attrlink")
        said = ", ".join(values[key] for key in keys if values.get(key))
        source = values.get("src") or values.get("url") or (named or match)[0]
        return told(source, said)

    def shown(match: re.Match[str]) -> str:
        said = filter(None, (match[1], match[3].strip(" '\"")))
        return told(re.sub(r"\{\{.*?\}\}", "", match[2]), ", ".join(said))

    inline = r"!\[([^\]]*)\]\(((?:\{\{.*?\}\}|[^()\s])+)([^)]*)\)"
    body = re.sub(inline, shown, body)
    embedded = r"!\[\[([^\]|]+)\|?([^\]]*)\]\]"
    body = re.sub(embedded, lambda m: told(m[1], m[2]), body)
    shortcode = r"\{\{[<%] *(?:figure|img|image)\b.*?[>%]\}\}|<img\b[^>]*>"
    body = re.sub(shortcode, given, body)
    included = r"\{% *include +[\w/-]*(?:figure|image|img)[\w.-]*.*?%\}"
    return re.sub(included, given, body)


def _links(body: str, site: Site) -> str:
    """Links to pages that are here; the words alone, and a mark, of all others."""
    posts = {path.stem: path for path in sorted((site.docs / "posts").glob("*.md"))}

    def led(words: str, target: str) -> str:
        pictures = " ".join(re.findall(r"<!--.*?-->", words, re.S))
        words = re.sub(r"<!--.*?-->", "", words, flags=re.S).strip()
        if not words or pictures:  # which the link was around
            more = f" - it linked to {target} -->"
            return f"{led(words, target)} {pictures}" if words else pictures[:-4] + more
        target = html.unescape(target)
        plain = TEMPLATED.sub("", target)
        plain = re.sub(r"\{\{ *(?:site\.\w+|[\"']?(?=/))|\| *\w+|[\"']", "", plain)
        plain = plain.strip()
        parts = urlsplit(plain)
        if parts.scheme == "https" or plain.startswith(("#", "mailto:")):
            return f"[{words}]({plain})"
        if parts.scheme == "http":
            said = mark(f"open https:{plain[5:]} once: its address was not encrypted")
            return f"[{words}](https:{plain[5:]}) {said}"
        stem = re.sub(r"^\d{4}-\d\d-\d\d-", "", Path(parts.path.strip("/")).stem)
        stem = stem if stem in posts else slug_of(stem)
        if stem in posts:
            return f"[{words}]({posts[stem].name})"
        return f"{words} {mark(f'this linked to {plain}: link to a page that is here, or not')}"

    plain = r"(?:\{[{%].*?[%}]\}|\([^()\s]*\)|[^()\s])+"
    inline = (
        rf"(?<![!\\])\[([^\]\[\n]+)\]\((?:<([^<>\n]+)>|({plain}))(?: +[\"'][^)]*)?\)"
    )
    body = re.sub(inline, lambda m: led(m[1], m[2] or m[3]), body)
    body = re.sub(r"<a\b[^>]*?href=[\"']([^\"']*)[\"'][^>]*>(.*?)</a>",
                  lambda m: led(m[2], m[1]), body)  # fmt: skip
    here = r"(?<![!\[])\[\[#([^\[\]|^]+)\|?([^\[\]]*)\]\]"
    body = re.sub(here, lambda m: f"[{m[2] or m[1]}](#{slug_of(m[1])})", body)
    wiki = r"(?<![!\[])\[\[([^\[\]|#^]+)([#^][^\[\]|]*)?\|?([^\[\]]*)\]\]"
    body = re.sub(wiki, lambda m: led(m[3] or m[1], slug_of(m[1]) or m[1]), body)
    bare = r"(?<!\]\()(?<![\w\"'=(/-])<?(https?://[^\s<>)\]]+[^\s<>)\].,;:])>?(?![^<\n]*-->)"
    return re.sub(bare, lambda m: led(_host(m[1]), m[1]), body)


def _host(address: str) -> str:
    return re.sub(r"^https?://(www\.)?", "", address).rstrip("/")


def _html(body: str) -> str:
    """HTML as Markdown, where that has a word for it; what runs or loads is marked."""
    loads = r"<(script|iframe|style|video|audio|object|embed|form)\b([^>]*)>(.*?)</\1>"

    def told(match: re.Match[str]) -> str:
        what = f"<{match[1]}{match[2]}> stood here: {match[3]}"
        return mark(f"{what} - say or draw what it showed")

    body = re.sub(loads, told, body, flags=re.S)
    inside = r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}"  # with an arrow, perhaps
    body = re.sub(
        rf"<[A-Z][\w.]*(?<!TabItem)(?<!Tabs)\b(?:{inside}|\"[^\"]*\"|[^<>{{}}\"])*>",
        lambda m: mark(f"{m[0].strip('<>')} stood here - say or draw what it showed"),
        re.sub(r"</(?!TabItem)[A-Z][\w.]*>|</?Tabs\b[^<>]*>", "", body),
    )
    for tag, sign in HTML_MARKS.items():
        body = re.sub(rf"<{tag}>(.+?)</{tag}>", rf"{sign}\1{sign}", body, flags=re.S)
    heading = r"<h([1-6])[^>]*>(.*?)</h\1>"
    body = re.sub(heading, _heading, body, flags=re.S)
    body = re.sub(
        r"</?(p|div|center|figure|figcaption|span|font|u|section)\b[^>]*>", "", body
    )
    cure = "say it in words, or delete it"
    return re.sub(r"~~(\S.*?)~~", lambda m: mark(f"struck out: {m[1]} - {cure}"), body)


def _heading(match: re.Match[str]) -> str:
    """A heading of HTML, and below it what stood in it besides words."""
    words = re.sub(r"<!--.*?-->|<[^>]*>", " ", match[2], flags=re.S).split()
    marks = " ".join(re.findall(r"<!--.*?-->", match[2], re.S))
    return f"\n\n{'#' * int(match[1])} {' '.join(words)}\n\n{marks}\n\n"


def _marked(row: str) -> str:
    """A line in which what no rule converts is a comment that says what to do."""
    for _ in range(20):
        bare = re.sub(rf"<!--.*?-->|{ASIDE}", lambda m: " " * len(m[0]), row)
        found = leftover(bare)
        if found is None or found[0].lstrip().startswith(">"):
            return row
        shown, what, fix = found
        at = bare.index(shown)
        row = f"{row[:at]}{mark(f'{shown} is {what}: {fix}')}{row[at + len(shown) :]}"
    return row


def _box(row: str) -> tuple[str, str] | None:
    """The kind and the title of a box that begins in this line."""
    found = BOXED.match(row)
    kind = found and (found["a"] or found["b"])
    return (kind, found["title"]) if found and kind else None


def _frames(row: str) -> bool:
    """Whether a line is what a box or a tab begins or ends with."""
    return bool(_box(row) or UNBOXED.match(row) or TABS.match(row) or _tab(row))


def _tab(row: str) -> str:
    """What a tab of Hugo or Docusaurus that begins in this line is called."""
    found = re.match(r" *(?:\{\{[<%] *tab\b(.*?)[>%]\}\}|<TabItem\b(.*?)>) *$", row)
    if not found:
        return ""
    said = found[1] or found[2] or ""
    named = re.search(r"(?:label|name|title)=[\"'{]*([^\"'}]+)", said)
    named = named or re.search(r"[\"']([^\"']+)[\"']", said)
    return named[1] if named else "Another"


def _boxes(body: str) -> str:
    """Alerts, notices, boxes in colons and tabs as ours."""
    out: list[str] = []
    boxes: list[tuple[str, bool]] = []  # what their lines begin with; in a quotation?
    for row in body.split("\n"):
        if boxes and boxes[-1][1] and not row.lstrip().startswith(">"):
            boxes.pop()
            out.append("")
        depth, quoted = boxes[-1] if boxes else ("", False)
        alert = None if quoted else ALERT.match(row)  # one inside: the next round
        found = (alert[2] or alert[5], alert[4] or "") if alert else _box(row)
        if tab := _tab(row):
            out += ["", f'{depth}=== "{tab}"', ""]
            boxes.append((f"{depth}    ", False))
        elif TABS.match(row):
            out.append("")
        elif found:
            kind, title = _kind(found[0]), found[1].strip()
            words = f' "{title}"' if title else ""
            sign = {"-": "???", "+": "???+"}.get(alert[3] if alert else "", "!!!")
            above = depth + (alert[1] if alert else "")
            out += ["", f"{above}{sign} {kind}{words}"]
            boxes.append((f"{above}    ", bool(alert)))
        elif UNBOXED.match(row) or (boxes and "</TabItem>" in row):
            out.append("" if boxes else _marked(row))
            del boxes[-1:]
        else:
            inside = re.sub(r"^ *> ?", "", row) if quoted else row
            out.append((depth + inside).rstrip())
    if any(ALERT.match(row) for row in out):
        return _boxes("\n".join(out))
    kinds = re.compile(r"^( *)(!!!|\?\?\?\+?) *(\w+)", re.M)
    return kinds.sub(lambda m: f"{m[1]}{m[2]} {_kind(m[3])}", "\n".join(out))


def _kind(name: str) -> str:
    name = KINDS.get(name.lower(), name.lower())
    return name if name in BOXES else "note"


def _title(body: str) -> str:
    found = re.search(r"^# +(.+?)(?: *#+| *\{#.*\})? *$", body, re.M)
    return found[1] if found else ""


def _headed(body: str, front: dict[str, Any]) -> str:
    """Headings that begin below the title, go down in steps, and stand once."""
    body = re.sub(r"^(\S.*)\n=+ *$", r"# \1", body, flags=re.M)
    body = re.sub(
        r"^(?![-*+>|] |\d+\. )(\S[^|\n]*)\n-{3,} *$", r"## \1", body, flags=re.M
    )
    rows = body.split("\n")
    heads = [n for n, row in enumerate(rows) if re.match(r"#{1,6} +\S", row)]
    first = [n for n in heads if rows[n].startswith("# ")]
    title = str(front.get("title") or "")
    drop = [n for n in first[:1] if title in ("", rows[n][2:].strip())]
    lower = 1 if set(first) - set(drop) else 0
    above = 1
    for n in heads:
        if n in drop:
            continue
        marks, _, words = rows[n].partition(" ")
        above = max(2, min(len(marks) + lower, above + 1))
        rows[n] = f"{'#' * above} {words.strip().rstrip('#').strip()}"
    for n in drop:
        if title:
            rows[n] = ""
        else:
            rows.insert(0, rows.pop(n))
    return "\n".join(rows)


def _apart(body: str) -> str:
    """Lists and tables after a blank line, and nested by four spaces."""
    out: list[str] = []
    levels: list[int] = []
    formula, base = False, 0
    for row in body.split("\n"):
        formula = formula ^ (row.strip() == "$$")
        item = re.match(r"^( *)([-*+]|\d+[.)]) +(?=\S)", row)
        above = out[-1].strip() if out else ""
        if item and not formula:
            indent = len(item[1])
            levels = [level for level in levels if level < indent]
            base = base if levels else indent - indent % 4  # that of a box around it
            if not (levels or re.match(r"$|([-*+]|\d+\.) |!!!|\?\?\?", above)):
                out.append("")
            sign = re.sub(r"\)$", ".", item[2])
            depth = " " * (base + 4 * len(levels))
            done = {"[ ] ": "\u2610 ", "[x] ": "\u2611 ", "[X] ": "\u2611 "}  # a task
            said = row[item.end() :]
            row = f"{depth}{sign} {done.get(said[:4], said[:4])}{said[4:]}"
            levels.append(indent)
        elif levels and row.strip() and not above:
            inside = len(row) - len(row.lstrip()) > base
            levels = levels if inside else []
            if inside:
                row = f"{' ' * (base + 4 * len(levels))}{row.strip()}"
        if row.lstrip().startswith("|") and above and not above.startswith("|"):
            out.append("")
        out.append(row.rstrip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(out))


def _quoted(text: str) -> str:
    plain = re.fullmatch(r"[A-Z][\w ,.()'-]*", text)
    return text if plain else in_quotes(text)


def write(source: Path, author: str, site: Site, credit: str = "") -> Path:
    """Write the post and give its path. Raises ValueError, OSError."""
    text = source.read_text(encoding="utf-8")
    try:
        front, body = split(text)
    except (yaml.YAMLError, tomllib.TOMLDecodeError) as error:
        raise ValueError(f"its front matter cannot be read: {error}") from error
    named = re.sub(r"^\d{4}-\d\d-\d\d-", "", source.stem)
    title = str(front.get("title") or _title(_html(body)))
    slug = slug_of(title) or slug_of(named)
    if not slug:
        raise ValueError("its title needs a letter from a to z, for the address")
    slug = free(slug, site)
    made = converted(text, add_author(author, site), slug, site, credit)
    return publish(slug, made, site)
