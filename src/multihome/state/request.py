"""What to ask a router: an operational RPC as a value, so that one answer serves many checks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from lxml.etree import _Element

_ATTRIBUTE = "@"
TEXT = "."
"""The name of an argument that is the text of the RPC itself, as in `<command>`."""


@dataclass(frozen=True, slots=True)
class Request:
    """An RPC tag and its arguments in order; None is an empty element, such as `<detail/>`.

    An argument whose name begins with `@` is an attribute of the RPC itself, as in
    `<get-configuration format="set"/>`; one that is called `.` is its text.
    """

    rpc: str
    arguments: tuple[tuple[str, str | None], ...] = ()

    @classmethod
    def of(cls, rpc: str, **arguments: str | bool | None) -> Request:
        """`of("get-route-information", table="inet.0", detail=True)`; underscores become hyphens."""
        return cls(
            rpc,
            tuple(
                (name.replace("_", "-"), None if value is True else str(value))
                for name, value in arguments.items()
                if value is not None and value is not False
            ),
        )

    def element(self) -> _Element:
        """The RPC as XML, ready to send."""
        root = etree.Element(self.rpc)
        for name, value in self.arguments:
            if name.startswith(_ATTRIBUTE):
                root.set(name[len(_ATTRIBUTE) :], value or "")
            elif name == TEXT:
                root.text = value
            else:
                etree.SubElement(root, name).text = value
        return root

    def __str__(self) -> str:
        words = [
            value or "" if name == TEXT else name if value is None else f"{name} {value}"
            for name, value in self.arguments
        ]
        return " ".join([self.rpc, *words])
