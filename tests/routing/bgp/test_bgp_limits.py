"""`prefix-limit` and `accepted-prefix-limit`: when, what is said, for how long, how it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from multihome.twin.addressing import Prefix
from multihome.twin.network import Network

if TYPE_CHECKING:
    from collections.abc import Callable

    from multihome.twin.junos.model.router import Router
    from multihome.twin.views import BgpPeerView

SENDER = """
set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/30
set routing-options autonomous-system 1
set routing-options static route 5.1.0.0/16 discard
set routing-options static route 5.2.0.0/16 discard
set routing-options static route 5.3.0.0/16 discard
set policy-options policy-statement statics from protocol static
set policy-options policy-statement statics then accept
set protocols bgp group g export statics
set protocols bgp group g neighbor 10.0.0.2 peer-as 2
"""
RECEIVER = """
set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.2/30
set routing-options autonomous-system 2
set policy-options policy-statement two term no from route-filter 5.3.0.0/16 exact
set policy-options policy-statement two term no then reject
set protocols bgp group g neighbor 10.0.0.1 peer-as 1
"""
INET = "set protocols bgp group g family inet unicast"


def receiver(made: Network) -> BgpPeerView:
    return made.nodes["right"].bgp.peers()[0]


def pair(network: Callable[..., Network], limit: str, extra: str = "") -> Network:
    return network(left=SENDER, right=f"{RECEIVER}{INET} {limit}\n{extra}")


@pytest.mark.parametrize(
    ("limit", "extra", "state"),
    [
        ("prefix-limit maximum 3", "", "Established"),
        ("prefix-limit maximum 2", "", "Established"),  # without teardown it is only logged
        ("prefix-limit maximum 3 teardown", "", "Established"),
        ("prefix-limit maximum 2 teardown", "", "Idle"),
        ("prefix-limit maximum 2 teardown 80 idle-timeout forever", "", "Idle"),
        ("prefix-limit maximum 2 teardown", "set protocols bgp import two", "Idle"),
        ("accepted-prefix-limit maximum 2 teardown", "", "Idle"),
        ("accepted-prefix-limit maximum 2 teardown", "set protocols bgp import two", "Established"),
    ],
)
def test_a_session_is_torn_down_when_its_limit_is_passed(
    network: Callable[..., Network], limit: str, extra: str, state: str
) -> None:
    kind, _, maximum, *teardown = limit.split()
    statements = f"{kind} maximum {maximum}"
    if teardown:
        statements += f"\n{INET} {kind} {' '.join(teardown)}"
    view = receiver(pair(network, statements, extra))
    assert view.state == state
    assert view.last_error == ("Cease" if state == "Idle" else "None")


LIMIT = "BGP_PREFIX_LIMIT_EXCEEDED"


@pytest.mark.parametrize(
    ("limit", "tag", "words"),
    [
        ("prefix-limit maximum 3", "", ""),
        ("prefix-limit maximum 2", LIMIT, "Configured maximum prefix-limit(2) exceeded"),
        (
            "accepted-prefix-limit maximum 1",
            LIMIT,
            "Configured maximum accepted-prefix-limit(1) exceeded",
        ),
        (
            f"prefix-limit maximum 4\n{INET} prefix-limit teardown 50",
            "BGP_PREFIX_THRESH_EXCEEDED",
            "Configured maximum prefix-limit threshold(2) exceeded",
        ),
        (
            f"prefix-limit maximum 2\n{INET} prefix-limit teardown",
            "BGP_CEASE_PREFIX_LIMIT_EXCEEDED",
            "Shutting down peer due to exceeding configured maximum prefix-limit(2)",
        ),
    ],
)
def test_the_log_is_told_once(
    router: Callable[[str], Router], limit: str, tag: str, words: str
) -> None:
    made, lines = Network(), list[str]()
    made.add("left", router(SENDER))
    rejecting = "set protocols bgp import two\n"
    made.add("right", router(f"{RECEIVER}{rejecting}{INET} {limit}")).log = lines.append
    made.converge()
    made.configure("left", router(f"{SENDER}set protocols bgp group g metric-out 7\n"))
    made.converge()
    count = 2 if "accepted" in limit else 3
    line = f"{tag}: 10.0.0.1 (External AS 1): {words} for inet-unicast nlri: {count}"
    assert lines == [f"{line} (instance master)"][: bool(tag)]


@pytest.mark.parametrize(
    ("idle", "down", "flaps"),
    [("", 29, 1), (" idle-timeout 2", 119, 1), (" idle-timeout forever", 100_000, 1)],
)
def test_it_stays_down_for_a_while(
    network: Callable[..., Network], idle: str, down: float, flaps: int
) -> None:
    limit = f"prefix-limit maximum 2\n{INET} prefix-limit teardown{idle}"
    made = pair(network, limit)
    torn = receiver(made).since
    made.clock.advance_to(torn + down)
    assert (receiver(made).state, receiver(made).flaps) == ("Idle", flaps)
    made.clock.advance_to(torn + down + 3)
    assert receiver(made).flaps == (flaps if "forever" in idle else flaps + 1)


def test_a_higher_limit_lets_it_back(
    network: Callable[..., Network], router: Callable[[str], Router]
) -> None:
    limit = f"{INET} prefix-limit teardown idle-timeout forever\n{INET} prefix-limit maximum"
    made = network(left=SENDER, right=f"{RECEIVER}{limit} 2")
    made.configure("right", router(f"{RECEIVER}{limit} 5"))
    made.converge()
    assert receiver(made).state == "Established"
    assert made.nodes["right"].rib("inet.0").active(Prefix.parse("5.3.0.0/16"))
    made.configure("right", router(f"{RECEIVER}{limit} 1"))
    made.converge()
    assert receiver(made).state == "Idle"


def test_clearing_the_session_lets_it_back(network: Callable[..., Network]) -> None:
    limit = f"prefix-limit maximum 2\n{INET} prefix-limit teardown idle-timeout forever"
    made = pair(network, limit)
    bgp = made.nodes["right"].bgp
    bgp.clear(bgp.neighbors)
    made.converge()
    assert receiver(made).flaps == 2
