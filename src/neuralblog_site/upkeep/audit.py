"""Checks of the built site that need Java or Node: `make audit`.

The Nu checker looks for errors in the HTML; Lighthouse wants 100 in all four categories.
Both are installed below build, never into the project.
"""

import functools
import gzip
import http.server
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from neuralblog_site.project.chromium import chromium
from neuralblog_site.project.places import KEPT

TOOLS = KEPT / "audit"
PACKAGES = {"nu": "vnu-jar@26.9.27", "lighthouse": "lighthouse@13.5.0"}
PROGRAMS = {"nu": ("npm", "java"), "lighthouse": ("npm", "node")}
PAGES = ("index.html", "*/card.png", "labs/*/index.html", "api/index.html")
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
TRIES = 3  # a busy machine measures a page too slow, never too fast


def run(out: Path, names: list[str] | None = None) -> int:
    """Print what the checks find in a built site, in a line each; 1 if anything."""
    found = []
    if unknown := set(names or ()) - set(PACKAGES):
        print(
            f"no such check: {', '.join(sorted(unknown))} (there are: {', '.join(PACKAGES)})"
        )
        return 1
    if not (out / "index.html").exists():
        print(f"{out} holds no built site: `make site` makes one")
        return 1
    for name in names or list(PACKAGES):
        told = missing(name) or {"nu": nu, "lighthouse": lighthouse}[name](out)
        print(*told, sep="\n", end="\n" if told else "")
        print(f"{name}: {len(told)} to mend.", flush=True)
        found += told
    return 1 if found else 0


def missing(name: str) -> list[str]:
    """What this machine lacks for a check, in one line; what was not tried is no pass."""
    absent = [program for program in PROGRAMS[name] if shutil.which(program) is None]
    if absent:
        return [f"{name} was not run: it needs {' and '.join(absent)}, not found here"]
    folder = TOOLS / name
    if not (folder / "node_modules").exists():
        print(f"Installing {PACKAGES[name]} (once) ...", flush=True)
        folder.mkdir(parents=True, exist_ok=True)
        place = ["--prefix", str(folder), "--no-audit", "--no-fund", "--silent"]
        if subprocess.run(["npm", "install", *place, PACKAGES[name]]).returncode:
            shutil.rmtree(folder)
            return [f"{name} was not run: {PACKAGES[name]} could not be installed"]
    return []


def nu(out: Path) -> list[str]:
    """Errors and warnings of the Nu HTML checker, a line each."""
    jar = TOOLS / "nu" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    pages = [str(path.relative_to(out)) for path in sorted(out.rglob("*.html"))]
    command = ["java", "-jar", str(jar), "--format", "gnu", *pages]
    said = subprocess.run(command, cwd=out, capture_output=True, text=True)
    print(f"nu: {len(pages)} pages")
    lines = said.stderr.strip().splitlines()
    return lines or ([f"nu ended with {said.returncode}"] if said.returncode else [])


def lighthouse(out: Path) -> list[str]:
    """Categories below 100, for home, a post, a lab and the API page."""
    found = []
    with served(out) as address:
        for page in measured_pages(out):
            for form in ("phone", "desktop"):
                best = best_scores(address + page, form)
                print(f"lighthouse: /{page} on a {form}: {best}", flush=True)
                low = {name: score for name, score in best.items() if score < 100}
                found += [f"/{page}, {form}: {name} {low[name]}" for name in low]
    return found


def measured_pages(out: Path) -> list[str]:
    """The first page of each kind."""
    found = [sorted(out.glob(pattern)) for pattern in PAGES]
    folders = [paths[0].parent.relative_to(out) for paths in found]
    return [f"{folder.as_posix()}/".removeprefix("./") for folder in folders]


def best_scores(address: str, form: str) -> dict[str, int]:
    """The score in each category, the best of some tries."""
    best: dict[str, int] = {}
    for _ in range(TRIES):
        for name, score in scores(address, form).items():
            best[name] = max(score, best.get(name, 0))
        if min(best.values()) == 100:
            break
    return best


def scores(address: str, form: str) -> dict[str, int]:
    """What Lighthouse gives to a page, from 0 to 100, on a phone or on a desktop."""
    program = TOOLS / "lighthouse/node_modules/lighthouse/cli/index.js"
    flags = "--headless --disable-gpu" + (" --no-sandbox" if os.geteuid() == 0 else "")
    command = ["node", str(program), address, "--quiet", "--output=json"]
    command += [f"--chrome-flags={flags}", f"--only-categories={','.join(CATEGORIES)}"]
    command += ["--preset=desktop"] if form == "desktop" else []
    environment = os.environ | {"CHROME_PATH": chromium()}
    said = subprocess.run(command, capture_output=True, text=True, env=environment)
    if said.returncode:
        print(said.stderr.strip()[-500:])
        return {"run": 0}
    categories = json.loads(said.stdout)["categories"]
    return {name: round(100 * (c["score"] or 0)) for name, c in categories.items()}


@contextmanager
def served(out: Path) -> Iterator[str]:
    """The address of a site that is served as most hosts do."""
    handler = functools.partial(Compressing, directory=str(out))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


class Compressing(http.server.SimpleHTTPRequestHandler):
    """A host as most are: it compresses text, and lets browsers keep files."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Send a file, compressed if it is text."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        content, kind = path.read_bytes(), self.guess_type(str(path))
        self.send_response(200)
        if kind.startswith("text/") or path.suffix in (".js", ".json", ".svg", ".xml"):
            content = gzip.compress(content)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "max-age=31536000")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""
