"""What the grammar knows of one statement: its shape, its value, how it is printed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import TYPE_CHECKING

from multihome.twin.config.grammar.listed import listed
from multihome.twin.config.grammar.pattern import Alternative, Choice, Phrase, Value
from multihome.twin.config.grammar.types import anything

if TYPE_CHECKING:
    from multihome.twin.config.grammar.listed import Listed
    from multihome.twin.config.grammar.pattern import KeyItem


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
    described: dict[str, Statement] = field(default_factory=dict)
    """What the schema files say of it, and what has been made of the list so far."""
    entry: Statement | None = None
    """The hidden list or value below, if there is one."""
    ranks: dict[str, int] = field(default_factory=dict)
    listed: list[int] = field(default_factory=list)
    """Its numbers in the list of all statements, until they are looked up."""

    @property
    def children(self) -> dict[str, Statement]:
        """The statements that may be below, by their words."""
        while self.listed:
            _complete(self, listed(self.listed.pop()))
        return self.described

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


_SHAPES = {
    "c": Kind.CONTAINER,
    "p": Kind.CONTAINER,
    "l": Kind.LIST,
    "f": Kind.FLAG,
    "v": Kind.LEAF,
    "m": Kind.LEAF_LIST,
}


def _complete(statement: Statement, found: Listed) -> None:
    """Add what the list of all statements has below and no schema file describes."""
    described = {each.element: each for each in statement.described.values()}
    for word, number in found.below.items():
        entry = statement.entry
        known = entry if entry is not None and entry.keyword == word else None
        known = known or statement.described.get(word) or described.get(word)
        if known is None:
            statement.described[word] = _from_list(word, number)
            statement.ranks.setdefault(word, len(statement.ranks))
        elif known.kind in _HOLDERS and listed(number).letter in "cplCPL":
            known.listed.append(number)


def _from_list(word: str, number: int) -> Statement:
    """A statement that only the list has: known, and not modelled."""
    found = listed(number)
    kind = _SHAPES[found.letter.lower()]
    made = Statement(word, kind, word, modelled=False, open=found.open)
    if kind in (Kind.LEAF, Kind.LEAF_LIST):
        made.value = replace(found.value, element=word)
        made.secret = made.value.kind == "secret"
        made.quoted = made.secret or made.value.kind == "regex"
        return made
    if kind is Kind.LIST:
        made.keys = found.keys
    made.presence = found.letter in "pP"
    if (phrase := _phrase(word, found)) is not None:
        made.kind, made.phrase = Kind.PHRASE, phrase
    else:
        made.listed.append(number)
    return made


def _phrase(word: str, found: Listed) -> Phrase | None:
    """`file messages size 1m`: a value follows a container's word at once, the rest are options.

    The list does not say so; the name of what comes first does.
    """
    inside = {each: listed(number) for each, number in found.below.items()}
    first = next(iter(inside), "")
    if first not in (word, "filename") or not {one.letter for one in inside.values()} <= {"v", "f"}:
        return None
    value = replace(inside.pop(first).value, element=first)
    options = tuple(
        Alternative(each, one.value if one.letter == "v" else None) for each, one in inside.items()
    )
    return Phrase(Choice((Alternative("", value),)), options)


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
