"""Who speaks BGP with whom in a network of Junos configurations, and by which addresses.

Each speaker gets an address of its own in 127/8, where its `bgpd` listens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from frr_statements import Statements, Untranslatable, network

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True)
class Session:
    """One neighbour of one router: the real addresses, and what is configured, nearest first."""

    far: str
    peer: str
    levels: tuple[Statements, ...]
    local: str = ""
    own_as: int = 0
    vpn: bool = False
    """Whether it carries the VPN family; in a VRF it does not."""

    def value(self, *words: str) -> str | None:
        """A statement at the nearest level that has it."""
        return next((found for one in self.levels if (found := one.value(*words))), None)

    def values(self, *words: str) -> list[str]:
        """All values of the nearest level that has any."""
        return next((found for one in self.levels if (found := one.names(*words))), [])

    def phrase(self, *words: str) -> tuple[str, ...]:
        """A whole statement at the nearest level that has it."""
        return next((found[0] for one in self.levels if (found := one.phrases(*words))), ())

    def has(self, *words: str) -> bool:
        """Whether any level has it."""
        return any(one.has(*words) for one in self.levels)

    @property
    def internal(self) -> bool:
        """As `type` says."""
        return self.value("type") == "internal"

    @property
    def peer_as(self) -> int:
        """Of an internal peer, our own."""
        return int(self.value("peer-as") or self.own_as)


class World:
    """The routers of a network that speak BGP."""

    def __init__(self, texts: Mapping[str, str], base: int) -> None:
        parsed = {name: Statements.parse(text) for name, text in texts.items()}
        self._owners = {
            address: name for name, router in parsed.items() for _, address, _ in addresses(router)
        }
        self.routers = {name: one for name, one in parsed.items() if _speaks(one)}
        self.places = {
            name: f"127.{base}.{number}.1" for number, name in enumerate(self.routers, 1)
        }
        self.aliases: dict[str, str] = {}
        """Next hops of VPN routes under other names: FRR does not leak a prefix that is its own
        next hop, as a loopback in a VRF is."""

    def alias(self, name: str, loopback: str) -> str:
        """Another name for a PE's loopback, from the addresses kept for documents (RFC 5737)."""
        number = [*self.routers].index(name) + 1
        self.aliases[f"203.0.113.{number}"] = loopback
        return f"203.0.113.{number}"

    def sessions(self, name: str) -> list[Session]:
        """Every neighbour of a router that is another of them."""
        router = self.routers[name]
        found = [*self._sessions_of(name, router)]
        for vrf in vrfs(router):
            found += self._sessions_of(name, router.under("routing-instances", vrf))
        return found

    def _sessions_of(self, name: str, holder: Statements) -> Iterator[Session]:
        router, bgp = self.routers[name], holder.under("protocols", "bgp")
        own_as = int(_own_as(holder) or _own_as(router) or 0)
        for group in bgp.names("group"):
            for peer in bgp.names("group", group, "neighbor"):
                far = self._owners.get(peer, name)
                nearest = bgp.under("group", group, "neighbor", peer)
                session = Session(far, peer, (nearest, bgp.under("group", group), bgp))
                if far in self.places and far != name:
                    local = session.value("local-address") or _facing(router, peer)
                    vpn = holder is router and session.has("family", "inet-vpn")
                    yield Session(far, peer, session.levels, local, own_as, vpn)

    def own_routes(self, name: str) -> dict[str, tuple[str, str | None, list[str]]]:
        """By prefix: protocol, metric, communities; of several protocols, the best.

        In a router with a VRF those of the VRF.
        """
        router, found = self.routers[name], {}
        holder = router.under("routing-instances", *vrfs(router)) if vrfs(router) else router
        inside = set(holder.names("interface"))
        for interface, _, prefix in addresses(router):
            if interface in inside or not vrfs(router):
                found.setdefault(prefix, ("direct", None, []))
        for kind in ("static", "aggregate"):
            routes = holder.under("routing-options", kind, "route")
            for prefix in routes.names():
                communities = routes.names(prefix, "community")
                found.setdefault(prefix, (kind, routes.value(prefix, "metric"), communities))
        return found


# --- what a configuration says --------------------------------------------------------


def addresses(router: Statements) -> list[tuple[str, str, str]]:
    """Interface, address and prefix of everything configured."""
    found: dict[tuple[str, str, str], None] = {}
    for line in router.under("interfaces").lines:
        if line[1:2] == ("unit",) and line[3:6] == ("family", "inet", "address"):
            host = line[6].partition("/")[0]
            found[f"{line[0]}.{line[2]}", host, network(line[6])] = None
    return list(found)


def vrfs(router: Statements) -> list[str]:
    """The VRFs of a router."""
    return [
        name
        for name in router.names("routing-instances")
        if router.value("routing-instances", name, "instance-type") == "vrf"
    ]


def _own_as(holder: Statements) -> str | None:
    return holder.value("routing-options", "autonomous-system")


def _speaks(router: Statements) -> bool:
    return router.has("protocols", "bgp", "group") or any(
        router.has("routing-instances", name, "protocols", "bgp") for name in vrfs(router)
    )


def _facing(router: Statements, peer: str) -> str:
    for _, address, prefix in addresses(router):
        if network(f"{peer}/{prefix.partition('/')[2]}") == prefix:
            return address
    raise Untranslatable(f"no subnet of {peer}")
