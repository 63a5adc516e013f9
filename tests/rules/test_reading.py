"""Each rule that reading tells: a fault made in the good post gives exactly its line."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Tree

GOOD = Path(__file__).parents[1].joinpath("good.txt").read_text(encoding="utf-8")
SNIPPET = "z = np.linspace(-1, 1, 5)"
LOOSE = "The end."


@dataclass
class Red:
    """Replace `old` by `new`; the rule `code` fires at the line that holds `at`."""

    code: str
    old: str
    new: str
    at: str = ""

    @property
    def text(self) -> str:
        """The broken post."""
        assert GOOD.count(self.old) == 1 or self.old == "```python\nimport"
        return GOOD.replace(self.old, self.new, 1)

    @property
    def line(self) -> int:
        """The first line that holds `at`; else the first that was changed."""
        if self.at:
            rows = self.text.splitlines()
            return next(n for n, row in enumerate(rows, 1) if self.at in row)
        start = GOOD.index(self.old)
        return GOOD.count("\n", 0, start) + 1

    def at_line(self, text: str) -> "Red":
        """The same, told at another line."""
        return replace(self, at=text)


def code(line: str, rule: str) -> Red:
    """One more line of Python at the end of the first snippet."""
    return Red(rule, "plt.show()\n", f"plt.show()\n{line}\n", line.splitlines()[0])


def prose(rule: str, text: str, at: str = "") -> Red:
    """A last paragraph that has a fault."""
    return Red(rule, LOOSE, text, at)


LEFTOVERS = [
    "It is :+1: now.",
    "Words <%= title %> here.",
    "Words {# hidden #} here.",
    r"It was shown \cite{lecun}.",
    "See @fig-neuron here.",
    "Water is H~2~O here.",
    "See {{ site.url }} for more.",
    "{% include figure.html src='a.png' %}",
    "{% raw %}{{ x }}{% endraw %}",
    "{::options parse_block_html='true' /}",
    '{{< figure src="a.png" title="A neuron" >}}',
    "{{% notice note %}}\nWords.\n{{% /notice %}}",
    "{{< youtube x8zZ >}}",
    "> [!NOTE]\n> Words.",
    "> [!warning]- Folded\n> Words.",
    "See [[Neurons]].",
    "See [[neurons|this]].",
    "![[neuron.png]]",
    "It was shown [@lecun1998].",
    "It was shown [see @lecun1998, p. 3; @minsky].",
    "[TOC]",
    "[[toc]]",
    '--8<-- "README.md"',
    "It is done :tada: now.",
    "The :math:`x` of it.",
    ":::note\nWords.\n:::",
    "::: {.callout-note}\nWords.\n:::",
    ":::{note}\nWords.\n:::",
    ".. note:: Words.",
    "import Tabs from '@theme/Tabs';",
    "Words {/* hidden */} here.",
    "%% hidden %%",
    '[caption id="a"]A neuron[/caption]',
    "It is ~~wrong~~ right.",
    "It is ==marked== here.",
    "Press ++ctrl+c++ now.",
    "Words.^[A note.]",
    "<!-- wp:paragraph -->",
    "<!--truncate-->",
    "{% assign x = 3 %}",
    "{% linebreak",
    "Words {{ site.url for it.",
    "<>Words.</>",
    "Words {props.name} here.",
    "@[toc]",
    "<<< @/filepath",
    "@include(./a.md)",
    "::youtube{#x8Z}",
    "A block. ^block-id",
    "Some #neurons here.",
    "Words %%hidden%% here.",
    "key:: value",
    "((block-ref))",
    "- [/] half done",
    "![A neuron with three inputs|300](../assets/images/neuron.svg)",
    "%matplotlib inline",
    "Out[1]:",
    "The {math}`x^2` of it.",
    "The :math:`x^2` of it.",
    "See `this <a>`_ here.",
    "It is `x^2`{=latex} here.",
    "(target)=",
    "% a comment of MyST",
    "@lecun1998 showed it.",
    "@somebody showed it.",
    "It is ~so~ here.",
    "It is +so+ here.",
    "It is =so= here.",
    "[anchor]{#here}",
    "(@good) An example",
    "- > [!NOTE]\n  > Words.",
    "= Title",
    "==== Deep",
    "See image::neuron.png[A neuron].",
    "See link:neurons.html[the list].",
    "It is stem:[x^2].",
    "// a comment",
    "h2. Heading",
    "!neuron.png!",
    "It is '''bold''' here.",
    "It is [b]bold[/b] here.",
    "[img]a.png[/img]",
    '[su_box title="x"]Words[/su_box]',
    "It is \\includegraphics{a.png}.",
    "It is {\\bf bold}.",
    "The words::",
    ".. _anchor:",
    "What is STDP?::A rule of learning",
    "<!--kg-card-begin: markdown-->",
    "It is `r x + y` so.",
    "Originally appeared elsewhere",
    "Figure~1 shows it.",
    "Posted by Ada on a Friday",
    "Last updated: yesterday",
    "Subscribe to my newsletter!",
    "(Continue reading ...)",
    "[\u00ab Previous](good.md) | [Next \u00bb](good.md)",
    "[Back to top](#exercises)",
    "Words {@link Layer} here.",
    "<!--nextpage-->",
    "<!-- omit in toc -->",
]
CLOSED = "one thing.\n---\n"
DATE = "date: 2026-11-22"
DESCRIPTION = "description: A small post in which nothing is wrong, so that a test can break one thing."
FENCE = "```python\nimport"

REDS = [
    # front matter
    Red("FM01", "---\ndate", "\n---\ndate"),
    Red("FM01", "one thing.\n---", "one thing.", at="---"),
    Red("FM02", "slug: good", "slug: go: od"),
    Red("FM02", "tags: [neurons]", "tags: [neurons", at="description"),
    Red("FM03", "tags: [neurons]", "tag: [neurons]"),
    Red("FM03", "tags: [neurons]", "slug: good\ntags: [neurons]"),
    Red("FM04", DATE, "", at="---"),
    Red("FM04", DATE, "date: 22.11.2026"),
    Red("FM04", DATE, "date: 2026-11-31"),
    Red("FM05", DATE, "date: 2099-01-01"),
    Red("FM05", DATE, "date: 1999-01-01"),
    Red("FM06", "authors: [neuralblog]\n", "", at="---"),
    Red("FM06", "authors: [neuralblog]", "authors: neuralblog"),
    Red("FM06", "authors: [neuralblog]", "authors: [neuralblogg]"),
    Red("FM07", "From neuron to CNN", "From neuron to cnn"),
    Red("FM07", "tags: [neurons]", "tags: [neurones]"),
    Red("FM07", "tags: [neurons]", "tags: neurons"),
    Red("FM08", DESCRIPTION + "\n", "", at="---"),
    Red("FM08", DESCRIPTION, "description: Short."),
    Red("FM09", "slug: good\n", "", at="---"),
    Red("FM09", "slug: good", "slug: ../good"),
    Red("FM09", "slug: good", "slug: Good"),
    Red("FM09", "slug: good", "slug: other"),
    Red("FM09", "slug: good", "slug: glossary"),
    Red("FM09", "slug: good", "slug: archive"),
    Red("FM10", "slug: good", "slug: good\ndraft: true", at="draft"),
    # text
    prose("TX01", "<<<<<<< HEAD"),
    prose("TX01", ">>>>>>> other"),
    prose("TX01", "before\n\n=======\n\nafter", "======="),
    prose("TX03", "We recieve it."),
    prose("TX03", "The colour of it."),
    Red("MD01", "# A good post\n", "", at="Everything"),
    prose("MD01", "# Another title\n\nMore words."),
    Red("MD02", "<!-- more -->\n", "", at="# A good"),
    Red("MD02", "<!-- more -->", "<!--more-->"),
    prose("MD02", "<!-- more -->\n\nAgain."),
    Red("MD03", "## Exercises", "#### Exercises"),
    Red("MD03", "## Exercises", "##"),
    Red("MD03", "## Exercises", "## What it does"),
    Red("MD03", "## Exercises", "Exercises\n---------", at="---------"),
    Red("MD03", "The end.", "The end.\n{: #exercises }", "{: #"),
    Red("MD03", "Everything here", "*Everything*{#exercises} here"),
    Red("MD03", "Everything here", 'The <sub id="exercises">end</sub> here'),
    Red("MD03", "## Exercises", "## More {#what-it-does}"),
    Red("MD03", "## What it does", "## More {: id=exercises }"),
    Red("MD03", "## Exercises", "## What it *does*"),
    Red("MD03", "The end.", "The *end*{#a} and\nthe *end*{ #a .nb-b }.", "#a ."),
    Red("MD03", "## Exercises", "## One {#one}\n\nWords.\n\n## Two {#one}", "Two"),
    Red("MD03", "## Exercises", "## One {#one}\n\nWords.\n\n##  One {#one}", "##  One"),
    Red("MD04", "    What comes next?", "What comes next?"),
    prose("MD04", '=== "One"\n\nuntucked', "untucked"),
    prose("MD04", '!!! "Title"\n    words'),
    prose("MD04", "!!! note A title\n    words"),
    prose("MD05", "See [the list][nowhere]."),
    prose("MD05", "See this.[^1]"),
    prose("MD05", "See [](../glossary.md)."),
    prose("MD05", "See [the list](../glossary.md"),
    prose("MD05", "Never used.\n\n[^7]: A note.", "[^7]"),
    prose("MD05", "Used.[^7]\n\n[^7]: A note.\n\n[^7]: Another.", "[^7]: Another"),
    prose("MD03", "> ## Title\n>\n> Words."),
    prose("MD03", "- ## Title"),
    prose("MD03", "!!! note\n    ## Inside\n\n    Words.", "## Inside"),
    prose("MD03", "**In place of a heading**\n\nWords."),
    prose("MD03", "Words\n=   ", "=   "),
    prose("MD03", "- one\n-   ", "-   "),
    prose("MD03", "## ![A neuron with three inputs](../assets/images/neuron.svg)\n\nWords."),
    prose("MD04", "!!! note 'Title'\n    Words."),
    prose("MD04", "!!! note \u201cTitle\u201d\n    Words."),
    prose("MD05", "To learn more, [click here](../glossary.md)."),
    prose("MD05", "See [Here](../glossary.md)."),
    prose("MD05", "See [this page](../glossary.md)."),
    prose("MD05", "See [it](../glossary.md)."),
    prose("MD05", "[Read more](../glossary.md)"),
    prose("MD05", "See [...](../glossary.md)."),
    prose("MD05", "See [>>](../glossary.md)."),
    prose("MD05", "A [word [in](../glossary.md) words](../glossary.md)."),
    prose("MD05", "[XYZ]: something here"),
    prose("MD05", "[unused]: https://example.org"),
    prose("MA01", r"It is $\foo{x}$."),
    prose("MA01", r"It is $\frac{1}{2$."),
    prose("MA01", r"It is $ \frac{1}{2} $."),
    prose("MA01", "$$\n\\begin{cases} 1\n$$", r"\begin"),
    prose("MA01", r"It is $\href{javascript:alert(1)}{x}$."),
    prose("MA01", r"It is $\text{<script>}$."),
    prose("MA01", "It is $50%$ of it."),
    prose("MA01", r"It is $x \tag{1}$."),
    prose("MA01", r"$$x \label{a}$$"),
    prose("MA01", "It costs US$5 or US$6."),
    prose("MA01", "It costs $5/$6."),
    prose("MA01", "It is $x^2 here."),
    prose("MA01", "It is $x $ here."),
    prose("MA01", "The sum $$x$$ is here."),
    prose("MA01", "It is \\[x\\] here."),
    prose("MD04", "!!! wichtig\n    words"),
    prose("MD04", "??? solution\n    words"),
    prose("MD05", "It was shown [LeCun98]."),
    prose("MD05", "It was shown [3]."),
    prose("MD05", "See [a word][r].\n\n[r]: ../glossary.md\n[r]: good.md", "[r]: good"),
    prose("MD06", "Words:\n- one\n- two", "- one"),
    prose("MD06", "Words:\n* *one*\n* two", "* two"),
    prose("MD06", "Words:\n1. one\n2. two", "1. one"),
    prose("MD06", "1) one\n2) two"),
    prose("MD06", "\u2022 one\n\u2022 two"),
    prose("MD06", "-one\n-two"),
    prose("MD06", "1.one\n2.two"),
    prose("MD06", "a) one\nb) two"),
    prose("MD06", "(1) one\n(2) two"),
    prose("MD06", "| a | b |\n| 1 | 2 |"),
    prose("MD06", "| a | b |\n|===|===|\n| 1 | 2 |"),
    prose("MD07", "3. three\n4. four"),
    prose("MD07", "1. one\n\nWords between.\n\n2. two", "2. two"),
    prose("MD07", "1. one\n\n```text\nwords\n```\n\n2. two", "2. two"),
    prose("MD07", "> - one\n>   - two", ">   - two"),
    prose("MD03", " ## A heading"),
    prose("MD05", "See (this)[../glossary.md]."),
    prose("MD05", "See [this\n\nthat](../glossary.md).", "that]"),
    prose("MD05", "![A neuron and more of it] (../assets/images/neuron.svg)"),
    prose("MD05", "! [A neuron and more of it](../assets/images/neuron.svg)"),
    prose("MD05", "Words.[^a]\n\n[^a]:\n\nThe note.", "[^a]:"),
    prose("MD09", r"It is 5\% of \*it\*."),
    prose("MD09", "Words\\\nand more."),
    prose("MD09", "Words &foo; here."),
    prose("MD09", "A &nbsp word"),
    prose("MD09", "{#anchor}"),
    prose("MA01", "$$ x $$ and $$ y $$"),
    prose("MA01", r"It is $\,$ here."),
    prose("MA01", "It is $latex x$ here."),
    prose("MA01", r"It is $\begin{bmatrix*}[r] 1 \end{bmatrix*}$."),
    prose("MA01", "\\[\nx\n"),
    prose("HT01", "<!DOCTYPE html>"),
    prose("HT01", "Words <?php echo 1 ?> here."),
    prose("HT02", "<nb-quiz></nb-quiz>"),
    prose("HT03", "<!\u2014 more \u2014>"),
    prose("TX03", "It is the the end."),
    prose("TX04", "A &shy;soft hyphen."),
    prose("TX04", "A ne\u03c5ron with a false letter."),
    prose("TX04", "The \ufb01eld of it."),
    prose("TX04", "The \U0001d427\U0001d41e neuron."),
    prose("TX04", "It isn\u00e2\u20ac\u2122t so."),
    prose("TX04", "A \ufffd here."),
    prose("TX05", "It is so [citation needed]."),
    prose("LK03", "See [the list](https:/example.org)."),
    prose("LK03", "See [the list](https://example.org/ a)."),
    prose("LK03", "See [the list](mailto:ada)."),
    prose("MD06", "Words:\n| a | b |\n|---|---|\n| 1 | 2 |", "| a |"),
    prose("MD07", "- one\n  - two\n  - three\n- four", "- two"),
    prose("MD07", "1. one\n   - two\n2. four", "- two"),
    prose("MD07", "- one\n\n  Words of it.\n", "Words of it"),
    prose("MD06", "Term\n:what it means", ":what"),
    prose("MD07", "* ", "* "),
    prose("MD06", "a\tb\tc\nd\te\tf"),
    prose("LK01", "See [the words](words.ipynb)."),
    prose("MD05", "See [image](../glossary.md)."),
    prose("MD07", "* * two"),
    prose("MD07", "- one\n- 1. two", "- 1."),
    prose("MD08", "| a | b |\n|---|---|"),
    prose("MD08", "| | |\n|---|---|\n| 1 | 2 |"),
    prose("MD08", "| a | b |\n|---|---|\n| | |", "| | |"),
    prose("MD08", "| a | b |\n|---|---|\n| 1 |", "| 1"),
    prose("MD08", "| a | b |\n|---|---|\n| 1 | 2 | 3 |", "| 1"),
    prose("MD08", "a | b\n--- | ---\n1 | 2 | 3", "1 |"),
    prose("MD09", "It is ** not bold ** here."),
    prose("MD09", "It is **not bold."),
    prose("MD09", "It is __ not bold __ here."),
    prose("MD09", "It is `relu of z."),
    prose("MD09", "The method __call__ does it."),
    prose("MD09", "Words **** here."),
    prose("MD09", "It is 3*4*5."),
    prose("MA01", "It is x^2 + y^2."),
    prose("MA01", "The value x_i of it."),
    prose("HT03", "Water <sub>a<sup>b</sub></sup> here."),
    prose("HT03", "Press <kbd/> now."),
    prose("HT03", "Words<sup></sup> here."),
    prose("HT03", "<small>\n\nWords.\n\n</small>"),
    prose("TX03", "It ends here.."),
    prose("TX03", "It is,, so."),
    prose("TX03", "It is so , and so."),
    prose("TX04", "A &#0; here."),
    prose("TX05", "This section is empty."),
    prose("TX05", "More to come."),
    prose("TX05", "Write something here."),
    prose("TX05", "[Figure here]"),
    prose("TX05", "As in Figure ??."),
    prose("TX05", "It was shown (ref)."),
    prose("TX05", "Words.\n\n[\u2026]", "\u2026"),
    prose("LK01", "See [a word](#)."),
    prose("LK01", "See [a word](../glossary.md#)."),
    prose("LK03", "See [a word](https://ada:secret@example.org)."),
    prose("LK03", "See [a word](https://example.org/?utm_source=x)."),
    Red("FM07", "categories: [From neuron to CNN]", "categories: []"),
    Red("FM07", "categories: [From neuron to CNN]\n", "", at="---"),
    prose("SN25", "1. [ ] read\n2. [x] write"),
    prose("SN25", "- [x] one\n- [ ] two\n- [ ] three"),
    prose("HT03", "Press <kbd>x now."),
    prose("HT03", "Press x</kbd> now."),
    prose("HT03", "<!-- Words, and\n\nmore of it."),
    prose("TX04", "An in\u200bvisible one."),
    prose("TX04", "A soft\u00adhyphen."),
    prose("TX04", "A \u202eturned\u202c word."),
    prose("TX04", "A n\u0435uron with a false letter."),
    prose("TX04", "A cafe\u0301 in two pieces."),
    prose("TX05", "TODO: write this."),
    prose("CL01", "It is 77.5 of them."),
    prose("CL01", "In 1907 it was known."),
    Red("TX05", "## Exercises", "## Contents\n\n## Exercises"),
    prose("TX05", "## The end", "## The end"),
    prose("TX05", "Lorem ipsum dolor."),
    prose("TX05", "Say plainly what is simplified here, and what you do not know."),
    prose("TX05", "<!-- import: the picture a.png is to be redrawn -->"),
    Red("FM06", "authors: [neuralblog]", "authors: [neuralblog, neuralblog]"),
    Red("FM07", "tags: [neurons]", "tags: [neurons, neurons]"),
    Red("FM08", DESCRIPTION, DESCRIPTION.replace("wrong", "<b>wrong</b>")),
    Red("FM08", DESCRIPTION, DESCRIPTION.replace("wrong", "$x$ wrong")),
    Red("FM08", DESCRIPTION, "description: [one, two]"),
    Red("FM08", DESCRIPTION, "description: |\n  A small post in which nothing\n  is wrong, in two lines or more."),
    Red("FM08", DESCRIPTION, DESCRIPTION.replace("wrong", "*wrong*")),
    Red("FM08", DESCRIPTION, DESCRIPTION.replace("nothing", "https://x.org")),
    Red("TX05", DESCRIPTION, DESCRIPTION.replace("one thing", "TODO")),
    Red("FM10", "slug: good", "slug: good\ndraft: no", at="draft"),
    Red("FM10", "slug: good", 'slug: good\ndraft: "false"', at="draft"),
    code("if z.size:\n\tz = z + 1", "SN18").at_line("\tz = z + 1"),
    code("gr\u00f6\u00dfe = 1", "SN26"),
    code("def \u03c3(z): return z", "SN26"),
    prose("SN27", '```json\n{"a": 1,}\n```', '{"a"'),
    prose("SN27", "```yaml\na: [1\nb: 2\n```", "b: 2"),
    prose("SN27", "```toml\nbb = \n```", "bb ="),
    # snippets
    Red("SN01", FENCE, "```py\nimport"),
    Red("SN01", FENCE, "```python3\nimport"),
    Red("SN01", FENCE, "```Python\nimport"),
    Red("SN01", FENCE, '```python title="x"\nimport'),
    Red("SN01", FENCE, '```python hl_lines="1"\nimport'),
    Red("SN01", FENCE, "```{.python}\nimport"),
    Red("SN01", FENCE, "``` python\nimport"),
    prose("SN01", "~~~python\nimport neuralblog; print(neuralblog)\n~~~"),
    prose("SN01", "```pycon\n>>> 1 + 1\n2\n```"),
    prose("SN01", "```\nimport numpy as np\n```"),
    prose("SN01", "```text\nimport numpy as np\n```"),
    prose("SN01", "Look:\n\n    x = relu(3)\n", "x = relu(3)"),
    prose("SN01", "> ```python\n> import numpy\n> ```", "> import numpy"),
    prose("SN01", "- ```python\n  x = 1\n  ```"),
    prose("SN02", "```\nwords\n```"),
    prose("SN02", "```rust\nfn main() {}\n```"),
    prose("SN02", '```text title="a"\nwords\n```'),
    prose("SN03", "```text\nwords"),
    prose("SN03", "```relu``` is a function."),
    Red("SN04", "    from neuralblog import relu\n\n    assert relu(-1.0)", "    assert -1.0"),
    code("relu = None", "SN05"),
    code("def sigmoid(z): return z", "SN05"),
    code("for np in []: pass", "SN05"),
    Red("SN09", "```text\n0.5\n", "```text\n0.50001\n", at="0.50001"),
    Red("SN09", "```text\n0.5\n", "```text\narray([0.5])\n", at="array("),
    Red("SN09", "```text\n0.5\n", "```text\n<f at 0x7f00aa11bb22>\n", at="0x7f"),
    prose("MD05", "See [the list] (../glossary.md)."),
    prose("MD09", "It is *not so."),
    Red("MD01", "# A good post", "Words.\n\n# A good post"),
    Red("MD02", "# A good post\n\nEverything here is as it should be, and $a = f(z)$ as well.\n\n<!-- more -->", "<!-- more -->\n\n# A good post"),
    code("z[0]", "SN29"),
    code("z + 1", "SN29"),
    code("from neuralblog import *", "SN29"),
    code("relu(1.0)", "SN29"),
    code("np.sum(z)", "SN29"),
    code("(2 * z).sum()", "SN29"),
    code("import math", "SN29"),
    code("from math import (\n    pi, tau)\npi + tau; print(pi)", "SN29").at_line("pi + tau"),
    code("from math import pi, tau\nprint(pi)", "SN29"),
    code("import time; time.sleep(3)", "SN14"),
    code("from time import sleep; sleep(3)", "SN14"),
    code("plt.rcParams['text.usetex'] = True", "SN17"),
    code("plt.rc('text', usetex=True)", "SN17"),
    code("from matplotlib.animation import FuncAnimation; FuncAnimation()", "SN31"),
    code("from matplotlib import animation as a; a.FuncAnimation", "SN31"),
    code("import os, signal; os.kill(1, signal.SIGKILL)", "SN28"),
    code("from os import kill; kill(1, 9)", "SN28"),
    code("import signal; signal.alarm(3)", "SN28"),
    code("# TODO: more", "TX05"),
    code("import neuralblog as n; del n.relu", "SN28"),
    code("from neuralblog.plotting import COLORS; COLORS['ink'] = 'red'", "SN28"),
    code("from neuralblog.plotting import COLORS; COLORS.clear()", "SN28"),
    code("import neuralblog as n; setattr(n, 'relu', None)", "SN28"),
    code("vars(np)['maximum'] = None", "SN28"),
    code("import math; math.pi = 3", "SN28"),
    code("plt.rcParams = {}", "SN28"),
    code("np.errstate(all='ignore').__enter__()", "SN28"),
    code("class A:\n    def __del__(self): print(self)", "SN28").at_line("    def __del__"),
    code("import gc; gc.disable()", "SN28"),
    code("from decimal import getcontext; getcontext().prec = 3", "SN28"),
    code("import logging; logging.captureWarnings(True)", "SN28"),
    code("import importlib; importlib.reload(np)", "SN28"),
    code("import warnings; warnings.filters.clear()", "SN28"),
    code("import matplotlib; matplotlib.use('agg')", "SN28"),
    code("plt.switch_backend('agg')", "SN28"),
    code("import os; os.dup2(1, 2)", "SN28"),
    code("import sys; sys.set_int_max_str_digits(0)", "SN28"),
    code("import weakref; weakref.finalize(z, print)", "SN28"),
    code("print(globals())", "SN09"),
    code("print(np.__version__)", "SN09"),
    code("import glob; print(glob.glob('*'))", "SN09"),
    code("import os; print(os.path.abspath('a'))", "SN09"),
    code("from os import scandir; print(scandir('.'))", "SN09"),
    code("import sys; print(sys.modules)", "SN09"),
    code("import traceback; print(traceback.format_exc())", "SN09"),
    code("import tempfile; print(tempfile.gettempdir())", "SN09"),
    code("import inspect; print(inspect.stack())", "SN09"),
    code("print(plt.get_backend())", "SN09"),
    code("z = np.empty(3)", "SN09"),
    code("from numpy import empty_like; z = empty_like(z)", "SN09"),
    code("z = np.log(z, where=z > 0)", "SN09"),
    code("print(id(z))", "SN09"),
    code("print(hash('a'))", "SN09"),
    code("import time; print(time.time())", "SN09"),
    code("from time import perf_counter\nprint(perf_counter())", "SN09"),
    code("import datetime as d; print(d.date.today())", "SN09"),
    code("from datetime import datetime\nprint(datetime.now())", "SN09").at_line("print(datetime"),
    code("import os; print(os.getcwd())", "SN09"),
    code("from os import getpid; print(getpid())", "SN09"),
    code("from pathlib import Path; print(Path.cwd())", "SN09"),
    code("import locale; locale.getlocale()", "SN09"),
    code("import platform; print(platform.node())", "SN09"),
    code("import sys; print(sys.version)", "SN09"),
    code("import os; print(os.environ['HOME'])", "SN09"),
    code("import os; os.chdir('..')", "SN28"),
    code("import atexit; atexit.register(print)", "SN28"),
    code("import threading; threading.Thread().start()", "SN28"),
    code("from warnings import filterwarnings; filterwarnings()", "SN28"),
    code("import warnings; warnings.simplefilter('ignore')", "SN28"),
    code("np.maximum = np.minimum", "SN28"),
    code("np.seterr(all='ignore')", "SN28"),
    code("import neuralblog as n; n.activations.relu = 3", "SN28"),
    code("import builtins; builtins.print = None", "SN28"),
    code("import random; print(random)", "SN10"),
    code("z = np.random.rand(3)", "SN10"),
    code("r = np.random; z = r.rand(3)", "SN10"),
    code("np.random.seed(0)", "SN10"),
    code("other = np.random.default_rng()", "SN10"),
    code("other = np.random.default_rng(seed=None)", "SN10"),
    code("from numpy.random import rand; rand(3)", "SN10"),
    code("from numpy.random import rand, randn\nrand(3)\nrandn(4)", "SN10"),
    code("from numpy import random as r; r.rand(3)", "SN10"),
    code("import numpy.random as nr; nr.rand()", "SN10"),
    code("import numpy as n; n.random.rand()", "SN10"),
    code("from numpy.random import default_rng as d; d()", "SN10"),
    code("from random import choice; choice('ab')", "SN10"),
    code("import os; os.urandom(3)", "SN10"),
    code("from os import getrandom; getrandom(3)", "SN10"),
    Red("SN11", LOOSE, "<!--pytest-codeblocks:cont-->\n\nThe end."),
    Red("SN11", "<!--pytest-codeblocks:expected-output-->", "<!--pytest-codeblocks:expected_output-->"),
    Red("SN11", "<!--pytest-codeblocks:expected-output-->", "<!-- pytest-codeblocks:expected-output -->"),
    Red("SN11", "<!--pytest-codeblocks:expected-output-->", "<!--expected output-->"),
    Red("SN11", LOOSE, "<!--pytest-codeblocks:expected-output-->"),
    Red("SN11", LOOSE, "Words.\n\n<!--figure: A figure that belongs to nothing at all.-->", at="<!--figure: A figure"),
    Red("SN11", "<!--figure: A line", "<!--figur: A line"),
    Red("SN11", "```text\n0.5", "```console\n0.5"),
    prose("SN12", "<!--pytest.mark.skip-->"),
    prose("SN12", "<!--pytest.mark.xfail(reason='x')-->"),
    prose("SN12", "<!--pytest-codeblocks:importorskip(numpy)-->"),
    prose("SN12", "<!--pytest-codeblocks:skipfile-->"),
    prose("SN12", "<!--\n```python\nimport neuralblog; print(neuralblog)\n```\n-->"),
    code("import pytest; print(pytest)", "SN12"),
    code('if __name__ == "__main__": pass', "SN13"),
    code("exit()", "SN13"),
    code("raise SystemExit", "SN13"),
    code('name = input("Name? ")', "SN13"),
    code('import builtins as b; b.input("Name? ")', "SN13"),
    code("import sys; sys.exit()", "SN13"),
    code("from sys import exit as leave; leave()", "SN13"),
    code("import sys; sys.stdin.readline()", "SN13"),
    code("from sys import stdin\nrows = stdin.read()", "SN13"),
    code("await plt", "SN13"),
    code("import urllib.request; print(urllib)", "SN15"),
    code("from http import client; print(client)", "SN15"),
    code("import urllib.request as u; u.urlopen", "SN15"),
    code("import scipy; print(scipy)", "SN17"),
    code("from torch import nn; print(nn)", "SN17"),
    code("note = \"a\u00a0b\"", "SN18"),
    code("note = 'a \u2212 b'", "SN18"),
    Red("SN19", SNIPPET, SNIPPET + "\nz = z + 1" * 19 + "\nz = 2 * z", at="2 * z"),
    code("note = '" + "long " * 15 + "'", "SN19"),
    prose("SN22", "```bash\necho hello\n```"),
    prose("SN22", "```sh\n$ make test\n```"),
    prose("SN22", "```text\n$ make test\n```"),
    prose("SN22", "```text\npip install neuralblog\n```"),
    prose("SN23", "<!--source: neuralblog.activations.nothing-->"),
    prose("SN23", "<!--source: neuralblog.activations.relu opened-->"),
    code("# Draw", "SN24"),
    code("#draw:", "SN24"),
    code("# draw", "SN24"),
    code("# draw\n# nothing but a remark", "SN24"),
    code("#  draw\nz = z + 1", "SN24"),
    Red("SN24", "plt.plot(z", "# draw\nz = z + 1\n\n#draw\nplt.plot(z", at="#draw"),
    Red("SN24", "plt.plot(z", "# draw\nz = z + 1\nif len(z):\n    # draw\n    plt.plot(z", at="    # draw"),
    Red("SN24", "assert relu(-1.0) == 0", "# draw\n    assert relu(-1.0) == 0", at="# draw"),
    Red("SN25", '"Predict first"', '"Predict"'),
    Red("SN25", '!!! question "Predict first"', "!!! question"),
    Red("SN25", '!!! question "Predict first"', '??? question "Predict first"'),
    Red("SN25", "What comes next?", "- [ ] One\n    - [x] Two", at="!!! question"),
    Red("SN25", "What comes next?", "What next?\n\n    - [ ] One\n    - [ ] Two", at="- [ ] One"),
    Red("SN25", "What comes next?", "What next?\n\n    - [x] One\n    - [x] Two", at="- [x] One"),
    Red("SN25", "What comes next?", "What next?\n\n    - [x] One", at="- [x] One"),
    Red("SN25", "What comes next?", "What next?\n\n    - [x] One\n    - Two", at="- Two"),
    Red("SN25", "What comes next?", "What next?\n\n    - [x] One\n    - [y] Two", at="- [y]"),
    Red("SN25", "What comes next?", "What next?\n\n    - [x] One\n    - [ ]", at="- [ ]"),
    Red("SN25", '"Predict first"', '"Check yourself"', at="!!! question"),
    Red("SN25", '"Predict first"\n    What comes next?', '"Check yourself"\n    What next?\n\n    - [ ] One\n    - [x] Two\n        - Yes.', at="- [ ] One"),
    prose("SN25", "- [ ] A choice of nothing"),
    code("# your part", "SN30"),
    Red("SN30", "assert relu(-1.0) == 0", "# your part\n    x = -1\n    # end of your part\n    print(relu(x))", at="# your part"),
    Red("SN30", "assert relu(-1.0) == 0", "# your part\n    x = -1\n    # end of your part\n    assert relu(x) == 0, 'Zero.'", at="# your part"),
    Red("SN30", "assert relu(-1.0) == 0\n    ```", "# your part\n    x = -1\n    # end of your part\n    assert relu(x) == 0\n    ```\n\n    - `x = 1`: Zero.\n    - `x = 2`: Zero.", at="assert relu(x)"),
    Red("SN30", "assert relu(-1.0) == 0\n    ```", "# your part\n    x = -1\n    # was: x = 1\n    # end of your part\n    assert relu(x) == 0, 'Zero.'\n    ```\n\n    - `x = 1`: Zero.\n    - `x = 2`: Zero.", at="# your part"),
    Red("SN30", "assert relu(-1.0) == 0\n    ```", "# your part\n    # was: x = 1\n    # end of your part\n    assert relu(-1), 'Zero.'\n    ```\n\n    - `x = 1`: Zero.\n    - `x = 2`: Zero.", at="# your part"),
    Red("SN32", '??? success "Solution"', 'Words.\n\n??? success "Solution"', at='??? tip "Hint"'),
    Red("SN32", '??? tip "Hint"', '!!! tip "Hint"'),
    prose("SN23", "<!--source neuralblog.activations.relu-->"),
    # pictures, HTML, links
    Red("IM01", "A neuron with three inputs and one output", ""),
    Red("IM01", "A neuron with three inputs and one output", "an image of the diagram"),
    Red("IM01", "A line that is flat up to zero and then rises.", "a plot"),
    Red("IM01", "A neuron with three inputs and one output", "Screenshot 2021-03-04 at 10.13.22"),
    Red("IM01", "A neuron with three inputs and one output", "A *neuron* with three inputs"),
    Red("IM01", "A line that is flat up to zero", "A line $a(z)$ that is flat up to zero"),
    Red("IM02", "../assets/images/neuron.svg", "../assets/images/axon.svg"),
    Red("IM02", "../assets/images/neuron.svg", "https://example.org/neuron.svg"),
    prose("HT02", '<nb-explorable name="nowhere"></nb-explorable>'),
    prose("HT02", 'See <nb-explorable name="network"></nb-explorable>'),
    prose("HT02", '<nb-explorable name="network">text</nb-explorable>'),
    prose("HT01", "<script>alert(1)</script>"),
    prose("HT01", '<iframe src="../glossary.md"></iframe>'),
    prose("HT01", '<sub onclick="x()">low</sub>'),
    prose("HT01", '<sub style="color: red">low</sub>'),
    prose("PT01", "Some words.\n{: .notice }", "notice"),
    prose("PT01", "Some *words*{.lead}."),
    prose("HT01", 'Some words.\n{: onclick="x()" }', "onclick"),
    prose("HT01", 'Some *words*{: style="color: red" }.'),
    prose("HT01", 'Some words.\n{: srcdoc="red" }', "srcdoc"),
    prose("HT01", 'Some *words*{: href="../glossary.md" }.'),
    prose("HT01", '[A link](../glossary.md){ onmouseover="x()" }'),
    prose("HT01", "<style>p { color: red }</style>"),
    prose("HT01", "<div>words</div>"),
    prose("LK01", "See [the list](../glosary.md)."),
    prose("LK01", "See [the list](../glossary.md#nowhere)."),
    prose("LK01", "See [the list](#nowhere)."),
    prose("LK03", "See [the list](http://example.org)."),
    prose("LK03", "See [the list](/glossary/)."),
    prose("LK03", "See [the list](ftp://example.org)."),
    prose("LK04", "See https://example.org for more."),
    prose("LK04", "See <https://example.org> for more."),
    # left over from elsewhere
    *(prose("PT01", text) for text in LEFTOVERS),
]  # fmt: skip


def test_the_good_post_is_good(tree: "Tree") -> None:
    assert tree.check() == []
    assert tree.check("docs/glossary.md") == []
    assert tree.check_folder() == []


@pytest.mark.parametrize(
    "line",
    [
        "from numpy.random import Generator as G, default_rng as d; print(G, d(0))",
        "from numpy import random as r; r.default_rng(seed=0).random(3)",
        "random = rng.random(3); print(random.mean())",
        "def double(input): return 2 * input",
        "def exit(z): return z\nexit(3)",
        "import sys; sys.stdout.write('')",
        "for input in z: abs(input)",
        "np.copyto(z, 0)",
        "from math import pi, tau as full; print(pi, full)",
        "import os.path; print(os.path.basename('a'))",
        "print(np.sum(z, where=z > 0), np.log(z, where=z > 0, out=np.zeros(5)))",
        "list.sort([2, 1])",
    ],
)
def test_a_name_of_its_own_is_no_fault(tree: "Tree", line: str) -> None:
    tree.write("docs/posts/good.md", code(line, "").text)
    assert tree.check() == []


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5 and then $10 more.",
        r"It costs \$5 or $HOME".replace("$HOME", r"\$HOME") + ".",
        r"It is \(x\), and" + "\n\n\\[\nx\n\\]\n",
        "Write `$x` and `\\frac`.",
    ],
)
def test_dollars_that_are_no_formula(tree: "Tree", text: str) -> None:
    tree.write("docs/posts/good.md", prose("", text).text)
    assert tree.check() == []


@pytest.mark.parametrize(
    "mark", ["---\n---", "<!-- x -->\n---\na: b\n---", "----\na: b\n----"]
)
def test_no_front_matter_is_told_once(tree: "Tree", mark: str) -> None:
    tree.write("docs/posts/good.md", f"{mark}\n{GOOD.partition(CLOSED)[2]}")
    assert [(p.line, p.code) for p in tree.check()] == [(1, "FM01")]


def test_front_matter_in_toml_is_told_once(tree: "Tree") -> None:
    body = GOOD.partition("\n---\n")[2]
    tree.write("docs/posts/good.md", f"+++\ndate = 2026-11-22\n+++\n{body}")
    assert [(p.line, p.code) for p in tree.check()] == [(1, "FM01")]


def test_marks_of_other_engines_are_no_fault_in_code(tree: "Tree") -> None:
    inline = "\n".join(f"- ``{text}``" for text in LEFTOVERS if "\n" not in text)
    block = "\n".join(LEFTOVERS)
    text = f"{inline}\n\n````text\n{block}\n````"
    tree.write("docs/posts/good.md", GOOD.replace(LOOSE, text))
    assert [p for p in tree.check() if p.code != "LK04"] == []


@pytest.mark.parametrize(
    "text",
    [
        "A sum - of\na - b, 2**3, `a ** b`, a \\*\\* b, and 5 * 3 * 2.",
        "- one\n    - two\n        - three\n\n- four\n\n    More of four.\n\nThe end.",
        "| a | b |\n|---|---|\n| `x|y` | $x$ |\n| 1 \\| 2 | $y$ |",
        "An interval [0, 1], a list `[1]`, and [the glossary](../glossary.md) [0.5].",
        "![A neuron and its inputs](../assets/images/neuron.svg)\n\nCaf\u00e9, \u041d\u0435\u0439\u0440\u043e\u043d.",
        "Press <kbd>x</kbd><br>now, a <- b --> c.",
        "```text\nconsole.log(x.map((v) => v));\nalert('a');\n```\n\n```text\nprintf(\"a\");\n```",
        "```text\nloss: 0.69\nloss: 0.41\n```\n\n```text\nx <- c(1, 2)\nplot(x)\n```",
        "He said [...] that it is so. See [the words][w], at [Two](#what-it-does).\n\n[w]: ../glossary.md",
        "Press <kbd>`x`</kbd>, un\\*like\\*, 2 * 3 * 4, file_name, **so.** And so ...",
        '```json\n{"a": 1}\n```\n\n```yaml\na: 1\n---\nb: 2\n```',
        "1. one\n2. two\n\n    ```text\n    words\n    ```\n\n3. three",
    ],
)
def test_what_is_as_it_looks(tree: "Tree", text: str) -> None:
    tree.write("docs/posts/good.md", GOOD.replace(LOOSE, text))
    assert tree.check() == []


@pytest.mark.parametrize(
    "text",
    [
        "At 12:30:15, a ratio of 1:2:3, and std::vector::size.",
        "A term\n:   What it means.",
        "Mail [ada@example.org](mailto:ada@example.org), or 3 == 4 == x.",
        "A set {x. y} and a*[b]*.",
        "Words.[^a]\n\n[^a]: A note.",
        "The end {#end}.",
        "A family \U0001f468\u200d\U0001f469\u200d\U0001f467, and I \u2764\ufe0f it.",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 and \u0915\u094d\u200d\u0937.",
        "\u03b8 and \u0394w, \u03bcm and \u03c3-field, caf\u00e9 at &#8212; noon.",
        "Caf&eacute; &amp; co., 5&nbsp;&times;&nbsp;x, AT&T and R&D.",
        "> 1. one\n> 2. two\n\nAnd\n2. more of it.",
        "C# is #fff or issue \\#a, mail a@b.org, a @ b.",
        "A ratio a|b, {1, 2}, x[0] and [i].",
        "It is said that that is so.",
        "1. one\n\n    ```text\n    words\n    ```\n\n2. two",
        "Words (see [the list](../glossary.md)), and a/b, 50 % of 5 = x.",
    ],
)
def test_what_only_looks_like_another_engine(tree: "Tree", text: str) -> None:
    tree.write("docs/posts/good.md", GOOD.replace(LOOSE, text))
    assert tree.check() == []


def test_a_link_gives_no_anchor(tree: "Tree") -> None:
    text = (
        "See [the list](https://example.org/#exercises){: title='#exercises' },\n"
        '<a href="#exercises">a word</a>\nor <https://example.org/#exercises>.'
    )
    tree.write("docs/posts/good.md", GOOD.replace(LOOSE, text))
    assert {p.code for p in tree.check()} == {"HT01", "LK04"}


@pytest.mark.parametrize("fault", REDS, ids=lambda f: f"{f.code}-{f.new[:24]!r}")
def test_a_fault_gives_one_line(tree: "Tree", fault: Red) -> None:
    tree.write("docs/posts/good.md", fault.text)
    found = tree.check()
    assert [(p.line, p.code) for p in found] == [(fault.line, fault.code)], found
    assert tree.check(without=fault.code) == []


KINDS = [  # a block, and a word of the cure that fits its kind
    ("```text\nFOO=bar\n```", "```console"),
    ("```text\nz = w * x + b\n```", "write a formula as `$...$`"),
    ("```text\n[part]\nkey = value\n```", "```toml"),
    ("```text\nprint('a')\n```", "what a snippet prints stands below it"),
    ("```text\nimport numpy as np\n```", "```python, on a line of its own"),
    ("```mermaid\ngraph LR\n```", "draw it in a snippet"),
    ("```math\nx\n```", "`$$`"),
    ("```js\nlet x = 1;\n```", "open it with ```text"),
    ("```yml\na: 1\n```", "```yaml"),
    ("```cobol\nSTOP RUN.\n```", "use python, text"),
    ("Recieve it!", "write 'Receive'"),
]


@pytest.mark.parametrize(("text", "cure"), KINDS)
def test_the_cure_is_that_of_the_kind(tree: "Tree", text: str, cure: str) -> None:
    tree.write("docs/posts/good.md", GOOD.replace(LOOSE, text))
    assert cure in tree.check()[-1].fix
