"""What the management daemon itself checks at a commit, before the other daemons do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.config.formatting import head
from multihome.twin.config.grammar.junos import grammar
from multihome.twin.config.grammar.statement import Kind
from multihome.twin.config.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.config.grammar.statement import Statement
    from multihome.twin.config.tree import Node

CHECK_OUT = Problem("configuration check-out failed")
MISSING_MANDATORY = Problem("configuration check-out failed: (missing mandatory statements)")


def missing_statements(root: Node, committed: Node) -> list[Problem]:
    """Mandatory statements that are not there.

    A router refuses a configuration without root-authentication.  Here only its loss is
    refused, so that a network may be booted from configurations that leave it out.
    """
    had, has = (each.has("system", "root-authentication") for each in (committed, root))
    lost = [_missing("root-authentication", (), "system")] if had and not has else []
    return [*lost, *_lacking(root, grammar(), ())]


def _missing(keyword: str, path: tuple[str, ...], element: str) -> Problem:
    return Problem(
        f"mgd: Missing mandatory statement: '{keyword}'",
        path=path,
        element=element,
        tag="invalid-value",
        type="application",
    )


def _lacking(node: Node, statement: Statement, path: tuple[str, ...]) -> Iterator[Problem]:
    for child in node.children:
        below = statement.below(child.keyword)
        words = head(child, below)
        if below.must and not child.has(below.must):
            yield _missing(below.must, path, words)
        if len(child):
            yield from _lacking(child, below, (*path, words))


def undefined_groups(root: Node) -> list[Problem]:
    """`apply-groups` that name a group which is not there."""
    known = {group.name for group in root.entries("groups")}
    return [
        Problem(f"configuration group '{name}' is not defined", path, f"apply-groups {name}")
        for path, name in _applied(root, grammar(), ())
        if name not in known and name not in _IMPLICIT
    ]


_IMPLICIT = frozenset({"re0", "re1", "node0", "node1", "member0", "member1", "junos-defaults"})
"""Groups that a router may name without having them."""


def _applied(
    node: Node, statement: Statement, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], str]]:
    for child in node.children:
        if child.keyword == "apply-groups" and not child.inactive:
            yield from ((path, name) for name in child.values if not name.startswith("$"))
        elif len(child) and not child.inactive:
            below = statement.below(child.keyword)
            yield from _applied(child, below, (*path, head(child, below)))


def unmodelled(root: Node) -> tuple[str, ...]:
    """Statements that are known, or were let in unknown, and on which the twin does not act.

    Each is named once, by its uppermost part: `interfaces ge-0/0/0 mtu`.
    """
    return tuple(_unmodelled(root, grammar(), ""))


def _unmodelled(node: Node, statement: Statement, path: str) -> Iterator[str]:
    for child in node.children:
        below = statement.below(child.keyword)
        here = f"{path}{head(child, below)}"
        if not below.modelled:
            yield here
        elif below.kind in (Kind.CONTAINER, Kind.LIST):
            yield from _unmodelled(child, below, f"{here} ")
