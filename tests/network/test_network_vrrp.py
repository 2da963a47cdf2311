"""VRRP: the table, and what a LAN does with it."""

from __future__ import annotations

import pytest

from multihome.twin.addressing import Address
from multihome.twin.routing.vrrp.fsm import (
    TRANSITIONS,
    Effect,
    Event,
    Impossible,
    State,
    step,
)

A = Address.parse
VIP = "192.168.1.1"


def gateway(host: int, priority: int, *options: str, group: int = 1, more: str = "") -> str:
    address = f"interfaces ge-0/0/0 unit 0 family inet address 192.168.1.{host}/24"
    vrrp = f"{address} vrrp-group {group}"
    lines = [f"{vrrp} virtual-address {VIP}", f"{vrrp} priority {priority}"]
    return "\n".join([*lines, *(f"{vrrp} {option}" for option in options), more])


HOST = """interfaces ge-0/0/0 unit 0 family inet address 192.168.1.254/24
          routing-options static route 0.0.0.0/0 next-hop 192.168.1.1"""


def states(world):
    return [
        view.state
        for name in sorted(world.network.nodes)
        for view in world.network.nodes[name].vrrp.groups()
    ]


def view(world, name):
    [found] = world.network.nodes[name].vrrp.groups()
    return found


def pair(world, one=(), two=(), priorities=(250, 150), **more):
    return world.add(
        a=gateway(3, priorities[0], *one, more=more.get("a", "")),
        b=gateway(2, priorities[1], *two, more=more.get("b", "")),
        host=HOST,
    ).settle()


def test_the_higher_priority_is_master_and_no_route_is_added(world):
    pair(world)
    assert states(world) == ["master", "backup"]
    assert world.route("a", f"{VIP}/32") is None
    assert world.network.nodes["a"].rib("inet.0").counts()[0] == 2
    assert str(view(world, "b").master_address) == "192.168.1.3"
    assert view(world, "b").master_priority == 250


def test_a_tie_goes_to_the_higher_address(world):
    pair(world, priorities=(100, 100))
    assert states(world) == ["master", "backup"]


def test_the_better_backup_is_faster(world):
    world.add(a=gateway(3, 250), b=gateway(2, 150))
    assert world.network.clock.next_deadline() is not None
    world.network.clock.advance_to(3.0)
    assert states(world) == ["backup", "backup"]
    world.network.clock.advance_to(3 + 6 / 256 + 0.001)
    assert states(world) == ["master", "backup"]


def test_the_owner_of_the_address_is_master_at_once(world):
    world.add(
        a="""interfaces ge-0/0/0 unit 0 family inet address 192.168.1.1/24 vrrp-group 1 virtual-address 192.168.1.1
             interfaces ge-0/0/0 unit 0 family inet address 192.168.1.1/24 vrrp-group 1 priority 255""",
        b=gateway(2, 254),
        host=HOST,
    )
    world.network.clock.advance_to(0.01)
    assert states(world) == ["master", "backup"]
    assert world.reaches("host", VIP)


@pytest.mark.parametrize("accepts", [True, False])
def test_the_virtual_address_answers_only_with_accept_data(world, accepts):
    pair(world, ("accept-data",) if accepts else ())
    assert world.reaches("host", VIP) is accepts


def test_the_gateway_follows_the_master(world):
    pair(world)
    assert world.path("host", "9.9.9.9", max_ttl=1) == ["192.168.1.3"]
    world.network.fault("interface", "a", "ge-0/0/0")
    world.settle()
    assert states(world) == ["init", "master"]
    assert world.path("host", "9.9.9.9", max_ttl=1) == ["192.168.1.2"]
    world.network.fault("interface", "a", "ge-0/0/0", on=False)
    world.settle()
    assert world.path("host", "9.9.9.9", max_ttl=1) == ["192.168.1.3"]


def test_silence_is_noticed_after_three_advertisements_and_the_skew(world):
    pair(world)
    start = world.network.clock.now
    world.network.fault("router", "a", "frozen")
    down = 3 + 106 / 256
    world.network.clock.advance_to(start + down - 0.01)
    assert states(world)[1] == "backup"
    world.network.clock.advance_to(start + down + 0.01)
    assert states(world)[1] == "master"


def test_a_group_that_is_taken_away_resigns_and_the_skew_is_enough(world):
    pair(world)
    start = world.network.clock.now
    world.configure("a", "interfaces ge-0/0/0 unit 0 family inet address 192.168.1.3/24")
    world.network.clock.advance_to(start + 106 / 256 + 0.01)
    assert states(world) == ["master"]


def test_without_preemption_a_backup_that_comes_back_waits(world):
    pair(world, ("no-preempt",), ("no-preempt",))
    world.network.fault("interface", "a", "ge-0/0/0")
    world.settle()
    world.network.fault("interface", "a", "ge-0/0/0", on=False)
    world.settle()
    assert states(world) == ["backup", "master"]


def test_preemption_can_wait(world):
    pair(world, ("preempt hold-time 60",))
    world.network.fault("interface", "a", "ge-0/0/0")
    world.settle()
    start = world.network.clock.now
    world.network.fault("interface", "a", "ge-0/0/0", on=False)
    world.network.clock.advance_to(start + 59)
    assert states(world) == ["backup", "master"]
    world.network.clock.advance_to(start + 61)
    assert states(world) == ["master", "backup"]


UPLINK = "interfaces ge-0/0/1 unit 0 family inet address 10.0.0.1/30"


def test_a_tracked_interface_costs_priority(world):
    pair(world, ("track interface ge-0/0/1.0 priority-cost 120",), a=UPLINK)
    assert view(world, "a").current_priority == 250
    world.network.fault("interface", "a", "ge-0/0/1")
    world.settle()
    assert states(world) == ["backup", "master"]
    assert (view(world, "a").current_priority, view(world, "a").configured_priority) == (130, 250)
    assert [track.up for track in view(world, "a").tracks] == [False]
    world.network.fault("interface", "a", "ge-0/0/1", on=False)
    world.settle()
    assert states(world) == ["master", "backup"]


def test_a_tracked_route_costs_priority(world):
    line = "track route 10.9.0.0/16 routing-instance default priority-cost 120"
    static = "routing-options static route 10.9.0.0/16 next-hop 10.0.0.2\n" + UPLINK
    pair(world, (line,), a=static)
    assert states(world) == ["master", "backup"]
    world.network.fault("interface", "a", "ge-0/0/1")
    world.settle()
    assert states(world) == ["backup", "master"]


def test_priority_changes_wait_for_their_hold_time(world):
    line = "track interface ge-0/0/1.0 priority-cost 120"
    pair(world, (line, "track priority-hold-time 30"), a=UPLINK)
    world.network.fault("interface", "a", "ge-0/0/1")
    world.network.clock.advance_to(world.network.clock.now + 5)
    world.network.fault("interface", "a", "ge-0/0/1", on=False)
    world.network.clock.advance_to(world.network.clock.now + 5)
    assert view(world, "a").current_priority == 130
    world.settle()
    assert view(world, "a").current_priority == 250


@pytest.mark.parametrize(
    "two",
    [gateway(2, 150, "advertise-interval 2"), gateway(2, 150, group=2),
     gateway(2, 150).replace(VIP, "192.168.1.9")],
    ids=["other interval", "other group", "other address"],
)  # fmt: skip
def test_routers_that_disagree_are_both_master(world, two):
    world.add(a=gateway(3, 250), b=two).settle()
    assert states(world) == ["master", "master"]


def test_a_swapped_priority_swaps_the_master(world):
    pair(world)
    world.configure("a", gateway(3, 100)).settle()
    assert states(world) == ["backup", "master"]


def test_counters_and_timers(world):
    pair(world)
    world.network.clock.advance_to(100.4)
    master, backup = view(world, "a"), view(world, "b")
    assert 96 < master.advertisements_sent < 99
    assert 0 < master.advertisement_timer <= 1
    assert 90 < backup.advertisements_received < 99
    assert 2.4 < backup.dead_timer < 3.5
    assert (master.transitions_to_master, backup.transitions_to_master) == (1, 0)


def test_a_dead_process_does_not_resign(world):
    pair(world)
    start = world.network.clock.now
    world.network.fault("process", "a", "vrrp")
    world.network.clock.advance_to(start + 3)
    assert states(world) == ["backup"]
    world.settle()
    assert states(world) == ["master"]
    world.network.fault("process", "a", "vrrp", on=False)
    world.settle()
    assert states(world) == ["master", "backup"]


def test_the_table_is_whole_but_for_what_cannot_happen():
    missing = {(s, e) for s in State for e in Event} - set(TRANSITIONS)
    assert missing == {
        *((State.INIT, e) for e in Event if not e.name.startswith(("START", "STOPPED"))),
        *(
            (s, e)
            for s in (State.BACKUP, State.MASTER)
            for e in Event
            if e.name.startswith("START")
        ),
        (State.MASTER, Event.MASTER_DOWN),
    }
    with pytest.raises(Impossible):
        step(State.INIT, Event.MASTER_DOWN)


@pytest.mark.parametrize("event", list(Event))
def test_whoever_stops_being_master_lets_go_and_whoever_becomes_it_claims(event):
    for state in State:
        transition = TRANSITIONS.get((state, event))
        if transition is None:
            continue
        leaves = state is State.MASTER and transition.to is not State.MASTER
        enters = state is not State.MASTER and transition.to is State.MASTER
        assert (Effect.RELEASE in transition.effects) is leaves
        assert (Effect.CLAIM in transition.effects) is enters
