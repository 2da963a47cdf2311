"""Packets: ping, and the way that traceroute shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.check.judge import Judge
from multihome.check.registry import check
from multihome.intent.expectation import Path, Ping
from multihome.intent.matcher import accepts
from multihome.state import ping as ping_state
from multihome.state import traceroute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from multihome.check.result import Finding
    from multihome.state.ping import PingResult
    from multihome.state.query import Evidence, Query
    from multihome.state.reply import Address
    from multihome.state.traceroute import Hop, Route


def _ping(expected: Ping) -> Query[PingResult]:
    return ping_state.ping(
        expected.target,
        source=expected.source,
        instance=expected.instance,
        count=expected.count,
        size=expected.size,
    )


def _trace(expected: Path) -> Query[Route]:
    return traceroute.traceroute(
        expected.target, source=expected.source, instance=expected.instance
    )


@check(Ping, needs=lambda expected: [_ping(expected)])
def ping(expected: Ping, evidence: Evidence) -> Iterator[Finding]:
    """Packets reach the target and come back, without loss and in time.

    `loss` is 0 percent unless said otherwise; `rtt` is the average round trip in milliseconds.
    """
    judge = Judge(expected, next=_command("ping", expected))
    result = evidence.table(expected.router, _ping(expected))
    yield judge.finding("sent", "at least 1", result.failure or result.sent, holds=result.sent > 0)
    lost = f"{result.loss:g}%" + (f" ({result.failure})" if result.failure else "")
    yield judge.finding(
        "loss", f"{_plain(expected.loss)}%", lost, holds=accepts(expected.loss, result.loss)
    )
    if expected.rtt is not None:
        yield judge.compare("rtt", expected.rtt, result.rtt_average)


@check(Path, needs=lambda expected: [_trace(expected)])
def path(expected: Path, evidence: Evidence) -> Iterator[Finding]:
    """Packets take the intended way, hop by hop.

    `hops` is the whole way with the target last; `passes` names some routers in order, `avoids`
    those that must not be on it. The target is reached unless said otherwise.
    """
    judge = Judge(expected, next=_command("traceroute", expected))
    route = evidence.table(expected.router, _trace(expected))
    yield judge.compare("reached", expected.reached, route.reached)
    if expected.hops is not None:
        wanted = ", ".join(map(str, expected.hops))
        yield judge.finding("hops", wanted, str(route), holds=_same(expected.hops, route.hops))
    passed = [address for hop in route.hops for address in hop.addresses]
    if expected.passes is not None:
        holds = _in_order(expected.passes, passed)
        yield judge.finding("passes", expected.passes, str(route), holds=holds)
    if expected.avoids is not None:
        met = expected.avoids & set(passed)
        actual = f"{', '.join(map(str, met))} on {route}" if met else str(route)
        yield judge.finding("avoids", expected.avoids, actual, holds=bool(passed) and not met)


def _same(wanted: Sequence[object], hops: Sequence[Hop]) -> bool:
    """Every answer of a hop agrees, and a hop without an answer does not."""
    return len(wanted) == len(hops) and all(
        hop.addresses and all(accepts(want, address) for address in hop.addresses)
        for want, hop in zip(wanted, hops, strict=True)
    )


def _in_order(wanted: Sequence[Address], passed: Sequence[Address]) -> bool:
    rest = iter(passed)
    return all(address in rest for address in wanted)


def _plain(value: object) -> str:
    return str(value)


def _command(verb: str, expected: Ping | Path) -> str:
    words = [verb, str(expected.target)]
    if expected.instance not in (None, "master"):
        words += ["routing-instance", str(expected.instance)]
    if expected.source is not None:
        words += ["source", str(expected.source)]
    return " ".join(words)
