"""`protocols isis`, `ospf`, `ldp`, `mpls` and `lldp`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.junos import reading
from multihome.twin.junos.model.igp import Bfd, IgpInterface, Isis, Ldp, Mpls, Ospf
from multihome.twin.junos.reader.keys import reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.config.tree import Node

_LEVELS = (1, 2)
_BACKBONE = ("0.0.0.0", "0")  # noqa: S104 - an OSPF area, not an address to listen on
_DEFAULT_PREFERENCE = 10
_DEFAULT_EXTERNAL_PREFERENCE = 150
_DEFAULT_BANDWIDTH = 100_000_000
_DEFAULT_SPF_DELAY = 0.2
_DEFAULT_LIFETIME = 1200


def bfd(node: Node | None) -> Bfd | None:
    """`bfd-liveness-detection` below a statement; None without an interval."""
    found = None if node is None else node.get("bfd-liveness-detection")
    if found is None:
        return None
    interval = reading.number(found, "minimum-interval")
    if interval is None:
        interval = reading.number(found.get("transmit-interval"), "minimum-interval")
    if interval is None:
        return None
    return Bfd(interval / 1000, reading.number(found, "multiplier") or 3)


# --- IS-IS -------------------------------------------------------------------------


def isis(node: Node | None) -> Isis | None:
    """`protocols isis`."""
    if node is None or node.has("disable"):
        return None
    levels = {level: found for level in _LEVELS if (found := node.get(("level", str(level))))}
    overload = node.get("overload")
    timeout = reading.number(overload, "timeout")
    return Isis(
        interfaces=tuple(_isis_interface(entry, _LEVELS) for entry in node.entries("interface")),
        at_level={
            level: tuple(_isis_interface(entry, (level,)) for entry in node.entries("interface"))
            for level in _LEVELS
        },
        levels_disabled=_disabled(levels),
        wide_metrics_only=frozenset(
            n for n, found in levels.items() if found.has("wide-metrics-only")
        ),
        authentication={
            # "For the key to work, you also must include the authentication-type statement":
            # Junos OS, authentication-key (Protocols IS-IS).
            level: (kind, key)
            for level, found in levels.items()
            if (key := reading.secret(found, "authentication-key")) is not None
            if (kind := found.leaf("authentication-type")) is not None
        },
        key_chains={
            level: name
            for level, found in levels.items()
            if (name := found.leaf("authentication-key-chain")) is not None
        },
        overload=overload is not None,
        overload_timeout=None if timeout is None else float(timeout),
        lsp_lifetime=reading.number(node, "lsp-lifetime") or _DEFAULT_LIFETIME,
        spf_delay=_spf_delay(node),
        preference=_by_level(levels, "preference"),
        external_preference=_by_level(levels, "external-preference"),
        export=node.leaves("export"),
        reference_bandwidth=reading.bandwidth(node.leaf("reference-bandwidth")),
    )


def _by_level(levels: dict[int, Node], keyword: str) -> dict[int, int]:
    found = ((level, reading.number(node, keyword)) for level, node in levels.items())
    return {level: number for level, number in found if number is not None}


def _spf_delay(node: Node) -> float:
    delay = reading.seconds(reading.number(node.get("spf-options"), "delay"))
    return _DEFAULT_SPF_DELAY if delay is None else delay


def _disabled(levels: dict[int, Node]) -> frozenset[int]:
    return frozenset(level for level, found in levels.items() if found.has("disable"))


def _isis_interface(node: Node, speaking: tuple[int, ...]) -> IgpInterface:
    """An interface as some levels have it; where several speak, the higher running one is heard."""
    levels = {level: found for level in _LEVELS if (found := node.get(("level", str(level))))}
    chosen = [
        levels[level]
        for level in sorted(speaking, reverse=True)
        if level in levels and not levels[level].has("disable")
    ]
    return IgpInterface(
        name=reading.logical(node.name),
        metric=_first(chosen, "metric"),
        passive=node.has("passive") or any(found.has("passive") for found in chosen),
        point_to_point=node.has("point-to-point"),
        disabled=node.has("disable"),
        levels_disabled=_disabled(levels),
        bfd=bfd(node) or bfd(node.get("family", "inet")),
        ldp_synchronization=_synchronizes(node),
        ldp_synchronization_hold_time=_synchronization_time(node),
        priority=_first(chosen, "priority"),
        authentication_key=next(
            (
                key
                for found in chosen
                if found.has("hello-authentication-type")
                if (key := reading.secret(found, "hello-authentication-key"))
            ),
            None,
        ),
        hello_interval=_first(chosen, "hello-interval"),
        hold_time=_first(chosen, "hold-time"),
    )


def _synchronizes(node: Node) -> bool:
    found = node.get("ldp-synchronization")
    return found is not None and not found.has("disable")


def _synchronization_time(node: Node) -> float | None:
    return reading.number(node.get("ldp-synchronization"), "hold-time")


def _first(nodes: list[Node], keyword: str) -> int | None:
    return next((n for node in nodes if (n := reading.number(node, keyword)) is not None), None)


# --- OSPF --------------------------------------------------------------------------


def ospf(node: Node | None) -> Ospf | None:
    """`protocols ospf`: the interfaces of the backbone area."""
    if node is None or node.has("disable"):
        return None
    external = reading.number(node, "external-preference")
    preference = reading.number(node, "preference")
    timeout = reading.number(node.get("overload"), "timeout")
    return Ospf(
        interfaces=tuple(
            _ospf_interface(entry)
            for area in node.entries("area")
            if is_backbone(area)
            for entry in area.entries("interface")
        ),
        spf_delay=_spf_delay(node),
        preference=_DEFAULT_PREFERENCE if preference is None else preference,
        external_preference=_DEFAULT_EXTERNAL_PREFERENCE if external is None else external,
        export=node.leaves("export"),
        overload=node.has("overload"),
        overload_timeout=None if timeout is None else float(timeout),
        reference_bandwidth=reading.bandwidth(node.leaf("reference-bandwidth"))
        or _DEFAULT_BANDWIDTH,
    )


def is_backbone(area: Node) -> bool:
    """Whether an `area` is the one that is modelled."""
    return area.name in _BACKBONE


def _ospf_interface(node: Node) -> IgpInterface:
    return IgpInterface(
        name=reading.logical(node.name),
        metric=reading.number(node, "metric"),
        passive=node.has("passive"),
        point_to_point=node.leaf("interface-type") == "p2p",
        disabled=node.has("disable"),
        bfd=bfd(node),
        ldp_synchronization=_synchronizes(node),
        ldp_synchronization_hold_time=_synchronization_time(node),
        priority=reading.number(node, "priority"),
        authentication_key=_ospf_key(node.get("authentication")),
        hello_interval=reading.number(node, "hello-interval"),
        hold_time=reading.number(node, "dead-interval"),
    )


def _ospf_key(node: Node | None) -> str | None:
    """The key with its kind and number: both ends must agree on all of it."""
    if node is None:
        return None
    simple = reading.secret(node, "simple-password")
    return "|".join(_ospf_keys(node)) or simple


def _ospf_keys(node: Node) -> Iterator[str]:
    for entry in node.entries("md5"):
        key = reading.secret(entry, "key")
        if key is not None:
            yield f"md5 {entry.name} {key}"


# --- labels ------------------------------------------------------------------------


def ldp(node: Node | None) -> Ldp | None:
    """`protocols ldp`; a session group's key serves every address of a host-length prefix."""
    if node is None:
        return None
    sync = node.get("igp-synchronization")
    holddown = reading.number(sync, "holddown-interval")
    return Ldp(
        interfaces=_enabled(node),
        track_igp_metric=node.has("track-igp-metric"),
        session_keys={
            address: key
            for keyword in ("session-group", "session")
            for entry in node.entries(keyword)
            if (address := reading.address(entry.name)) is not None
            and (key := reference((entry,))) is not None
        },
        explicit_null=node.has("explicit-null"),
        transport_address=node.leaf("transport-address") or "router-id",
        igp_synchronization_holddown=None if holddown is None else float(holddown),
    )


def lldp(node: Node | None) -> frozenset[str] | None:
    """`protocols lldp`: it speaks on ports, whichever of their units is named."""
    if node is None or node.has("disable"):
        return None
    return frozenset(
        entry.name.partition(".")[0]
        for entry in node.entries("interface")
        if not entry.has("disable")
    )


def mpls(node: Node | None) -> Mpls | None:
    """`protocols mpls`."""
    if node is None or node.has("disable"):
        return None
    return Mpls(
        interfaces=_enabled(node),
        no_propagate_ttl=node.has("no-propagate-ttl"),
        icmp_tunneling=node.has("icmp-tunneling"),
    )


def _enabled(node: Node) -> tuple[str, ...]:
    return tuple(
        reading.logical(entry.name)
        for entry in node.entries("interface")
        if not entry.has("disable")
    )
