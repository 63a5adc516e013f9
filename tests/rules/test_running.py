"""Each rule that only running tells, and what no single page tells."""

import base64
import dataclasses
import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from neuralblog_site.rules import RULES
from neuralblog_site.rules.check import other_settings
from neuralblog_site.running.error_messages import MEND
from neuralblog_site.running.results import Execution
from neuralblog_site.sources.snippets import Snippet

if TYPE_CHECKING:
    from conftest import Tree

GOOD = Path(__file__).parents[1].joinpath("good.txt").read_text(encoding="utf-8")
Runs = tuple[Execution, Execution]
LAST = "plt.show()\n"
OUTPUT = "<!--pytest-codeblocks:expected-output-->\n\n```text\n0.5\n```\n\n"
FIGURE = "<!--figure: A line that is flat up to zero and then rises.-->"

REDS = [  # code, what is replaced, by what, and what stands in the line that is told
    ("SN06", LAST, LAST + "relu(undefined)\n", "undefined"),
    ("SN06", LAST, LAST + "relu(\n", "relu(\n"),
    ("SN06", LAST, LAST + "raise KeyboardInterrupt\n", "raise"),
    ("SN06", LAST, LAST + "import ctypes; ctypes.string_at(0)\n", "import matplotlib"),
    ("SN07", "\n0.5\n", "\n0.50\n", "0.50"),
    ("SN07", "\n0.5\n", "\n0.5\n0.6\n", "0.6"),
    ("SN07", "relu(0.5)", "relu(1.5)", "\n0.5\n"),
    ("SN08", OUTPUT, "", "import matplotlib"),
    ("SN09", 'print(f"{relu(0.5):.1f}")', "print(*set('abcdefgh'))", "\n0.5\n"),
    ("SN14", LAST, LAST + "while True: pass\n", "while"),
    ("SN14", LAST, LAST + "while True:\n    try: __import__('time').sleep(9)\n"
     "    except BaseException: pass\n", "try:"),
    ("SN14", LAST, LAST + "x = np.zeros((1 << 16, 1 << 16))\n", "x = np"),
    ("SN14", LAST, LAST + "x = [0]\nwhile True: x += x\n", "while"),
    ("SN15", LAST, LAST + "import asyncio\nasyncio.open_connection\n"
     "__import__('socket').create_connection(('127.0.0.1', 9))\n", "__import__"),
    ("SN16", LAST, LAST + "np.save('here', z)\n", "import matplotlib"),
    ("SN16", LAST, LAST + "np.save('/tmp/neuralblog-test', z)\n", "np.save"),
    ("SN16", LAST, LAST + "import os\nwith open('x', 'w') as f:\n    f.write('a')\n"
     "os.remove('x')\n", "import matplotlib"),
    ("SN28", LAST, LAST + "(lambda o: o.kill(1, 0))(__import__('os'))\n", "(lambda"),
    ("SN31", "plt.plot(z, relu(z))\n", "plt.figure()\n", "import matplotlib"),
    ("SN31", "plt.plot(z, relu(z))\n", "plt.subplots()\n", "import matplotlib"),
    ("SN31", "plt.plot(z, relu(z))\n", "plt.plot([], [])\n", "import matplotlib"),
    ("SN31", "plt.plot(z, relu(z))\n", "_, (ax, _) = plt.subplots(2)\nax.plot(z)\n",
     "import matplotlib"),
    ("SN31", LAST, "plt.gcf().set_size_inches(200, 200)\n" + LAST,
     "import matplotlib"),
    ("SN31", "plt.plot(z, relu(z))", "plt.scatter(*rng.random((2, 3000)))",
     "import matplotlib"),
    ("SN20", LAST, LAST + "z = np.log(z - 2)\n", "np.log"),
    ("SN20", LAST, LAST + "import sys; print('x', file=sys.stderr)\n",
     "import matplotlib"),
    ("SN21", FIGURE, "", "import matplotlib"),
    ("SN21", FIGURE, FIGURE + "\n" + FIGURE, "import matplotlib"),
    ("SN21", LAST, "", "import matplotlib"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "old", "new", "at"), REDS, ids=lambda v: repr(v)[1:25]
)
def test_a_fault_gives_one_line(
    tree: "Tree",
    runs: Runs,
    monkeypatch: pytest.MonkeyPatch,
    code: str,
    old: str,
    new: str,
    at: str,
) -> None:
    if code == "SN14":
        monkeypatch.setattr(Snippet, "limit", 4.0)
    assert GOOD.count(old) == 1
    text = GOOD.replace(old, new)
    tree.write("docs/posts/good.md", text)
    line = text.count("\n", 0, text.index(at) + at.startswith("\n")) + 1
    found = tree.check("docs/posts/good.md", *runs)
    assert [(p.line, p.code) for p in found] == [(line, code)], found
    without = tree.check("docs/posts/good.md", *runs, without=code)
    assert code not in [p.code for p in without]


def test_the_good_post_is_good(tree: "Tree", runs: Runs) -> None:
    assert tree.check("docs/posts/good.md", *runs) == []


@pytest.mark.parametrize(
    "line",
    [
        "plt.figure().text(0, 0, 'words')",
        "plt.imshow(np.ones((3, 3)))",
        "plt.fill_between(z, z)",
        "import io; np.save(io.BytesIO(), z); plt.plot(z)",
        "plt.plot(z)\nfrom tempfile import TemporaryDirectory\n"
        "with TemporaryDirectory() as here:\n    np.save(f'{here}/z', z)",
    ],
)
def test_what_is_drawn_and_written_as_it_should_be(
    tree: "Tree", runs: Runs, line: str
) -> None:
    tree.write("docs/posts/good.md", GOOD.replace("plt.plot(z, relu(z))", line))
    assert tree.check("docs/posts/good.md", *runs) == []


SHOWN = "<!--pytest-codeblocks:expected-output-->"
BLOCK = "```text\n0.5\n```"
TILDES = "~~~python\nfrom neuralblog import relu\n\nprint(relu(1.0))\n~~~"
IMAGE = "![A neuron with three inputs and one output](../assets/images/neuron.svg)"

HIDDEN = "<!--\n\n```python\nfrom neuralblog import relu\nprint(relu(1))\n```\n-->"
HIGHLIGHT = "{% highlight python %}\n# relu\nx = relu(3)\n{% endhighlight %}"
PAIRS = [  # the same; each breaks several rules, and is told once
    ("FM01", "---\ndate", "date", "date"),
    ("FM03", "authors:", "author:", "author"),
    ("FM03", "description:", "descripton:", "descripton"),
    ("HT01", "The end.", "<img>", "<img>"),
    ("HT01", "The end.", '<img src="../assets/images/neuron.svg">', "<img"),
    ("HT01", "The end.", "| a |\n|---|\n| <img> |", "<img>"),
    ("HT01", "The end.", '<a href="http://example.org">https://x</a>', "<a"),
    ("HT01", "The end.", '<div onclick="x()">words</div>', "<div"),
    ("HT01", "The end.", "<table>\n<tr>\n<td>words</td>\n</tr>\n</table>", "<table"),
    ("HT01", "The end.", "<pre>import numpy as np</pre>", "<pre"),
    ("HT01", "The end.", "[the list](javascript:alert(1))", "[the list]"),
    ("HT01", "The end.", "[the list](java&#115;cript:alert(1))", "[the list]"),
    ("HT01", "The end.", '<a href="java&#115;cript:alert(1)">this</a>', "<a"),
    ("HT01", "The end.", "![A neuron and its inputs](javascript:x)", "![A neuron and"),
    ("IM01", IMAGE, "[![](../assets/images/neuron.svg)](../glossary.md)", "[![]"),
    ("LK01", "The end.", "See [the list](<no where.md>).", "See"),
    ("MD01", "## Exercises", "# Exercises", "# Ex"),
    ("MD02", "<!-- more -->", "<!-- more", "<!-- more"),
    ("MD02", "<!-- more -->", "<!-- moer -->", "<!-- moer"),
    ("MD03", "# A good post", "A good post\n=====", "====="),
    ("MD03", "The end.", "#neurons and more", "#neurons"),
    ("MD04", '??? success "Sol', '?? success "Sol', "?? success"),
    ("MD04", "    Indented, and", "Indented, and", "Indented"),
    ("MD05", "The end.", "A.[^a]\n\n[^b]: B.", "A.[^a]"),
    ("MD05", "The end.", "See [cells](https://x.org/Cell_(biology).", "See [c"),
    ("PT01", "The end.", "![A neuron]({{ site.baseurl }}/neuron.png)", "![A neuron]("),
    ("PT01", "The end.", "See [the list]({% post_url 2020-01-01-neuron %}).", "See"),
    ("PT01", "The end.", "See [the list]({{< ref 'neuron.md' >}}).", "See"),
    ("PT01", "The end.", HIGHLIGHT, "{%"),
    ("SN26", LAST, f"{LAST}w\u0435ight = 1\n", "w\u0435ight"),
    ("MD08", "The end.", "| a | b |\n|---|---|\n| $|x|$ | 2 |", "| $"),
    ("SN18", LAST, f"{LAST}note = 'a\u200bb'\n", "note"),
    ("PT01", "The end.", "{% if x %}\nA.\n{% else %}\nB.\n{% endif %}", "{%"),
    ("SN01", "The end.", TILDES, "~~~python"),
    ("SN01", "The end.", f"{TILDES}\n\n{SHOWN}\n\n{BLOCK}", "~~~python"),
    ("SN01", "```python\nimport", "```text\nimport", "```text"),
    ("SN02", "```python\nimport", "```pyhton\nimport", "```pyhton"),
    ("SN02", BLOCK, "```\n0.5\n```", "```\n0.5"),
    ("SN02", BLOCK, '```text title="a"\n0.5\n```', "```text title"),
    ("SN03", BLOCK, "```text\n0.5", "```text"),
    ("SN03", f"{LAST}```", LAST, "```python"),
    ("SN03", "relu(-1.0) == 0\n    ```", "relu(-1.0) == 0\n```", "    ```python"),
    ("SN03", "```python\nimport", " ```python\nimport", " ```python"),
    ("SN04", "from neuralblog import relu\n\nrng", "\nrng", "import matplotlib"),
    ("SN09", "```text\n0.5\n", "```text\n0.512345\n", "0.512345"),
    (
        "SN09",
        LAST + "```\n\n" + OUTPUT,
        LAST + "print(*set('abcdefgh'))\n```\n\n",
        "import m",
    ),
    ("SN10", LAST, f"{LAST}from numpy.random import *\n", "from numpy.random"),
    ("SN10", LAST, f"{LAST}import random as relu\n", "import random"),
    ("SN11", SHOWN, "<!--pytest-codeblocks:expected-ouput-->", "<!--pytest"),
    ("SN11", SHOWN, "<!-pytest-codeblocks:expected-output-->", "<!-pytest"),
    ("SN11", SHOWN, f"It prints:\n\n{SHOWN}", SHOWN),
    ("SN11", SHOWN, f"{SHOWN}\n\n{SHOWN}", SHOWN),
    ("SN11", f"{SHOWN}\n\n", "", "```text"),
    ("SN11", FIGURE, FIGURE.replace("figure", "figur"), "<!--figur"),
    ("SN11", FIGURE, f"It draws:\n\n{FIGURE}", FIGURE),
    ("SN12", SHOWN, "<!--pytest-codeblocks:skip-->", "<!--pytest"),
    ("SN12", "```python\nimport", "<!--\n```python\nimport", "<!--\n"),
    ("SN12", "The end.", HIDDEN, "<!--\n\n```python"),
    ("SN12", LAST, f"{LAST}import pytest; pytest.skip('x')\n", "import pytest"),
    ("SN16", LAST, f"{LAST}open('x', 'w').write('a')\n", "import matplotlib"),
    ("SN17", LAST, f"{LAST}import scipy as np\n", "import scipy"),
    ("SN18", LAST, f"{LAST}note = “a”\n", "note"),
    ("SN22", LAST, f"{LAST}!pip install neuralblog\n", "!pip"),
    ("SN28", LAST, f"{LAST}import os; os.kill(os.getppid(), 9)\n", "import os"),
    ("SN17", LAST, f"{LAST}import scipy\n", "import scipy"),
    ("SN17", LAST, f"{LAST}import __main__; __main__.x = 3\n", "import __main__"),
    ("SN28", LAST, f"{LAST}import sys; sys.path.append('..')\n", "import sys"),
    ("SN28", LAST, f"{LAST}import sys; sys.modules['os'] = None\n", "import sys"),
    ("SN28", LAST, f"{LAST}import os; os.environ['A'] = 'b'\n", "import os"),
    ("SN28", LAST, f"{LAST}import os; os.environ.update(A='b')\n", "import os"),
    ("SN28", LAST, f"{LAST}import os; del os.environ['PATH']\n", "import os"),
    ("SN28", LAST, f"{LAST}import gc; gc.callbacks.append(print)\n", "import gc"),
    (
        "SN28",
        LAST,
        f"{LAST}import locale as l; l.setlocale(l.LC_ALL, 'C')\n",
        "import l",
    ),
    ("SN28", LAST, f"{LAST}np.random.default_rng = None\n", "np.random.default_rng ="),
    (
        "SN09",
        LAST + "```\n\n" + OUTPUT,
        LAST + "print(np.ndarray(3000).sum())\n```\n\n",
        "import m",
    ),
    ("TX04", "The end.", "An e\ufb00ect.", "An e"),
    ("MD06", "The end.", "*one\n*two", "*one"),
    ("PT01", "The end.", "{% for p in x %}\n- one\n{% endfor %}", "{%"),
    ("PT01", "The end.", "{::comment}\nWords.\n{:/comment}", "{::"),
    ("PT01", "The end.", "{{< figure\n  src='a.png'\n>}}", "{{<"),
    ("PT01", "The end.", "%%\nhidden\n%%", "%%"),
    ("PT01", "The end.", "--8<--\nREADME.md\n--8<--", "--8<--"),
    ("MD08", "The end.", "| a |\n|---|---|\n| 1 | 2 |", "| a |"),
    (
        "HT01",
        "The end.",
        "<table>\n<tr><td>\n[**A**](b.md) https://x.org\n</td></tr>\n</table>",
        "<table",
    ),
    ("PT01", "The end.", "#+begin_src\nx = 1\n#+end_src", "#+begin"),
    ("PT01", "The end.", "#+BEGIN_QUOTE\nWords.\n#+END_QUOTE", "#+"),
    ("PT01", "The end.", "[source,python]\n----\nx = relu(3)\n----", "[source"),
    ("PT01", "The end.", "[NOTE]\n====\nWords.\n====", "[NOTE"),
    ("PT01", "The end.", "|===\n|a |b\n|===", "|==="),
    ("PT01", "The end.", "+---+---+\n| a | b |\n+---+---+", "+---"),
    ("PT01", "The end.", "| Words in lines\n| and more", "| Words"),
    ("PT01", "The end.", "!!!include(a.md)!!!", "!!!include"),
    ("PT01", "The end.", "![png](output_3_0.png)", "![png]"),
    ("PT01", "The end.", "<Figure size 640x480 with 1 Axes>", "<Figure"),
    ("PT01", "The end.", "[<matplotlib.lines.Line2D at 0x7f8b8c0d5f10>]", "[<mat"),
    ("PT01", "The end.", "<IPython.core.display.HTML object>", "<IP"),
    ("PT01", "The end.", "[[https://example.org][the list]]", "[[https"),
    ("PT01", "The end.", "https://example.org[the list]", "https://example.org["),
    ("PT01", "The end.", "In [3]: `x`", "In [3]: `"),
    ("PT01", "The end.", "It is $`x^2`$ here.", "It is $`x"),
    ("PT01", "The end.", "It is \\@ref(fig:a).", "It is \\@r"),
    ("PT01", "The end.", "{:/comment}", "{:/commen"),
    ("PT01", "The end.", "It is ``quoted'' here.", "It is ``q"),
    ("PT01", "The end.", "#+TITLE: Words", "#+TITLE: "),
    ("SN22", LAST, f"{LAST}%timeit relu(3)\n", "%timeit"),
    ("SN22", LAST, f"{LAST}relu?\n", "relu?"),
    ("SN22", LAST, f"{LAST}%%time\n", "%%time"),
    ("HT01", "The end.", "<div>\n<style scoped>\n</style>\n</div>", "<div"),
    ("MA01", "The end.", "\\begin{itemize}\n\\item one\n\\end{itemize}", "\\begin"),
    ("SN14", LAST, f"{LAST}from time import sleep\n", "from time"),
    ("TX01", LAST, f"{LAST}<<<<<<< HEAD\n", "<<<<"),
    ("TX01", "The end.", "<<<<<<< a\nA\n=======\nB\n>>>>>>> b", "<<<<"),
]


@pytest.mark.parametrize(
    ("code", "old", "new", "at"), PAIRS, ids=lambda v: repr(v)[:30]
)
def test_a_fault_of_several_rules_gives_one_line(
    tree: "Tree", runs: Runs, code: str, old: str, new: str, at: str
) -> None:
    text = GOOD.replace(old, new, 1)
    tree.write("docs/posts/good.md", text)
    line = text.count("\n", 0, text.index(at)) + 1
    found = tree.check("docs/posts/good.md", *runs)
    assert [(p.line, p.code) for p in found] == [(line, code)], found
    assert "\n" not in str(found[0])


PLACES = [  # code, what is written at the end, and what stands in the line that is told
    ("LK01", "See [the list](../glossary.md#rel).", "#rel)"),
    ("LK01", "See [the list](../glossary).", "glossary)"),
    ("LK01", "See [the list](no&amp;where\\_.md).", "See"),
    ("LK01", "See [a word][r].\n\n[r]: ../glossary", "[r]: "),
    ("LK03", "See [the list](http://example.org/?a&amp;b).", "See"),
    ("LK04", "See [a word](https://x.org).\n\nSee https://x.org too.", "too"),
    ("IM01", f"{IMAGE} ![](../assets/images/neuron.svg)\n\n{IMAGE}", " ![]("),
    ("MD05", "See [ ](../glossary.md).", "See"),
    ("MD05", IMAGE[:-1], f"{IMAGE[:-1]}\n"),
    ("MD04", '!! question "Predict"', "!! question"),
    ("MD01", "Words.\n\n# Another title\n\n=====", "# Another"),
    ("LK01", "See [a word][r].\n\n[r]:../glossary", "[r]:"),
    ("MA01", "$$\n\n$$", "$$\n\n"),
    ("MD06", "Words.\n\n>\n\nMore.", ">\n"),
    ("PT01", "Why so?\n?\nTherefore.", "?\nTherefore"),
]


@pytest.mark.parametrize(("code", "end", "at"), PLACES)
def test_a_fault_is_told_at_its_own_line(
    tree: "Tree", code: str, end: str, at: str
) -> None:
    text = GOOD.replace("The end.", end)
    tree.write("docs/posts/good.md", text)
    line = text.count("\n", 0, text.rindex(at)) + 1
    assert [(p.line, p.code) for p in tree.check()] == [(line, code)]
    assert tree.check(without=code) == []


API = "the library has no such name: the API page lists all"


@pytest.mark.parametrize(
    ("line", "fix"),
    [
        ("from neuralblog import reluu", "did you mean `relu`?"),
        ("from neuralblog import losess", "did you mean `losses`?"),
        ("from neuralblog import zzz", API),
        ("from neuralblog.losses import nothing", API),
        ("import neuralblog; neuralblog.losses.nothing", API),
        ("import neuralblog as n; n.losses.MeanSquareError", "`MeanSquaredError`?"),
        ("from neuralblog.lossess import CrossEntropy", "did you mean `losses`?"),
        ("from numpy import nothing", MEND),
        ("raise ValueError('one\\n\\ntwo')", MEND),
    ],
)
def test_a_name_that_the_library_does_not_have(
    tree: "Tree", runs: Runs, line: str, fix: str
) -> None:
    tree.write("docs/posts/good.md", GOOD.replace(LAST, f"{LAST}{line}\n"))
    (found,) = tree.check("docs/posts/good.md", *runs)
    assert (found.line, found.code) == (30, "SN06")
    assert found.fix.endswith(fix)
    assert "\n" not in str(found) and "/src/" not in str(found)
    assert "site-packages" not in str(found)


def test_the_other_machine_has_an_older_cpu() -> None:
    settings = other_settings()
    assert settings["PYTHONHASHSEED"] != "0"
    assert settings["NPY_DISABLE_CPU_FEATURES"]


def test_bytes_that_are_no_text_are_told_alone(tree: "Tree") -> None:
    page = GOOD.encode().replace(b"Words,", b"W\xf6rds, <script>")
    tree.write("docs/posts/good.md", page)
    assert [(p.line, p.code) for p in tree.check()] == [(18, "TX02")]
    assert [p.code for p in tree.check(without="TX02")] == ["HT01", "TX04"]
    for start in b"\xef\xbb\xbf", b"---\n# \0\n":
        tree.write("docs/posts/good.md", start + GOOD.encode().removeprefix(b"---\n"))
        assert [p.code for p in tree.check()] == ["TX02"]


def test_a_slug_is_taken_once(tree: "Tree") -> None:
    tree.write("docs/posts/other.md", GOOD)
    assert tree.check() == []
    found = tree.check("docs/posts/other.md")
    assert [(p.line, p.code) for p in found] == [(4, "FM09")]
    assert "docs/posts/good.md" in found[0].what
    assert tree.check("docs/posts/other.md", without="FM09") == []


def test_a_link_to_a_draft(tree: "Tree") -> None:
    draft = GOOD.replace("slug: good", "slug: soon\ndraft: true")
    tree.write("docs/posts/soon.md", draft)
    tree.write("docs/posts/good.md", GOOD.replace("The end.", "See [a word](soon.md)."))
    assert [(p.line, p.code) for p in tree.check()] == [(66, "LK02")]
    assert tree.check(without="LK02") == []


@pytest.mark.parametrize(
    "name",
    ["docs/posts/Good.md", "docs/posts/a b.md", "docs/posts/deep/good.md", "notes.md"],
)
def test_a_file_in_the_wrong_place(tree: "Tree", name: str) -> None:
    (tree.root / "docs/posts/good.md").unlink()
    tree.write(name, GOOD.replace("../", "../../" if "deep" in name else "../"))
    assert ("FL01", 1) in [(p.code, p.line) for p in tree.check(name)]
    assert "FL01" not in [p.code for p in tree.check(name, without="FL01")]


def test_files_that_no_page_tells(tree: "Tree") -> None:
    tree.write("docs/posts/draft.txt", "A post?")
    tree.write("docs/assets/images/unused.png", b"\x89PNG")
    found = [(p.path, p.code) for p in tree.check_folder()]
    assert found == [
        ("docs/assets/images/unused.png", "IM02"),
        ("docs/posts/draft.txt", "FL01"),
    ]


def photo(kind: str, size: int = 8, frames: int = 1, **saved: object) -> bytes:
    """The bytes of a picture."""
    first, *more = [Image.new("RGB", (size, 8), (99 * n, 0, 0)) for n in range(frames)]
    file = io.BytesIO()
    moving = {"save_all": True, "append_images": more} if more else {}
    first.save(file, kind, **saved, **moving)  # type: ignore[arg-type]
    return file.getvalue()


def exif(place: dict[int, object]) -> bytes:
    """What a telephone writes into a photo, with what it says about the place."""
    written = Image.Exif()
    written[0x010E] = "A hand and a pencil"
    written.get_ifd(0x8825).update(place)
    return written.tobytes()


NORTH = {1: "N", 2: (52.0, 31.0, 0.0)}
XMP = b"<x:xmpmeta><rdf:Description exif:GPSLatitude='52,31N'/></x:xmpmeta>"
TOWN = b"\x1c\x02Z\x00\x06Berlin"  # IPTC's record 2:90
IPTC = b"8BIM\x04\x04\0\0" + len(TOWN).to_bytes(4, "big") + TOWN + b"\0"
CREATED = b"<x:xmpmeta><Iptc4xmpExt:LocationCreated/></x:xmpmeta>"


def segment(data: bytes) -> bytes:
    """A photo with one more segment of metadata: what some programs write IPTC into."""
    whole, plain = b"Photoshop 3.0\0" + data, photo("JPEG")
    size = (len(whole) + 2).to_bytes(2, "big")
    return plain[:2] + b"\xff\xed" + size + whole + plain[2:]


def noted(key: str, said: str) -> bytes:
    """A PNG with a text of its own."""
    notes = PngInfo()
    notes.add_text(key, said, zip=True)
    return photo("PNG", pnginfo=notes)


def embedding(picture: bytes) -> bytes:
    """An SVG that holds a picture."""
    written = base64.b64encode(picture).decode()
    return f'<svg><image href="data:image/jpeg;base64,{written}"/></svg>'.encode()


PROFILE = f"\niptc\n{len(TOWN):8}\n{TOWN.hex()}\n"
HOME = b"<svg xmlns:inkscape='a' inkscape:export-filename='/home/ada/a.png'/>"
PICTURES = [
    ("IM02", "large.png", b"\x89PNG" + bytes(201 * 1024)),
    ("IM02", "fake.png", b"GIF89a"),
    ("IM02", "scripted.svg", b"<svg><script>alert(1)</script></svg>"),
    ("IM02", "page.pdf", b"%PDF"),
    ("IM02", "broken.png", b"\x89PNG and more"),
    ("IM02", "cut.png", photo("PNG", 99)[:-40]),
    ("IM02", "wide.png", photo("PNG", 2001)),
    ("IM02", "wide.webp", photo("WEBP", 2001)),
    ("IM02", "vast.gif", photo("GIF")[:6] + b"\xff" * 4 + photo("GIF")[10:]),
    ("IM03", "home.jpg", photo("JPEG", exif=exif(NORTH))),
    ("IM03", "home.JPEG", photo("JPEG", exif=exif(NORTH))),
    ("IM03", "home.png", photo("PNG", exif=exif(NORTH))),
    ("IM03", "home.webp", photo("WEBP", exif=exif(NORTH))),
    ("IM03", "packet.jpg", photo("JPEG", xmp=XMP)),
    ("IM03", "packet.webp", photo("WEBP", xmp=XMP)),
    ("IM03", "folder.svg", HOME),
    ("IM03", "town.jpg", segment(IPTC)),
    ("IM03", "town.png", noted("Raw profile type iptc", PROFILE)),
    ("IM03", "made.jpg", photo("JPEG", xmp=CREATED)),
    ("IM03", "made.png", noted("XML:com.adobe.xmp", CREATED.decode())),
    ("IM03", "inside.svg", embedding(photo("JPEG", exif=exif(NORTH)))),
    ("IM03", "folder.png", photo("PNG") + b"file:///Users/ada/a.psd"),
    ("IM02", "open.svg", b"<svg><g></svg>"),
    ("IM02", "lost.svg", b"<html><body>Not found</body></html>"),
    ("IM02", "fetching.svg", b'<svg><image href="https://example.org/a.png"/></svg>'),
    ("IM02", "unread.svg", b'<svg><image href="data:image/png;base64,A"/></svg>'),
    ("IM04", "moving.gif", photo("GIF", frames=2)),
    ("IM04", "moving.png", photo("PNG", frames=2)),
    ("IM04", "moving.webp", photo("WEBP", frames=2)),
    ("IM04", "moving.svg", b"<svg><circle><animate/></circle></svg>"),
    ("IM04", "always.svg", b"<svg><style>@keyframes go {}</style></svg>"),
]


@pytest.mark.parametrize(
    ("code", "name", "content"), PICTURES, ids=lambda v: str(v)[:9]
)
def test_pictures_that_are_none(
    tree: "Tree", code: str, name: str, content: bytes
) -> None:
    tree.write(f"docs/assets/images/{name}", content)
    tree.write("docs/posts/good.md", GOOD.replace("neuron.svg", name))
    assert [(p.line, p.code) for p in tree.check()] == [(40, code)]
    assert tree.check(without=code) == []
    (tree.root / "docs/assets/images/neuron.svg").unlink()
    assert tree.check_folder() == []  # told where it is shown, and nowhere else


def test_a_picture_is_told_where_no_page_shows_it(tree: "Tree") -> None:
    linked = GOOD.replace("The end.", "See [a word](../assets/images/home.jpg).")
    tree.write("docs/posts/good.md", linked)
    tree.write("docs/assets/images/home.jpg", photo("JPEG", exif=exif(NORTH)))
    tree.write("docs/assets/images/home.heic", b"no picture of ours")
    assert tree.check() == []
    found = [(p.path.rpartition("/")[2], p.code) for p in tree.check_folder()]
    assert found == [("home.heic", "IM02"), ("home.jpg", "IM03")]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plain.png", photo("PNG", 2000)),
        ("plain.webp", photo("WEBP")),
        ("plain.jpg", segment(b"8BIM\x04\x04\0\0\0\0\0\7\x1c\2\x78\0\2Hi\0")),
        (
            "linked.svg",
            b'<svg><a href="https://example.org"><use href="#a"/></a></svg>',
        ),
        ("inside.svg", embedding(photo("JPEG"))),
        ("noted.png", noted("Comment", "Drawn by hand")),
        ("nowhere.jpg", photo("JPEG", exif=exif({0: b"\2\3\0\0"}))),
        ("moment.gif", photo("GIF")),
        ("asked.svg", b"<svg>@media (prefers-reduced-motion){@keyframes a{}}</svg>"),
    ],
)
def test_pictures_that_are_as_they_should_be(
    tree: "Tree", name: str, content: bytes
) -> None:
    tree.write(f"docs/assets/images/{name}", content)
    tree.write("docs/posts/good.md", GOOD.replace("neuron.svg", name))
    assert tree.check() == []


def test_labs_chain_their_cells(tree: "Tree") -> None:
    cells = (
        "# Lab\n\n```python\nfrom neuralblog import relu\n```\n\n"
        "<!--pytest-codeblocks:cont-->\n\n```python\nassert relu(-1.0) == 0\n```\n"
    )
    tree.write("docs/labs/one.md", cells)
    assert tree.check("docs/labs/one.md") == []
    drawn = cells.replace("relu\n```", "relu\nfrom numpy import random as r\n```")
    drawn = drawn.replace("== 0", "== 0; r.rand(3)")
    tree.write("docs/labs/one.md", drawn)
    assert [(p.line, p.code) for p in tree.check("docs/labs/one.md")] == [(11, "SN10")]
    tree.write("docs/labs/one.md", cells.replace("cont", "count"))
    assert {p.code for p in tree.check("docs/labs/one.md")} == {"SN11", "SN04"}


def test_every_rule_has_a_fixture() -> None:
    told = Path(__file__).with_name("test_reading.py").read_text(encoding="utf-8")
    told += Path(__file__).read_text(encoding="utf-8")
    assert [code for code in RULES if f'"{code}"' not in told] == []


def test_every_rule_says_what_and_how_and_why() -> None:
    for rule in RULES.values():
        assert all(dataclasses.astuple(rule)[:5]), rule.code


def test_a_rule_that_breaks_hides_nothing(
    tree: "Tree", monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = dataclasses.replace(RULES["MD01"], judge=lambda page: [][1])
    monkeypatch.setitem(RULES, "MD01", broken)
    tree.write("docs/posts/good.md", GOOD.replace("slug: good\n", "slug: Good\n"))
    assert [p.code for p in tree.check()] == ["BUG", "FM09"]
