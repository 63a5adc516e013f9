"""The Markdown extension by itself, as any builder that knows Markdown would load it."""

import pytest
from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

from neuralblog_site.project.problems import Broken

PAGE = """\
# A page

{first}

<!-- more -->

```python
import matplotlib.pyplot as plt
from neuralblog import relu

print(f"{{relu(0.25):.{decimals}f}} < 1")
plt.plot([0, 1])
plt.show()
```

<!--pytest-codeblocks:expected-output-->

```text
0.25 < 1
```

<!--figure: A line that rises from left to right.-->

The end, with $x^2$.
"""


@pytest.fixture
def markdown() -> Markdown:
    plain = ["pymdownx.superfences", "neuralblog_site.pages.extension"]
    generic = {"pymdownx.arithmatex": {"generic": True}}
    return Markdown(extensions=[*plain, *generic], extension_configs=generic)


def test_what_a_snippet_made_stands_below_it(markdown: Markdown) -> None:
    made = markdown.convert(PAGE.format(first="First.", decimals=2))
    code, output = made.index("matplotlib"), made.index("<code>0.25 &lt; 1\n</code>")
    figure = made.index('role="img" aria-label="A line that rises')
    assert code < output < figure < made.index("The end") < made.index("<math")
    assert "expected-output" not in made and "<!--figure" not in made
    assert made.count("0.25") == 2  # in the code, and where it is printed


def test_a_page_that_would_lie_is_not_made(markdown: Markdown) -> None:
    with pytest.raises(Broken) as broken:
        markdown.convert(PAGE.format(first="First.", decimals=3))
    (problem,) = broken.value.problems
    assert problem.code == "SN07" and problem.line == 19


def test_an_excerpt_ends_at_its_mark(markdown: Markdown) -> None:
    markdown.treeprocessors.register(Treeprocessor(markdown), "excerpt", 0)
    made = markdown.convert(PAGE.format(first="First.", decimals=3))  # is not run
    assert "First." in made and "<!-- more -->" in made and "relu" not in made
