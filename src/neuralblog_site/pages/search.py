"""Makes the search look through sentences, without code and a notebook's marks."""

import json
import re
from itertools import chain
from pathlib import Path

CODE = re.compile(r"<pre>.*?</pre>", re.DOTALL)
MARKS = re.compile(r"In\s\[\d+\]:(?:\s*Copied!)?|¶")


def rewrite(path: Path, known: dict[str, list[str]]) -> None:
    """Clean an index, and put into it what it had of the pages that were not built again.

    `known` holds what that is, by page, and takes in what is new.
    """
    index = json.loads(path.read_text(encoding="utf-8"))
    again: dict[str, list[str]] = {}
    for entry in index["docs"]:
        for part in ("title", "text"):
            entry[part] = MARKS.sub("", CODE.sub("", entry[part])).strip()
        row = json.dumps(entry, ensure_ascii=False, separators=(",", ":"))
        again.setdefault(entry["location"].partition("#")[0], []).append(row)
    known.update(again)
    index["docs"] = []
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    docs = ",".join(chain(*known.values()))
    path.write_text(text.replace('"docs":[]', f'"docs":[{docs}]', 1), "utf-8")
