"""LDP: labels for loopbacks, keys, ordered control, and the IGP that waits for it."""

from __future__ import annotations

import pytest

from multihome.twin.addressing import Address, Prefix
from multihome.twin.routing.label import label_text
from multihome.twin.routing.route import label_prefix

NAMES = ("pe1", "p1", "p2", "pe2")


def sessions(world, node):
    return {str(v.address): v.state for v in world.network.nodes[node].ldp.sessions()}


def labels(world, node, prefix):
    route = world.route(node, prefix, "inet.3")
    return None if route is None else [hop.labels for hop in route.next_hops]


def test_labels_are_swapped_and_popped_one_hop_before_the_end(world, chain_texts):
    world.add(**chain_texts()).settle()
    [(label,)] = labels(world, "pe1", "10.0.0.4/32")
    steps = []
    for name in ("p1", "p2"):
        route = world.network.nodes[name].rib("mpls.0").active(label_prefix(label))
        [hop] = route.next_hops
        steps.append("pop" if hop.pop else "swap")
        label = hop.swap
    assert steps == ["swap", "pop"]
    assert labels(world, "pe1", "10.0.0.2/32") == [()]


def test_labels_start_at_299776_in_steps_of_16(world, chain_texts):
    world.add(**chain_texts()).settle()
    table = world.network.nodes["p1"].rib("mpls.0")
    shown = [label_text(entry.prefix) for entry in table.entries()]
    assert {"0", "1", "2", "13", "299776", "299792", "299808"} <= set(shown)
    assert {text for text in shown if "S=0" in text} == {
        f"{label_text(e.prefix)}(S=0)"
        for e in table.entries()
        if "S=0" not in label_text(e.prefix) and any(hop.pop for hop in e.active.next_hops)
    }


def test_the_metric_is_the_igps_only_if_it_is_tracked(world, chain_texts):
    texts = chain_texts()
    texts["pe1"] += "\nprotocols ldp track-igp-metric"
    world.add(**texts).settle()
    assert world.route("pe1", "10.0.0.4/32", "inet.3").metric == 30
    assert world.route("pe2", "10.0.0.1/32", "inet.3").metric == 1


@pytest.mark.parametrize("where", ["family mpls", "protocols ldp interface xe-0/0/2.0"])
def test_a_link_needs_family_mpls_and_ldp_at_both_ends(world, chain_texts, where):
    texts = chain_texts()
    lines = [line for line in texts["p1"].splitlines() if where not in line or "xe-0/0/1" in line]
    texts["p1"] = "\n".join(lines)
    world.add(**texts).settle()
    assert sessions(world, "p1") == {"10.0.0.1": "Operational"}
    # Ordered control: nobody gives a label that the next hop has not given.
    assert labels(world, "pe1", "10.0.0.4/32") is None
    assert labels(world, "pe1", "10.0.0.2/32") == [()]


def test_session_keys_must_match_and_a_change_starts_anew(world, chain_texts):
    texts = chain_texts()
    texts["p1"] += "\nprotocols ldp session 10.0.0.3 authentication-key one"
    world.add(**texts).settle()
    assert sessions(world, "p2") == {"10.0.0.2": "Nonexistent", "10.0.0.4": "Operational"}
    keyed = texts["p2"] + "\nprotocols ldp session 10.0.0.2 authentication-key one"
    world.configure("p2", keyed).settle()
    assert sessions(world, "p2")["10.0.0.2"] == "Operational"
    assert labels(world, "pe1", "10.0.0.4/32") is not None
    world.configure("p2", keyed.replace("key one", "key two")).settle()
    assert sessions(world, "p1")["10.0.0.3"] == "Nonexistent"
    assert labels(world, "pe1", "10.0.0.4/32") is None


def test_explicit_null_keeps_the_label_to_the_end(world, chain_texts):
    texts = chain_texts()
    texts["pe2"] += "\nprotocols ldp explicit-null"
    world.add(**texts).settle()
    assert labels(world, "p2", "10.0.0.4/32") == [(0,)]
    assert world.reaches("host1", "10.3.2.1", source=Address.parse("10.3.1.1"))


def test_databases_mirror_each_other(world, chain_texts):
    world.add(**chain_texts()).settle()
    [near] = [v for v in world.network.nodes["p1"].ldp.databases() if str(v.peer) == "10.0.0.3"]
    [far] = [v for v in world.network.nodes["p2"].ldp.databases() if str(v.peer) == "10.0.0.2"]
    assert near.advertised == far.received
    assert near.received == far.advertised
    assert (3, Prefix.parse("10.0.0.2/32")) in near.advertised


def test_a_session_ends_with_its_last_hello_adjacency(world, chain_texts):
    world.add(**chain_texts()).settle()
    world.network.fault("link", "p1", "p2")
    world.settle()
    assert sessions(world, "p1") == {"10.0.0.1": "Operational"}
    assert labels(world, "pe1", "10.0.0.4/32") is None
    world.network.fault("link", "p1", "p2", on=False)
    world.settle()
    assert labels(world, "pe1", "10.0.0.4/32") is not None


def test_labels_follow_a_new_address(world, chain_texts):
    texts = {name: text.replace("/30", "/29") for name, text in chain_texts().items()}
    world.add(**texts).settle()
    world.configure("p2", texts["p2"].replace("10.1.2.2/29", "10.1.2.5/29")).settle()
    assert world.via("p1", "10.0.0.4/32", "inet.3") == [("10.1.2.5", "xe-0/0/2.0")]
    assert world.reaches("host1", "10.3.2.1", source=Address.parse("10.3.1.1"))


def test_a_dead_ldp_is_gone_at_once_and_the_igp_stays(world, chain_texts):
    world.add(**chain_texts()).settle()
    world.network.fault("process", "p2", "ldp")
    world.network.clock.advance_to(world.network.clock.now + 1)
    assert labels(world, "pe1", "10.0.0.4/32") is None
    assert world.via("pe1", "10.0.0.4/32")


def synchronized(world, chain_texts, *, hold_time: str):
    texts = chain_texts(mpls=True)
    for name, interface in (("p1", "xe-0/0/2.0"), ("p2", "xe-0/0/2.0")):
        texts[name] += f"\nprotocols isis interface {interface} ldp-synchronization{hold_time}"
    return texts


def metric(world):
    views = world.network.nodes["p1"].isis.interfaces()
    return next(view.metric for view in views if view.name == "xe-0/0/2.0")


def test_the_igp_waits_for_ldp(world, chain_texts):
    texts = synchronized(world, chain_texts, hold_time="")
    world.add(**texts)
    world.network.clock.advance_to(9)
    assert metric(world) == 0xFFFFFE
    world.settle()
    assert metric(world) == 10
    world.network.fault("process", "p2", "ldp")
    world.settle()
    assert metric(world) == 0xFFFFFE
    world.network.fault("process", "p2", "ldp", on=False)
    world.settle()
    assert metric(world) == 10


def test_the_igp_waits_no_longer_than_its_hold_time(world, chain_texts):
    texts = synchronized(world, chain_texts, hold_time=" hold-time 5")
    texts["p2"] = texts["p2"].replace("protocols ldp interface xe-0/0/2.0", "")
    world.add(**texts)
    world.network.clock.advance_to(4)
    assert metric(world) == 0xFFFFFE
    world.network.clock.advance_to(6)
    assert metric(world) == 10


def test_the_hold_time_starts_anew_each_time_that_ldp_is_lost(world, chain_texts):
    world.add(**synchronized(world, chain_texts, hold_time=" hold-time 5")).settle()
    for _ in range(2):
        assert metric(world) == 10
        lost = world.network.clock.now
        world.network.fault("process", "p2", "ldp")
        world.network.clock.advance_to(lost + 4)
        assert metric(world) == 0xFFFFFE
        world.network.clock.advance_to(lost + 6)
        assert metric(world) == 10
        world.network.fault("process", "p2", "ldp", on=False)
        world.settle()


def test_neighbors_and_group_route(world, chain_texts):
    world.add(**chain_texts()).settle()
    views = world.network.nodes["p1"].ldp.neighbors()
    assert [(str(v.address), v.interface, v.space_id) for v in views] == [
        ("10.1.1.1", "xe-0/0/1.0", "10.0.0.1:0"),
        ("10.1.2.2", "xe-0/0/2.0", "10.0.0.3:0"),
    ]
    assert world.route("p1", "224.0.0.2/32").protocol == "LDP"
