"""Real time drives simulated time: as fast as asked, by hand, and never past a defect."""

import asyncio
import time

import pytest

from multihome.twin.clock import Clock
from multihome.twin.server import pump as pumps
from multihome.twin.server.pump import Pump


class Bench:
    """A clock, its pump, and what happened."""

    def __init__(self, loop):
        self.clock = Clock()
        self.failures = 0
        self.seen = []
        self.pump = Pump(self.clock, loop, self._failed)

    def _failed(self):
        self.failures += 1

    def at(self, moment, name):
        self.clock.after(moment - self.clock.now, lambda: self.seen.append(name))


async def until(done):
    """Wait as long as a slow machine may need."""
    async with asyncio.timeout(20):
        while not done():  # noqa: ASYNC110 - what is waited for can tell nobody
            await asyncio.sleep(0.005)


def run(story):
    async def scene():
        bench = Bench(asyncio.get_running_loop())
        try:
            await story(bench)
        finally:
            bench.pump.stop()

    asyncio.run(scene())


def test_events_happen_by_themselves_when_their_time_has_come():
    async def story(bench):
        bench.at(5, "later")
        bench.at(1, "soon")
        bench.pump.set_speed(100)
        await until(lambda: len(bench.seen) == 2)
        assert bench.seen == ["soon", "later"]
        assert bench.clock.now >= 5

    run(story)


def test_an_event_that_is_made_later_is_waited_for_once_armed():
    async def story(bench):
        bench.pump.set_speed(100)
        bench.at(bench.clock.now + 1, "made")
        bench.pump.arm()
        await until(lambda: bench.seen == ["made"])

    run(story)


def test_by_hand_nothing_happens_until_time_is_advanced():
    async def story(bench):
        bench.at(1, "one")
        bench.pump.set_speed(None)
        await asyncio.sleep(0.01)
        bench.pump.catch_up()
        assert (bench.seen, bench.clock.now) == ([], 0)
        bench.pump.advance(1.5)
        assert (bench.seen, bench.clock.now) == (["one"], 1.5)

    run(story)


def test_a_change_of_speed_keeps_the_moment():
    async def story(bench):
        bench.pump.set_speed(None)
        bench.pump.advance(100)
        bench.pump.set_speed(1)
        bench.pump.catch_up()
        assert 100 <= bench.clock.now < 120
        assert bench.pump.speed == 1

    run(story)


def test_time_goes_on_after_an_event_that_fails():
    async def story(bench):
        bench.clock.after(1, lambda: 1 // 0)
        bench.at(2, "next")
        bench.pump.set_speed(None)
        bench.pump.advance(3)
        assert (bench.seen, bench.failures) == (["next"], 1)

    run(story)


def test_a_machine_that_cannot_keep_up_falls_behind_instead_of_standing_still(monkeypatch):
    monkeypatch.setattr(pumps, "CATCH_UP", 0.02)

    async def story(bench):
        def again():
            time.sleep(0.002)
            bench.clock.after(0.001, again)

        bench.clock.after(0.001, again)
        bench.pump.set_speed(1000)
        await asyncio.sleep(0.05)
        bench.pump.catch_up()  # all that is due by now would take minutes
        assert bench.clock.now < 50

    run(story)


def test_others_get_their_turn_between_slices_of_a_long_run(monkeypatch):
    monkeypatch.setattr(pumps, "SLICE", 0.005)

    async def story(bench):
        for number in range(20):
            bench.clock.after(0.001 * number, lambda: time.sleep(0.002))
        bench.pump.set_speed(1000)
        turns = 0
        while bench.clock.next_deadline() is not None and turns < 1000:
            await asyncio.sleep(0)
            turns += 1
        assert turns >= 4

    run(story)


@pytest.mark.parametrize("speed", [1, 50, None])
def test_stopping_leaves_nothing_to_happen(speed):
    async def story(bench):
        bench.at(0.0001, "never")
        bench.pump.set_speed(speed)
        bench.pump.stop()
        await asyncio.sleep(0.005)
        assert bench.seen == []

    run(story)
