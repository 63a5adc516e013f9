"""What stands around a post: its place in the series, and what it was verified with."""

import re
from dataclasses import dataclass
from html import escape

from neuralblog_site.pages.install_line import in_a_terminal
from neuralblog_site.project.commit import REPO_URL, SITE_URL, WHEEL, Build
from neuralblog_site.sources.library_code import LIBRARY
from neuralblog_site.sources.page import Page
from neuralblog_site.sources.series import SERIES, position


@dataclass(frozen=True)
class Frame:
    """The frame of one post."""

    post: Page
    posts: dict[str, Page]  # all that there are
    build: Build
    root: str = "../"  # the site's root, from the post's page

    def position(self) -> str:
        """Above the title: which part of the series it is."""
        number = position(self.post.slug)
        if number is None:
            return ""
        path = f'<a href="{self.root}path/">From neuron to CNN</a>'
        return f'<p class="nb-position">{path}, part {number} of {len(SERIES)}</p>'

    def meta(self) -> str:
        """Below the title: how long it takes, and what it needs."""
        facts, number = [self.post.minutes], position(self.post.slug)
        if number is not None:
            needs = ", ".join(map(self._link, SERIES[number - 1].needs))
            first = f": {needs}" if needs else " nothing"
            facts.append(f"You need first{first}")
        return f'<p class="nb-meta">{". ".join(facts)}.</p>'

    def after(self) -> str:
        """Below the text: verified with what, to run, to take along, to cite."""
        links = "".join(f"<li>{link}</li>" for link in self._links())
        line = escape(in_a_terminal(), quote=False)
        parts = [
            '<section class="nb-after" aria-label="About this post">',
            self._verified(),
            "<h2>Run it yourself</h2>",
            f'<pre><code data-wheel="{self.root}{WHEEL}">{line}</code></pre>',
            f'<ul class="nb-links">{links}</ul>',
            "<h2>Cite it</h2>",
            f"<p>{self._citation()}</p>",
            f'<pre><code id="bibtex">{self._bibtex()}</code></pre>',
            "</section>",
            self._turn(),
        ]
        return "\n".join(parts)

    def _link(self, slug: str) -> str:
        name = next(part.name for part in SERIES if part.slug == slug)
        return f'<a href="{self.root}{slug}/">{name}</a>'

    def _verified(self) -> str:
        n, build = len(self.post.snippets), self.build
        count = "Its one snippet" if n == 1 else f"{n} snippets"
        said = f"{count} ran when this page was built from {build}"
        dirty = " nb-dirty" if build.dirty or not build.commit else ""
        return f'<p class="nb-verified{dirty}">Verified: {said}, and printed what you see.</p>'

    def _links(self) -> list[str]:
        slug = self.post.slug
        links = [
            f'<a href="{slug}.ipynb" download>This post as a notebook</a>',
            f'<a href="{slug}.py" download>as a script</a>',
        ]
        if (LIBRARY / f"{slug}.py").exists():
            module = f"{self.root}api/#neuralblog.{slug}"
            links.append(f'<a href="{module}">Its part of the library</a>')
        if REPO_URL:
            edit = f"{REPO_URL}/edit/main/{self.post.name}"
            report = f"{REPO_URL}/issues/new?title={slug}:%20"
            links.append(f'<a href="{edit}">Edit this post</a>')
            links.append(f'<a href="{report}">Report a mistake</a>')
        return links

    def _citation(self) -> str:
        address = f" {SITE_URL}{self.post.slug}/" if SITE_URL else ""
        title, date = escape(self.post.title), self.post.meta["date"]
        return f"The neuralblog authors, “{title}”, neuralblog, {date}.{address}"

    def _bibtex(self) -> str:
        date = self.post.meta["date"]
        title = re.sub(r"([&%$#_])", r"\\\1", self.post.title)
        fields = {
            "title": f"{{{title}}}",  # kept as it is written, capitals and all
            "author": "{The neuralblog authors}",
            "howpublished": "neuralblog",
            "year": date[:4],
            "note": date,
        }
        if SITE_URL:
            fields["url"] = f"{SITE_URL}{self.post.slug}/"
        lines = "".join(f"  {name} = {{{said}}},\n" for name, said in fields.items())
        return escape(f"@misc{{neuralblog-{self.post.slug},\n{lines}}}", quote=False)

    def _turn(self) -> str:
        """To the posts of the series before it and after it."""
        order = [part.slug for part in SERIES]
        if self.post.slug not in order:
            return ""
        at, made = order.index(self.post.slug), ""
        for label, kind, near in (("Before", "prev", at - 1), ("Next", "next", at + 1)):
            if 0 <= near < len(order):
                other = self.posts[order[near]]
                inside = f"<span>{label}</span>{escape(other.title)}"
                link = f'class="nb-{kind}" rel="{kind}" href="{self.root}{other.slug}/"'
                made += f"<a {link}>{inside}</a>"
        return made and f'<nav class="nb-turn" aria-label="The series">{made}</nav>'
