"""Where the files of the project are. Uses nothing but the standard library."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "installed-from"
# What may be used again; not .cache, which Zensical empties.
KEPT = Path(os.environ.get("NEURALBLOG_CACHE", ROOT / "build" / "kept"))
