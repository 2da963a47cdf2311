"""BGP sessions as one router's statements configure them, with what is inherited from the group."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from multihome.change.agreement.facts import Own, address_of
from multihome.change.agreement.keys import keys_of
from multihome.change.agreement.statements import below, leaf
from multihome.values.bgp import as_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from ipaddress import IPv4Address

    from multihome.change.agreement.facts import Facts, Side
    from multihome.change.agreement.keys import Keys
    from multihome.change.agreement.statements import Branch


@dataclass(frozen=True, slots=True)
class Session:
    """One neighbour of one router."""

    instance: str
    """Empty: the main one."""
    peer: IPv4Address
    local: IPv4Address | None
    """None: not known, since no interface is in the neighbour's subnet."""
    own_as: str | None
    peer_as: str | None
    families: frozenset[str]
    keys: Keys
    group: str = ""
    cluster: str | None = None

    def side(self, router: str, other: str) -> Side:
        """What must agree with the other end's view of the same session.

        Hold times need not, as the lower one counts, 0 included (RFC 4271 section 4.2). Nor need
        BFD: it takes down only what it has seen up, and an end that leaves says so (RFC 5882).
        """
        return {
            "key": self.keys,
            f"AS number of {router}": self.own_as,
            f"AS number of {other}": self.peer_as,
            f"address of {router}": self.local,
            f"address of {other}": self.peer,
            "address families": self.families,
            # Another group or cluster resets the session (Juniper, Understanding BGP Session Resets).
            "group": Own(self.group),
            "cluster": Own(self.cluster),
        }


def sessions(facts: Facts) -> tuple[Session, ...]:
    """Every neighbour in every routing instance."""
    if "sessions" not in facts.memo:
        facts.memo["sessions"] = tuple(_sessions(facts))
    return cast("tuple[Session, ...]", facts.memo["sessions"])


def _sessions(facts: Facts) -> Iterator[Session]:
    yield from _of_instance(facts, "", facts.tree.root)
    for name, instance in facts.tree.at("routing-instances").items():
        yield from _of_instance(facts, name, instance)


def _of_instance(facts: Facts, name: str, instance: Mapping[str, Branch]) -> Iterator[Session]:
    bgp = below(instance, "protocols", "bgp")
    if "disable" in bgp:
        return
    for group_name, group in below(bgp, "group").items():
        for text, entry in below(group, "neighbor").items():
            peer = address_of(text)
            if peer is None or "shutdown" in entry:
                continue
            session = _session(facts, name, (entry, group, bgp), peer)
            yield replace(session, group=group_name)


def _session(
    facts: Facts, name: str, levels: tuple[Mapping[str, Branch], ...], peer: IPv4Address
) -> Session:
    own = _as(_nearest(levels, "local-as") or _own_as(facts, name))
    internal = _nearest(levels, "type") == "internal"
    local = _nearest(levels, "local-address")
    return Session(
        name,
        peer,
        address_of(local) if local else _local(facts, name, peer),
        own,
        own if internal else _as(_nearest(levels, "peer-as")),
        next((_families(each) for each in levels if "family" in each), frozenset({"inet unicast"})),
        keys_of(levels, facts.tree, tcp=True),
        cluster=_nearest(levels, "cluster"),
    )


def _nearest(levels: tuple[Mapping[str, Branch], ...], name: str) -> str | None:
    return next((value for each in levels if (value := leaf(each, name))), None)


def _own_as(facts: Facts, instance: str) -> str | None:
    inside = facts.tree.at("routing-instances", instance, "routing-options") if instance else {}
    outside = facts.tree.at("routing-options")
    return leaf(inside, "autonomous-system") or leaf(outside, "autonomous-system")


def _as(text: str | None) -> str | None:
    try:
        return str(as_number(text)) if text else None
    except ValueError:
        return text


def _families(level: Mapping[str, Branch]) -> frozenset[str]:
    return frozenset(
        f"{family} {kind}" for family, kinds in below(level, "family").items() for kind in kinds
    )


def _local(facts: Facts, instance: str, peer: IPv4Address) -> IPv4Address | None:
    """The address on the subnet that the neighbour is in."""
    members = facts.tree.at("routing-instances", instance, "interface") if instance else None
    for name, address in facts.everywhere():
        inside = members is None or name in members
        if inside and peer in address.network and address.network.prefixlen < 32:
            return address.ip
    return None
