"""One snippet, run: what it prints, draws, or raises, with the post's own lines."""

import pytest

from neuralblog_site.running import execute, svg


@pytest.fixture(autouse=True)
def own_backend() -> None:
    svg.use()
    svg.shown.clear()


def run(code: str, filename: str = "snippet", line: int = 1) -> execute.Result:
    return execute.run_cells([(code, line)], filename)[0]


def test_output_and_line_of_an_error() -> None:
    result = run("print(1)\n\n1 / 0\n", "docs/posts/x.md", 40)
    assert result.stdout == "1\n"
    assert result.fault == execute.Fault(
        42, "1 / 0", "ZeroDivisionError: division by zero"
    )


def test_the_error_of_a_called_function_is_told_at_the_call() -> None:
    code = "import numpy as np\nnp.zeros(2).reshape(3)\n"
    fault = run(code, "x.md", 7).fault
    assert fault is not None and fault.line == 8
    assert fault.source == "np.zeros(2).reshape(3)"


@pytest.mark.parametrize(
    ("code", "line", "message"),
    [
        ("x = (\n", 5, "SyntaxError: '(' was never closed"),
        ("import sys\nsys.exit(3)\n", 6, "SystemExit: 3"),
        ("import warnings\nwarnings.warn('old')\n", 6, "UserWarning: old"),
        ("raise KeyboardInterrupt\n", 5, "KeyboardInterrupt"),
        ("assert 1 == 2\n", 5, "AssertionError"),
    ],
)
def test_everything_that_stops_a_snippet_is_a_fault(
    code: str, line: int, message: str
) -> None:
    fault = run(code, "x.md", 5).fault
    assert fault is not None
    assert (fault.line, fault.message) == (line, message)


def test_every_snippet_is_the_main_program_of_its_own() -> None:
    assert run("a = 1\nprint(__name__)\n").stdout == "__main__\n"
    fault = run("print(a)\n").fault
    assert fault is not None and "'a' is not defined" in fault.message


def test_endless_output_is_a_fault() -> None:
    fault = run("while True:\n    print('x' * 1000)\n").fault
    assert fault is not None and "more than 200,000 characters" in fault.message


def test_shown_figures_are_kept_and_forgotten_ones_counted() -> None:
    code = (
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\nplt.figure()\n"
    )
    result = run(code)
    assert len(result.figures) == 1 and result.unshown == 1
    import matplotlib.pyplot as plt

    plt.close("all")
