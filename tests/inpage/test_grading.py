"""An answer that breaks its check is told what was expected, in our words."""

import warnings

import matplotlib.pyplot as plt
import pytest

from neuralblog_site.inpage.grading import NotYet, explained, grade
from neuralblog_site.running import svg

Output = pytest.CaptureFixture[str]

BEFORE = "import numpy as np\nx = np.ones((3, 2))\n"
SOLUTION = "def total(x):\n    return x.sum(axis=1)\n\nw, b = np.ones((3, 1)), 2\n"
AFTER = """\
given = total(x)
assert given[0] > 0, "Too small."
print(f"{given[2]:.1f} {w[2, 0]:.1f} {b:.1f}", x[given.astype(int)[0] - 2])
"""
CASES = [  # what the reader changes, and is told
    ("", ""),
    ("total = None", "total is None, expected a function. Begin with `def total(`."),
    ("total = 3", "total is one number, expected a function."),
    ("def total(x): pass", "total gives back None, expected a row of 3. Is a `return`"),
    ("def total(): return 1", "total has to take (x)."),
    ("def total(x): return x.sum()", "total gives back one number, expected a row of"),
    ("def total(x): return x.sum(0)", "total gives back a row of 2, expected a row of"),
    ("def total(x): return 1j * x[:, 0]", "total gives back complex, expected a row"),
    ("def total(x): return -x[:, 0]", "Too small."),
    ("def total(x): return x @ x", "total stops for an array of shape (3, 2): the two"),
    ("def total(x): return max(x)", "total stops for an array of shape (3, 2): it asks"),
    ("def total(x): return 9 * x[:, 0]", "There is no place 7 on an axis of length 3"),
    ("w = np.ones((1, 3))", "w is an array of shape (1, 3), expected an array of shape "
     "(3, 1). Is it transposed?"),
    ("w = np.ones(3)", "w is a row of 3, expected an array of shape (3, 1). An axis of"),
    ("w = np.ones((3, 1, 1))", "w is an array of shape (3, 1, 1), expected an array of "
     "shape (3, 1). Take the axis of length 1 away."),
    ("w = np.ones((3, 4, 1))", "w is an array of shape (3, 4, 1), expected an array of "
     "shape (3, 1). Along which axis should it shrink?"),
    ("w = [[1], [1, 2]]", "w is 2 things of different length, expected an array of"),
    ("w = {}", "w is a dict, expected an array of shape (3, 1)."),
    ("b = '2'", "b is a text, expected one number. Leave out the quotes."),
    ("b = total", "b is a function, expected one number. Call it, with (...)."),
    ("b = dict", "b is a class, expected one number."),
    ("b = [[], 'x', dict]", "b is 3 things of different length, expected one number."),
    ("b = [2]", "b is a row of 1, expected one number. Take the axis of length 1 away."),
    ("del b", "b is missing: your part has to define it."),
    ("b = nothing", "Line 5: the name nothing is not known: is it"),
    ("b = x + np.ones(3)", "Line 5: arrays of shape (3,2) and (3,) do not go together."),
    ("x[0] = np.ones(3)", "Line 5: an array of shape (3,) does not fit where shape (2,)"),
    ("b = [1] + 2", "Line 5: a list cannot do that: np.array(...) makes"),
    ("b = 1 + None", "Line 5: something in it is None"),
    ("b =", "Line 5: Python cannot read it"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "told"), CASES)
def test_what_was_expected_is_told(change: str, told: str) -> None:
    said = explained(BEFORE, f"{SOLUTION}{change}\n", SOLUTION, AFTER)
    assert said.startswith(told)
    assert bool(said) == bool(told)


def test_one_line_needs_no_number() -> None:
    said = explained("", "b = nothing", "b = 1", "assert b")
    assert said.startswith("The name nothing is not known: is it misspelled, or")


def test_a_place_that_is_shared_stays_an_array() -> None:
    before = "from types import SimpleNamespace\nimport numpy as np\n"
    before += "layer = SimpleNamespace(W=np.ones(2))\n"
    said = explained(before, "layer.W = 3", "layer.W[:] = 3", "layer.W.sum()")
    assert said == "layer.W has to stay an array: write layer.W[:] = ..."


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("def f(z):\n    z + 1", "f gives back nothing: a `return` is missing."),
        ("def f(z): return z", "f(1) should be 2."),
        ("f = None", "f is None, expected a function. Begin with `def f(`."),
    ],
)
def test_an_assert_stands_unless_there_is_no_answer(answer: str, told: str) -> None:
    solution = "def f(z): return z + 1"
    assert explained("", answer, solution, "", asserted="f(1) should be 2.") == told


def test_a_function_that_has_nothing_to_give_back_may() -> None:
    part = "def f(z): z.append(1)"
    assert explained("", part, part, "", asserted="Too few.") == "Too few."


def test_the_methods_of_a_class_are_watched() -> None:
    before = "from neuralblog import ReLU, check_gradients, relu\n"
    solution = "class Gate(ReLU):\n    def backward(self, dy): return dy * relu.derivative(*self.recall())"
    after = "report = check_gradients(Gate(), [[1.0]])"
    answer = "class Gate(ReLU):\n    def backward(self, dy): return dy[0]"
    told = "backward gives back a row of 1, expected an array of shape (1, 1)."
    assert explained(before, answer, solution, after).startswith(told)


def test_the_library_speaks_for_itself() -> None:
    after = "relu(x)"
    said = explained("from neuralblog import relu", "x = {}", "x = dict()", after)
    assert said.startswith("relu")


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("a, b = 0,5, 1,5", "There are more values than the 2 that are asked for; "),
        ("a, b = 0,08, 1,5", "Decimals take a point, as in 0.5."),
        ("a, b = 0.5", "One value stands where several are asked for."),
        ("a, b = 60%, 1", "60 % is written 0.6."),
        ("a = 2x", "A product takes a star, as in 2 * x."),
        ("a = [1] * 0.5", "A list is not multiplied like this: np.array(...) makes"),
        ("a = 2 (1 + 1)", "A product takes a star, also in front of brackets, as in "),
        ("a = 2.0 ^ 2", "A power is written with two stars, as in x**2."),
        ("a = [[1, 2][3, 4]]", "A comma is missing between two rows, as in "),
        ("a, b = 0.5 1.5", "Python cannot read it: is there a sign missing, or a word"),
        ("a = [1 2]", "Python cannot read it: is a comma missing?"),
        ("a = \u22121", "\u2212 is another sign than the one on the keyboard: type it"),
        ("import numpy\na = numpy.ones(2)[[0.5]]", "Line 2: a place has to be a whole"),
        ("a = (1,) > 0", "A tuple cannot do that: take out what is in it, as in "),
    ],
)
def test_slips_of_the_pen_are_named(answer: str, told: str) -> None:
    assert explained("", answer, "a, b = 0.5, 1.5", "").startswith(told)


def test_a_power_is_named_where_an_assert_has_spoken() -> None:
    told = "A power is written with two stars, as in x**2."
    assert explained("", "a = 10 ^ -3", "a = 0.001", "", asserted="Too small.") == told


def test_a_list_of_names_keeps_their_quotes() -> None:
    said = explained("", "names = 'one'", "names = ['one']", "", asserted="No.")
    assert said == "names is a text, expected a list of texts. Write [...] around it."


def test_what_a_function_was_given_is_told_with_its_numbers() -> None:
    before = "import numpy as np"
    solution = "def f(x, n): return x"
    answer = "def f(x, n): return x[0] + nothing"
    told = explained(before, answer, solution, "f(np.zeros((2, 3)), -2)")
    assert told.startswith("f stops for an array of shape (2, 3) and -2: the name")


def test_a_name_that_the_check_does_without_is_not_missed() -> None:
    solution = "step = 1\nx = 1 + step"
    assert explained("", "x = 3", solution, "", asserted="x is 2.") == "x is 2."


GIVEN = "import numpy as np\nfrom neuralblog import relu\nx = np.ones(3)\n"
ASKED = "def f(z): return relu(z)\n"
ASSERTS = """\
print("f of x:", f(x))
assert np.allclose(f(-x), abs(0 * x)), "f(-1) should be 0."
print("and of minus x:", f(-x))
"""


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("def f(z): return z\nabs = lambda z: -x", "f(-1) should be 0."),
        ("f, x = abs, -np.ones(3)", "f(-1) should be 0."),
        ("def f(z): return z\nnp.allclose = lambda a, b: True", "f(-1) should be 0."),
        ("def f(z): return z\ndel np", "f(-1) should be 0."),
        ("raise SystemExit", "It ends the program before the check has run."),
        ("def f(z): raise SystemExit", "It ends the program"),
        (
            "def f(z): return f(z)",
            "f stops for an array of shape (3,): it calls itself,",
        ),
        ("assert False, 'mine'", "AssertionError: mine"),
        ("f = relu, relu", "f is a list, expected a function."),
    ],
)
def test_what_an_answer_changes_cannot_reach_its_check(answer: str, told: str) -> None:
    with pytest.raises(NotYet) as raised:
        grade(GIVEN, answer, ASKED, ASSERTS)
    assert str(raised.value).startswith(told)


def test_names_of_the_reader_s_own_are_no_fault(capsys: Output) -> None:
    grade(GIVEN, "np, abs, x, print = 1, 2, 3, 4\nf = relu", ASKED, ASSERTS)
    assert capsys.readouterr().out == "f of x: [1. 1. 1.]\nand of minus x: [0. 0. 0.]\n"


def test_what_the_check_prints_waits_for_a_right_answer(capsys: Output) -> None:
    answer = "def f(z):\n    print('asked', z[0])\n    return z\n"
    with pytest.raises(NotYet):
        grade(GIVEN, answer, ASKED, ASSERTS)
    assert capsys.readouterr().out == "asked 1.0\nasked -1.0\n"
    grade(GIVEN, answer.replace("return z", "return relu(z)"), ASKED, ASSERTS)
    printed = capsys.readouterr().out.split("\n")
    assert printed[:2] == ["asked 1.0", "asked -1.0"]
    assert printed[-2] == "and of minus x: [0. 0. 0.]"


def test_the_answer_s_warnings_are_shown_and_the_check_s_are_not() -> None:
    answer = "def f(z):\n    np.log(0 * z)\n    return relu(z)\n"
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        grade(GIVEN, answer, ASKED, f"np.log(0 * x)\n{ASSERTS}")
    assert {each.lineno for each in warned} == {2}


@pytest.mark.parametrize(
    "error",
    [KeyboardInterrupt(), ModuleNotFoundError("No module named 'matplotlib'")],
    ids=repr,
)
def test_a_stop_and_a_package_to_come_are_handed_on(error: BaseException) -> None:
    for answer in f"raise {error!r}", f"def f(z): raise {error!r}":
        with pytest.raises(type(error)) as raised:
            grade(GIVEN, answer, ASKED, ASSERTS)
        assert str(raised.value) == str(error)


def test_a_figure_of_a_wrong_answer_is_shown_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn: list[str] = []
    svg.use()
    monkeypatch.setattr(svg, "deliver", drawn.append)
    plot = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\n"
    for show in "", "plt.show()\n":
        with pytest.raises(NotYet):
            grade(GIVEN, f"{plot}{show}f = 1", ASKED, ASSERTS)
        plt.close("all")
    assert len(drawn) == 2
