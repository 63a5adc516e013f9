"""Builds the site: verify every snippet, run the builder, finish what it wrote."""

import os
import sys
from pathlib import Path

from markdown import Markdown

from neuralblog_site.inpage.assemble import add_live
from neuralblog_site.pages.feed import write_feed
from neuralblog_site.pages.finish import finish
from neuralblog_site.pages.labs import finish_labs
from neuralblog_site.pages.promises import verify_built
from neuralblog_site.project.commit import SITE_URL, WHEEL
from neuralblog_site.project.install import python
from neuralblog_site.project.places import ROOT
from neuralblog_site.project.problems import Problem, stop_at
from neuralblog_site.project.wheel import build_wheel
from neuralblog_site.running.ran import noted
from neuralblog_site.running.results import Execution
from neuralblog_site.sources.addresses import write_forwards
from neuralblog_site.sources.series import SERIES
from neuralblog_site.sources.site import Site


def verify_snippets(site: Site) -> None:
    """Run every snippet of every page. Raises Broken if one is not right."""
    found = site.snippets()
    print(f"Running {len(found)} snippets ...", flush=True)
    with Execution() as execution:
        stop_at(execution.verify(found))
    print(f"  {execution.ran} ran, {execution.reused} are unchanged.", flush=True)


def build_site(out: Path) -> None:
    """Build with MkDocs into a folder, which is replaced. Raises Broken."""
    site = Site(ROOT)
    there = {post.slug for post in site.posts()}
    missing = sorted({part.slug for part in SERIES} - there)
    fix = "write it, or take it out of sources/series.py"
    what = "the series names a post that is not there"
    stop_at([Problem(f"docs/posts/{s}.md", 1, "FM09", what, fix) for s in missing])
    verify_snippets(site)
    print(f"Building the pages into {out} ...", flush=True)
    with noted() as ran:
        _run("mkdocs", "build", "--strict", "--quiet", "--site-dir", str(out))
        verify_built(out, ran)


def serve_site(port: int) -> None:
    """Serve at this machine's own address, and build again whenever a file changes."""
    verify_snippets(Site(ROOT))
    print("Building the pages ...", flush=True)
    _run(
        "mkdocs", "serve", "--dirty", "--livereload", "--dev-addr", f"127.0.0.1:{port}"
    )


def build_with_zensical(out: Path) -> None:
    """Build the same sources with the other builder, to see that they would move."""
    config = ROOT / ".zensical.yml"
    folder = Path(os.path.relpath(out, ROOT)).as_posix()
    inherited = f"INHERIT: mkdocs.yml\nsite_dir: {folder}\n"
    config.write_text(inherited)
    try:
        _run("zensical", "build", "--clean", "--strict", "--config-file", str(config))
    finally:
        config.unlink()
    finish_site(out, Site(ROOT))


def finish_site(
    out: Path, site: Site, markdown: Markdown | None = None, *, kept: bool = True
) -> None:
    """Add to a built site what no builder makes; `kept` as in `add_live`."""
    finish_labs(out, markdown)
    finish(out, site)
    write_feed(out, site, SITE_URL)
    write_forwards(out, site)
    wheel = out / WHEEL  # there is one where `serve` has built, of the same files
    add_live(out, wheel if wheel.exists() else build_wheel(out), kept=kept)


def _run(*command: str) -> None:
    if python("-m", *command, NO_MKDOCS_2_WARNING="1"):
        sys.exit("The site was not built.")
