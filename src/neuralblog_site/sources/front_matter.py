"""The YAML block on top of a page, with the line of each entry."""

import re
from typing import Any, NamedTuple

import yaml


class Key(NamedTuple):
    """One entry of a front matter, and the line at which it stands."""

    name: str
    value: Any
    line: int


class FrontMatter:
    """The YAML block on top of a page: its keys, or what is wrong with it."""

    def __init__(self, lines: list[str]) -> None:
        self.keys: list[Key] = []
        self.end = 0  # the line of the closing mark
        self.missing = self.broken = ""
        self.fault_line = 1
        if lines and lines[0].strip() == "+++":
            self.missing = "the front matter is TOML, not YAML"
            rows = enumerate(lines[1:], 2)
            self.end = next((n for n, row in rows if row.strip() == "+++"), 1)
            return
        marks = [n for n, row in enumerate(lines, 1) if row.rstrip() == "---"]
        above = [row for row in lines[: (marks or [1])[0] - 1] if row.strip()]
        if not marks or above:
            self.missing = "no front matter"
            if all(re.match(r"-+$|[\w-]+:", row) for row in above):
                self.end = (marks or [0])[0]  # only the first mark is missing
            return
        self.end = marks[1] if len(marks) > 1 else 0
        if marks[0] > 1:
            self.missing = "the front matter does not start on line 1"
            return
        if not self.end:
            self.missing = "the front matter is not closed"
            return
        self._parse("\n".join(lines[1 : self.end - 1]))

    def _parse(self, text: str) -> None:
        try:
            node = yaml.compose(text, Loader=yaml.SafeLoader)
            if node is not None and not isinstance(node, yaml.MappingNode):
                self.broken = "the front matter is not a list of `key: value` lines"
                return
            load = yaml.SafeLoader("").construct_object
            for name, value in node.value if node is not None else []:
                line = name.start_mark.line + 2
                self.keys.append(Key(str(name.value), _plain(value, load), line))
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            self.fault_line = (mark.line if mark else 0) + 2
            self.broken = f"YAML: {getattr(error, 'problem', None) or error}"

    def get(self, name: str) -> Key | None:
        """The first entry of that name."""
        return next((key for key in self.keys if key.name == name), None)


def _plain(node: yaml.Node, load: Any) -> Any:
    """Lists and maps as such; a scalar as it is written, so that dates stay text."""
    return (
        str(node.value) if isinstance(node, yaml.ScalarNode) else load(node, deep=True)
    )
