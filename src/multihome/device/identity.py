"""Which router answers: its host name and its serial number against those that are expected.

A host key proves that the same device answers as before, not that it is the one that the
inventory means: keys are often copied with an image, and addresses are mixed up with their
keys. So the first question of every session is who answers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from multihome.errors import BadReply, RpcFailed, Unidentified, Unreachable, WrongRouter
from multihome.state.system import IDENTITY, IDENTITY_BY_SOFTWARE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from multihome.device.session import ReadSession
    from multihome.inventory.target import Target
    from multihome.state.query import Query
    from multihome.state.system import Identity

_WELL_KNOWN = (22, 830)
_UNNAMED = frozenset({"amnesiac", "localhost"})
"""What Junos calls itself before a host name is set."""
_ENGINE = re.compile(r"^(?:re|node)\d[-_.](?=.)|(?<=.)[-_.](?:re|node)\d$")
"""A routing engine or cluster node in a host name: `mars-re0`, `re1.mars`, `mars-node1`."""


def same_name(expected: str, said: str) -> bool:
    """Whether a router that calls itself `said` is the one that is called `expected`.

    Case does not matter, nor a domain that only one of them has, nor a routing engine that
    only one of them names. `mars-re0` and `mars-re1` are two; so are `mars.a.net` and
    `mars.b.net`.
    """
    one, other = expected.lower().rstrip("."), said.lower().rstrip(".")
    return any(
        _less_domain(left, right)
        for left, right in (
            (one, other),
            (one, _less_engine(other)),
            (_less_engine(one), other),
        )
    )


def prove(session: ReadSession, target: Target) -> Identity:
    """Ask a router who it is, and compare its host name; returns what it said.

    A logical system shares its device's host name, which the inventory need not know: without
    `host_name`, there is nothing to compare it with.

    Raises:
        WrongRouter: it has another host name, or none.
        Unidentified: it does not say.
        DeviceError: the session was lost.
    """
    identity = _asked(session, target)
    expected = target.host_name or (None if target.logical_system else target.name)
    if expected is None:
        return identity
    named = [name for name in identity.host_names if name.lower() not in _UNNAMED]
    if any(same_name(expected, name) for name in identity.host_names):
        return identity
    raise WrongRouter(target.name, _other(target, expected, named))


def compare_serials(target: Target, known: Iterable[str], said: Iterable[str]) -> None:
    """Refuse a router of the right name and host key whose chassis is another one.

    A cluster has several numbers, of which one may be out of reach: one in common is enough.

    Raises:
        WrongRouter: no number is one that was seen before.
    """
    before, now = frozenset(known), frozenset(said)
    if not before or not now or before & now:
        return
    text = (
        f"the chassis at {_where(target)} has the serial number {', '.join(sorted(now))}, "
        f"not {', '.join(sorted(before))} as before; if it was replaced, "
        f"`multihome trust {target.name}`"
    )
    raise WrongRouter(target.name, text)


def _asked(session: ReadSession, target: Target) -> Identity:
    """The answer to the first question that the router answers."""
    refusals = []
    for query in (IDENTITY, IDENTITY_BY_SOFTWARE):
        try:
            return _answer(session, query)
        except (RpcFailed, BadReply) as error:
            refusals.append(error.reason)
        except Unreachable:
            if not refusals:
                raise
            break  # what was wrong with the reply says more than that the session ended with it
    text = (
        f"{_where(target)} does not say its host name, so it may be another router than "
        f"{target.name}: {'; '.join(refusals)}"
    )
    raise Unidentified(target.name, text)


def _answer(session: ReadSession, query: Query[Identity]) -> Identity:
    return query.read(session.router, session.call(query.request))


def _other(target: Target, expected: str, named: list[str]) -> str:
    if not named:
        return (
            f"{_where(target)} has no host name yet, so it may be another router than "
            f"{target.name}: `set system host-name {expected}` there first"
        )
    return (
        f"{_where(target)} calls itself {' and '.join(named)}, not {expected}: correct the address "
        f"of {target.name} in hosts.yaml, or give it `data: {{host_name: {named[0]}}}` there if "
        f"that is its name"
    )


def _where(target: Target) -> str:
    return target.host if target.port in _WELL_KNOWN else f"{target.host}:{target.port}"


def _less_engine(name: str) -> str:
    host, dot, domain = name.partition(".")
    if _ENGINE.search(host):
        return _ENGINE.sub("", host, count=1) + dot + domain
    return _ENGINE.sub("", name, count=1)


def _less_domain(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return bool(short) and (one == other or long.startswith(f"{short}."))
