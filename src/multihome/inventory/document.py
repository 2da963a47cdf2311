"""YAML in, plain data out, and for each key its line.

Sequences come as tuples, so that frozen models take them as they are.  A key written
twice is an error: YAML libraries keep the last one and say nothing, which turns a typing
slip into a silent change.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from multihome.errors import InvalidFile, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ruamel.yaml.nodes import Node


Loc = tuple[str | int, ...]
"""The place of a value: `("vpns", "ipvpn", "legs", 1, "med")`."""


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML file: its data and the place of each part."""

    path: Path
    data: object
    lines: Mapping[Loc, int] = field(repr=False)
    """Line of each key or list item, counted from 1."""

    def line(self, loc: Loc) -> int | None:
        """The line of the value, or of the nearest thing around it that is in the file."""
        for length in range(len(loc), -1, -1):
            if (found := self.lines.get(loc[:length])) is not None:
                return found
        return None

    def problem(self, loc: Loc, message: str) -> Problem:
        """Something wrong at `loc`, ready for InvalidFile."""
        return Problem(self.path, self.line(loc), dotted(loc), message)


def dotted(loc: Loc) -> str:
    """`legs[1].med` of `("legs", 1, "med")`."""
    text = ""
    for step in loc:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def read_document(path: Path) -> Document:
    """Read one YAML file; an empty file is an empty mapping.

    Raises:
        InvalidFile: it cannot be read, is not YAML, or writes a key twice.
    """
    yaml = YAML(typ="safe", pure=True)
    try:
        text = path.read_text(encoding="utf-8")
        root = yaml.compose(text)
    except OSError as error:
        raise InvalidFile([Problem(path, None, "", error.strerror or str(error))]) from error
    except UnicodeDecodeError as error:
        raise InvalidFile([Problem(path, None, "", "is not UTF-8 text")]) from error
    except YAMLError as error:
        raise InvalidFile([_syntax_problem(path, error)]) from error
    reader = _Reader(path, yaml)
    data = {} if root is None else reader.read(root, ())
    if reader.problems:
        raise InvalidFile(reader.problems)
    return Document(path, data, reader.lines)


def _syntax_problem(path: Path, error: YAMLError) -> Problem:
    if isinstance(error, MarkedYAMLError) and error.problem_mark is not None:
        words = error.problem or "is not YAML"
        return Problem(path, error.problem_mark.line + 1, "", words)
    return Problem(path, None, "", f"is not YAML: {error}".splitlines()[0])


class _Reader:
    """Walks the node tree once, keeping lines and problems as it goes."""

    def __init__(self, path: Path, yaml: YAML) -> None:
        self._path = path
        self._construct = yaml.constructor.construct_object
        self._open: set[int] = set()
        self.lines: dict[Loc, int] = {}
        self.problems: list[Problem] = []

    def read(self, node: Node, loc: Loc) -> object:
        self.lines.setdefault(loc, node.start_mark.line + 1)
        if id(node) in self._open:
            self._complain(node, loc, "is an alias of something around it")
            return None
        self._open.add(id(node))
        try:
            return self._value(node, loc)
        finally:
            self._open.discard(id(node))

    def _value(self, node: Node, loc: Loc) -> object:
        if isinstance(node, MappingNode):
            return self._mapping(node, loc)
        if isinstance(node, SequenceNode):
            return tuple(self.read(item, (*loc, n)) for n, item in enumerate(node.value))
        return self._scalar(node, loc)

    def _mapping(self, node: MappingNode, loc: Loc) -> dict[str, object]:
        data: dict[str, object] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value) if isinstance(key_node, ScalarNode) else ""
            if not key:
                self._complain(key_node, loc, "a key must be a word")
                continue
            here = (*loc, key)
            if key in data:
                first = self.lines[here]
                self._complain(key_node, here, f"written twice; first on line {first}")
                continue
            self.lines[here] = key_node.start_mark.line + 1
            data[key] = self.read(value_node, here)
        return data

    def _scalar(self, node: Node, loc: Loc) -> object:
        try:
            value: object = self._construct(node, deep=True)
        except (YAMLError, ValueError):
            self._complain(node, loc, f"cannot be read as {str(node.tag).rpartition(':')[2]}")
            return None
        return value

    def _complain(self, node: Node, loc: Loc, message: str) -> None:
        self.problems.append(Problem(self._path, node.start_mark.line + 1, dotted(loc), message))
