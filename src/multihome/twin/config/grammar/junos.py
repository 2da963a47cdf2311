"""The grammar itself, read once from the schema files of this folder."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from multihome.twin.config.grammar.listed import listed, top
from multihome.twin.config.grammar.reader import Reader
from multihome.twin.config.grammar.statement import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.config.grammar.statement import Statement

_FILES = (
    "bgp",
    "igp",
    "labels",
    "multicast",
    "switching",
    "protocols",
    "policy",
    "interfaces",
    "firewall",
    "qos",
    "forwarding",
    "routing",
    "system",
    "chassis",
    "security",
    "root",
)


@cache
def grammar() -> Statement:
    """The statement at the top of the hierarchy."""
    reader = Reader()
    folder = files("multihome.twin.config.grammar")
    for name in _FILES:
        reader.read(f"{name}.schema", (folder / f"{name}.schema").read_text("utf-8"))
    root = reader.root
    _list_the_rest(root)
    groups = root.children["groups"]
    # A group may hold whatever the top of the hierarchy holds, other groups excepted.
    groups.described |= {word: each for word, each in root.described.items() if word != "groups"}
    groups.ranks |= {word: rank for word, rank in root.ranks.items() if word not in groups.ranks}
    for place, word in enumerate(("version", "rcsid", "groups")):
        root.ranks[word] = place - 100
    return root


def _list_the_rest(root: Statement) -> None:
    """Where the list of all statements has what the schema files do not describe.

    It leaves out what repeats the top of the hierarchy: groups, logical systems, instances.
    """
    everything = top()
    for holder in (root, root.described["groups"], root.described["logical-systems"]):
        holder.listed.append(everything)
    instance = root.described["routing-instances"].entry
    for word in ("protocols", "routing-options"):
        if instance is not None and word in instance.described:
            instance.described[word].listed.append(listed(everything).below[word])


def statements(*, modelled: bool) -> Iterator[str]:
    """Every statement known, `protocols bgp group <name> metric-out`, once below its definition.

    Args:
        modelled: those that the twin acts on, or those that it accepts and does not model.
    """
    for path, acted_on in _listed(grammar(), (), modelled=True):
        if acted_on is modelled:
            yield " ".join(path)


def _listed(
    parent: Statement, path: tuple[str, ...], *, modelled: bool
) -> Iterator[tuple[tuple[str, ...], bool]]:
    below = [*parent.described.values(), *([parent.entry] if parent.entry else ())]
    for statement in below:
        here = (*path, *([] if statement.hidden else [statement.keyword]))
        if statement.kind is Kind.LIST:
            here = (*here, "<" + ">-<".join(_key_names(statement)) + ">")
        acted_on = modelled and statement.modelled
        yield here, acted_on
        if statement.keyword not in {"groups", "logical-systems"}:
            yield from _listed(statement, here, modelled=acted_on)


def _key_names(statement: Statement) -> list[str]:
    return [getattr(item, "element", "match") for item in statement.keys]
