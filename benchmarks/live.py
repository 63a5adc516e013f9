"""How long readers wait: first output, stops, widgets, training, and bytes on the wire.

    python benchmarks/live.py [SITE]

Measures a built site (site/ by default) in headless Chromium, cold and warm, in turns
with a bare page of the same files that does nothing but load Pyodide and import. Run it
on an idle machine: what it tells depends on everything else that runs.
"""

import gzip
import shutil
import statistics
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

from playwright.sync_api import Page, Playwright, sync_playwright

from neuralblog_site.inpage.explorables import cnn as reader
from neuralblog_site.project.chromium import QUIET, chromium
from neuralblog_site.project.places import ROOT

TURNS = 5
POST = "activations/"
BARE_START = """async (address) => {
  const begun = performance.now();
  const source = `import { loadPyodide } from "${address}pyodide.mjs";
    const py = await loadPyodide({ indexURL: "${address}", packageBaseUrl: "${address}",
      lockFileURL: "${address}pyodide-lock.json", packages: ["numpy", "neuralblog"] });
    py.runPython("import numpy, neuralblog; print(1)");
    postMessage(1);`;
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const worker = new Worker(url, { type: "module" });
  await new Promise((done) => (worker.onmessage = done));
  worker.terminate();
  return (performance.now() - begun) / 1000;
}"""
RUN = """async ([address, code, stopAfter]) => {
  const python = await import(address + "python.js");
  const begun = performance.now();
  const since = () => (performance.now() - begun) / 1000;
  let first = null, stopped = null, printed = "";
  const ended = await new Promise((done) => {
    const stop = python.run({ code, path: "/bench/", name: "bench", alts: [] }, {
      done,
      output: ({ parts }) => {
        first ??= since();
        for (const { text } of parts) printed += text;
      },
      figure: () => (first ??= since()),
      started: () => stopAfter && setTimeout(() => {
        stopped = performance.now();
        stop();
      }, stopAfter),
    });
  });
  const stopTook = stopped === null ? null : (performance.now() - stopped) / 1000;
  return { first, all: since(), stopTook, printed, how: ended.how, text: ended.text };
}"""
CLICK = """async () => {
  const until = async (found) => {
    let seen;
    while (!(seen = found())) await new Promise((then) => setTimeout(then, 1));
    return seen;
  };
  const snippet = [...document.querySelectorAll(".nb-snippet")]
    .find((root) => root.querySelector(".nb-output") && !root.querySelector(".nb-figure"));
  snippet.scrollIntoView();
  const run = await until(() => snippet.querySelector(".nb-run"));
  const old = snippet.querySelector(".nb-output");
  const begun = performance.now();
  run.click();
  await until(() => !old.isConnected && snippet.querySelector(".nb-output"));
  return (performance.now() - begun) / 1000;
}"""
STROKES = """async (times) => {
  const reader = document.querySelector("#play-cnn");
  const until = async (ready) => {
    while (!ready()) await new Promise((then) => setTimeout(then, 1));
  };
  const paper = reader.querySelector(".nb-paper");
  const { left, top, width, height } = paper.getBoundingClientRect();
  const took = [];
  await until(() => reader.answers.live && !reader.asking);
  for (let i = 1; i <= times; i++) {
    const at = { clientX: left + width / 2, clientY: top + height * (0.5 + (0.48 * i) / times) };
    const begun = performance.now();
    paper.dispatchEvent(new PointerEvent("pointermove", { pointerId: 1, ...at }));
    await until(() => !reader.asking);
    took.push((performance.now() - begun) / 1000);
  }
  return [took, reader.state.strokes.length];
}"""
STEPS = """async (times) => {
  const lab = document.querySelector("#play-convolution");
  const until = async (ready) => {
    while (!ready()) await new Promise((then) => setTimeout(then, 1));
  };
  await until(() => lab.shown);
  lab.answers.tables = { answer: [] }; // so that Python is asked
  const took = [];
  for (let i = 0; i <= times; i++) {
    const begun = performance.now();
    lab.go({ ...lab.state, at: [i % 3, i % 2] });
    await until(() => !lab.asking);
    if (i) took.push((performance.now() - begun) / 1000); // Python starts with the first
  }
  return took;
}"""
CALLS = """async ([address, name, given, times]) => {
  const python = await import(address + "python.js");
  for (const value of Object.values(given))
    if (value.shape) {
      const size = value.shape.reduce((a, b) => a * b);
      value.data = new Float64Array(size).fill(255).fill(99, size / 2, size / 2 + 4000); // a line
    }
  const took = [];
  for (let i = 0; i <= times; i++) {
    const begun = performance.now();
    await python.call("neuralblog_site.inpage.explorables.cnn:" + name, given);
    if (i) took.push(performance.now() - begun);
  }
  return took;
}"""
HELLO = "import numpy, neuralblog\nprint(1)"
FIGURE = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"
FOREVER = "while True:\n    pass"
STUBBORN = """import time
while True:
    try:
        time.sleep(1)
    except KeyboardInterrupt:
        pass"""
DIGITS = """from neuralblog import cnn, datasets
datasets.digits(), cnn.trained()"""
EPOCH = """import numpy as np
from neuralblog import Adam, SoftmaxCrossEntropy, datasets, train
from neuralblog.cnn import lenet
rng = np.random.default_rng(0)
x, y, _, _ = datasets.digits()
train(lenet(rng=rng), x[:1000], y[:1000], loss=SoftmaxCrossEntropy(),
      optimizer=Adam(1e-3), epochs=1, rng=rng)
print("done")"""
FORMS = Path(__file__).with_name("forms.py").read_text(encoding="utf-8")
REACH = {
    "click on Run to output, cold": "  (reach 2.4)",
    "stop (stopped)": "  (reach 0.3)",
    "hard stop (killed)": "  (reach 3)",
    "stroke until all is drawn": "  (reach 0.1)",
}


class Quiet(SimpleHTTPRequestHandler):
    """A plain static host without a log, that counts what it sends of each file."""

    sent: ClassVar[dict[str, int]] = {}

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""

    def copyfile(self, source: Any, outputfile: Any) -> None:
        """Send a file."""
        shutil.copyfileobj(source, outputfile)
        self.sent[self.translate_path(self.path)] = source.tell()


class Bench:
    """A served site, visitors who come for the first time, and what they measured."""

    def __init__(self, site: Path, base: str, playwright: Playwright) -> None:
        (folder,) = (path.name for path in (site / "live").iterdir())
        self.base, self.live = base, f"{base}live/{folder}/"
        self.playwright = playwright
        self.took: dict[str, list[float]] = {}
        self.sent: dict[str, dict[str, int]] = {}

    @contextmanager
    def visitor(self) -> Iterator[Page]:
        """A browser with nothing in its cache, at a post."""
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
            context = self.playwright.chromium.launch_persistent_context(
                profile, executable_path=chromium(), args=[*QUIET, "--no-sandbox"]
            )
            page = context.new_page()
            page.goto(self.base + POST)
            yield page
            context.close()

    def note(self, name: str, *seconds: float) -> None:
        """Keep what was measured."""
        self.took.setdefault(name, []).extend(seconds)

    def count(self, name: str) -> None:
        """Keep what was sent since this was last asked."""
        self.sent[name] = dict(Quiet.sent)
        Quiet.sent.clear()

    def run(self, page: Page, code: str, stop_after: int = 0) -> dict[str, Any]:
        """Run a snippet; stop it after some milliseconds, if told so."""
        ran: dict[str, Any] = page.evaluate(RUN, [self.live, code, stop_after])
        return ran

    def starts(self) -> None:
        """First output, cold and warm, in turns with the bare page; then the rest."""
        with self.visitor() as page:
            page.wait_for_load_state("networkidle")
            self.count("a post, without Python")
            page.evaluate(CLICK)
            self.count("more for the first output")
            self.run(page, FIGURE)
            self.count("more for the first figure")
            self.run(page, DIGITS)
            self.count("more for digits and weights")
        for _ in range(TURNS):
            with self.visitor() as page:
                self.note("bare, cold", page.evaluate(BARE_START, self.live))
                page.reload()
                self.note("bare, warm", page.evaluate(BARE_START, self.live))
            with self.visitor() as page:
                self.note("first output, cold", self.run(page, HELLO)["first"])
                page.reload()
                self.note("first output, warm", self.run(page, HELLO)["first"])
                self.note("first figure", self.run(page, FIGURE)["all"])
                self.note("figure again", self.run(page, FIGURE)["all"])
                for name, code in (("stop", FOREVER), ("hard stop", STUBBORN)):
                    stopped = self.run(page, code, 500)
                    self.note(f"{name} ({stopped['how']})", stopped["stopTook"])
            with self.visitor() as page:
                self.note("click on Run to output, cold", page.evaluate(CLICK))

    def widgets(self) -> None:
        """An epoch; round trips into Python; what a stroke and a step take in all."""
        with self.visitor() as page:
            once = self.run(page, EPOCH)
            assert once["how"] == "ok", once
            self.note("one epoch of LeNet on 1,000 digits", once["all"])
            print(self.run(page, FORMS)["printed"])
            pixels = {"shape": [280, 280, 4]}
            line = [(60 + 4 * i, 80 + 3 * i) for i in range(40)]
            stroke = {**reader.STATE, "index": -1, "strokes": reader.drawn(*line)}
            for title, name, given in (
                ("call: a drawing", "answer", stroke),
                ("call: a photograph", "photographed", {"pixels": pixels}),
            ):
                for took in page.evaluate(CALLS, [self.live, name, given, 30]):
                    self.note(title, took / 1000)
            page.goto(f"{self.base}cnn/")
            page.locator("#play-cnn").scroll_into_view_if_needed()
            page.locator(".nb-paper").hover()
            page.mouse.down()
            took, drawn = page.evaluate(STROKES, 20)
            assert drawn == 3 * 21, "not every stroke was drawn"
            self.note("stroke until all is drawn", *took)
            page.goto(f"{self.base}convolution/")
            page.locator("#play-convolution").scroll_into_view_if_needed()
            self.note("step of the kernel lab", *page.evaluate(STEPS, 30))

    def report(self) -> None:
        """Print medians, worst cases, and how we compare with the bare page."""
        for name, seconds in self.took.items():
            middle, worst = statistics.median(seconds), max(seconds)
            print(f"{name:40} {middle:7.3f} s  worst {worst:7.3f}{REACH.get(name, '')}")
        for heat in ("cold", "warm"):
            ours, bare = self.took[f"first output, {heat}"], self.took[f"bare, {heat}"]
            ratio = statistics.median(a / b for a, b in zip(ours, bare, strict=True))
            print(f"{f'ours / bare, {heat}':40} {ratio:7.2f}    (reach 1.15)")
        print("bytes on the wire")
        for name, files in self.sent.items():
            raw = sum(files.values()) / 1e6
            packed = sum(map(compressed, files)) / 1e6
            print(f"{name:40} {raw:7.2f} MB  {packed:7.2f} where the host compresses")


def compressed(path: str) -> int:
    """The size of a file as hosts send it; what is packed already stays as it is."""
    content = Path(path, "index.html" if Path(path).is_dir() else "").read_bytes()
    return min(len(content), len(gzip.compress(content, 6)))


def main(site: Path) -> None:
    """Measure, and print a table."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=site))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        bench = Bench(site, f"http://127.0.0.1:{server.server_port}/", playwright)
        bench.starts()
        bench.widgets()
        bench.report()
    server.shutdown()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "site")
