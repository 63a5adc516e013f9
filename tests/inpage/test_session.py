"""What one snippet of a page does stays its own, but for its variables."""

import os
import sys
import time

import numpy as np
import pytest

from neuralblog_site.inpage import session
from neuralblog_site.inpage.tidy import tidied
from neuralblog_site.running import svg

OFFENDERS = [
    "import os; os.chdir('/'); os.environ['HOME'] = 'x'",
    "import warnings; warnings.simplefilter('ignore')",
    "import numpy as np; np.maximum = None; np.seterr(all='ignore')",
    "import numpy as np; np.set_printoptions(precision=1)",
    "import neuralblog; neuralblog.relu = None; neuralblog.activations.relu = None",
    "from neuralblog import ReLU; ReLU.forward = lambda self, z: None",
    "import builtins; builtins.len = None; builtins.extra = print",
    "import sys; sys.stdout = None; sys.path.clear(); sys.setrecursionlimit(99)",
    "import math; math.exp = None; import time; time.sleep = None",
    "import gc, sys; gc.disable(); sys.settrace(lambda *a: None)",
    "import numpy as np; np.maximum = None; raise SystemExit",
    "import math, numpy; math.pi = 3; numpy.pi = 3; del math.exp",
    "from neuralblog.plotting import COLORS; COLORS.clear()",
    "import sys; sys.modules['math'] = None",
    "import decimal; decimal.getcontext().prec = 3",
    "import logging as l; l.root.addHandler(l.NullHandler()); l.disable(50)",
    "import gc; gc.set_threshold(1)",
    "from neuralblog import KERNELS as K; K['mine'] = K.pop('blur'); K['emboss'] = 1 - K['emboss']",
]
CLEAN = """\
import builtins, decimal, gc, logging, math, os, sys, time, warnings
import numpy as np
from neuralblog import KERNELS, ReLU, relu
from neuralblog.activations import relu as same
from neuralblog.plotting import COLORS
assert os.getcwd() == FOLDER and os.environ['HOME'] != 'x'
assert np.maximum(1, 2) == 2 and np.geterr()['divide'] == 'warn'
assert relu is same and relu(1.0) == 1 and ReLU().forward(np.ones(1)) == 1
assert len('ab') == 2 and not hasattr(builtins, 'extra')
assert sys.path and sys.getrecursionlimit() > 99
assert math.pi > 3 and np.pi > 3 and COLORS['ink'] and gc.get_threshold()[0] > 1
assert decimal.getcontext().prec == 28 and logging.root.manager.disable == 0
assert logging.NullHandler not in map(type, logging.root.handlers)
assert 'blur' in KERNELS and 'mine' not in KERNELS and KERNELS['emboss'].sum() == 1
assert math.exp(0) == 1 and time.sleep and gc.isenabled()
assert str(np.array(0.12345)) == '0.12345'
print('clean')
"""


@pytest.fixture(autouse=True)
def figures_go_nowhere_new(monkeypatch: pytest.MonkeyPatch) -> None:
    """A session takes all figures of its process: the next test gets them back."""
    monkeypatch.setattr(svg, "deliver", svg.deliver)


@pytest.mark.parametrize("offender", OFFENDERS)
def test_nothing_outlives_a_snippet_but_its_variables(
    offender: str, capsys: pytest.CaptureFixture[str]
) -> None:
    trace = sys.gettrace()
    page = "somewhere/"
    session.reset(page)
    folder = f"FOLDER, mine = {os.getcwd()!r}, 7"
    assert session.run(folder, page, "snippet", []) == ("ok", "")
    assert session.run(offender, page, "snippet", [])[0] == "ok"
    capsys.readouterr()
    assert session.run(CLEAN, page, "snippet", []) == ("ok", "")
    assert session.run("assert mine == 7", page, "snippet", []) == ("ok", "")
    assert capsys.readouterr().out == "clean\n"
    assert sys.gettrace() is trace


def test_without_it_the_offender_would_win(monkeypatch: pytest.MonkeyPatch) -> None:
    real = np.maximum
    with tidied():
        monkeypatch.setattr(np, "maximum", None)
        assert np.maximum is None
    assert np.maximum is real


@pytest.mark.skipif("SLOW" not in os.environ, reason="it measures a time")
def test_it_takes_no_time() -> None:
    start = time.perf_counter()
    for _ in range(10):
        with tidied():
            pass
    assert (
        time.perf_counter() - start
    ) / 10 < 0.1  # about 3 ms where nothing else runs


def test_memory_is_full_when_no_room_is_left() -> None:
    assert not session.full(2**20)
    assert session.full(2**60)
