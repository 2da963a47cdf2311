"""What a router says, once: a tree that is printed as XML, as JSON or as text.

Junos does the same: a daemon emits one tree, and the management process lays it out in
the form the client asked for.  Names here carry no namespace; `module` on an element is
the schema module whose namespace it and its children live in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.etree import _Element

COMMENT = "#comment"
"""The tag of a comment, such as `<!-- keepalive -->`."""
TEXT = "#text"
"""The tag of an answer that is bare text, without an element around it."""


class Element:
    """One element: a leaf with text, or a container with children."""

    __slots__ = ("attributes", "children", "module", "source", "tag", "text")

    def __init__(
        self,
        tag: str,
        text: object = "",
        attributes: Mapping[str, str] | None = None,
        *,
        module: str = "",
    ) -> None:
        self.tag = tag
        self.text = "" if text is None else str(text)
        self.attributes: Mapping[str, str] = attributes or {}
        self.children: list[Element] = []
        self.module = module
        self.source: _Element | None = None
        """The XML it was read from; it is answered unchanged where XML is wanted."""

    def add(
        self, tag: str, text: object = "", attributes: Mapping[str, str] | None = None
    ) -> Element:
        """Append a child and return it."""
        child = Element(tag, text, attributes)
        self.children.append(child)
        return child

    def add_known(self, **leaves: object) -> None:
        """Append a leaf for each value that is not None; `peer_as` becomes `peer-as`."""
        for name, value in leaves.items():
            if value is not None:
                self.children.append(Element(name.replace("_", "-"), value))

    def flag(self, tag: str, on: object = True) -> None:  # noqa: FBT002 - on by default
        """Append an empty element if the condition holds."""
        if on:
            self.children.append(Element(tag))

    def comment(self, text: str) -> None:
        """Append a comment."""
        self.children.append(Element(COMMENT, text))

    # --- reading -----------------------------------------------------------------

    def all(self, tag: str) -> Iterator[Element]:
        """The children of this name."""
        return (child for child in self.children if child.tag == tag)

    def first(self, tag: str) -> Element | None:
        """The first child of this name."""
        return next(self.all(tag), None)

    def has(self, tag: str) -> bool:
        """Whether there is a child of this name."""
        return self.first(tag) is not None

    def value(self, path: str, default: str = "") -> str:
        """The text of the first descendant at `a/b/c`."""
        found: Element | None = self
        for step in path.split("/"):
            found = found.first(step) if found is not None else None
        return default if found is None else found.text

    def texts(self, tag: str) -> list[str]:
        """The texts of the children of this name."""
        return [child.text for child in self.all(tag)]


def junos(**attributes: object) -> dict[str, str]:
    """Attributes of the `junos:` namespace: `junos(seconds=22)` is `junos:seconds="22"`."""
    return {f"junos:{name.replace('_', '-')}": str(value) for name, value in attributes.items()}
