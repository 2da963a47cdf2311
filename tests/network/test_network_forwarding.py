"""Packets: local delivery, label-switched paths, TTL, and who answers with which address."""

from __future__ import annotations

import pytest

from multihome.twin.addressing import Address

A = Address.parse


def test_a_core_that_hides_its_path_is_one_hop(world, chain_texts):
    world.add(**chain_texts()).settle()
    assert world.path("host1", "10.3.2.1", "10.3.1.1") == ["10.2.1.1", "10.2.2.1", "10.3.2.1"]


def test_p_routers_without_a_route_back_are_stars(world, chain_texts):
    world.add(**chain_texts(propagate=True)).settle()
    path = world.path("host1", "10.3.2.1", "10.3.1.1")
    assert path == ["10.2.1.1", "*", "*", "10.2.2.1", "10.3.2.1"]


def test_with_icmp_tunnelling_p_routers_answer_by_way_of_the_egress(world, chain_texts):
    texts = chain_texts(propagate=True)
    for name in ("p1", "p2"):
        texts[name] += "\nprotocols mpls icmp-tunneling"
    world.add(**texts).settle()
    path = world.path("host1", "10.3.2.1", "10.3.1.1")
    assert path == ["10.2.1.1", "10.1.1.2", "10.1.2.2", "10.2.2.1", "10.3.2.1"]


def test_an_ordinary_route_shows_every_hop(world, chain_texts):
    world.add(**chain_texts(mpls=False)).settle()
    assert world.path("pe1", "10.0.0.4", "10.0.0.1") == ["10.1.1.2", "10.1.2.2", "10.0.0.4"]


def test_the_reply_has_lost_one_ttl_per_router_that_routed_it(world, chain_texts):
    world.add(**chain_texts()).settle()
    view = world.network.ping("host1", A("10.3.2.1"), source=A("10.3.1.1"), count=3)
    assert [probe.ttl for probe in view.probes] == [62, 62, 62]
    assert len({probe.rtt for probe in view.probes}) == 3


def test_a_ping_from_a_vrf_needs_the_vrf(world, chain_texts):
    world.add(**chain_texts()).settle()
    assert world.reaches("pe1", "10.3.2.1", instance="v", source=A("10.2.1.1"))
    assert world.network.ping("pe1", A("10.3.2.1")).error == "No route to host"


def test_a_source_that_is_not_ours_is_refused(world, chain_texts):
    world.add(**chain_texts()).settle()
    view = world.network.ping("host1", A("10.3.2.1"), source=A("9.9.9.9"))
    assert view.error == "Can't assign requested address"
    assert view.probes == ()


@pytest.mark.parametrize(("action", "icmp"), [("reject", "net-unreachable"), ("discard", "")])
def test_a_route_to_nowhere_says_so_or_is_silent(world, action, icmp):
    world.add(
        a="""interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/30
             routing-options static route 10.9.0.0/16 next-hop 10.0.0.2""",
        b=f"""interfaces ge-0/0/0 unit 0 family inet address 10.0.0.2/30
              routing-options static route 10.9.0.0/16 {action}""",
    ).settle()
    [probe] = world.network.ping("a", A("10.9.1.1"), count=1).probes
    assert (probe.icmp, probe.reached) == (icmp, False)
    assert (probe.responder == A("10.0.0.2")) is bool(icmp)


def test_a_loop_ends_with_the_ttl(world):
    world.add(
        a="""interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/30
             routing-options static route 10.9.0.0/16 next-hop 10.0.0.2""",
        b="""interfaces ge-0/0/0 unit 0 family inet address 10.0.0.2/30
             routing-options static route 10.9.0.0/16 next-hop 10.0.0.1""",
    ).settle()
    [probe] = world.network.ping("a", A("10.9.1.1"), count=1).probes
    assert probe.icmp == "time-exceeded"
    assert world.path("a", "10.9.1.1", max_ttl=4) == [
        "10.0.0.2",
        "10.0.0.1",
        "10.0.0.2",
        "10.0.0.1",
    ]


def test_an_address_nobody_has_is_unreachable_and_one_that_is_off_is_silent(world):
    world.add(
        a="interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/24",
        b="interfaces ge-0/0/0 unit 0 family inet address 10.0.0.2/24",
        c="interfaces ge-0/0/0 unit 0 family inet address 10.0.0.3/24",
    ).settle()
    [probe] = world.network.ping("a", A("10.0.0.9"), count=1).probes
    assert probe.icmp == "host-unreachable"
    world.network.fault("router", "b")
    [probe] = world.network.ping("a", A("10.0.0.2"), count=1).probes
    assert (probe.responder, probe.icmp) == (None, "")
    assert world.reaches("a", "10.0.0.3")


def test_without_a_way_back_nothing_is_heard(world):
    world.add(
        a="""interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/30
             interfaces lo0 unit 0 family inet address 1.1.1.1/32""",
        b="interfaces ge-0/0/0 unit 0 family inet address 10.0.0.2/30",
    ).settle()
    assert world.reaches("a", "10.0.0.2")
    assert not world.reaches("a", "10.0.0.2", source=A("1.1.1.1"))


def test_labelled_packets_need_family_mpls_and_protocols_mpls(world, chain_texts):
    texts = chain_texts()
    texts["p2"] = texts["p2"].replace("protocols mpls interface xe-0/0/2.0", "")
    world.add(**texts).settle()
    assert not world.reaches("host1", "10.3.2.1", source=A("10.3.1.1"))


def test_one_flow_takes_one_path_and_flows_spread_with_a_load_balancing_policy(world):
    near = """interfaces ge-0/0/0 unit 0 family inet address 10.0.1.1/30
              interfaces ge-0/0/1 unit 0 family inet address 10.0.2.1/30
              routing-options static route 10.9.0.0/16 next-hop [ 10.0.1.2 10.0.2.2 ]"""
    far = """interfaces ge-0/0/0 unit 0 family inet address 10.0.1.2/30
             interfaces ge-0/0/1 unit 0 family inet address 10.0.2.2/30
             interfaces lo0 unit 0 family inet address 10.9.0.1/32
             interfaces lo0 unit 0 family inet address 10.9.0.2/32
             interfaces lo0 unit 0 family inet address 10.9.0.3/32
             interfaces lo0 unit 0 family inet address 10.9.0.4/32
             routing-options static route 10.0.0.0/16 next-hop 10.0.1.1"""
    balance = """
        policy-options policy-statement spread then load-balance per-packet
        routing-options forwarding-table export spread"""
    world.add(a=near, b=far).settle()

    def ways() -> set[str]:
        table = world.network.nodes["a"]
        targets = [A(f"10.9.0.{n}") for n in range(1, 5)]
        return {str(_way(table, target)) for target in targets}

    assert len(ways()) == 1
    world.configure("a", near + balance).settle()
    assert len(ways()) == 2
    assert len({str(_way(world.network.nodes["a"], A("10.9.0.1"))) for _ in range(5)}) == 1


def _way(node, target):
    from multihome.twin.routing.forwarding import Packet, flow_of, originate  # noqa: PLC0415

    packet = Packet(A("10.0.1.1"), target, flow=flow_of(A("10.0.1.1"), target, 1))
    return originate(node, "master", packet).gateway


def test_this_host_is_reached_and_never_advertised(world):
    """As a Junos router has it: the route to 127.0.0.1 is there, and hidden."""
    world.add(
        a="""
        interfaces lo0 unit 0 family inet address 127.0.0.1/32
        interfaces lo0 unit 0 family inet address 1.1.1.1/32
        interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/30
        protocols ospf area 0 interface all""",
        b="""
        interfaces ge-0/0/0 unit 0 family inet address 10.0.0.2/30
        protocols ospf area 0 interface all""",
    ).settle()
    assert world.network.nodes["a"].rib("inet.0").counts() == (5, 5, 4, 0, 1)
    assert world.route("b", "127.0.0.1/32") is None
    assert world.reaches("a", "127.0.0.1")
    assert world.reaches("b", "1.1.1.1")
