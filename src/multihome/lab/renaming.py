"""The files of a project with other names for its ports; every other character stays."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ruamel.yaml.nodes import Node

    from multihome.intent.places import Place
    from multihome.inventory.document import Loc

Names = dict[str, dict[str, str]]
"""Router -> physical port -> what it is called instead."""
_OTHER_END = "other-end"


def intent_text(text: str, places: Iterable[Place], names: Names) -> str:
    """The intent's file with each port renamed in place."""
    scalars = dict(_scalars(_root(text), ()))
    return _spliced(
        text,
        (
            (scalars[(*place.loc, "interface")], names[place.router])
            for place in places
            if place.router and place.interface
        ),
    )


def catalogue_text(text: str, names: Names) -> tuple[str, tuple[str, ...]]:
    """A file of checks, renamed, and the checks that are not: by name, or by number.

    A check that names a port once for several routers can only be renamed if they agree.
    """
    changes: list[tuple[ScalarNode, Mapping[str, str]]] = []
    lost: list[str] = []
    for number, check in enumerate(_items(_child(_root(text), "checks"))):
        far = _child(check, _OTHER_END)
        if _agree(check, far, names):
            changes += _changes(check, names)
            changes += _changes(far, names)
        else:
            name = _child(check, "name")
            lost.append(str(name.value) if name else f"checks[{number}]")
    return _spliced(text, changes), tuple(lost)


def _agree(check: Node, far: Node | None, names: Names) -> bool:
    """Whether all routers of a check call the ports alike that it names once for them."""
    for loc, node in _own(check):
        routers = _routers(check) + ([] if _child(far, str(loc[0])) else _routers(far))
        if len({_renamed(node.value, names.get(router, {})) for router in routers}) > 1:
            return False
    return True


def _changes(check: Node | None, names: Names) -> Iterator[tuple[ScalarNode, Mapping[str, str]]]:
    routers = _routers(check)
    return ((node, names.get(routers[0], {})) for _, node in _own(check) if routers)


def _own(check: Node | None) -> Iterator[tuple[Loc, ScalarNode]]:
    return ((loc, node) for loc, node in _scalars(check, ()) if loc[:1] != (_OTHER_END,))


def _spliced(text: str, changes: Iterable[tuple[ScalarNode, Mapping[str, str]]]) -> str:
    """Each scalar rewritten in place, with its quotes."""
    spans = {(node.start_mark.index, node.end_mark.index): ports for node, ports in changes}
    for (start, end), ports in sorted(spans.items(), reverse=True):
        text = text[:start] + _renamed(text[start:end], ports) + text[end:]
    return text


def _renamed(text: str, ports: Mapping[str, str]) -> str:
    """Every port that a text names, all at once, so that two may change places."""
    if not ports:
        return text
    words = "|".join(re.escape(name) for name in sorted(ports, key=len, reverse=True))
    return re.sub(rf"(?<![\w/:-])({words})(?![\w/:-])", lambda found: ports[found[1]], text)


def _root(text: str) -> Node | None:
    root: Node | None = YAML(typ="safe", pure=True).compose(text)
    return root


def _scalars(node: Node | None, loc: Loc) -> Iterator[tuple[Loc, ScalarNode]]:
    """Every value below a node and its position; keys are left alone."""
    if isinstance(node, ScalarNode):
        yield loc, node
    elif isinstance(node, MappingNode):
        for key, value in node.value:
            yield from _scalars(value, (*loc, str(key.value)))
    else:
        for number, item in enumerate(_items(node)):
            yield from _scalars(item, (*loc, number))


def _items(node: Node | None) -> list[Node]:
    return node.value if isinstance(node, SequenceNode) else []


def _child(node: Node | None, key: str) -> Node | None:
    pairs = node.value if isinstance(node, MappingNode) else []
    return next((value for name, value in pairs if name.value == key), None)


def _routers(check: Node | None) -> list[str]:
    found = _child(check, "router")
    nodes = [found] if isinstance(found, ScalarNode) else _items(found)
    return [str(node.value) for node in nodes]
