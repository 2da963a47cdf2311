"""The provider's core: IS-IS, LDP, internal BGP, and the links that IS-IS runs on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from multihome.adopt.source import below, only

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from multihome.adopt.network import FoundNetwork, FoundPort
    from multihome.adopt.source import Source, Tree


def core_ports(network: FoundNetwork) -> list[FoundPort]:
    """Ports on which IS-IS has neighbours."""
    found = []
    for port in network.ports:
        isis = network.sources[port.router].at("protocols", "isis", "interface")
        settings = isis.get(port.interface)
        if settings is not None and "passive" not in settings and port.instance is None:
            found.append(port)
    return found


def read_core(network: FoundNetwork, edges: Collection[str]) -> dict[str, Any]:
    """The `core` of the intent; `edges` are the routers with a VPN."""
    ports = core_ports(network)
    routers = {port.router: network.sources[port.router] for port in ports}
    speakers = {name: network.sources[name] for name in dict.fromkeys([*routers, *edges])}
    judge = network.judgement
    numbers = {r: s.value("routing-options", "autonomous-system") for r, s in speakers.items()}
    known = {router: number for router, number in numbers.items() if number}
    quiet = {
        name: str(network.sources[name].has("protocols", "mpls", "no-propagate-ttl")).lower()
        for name in routers
        if name in edges
    }
    return {
        "autonomous-system": judge.number("core autonomous-system", known),
        "propagate-ttl": judge.agreed("core no-propagate-ttl", quiet) != "true",
        "isis": _isis(network, routers, ports),
        "ldp": _ldp(network, routers),
        "bgp": _bgp(network, speakers),
        "links": list(_links(network, ports)),
    }


def _isis(
    network: FoundNetwork, routers: Mapping[str, Source], ports: list[FoundPort]
) -> dict[str, Any]:
    judge = network.judgement

    def common(key: str, *path: str) -> int | None:
        values = {r: s.value("protocols", "isis", *path) for r, s in routers.items()}
        return judge.number(f"core isis {key}", values)

    def each(key: str, *path: str) -> int | None:
        values = {f"{p.router} {p.interface}": only(_isis_port(network, p, *path)) for p in ports}
        return judge.number(f"core isis {key}", values)

    keys = {
        r: s.value("protocols", "isis", "level", "2", "authentication-key")
        for r, s in routers.items()
    }
    found = {
        "authentication-key": judge.secret("isis", keys),
        "lsp-lifetime": common("lsp-lifetime", "lsp-lifetime"),
        "spf-delay": common("spf-delay", "spf-options", "delay"),
        "overload-timeout": common("overload-timeout", "overload", "timeout"),
        "ldp-synchronization": each("ldp-synchronization", "ldp-synchronization", "hold-time"),
        "bfd-interval": each("bfd-interval", "bfd-liveness-detection", "minimum-interval"),
        "ipv6-routing": [
            r for r, s in routers.items() if not s.has("protocols", "isis", "no-ipv6-routing")
        ],
    }
    return given(found)


def _isis_port(network: FoundNetwork, port: FoundPort, *path: str) -> Tree:
    source = network.sources[port.router]
    return source.at("protocols", "isis", "interface", port.interface, *path)


def _ldp(network: FoundNetwork, routers: Mapping[str, Source]) -> dict[str, Any]:
    path = ("protocols", "ldp", "igp-synchronization", "holddown-interval")
    waits = {router: source.value(*path) for router, source in routers.items()}
    keys: dict[str, str | None] = {}
    for router, source in routers.items():
        sessions = source.at("protocols", "ldp", "session")
        found = [only(below(each, "authentication-key")) for each in sessions.values()]
        question = f"{router} ldp authentication-key"
        if len(values := dict.fromkeys(key for key in found if key)) > 1:
            # Said without the values: they are secrets.
            network.judgement.remarks.append(f"{question}: {len(values)} keys; the first is taken")
        keys[router] = next(iter(values), None)
    return given(
        {
            "authentication-key": network.judgement.secret("ldp", keys),
            "synchronization-holddown": network.judgement.number("core ldp holddown", waits),
        }
    )


def _bgp(network: FoundNetwork, speakers: Mapping[str, Source]) -> dict[str, Any]:
    judge = network.judgement
    groups: dict[str, Tree] = {}
    names: dict[str, str | None] = {}
    for router, source in speakers.items():
        inside = {
            name: group
            for name, group in source.at("protocols", "bgp", "group").items()
            if "internal" in below(group, "type") and "inet-vpn" in below(group, "family")
        }
        if (name := judge.choose(f"{router} bgp group", [*inside])) is not None:
            groups[router], names[router] = inside[name], name
    if not groups:
        return {}

    def common(key: str, *path: str) -> int | None:
        values = {router: only(below(group, *path)) for router, group in groups.items()}
        return judge.number(f"core bgp {key}", values)

    keys = {r: only(below(group, "authentication-key")) for r, group in groups.items()}
    clusters = {r: only(below(group, "cluster")) for r, group in groups.items()}
    return given(
        {
            "group": judge.agreed("core bgp group", names),
            "authentication-key": judge.secret("ibgp", keys),
            "hold-time": common("hold-time", "hold-time"),
            "bfd-interval": common("bfd-interval", "bfd-liveness-detection", "minimum-interval"),
            "reflectors": {r: cluster for r, cluster in clusters.items() if cluster},
        }
    )


def _links(network: FoundNetwork, ports: list[FoundPort]) -> Iterator[dict[str, Any]]:
    done: set[FoundPort] = set()
    for port in ports:
        other = None if port in done else network.opposite(port)
        if other is None or other not in ports:
            if port not in done:
                network.judgement.remarks.append(
                    f"{port.router} {port.interface}: no configuration of its IS-IS neighbour was read"
                )
                yield link(network, [port], core=True)
            continue
        done |= {port, other}
        yield link(network, [port, other], core=True)


def link(network: FoundNetwork, ports: list[FoundPort], *, core: bool) -> dict[str, Any]:
    """A link as the intent writes it; a description only where it is not the usual one."""
    ends = {}
    for port in ports:
        usual = "_".join(network.title(p.router).upper() for p in ports if p is not port)
        end: dict[str, Any] = port.end()
        if port.description not in (None, usual):
            end["description"] = port.description
        metric = only(_isis_port(network, port, "level", "2", "metric")) if core else None
        if metric:
            end["metric"] = int(metric)
        ends[port.router] = end
    return given({"vlan": ports[0].vlan, "ends": ends})


def given(found: dict[str, Any]) -> dict[str, Any]:
    """Without what is not there."""
    return {key: value for key, value in found.items() if value is not None}
