"""What every derived expectation says of itself: where it comes from, when it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from multihome.intent.expect.paths import Source
from multihome.intent.expectation import RoutePath
from multihome.intent.matcher import Absent, AtLeast, OneOf

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from ipaddress import IPv4Address

    from multihome.intent.expect.derived_network import World
    from multihome.intent.expect.paths import Path

FIRST_LABEL = 16
"""Lower ones are reserved (RFC 3032 section 2.1)."""
DEFAULT_HOLD_TIME = 90
"""Junos's, of BGP, in seconds."""


def frame(world: World, router: str, origin: str, *tags: str) -> dict[str, Any]:
    """The fields that every expectation has."""
    return {
        "router": router,
        "origin": f"intent: {origin}",
        "when": frozenset({world.scene.state.value}),
        "tags": frozenset(tags),
    }


def wire(world: World, vlan: int | None) -> dict[str, Any]:
    """What both ends of a link must agree on, of a port that is ours to configure."""
    return {"vlan": vlan, "mtu": world.intent.mtu}


def said(world: World, router: str, path: Path) -> RoutePath:
    """A path in the words of an expectation."""
    if path.source is Source.DIRECT:
        return RoutePath(protocol="Direct", interface=path.interface)
    if path.source is Source.STATIC:
        return RoutePath(protocol="Static", interface=path.interface, next_hop=path.next_hop)
    common: dict[str, Any] = {
        "protocol": "BGP",
        "local_preference": path.local_preference,
        "as_path": as_path(path.as_path),
        "learned_from": path.learned_from,
    }
    if path.edge:
        return RoutePath(**common, **_through_core(world, router, path))
    marks: dict[str, Any] = {"with_communities": path.communities} if path.communities else {}
    return RoutePath(
        **common,
        **marks,
        med=Absent() if path.med is None else path.med,
        interface=path.interface,
        next_hop=path.next_hop,
    )


def as_path(numbers: Iterable[int]) -> str:
    """As Junos prints it, with origin IGP: everything here comes from the IGP side."""
    return " ".join([*map(str, numbers), "I"])


def either(values: Sequence[Any]) -> Any:  # noqa: ANN401 - an address or a text, as they come
    """One value exactly, several as alternatives, none as no statement."""
    once = tuple(dict.fromkeys(values))
    if len(once) > 1:
        return OneOf(one_of=once)
    return once[0] if once else None


def hold_time(*offered: int | None) -> int:
    """What two ends agree on: the lower (RFC 4271 section 4.2)."""
    return min(DEFAULT_HOLD_TIME if offer is None else offer for offer in offered)


def _through_core(world: World, router: str, path: Path) -> dict[str, Any]:
    """Next hop and labels: the VPN's at the bottom, the core's above it but for the last hop."""
    hops = world.igp.first_hops(router, path.edge)
    label = AtLeast(at_least=FIRST_LABEL)
    stacks = {1 if hop.router == path.edge else 2 for hop in hops}
    return {
        "interface": either([hop.interface for hop in hops]),
        "next_hop": either([hop.address for hop in hops]),
        "protocol_next_hop": _loopback(world, path.edge),
        "label_action": "Push",
        "labels": (label,) * stacks.pop() if len(stacks) == 1 else None,
        "communities": path.communities,
        "originator": path.originator,
        "cluster_list": path.cluster_list or None,
    }


def _loopback(world: World, router: str) -> IPv4Address:
    return world.intent.routers[router].loopback.address.ip
