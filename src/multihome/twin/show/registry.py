"""Who answers which RPC, which CLI command it is, and who prints the answer as text.

    @shows("get-route-information", "show route", "<destination> exact detail table:table")
    def route_information(query: Query) -> Element: ...

    @prints("route-information")
    def route_text(information: Element) -> Iterator[str]: ...

The third word of `shows` is the grammar of the arguments, one word each:

    <destination>                     a bare value, which is the element `destination`
    exact                             the keyword and the empty element `exact`
    table:table                       the keyword `table` and a value for the element `table`
    receive-protocol:a,b              a keyword and two values
    host!                             appended to any of them: the RPC needs it
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from lxml import etree

from multihome.twin.show.as_xml import release
from multihome.twin.show.reply import RpcError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from lxml.etree import _Element

    from multihome.twin.show.device import Device, Router
    from multihome.twin.show.element import Element


_CHOICES = frozenset({"level", "match", "verbosity", "verbosity_level"})
"""Arguments whose value is another one's name: `<level>detail</level>` is `<detail/>`."""
MAIN = "default"
"""What the chassis's own router is called among logical systems."""


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument: its CLI keyword ("" if it has none) and the elements it sets."""

    keyword: str
    elements: tuple[str, ...] = ()
    required: bool = False

    @classmethod
    def parse(cls, word: str) -> Argument:
        """Read one word of the grammar above."""
        required, word = word.endswith("!"), word.removesuffix("!")
        if word.startswith("<"):
            return cls("", (word.strip("<>"),), required)
        keyword, colon, elements = word.partition(":")
        return cls(keyword, tuple(elements.split(",")) if colon else (), required)

    @property
    def names(self) -> tuple[str, ...]:
        """The XML elements this argument may appear as."""
        return self.elements or (self.keyword,)


@dataclass(frozen=True, slots=True)
class Query:
    """One request: the RPC's arguments, the router asked and the session that asks."""

    device: Device
    rpc: str = ""
    arguments: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    user: str = "root"
    form: str = "xml"
    """`xml`, `json`, `text` or `ascii`."""

    def has(self, name: str) -> bool:
        """Whether the argument was given."""
        return name in self.arguments

    def get(self, name: str) -> str | None:
        """The value of an argument, or None."""
        values = self.arguments.get(name)
        return values[0] if values else None

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of an argument that may be repeated."""
        return self.arguments.get(name, ())

    def level(self, *levels: str, default: str) -> str:
        """Which of these levels of detail was asked for."""
        return next((level for level in levels if level in self.arguments), default)

    @property
    def release(self) -> tuple[int, int]:
        """The release that answers, such as (21, 4): what daemons say grew over the years."""
        return release(self.device.version)

    @property
    def of_all(self) -> bool:
        """Whether `logical-system all` was asked for."""
        return self.get("logical-system") == "all"

    def each(self) -> Iterator[Query]:
        """The request to each router that it means: the main one comes last of all."""
        if not self.of_all:
            yield self
            return
        for name in (*sorted(filter(None, self.device.routers)), MAIN):
            yield replace(self, arguments={**self.arguments, "logical-system": (name,)})

    @property
    def router(self) -> Router:
        """The main router, or the logical system that was named."""
        name = self.get("logical-system") or MAIN
        try:
            return self.device.routers["" if name == MAIN else name]
        except KeyError:
            raise RpcError(f"Logical system {name} not found") from None

    @property
    def now(self) -> float:
        """The network's clock, in the time of the views."""
        return self.router.clock.now


@dataclass(frozen=True, slots=True)
class Operation:
    """One operational RPC."""

    rpc: str
    command: str
    """The CLI words that lead to it; "" if there are none."""
    arguments: tuple[Argument, ...]
    render: Callable[[Query], Element]

    def query(self, device: Device, rpc: _Element, user: str) -> Query:
        """The request as values.

        Raises:
            RpcError: an argument is unknown, or one that is needed is missing.
        """
        known = {name for argument in self.arguments for name in argument.names}
        given: dict[str, tuple[str, ...]] = {}
        for child in rpc.iterchildren("*"):
            name, text = etree.QName(child).localname, (child.text or "").strip()
            if name in _CHOICES and name not in known:  # as the YANG models name a choice
                name, text = text, ""
            if name not in known:
                raise RpcError("syntax error", bad_element=name or etree.QName(child).localname)
            given[name] = (*given.get(name, ()), text)
        for name in (name for item in self.arguments if item.required for name in item.names):
            if not any(given.get(name, ())):
                raise RpcError(
                    f"missing mandatory argument: {name}",
                    bad_element=name,
                    tag="missing-element",
                    kind="application",
                )
        return Query(device, self.rpc, given, user, (rpc.get("format") or "xml").lower())


_OPERATIONS: Final[dict[str, Operation]] = {}
_COMMANDS: Final[dict[str, Operation]] = {}
_PRINTERS: Final[dict[str, Callable[[Element], Iterator[str]]]] = {}


def shows(
    rpc: str, command: str = "", grammar: str = ""
) -> Callable[[Callable[[Query], Element]], Callable[[Query], Element]]:
    """Register the function that answers an RPC; a second use names another CLI command."""

    def register(render: Callable[[Query], Element]) -> Callable[[Query], Element]:
        arguments = tuple(Argument.parse(word) for word in grammar.split())
        operation = Operation(rpc, command, arguments, render)
        _OPERATIONS.setdefault(rpc, operation)
        if command:
            _COMMANDS[command] = operation
        return render

    return register


def prints(
    *tags: str,
) -> Callable[[Callable[[Element], Iterator[str]]], Callable[[Element], Iterator[str]]]:
    """Register the function that prints answers of these root elements, line by line."""

    def register(printer: Callable[[Element], Iterator[str]]) -> Callable[[Element], Iterator[str]]:
        for tag in tags:
            _PRINTERS[tag] = printer
        return printer

    return register


def operation(rpc: str) -> Operation:
    """The operation of an RPC; RpcError in Junos's words if there is none."""
    try:
        return _OPERATIONS[rpc]
    except KeyError:
        raise RpcError("syntax error", bad_element=rpc) from None


def operations() -> Mapping[str, Operation]:
    """Every RPC that is answered."""
    return _OPERATIONS


def commands() -> Mapping[str, Operation]:
    """Every CLI command, by its leading words."""
    return _COMMANDS


def printer(tag: str) -> Callable[[Element], Iterator[str]] | None:
    """Who prints answers of this root element."""
    return _PRINTERS.get(tag)
