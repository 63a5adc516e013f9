"""Cleans what the search looks through: sentences, without code and a notebook's marks."""

import json
import re
from pathlib import Path

CODE = re.compile(r"<pre>.*?</pre>", re.DOTALL)
MARKS = re.compile(r"In\s\[\d+\]:(?:\s*Copied!)?|¶")


def clean_index(out: Path) -> None:
    """Rewrite the search index of a built site."""
    path = out / "search" / "search_index.json"
    if not path.exists():  # another builder has one of its own
        return
    index = json.loads(path.read_text(encoding="utf-8"))
    for entry in index["docs"]:
        entry["title"] = MARKS.sub("", entry["title"]).strip()
        entry["text"] = MARKS.sub("", CODE.sub("", entry["text"])).strip()
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text, "utf-8")
