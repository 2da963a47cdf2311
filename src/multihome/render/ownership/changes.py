"""What a change does to one router's configuration, statement by statement."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from multihome.render.ownership.record import MACRO
from multihome.render.ownership.statement import join, split
from multihome.values.redaction import redact

if TYPE_CHECKING:
    from multihome.render.ownership.statement import Words

_VERBS = ("set", "delete", "activate", "deactivate", "insert")


@dataclass(frozen=True, slots=True)
class Conflict:
    """A foreign statement that contradicts, overrides or alters one of ours."""

    kind: str
    """A short name of the kind, such as `value` or `order`."""
    ours: str
    """The statement that the service needs; without secrets."""
    theirs: str
    """The statement that is there and not ours; without secrets."""
    why: str
    """What theirs does to ours."""
    path: Words = ()
    """The words of theirs, to be named with `--take-over` or `--exclude`."""

    def __str__(self) -> str:
        """Both statements and the effect, in one line."""
        return f"{self.theirs}: {self.why}; ours: {self.ours}"


@dataclass(frozen=True, slots=True)
class Choice:
    """What the operator decided about foreign statements, by path."""

    take_over: tuple[Words, ...] = ()
    """Foreign statements at or below these paths become the service's: ours replaces them."""
    exclude: tuple[Words, ...] = ()
    """Conflicts with foreign statements at or below these paths are accepted; theirs stay."""


@dataclass(frozen=True, slots=True)
class StatementChanges:
    """What is done to one router, and what is left alone there.

    Statements are texts without their verb and without `logical-systems NAME`. They may hold
    secrets in `$9$` form: show `shown(...)` of them.
    """

    router: str
    logical_system: str | None = None
    set: tuple[str, ...] = field(default=(), repr=False)
    """Ours that are missing or have another value, in the order of loading."""
    delete: tuple[str, ...] = ()
    """Paths that are deleted: a container if it goes as a whole, a leaf without its value."""
    gone: tuple[str, ...] = field(default=(), repr=False)
    """The statements that are deleted by it, one by one."""
    insert: tuple[str, ...] = ()
    """`PATH after|before NAME`: ours that are in the wrong order among each other."""
    activate: tuple[str, ...] = ()
    """Ours, or what is around ours, that is deactivated."""
    revived: tuple[str, ...] = field(default=(), repr=False)
    """Foreign statements that are activated with it."""
    adopted: tuple[str, ...] = field(default=(), repr=False)
    """Equal to ours and recorded from now on; they stay when the service lets go of them."""
    taken: tuple[str, ...] = field(default=(), repr=False)
    """Foreign statements that are deleted or replaced since the operator named them."""
    foreign: tuple[str, ...] = field(default=(), repr=False)
    """Neither recorded nor ours, in the containers that hold ours; they stay as they are."""
    conflicts: tuple[Conflict, ...] = ()
    """What must be decided before anything is changed."""
    unjudged: tuple[Conflict, ...] = ()
    """Foreign statements inside ours whose effect this tool does not know."""
    recorded: tuple[str, ...] = ()
    """Entries of the service's record that are written."""
    forgotten: tuple[str, ...] = ()
    """Entries of the record, or the record, that are deleted."""
    used: tuple[Words, ...] = ()
    """The paths of the operator's choice that matched something here."""

    @property
    def script(self) -> str:
        """Lines for `load set`; empty if nothing is to be done."""
        lines = [
            *self._lines("delete", self.delete),
            *self._lines("set", self.set),
            *self._lines("insert", self.insert),
            *self._lines("activate", self.activate),
            *self._lines("delete", self.forgotten),
            *self._lines("set", self.recorded),
        ]
        return "".join(f"{line}\n" for line in lines)

    @property
    def touches(self) -> bool:
        """Whether anything but the record changes."""
        return bool(self.set or self.delete or self.insert or self.activate)

    def _lines(self, verb: str, statements: tuple[str, ...]) -> list[str]:
        below = f"logical-systems {self.logical_system} " if self.logical_system else ""
        return [f"{verb} {below}{text}".strip() for text in statements]


def shown(statement: str) -> str:
    """A statement for people: every secret hidden."""
    return redact(statement)


def path_of(text: str, logical_system: str | None = None) -> Words:
    """The words of a path as an operator writes it, with or without verb and logical system."""
    words = split(text)
    if words[:1] and words[0] in _VERBS:
        words = words[1:]
    if logical_system and words[:2] == ("logical-systems", logical_system):
        words = words[2:]
    return words


def is_bookkeeping(words: Words) -> bool:
    """Whether it is a note on the router and configures nothing."""
    return words[:1] == (MACRO,)


def text_of(words: Words) -> str:
    """The statement as a line."""
    return join(words)
