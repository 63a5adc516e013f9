"""The commands of the project; `make help` lists those that have a target."""

import argparse
import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NoReturn

from neuralblog_site.project.install import python
from neuralblog_site.project.places import ROOT

Command = Callable[[argparse.Namespace], int | None]
SCRIPTS = {  # commands that are a program of their own
    "weights": (
        "Train the network that the library ships, again (a minute).",
        "scripts/train_lenet.py",
    ),
    "digits": (
        "Make the digits that the library ships, again, from their npm package.",
        "scripts/make_digits.py",
    ),
    "parity": (
        "Compare with PyTorch over random shapes, where it is installed.",
        "tests/parity/make_fixtures.py",
        "--live",
    ),
    "scale": (
        "Time a site of 16, 96 and 400 posts, beside plain MkDocs and notebooks (hours).",
        "benchmarks/scale.py",
    ),
    "bench-live": (
        "Time Python in the page against a bare page that does the same.",
        "benchmarks/live.py",
    ),
}
FILES = "posts or folders (all, if none is named)"


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run one command; problems are told in a line each, never as a traceback."""
    parser = argparse.ArgumentParser(prog="neuralblog-site", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, run: Command) -> argparse.ArgumentParser:
        summary = (run.__doc__ or "").splitlines()[0]
        command = commands.add_parser(name, help=summary, description=run.__doc__)
        command.set_defaults(run=run)
        return command

    add("build", build).add_argument("--out", type=Path, default=ROOT / "site")
    zensical = add("build-zensical", build_zensical)
    zensical.add_argument("--out", type=Path, default=ROOT / "build" / "zensical")
    add("prepare", prepare)
    books = add("book", book)
    books.add_argument("--site", type=Path, help="a built site; else it is built")
    add("changed", changed).add_argument("--site", type=Path, default=ROOT / "site")
    add("serve", serve).add_argument("--port", type=int, default=8000)
    add("test", test).add_argument("pytest", nargs="*", help="passed on to pytest")
    files = add("check", check)
    files.add_argument("--no-run", action="store_true", help="do not run the snippets")
    strict = "refuse what is not finished, too, as the job for pull requests does"
    files.add_argument("--strict", action="store_true", help=strict)
    form = "text to read, annotations of a pull request, or a list of objects"
    forms = ("text", "github", "json")
    files.add_argument("--format", choices=forms, default="text", help=form)
    here = "run the snippets only once: `test` runs them as an older CPU does, too"
    files.add_argument("--here", action="store_true", help=here)
    files.add_argument("files", nargs="*", type=_named, metavar="FILE", help=FILES)
    files = add("update", update)
    files.add_argument("files", nargs="*", type=_named, metavar="FILE", help=FILES)
    title = add("new", new)
    title.add_argument("title", help='for example "The Heaviside step"')
    title.add_argument("--author", help="your name in docs/.authors.yml")
    source = add("import", import_)
    source.add_argument("file", type=Path, help="a post of Jekyll, Hugo or another")
    source.add_argument("--author", help="your name in docs/.authors.yml")
    source.add_argument("--credit", default="", help="where it was first published")
    add("library", library)
    add("slow", slow)
    audits = add("audit", audit)
    audits.add_argument("--site", type=Path, help="a built site; else it is built")
    audits.add_argument("names", nargs="*", help="nu or lighthouse; both by default")
    add("mutants", mutants)
    add("links", links)
    add("bench", bench)
    add("lock", lock)
    for name, (said, *program) in SCRIPTS.items():
        command = commands.add_parser(name, help=said, description=said)
        command.set_defaults(run=lambda options: python(*options.program))
        command.set_defaults(program=program)
    options = parser.parse_args(arguments)
    if "file" in options:
        options.file = options.file.absolute()
    os.chdir(ROOT)
    from neuralblog_site.project.problems import Broken

    try:
        sys.exit(options.run(options))
    except Broken as broken:
        for problem in broken.problems:
            print(problem, file=sys.stderr)
        sys.exit(f"{len(broken.problems)} to mend; nothing was built.")
    except KeyboardInterrupt:
        sys.exit(130)


def build(options: argparse.Namespace) -> None:
    """Build the site into site/."""
    from neuralblog_site.pages.build import build_site

    build_site(options.out)


def build_zensical(options: argparse.Namespace) -> None:
    """Build the same sources with Zensical, the other builder that reads mkdocs.yml."""
    from neuralblog_site.pages.build import build_with_zensical

    build_with_zensical(options.out)


def prepare(options: argparse.Namespace) -> int:
    """Run the labs and fetch the page's Python, which both builders take."""
    from neuralblog_site.inpage import pyodide
    from neuralblog_site.pages import labs

    labs.execute()
    with contextlib.suppress(pyodide.Unfetched):  # the build tells, if it needs it
        pyodide.runtime()
    return 0


def book(options: argparse.Namespace) -> None:
    """Print the series as a PDF, and pack the site to read offline, beside a built site."""
    from neuralblog_site.pages import shelf

    shelf.write(_built(options.site))


def changed(options: argparse.Namespace) -> None:
    """Write a page into the built site that links to what differs from the published."""
    from neuralblog_site.pages import changed
    from neuralblog_site.sources.site import Site

    for link in changed.write(options.site, Site(ROOT)):
        print(f"changed: {link}")


def serve(options: argparse.Namespace) -> None:
    """Build the site and serve it; an edited post or library shows on reload."""
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", options.port)) == 0:
            sys.exit(
                f"Port {options.port} is taken: `make serve PORT={options.port + 1}`"
            )
    from neuralblog_site.pages.build import serve_site

    serve_site(options.port)


def test(options: argparse.Namespace) -> int:
    """Everything that CI checks."""
    from neuralblog_site.upkeep import steps

    return steps.run(options.pytest)


def check(options: argparse.Namespace) -> int:
    """Tell everything that is wrong with the posts, in a line each."""
    from neuralblog_site.rules import check

    return check.run(
        options.files,
        ROOT,
        not options.no_run,
        options.strict,
        options.here,
        options.format,
    )


def update(options: argparse.Namespace) -> int:
    """Write below each snippet what it prints now, and show what changes."""
    from neuralblog_site.rules import update

    return update.run(options.files, ROOT)


def new(options: argparse.Namespace) -> int:
    """Write a post to start from; every check is green at once."""
    from neuralblog_site.rules import scaffold

    return scaffold.run(partial(scaffold.write, options.title), options.author, ROOT)


def import_(options: argparse.Namespace) -> int:
    """Write a post of another blog engine as one of ours; mark what is left to do."""
    from neuralblog_site.rules import importing, scaffold

    write = partial(importing.write, options.file, credit=options.credit)
    return scaffold.run(write, options.author, ROOT)


def library(options: argparse.Namespace) -> int:
    """The tests of the library alone, which pass on every system."""
    tests = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("tests/test_*.py"))
    return python("-m", "pytest", *tests)


def slow(options: argparse.Namespace) -> int:
    """Run every snippet alone, on an older CPU, and in the page; build twice; print."""
    from neuralblog_site.upkeep import slow

    failed = slow.run()
    book(argparse.Namespace(site=None))
    return failed


def audit(options: argparse.Namespace) -> int:
    """Check the built HTML with Nu (needs Java), and its pages with Lighthouse (Node)."""
    from neuralblog_site.upkeep import audit

    return audit.run(_built(options.site), options.names)


def mutants(options: argparse.Namespace) -> int:
    """Break the library in sampled ways, and count who notices."""
    from neuralblog_site.upkeep import mutants

    return mutants.run()


def links(options: argparse.Namespace) -> int:
    """Ask other sites whether what our pages link to is still there."""
    from neuralblog_site.sources.site import Site
    from neuralblog_site.upkeep import dead_links

    return dead_links.run(Site(ROOT))


def bench(options: argparse.Namespace) -> int:
    """Race the library against PyTorch, JAX, ONNX Runtime and others, in turns."""
    folder = ROOT / "build" / "bench"
    racer = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not racer.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    wanted = ["-r", "benchmarks/requirements.txt", "-e", "."]
    install = [str(racer), "-m", "pip", "install", "--quiet", *wanted]
    subprocess.run(install, cwd=ROOT, check=True)
    raced = subprocess.run([racer, "benchmarks/race.py", "--full"], cwd=ROOT)
    if not raced.returncode:
        from neuralblog_site.pages.bars import MEASURED
        from neuralblog_site.upkeep import speed_page

        speed_page.write(ROOT)
        print(f"{speed_page.PAGE}: written from {MEASURED}")
    return raced.returncode


def lock(options: argparse.Namespace) -> int:
    """Pin every dependency again, with hashes, for every system and Python."""
    flags = ("--universal", "--generate-hashes", "--no-emit-index-url", "--no-header")
    target = ("--python-version=3.11", "--extra=test", "pyproject.toml")
    uv = ("-m", "uv", "pip", "compile", "--upgrade", "--quiet")
    return python(*uv, *flags, *target, "-o", "requirements.lock")


def _built(site: Path | None) -> Path:
    """The folder of a site that is built; where none is named, of one built now."""
    if site is None:
        build(argparse.Namespace(out=ROOT / "site"))
    return (site or ROOT / "site").absolute()


def _named(text: str) -> tuple[str, Path]:
    """A path as it was given, and where it is from here."""
    return text, Path(text).absolute()
