"""Start a command of the project: `python src/neuralblog_site serve`, or `make serve`.

Runs on a machine that has nothing but Python: it makes `.venv` first, installs what
the lock names, and hands over to the Python in there.
"""

import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036 (this line is what tells an older Python)
    sys.exit(
        "neuralblog needs Python 3.11 or newer, this is {}.{}: name a newer one, "
        "as in `make serve PYTHON=python3.12`".format(*sys.version_info[:2])
    )

if __name__ == "__main__":
    if not __package__:  # started as a folder, before anything is installed
        sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    from neuralblog_site.project.install import ensure, inside

    if inside():
        from neuralblog_site.cli import main

        main()
    else:
        ensure(sys.argv[1:])
