"""Every snippet of every page, run in the browser: it prints what the page shows.

A run is reused while the snippet and everything that it ran on are unchanged, and what
trains a network waits for `SLOW=1`, which `make slow` sets: that runs them all.
"""

import hashlib
import json
import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from neuralblog_site.project.places import KEPT, ROOT
from neuralblog_site.sources.site import Site

CACHE = KEPT / "browser"
FOUND = """() => [...document.querySelectorAll(".nb-snippet")].map((root) => ({
  code: root.querySelector("code").textContent,
  trains: "trains" in root.dataset,
  printed: root.querySelector(".nb-output code")?.textContent ?? "",
  figures: [...root.querySelectorAll(".nb-figure svg")].map((svg) => svg.outerHTML),
}))"""
RUN = """async ([code, limit]) => {
  let printed = "", wrong = "";
  const figures = [];
  const ended = await new Promise((done) => {
    const stop = python.run({ code, path: "alone", name: "snippet", alts: [] }, {
      done,
      figure: ({ svg }) => figures.push(svg),
      again: () => (printed = ""),
      output: ({ parts }) => parts.forEach(({ stream, text }) =>
        stream === "out" ? (printed += text) : (wrong += text)),
    });
    setTimeout(stop, limit * 1000);
  });
  python.reset("alone");
  return { printed, wrong, figures, how: ended.how, text: ended.text };
}"""
PAGES = [page for page in Site(ROOT).pages() if page.kind != "lab"]
SOURCES = [page.path for page in PAGES if page.snippets]


def glyphs(svg: str) -> list[str]:
    """The letters that a figure draws, and from which fonts."""
    return sorted(set(re.findall(r'\bid="[a-z0-9]+-([A-Z]\w+-[0-9a-f]+)"', svg)))


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_snippets_print_in_the_page_what_it_shows(
    site: str, built: Path, browser: Browser, python: Page, source: Path
) -> None:
    page = browser.new_page()
    page.goto(site + ("" if source.stem == "index" else f"{source.stem}/"))
    (live,) = (built / "live").iterdir()
    ground = b"".join(
        (live / n).read_bytes() for n in ("pyodide-lock.json", "worker.js")
    )
    found = page.evaluate(FOUND)
    page.close()
    assert found
    wrong = []
    for number, snippet in enumerate(found, 1):
        parts = ground + json.dumps(snippet).encode()
        seen = CACHE / hashlib.sha256(parts).hexdigest()
        if (seen.exists() or snippet["trains"]) and "SLOW" not in os.environ:
            continue
        limit = 1000 if snippet["trains"] else 300  # seconds
        made = python.evaluate(RUN, [snippet["code"], limit])
        made["figures"] = [glyphs(svg) for svg in made["figures"]]
        figures = [glyphs(svg) for svg in snippet["figures"]]
        expected = {"printed": snippet["printed"], "figures": figures}
        expected |= {"how": "ok", "wrong": "", "text": ""}
        if made == expected:
            seen.parent.mkdir(parents=True, exist_ok=True)
            seen.touch()
        else:
            differs = {key: made[key] for key in expected if made[key] != expected[key]}
            wrong.append(f"snippet {number}: {differs}, expected {expected}")
    assert not wrong, "\n".join(wrong)
