"""What a snippet raised, told as a contributor needs it: the rule, and how to mend it."""

import re

from neuralblog_site.project.problems import meant
from neuralblog_site.sources.library_code import names

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
