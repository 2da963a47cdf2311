"""Keys that follow each other by the time of day: both ends in step, or one of them not."""

from datetime import UTC, datetime

import pytest

from multihome.twin.calendar import Calendar
from multihome.twin.chassis import Chassis
from multihome.twin.journal import Journal
from multihome.twin.network import Network
from multihome.twin.routing.ldp.session import HOLD_TIME

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
HOUR = 3600.0
CHAIN = "set security authentication-key-chains key-chain"
OLD, NEW = "0 2020-1-1.00:00:00", "1 2027-3-1.13:00:00"


def keys(name, *entries):
    """Lines of a chain; an entry is a number and a start time."""
    lines = []
    for entry in entries:
        number, start = entry.split()
        lines.append(f"{CHAIN} {name} key {number} secret x{number}")
        lines.append(f'{CHAIN} {name} key {number} start-time "{start} +0000"')
    return "\n".join(lines)


PLAIN_ISIS = "authentication-key x0\nset protocols isis level 2 authentication-type md5"


def router(number, name="c", *entries, signs=None):
    """Either end of one link, with BGP, IS-IS and LDP that all sign with one chain."""
    other = 3 - number
    signed = signs or {
        "bgp": f"authentication-key-chain {name}",
        "isis": f"authentication-key-chain {name}",
        "ldp": f"authentication-key-chain {name}",
    }
    return f"""
        set interfaces ge-0/0/0 unit 0 family inet address 10.1.0.{number}/30
        set interfaces ge-0/0/0 unit 0 family iso
        set interfaces ge-0/0/0 unit 0 family mpls
        set interfaces lo0 unit 0 family inet address 10.9.0.{number}/32
        set interfaces lo0 unit 0 family iso address 49.0001.0000.0000.000{number}.00
        set routing-options autonomous-system 65000
        set protocols isis level 1 disable
        set protocols isis level 2 {signed["isis"]}
        set protocols isis interface ge-0/0/0.0 point-to-point
        set protocols isis interface lo0.0 passive
        set protocols ldp interface ge-0/0/0.0
        set protocols ldp session 10.9.0.{other} {signed["ldp"]}
        set protocols mpls interface ge-0/0/0.0
        set protocols bgp group i type internal
        set protocols bgp group i local-address 10.1.0.{number}
        set protocols bgp group i hold-time 30
        set protocols bgp group i {signed["bgp"]}
        set protocols bgp group i neighbor 10.1.0.{other}
        {keys(name, *entries)}
    """


class Pair:
    def __init__(self, one, two):
        self.network = Network()
        self.calendar = Calendar(self.network.clock, NOON)
        self.chassis = {}
        for name, text in (("one", one), ("two", two)):
            made = Chassis(name, self.network, self.calendar, Journal(self.calendar, None))
            self.chassis[name] = made
            self.boot(name, text)
        self.network.converge()

    def boot(self, name, text):
        stripped = "\n".join(line.strip() for line in text.splitlines() if line.strip())
        assert not self.chassis[name].boot(stripped, "set")

    def wait(self, seconds):
        clock = self.network.clock
        clock.advance_to(clock.now + seconds)

    def up(self):
        """The protocols that the first router has a neighbour in."""
        node = self.network.nodes["one"]
        [bgp] = node.bgp.peers()
        found = {"bgp"} if bgp.state == "Established" else set()
        found |= {"isis"} if any(a.state == "Up" for a in node.isis.adjacencies()) else set()
        found |= {"ldp"} if any(s.state == "Operational" for s in node.ldp.sessions()) else set()
        return found

    def flaps(self):
        node = self.network.nodes["one"]
        [bgp] = node.bgp.peers()
        return bgp.flaps, [adjacency.transitions for adjacency in node.isis.adjacencies()]


ALL = {"bgp", "isis", "ldp"}


def test_both_ends_go_over_to_the_next_key_and_nothing_flaps():
    pair = Pair(router(1, "c", OLD, NEW), router(2, "d", OLD, NEW))
    assert pair.up() == ALL
    before = pair.flaps()
    pair.wait(2 * HOUR)
    assert pair.up() == ALL
    assert pair.flaps() == before


def test_a_future_key_at_one_end_harms_nothing_before_it_starts():
    pair = Pair(router(1, "c", OLD), router(2, "c", OLD))
    before = pair.flaps()
    pair.boot("one", router(1, "c", OLD, NEW))
    pair.wait(HOUR / 2)
    pair.boot("two", router(2, "c", OLD, NEW))
    pair.wait(HOUR)
    assert (pair.up(), pair.flaps()) == (ALL, before)


def test_without_the_next_key_at_the_other_end_all_is_lost_when_the_hold_times_end():
    pair = Pair(router(1, "c", OLD, NEW), router(2, "c", OLD))
    pair.wait(HOUR - 1)
    assert pair.up() == ALL
    pair.wait(3)
    assert pair.up() == ALL
    pair.wait(HOLD_TIME + 30)
    assert pair.up() == set()


def test_an_end_that_catches_up_within_the_hold_time_loses_nothing():
    pair = Pair(router(1, "c", OLD, NEW), router(2, "c", OLD))
    before = pair.flaps()
    pair.wait(HOUR + 5)
    pair.boot("two", router(2, "c", OLD, NEW))
    pair.wait(HOUR)
    assert (pair.up(), pair.flaps()) == (ALL, before)


def test_a_chain_and_a_key_sign_a_tcp_session_in_different_ways():
    plain = dict.fromkeys(("bgp", "ldp"), "authentication-key x0") | {"isis": PLAIN_ISIS}
    pair = Pair(router(1, "c", OLD), router(2, signs=plain))
    assert pair.up() == {"isis"}


@pytest.mark.parametrize(
    "second", ["1 2020-1-1.00:00:00", "0 2030-1-1.00:00:00"], ids=["number", "later"]
)
def test_another_number_or_no_key_yet_does_not_fit(second):
    pair = Pair(router(1, "c", OLD), router(2, "c", second))
    assert "bgp" not in pair.up()
    assert "ldp" not in pair.up()


def test_a_change_of_a_chain_to_a_key_resets_the_session():
    plain = dict.fromkeys(("bgp", "ldp"), "authentication-key x0") | {"isis": PLAIN_ISIS}
    pair = Pair(router(1, "c", OLD), router(2, "c", OLD))
    pair.boot("one", router(1, signs=plain))
    pair.boot("two", router(2, signs=plain))
    pair.network.converge()
    assert pair.up() == ALL
    assert pair.flaps()[0] == 1
