"""A session whose other end is gone without a word, while packets still get there."""

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
