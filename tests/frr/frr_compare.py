"""What the twin and FRR hold of the same network, in the same words.

A path is what one neighbour said of one prefix, after import policy.  FRR gives no local
preference to external paths and may give no MED: the defaults are filled in on both sides.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from frr_world import vrfs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from frr_daemon import Daemons
    from frr_statements import Statements
    from frr_world import World

    from multihome.twin.network import Network
    from multihome.twin.routing.route import Route

VPN = "bgp.l3vpn.0"
_OWN = 32768
"""The weight of what a daemon originates."""
_WELL_KNOWN = {"noExport": "no-export", "noAdvertise": "no-advertise"}
_ORIGINS = {"IGP": 0, "EGP": 1, "incomplete": 2}


class Path(NamedTuple):
    """The attributes both sides know."""

    next_hop: str
    as_path: tuple[int, ...]
    origin: int
    local_preference: int
    med: int
    communities: tuple[str, ...]
    originator: str
    clusters: tuple[str, ...]


class Key(NamedTuple):
    """A path: at which router, in which table, of what, from whom (empty: the active one)."""

    router: str
    table: str
    prefix: str
    neighbor: str


Paths = dict[Key, Path | str]


def differences(twin: Paths, frr: Paths) -> list[str]:
    """Every path that only one side has, or that they see differently."""
    return [
        f"{' '.join(key)}: twin {twin.get(key)}, FRR {frr.get(key)}"
        for key in sorted({**twin, **frr})
        if twin.get(key) != frr.get(key)
    ]


def table_of(router: Statements) -> str:
    """The table that FRR's default table stands for."""
    return f"{vrfs(router)[0]}.inet.0" if vrfs(router) else "inet.0"


# --- the twin ------------------------------------------------------------------------


def of_twin(network: Network, world: World) -> Paths:
    """Everything received and everything active, from the twin's tables."""
    found: Paths = {}
    for name, router in world.routers.items():
        neighbors = {session.peer: session.far for session in world.sessions(name)}
        node = network.nodes[name]
        for table in (table_of(router), VPN):
            for entry in node.rib(table).entries():
                prefix = f"{entry.rd} {entry.prefix}" if entry.rd else str(entry.prefix)
                for route in entry.routes:
                    if _is_received(route):
                        key = Key(name, table, prefix, neighbors[str(route.learned_from)])
                        found[key] = _twin_path(route)
                if table != VPN and entry.active is not None:
                    found[Key(name, table, prefix, "")] = _twin_choice(entry.active)
    return _without_local(found)


def _is_received(route: Route) -> bool:
    own = route.primary_table is None and route.hidden is None
    return route.protocol == "BGP" and own


def _twin_path(route: Route) -> Path:
    bgp = route.bgp
    assert bgp is not None
    return Path(
        next_hop=str(bgp.next_hop),
        as_path=bgp.as_path,
        origin=int(bgp.origin),
        local_preference=100 if bgp.local_preference is None else bgp.local_preference,
        med=bgp.med or 0,
        communities=tuple(sorted(bgp.communities)),
        originator=str(bgp.originator_id or ""),
        clusters=tuple(map(str, bgp.cluster_list)),
    )


def _twin_choice(route: Route) -> Path | str:
    return _choice(_twin_path(route)) if route.protocol == "BGP" else "local"


def _choice(path: Path) -> Path:
    """Who reflected it is no matter of choice between equals."""
    return path._replace(originator="", clusters=())


def _without_local(found: Paths) -> Paths:
    """Prefixes that are only local, here and there, say nothing about BGP."""
    return {key: path for key, path in found.items() if path != "local" or _heard(found, key)}


def _heard(found: Paths, key: Key) -> bool:
    return any(other[:3] == key[:3] and other.neighbor for other in found)


# --- FRR -----------------------------------------------------------------------------


def of_frr(daemons: Daemons) -> Paths:
    """Everything received and everything best, from the daemons' tables."""
    found: Paths = {}
    world = daemons.world
    for name, router in world.routers.items():
        far = {world.places[session.far]: session.far for session in world.sessions(name)}
        for table, prefix, path in _frr_paths(daemons, name, table_of(router)):
            neighbor = far.get(path.get("peer", {}).get("peerId", ""))
            received = neighbor is not None and "nhVrfName" not in path
            if received and path.get("valid"):
                found[Key(name, table, prefix, neighbor or "")] = _frr_path(path, world)
            if table != VPN and path.get("bestpath", {}).get("overall"):
                found[Key(name, table, prefix, "")] = _frr_choice(path, world)
    return _without_local(found)


def _frr_paths(
    daemons: Daemons, name: str, table: str
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for prefix, paths in daemons.table(name, "ipv4 unicast").get("routes", {}).items():
        yield from ((table, prefix, path) for path in paths if "nexthops" in path)
    names = daemons.table(name, "ipv4 vpn").get("routes", {}).get("routeDistinguishers", {})
    wanted = dict.fromkeys(prefix for prefixes in names.values() for prefix in prefixes)
    answers = daemons.ask(name, *(f"show bgp ipv4 vpn {prefix} json" for prefix in wanted))
    for prefix, answer in zip(wanted, answers, strict=True):
        for rd, entry in json.loads(answer or "{}").items():
            yield from ((VPN, f"{rd} {prefix}", path) for path in entry["paths"])


def _frr_path(path: dict[str, Any], world: World) -> Path:
    words = [
        *(_WELL_KNOWN.get(word, word) for word in path.get("community", {}).get("list", ())),
        *map(_extended, path.get("extendedCommunity", {}).get("string", "").split()),
    ]
    next_hop = path["nexthops"][0]["ip"]
    return Path(
        next_hop=world.aliases.get(next_hop, next_hop),
        as_path=tuple(n for s in path["aspath"]["segments"] for n in s["list"]),
        origin=_ORIGINS[path["origin"]],
        local_preference=path.get("locPrf", 100),
        med=path.get("metric", path.get("med", 0)),
        communities=tuple(sorted(words)),
        originator=path.get("originatorId", ""),
        clusters=tuple(path.get("clusterList", {}).get("list", ())),
    )


def _frr_choice(path: dict[str, Any], world: World) -> Path | str:
    return "local" if path.get("weight") == _OWN else _choice(_frr_path(path, world))


def _extended(word: str) -> str:
    return word.replace("RT:", "target:").replace("SoO:", "origin:")
