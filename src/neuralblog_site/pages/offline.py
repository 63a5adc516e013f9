"""Packs a built site into a zip that can be read without a server.

A page that is a file has no server to find `index.html` in a folder, and a browser lets it
load neither a module nor a worker: links name the file, and `offline.js` does the rest.
"""

import json
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import lxml.html

from neuralblog_site.inpage import bytecode
from neuralblog_site.project.commit import Build
from neuralblog_site.project.keeping import store
from neuralblog_site.project.problems import Problem, stop_at

ZIP = "book/neuralblog.zip"
SEARCHED = "search/search_index.js"
TOLD = re.compile(r"<!-- nb:book -->.*")  # filled in by shelf.py
SCRIPT = Path(__file__).with_name("offline.js")
LEFT_OUT = re.compile(r".*\.map|book/.*\.(pdf|zip)|CNAME")  # of no use to a reader
FOLDER = re.compile(
    r'(<a\b[^>]*?\bhref="|url=)((?:\.{1,2}|[\w-]+)(?:/[\w.-]+)*/?)(?=["#])'
)
LIVE = re.compile(r'<script type="module" src="([^"]*/live\.js)"[^>]*></script>')
PRELOAD = re.compile(r'<link rel="preload"[^>]*>\n?')  # refused for a file
README = """\
neuralblog, to read offline
===========================

Open index.html: every page can be read, printed and searched without a server; the whole
series on one page is book/index.html. Snippets run and pictures move only when the site is
served: say `python -m http.server` in this folder (`python3` on some systems, `py` on
Windows) and open http://127.0.0.1:8000/ in a browser. Nothing is fetched from the network.
Built from {build}.
Text and figures CC BY 4.0, code MIT, by the neuralblog authors.
"""


def write(out: Path, build: Build) -> str:
    """Write the zip into a built site. Raises Broken."""
    content = dict(files(out, build))
    stop_at(list(problems(content)))
    data = zipped(content)
    store(out / ZIP, data)
    return f"zip, {len(data) / 1e6:.0f} MB"


def zipped(content: dict[str, bytes]) -> bytes:
    """The same bytes for the same files: in one order, and without the time."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in sorted(content.items()):
            archive.writestr(bytecode.zipped(f"neuralblog/{name}"), data)
    return packed.getvalue()


def files(out: Path, build: Build) -> Iterator[tuple[str, bytes]]:
    """Every file of the zip, with its name."""
    yield "README.txt", README.format(build=build).encode()
    [search] = out.glob("assets/javascripts/workers/search.*.js")
    script = SCRIPT.read_text(encoding="utf-8")
    told = json.dumps(search.read_text(encoding="utf-8"))
    yield "offline.js", script.replace("SEARCH = {}", f"SEARCH = {told}").encode()
    for path in sorted(out.rglob("*")):
        name = path.relative_to(out).as_posix()
        if path.is_dir() or LEFT_OUT.fullmatch(name):
            continue
        data = path.read_bytes()
        if path.suffix == ".html":
            data = page(data.decode(), name, out).encode()
        yield name, data
        if name == "search/search_index.json":
            yield SEARCHED, index(data)


def problems(content: Mapping[str, bytes]) -> Iterator[Problem]:
    """Links of the zip that name no file of it, as its pages and its search have them."""
    found = json.loads(content[SEARCHED].partition(b"=")[2])
    links = [("", str(entry["location"])) for entry in found["docs"]]
    for name, data in content.items():
        if name.endswith(".html") and name != "404.html":  # shown at any address
            links += [
                (name, str(x)) for x in lxml.html.fromstring(data).xpath("//a/@href")
            ]
    for name, link in links:
        place = unquote(link.partition("#")[0])
        there = posixpath.normpath(posixpath.join(posixpath.dirname(name), place))
        if place and ":" not in place and there not in content:
            what = f"in the zip, the link {link} names no file"
            yield Problem(name or SEARCHED, 1, "IN08", what, "mend pages/offline.py")


def page(text: str, name: str, out: Path) -> str:
    """A page whose links name files, and which asks for nothing that is refused."""
    folder, root = posixpath.dirname(name), "../" * name.count("/")

    def filed(link: re.Match[str]) -> str:
        there = (out / folder / link[2] / "index.html").exists()
        return f"{link[0].rstrip('/')}/index.html" if there else link[0]

    text = PRELOAD.sub("", FOLDER.sub(filed, TOLD.sub("", text)))
    text = LIVE.sub(r'<template data-live="\1"></template>', text)
    return text.replace(
        "<head>", f'<head>\n<script src="{root}offline.js"></script>', 1
    )


def index(data: bytes) -> bytes:
    """What the search looks through, as a script: a page that is a file can load that."""
    found = json.loads(data)
    for entry in found["docs"]:
        place, sign, anchor = entry["location"].partition("#")
        entry["location"] = f"{place}index.html{sign}{anchor}"
    return f"var __index = {json.dumps(found, ensure_ascii=False)}".encode()
