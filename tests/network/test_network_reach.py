"""What sessions stand on: paths there and back, watched; and BFD over them."""

from __future__ import annotations

import pytest

from multihome.twin.addressing import Address
from multihome.twin.junos.model.igp import Bfd

A = Address.parse


def watch(world, node, target, source=None):
    seen = []
    found = world.network.watch(node, "master", source and A(source), A(target), seen.append)
    return found, seen


def test_a_neighbour_is_one_hop_away_and_a_loopback_three(world, chain_texts):
    world.add(**chain_texts()).settle()
    near = world.network.connect("pe1", "master", None, A("10.1.1.2"))
    assert (near.node, near.hops, near.interface) == ("p1", 1, "xe-0/0/1.0")
    assert str(near.source) == "10.1.1.1"
    far = world.network.connect("pe1", "master", A("10.0.0.1"), A("10.0.0.4"))
    assert (far.node, far.hops) == ("pe2", 3)
    in_vrf = world.network.connect("pe1", "v", A("10.2.1.1"), A("10.3.2.1"))
    assert (in_vrf.node, in_vrf.instance) == ("host2", "master")


@pytest.mark.parametrize("source", ["10.9.9.9", None])
def test_no_path_no_peer(world, chain_texts, source):
    world.add(**chain_texts()).settle()
    target = A("10.0.0.4") if source else A("10.8.8.8")
    assert world.network.connect("pe1", "master", source and A(source), target) is None


def test_a_watch_tells_when_the_path_breaks_and_mends(world, chain_texts):
    world.add(**chain_texts()).settle()
    found, seen = watch(world, "pe1", "10.0.0.4", "10.0.0.1")
    assert found.peer.node == "pe2"
    world.network.fault("link", "p1", "p2", "silent")
    world.network.clock.advance_to(world.network.clock.now + 0.001)
    assert seen == [None]
    world.network.fault("link", "p1", "p2", "silent", on=False)
    world.settle()
    assert [peer and peer.node for peer in seen] == [None, "pe2"]


def test_a_watch_tells_of_a_reboot(world, chain_texts):
    world.add(**chain_texts()).settle()
    _, seen = watch(world, "pe1", "10.0.0.4", "10.0.0.1")
    world.network.fault("router", "pe2")
    world.network.fault("router", "pe2", on=False)
    world.settle()
    assert seen[-1].incarnation == world.network.nodes["pe2"].incarnation > 1


def test_a_watch_tells_of_a_session_that_is_filtered(world, chain_texts):
    world.add(**chain_texts()).settle()
    _, seen = watch(world, "pe1", "10.0.0.4", "10.0.0.1")
    world.network.fault("session", "pe1", "10.0.0.4")
    world.network.clock.advance_to(world.network.clock.now)
    assert seen == [None]
    assert world.reaches("pe1", "10.0.0.4")


def test_a_filtered_session_is_filtered_at_both_ends(world, chain_texts):
    world.add(**chain_texts()).settle()
    world.network.fault("session", "pe1", "10.0.0.4")
    assert world.network.connect("pe2", "master", A("10.0.0.4"), A("10.0.0.1")) is None


def test_a_router_without_routing_refuses(world, chain_texts):
    world.add(**chain_texts()).settle()
    world.network.fault("process", "p1", "routing")
    peer = world.network.connect("pe1", "master", None, A("10.1.1.2"))
    assert not peer.listening


def test_a_cancelled_watch_is_silent(world, chain_texts):
    world.add(**chain_texts()).settle()
    found, seen = watch(world, "pe1", "10.1.1.2")
    found.cancel()
    found.cancel()
    world.network.fault("router", "p1")
    world.settle()
    assert seen == []


def test_changes_elsewhere_are_not_looked_at(world, chain_texts, monkeypatch):
    world.add(**chain_texts()).settle()
    found, seen = watch(world, "pe1", "10.1.1.2")
    looks = []
    original = world.network._paths._ways
    monkeypatch.setattr(world.network._paths, "_ways", lambda *a: looks.append(a) or original(*a))
    text = chain_texts()["pe2"] + "\ninterfaces lo0 unit 0 family inet address 9.9.9.9/32"
    world.configure("pe2", text).settle()
    assert [look for look in looks if look[3] == A("10.1.1.2")] == []
    assert found.peer is not None
    assert seen == []


def test_a_broken_port_stays_broken_over_a_reboot(world, chain_texts):
    world.add(**chain_texts()).settle()
    world.network.fault("interface", "p1", "xe-0/0/1")
    world.network.fault("router", "p1")
    world.network.fault("router", "p1", on=False)
    assert not world.network.nodes["p1"].up("xe-0/0/1.0")
    world.network.fault("interface", "p1", "xe-0/0/1", on=False)
    assert world.network.nodes["p1"].up("xe-0/0/1.0")


def bfd_pair(world, *, both=True):
    world.add(
        a="interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/30",
        b="interfaces ge-0/0/0 unit 0 family inet address 10.0.0.2/30",
    ).settle()
    failed = []
    one = world.network.nodes["a"].bfd.open(
        "test", A("10.0.0.2"), Bfd(0.3, 3), lambda: failed.append("a"), interface="ge-0/0/0.0"
    )
    two = both and world.network.nodes["b"].bfd.open(
        "test", A("10.0.0.1"), Bfd(0.5, 4), lambda: failed.append("b"), interface="ge-0/0/0.0"
    )
    world.settle()
    return one, two, failed


def test_bfd_needs_both_ends(world):
    one, _, failed = bfd_pair(world, both=False)
    assert not one.up
    assert failed == []


def test_bfd_detects_by_the_slower_interval_and_the_far_multiplier(world):
    one, two, failed = bfd_pair(world)
    assert (one.up, two.up) == (True, True)
    [view] = world.network.nodes["a"].bfd.sessions()
    assert view.detection_time == 2.0
    assert view.clients == ("test",)
    start = world.network.clock.now
    world.network.fault("link", "a", "b", "silent")
    world.network.clock.advance_to(start + 1.4)
    assert failed == []
    world.network.clock.advance_to(start + 1.6)
    assert failed == ["b"]
    world.network.clock.advance_to(start + 2.1)
    assert failed == ["b", "a"]
    world.network.fault("link", "a", "b", "silent", on=False)
    world.settle()
    assert (one.up, two.up) == (True, True)


def test_a_client_that_leaves_is_no_failure(world):
    one, two, failed = bfd_pair(world)
    two.close()
    world.settle()
    assert not one.up
    assert failed == []


def test_a_bfd_that_dies_is_one(world):
    one, _, failed = bfd_pair(world)
    world.network.fault("process", "b", "bfd")
    world.settle()
    assert not one.up
    assert failed == ["a"]


STATIC_BFD = """
    interfaces ge-0/0/0 unit 0 family inet address 10.0.0.{own}/24
    interfaces ge-0/0/1 unit 0 family inet address 10.0.1.{own}/24
    interfaces lo0 unit 0 family inet address {own}.{own}.{own}.{own}/32
    {route} next-hop 10.0.0.{far}
    {route} bfd-liveness-detection minimum-interval 300
    {route} qualified-next-hop 10.0.1.{far} preference 9
"""


def static_ends() -> dict[str, str]:
    route = "routing-options static route {far}.{far}.{far}.{far}/32"
    return {
        name: STATIC_BFD.replace("{route}", route).format(own=own, far=far)
        for name, own, far in (("r1", 1, 2), ("r2", 2, 1))
    }


def test_bfd_takes_the_next_hop_of_a_static_route_away(world):
    texts = static_ends()
    world.add(**texts).settle()
    assert world.via("r1", "2.2.2.2/32") == [("10.0.0.2", "ge-0/0/0.0")]
    clock = world.network.clock
    world.network.fault("link", "r1", "ge-0/0/0.0", "silent")
    clock.advance_to(clock.now + 0.8)
    assert world.via("r1", "2.2.2.2/32") == [("10.0.0.2", "ge-0/0/0.0")]
    clock.advance_to(clock.now + 0.2)
    assert world.via("r1", "2.2.2.2/32") == [("10.0.1.2", "ge-0/0/1.0")]
    world.network.fault("link", "r1", "ge-0/0/0.0", "silent", on=False)
    world.settle()
    assert world.via("r1", "2.2.2.2/32") == [("10.0.0.2", "ge-0/0/0.0")]


def test_a_next_hop_whose_bfd_nobody_answers_is_not_used(world):
    texts = static_ends()
    plain = {
        name: "\n".join(line for line in text.splitlines() if "bfd" not in line)
        for name, text in texts.items()
    }
    world.add(r1=texts["r1"], r2=plain["r2"]).settle()
    assert world.via("r1", "2.2.2.2/32") == [("10.0.1.2", "ge-0/0/1.0")]
    assert [view.up for view in world.network.nodes["r1"].bfd.sessions()] == [False]
    world.configure("r1", plain["r1"]).settle()
    assert world.network.nodes["r1"].bfd.sessions() == ()
    assert world.via("r1", "2.2.2.2/32") == [("10.0.0.2", "ge-0/0/0.0")]


def test_static_routes_are_watched_again_by_a_bfd_that_was_gone(world):
    world.add(**static_ends()).settle()
    world.network.fault("process", "r2", "bfd")
    world.settle()
    assert world.via("r1", "2.2.2.2/32") == [("10.0.1.2", "ge-0/0/1.0")]
    world.network.fault("process", "r2", "bfd", on=False)
    world.settle()
    assert world.via("r1", "2.2.2.2/32") == [("10.0.0.2", "ge-0/0/0.0")]
    assert [view.up for view in world.network.nodes["r2"].bfd.sessions()] == [True]
