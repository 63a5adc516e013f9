"""Puts Python itself into the site, so that readers can run and change every snippet.

What runs there goes into one folder of the site, named by its content, since hosts and
browsers keep files for long: the runtime, our own wheel, and the scripts of web/.
"""

import hashlib
import json
import os
import re
import shutil
import sys
import zipfile
from pathlib import Path
from typing import Any

from neuralblog_site.inpage import catalog
from neuralblog_site.inpage.pyodide import (
    LOCK,
    PINS,
    Files,
    Unfetched,
    runtime,
    select,
    sums,
)
from neuralblog_site.project.keeping import digest, store
from neuralblog_site.project.places import ROOT

WEB = ROOT / "web"
IMPORTED = re.compile(rb'import .* from "./manifest.js";.*\n')
KIT_IMPORT = re.compile(rb'^import \{[^}]*\} from "./[a-z]+\.js";\n', re.M)
REMARK = re.compile(  # on lines of its own, and what indents the others
    rb"^ *(?:(?://.*|/\*(?:[^*]|\*(?!/))*\*/)\n)?", re.MULTILINE
)
LEAVES = b"""// While the site is written, nothing is kept.
addEventListener("install", () => skipWaiting());
addEventListener("activate", () => registration.unregister());
"""
OURS = ("running", "inpage")  # the packages that run in the page


def add_live(out: Path, wheel: Path, *, kept: bool = True) -> str | None:
    """Make the snippets of a built site runnable; give back the folder, as in the site.

    Without Python in the page the site is complete, and its cells are plain code: so it is
    left where Python cannot be fetched, but with `LIVE=1`, and always with `LIVE=0`. If it
    is `kept`, a browser keeps what was visited for times without a network.
    """
    shutil.rmtree(out / "live", ignore_errors=True)
    if os.environ.get("LIVE") == "0":
        return None
    try:
        files = runtime()
    except Unfetched as missing:
        if os.environ.get("LIVE") == "1":
            sys.exit(f"{missing}: without it nothing can run in the page.")
        print(f"{missing}: nothing can run in the page; all else is there.", flush=True)
        return None
    ours, data = for_the_page(wheel)
    files[wheel.name] = ours
    files |= scripts()
    keeper = files.pop("service-worker.js")
    files["kit.css"] = tight(files["kit.css"])
    styles = tight(files.pop("live.css"))  # joins the page's own
    files |= {f"data/{name}": content for name, content in data.items()}
    sizes = manifest(files, wheel.name)
    for name in ("python.js", "worker.js"):  # and no file of their own
        files[name] = IMPORTED.sub(sizes, files[name])
    files[LOCK] = json.dumps(packages(files, wheel.name), sort_keys=True).encode()
    folder = f"live/{digest(json.dumps(sums(files), sort_keys=True))[:12]}"
    for name, content in files.items():
        store(out / folder / name, content)
    with (out / "assets" / "css" / "neuralblog.css").open("ab") as sheet:
        sheet.write(styles)
    told = (
        f"const FOLDER = {json.dumps(folder)}, FILES = {json.dumps(sorted(files))};\n"
    )
    keeper = told.encode() + keeper if kept else LEAVES
    (out / "service-worker.js").write_bytes(keeper)
    named = f'<meta name="nb-build" content="{folder}">' if kept else ""
    for page in sorted(out.rglob("*.html")):
        if "live" not in page.relative_to(out).parts:
            _insert_script(page, out, folder, named)
    return folder


def tight(rules: bytes) -> bytes:
    """Rules of style without the blanks that only people need."""
    blanks = re.compile(rb"\s*([{};,])\s*|(:)\s+|\s+")
    return blanks.sub(lambda m: m[1] or m[2] or b" ", rules).replace(b";}", b"}")


def scripts() -> Files:
    """The scripts of web/, the parts of the kit joined into one: a dozen requests less."""
    found = {
        path.relative_to(WEB).as_posix(): path.read_bytes()
        for path in sorted(WEB.rglob("*"))
        if path.suffix in (".js", ".css")
    }
    parts = re.findall(
        rb'^export \* from "./(kit/[a-z]+\.js)";$', found["kit.js"], re.M
    )
    joined = b"".join(found.pop(name.decode()) for name in parts)
    joined = KIT_IMPORT.sub(b"", joined)
    found["kit.js"] = joined.replace(b'from "../', b'from "./')
    unnamed = [name for name in found if name.startswith("kit/")]
    assert not unnamed, f"web/kit.js does not name {unnamed}"
    found = {name: REMARK.sub(b"", content) for name, content in found.items()}
    for name in catalog.names():
        found[f"explorables/{name}.json"] = catalog.file(name)
    return found


def for_the_page(wheel: Path) -> tuple[bytes, Files]:
    """Our wheel as the page gets it, and the data files that it fetches only if asked.

    It keeps its source, so that errors show the library's own lines.
    """

    def unneeded(name: str) -> bool:
        package, *inside = Path(name).parts
        if package == "neuralblog_site":
            return inside[0] not in (*OURS, "__init__.py") or not name.endswith(".py")
        return name.startswith("neuralblog/data/")

    with zipfile.ZipFile(wheel) as source:
        names = [
            name for name in source.namelist() if name.startswith("neuralblog/data/")
        ]
        data = {Path(name).name: source.read(name) for name in names if name[-1] != "/"}
    return select(wheel.read_bytes(), unneeded), data


def packages(files: Files, wheel: str) -> dict[str, Any]:
    """The list of packages from which Pyodide loads, with the sha256 of what is served."""
    ours = {
        "version": wheel.split("-")[1],
        "file": wheel,
        "imports": ["neuralblog", "neuralblog_site"],
        "depends": ["numpy"],
    }
    every = PINS["packages"] | {"neuralblog": ours}
    made = {
        name: {
            "name": name,
            "version": pin["version"],
            "file_name": pin["file"],
            "sha256": hashlib.sha256(files[pin["file"]]).hexdigest(),
            "imports": pin["imports"],
            "depends": pin["depends"],
            "install_dir": "site",
            "package_type": "package",
            "unvendored_tests": False,
        }
        for name, pin in every.items()
    }
    return {"info": PINS["info"], "packages": made}


def manifest(files: Files, wheel: str) -> bytes:
    """What the page's scripts know of the files: bytes by name, by when they are needed."""
    python = [*PINS["runtime"], PINS["packages"]["numpy"]["file"], wheel]
    data = [name for name in files if name.startswith("data/")]
    groups = {"needed": python, "data": data}
    return "".join(
        f"const {group} = "
        f"{json.dumps({name.split('/')[-1]: len(files[name]) for name in names})};\n"
        for group, names in groups.items()
    ).encode()


def _insert_script(page: Path, out: Path, folder: str, named: str) -> None:
    """Every page gets the small loader, since one moves between pages without reload."""
    text = page.read_text(encoding="utf-8")
    root = "../" * (len(page.relative_to(out).parts) - 1) or "./"
    if page.name == "404.html" or "/live.js" in text:  # 404 is shown at any depth
        return
    script = f'<script type="module" src="{root + folder}/live.js" fetchpriority="low">'
    text = text.replace("</head>", f"{named}</head>", 1)
    text = text.replace("</body>", f"{script}</script></body>", 1)
    page.write_text(text, encoding="utf-8")
