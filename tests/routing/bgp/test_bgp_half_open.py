"""Ends of sessions that know different things: one is gone, or has been refused before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from multihome.twin.junos.model.router import Router
    from multihome.twin.network import Network

PORT = "set interfaces ge-0/0/0 unit {} family inet address 10.0.0.{}/29\n"
LEFT = f"""{PORT.format(0, 1)}
set routing-options autonomous-system 1
set protocols bgp group g neighbor 10.0.0.2 peer-as 2
"""
SPEAKER = """
set routing-options autonomous-system 2
set protocols bgp group g neighbor 10.0.0.1 peer-as 1
"""


@pytest.mark.parametrize(
    ("statement", "left"),
    [("", 0), ("set protocols bgp hold-time 9\n", 0), ("set protocols bgp hold-time 0\n", 1)],
)
def test_a_keepalive_that_nobody_takes_ends_it(
    network: Callable[..., Network], router: Callable[[str], Router], statement: str, left: int
) -> None:
    """The address moves to another unit as BGP goes: no farewell gets out, no path breaks.

    Without keepalives nothing is ever sent that could be refused.
    """
    made = network(
        left=LEFT + statement, right=PORT.format(0, 2) + SPEAKER + statement, lan=PORT.format(0, 3)
    )
    view = made.nodes["left"].bgp.peers()[0]
    assert view.state == "Established"
    began = made.clock.now
    made.configure("right", router(PORT.format(5, 2)))
    made.clock.advance_to(began + 0.9)
    assert made.nodes["left"].bgp.peers()[0].state == "Established"
    made.converge()
    assert made.clock.now - began < 2 * view.keepalive + 5
    states = [peer.state for peer in made.nodes["left"].bgp.peers()]
    assert states.count("Established") == left


LOOPBACK = """
set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.{0}/30
set interfaces lo0 unit 0 family inet address {0}.{0}.{0}.{0}/32
set routing-options autonomous-system {0}
set routing-options static route {1}.{1}.{1}.{1}/32 next-hop 10.0.0.{1}
set protocols bgp group g multihop
"""
NEIGHBOR = "set protocols bgp group g neighbor {1}.{1}.{1}.{1} peer-as {2}\n"


@pytest.mark.parametrize(
    "before", [NEIGHBOR.format(1, 2, 7), "", NEIGHBOR.format(1, 2, 2) + "set protocols bgp disable"]
)
def test_who_was_refused_calls_again_when_the_other_end_has_changed(
    network: Callable[..., Network], router: Callable[[str], Router], before: str
) -> None:
    """The left one calls from an address the right one does not know: it must be called."""
    right = LOOPBACK.format(2, 1) + NEIGHBOR.format(2, 1, 1)
    right += "set protocols bgp group g local-address 2.2.2.2\n"
    left = LOOPBACK.format(1, 2)
    made = network(left=left + before, right=right)
    assert {peer.state for node in made.nodes.values() for peer in node.bgp.peers()} <= {
        "Active",
        "Connect",
        "Idle",
    }
    made.configure("left", router(left + NEIGHBOR.format(1, 2, 2)))
    made.converge()
    for node in made.nodes.values():
        assert [peer.state for peer in node.bgp.peers()] == ["Established"]
