"""`show configuration PATH`: the words of a path to what the configuration says there."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from multihome.twin.config.formats.diff import diff_text
from multihome.twin.config.formats.set_format import lines_of, print_set
from multihome.twin.config.formats.text_format import block_lines, statement_lines
from multihome.twin.config.formatting import head
from multihome.twin.config.grammar.junos import grammar
from multihome.twin.config.grammar.pattern import BadWord
from multihome.twin.config.grammar.statement import Kind
from multihome.twin.config.inherit import inherited
from multihome.twin.config.problem import Problem, syntax_error
from multihome.twin.config.resolve import Resolver
from multihome.twin.config.tree import Node
from multihome.twin.netconf.messages import Refused
from multihome.twin.netconf.printing import (
    Stamp,
    compared_elements,
    configuration_body,
    configuration_json,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from multihome.twin.config.database import Database
    from multihome.twin.config.resolve import Step
    from multihome.twin.netconf.messages import Style
    from multihome.twin.netconf.pipes import Command


def path_of(line: Command) -> tuple[str, ...] | None:
    """The path behind `show configuration`, or None if the line is another command."""
    words = line.words.split(maxsplit=2)
    if len(words) < 2 or not "show".startswith(words[0]) or len(words[0]) < 2:
        return None
    if not "configuration".startswith(words[1]) or len(words[1]) < 4:
        return None
    try:
        return tuple(shlex.split(words[2])) if len(words) > 2 else ()
    except ValueError as error:
        raise Refused(syntax_error(words[2])) from error


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the committed configuration."""

    database: Database
    path: tuple[str, ...]
    line: Command
    system: str = ""
    """The logical system whose part of it is looked at, as if there were nothing else."""

    def text(self, form: str, style: Style) -> str:
        """What the command prints: `text`, `set` or `json`."""
        if self.line.compare is not None:
            return self._difference(self.line.compare)
        view = self._view()
        if form == "set":
            return view.commands(relative="relative" in self.line.display)
        stamp = None if self.path else Stamp.of(self.database, committed=True)
        if form == "json":
            return configuration_json(style, view.whole, stamp)
        heading = stamp.heading if stamp is not None else ""
        return heading + "".join(f"{line}\n" for line in view.lines())

    def body(self, style: Style) -> str:
        """The same as elements."""
        if self.line.compare is not None:
            return compared_elements(
                style, self._former(self.line.compare), view(self._root(), self.path).whole
            )
        stamp = Stamp.of(self.database, committed=True)
        return configuration_body(style, self._view().whole, "xml", stamp)

    def _view(self) -> View:
        root = self._root()
        if "inheritance" in self.line.display:
            root = inherited(root, origins="no-comments" not in self.line.display)
        return view(root, self.path)

    def _root(self) -> Node:
        return _alone(self.database.committed, self.system)

    def _former(self, number: str) -> Node:
        """A former configuration, with nothing beside what is looked at."""
        try:
            root = _alone(self.database.former(int(number)), self.system)
        except (ValueError, IndexError) as error:
            raise Refused(Problem(f"rollback {number}: No such file or directory")) from error
        return view(root, self.path).whole

    def _difference(self, number: str) -> str:
        return diff_text(self._former(number), view(self._root(), self.path).whole)


def _alone(root: Node, system: str) -> Node:
    """A logical system's part of the configuration as a whole; all of it without one."""
    if not system:
        return root
    part = root.get(("logical-systems", system))
    alone = Node()
    alone.arrange([] if part is None else list(part.children))
    return alone


@dataclass(frozen=True, slots=True)
class View:
    """A part of a tree: what the path points at, and the tree with nothing beside it."""

    whole: Node
    found: Node | None
    step: Step | None
    inactive: str = ""
    """The path of the statement that takes it out of use, if there is one."""

    def commands(self, *, relative: bool) -> str:
        """The set format; with `relative`, as if one stood where the path leads."""
        if not relative or self.found is None or self.step is None or not len(self.found):
            return print_set(self.whole)
        return "".join(f"{line}\n" for line in lines_of(self.found, self.step.statement))

    def lines(self) -> Iterable[str]:
        """The brace format: what is below a container, or the statement itself."""
        if self.inactive:
            yield from ("##", f"## inactive: {self.inactive}", "##")
        yield from self._statements()

    def _statements(self) -> Iterable[str]:
        if self.found is None:
            return ()
        if self.step is None:
            return block_lines(self.found, grammar())
        statement = self.step.statement
        if statement.kind is Kind.LIST and not self.step.key:
            return [
                line for node in self.found.children for line in statement_lines(node, statement)
            ]
        if statement.kind in {Kind.CONTAINER, Kind.LIST} and len(self.found):
            return block_lines(self.found, statement)
        return statement_lines(self.found, statement)


def view(root: Node, path: Sequence[str]) -> View:
    """The part of a tree below a path of words; raises Refused where it is no path."""
    if not path:
        return View(root, root, None)
    try:
        steps = Resolver(locate=True).read(grammar(), _spelled_out(path))
    except BadWord as error:
        raise Refused(Problem(error.message, element=error.element)) from error
    whole = here = Node()
    source: Node | None = root
    words: list[str] = []
    inactive = ""
    for step in steps:
        entries = _named(source, step)
        if not entries:
            return View(Node(), None, steps[-1])
        if step.statement.kind is Kind.LIST and not step.key:
            for entry in entries:
                here.put(entry)
            return View(whole, here, step, inactive)
        source = entries[0]
        words.append(head(source, step.statement))
        inactive = inactive or (" ".join(words) if source.inactive else "")
        here = here.put(source.twin())
        here.arrange([])
    here.arrange(list(source.children) if source is not None else [])
    return View(whole, here, steps[-1], inactive)


def _spelled_out(path: Sequence[str]) -> list[str]:
    """The words of a path in full; each may be cut short where only one statement begins so."""
    words: list[str] = []
    for word in path:
        words.append(word)
        try:
            Resolver(locate=True).read(grammar(), words)
        except BadWord:
            steps = Resolver(locate=True).read(grammar(), words[:-1])
            here = steps[-1].statement if steps else grammar()
            found = [known for known in here.children if known.startswith(word)]
            if len(found) == 1:
                words[-1] = found[0]
    return words


def _named(node: Node | None, step: Step) -> list[Node]:
    """The statements that a step means: one, or all entries of a list without a key."""
    if node is None:
        return []
    if step.statement.kind is Kind.LIST and not step.key:
        return list(node.entries(step.statement.keyword))
    child = node.child(*step.ident)
    return [] if child is None else [child]
