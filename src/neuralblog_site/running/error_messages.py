"""What a snippet raised, told as a contributor needs it: the rule, and how to mend it."""

import ast
import re

from neuralblog_site.project.places import ROOT
from neuralblog_site.project.problems import meant

LIBRARY = ROOT / "src" / "neuralblog"
MEND = "mend the line, or catch the error and print its message"
FAULTS = (  # what a message holds, the rule that it breaks, and how to mend it
    ("cannot reach the network", "SN15", "use what the library ships"),
    ("a snippet cannot change", "SN16", "write to io.BytesIO"),
    ("cannot end another process", "SN28", "leave it out"),
    ("MemoryError", "SN14", "use smaller arrays: a snippet has 3 GB, a page less"),
    ("Warning: ", "SN20", "mend what it complains about"),
)
PLACE = re.compile(r" \((/|[A-Za-z]:\\)[^)]*\)")  # of a module on this machine
UNKNOWN = (  # how Python says that a module has no such name
    r"cannot import name '(?P<name>\w+)' from '(?P<module>neuralblog[.\w]*)",
    r"module '(?P<module>neuralblog[.\w]*)' has no attribute '(?P<name>\w+)",
    r"No module named '(?P<module>neuralblog)\.(?P<name>\w+)'",
)


def told(message: str) -> tuple[str, str, str]:
    """The rule that an error breaks, what it says, and how to mend it."""
    message = " ".join(PLACE.sub("", message).split())
    for part, code, fix in FAULTS:
        if part in message:
            return code, message, fix
    for pattern in UNKNOWN:
        if found := re.search(pattern, message):
            return "SN06", message, nearest(found["name"], found["module"])
    return "SN06", message, MEND


def nearest(name: str, module: str) -> str:
    """How to mend a name that a module of the library does not have."""
    unknown = "the library has no such name: the API page lists all"
    return meant(name, sorted(names(module)), unknown)


def names(module: str) -> set[str]:
    """The public names of a module of the library, read without importing it."""
    path = LIBRARY.joinpath(*module.split(".")[1:])
    package = path.is_dir()
    file = path / "__init__.py" if package else path.with_suffix(".py")
    tree = ast.parse(file.read_text(encoding="utf-8") if file.is_file() else "")
    inside = {other.stem for other in path.glob("*.py")}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            inside.add(node.name)
        elif package and isinstance(node, ast.ImportFrom):
            inside.update(alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.Assign):
            inside.update(t.id for t in node.targets if isinstance(t, ast.Name))
    return {name for name in inside if not name.startswith("_")}
