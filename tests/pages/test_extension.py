"""The Markdown extension by itself, as any builder that knows Markdown would load it."""

import lxml.html
import pytest
from markdown import Markdown

from neuralblog_site.pages.snippet_html import pictured
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
    plain = ["admonition", "pymdownx.superfences", "neuralblog_site.pages.extension"]
    generic = {"pymdownx.arithmatex": {"generic": True}}
    return Markdown(extensions=[*plain, *generic], extension_configs=generic)


def test_what_a_snippet_made_stands_below_it(markdown: Markdown) -> None:
    made = pictured(markdown.convert(PAGE.format(first="First.", decimals=2)))
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


DRAWN = """
<!--figure: A line that rises from left to right.-->

```python
import matplotlib.pyplot as plt
from neuralblog import relu

print(f"{relu(0.25):.2f} < 1")

# draw
plt.plot([0, 1])
plt.show()
```

<!--pytest-codeblocks:expected-output-->

```text
0.25 < 1
```
"""


def test_a_picture_stands_where_its_comment_stands(markdown: Markdown) -> None:
    made = pictured(markdown.convert(DRAWN))
    figure, code = made.index('aria-label="A line that rises'), made.index("matplotlib")
    assert made.index("nb-snippet") < figure < code < made.index("0.25 &lt; 1\n</code>")
    assert "<!--" not in made


def test_the_lines_that_draw_are_folded_but_stay_in_the_block(
    markdown: Markdown,
) -> None:
    page = lxml.html.fromstring(markdown.convert(DRAWN))
    (block,) = page.xpath("//div[@class='highlight']/pre")
    (drawing,) = block.xpath(".//span[@class='nb-drawing']")
    assert block.text_content() == DRAWN.split("```")[1].removeprefix("python\n")
    assert drawing.text_content() == "\n# draw\nplt.plot([0, 1])\nplt.show()\n"
    (fold,) = page.xpath("//div[@class='highlight']/pre/following-sibling::details")
    assert fold.text_content() == "2 lines that draw it"


def test_a_snippet_that_only_draws_is_folded_as_a_whole(markdown: Markdown) -> None:
    only = DRAWN.replace('print(f"{relu(0.25):.2f} < 1")\n', "").split("<!--pytest")[0]
    page = lxml.html.fromstring(markdown.convert(only))
    assert page.xpath("//details[contains(@class, 'nb-whole')]/summary")
    (drawing,) = page.xpath("//span[@class='nb-drawing']")
    assert drawing.text_content().startswith("import matplotlib")


def test_the_library_is_quoted_folded_unless_it_is_the_point(
    markdown: Markdown,
) -> None:
    made = markdown.convert(
        "<!--source: neuralblog.activations.relu-->\n\n"
        "<!--source: neuralblog.activations.sigmoid open-->\n\n```python\n"
        "import neuralblog\n```\n"
    )
    page = lxml.html.fromstring(f"<div>{made}</div>")
    (quote,) = page.xpath("//details[@class='nb-quote']")
    assert quote.text_content().startswith("relu in the library, ")
    assert "def relu(" in quote.xpath(".//pre")[0].text_content()
    assert (
        "def sigmoid(" not in quote.text_content()
        and "def sigmoid(" in page.text_content()
    )


def test_a_prediction_lists_choices(markdown: Markdown) -> None:
    made = markdown.convert(
        '!!! question "Predict first"\n    How *many*?\n\n    - [ ] None\n'
        "        - A reply.\n    - [x] One `x`\n"
    )
    page = lxml.html.fromstring(made)
    assert "nb-predict" in page.get("class")
    wrong, right = page.xpath("./ul[@class='nb-choices']/li")
    assert (wrong.get("class"), right.get("class")) == ("nb-wrong", "nb-right")
    assert right.text_content() == "One x" and wrong.text.strip() == "None"
    assert wrong.xpath("./ul[@class='nb-reply']/li")[0].text == "A reply."


def test_a_question_that_is_answered_by_its_choices(markdown: Markdown) -> None:
    made = markdown.convert('!!! question "Check yourself"\n    Why?\n\n    - [x] So\n')
    assert lxml.html.fromstring(made).get("class").split()[-2:] == [
        "nb-predict",
        "nb-check",
    ]
