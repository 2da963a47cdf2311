"""Which of Junos's four forms a configuration has, by its content and not by its file's name.

People save what a terminal shows: prompts, `{master}`, `## Last commit` and carriage returns
are taken out, so that the same text can be loaded.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

Form = Literal["set", "text", "xml", "json"]
_PROMPT = re.compile(r"^[\w.-]+@[\w.:-]+[>#%]( .*)?$")
_BANNER = re.compile(r"^(\{[a-z]+(:[\w-]+)?\}(\[edit.*\])?|\[edit( .*)?\])$")
_COMMANDS = (
    "set", "delete", "deactivate", "activate", "protect", "unprotect", "annotate", "insert",
    "rename", "copy", "edit", "exit", "up", "top", "wildcard", "replace",
)  # fmt: skip
_COMMAND = re.compile(rf"^({'|'.join(_COMMANDS)})( |$)")
_BRACES = re.compile(r"[{};]\s*(##.*|/\*.*\*/)?$")
"""How a line of the form with braces ends, whatever comment follows."""


@dataclass(frozen=True, slots=True)
class Recognized:
    """A configuration, its form, and the text without what a terminal added.

    Lines keep their numbers: those that were taken out are empty.
    """

    form: Form
    text: str


class Unrecognized(ValueError):
    """A text is no configuration; `line` counts from 1 and is the first that is none."""

    def __init__(self, line: int, reason: str) -> None:
        self.line = line
        super().__init__(reason)


def recognize(text: str) -> Recognized:
    """The form of a configuration, and what to load of it.

    Raises:
        Unrecognized: the text is empty, or not a configuration in any form.
    """
    lines = [_bare(line) for line in text.removeprefix("\ufeff").splitlines()]
    first = next(_meaningful(lines), None)
    if first is None:
        raise Unrecognized(1, "holds no configuration")
    number, line = first
    clean = "\n".join(lines) + "\n"
    if line.startswith("<"):
        return Recognized("xml", clean.strip() + "\n")
    if line.startswith("{"):
        data = "\n".join("" if each.lstrip().startswith("#") else each for each in lines) + "\n"
        if _is_json(data):
            return Recognized("json", data)
    if _COMMAND.match(line) and not line.endswith(("{", ";")):
        _each_is_a_command(lines)
        return Recognized("set", clean)
    if any(_BRACES.search(each) for _, each in _meaningful(lines)):
        if not _BRACES.search(line) and not _continues(line):
            raise Unrecognized(number, f"no statement of a configuration: {line[:60]!r}")
        return Recognized("text", clean)
    raise Unrecognized(number, f"no configuration in set, text, XML or JSON form: {line[:60]!r}")


def _bare(line: str) -> str:
    """A line without a carriage return; empty if a terminal wrote it."""
    line = line.rstrip("\r")
    bare = line.strip()
    return "" if _PROMPT.match(bare) or _BANNER.match(bare) else line


def _meaningful(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Number and text of each line that is neither empty nor a comment."""
    commented = False
    for number, line in enumerate(lines, 1):
        bare = line.strip()
        if commented or bare.startswith("/*"):
            commented = "*/" not in bare
        elif bare and not bare.startswith("#"):
            yield number, bare


def _each_is_a_command(lines: list[str]) -> None:
    """A value in quotes may go on over several lines."""
    quoted = False
    for number, line in _meaningful(lines):
        if not quoted and not _COMMAND.match(line):
            raise Unrecognized(number, f"no `set` or `deactivate` command: {line[:60]!r}")
        quoted ^= (line.count('"') - line.count('\\"')) % 2 == 1


def _continues(line: str) -> bool:
    """The first line of a value of several lines, or an opening that the next line completes."""
    return line.count('"') % 2 == 1 or line.endswith("[")


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False
