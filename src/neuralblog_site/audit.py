"""Checks of the built site that need Java or Node: `python -m neuralblog_site.audit`.

`nu` looks for errors in the HTML; `lighthouse` wants 100 in all four categories. What
they need is installed below build, never into the project.
"""

import functools
import gzip
import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

from neuralblog_site.browser import chromium
from neuralblog_site.environment import KEPT, ROOT

TOOLS = KEPT / "audit"
PACKAGES = {"nu": "vnu-jar@26.9.27", "lighthouse": "lighthouse@13.5.0"}
PROGRAMS = {"nu": ("npm", "java"), "lighthouse": ("npm", "node")}


def nu(out: Path) -> list[str]:
    """Errors and warnings of the Nu HTML checker, a line each."""
    jar = _installed("nu") / "vnu-jar" / "build" / "dist" / "vnu.jar"
    pages = [str(path) for path in sorted(out.rglob("*.html"))]
    command = ["java", "-jar", str(jar), "--format", "gnu", *pages]
    said = subprocess.run(command, capture_output=True, text=True)
    if said.returncode not in (0, 1):
        sys.exit(said.stderr.strip() or "the Nu checker did not run")
    print(f"Nu: {len(pages)} pages")
    return said.stderr.strip().splitlines()


def lighthouse(out: Path) -> list[str]:
    """Categories below 100, for home, a post, a lab and the API page that are there."""
    program = _installed("lighthouse") / "lighthouse" / "cli" / "index.js"
    wanted = ["", *_first(out, "*/card.png"), *_first(out, "labs/*/index.html")]
    wanted += ["api/"] * (out / "api" / "index.html").exists()
    handler = functools.partial(Compressing, directory=str(out))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    found = []
    for page in wanted:
        for form in ("phone", "desktop"):
            address = f"http://127.0.0.1:{server.server_port}/{page}"
            scores = _scores(program, address, form)
            print(f"Lighthouse: {page or 'home'} on a {form}: {scores}")
            found += [
                f"{page or 'home'}, {form}: {name} {n}"
                for name, n in scores.items()
                if n < 100
            ]
    server.shutdown()
    return found


def _scores(program: Path, address: str, form: str) -> dict[str, int]:
    flags = "--headless --disable-gpu" + (" --no-sandbox" if os.geteuid() == 0 else "")
    command = [
        "node",
        str(program),
        address,
        "--quiet",
        "--output=json",
        f"--chrome-flags={flags}",
    ]
    command += ["--preset=desktop"] if form == "desktop" else []
    environment = os.environ | {"CHROME_PATH": chromium()}
    run = subprocess.run(command, capture_output=True, text=True, env=environment)
    if run.returncode:
        sys.exit(f"Lighthouse did not run: {run.stderr.strip()[-500:]}")
    categories = json.loads(run.stdout)["categories"]
    return {name: round(100 * found["score"]) for name, found in categories.items()}


def _first(out: Path, pattern: str) -> list[str]:
    found = [
        path.parent.relative_to(out).as_posix() + "/"
        for path in sorted(out.glob(pattern))
    ]
    return found[:1]


def _installed(name: str) -> Path:
    """The folder of Node packages that has the tool in it."""
    missing = [program for program in PROGRAMS[name] if shutil.which(program) is None]
    if missing:
        sys.exit(f"{name} needs {' and '.join(missing)}, not found here")
    folder = TOOLS / name
    if not (folder / "node_modules").exists():
        print(f"Installing {PACKAGES[name]} (once) ...", flush=True)
        folder.mkdir(parents=True, exist_ok=True)
        command = [
            "npm",
            "install",
            "--prefix",
            str(folder),
            "--no-audit",
            "--no-fund",
            PACKAGES[name],
        ]
        if subprocess.run(command, stdout=subprocess.DEVNULL).returncode:
            shutil.rmtree(folder)
            sys.exit(f"{name} could not be installed. Is there a network?")
    return folder / "node_modules"


class Compressing(http.server.SimpleHTTPRequestHandler):
    """A host as most are: it compresses text, and lets browsers keep files."""

    def do_GET(self) -> None:
        """Send a file, compressed if it is text."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        content = path.read_bytes()
        kind = self.guess_type(str(path))
        self.send_response(200)
        if kind.startswith("text/") or path.suffix in (".js", ".json", ".svg"):
            content = gzip.compress(content)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "max-age=31536000")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


def main() -> None:
    """`python -m neuralblog_site.audit nu|lighthouse [SITE]`."""
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in PACKAGES:
        sys.exit(
            "python -m neuralblog_site.audit nu|lighthouse [FOLDER OF THE BUILT SITE]"
        )
    out = Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "site"
    found = nu(out) if name == "nu" else lighthouse(out)
    print("\n".join(found) or f"{name}: nothing to mend")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
