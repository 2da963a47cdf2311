"""`junos:changed`: which elements of a configuration say something that another did not.

Source: Junos XML Management Protocol Developer Guide, "Request a Change Indicator for
Configuration Elements".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from lxml.etree import _Element

CHANGED = "changed"
_KEYS = frozenset({"name", "address", "list_name", "choice-ident"})
"""What an entry of a list may begin with."""


def mark_changes(new: _Element, old: _Element, junos: str) -> None:
    """Mark what is new or different in an element, and everything around it."""
    if _text(new) == _text(old):
        return
    _mark(new, junos)
    known = {_identity(child): child for child in old}
    for child in new:
        before = known.get(_identity(child))
        if before is not None:
            mark_changes(child, before, junos)
        else:
            for each in child.iter("*"):
                _mark(each, junos)


def _mark(element: _Element, junos: str) -> None:
    if len(element) or element.tag != "name":
        element.set(f"{{{junos}}}{CHANGED}", CHANGED)


def _identity(element: _Element) -> tuple[str, str]:
    """What distinguishes an element from those beside it: its key, or what a leaf says."""
    if not len(element):
        return str(element.tag), element.text or ""
    first = element[0]
    keyed = first.tag in _KEYS and not len(first)
    return str(element.tag), (first.text or "") if keyed else ""


def _text(element: _Element) -> bytes:
    return etree.tostring(element, with_tail=False, method="c14n")
