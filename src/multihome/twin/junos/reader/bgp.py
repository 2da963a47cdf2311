"""`protocols bgp`: each neighbour with what its group and the protocol level give it.

A statement counts at the most specific level that has it, whole: a neighbour's `export`
replaces its group's, and so does its `family`.
"""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import TYPE_CHECKING

from multihome.twin.junos import reading
from multihome.twin.junos.model.bgp import (
    DEFAULT_HOLD_TIME,
    Bgp,
    BgpNeighbor,
    MetricOut,
    PrefixLimit,
    RemovePrivate,
)
from multihome.twin.junos.reader.igp import bfd
from multihome.twin.junos.reader.keys import reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.config.tree import Node

_DEFAULT_PREFERENCE = 170
_DEFAULT_MULTIHOP_TTL = 64
_SAFI = {"inet": "inet-unicast", "inet-vpn": "inet-vpn-unicast"}


class _Levels:
    """A neighbour's statements, its group's and the protocol's, the nearest first."""

    def __init__(self, *levels: Node) -> None:
        self.levels = levels

    def get(self, keyword: str) -> Node | None:
        """The statement at the nearest level that has it."""
        return next((found for level in self.levels if (found := level.get(keyword))), None)

    def has(self, keyword: str) -> bool:
        return self.get(keyword) is not None

    def leaf(self, keyword: str) -> str | None:
        found = self.get(keyword)
        return found.values[0] if found is not None and found.values else None

    def leaves(self, keyword: str) -> tuple[str, ...]:
        found = self.get(keyword)
        return () if found is None else found.values

    def number(self, keyword: str, fallback: int) -> int:
        found = reading.integer(self.leaf(keyword))
        return fallback if found is None else found

    def flag(self, keyword: str) -> bool:
        """A flag or its `no-` form, whichever is nearer."""
        for level in self.levels:
            if level.has(keyword) or level.has(f"no-{keyword}"):
                return level.has(keyword)
        return False


def bgp(node: Node | None, own: int | None) -> Bgp:
    """`protocols bgp` of one instance; `own` is the instance's AS number."""
    if node is None or node.has("disable"):
        return Bgp()
    selection = node.get("path-selection")
    chosen = frozenset(() if selection is None else (child.keyword for child in selection.children))
    return Bgp(
        neighbors=tuple(_neighbors(node, own)),
        always_compare_med="always-compare-med" in chosen,
        med_plus_igp="med-plus-igp" in chosen,
        external_router_id="external-router-id" in chosen,
        cisco_non_deterministic="cisco-non-deterministic" in chosen,
        as_path_ignore="as-path-ignore" in chosen,
        advertise_from_main_vpn_tables=node.has("advertise-from-main-vpn-tables"),
    )


def _neighbors(node: Node, own: int | None) -> Iterator[BgpNeighbor]:
    for group in node.entries("group"):
        for entry in group.entries("neighbor"):
            neighbor = _neighbor(_Levels(entry, group, node), entry.name, group, own)
            if neighbor is not None:
                yield neighbor


def _neighbor(levels: _Levels, name: str, group: Node, own: int | None) -> BgpNeighbor | None:
    address = reading.address(name)
    if address is None:
        return None
    peer_as = reading.autonomous_system(levels.leaf("peer-as"))
    local_as = levels.leaves("local-as")
    disguise = reading.autonomous_system(local_as[0]) if local_as else None
    neighbor = BgpNeighbor(
        address=address,
        group=group.name,
        external=_is_external(group, peer_as, disguise or own),
        peer_as=peer_as,
        local_as=disguise,
        local_as_loops=reading.integer(reading.option(local_as, "loops")) or 1,
        local_as_private="private" in local_as,
        local_as_no_prepend_global="no-prepend-global-as" in local_as,
        description=levels.leaf("description") or "",
        cluster=reading.address(levels.leaf("cluster")),
    )
    return _with_import(_with_export(_with_session(neighbor, levels), levels), levels)


def _with_session(neighbor: BgpNeighbor, levels: _Levels) -> BgpNeighbor:
    """What the session needs to come up, and to end."""
    family, multihop = levels.get("family"), levels.get("multihop")
    return replace(
        neighbor,
        local_address=reading.address(levels.leaf("local-address")),
        families=("inet-unicast",) if family is None else tuple(_families(family)),
        authentication_key=reference(levels.levels),
        hold_time=levels.number("hold-time", DEFAULT_HOLD_TIME),
        passive=levels.has("passive"),
        shutdown=levels.has("shutdown"),
        multihop_ttl=_multihop(multihop),
        no_nexthop_change=multihop is not None and multihop.has("no-nexthop-change"),
        bfd=next((found for level in levels.levels if (found := bfd(level))), None),
        log_updown=levels.has("log-updown"),
        prefix_limits=tuple(_prefix_limits(family)),
    )


def _with_export(neighbor: BgpNeighbor, levels: _Levels) -> BgpNeighbor:
    """What the neighbour is sent."""
    return replace(
        neighbor,
        export_policies=levels.leaves("export"),
        as_override=levels.has("as-override"),
        advertise_peer_as=levels.flag("advertise-peer-as"),
        remove_private=_remove_private(levels.get("remove-private")),
        no_aggregator_id=levels.has("no-aggregator-id"),
        advertise_inactive=levels.has("advertise-inactive"),
        advertise_external=levels.has("advertise-external"),
        metric_out=_metric_out(levels.leaves("metric-out")),
        no_client_reflect=levels.has("no-client-reflect"),
        vpn_apply_export=levels.has("vpn-apply-export"),
        out_delay=float(levels.number("out-delay", 0)),
    )


def _with_import(neighbor: BgpNeighbor, levels: _Levels) -> BgpNeighbor:
    """What becomes of the routes it sends."""
    multipath = levels.get("multipath")
    return replace(
        neighbor,
        import_policies=levels.leaves("import"),
        family_loops=tuple(_family_loops(levels.get("family"))),
        local_preference=reading.integer(levels.leaf("local-preference")),
        preference=levels.number("preference", _DEFAULT_PREFERENCE),
        multipath=multipath is not None and not multipath.has("disable"),
        multipath_multiple_as=multipath is not None and multipath.has("multiple-as"),
        keep_all="all" in levels.leaves("keep"),
        keep_none="none" in levels.leaves("keep"),
        accept_remote_nexthop=levels.has("accept-remote-nexthop"),
    )


def _is_external(group: Node, peer_as: int | None, own: int | None) -> bool:
    """As `type` says; without it, as the AS numbers do."""
    kind = group.leaf("type")
    if kind is not None:
        return kind == "external"
    return peer_as is not None and peer_as != own


def _families(node: Node) -> Iterator[str]:
    """Those that are modelled; a neighbour for others alone is sent none of these."""
    for keyword, name in _SAFI.items():
        found = node.get(keyword)
        if found is not None and (found.has("unicast") or found.has("any")):
            yield name


def _family_loops(node: Node | None) -> Iterator[tuple[str, int]]:
    for keyword, name in _SAFI.items():
        for kind in ("unicast", "any"):
            found = None if node is None else node.get(keyword, kind)
            loops = reading.number(found, "loops")
            if loops is not None:
                yield name, loops


def _metric_out(words: tuple[str, ...]) -> MetricOut | None:
    if not words:
        return None
    if words[0] in ("igp", "minimum-igp"):
        offset = reading.integer(words[1]) if len(words) > 1 else None
        return MetricOut(words[0], offset or 0)
    fixed = reading.integer(words[0])
    return None if fixed is None else MetricOut("fixed", fixed)


def _remove_private(node: Node | None) -> RemovePrivate | None:
    if node is None:
        return None
    return RemovePrivate(
        everywhere=node.has("all"),
        replace=node.has("all", "replace"),
        nearest=node.has("all", "replace", "nearest"),
        peer_loop_check=not node.has("no-peer-loop-check"),
    )


def _multihop(node: Node | None) -> int | None:
    if node is None:
        return None
    return reading.number(node, "ttl") or _DEFAULT_MULTIHOP_TTL


def _prefix_limits(families: Node | None) -> Iterator[PrefixLimit]:
    for keyword, name in _SAFI.items():
        for kind in ("unicast", "any"):
            for limit in ("prefix-limit", "accepted-prefix-limit"):
                found = None if families is None else families.get(keyword, kind, limit)
                maximum = reading.number(found, "maximum")
                if found is not None and maximum is not None:
                    yield PrefixLimit(
                        name,
                        maximum,
                        limit.startswith("accepted"),
                        found.has("teardown"),
                        _warning(found, maximum),
                        _idle(found),
                    )


def _warning(limit: Node, maximum: int) -> int | None:
    percentage = next(map(reading.integer, limit.leaves("teardown")[:1]), None)
    return None if percentage is None else maximum * percentage // 100


def _idle(limit: Node) -> float | None:
    """`idle-timeout` is in minutes."""
    text = reading.option(limit.leaves("teardown"), "idle-timeout")
    if text == "forever":
        return inf
    minutes = reading.integer(text)
    return None if minutes is None else minutes * 60.0
