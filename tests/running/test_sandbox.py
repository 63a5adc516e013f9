"""A job runs apart: no network, no other folder, no end of time, no trace left."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from neuralblog_site.running.execute import Result
from neuralblog_site.running.sandbox import CAN_FORK, Sandbox, Stopped

WAYS = [True, False] if CAN_FORK else [False]  # forked, and in a fresh process


@pytest.fixture(
    scope="module", params=WAYS, ids=lambda fork: "fork" if fork else "fresh"
)
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    with Sandbox(fork=request.param) as sandbox:
        yield sandbox


def run(sandbox: Sandbox, code: str, limit: float = 20.0) -> Result:
    result: Result = sandbox.call(
        "neuralblog_site.running.execute:run", code, "x.md", limit=limit
    )
    return result


def message(sandbox: Sandbox, code: str) -> str:
    fault = run(sandbox, code).fault
    assert fault is not None
    return fault.message


def test_a_result_comes_back(sandbox: Sandbox) -> None:
    assert run(sandbox, "print(6 * 7)").stdout == "42\n"


def test_figures_come_back_in_the_style_of_the_site(sandbox: Sandbox) -> None:
    code = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\n"
    (svg,) = run(sandbox, code).figures
    assert "var(--nb-ink, " in svg


@pytest.mark.parametrize(
    "code",
    [
        "import socket\nsocket.create_connection(('127.0.0.1', 9))",
        "import urllib.request as r\nr.urlopen('http://example.invalid')",
    ],
)
def test_the_network_is_out_of_reach(sandbox: Sandbox, code: str) -> None:
    assert "cannot reach the network" in message(sandbox, code)


def test_other_programs_are_out_of_reach(sandbox: Sandbox) -> None:
    code = "import subprocess\nsubprocess.run(['true'])"
    assert "cannot start another program" in message(sandbox, code)


def test_other_folders_stay_as_they_are(sandbox: Sandbox, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("kept")
    for change in ("open({!r}, 'w')", "import os; os.remove({!r})"):
        assert "not in its folder" in message(sandbox, change.format(str(victim)))
    assert victim.read_text() == "kept"


def test_files_that_are_left_are_told(sandbox: Sandbox) -> None:
    assert run(sandbox, "open('left.txt', 'w').close()").files == ["left.txt"]
    kept = "import tempfile\nwith tempfile.TemporaryDirectory() as d: print(len(d) > 0)"
    assert run(sandbox, kept).files == []


def test_a_job_cannot_read_the_next_job(sandbox: Sandbox) -> None:
    assert "EOFError" in message(sandbox, "input()")


def test_nothing_passes_from_one_job_to_the_next(sandbox: Sandbox) -> None:
    spoil = "\n".join(
        [
            "import matplotlib.pyplot as plt, numpy as np, neuralblog.activations as a",
            "plt.rcParams['lines.linewidth'] = 9",
            "np.random.seed(1)",
            "a.relu = None",
            "plt.figure(); plt.show()",
        ]
    )
    assert run(sandbox, spoil).fault is None
    look = "\n".join(
        [
            "import matplotlib.pyplot as plt, neuralblog.activations as a",
            "print(plt.rcParams['lines.linewidth'] == 9, a.relu is None)",
        ]
    )
    after = run(sandbox, look)
    assert after.stdout == "False False\n" and after.figures == []


def test_an_endless_job_is_killed_and_its_line_told(sandbox: Sandbox) -> None:
    code = "while True:\n    try:\n        x = 1\n    except BaseException:\n        pass\n"
    with pytest.raises(Stopped, match="still running after 1 s") as stopped:
        run(sandbox, code, limit=1.0)
    assert stopped.value.line("x.md") in (2, 3, 1)
    assert run(sandbox, "print('alive')").stdout == "alive\n"


def test_a_job_that_kills_itself_is_told(sandbox: Sandbox) -> None:
    with pytest.raises(RuntimeError, match="SIGKILL|status"):
        run(sandbox, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux alone")
def test_endless_memory_is_a_fault(sandbox: Sandbox) -> None:
    code = "import numpy as np\nx = [np.empty(1 << 27) for _ in range(100)]\n"
    assert "MemoryError" in message(sandbox, code)
