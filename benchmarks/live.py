"""How long readers wait: first output, stops, widgets, training, and bytes on the wire.

    python benchmarks/live.py [SITE]

Measures a built site (site/ by default) in headless Chromium, cold and warm, in turns
with a bare page of the same files that does nothing but load Pyodide and import. Run it
on an idle machine: what it tells depends on everything else that runs.
"""

import statistics
import sys
import tempfile
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, sync_playwright

from neuralblog_site.browser import QUIET, chromium
from neuralblog_site.environment import ROOT

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
  let first = null, stopped = null;
  const ended = await new Promise((done) => {
    const stop = python.run({ code, path: "/bench/", name: "bench", alts: [] }, {
      done,
      output: () => (first ??= since()),
      figure: () => (first ??= since()),
      started: () => stopAfter && setTimeout(() => {
        stopped = performance.now();
        stop();
      }, stopAfter),
    });
  });
  const stopTook = stopped === null ? null : (performance.now() - stopped) / 1000;
  return { first, all: since(), stopTook, how: ended.how, text: ended.text };
}"""
CALLS = """async ([address, name, given, times]) => {
  const python = await import(address + "python.js");
  for (const value of Object.values(given))
    if (value.shape) {
      value.data = new Float64Array(value.shape.reduce((a, b) => a * b)).fill(value.fill);
      delete value.fill;
    }
  const took = [];
  for (let i = 0; i <= times; i++) {
    const begun = performance.now();
    await python.call("neuralblog_site.explorables:" + name, given);
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
EPOCH = """import numpy as np
from neuralblog import Adam, SoftmaxCrossEntropy, datasets, train
from neuralblog.cnn import lenet
rng = np.random.default_rng(0)
x, y, _, _ = datasets.digits()
train(lenet(rng=rng), x[:1000], y[:1000], loss=SoftmaxCrossEntropy(),
      optimizer=Adam(1e-3), epochs=1, rng=rng)
print("done")"""


class Quiet(SimpleHTTPRequestHandler):
    """A plain static host without a log."""

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


def main(site: Path) -> None:
    """Measure, and print a table."""
    (folder,) = (path.name for path in (site / "live").iterdir())
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=site))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}/"
    live = f"{base}live/{folder}/"
    files = (site / "live" / folder).rglob("*")
    sizes = {path.name: path.stat().st_size for path in files if path.is_file()}
    took: dict[str, list[float]] = {}
    with sync_playwright() as playwright:

        def visitor() -> BrowserContext:
            return playwright.chromium.launch_persistent_context(
                tempfile.mkdtemp(),
                executable_path=chromium(),
                args=[*QUIET, "--no-sandbox"],
            )

        def note(name: str, seconds: float) -> None:
            took.setdefault(name, []).append(seconds)

        for _ in range(TURNS):
            for kind in ("bare", "ours"):
                context = visitor()
                page = context.new_page()
                for heat in ("cold", "warm"):
                    page.goto(base + POST)
                    if kind == "bare":
                        note(f"bare, {heat}", page.evaluate(BARE_START, live))
                    else:
                        first = page.evaluate(RUN, [live, HELLO, 0])["first"]
                        note(f"first output, {heat}", first)
                if kind == "ours":
                    note("first figure", page.evaluate(RUN, [live, FIGURE, 0])["all"])
                    note("figure again", page.evaluate(RUN, [live, FIGURE, 0])["all"])
                    for name, code in (("stop", FOREVER), ("hard stop", STUBBORN)):
                        stopped = page.evaluate(RUN, [live, code, 500])
                        note(f"{name} ({stopped['how']})", stopped["stopTook"])
                context.close()
        context = visitor()
        page = context.new_page()
        page.goto(base + POST)
        once = page.evaluate(RUN, [live, EPOCH, 0])
        assert once["how"] == "ok", once
        note("one epoch of LeNet on 1,000 digits", once["all"])
        measure_widgets(page, live, took)
        context.close()
    server.shutdown()
    report(took, sizes)


def measure_widgets(page: Page, live: str, took: dict[str, list[float]]) -> None:
    """Round trips into Python: a small one, and what a stroke of the pen costs."""
    pixels = {"shape": [280, 280, 4], "fill": 99.0}
    image = {"shape": [28, 28], "fill": 0.5}
    shift = {"image": image, "down": 1, "right": 1, "noise": 0.1}
    for title, name, given, times in (
        ("call: small", "disturbed", shift, 30),
        ("call: canvas to input", "prepared", {"pixels": pixels}, 10),
        ("call: every layer", "reading", {"image": image}, 30),
    ):
        times_took = page.evaluate(CALLS, [live, name, given, times])
        took[title] = [milliseconds / 1000 for milliseconds in times_took]


def report(took: dict[str, list[float]], sizes: dict[str, int]) -> None:
    """Print medians, worst cases, and how we compare with the bare page."""
    for name, seconds in took.items():
        print(
            f"{name:40} {statistics.median(seconds):7.3f} s  worst {max(seconds):7.3f}"
        )
    for heat in ("cold", "warm"):
        ours, bare = took[f"first output, {heat}"], took[f"bare, {heat}"]
        ratio = statistics.median(a / b for a, b in zip(ours, bare, strict=True))
        print(f"{f'ours / bare, {heat}':40} {ratio:7.2f}    (reach 1.15)")
    start = ("pyodide", "python_stdlib", "numpy-", "neuralblog-")
    first = sum(size for name, size in sizes.items() if name.startswith(start))
    print(f"{'bytes at first, raw':40} {first / 1e6:7.1f} MB")
    print(f"{'bytes in all':40} {sum(sizes.values()) / 1e6:7.1f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "site")
