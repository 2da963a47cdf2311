"""Prefixes with host bits, where a commit refuses them.

Measured on vJunos 25.4: routes, area ranges, addresses of IPv4 filters and conditions must be
networks; a prefix list, a route filter, `allow` of BGP or a tracked route may be any address.
"""

from __future__ import annotations

from ipaddress import ip_interface
from typing import TYPE_CHECKING

from multihome.twin.config.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.config.tree import Node

Path = tuple[str, ...]
_ROUTES = ("static", "aggregate", "generate")
_FILTERED = ("source-address", "destination-address", "address")
_RPD, _DFWD = "rpd", "dfwd"


def prefix_problems(here: Node, path: Path) -> Iterator[Problem]:
    """Every prefix of one router that must have no host bits and has some."""
    yield from _in_instance(here, path)
    holder = here.get("routing-instances")
    for instance in () if holder is None else holder.entries("instance"):
        yield from _in_instance(instance, (*path, "routing-instances", instance.name))
    yield from _in_filters(here, path)
    options = here.get("policy-options")
    for condition in () if options is None else options.entries("condition"):
        where = (*path, "policy-options", "condition", condition.name)
        exists = condition.get("if-route-exists")
        texts = (
            () if exists is None else (*exists.leaves("address"), *exists.leaves("address-family"))
        )
        yield from _refused(((text, f"if-route-exists {text}") for text in texts), where, _RPD)


def _in_instance(node: Node, path: Path) -> Iterator[Problem]:
    options = node.get("routing-options")
    if options is not None:
        here = (*path, "routing-options")
        for holder, where in (
            (options, here),
            *((rib, (*here, "rib", rib.name)) for rib in options.entries("rib")),
        ):
            yield from _routes(holder, where)
    for protocol in ("ospf", "ospf3"):
        found = node.get("protocols", protocol)
        for area in () if found is None else found.entries("area"):
            ranges = (
                (entry.name, f"area-range {entry.name}") for entry in area.entries("area-range")
            )
            yield from _refused(ranges, (*path, "protocols", protocol, "area", area.name), _RPD)


def _routes(holder: Node, path: Path) -> Iterator[Problem]:
    for kind in _ROUTES:
        found = holder.get(kind)
        entries = () if found is None else found.entries("route")
        yield from _refused(((e.name, f"route {e.name}") for e in entries), (*path, kind), _RPD)


def _in_filters(here: Node, path: Path) -> Iterator[Problem]:
    inet = here.get("firewall", "family", "inet")
    holders = [(inet, (*path, "firewall", "family", "inet"))] if inet is not None else []
    if (plain := here.get("firewall")) is not None:
        holders.append((plain, (*path, "firewall")))
    for holder, where in holders:
        for rules in holder.entries("filter"):
            for term in rules.entries("term"):
                place = (*where, "filter", rules.name, "term", term.name)
                yield from _refused(_term(term), place, _DFWD)


def _term(term: Node) -> Iterator[tuple[str, str]]:
    conditions, actions = term.get("from"), term.get("then")
    if conditions is not None:
        for keyword in _FILTERED:
            for entry in conditions.entries(keyword):
                yield entry.name, f"from {keyword} {entry.name}"
    if actions is not None:
        for entry in actions.entries("next-ip"):
            text = entry.values[0] if entry.values else entry.name
            yield text, f"then next-ip {text}"


def _refused(prefixes: Iterator[tuple[str, str]], path: Path, daemon: str) -> Iterator[Problem]:
    for text, element in prefixes:
        if _has_host_bits(text):
            yield Problem(
                f"invalid prefix {text}: host bits must be zero", path, element, daemon=daemon
            )


def _has_host_bits(text: str) -> bool:
    try:
        found = ip_interface(text)
    except ValueError:
        return False  # whether it is a prefix at all, its type has judged
    return found.ip != found.network.network_address
