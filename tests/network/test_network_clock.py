"""One clock: order, cancelling, and what counts as quiet."""

from __future__ import annotations

import pytest

from multihome.twin.clock import Clock
from multihome.twin.network import Network
from multihome.twin.routing.host import Oscillation


def test_events_come_in_order_of_deadline_then_of_making():
    clock, seen = Clock(), []
    for name, delay in (("c", 2), ("a", 1), ("b", 1), ("never", 9)):
        clock.after(delay, lambda name=name: seen.append((clock.now, name)))
    clock.advance_to(5)
    assert seen == [(1, "a"), (1, "b"), (2, "c")]
    assert clock.now == 5
    assert clock.next_deadline() == 9


def test_a_cancelled_timer_does_nothing_and_counts_for_nothing():
    clock, seen = Clock(), []
    timer = clock.after(1, lambda: seen.append(1))
    assert clock.foreground == 1
    timer.cancel()
    timer.cancel()
    assert (clock.foreground, timer.pending) == (0, False)
    assert clock.next_deadline() is None
    assert not clock.step()
    assert seen == []


def test_background_timers_do_not_keep_a_network_awake():
    network, seen = Network(), []
    network.clock.after(60, lambda: seen.append("rolled back"), background=True)
    network.clock.after(5, lambda: seen.append("settled"))
    assert network.converge() == 5
    assert network.quiet()
    assert seen == ["settled"]
    network.clock.advance_to(100)
    assert seen == ["settled", "rolled back"]


def test_a_network_that_never_rests_is_an_error():
    network = Network()

    def again() -> None:
        network.clock.after(1, again)

    again()
    with pytest.raises(Oscillation, match="not at rest after"):
        network.converge(limit=100)
