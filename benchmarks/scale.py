"""Times the site as it grows, beside the same posts in plain MkDocs and as notebooks.

A site of n posts is ours, with the series copied until there are n: so every size holds
the same posts, and what each costs can be compared. A copy has titles, addresses and
snippets of its own, so that nothing is known of it from another copy.
"""

import argparse
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple

import psutil

from neuralblog_site.project.keeping import digest, store
from neuralblog_site.running.results import Execution
from neuralblog_site.sources.snippets import read

ROOT = Path(__file__).resolve().parents[1]
WHOLE = ("src", "theme", "web", "checks", "docs", "mkdocs.yml", "pyproject.toml")
WHOLE += ("conftest.py", "LICENSE", *(path.name for path in ROOT.glob("*.md")))
OURS = ("-c", "from neuralblog_site.cli import main; main()")
PLAIN = """\
site_name: plain
theme: {name: material, font: false}
plugins: [PLUGINS]
markdown_extensions: [admonition, attr_list, def_list, footnotes, md_in_html, tables,
  pymdownx.details, pymdownx.highlight, pymdownx.superfences,
  pymdownx.arithmatex: {generic: true}]
"""
EDITED = "docs/posts/activations.md"
NOTEBOOKS = 10


class Cost(NamedTuple):
    """What one command took."""

    seconds: float
    cpu: float  # of all its processes, user and system
    megabytes: float = 0.0  # of the largest of them


Costs = dict[str, Cost]


# ---- the sites ----


def numbered(text: str, stems: list[str], n: int) -> str:
    """A post as a copy of itself; links within the series stay within the copy."""
    text = re.sub(r"^(slug: \S+)$", rf"\1-{n}", text, count=1, flags=re.MULTILINE)
    text = re.sub(r"^(# .+)$", rf"\1, {n}", text, count=1, flags=re.MULTILINE)
    text = re.sub(rf"\]\(({'|'.join(stems)})\.md", rf"](\1-{n}.md", text)
    fence = re.compile(r"^ *```python\n.*?^ *```$", re.MULTILINE | re.DOTALL)
    return fence.sub(lambda block: _remarked(block[0], n), text)


def _remarked(block: str, n: int) -> str:
    """A snippet with a remark behind an import: another program, which prints the same."""
    imports = re.findall(r"^ *(?:from|import) [^\n]+$", block, re.MULTILINE)
    shortest = min(imports, key=len)
    return block.replace(f"{shortest}\n", f"{shortest}  # {n}\n", 1)


def make_site(folder: Path, size: int) -> Path:
    """Our site with so many posts, of which nothing has run; only the labs have."""
    for name in WHOLE:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    (folder / "benchmarks").mkdir()
    shutil.copy(ROOT / "benchmarks" / "latest.json", folder / "benchmarks")
    posts = sorted((folder / "docs" / "posts").glob("*.md"))
    stems = [post.stem for post in posts]
    addresses = (folder / "checks" / "urls.txt").open("a", encoding="utf-8")
    with addresses:
        for at in range(len(posts), size):
            n, post = at // len(posts) + 1, posts[at % len(posts)]
            text = numbered(post.read_text(encoding="utf-8"), stems, n)
            post.with_stem(f"{post.stem}-{n}").write_text(text, encoding="utf-8")
            addresses.write(f"{post.stem}-{n}/\n")
    run(folder, *OURS, "prepare")
    return folder


def tell_results(site: Path) -> None:
    """Keep for each copied snippet what the snippet that it was copied from gave here.

    The remark is all that differs. Running is the one part that is the same for each post
    by its nature, and at 400 posts it takes longer than all others.
    """
    execution = Execution()
    version, kept = execution.version(), site / "build" / "kept" / "snippets"
    for post in sorted((site / "docs" / "posts").glob("*.md")):
        origin = ROOT / "docs" / "posts" / re.sub(r"-\d+(?=\.md$)", "", post.name)
        pairs = zip(read(origin, ROOT), read(post, site), strict=True)
        for snippet, copied in pairs:
            result = json.dumps(asdict(execution.result(snippet)))
            store(kept / f"{digest(version, copied.program)}.json", result.encode())
    execution.close()


def make_plain(site: Path, folder: Path) -> Path:
    """The same pages for MkDocs with the theme Material and nothing of ours."""
    shutil.copytree(site / "docs", folder / "docs", ignore=_unread)
    (folder / "mkdocs.yml").write_text(PLAIN.replace("PLUGINS", "search"))
    return folder


def _unread(folder: str, names: list[str]) -> set[str]:
    return {name for name in names if name in ("labs", "api.md", ".authors.yml")}


def make_notebooks(built: Path, folder: Path) -> Path:
    """Some posts as the notebooks that our site offers, without what they printed."""
    (folder / "docs").mkdir(parents=True)
    (folder / "docs" / "index.md").write_text("# Notebooks\n")
    for path in sorted(built.glob("*/*.ipynb"))[:NOTEBOOKS]:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            cell.update({"outputs": []} if cell["cell_type"] == "code" else {})
        text = json.dumps(notebook)
        (folder / "docs" / path.name).write_text(text, encoding="utf-8")
    plugins = "search, mkdocs-jupyter: {execute: true, allow_errors: false}"
    (folder / "mkdocs.yml").write_text(PLAIN.replace("PLUGINS", plugins))
    return folder


# ---- the watch ----


def environment(folder: Path) -> dict[str, str]:
    """Commands in the folder use the copy of our programs that lies there."""
    kept = {name: value for name, value in os.environ.items() if name != "LIVE"}
    source = folder if (folder / "src").exists() else ROOT
    kept.pop("NEURALBLOG_CACHE", None)
    return kept | {"PYTHONPATH": str(source / "src"), "NO_MKDOCS_2_WARNING": "1"}


def run(folder: Path, *command: str) -> Cost:
    """Run Python there, to its end; what it says is shown if it fails."""
    start = time.monotonic()
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=folder,
            env=environment(folder),
            stdout=said,
            stderr=said,
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            sys.exit(f"{' '.join(command)} failed in {folder}:\n{said.read()}")
    seconds = time.monotonic() - start
    return Cost(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def edit(site: Path) -> str:
    """Put a sentence that was not there before into a post; give it back."""
    letters = str(time.time_ns()).translate(str.maketrans("0123456789", "abcdefghij"))
    post, sentence = site / EDITED, f"So it was, {letters}."  # a number is a claim
    text = post.read_text(encoding="utf-8")
    text = text.replace("\n<!-- more -->\n", f"\n<!-- more -->\n\n{sentence}\n", 1)
    post.write_text(text, encoding="utf-8")
    return sentence


def served(site: Path, address: str, *command: str) -> Cost:
    """How long an edit takes until the page shows it; the median of three."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    shown = []
    with _server(site, [part.replace("PORT", port) for part in command]) as server:
        page = f"http://127.0.0.1:{port}/{address}/"
        _wait_for("<title>", page, server)
        for _ in range(3):
            time.sleep(3)  # until all is still, and the file is older than the build
            start, before = time.monotonic(), _cpu(server)
            _wait_for(edit(site), page, server)
            seconds = time.monotonic() - start
            time.sleep(1)  # what it does after the page is shown counts as work, too
            shown.append(Cost(seconds, _cpu(server) - before))
    return sorted(shown)[1]


@contextmanager
def _server(site: Path, command: list[str]) -> Iterator[psutil.Process]:
    process = psutil.Popen(
        [sys.executable, *command],
        cwd=site,
        env=environment(site),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        every = [*process.children(recursive=True), process]
        for each in every:
            with suppress(psutil.NoSuchProcess):
                each.terminate()
        psutil.wait_procs(every, timeout=10)


def _cpu(server: psutil.Process) -> float:
    used = 0.0
    for each in [server, *server.children(recursive=True)]:
        with suppress(psutil.NoSuchProcess):  # its own, and of its children that ended
            used += sum(each.cpu_times()[:4])
    return used


def _wait_for(text: str, page: str, server: psutil.Process) -> None:
    while server.is_running() and server.status() != psutil.STATUS_ZOMBIE:
        try:
            with urllib.request.urlopen(page, timeout=60) as answer:
                if text in answer.read().decode():
                    return
        except OSError:
            pass
        time.sleep(0.05)
    sys.exit(f"the server of {page} has ended")


# ---- the runs ----


def time_ours(site: Path) -> Costs:
    """What our site costs, from nothing on."""
    build = (*OURS, "build", "--out", "built")
    costs = {"cold build": run(site, *build)}
    edit(site)
    costs["build after an edit"] = run(site, *build)
    costs["check of a post"] = run(site, *OURS, "check", EDITED)
    edit(site)
    costs["check of an edited post"] = run(site, *OURS, "check", EDITED)
    costs["check of all"] = run(site, *OURS, "check", "--here")
    series = sorted(ROOT.glob("docs/posts/*.md"))
    posts = [f"docs/posts/{post.name}" for post in series]
    tests = run(site, "-m", "pytest", "-q", "-p", "no:cacheprovider", *posts)
    costs["tests of a post"] = Cost(
        tests.seconds / len(posts), tests.cpu / len(posts), tests.megabytes
    )
    serve = (*OURS, "serve", "--port", "PORT")
    costs["an edit served"] = served(site, "activations", *serve)
    costs["other builder"] = run(site, *OURS, "build-zensical")
    return costs


def time_plain(site: Path) -> Costs:
    """What the same posts cost in MkDocs, which builds all of them each time."""
    address = ("--livereload", "--dev-addr", "127.0.0.1:PORT")
    costs = {"cold build": run(site, "-m", "mkdocs", "build", "--site-dir", "built")}
    serve = ("-m", "mkdocs", "serve", *address)
    costs["an edit served"] = served(site, "posts/activations", *serve)
    return costs


def megabytes(folder: Path) -> float:
    """What its files hold."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return sum(path.stat().st_size for path in files) / 1e6


def measure(size: int, folder: Path, known: bool) -> dict[str, Costs]:
    """Everything about one size, by the kind of site."""
    ours = make_site(folder / "ours", size)
    if known:
        tell_results(ours)
    found = {"ours": time_ours(ours)}
    found["ours"]["site"] = Cost(0, 0, megabytes(ours / "built"))
    plain = make_plain(ours, folder / "plain")
    found["plain"] = time_plain(plain)
    found["plain"]["site"] = Cost(0, 0, megabytes(plain / "built"))
    notebooks = make_notebooks(ours / "built", folder / "notebooks")
    command = ("-m", "mkdocs", "build", "--site-dir", "built")
    found["notebooks"] = {
        f"cold build of {NOTEBOOKS}": run(notebooks, *command),
        "site": Cost(0, 0, megabytes(notebooks / "built")),
    }
    return found


def table(sizes: dict[int, dict[str, Costs]]) -> Iterator[str]:
    """A row for each measure: seconds, CPU seconds and megabytes at each size."""
    first = sizes[min(sizes)]
    yield f"{'':34}" + "".join(f"{size:>11} posts        " for size in sizes)
    for kind, costs in first.items():
        for name in costs:
            cells = [_cell(found[kind][name]) for found in sizes.values()]
            growth = _per_post({n: found[kind][name].cpu for n, found in sizes.items()})
            yield f"{kind + ', ' + name:34}{''.join(cells)}{growth}"


def _cell(cost: Cost) -> str:
    times = f"{cost.seconds:8.1f} s {cost.cpu:6.1f} CPU" if cost.cpu else " " * 21
    return times + (f"{cost.megabytes:5.0f} MB" if cost.megabytes else " " * 8)


def _per_post(cpu: dict[int, float]) -> str:
    few, many = min(cpu), max(cpu)
    if few == many or not cpu[few]:
        return ""
    return f"   x{cpu[many] / cpu[few]:.2f}, per post x{cpu[many] / many / cpu[few] * few:.2f}"


def main() -> None:
    """Measure each size, print the table, and write it into build/."""
    parser = argparse.ArgumentParser(description=__doc__)
    sizes = parser.add_argument("sizes", nargs="*", type=int, default=[16, 96, 400])
    sizes.help = "how many posts; multiples of those of the series compare best"
    report = parser.add_argument("--json", type=Path, default=ROOT / "build/scale.json")
    report.help = "where the figures go"
    known = parser.add_argument("--known", action="store_true")
    known.help = "do not run the copies' snippets: what they give is known from ours"
    options = parser.parse_args()
    found: dict[int, dict[str, Costs]] = {}
    for size in options.sizes:
        with tempfile.TemporaryDirectory(prefix="neuralblog-scale-") as folder:
            found[size] = measure(size, Path(folder), options.known)
        listed = {
            n: {
                kind: {name: cost._asdict() for name, cost in costs.items()}
                for kind, costs in kinds.items()
            }
            for n, kinds in found.items()
        }
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(listed, indent=1) + "\n")
        print("\n".join(table(found)), flush=True)


if __name__ == "__main__":
    main()
