"""`filter` in an operational RPC: the part of the answer that a client asked for.

All of Junos's operational RPCs take an XML subtree filter (RFC 6241 section 6), whose first
element is the answer's own; it is for answers in XML alone, and an empty one selects nothing
(Juniper, "Filter Operational Command Output in NETCONF and Junos XML Protocol Sessions").
Names are compared without their namespaces, as Junos compares them.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from lxml import etree

from multihome.twin.config.formats.xml_words import elements, local_name
from multihome.twin.config.problem import syntax_error
from multihome.twin.netconf.messages import Refused, child

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lxml.etree import _Element


def taken_out(rpc: _Element) -> _Element | None:
    """The filter of an operational RPC, which is left without it.

    Raises:
        Refused: it is no subtree filter.
    """
    chosen = child(rpc, "filter")
    if chosen is None:
        return None
    rpc.remove(chosen)
    if chosen.get("type", "subtree") != "subtree":
        raise Refused(syntax_error("filter"))
    return chosen


def selected(answers: Iterable[_Element], chosen: _Element) -> tuple[_Element, ...]:
    """What a filter leaves of the answer's elements, which stay as they are."""
    return tuple(_among([deepcopy(each) for each in answers], list(elements(chosen))))


def _among(nodes: Sequence[_Element], asked: Sequence[_Element]) -> Iterator[_Element]:
    """The nodes that any of the filter's siblings selects, in the order of the answer."""
    for node in nodes:
        meant = [each for each in asked if local_name(each) == local_name(node)]
        whole = any(not len(each) and not _text(each) for each in meant)
        if whole or _reduced(node, [each for each in meant if len(each)]):
            yield node


def _reduced(node: _Element, meant: Sequence[_Element]) -> bool:
    """Leave in a node what those of its filters select that fit it; whether that is anything."""
    fitting = [each for each in meant if _fits(node, each)]
    if not fitting:
        return False
    below = [each for one in fitting for each in _selecting(one)]
    kept = list(elements(node))
    if below:
        kept = list(_among(kept, below))
    node[:] = kept
    return bool(kept)


def _selecting(chosen: _Element) -> Iterator[_Element]:
    """What is to be kept below a filter's element: what it names, and what it is found by.

    One that holds nothing but values to be found by keeps everything (section 6.2.5).
    """
    named = [each for each in elements(chosen) if len(each) or not _text(each)]
    yield from named
    if named:
        for each in elements(chosen):
            if not len(each) and _text(each):
                yield etree.Element(local_name(each))


def _fits(node: _Element, chosen: _Element) -> bool:
    """Whether each value that the filter gives is in the node."""
    held = {(local_name(each), _text(each)) for each in elements(node)}
    given = ((local_name(each), _text(each)) for each in elements(chosen) if not len(each))
    return all(pair in held for pair in given if pair[1])


def _text(element: _Element) -> str:
    return (element.text or "").strip()
