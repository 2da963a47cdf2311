"""`security authentication-key-chains`, and which key of a chain is in use at a moment."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from multihome.twin.junos import reading
from multihome.twin.junos.model.keys import AnyKey, ChainKey, InChain, KeyChain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from multihome.twin.config.tree import Node
    from multihome.twin.junos.model.igp import Isis
    from multihome.twin.junos.model.instances import RoutingInstance
    from multihome.twin.junos.model.router import Router

ALWAYS = datetime.min.replace(tzinfo=UTC)
_MOMENT = re.compile(
    r"(\d{4})-(\d+)-(\d+)(?:[.](\d+)(?::(\d+))?(?::(\d+))?)?(?: *([+-])(\d\d):?(\d\d))?"
)


def key_chains(here: Node, chassis: Node) -> dict[str, KeyChain]:
    """Those of the router itself, and those of its chassis."""
    found = {}
    for place in (chassis, here):
        holder = place.get("security", "authentication-key-chains")
        for entry in () if holder is None else holder.entries("key-chain"):
            keys = sorted(_keys(entry), key=lambda key: key.start)
            tolerance = reading.number(entry, "tolerance") or 0
            found[entry.name] = KeyChain(entry.name, tuple(keys), tolerance)
    return found


def reference(levels: Iterable[Node]) -> InChain | str | None:
    """What signs a session: the chain or the key of the nearest level that has one."""
    known = tuple(levels)
    stated = (each.leaf("authentication-algorithm") for each in known)
    algorithm = next(filter(None, stated), "md5")
    for level in known:
        if (name := level.leaf("authentication-key-chain")) is not None:
            return InChain(name, algorithm)
        if level.has("authentication-key"):
            return reading.secret(level, "authentication-key")
    return None


def at(router: Router, now: datetime) -> Router:
    """The router with the keys that are in use now."""
    if not router.key_chains:
        return router
    instances = {
        name: _instance(instance, router.key_chains, now)
        for name, instance in router.instances.items()
    }
    ldp = router.ldp
    if ldp is not None:
        keys = {a: _in_use(key, router.key_chains, now) for a, key in ldp.session_keys.items()}
        ldp = replace(ldp, session_keys=keys)
    return replace(router, instances=instances, ldp=ldp)


def next_start(routers: Iterable[Router], now: datetime) -> datetime | None:
    """When the next key of any chain takes over."""
    following = (c.following(now) for router in routers for c in router.key_chains.values())
    return min((key.start for key in following if key is not None), default=None)


def _instance(
    instance: RoutingInstance, chains: Mapping[str, KeyChain], now: datetime
) -> RoutingInstance:
    neighbors = tuple(
        replace(each, authentication_key=_in_use(each.authentication_key, chains, now))
        if isinstance(each.authentication_key, InChain)
        else each
        for each in instance.bgp.neighbors
    )
    isis = instance.isis
    return replace(
        instance,
        bgp=replace(instance.bgp, neighbors=neighbors),
        isis=None if isis is None else _isis(isis, chains, now),
    )


def _isis(isis: Isis, chains: Mapping[str, KeyChain], now: datetime) -> Isis:
    """MD5 as RFC 5304 has it signs as a single key does; in the form of RFC 5310 a key is named."""
    found = dict(isis.authentication)
    for level, name in isis.key_chains.items():
        chain = chains.get(name)
        key = chain.active(now) if chain is not None else None
        if key is not None:
            named = f"{key.algorithm} {key.number}" if "enhanced" in key.algorithm else "md5"
            found[level] = (named if named != "md5" else key.algorithm, key.secret)
    return replace(isis, authentication=found)


def _in_use(key: AnyKey | None, chains: Mapping[str, KeyChain], now: datetime) -> AnyKey | None:
    """A chain without a key yet, or one that does not exist, agrees with nothing but itself."""
    if not isinstance(key, InChain) or (chain := chains.get(key.name)) is None:
        return key
    active = chain.active(now)
    return key if active is None else replace(active, algorithm=key.algorithm)


def _keys(entry: Node) -> Iterator[ChainKey]:
    for key in entry.entries("key"):
        number = reading.integer(key.name)
        if number is None:
            continue
        options = key.leaf("options") if key.leaf("options") != "basic" else None
        algorithm = " ".join(filter(None, (key.leaf("algorithm") or "md5", options)))
        yield ChainKey(
            number,
            _moment(key.leaf("start-time") or ""),
            reading.secret(key, "secret") or "",
            algorithm,
            entry.name,
        )


def _moment(text: str) -> datetime:
    """`2027-1-1.00:00:00 +0000`; a key without a readable time is always in use."""
    if (found := _MOMENT.fullmatch(text.strip())) is None:
        return ALWAYS
    *numbers, sign, hours, minutes = found.groups()
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    year, month, day, hour, minute, second = (int(number or 0) for number in numbers)
    zone = timezone(-offset if sign == "-" else offset)
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return ALWAYS
