"""What one router's statements say of what it shares with others, protocol by protocol.

A side is what one router says of one thing: a value per term. Two sides fit if they say the
same of each term that both speak of.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Interface
from typing import TYPE_CHECKING, TypeAlias, cast

from multihome.change.agreement.keys import keys_of
from multihome.change.agreement.statements import below, leaf

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from multihome.change.agreement.statements import Branch, Statements

Side: TypeAlias = "Mapping[str, object]"
"""Term, such as "key" or "MTU", to what this router has for it; None: not known."""


@dataclass(frozen=True, slots=True)
class Own:
    """What is one end's own affair, and resets what it shares with others when it changes."""

    value: object


HELLOS_PER_HOLD = 3
HELLO = 9.0
"""Seconds; of IS-IS where nothing is configured, and three of them are the hold time."""
LEVELS = ("1", "2")


@dataclass(frozen=True, slots=True)
class Facts:
    """One router's statements, with the questions that are asked of them."""

    router: str
    tree: Statements = field(repr=False)
    memo: dict[str, object] = field(default_factory=dict, repr=False, compare=False)
    """What was derived from the statements and is asked again and again."""

    def unit(self, interface: str) -> Mapping[str, Branch]:
        """A logical interface."""
        physical, _, unit = interface.partition(".")
        return self.tree.at("interfaces", physical, "unit", unit)

    def addresses(self, interface: str) -> tuple[IPv4Interface, ...]:
        """Of a logical interface."""
        found = below(self.unit(interface), "family", "inet", "address")
        return tuple(each for text in found if (each := _interface(text)) is not None)

    @property
    def next_hops(self) -> frozenset[IPv4Address]:
        """Of static routes, in every routing instance."""
        if "next hops" not in self.memo:
            instances = (self.tree.root, *self.tree.at("routing-instances").values())
            self.memo["next hops"] = frozenset(
                hop
                for instance in instances
                for route in below(instance, "routing-options", "static", "route").values()
                for text in below(route, "next-hop")
                if (hop := address_of(text)) is not None
            )
        return cast("frozenset[IPv4Address]", self.memo["next hops"])

    def everywhere(self) -> Iterator[tuple[str, IPv4Interface]]:
        """Every address, with the interface that has it."""
        for physical, entry in self.tree.at("interfaces").items():
            for unit in entry.get("unit", {}):
                name = f"{physical}.{unit}"
                yield from ((name, address) for address in self.addresses(name))


# --- links -----------------------------------------------------------------------------


def link(facts: Facts, interface: str, peers: Mapping[str, Collection[IPv4Address]]) -> Side | None:
    """A port's subnet, VLAN and MTU of the frame; that of `family inet` only limits what is sent.

    `peers` are the addresses of the other routers, before the change and after it: static routes
    that lead to one of them must know the right one.
    """
    addresses = facts.addresses(interface)
    if not (unit := facts.unit(interface)) or not addresses:
        return None
    port = facts.tree.at("interfaces", interface.partition(".")[0])
    found: dict[str, object] = {
        "subnet": frozenset(address.network for address in addresses),
        "VLAN": leaf(unit, "vlan-id") or "untagged",
        "MTU": leaf(port, "mtu"),
        f"address of {facts.router}": addresses[0].ip if len(addresses) == 1 else None,
    }
    for peer, known in peers.items():
        used = facts.next_hops & set(known)
        found[f"address of {peer}"] = next(iter(used)) if len(used) == 1 else None
    return found


# --- IS-IS -----------------------------------------------------------------------------


def isis(facts: Facts, interface: str) -> Side | None:
    """An adjacency: the levels, how hellos and LSPs are signed, the kind of network, the area."""
    protocol = facts.tree.at("protocols", "isis")
    entries = below(protocol, "interface")
    entry = entries.get(interface, entries.get("all"))
    off = {"disable", "passive"}
    if entry is None or off & entry.keys() or "disable" in protocol:
        return None
    levels = [level for level in LEVELS if _speaks(protocol, entry, level)]
    if not levels:
        return None
    found: dict[str, object] = {"network type": "point-to-point" in entry, "level": tuple(levels)}
    for level in levels:
        of_port, of_level = (below(each, "level", level) for each in (entry, protocol))
        lsp = keys_of((of_level,), facts.tree)
        hello = keys_of((of_port,), facts.tree, "hello-")
        found[f"key of level {level}"] = lsp
        found[f"key of hellos at level {level}"] = hello if hello.keys else lsp
    if levels == ["1"]:  # level 2 goes from area to area (ISO 10589 section 7.2)
        found["area"] = _areas(facts)
    return found


def isis_hold(facts: Facts, interface: str) -> float:
    """Seconds that a neighbour keeps the adjacency without a hello that it accepts."""
    entry = facts.tree.at("protocols", "isis", "interface", interface)
    at_level = [below(entry, "level", level) for level in LEVELS]
    holds = [float(text) for each in at_level if (text := leaf(each, "hold-time"))]
    hellos = [float(text) for each in at_level if (text := leaf(each, "hello-interval"))]
    return min(holds or [min(hellos or [HELLO]) * HELLOS_PER_HOLD])


def isis_interfaces(facts: Facts) -> tuple[str, ...]:
    """The ports on which an adjacency may come up."""
    named = facts.tree.at("protocols", "isis", "interface")
    return tuple(
        name
        for name in named
        if not name.startswith("lo") and facts.unit(name) and isis(facts, name) is not None
    )


def _speaks(protocol: Mapping[str, Branch], entry: Mapping[str, Branch], level: str) -> bool:
    sides = [below(each, "level", level) for each in (protocol, entry)]
    return not any("disable" in each or "passive" in each for each in sides)


def _areas(facts: Facts) -> frozenset[str]:
    titles = {
        title
        for entry in facts.tree.at("interfaces").values()
        for unit in entry.get("unit", {}).values()
        for title in below(unit, "family", "iso", "address")
    }
    return frozenset(title.rsplit(".", 4)[0] for title in titles)


# --- OSPF ------------------------------------------------------------------------------


def ospf(facts: Facts, interface: str) -> Side | None:
    """An adjacency: what RFC 2328 section 10.5 compares, and the MTU of section 10.6."""
    for area, entry in facts.tree.at("protocols", "ospf", "area").items():
        port = below(entry, "interface", interface)
        if interface not in below(entry, "interface") or {"disable", "passive"} & port.keys():
            continue
        return {
            "area": area,
            "area type": tuple(sorted({"stub", "nssa"} & entry.keys())),
            "key": tuple(sorted(_flat(below(port, "authentication")))),
            "timers": (leaf(port, "hello-interval"), leaf(port, "dead-interval")),
            "network type": leaf(port, "interface-type"),
            "MTU": leaf(below(facts.unit(interface), "family", "inet"), "mtu"),
        }
    return None


# --- LDP -------------------------------------------------------------------------------


def ldp(facts: Facts, interface: str, peer: IPv4Address | None) -> Side | None:
    """A session over a link: its key, found by the other end's address."""
    protocol = facts.tree.at("protocols", "ldp")
    named = below(protocol, "interface")
    if not {interface, "all"} & named.keys() or "disable" in named.get(interface, {}):
        return None
    holders = (
        below(protocol, "session", str(peer)),
        below(protocol, "session-group", f"{peer}/32"),
    )
    return {"key": keys_of(holders, facts.tree, tcp=True)}


# --- VRRP ------------------------------------------------------------------------------


def vrrp(facts: Facts, interface: str) -> Side | None:
    """The gateway of a LAN: what one of its routers offers, or where another sends to."""
    inet = below(facts.unit(interface), "family", "inet", "address")
    offers = {
        number: group
        for address in inet.values()
        for number, group in below(address, "vrrp-group").items()
    }
    if not offers:
        return _sends_to(facts, interface)
    return {
        "group": frozenset(offers),
        "virtual address": frozenset(
            address for group in offers.values() for address in below(group, "virtual-address")
        ),
        "key": tuple(
            sorted(
                (leaf(group, "authentication-type") or "", leaf(group, "authentication-key") or "")
                for group in offers.values()
            )
        ),
        "timers": tuple(
            sorted(
                (leaf(group, "advertise-interval") or "", leaf(group, "fast-interval") or "")
                for group in offers.values()
            )
        ),
    }


def _sends_to(facts: Facts, interface: str) -> Side | None:
    networks = [address.network for address in facts.addresses(interface)]
    default = facts.tree.at("routing-options", "static", "route", "0.0.0.0/0", "next-hop")
    hops = {
        str(hop)
        for text in default
        if (hop := address_of(text)) and any(hop in network for network in networks)
    }
    return {"virtual address": frozenset(hops)} if hops else None


# --- VPN -------------------------------------------------------------------------------


def vpn(facts: Facts, name: str) -> Side | None:
    """A VPN: the route targets by which its PEs know each other's routes."""
    if not (instance := facts.tree.at("routing-instances", name)):
        return None
    return {"route target": frozenset(_flat(below(instance, "vrf-target")))}


def _flat(branch: Mapping[str, Branch]) -> Iterator[str]:
    for word, inner in branch.items():
        if inner:
            yield from (f"{word} {rest}" for rest in _flat(inner))
        else:
            yield word


def address_of(text: str) -> IPv4Address | None:
    """An address, if the text is one."""
    try:
        return IPv4Address(text)
    except ValueError:
        return None


@lru_cache(maxsize=65536)
def _interface(text: str) -> IPv4Interface | None:
    try:
        return IPv4Interface(text)
    except ValueError:
        return None
