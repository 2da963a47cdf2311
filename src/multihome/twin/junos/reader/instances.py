"""`routing-options` and `routing-instances`: static, aggregate and generated routes, VRFs."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from multihome.twin.junos import reading
from multihome.twin.junos.model.instances import (
    MASTER,
    NO_PATH,
    AggregateRoute,
    PathStatement,
    QualifiedNextHop,
    RouteAction,
    RoutingInstance,
    StaticBfd,
    StaticRoute,
    VpnMultipath,
)
from multihome.twin.junos.reader.bgp import bgp
from multihome.twin.junos.reader.igp import bfd, isis, ospf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.addressing import Address
    from multihome.twin.config.tree import Node
    from multihome.twin.junos.aspath import AsPath

_SEGMENT = re.compile(r"(\d[\d.]*)|\[([^\]]*)\]")
_ACTIONS = {
    "discard": RouteAction.DISCARD,
    "reject": RouteAction.REJECT,
    "receive": RouteAction.RECEIVE,
}
_AGGREGATE_PREFERENCE = 130
_STATIC_PREFERENCE = 5
_TABLES = ("inet.0", "inet.3")
_WITH_TABLES = ("vrf", "virtual-router")


def instances(here: Node) -> dict[str, RoutingInstance]:
    """The main instance and those with tables of their own."""
    main = _instance(here, MASTER, "forwarding", None)
    found = {MASTER: main}
    options = here.get("routing-options")
    holder = here.get("routing-instances")
    entries = () if holder is None else holder.entries("instance")
    base = None if options is None else options.leaf("route-distinguisher-id")
    for place, node in enumerate(entries, start=1):
        kind = node.leaf("instance-type") or ""
        if has_tables(node):
            automatic = None if base is None or kind != "vrf" else f"{base}:{place}"
            found[node.name] = _instance(
                node, node.name, kind, automatic, inherited_as=main.autonomous_system
            )
    return found


def has_tables(instance: Node) -> bool:
    """Whether an instance has routing tables of its own; other kinds are not modelled."""
    return instance.leaf("instance-type") in _WITH_TABLES


def _instance(
    node: Node,
    name: str,
    kind: str,
    distinguisher: str | None,
    inherited_as: int | None = None,
) -> RoutingInstance:
    options = node.get("routing-options")
    numbers = () if options is None else options.leaves("autonomous-system")
    own = reading.autonomous_system(numbers[0]) if numbers else None
    main = options if name == MASTER else None
    instance = RoutingInstance(
        name=name,
        type=kind,
        interfaces=tuple(reading.logical(entry.name) for entry in node.entries("interface"))
        if name != MASTER
        else (),
        router_id=None if options is None else reading.address(options.leaf("router-id")),
        autonomous_system=own,
        as_loops=reading.integer(reading.option(numbers, "loops")) or 1,
        independent_domain="independent-domain" in numbers,
        static=tuple(_static_routes(options)),
        aggregates=tuple(_aggregates(options)),
        forwarding_export=_forwarding_export(main),
        resolution_ribs=_resolution(main),
        bgp=bgp(node.get("protocols", "bgp"), own or inherited_as),
        isis=isis(node.get("protocols", "isis")),
        ospf=ospf(node.get("protocols", "ospf")),
    )
    return _with_vpn(instance, node, distinguisher)


def _with_vpn(instance: RoutingInstance, node: Node, distinguisher: str | None) -> RoutingInstance:
    """What it exports to other instances and PEs, and imports from them."""
    options = node.get("routing-options")
    imports, exports = _targets(node.get("vrf-target"))
    return replace(
        instance,
        route_distinguisher=node.leaf("route-distinguisher") or distinguisher,
        vrf_target_import=imports,
        vrf_target_export=exports,
        vrf_import=node.leaves("vrf-import"),
        vrf_export=node.leaves("vrf-export"),
        vrf_table_label=node.has("vrf-table-label"),
        vrf_advertise=not node.has("no-vrf-advertise"),
        auto_export=_auto_export(options),
        multipath=_multipath(options) if instance.type == "vrf" else None,
    )


def _targets(node: Node | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """`vrf-target T`, or its `import` and `export`: what is imported, what is added."""
    if node is None:
        return (), ()
    both = node.leaves("community")
    return node.leaves("import") or both, node.leaves("export") or both


def _multipath(options: Node | None) -> VpnMultipath | None:
    found = None if options is None else options.get("multipath")
    if found is None:
        return None
    return VpnMultipath(
        found.has("vpn-unequal-cost"), found.has("vpn-unequal-cost", "equal-external-internal")
    )


def _auto_export(options: Node | None) -> bool:
    found = None if options is None else options.get("auto-export")
    return found is not None and not found.has("disable")


def _forwarding_export(options: Node | None) -> tuple[str, ...]:
    table = None if options is None else options.get("forwarding-table")
    return () if table is None else table.leaves("export")


def _tables(options: Node | None, kind: str) -> Iterator[tuple[Node, str | None]]:
    """`static` and the table it is about: also below `rib`, whose table may be another one."""
    if options is None:
        return
    found = options.get(kind)
    if found is not None:
        yield found, None
    for rib in options.entries("rib"):
        found = rib.get(kind)
        if found is not None and rib.name.endswith(_TABLES):
            yield found, None if rib.name.endswith("inet.0") else rib.name


def _resolution(options: Node | None) -> dict[str, tuple[str, ...]]:
    """`resolution rib T resolution-ribs [ ... ]`."""
    holder = None if options is None else options.get("resolution")
    return {
        rib.name: tables
        for rib in (() if holder is None else holder.entries("rib"))
        if (tables := rib.leaves("resolution-ribs"))
    }


# --- static routes -----------------------------------------------------------------


def _static_routes(options: Node | None) -> Iterator[StaticRoute]:
    for holder, table in _tables(options, "static"):
        defaults = holder.get("defaults")
        for node in holder.entries("route"):
            found = reading.prefix(node.name)
            if found is None:
                continue
            yield StaticRoute(
                prefix=found,
                next_hops=tuple(_next_hops(node)),
                action=_action(node),
                next_table=node.leaf("next-table"),
                preference=_either(node, defaults, "preference", _STATIC_PREFERENCE),
                metric=_optional(node, defaults, "metric"),
                tag=_optional(node, defaults, "tag"),
                resolve=_flag(node, defaults, "resolve"),
                readvertise=_flag(node, defaults, "readvertise", default=True),
                passive=_is_passive(node, defaults),
                communities=node.leaves("community"),
                as_path=_as_path(node, defaults),
                table=table,
            )


def _bfd(node: Node) -> StaticBfd | None:
    timing, found = bfd(node), node.get("bfd-liveness-detection")
    if timing is None or found is None:
        return None
    neighbor, local = found.leaf("neighbor"), found.leaf("local-address")
    return StaticBfd(timing, reading.address(neighbor), reading.address(local))


def _next_hops(node: Node) -> Iterator[QualifiedNextHop]:
    for text in node.leaves("next-hop"):
        to = reading.address(text)
        yield QualifiedNextHop(
            to, None if to is not None else reading.logical(text), bfd=_bfd(node)
        )
    for entry in node.entries("qualified-next-hop"):
        to = reading.address(entry.name)
        interface = entry.leaf("interface")
        if to is None:
            interface = reading.logical(entry.name)
        yield QualifiedNextHop(
            to,
            interface,
            reading.number(entry, "preference"),
            reading.number(entry, "metric"),
            _bfd(entry),
        )


def _action(node: Node) -> RouteAction | None:
    return next((action for word, action in _ACTIONS.items() if node.has(word)), None)


def _optional(node: Node, defaults: Node | None, keyword: str) -> int | None:
    own = reading.number(node, keyword)
    return reading.number(defaults, keyword) if own is None else own


def _either(node: Node, defaults: Node | None, keyword: str, fallback: int) -> int:
    found = _optional(node, defaults, keyword)
    return fallback if found is None else found


def _as_path(node: Node, defaults: Node | None) -> PathStatement:
    """`as-path`, the route's own or the defaults'; sets are in brackets: `1 2 [ 3 4 ]`."""
    for holder in (node, defaults):
        found = None if holder is None else holder.get("as-path")
        if found is not None:
            text, by = found.leaf("path"), next(found.entries("aggregator"), None)
            return PathStatement(
                None if text is None else _segments(text),
                found.leaf("origin"),
                found.has("atomic-aggregate"),
                None if by is None else _aggregator(*by.key),
            )
    return NO_PATH


def _segments(text: str) -> AsPath:
    path: list[int | frozenset[int]] = []
    for ordered, together in _SEGMENT.findall(text):
        found = [reading.autonomous_system(word) for word in (ordered or together).split()]
        numbers = [number for number in found if number is not None]
        path += numbers if ordered else [frozenset(numbers)]
    return tuple(path)


def _aggregator(number: str, router: str) -> tuple[int, Address] | None:
    found, address = reading.autonomous_system(number), reading.address(router)
    return None if found is None or address is None else (found, address)


def _is_passive(node: Node, defaults: Node | None) -> bool:
    for holder in (node, defaults):
        if holder is not None and (holder.has("passive") or holder.has("active")):
            return holder.has("passive")
    return False


def _flag(node: Node, defaults: Node | None, keyword: str, *, default: bool = False) -> bool:
    """A flag or its `no-` form, the route's own before the defaults'."""
    for holder in (node, defaults):
        if holder is not None and holder.has(keyword):
            return True
        if holder is not None and holder.has(f"no-{keyword}"):
            return False
    return default


# --- aggregate and generated routes ------------------------------------------------


def _aggregates(options: Node | None) -> Iterator[AggregateRoute]:
    for kind in ("aggregate", "generate"):
        for holder, _ in _tables(options, kind):
            defaults = holder.get("defaults")
            for node in holder.entries("route"):
                found = reading.prefix(node.name)
                if found is not None:
                    yield AggregateRoute(
                        prefix=found,
                        generate=kind == "generate",
                        action=_action(node) or RouteAction.REJECT,
                        policies=node.leaves("policy"),
                        preference=_either(node, defaults, "preference", _AGGREGATE_PREFERENCE),
                        metric=_optional(node, defaults, "metric"),
                        communities=node.leaves("community"),
                        as_path=_as_path(node, defaults),
                        brief=_is_brief(node, defaults),
                    )


def _is_brief(node: Node, defaults: Node | None) -> bool:
    """`brief`, unless `full`, which is how it is without either."""
    for holder in (node, defaults):
        if holder is not None and (holder.has("brief") or holder.has("full")):
            return holder.has("brief")
    return False
