"""Multihomed sites: legs with BGP, the gateway in front of them, the customer behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from multihome.adopt.read_core import given
from multihome.adopt.read_gateway import read_gateway
from multihome.adopt.source import below, only

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.adopt.network import FoundNetwork, FoundPort
    from multihome.adopt.source import Source, Tree


@dataclass(frozen=True)
class FoundLeg:
    """One session between a PE and a CPE."""

    pe: FoundPort
    cpe: FoundPort
    peer_as: str
    group: str
    policy: str
    """Towards the CPE."""
    accepted: str
    """The policy for what comes from the CPE."""
    community: str
    origin: str
    med: int
    local_preference: int
    key: str | None

    @property
    def order(self) -> tuple[int, int]:
        """The primary first, then by the number in the import policy's name."""
        _, _, suffix = self.accepted.rpartition(f"{self.policy}-")
        if suffix == "primary":
            return 0, 0
        number = suffix.removeprefix("secondary").removeprefix("-") or "1"
        if suffix.startswith("secondary") and number.isdecimal():
            return 1, int(number)
        return 2, -self.local_preference


def read_sites(network: FoundNetwork, vpn: str, members: list[tuple[str, Tree]]) -> dict[str, Any]:
    """The `multihomed` sites of one VPN: legs that one site of origin marks are one site."""
    sites: dict[str, list[FoundLeg]] = {}
    for router, tree in members:
        for name, group in below(tree, "protocols", "bgp", "group").items():
            for address in below(group, "neighbor"):
                if (leg := _leg(network, router, vpn, (name, group), address)) is not None:
                    sites.setdefault(leg.origin, []).append(leg)
    found = {}
    for origin, legs in sites.items():
        if len(legs) < 2:
            network.judgement.remarks.append(
                f"{legs[0].pe.router} {legs[0].pe.interface}: the only leg with BGP of {origin}"
            )
            continue
        site = _site(network, sorted(legs, key=lambda leg: leg.order))
        if site is not None:
            name = _name(site, origin)
            found[origin.replace(":", "-") if name in found else name] = site
    return found


def _name(site: dict[str, Any], origin: str) -> str:
    return str(site["customer"].get("router") or origin.replace(":", "-"))


def _leg(
    network: FoundNetwork, router: str, vpn: str, group: tuple[str, Tree], address: str
) -> FoundLeg | None:
    """A session of a PE, if it is made of what a leg is made of."""
    source, (name, settings) = network.sources[router], group
    here = [port for port in network.ports if (port.router, port.instance) == (router, vpn)]
    ends = [(p, o) for p in here for o in network.facing(p) if str(o.address.ip) == address]
    accepted, policy = _setting(settings, address, "import"), _setting(settings, address, "export")
    med, peer_as = _setting(settings, address, "metric-out"), _setting(settings, address, "peer-as")
    preference = _preference(source, accepted)
    community = _refused(source, policy)
    origin = source.value("policy-options", "community", community or "", "members")
    lacking = {
        "configuration of the neighbour": ends,
        "metric-out": med and med.isdecimal(),
        "peer-as": peer_as,
        "import policy with one local-preference": preference is not None,
        "export policy that refuses one community": community,
        "site of origin in that community": origin and origin.startswith("origin:"),
    }
    missing = [what for what, there in lacking.items() if not there]
    if missing:
        network.judgement.remarks.append(
            f"{router} VPN {vpn}: BGP group {name} neighbor {address} has no {missing[0]}"
        )
        return None
    pe, cpe = ends[0]
    return FoundLeg(
        pe,
        cpe,
        peer_as=str(peer_as),
        group=name,
        policy=str(policy),
        accepted=str(accepted),
        community=str(community),
        origin=str(origin),
        med=int(str(med)),
        local_preference=int(str(preference)),
        key=_setting(settings, address, "authentication-key"),
    )


def _setting(group: Tree, address: str, key: str) -> str | None:
    """Of the neighbour, else of its group."""
    own = below(group, "neighbor", address, key)
    return only(own) if own else only(below(group, key))


def _preference(source: Source, policy: str | None) -> str | None:
    tree = source.at("policy-options", "policy-statement", policy or "")
    parts = [tree, *below(tree, "term").values()]
    found = [n for part in parts for n in below(part, "then", "local-preference")]
    return found[0] if len(found) == 1 and found[0].isdecimal() else None


def _refused(source: Source, policy: str | None) -> str | None:
    tree = source.at("policy-options", "policy-statement", policy or "")
    found = [
        community
        for term in below(tree, "term").values()
        if "reject" in below(term, "then")
        for community in below(term, "from", "community")
    ]
    return found[0] if len(found) == 1 else None


def _site(network: FoundNetwork, legs: list[FoundLeg]) -> dict[str, Any] | None:
    judge, origin = network.judgement, legs[0].origin
    lan = read_gateway(network, origin, [leg.cpe for leg in legs])
    if lan is None:
        return None
    gateway, customer, cost = lan
    wish = f"{customer.get('router') or origin}"
    outside = {leg.cpe.router: _session(network, leg, "external") for leg in legs}
    inside = {leg.cpe.router: _session(network, leg, "internal") for leg in legs}
    keys = {leg.pe.router: leg.key for leg in legs}
    keys |= {router: only(below(group, "authentication-key")) for router, group in outside.items()}
    between = {r: only(below(group, "authentication-key")) for r, group in inside.items()}

    def common(key: str, groups: dict[str, Tree]) -> int | None:
        values = {router: only(below(group, "hold-time")) for router, group in groups.items()}
        return judge.number(f"site {wish} {key}", values)

    def named(key: str, values: list[str]) -> str | None:
        return judge.choose(f"site {wish} {key}", values)

    inactive = {r: str("advertise-inactive" in group).lower() for r, group in inside.items()}
    seen = judge.agreed(f"site {wish} advertise-inactive", inactive)
    peer_as = named("peer-as", [leg.peer_as for leg in legs])
    found = {
        "autonomous-system": int(peer_as) if peer_as and peer_as.isdecimal() else peer_as,
        "site-of-origin": origin,
        "authentication-key": judge.secret(f"{wish}-pe-cpe", keys),
        "hold-time": common("hold-time", outside),
        "names": {
            "policy": named("policy", [leg.policy for leg in legs]),
            "community": named("community", [leg.community for leg in legs]),
            "group": named("group", [leg.group for leg in legs]),
        },
        "legs": list(_legs(legs)),
        "inter-cpe": given(
            {
                "authentication-key": judge.secret(f"{wish}-cpe-cpe", between),
                "hold-time": common("inter-cpe hold-time", inside),
            }
        ),
        "gateway": gateway,
        "customer": customer,
        "options": {"track-uplink": cost, "advertise-inactive": seen == "true"},
    }
    return given(found)


def _legs(legs: list[FoundLeg]) -> Iterator[dict[str, Any]]:
    for number, leg in enumerate(legs):
        found = {
            "role": "backup" if number else "primary",
            "local-preference": leg.local_preference,
            "med": leg.med,
            "vlan": leg.pe.vlan,
            "pe": leg.pe.attachment(),
            "cpe": leg.cpe.attachment(),
        }
        yield given(found)


def _session(network: FoundNetwork, leg: FoundLeg, kind: str) -> Tree:
    """The CPE's group towards its PE, or towards the other CPEs."""
    groups = {
        name: group
        for name, group in network.sources[leg.cpe.router].at("protocols", "bgp", "group").items()
        if kind in below(group, "type")
        and (kind == "internal" or str(leg.pe.address.ip) in below(group, "neighbor"))
    }
    name = network.judgement.choose(f"{leg.cpe.router} {kind} bgp group", [*groups])
    return groups[name] if name else {}
