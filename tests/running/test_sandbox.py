"""A job runs apart: no network, no other folder, no end of time, no trace left."""

import contextlib
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
    runner = "neuralblog_site.running.execute:run_cells"
    result: Result = sandbox.call(runner, [(code, 1)], "x.md", limit=limit)[0]
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
    with pytest.raises(Stopped, match="still running after 4 s") as stopped:
        run(sandbox, code, limit=4.0)
    assert stopped.value.line("x.md") in (2, 3, 1)
    assert run(sandbox, "print('alive')").stdout == "alive\n"


def test_a_job_that_undoes_its_limit_is_killed(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("neuralblog_site.running.sandbox.STARTING", 6.0)
    code = "import faulthandler as f\nf.cancel_dump_traceback_later()\nwhile True: 1\n"
    with pytest.raises(Stopped, match="still running after 4 s"):
        run(sandbox, code, limit=4.0)


def test_a_job_that_kills_itself_is_told(sandbox: Sandbox) -> None:
    with pytest.raises(RuntimeError, match="SIGKILL|status"):
        run(sandbox, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux alone")
def test_endless_memory_is_a_fault(sandbox: Sandbox) -> None:
    code = "import numpy as np\nx = [np.empty(1 << 27) for _ in range(100)]\n"
    assert "MemoryError" in message(sandbox, code)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux alone")
@pytest.mark.parametrize("step", ["x += x", "x.append([0] * 10**6)", "x = x + x"])
def test_a_list_that_eats_memory_is_told_so(sandbox: Sandbox, step: str) -> None:
    code = f"x = [0]\nwhile True:\n    {step}\n"
    assert "MemoryError" in message(sandbox, code)


PARENT = "import os, signal, ctypes\n"
ATTACKS = [
    "os.kill(os.getppid(), signal.SIGKILL)",
    "os.killpg(os.getpgid(os.getppid()), signal.SIGTERM)",
    "ctypes.CDLL(None).kill(os.getppid(), 9)",
    "[os.close(n) for n in range(3, 64) if os.path.exists(f'/proc/self/fd/{n}')]",
    "for n in range(3, 64):\n    try: os.write(n, b'x' * 64)\n    except OSError: pass",
    "for n in range(3, 64):\n    try: os.write(n, b'cnothing\\nhere\\n.')\n    except OSError: pass",
    "for n in range(3, 64):\n    try: os.write(n, b'I1\\n.')\n    except OSError: pass",
    "os.write(1, b'seen by nobody'); os.write(2, b'seen by nobody')",
    "ctypes.string_at(0)",
    "os._exit(3)",
    "import sys; sys.setrecursionlimit(10**8)\ndef f(): f()\nf()",
]


@pytest.mark.skipif(not CAN_FORK, reason="elsewhere each job has a process of its own")
@pytest.mark.parametrize("attack", ATTACKS)
def test_what_a_job_does_to_its_parent_is_told_without_a_traceback(
    capfd: pytest.CaptureFixture[str], attack: str
) -> None:
    with Sandbox() as place:
        with contextlib.suppress(RuntimeError, Stopped):
            run(place, PARENT + attack, limit=5.0)
        assert run(place, "print('alive')").stdout == "alive\n"
    said = capfd.readouterr()
    assert said.out + said.err == ""


OFFENDERS = [
    "import os; os.chdir('/')",
    "import warnings; warnings.simplefilter('ignore')",
    "import numpy as np; np.maximum = None; np.seterr(all='ignore')",
    "import threading, time\n"
    "threading.Thread(target=lambda: time.sleep(99), daemon=True).start()",
    "import atexit; atexit.register(lambda: open('/tmp/late', 'w'))",
    "import builtins; builtins.print = None",
]
CLEAN = """\
import os, threading, warnings
import numpy as np
assert os.path.basename(os.getcwd()) == 'job'
assert threading.active_count() == 1
try:
    warnings.warn('told')
except UserWarning:
    print(np.maximum(1, 2), np.geterr()['divide'])
"""


@pytest.mark.parametrize("offender", OFFENDERS)
def test_nothing_outlives_its_job(sandbox: Sandbox, offender: str) -> None:
    run(sandbox, offender)
    assert run(sandbox, CLEAN).stdout == "2 warn\n"
