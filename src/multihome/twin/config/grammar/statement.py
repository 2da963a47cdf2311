"""What the grammar knows of one statement: its shape, its value, how it is printed."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING

from multihome.twin.config.grammar.pattern import Value
from multihome.twin.config.grammar.types import anything

if TYPE_CHECKING:
    from multihome.twin.config.grammar.pattern import KeyItem, Phrase


class Kind(Enum):
    """The shapes a statement can have."""

    CONTAINER = auto()
    LIST = auto()
    LEAF = auto()
    LEAF_LIST = auto()
    FLAG = auto()
    PHRASE = auto()


class Layout(Enum):
    """How the brace format writes a container or an entry."""

    BLOCK = auto()
    FLAT = auto()
    """Its keyword is put before each child: `family inet { ... }`."""
    SINGLE = auto()
    """On one line if it holds one plain statement: `from protocol bgp;`."""
    LINE = auto()
    """Always on one line."""


@dataclass(eq=False, slots=True)
class Statement:
    """One word of the configuration hierarchy.

    Attributes:
        keyword: the word, and the tree's `Node.keyword`.
        element: its name in XML and JSON.
        hidden: an entry that is written by its key alone (`interfaces ge-0/0/0`), or a value
            by itself (`vrf-target target:1:1`).
        keys: the identifiers of a list's entry.
        value: the type of a leaf, of a leaf-list's values, or of the value that an entry
            carries beside its key (`as-path NAME "REGEX"`).
        phrase: for a statement of several words.
        presence: an empty container says something by itself (`family iso`).
        ordered: a list that Junos keeps sorted by its key; False keeps the user's order.
        bag: a list whose entries share one pair of braces (`name-server { A; B; }`).
        open: anything may stand below, unchecked.
        stray: the grammar does not know it.
        must: a statement that must stand below.
        instead_of: siblings that go when it is set, because it says the opposite.
        modelled: the twin acts on it; otherwise it is known and accepted with a warning.
    """

    keyword: str
    kind: Kind = Kind.CONTAINER
    element: str = ""
    hidden: bool = False
    keys: tuple[KeyItem, ...] = ()
    value: Value | None = None
    phrase: Phrase | None = None
    layout: Layout = Layout.BLOCK
    presence: bool = False
    ordered: bool = False
    bag: bool = False
    open: bool = False
    stray: bool = False
    must: str = ""
    instead_of: tuple[str, ...] = ()
    modelled: bool = True
    secret: bool = False
    quoted: bool = False
    children: dict[str, Statement] = field(default_factory=dict)
    entry: Statement | None = None
    """The hidden list or value below, if there is one."""
    ranks: dict[str, int] = field(default_factory=dict)

    @property
    def is_object(self) -> bool:
        """Whether Junos counts it as an object rather than a plain value (a diff indents so)."""
        return self.kind in (Kind.CONTAINER, Kind.LIST, Kind.PHRASE)

    def find(self, word: str) -> Statement | None:
        """The statement that a word begins here, or None; hidden entries are not words."""
        return self.children.get(word) or (COMMON.get(word) if self.kind in _HOLDERS else None)

    def below(self, keyword: str) -> Statement:
        """The statement of a child in the tree; unknown ones get an open shape."""
        known = self.children.get(keyword)
        if known is None and self.entry is not None and self.entry.keyword == keyword:
            return self.entry
        return known or COMMON.get(keyword) or unknown(keyword)

    def rank(self, keyword: str) -> int:
        """Where Junos shows a child among its siblings."""
        place = self.ranks.get(keyword)
        return COMMON_RANK.get(keyword, _LAST) if place is None else place


_HOLDERS = (Kind.CONTAINER, Kind.LIST)
_LAST = 1 << 20


def _word(element: str) -> Value:
    return Value(element, anything)


def _common() -> dict[str, Statement]:
    data = Statement(
        "data", Kind.LIST, "data", hidden=True, keys=(_word("name"),), value=_word("value")
    )
    macro = Statement("apply-macro", Kind.LIST, "apply-macro", keys=(_word("name"),), entry=data)
    names = ("apply-groups", "apply-groups-except")
    return {
        **{name: Statement(name, Kind.LEAF_LIST, name, value=_word(name)) for name in names},
        "apply-macro": macro,
    }


COMMON = _common()
"""What may stand in every container and entry (Junos: "apply-advanced")."""
COMMON_RANK = {word: place - len(COMMON) for place, word in enumerate(COMMON)}

FAMILY = "family"
"""What no hierarchy writes but before the family: `family inet { ... }`."""
_UNKNOWN: dict[str, Statement] = {}


def unknown(keyword: str) -> Statement:
    """The shape of a statement that the grammar does not know: words, then anything."""
    if keyword not in _UNKNOWN:
        _UNKNOWN[keyword] = Statement(
            keyword,
            element=keyword,
            layout=Layout.FLAT if keyword == FAMILY else Layout.BLOCK,
            open=True,
            stray=True,
            modelled=False,
        )
    return _UNKNOWN[keyword]
