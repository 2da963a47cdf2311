"""Which address a router's own packets leave with.

Junos OS, "Configuring Default, Primary, and Preferred Addresses and Interfaces".
"""

from __future__ import annotations

import pytest

from multihome.twin.addressing import Address

UNIT = "interfaces et-0/0/1 unit 7"
FIRST, SECOND, LOWEST = "10.9.2.6/29", "10.9.2.2/29", "10.9.1.1/30"
NEIGHBOR = "10.9.2.3"
A = f"""
    {UNIT} vlan-id 7
    {UNIT} family inet address {LOWEST}
    {UNIT} family inet address {SECOND}
    {UNIT} family inet address {FIRST}
    routing-options autonomous-system 64701
    protocols bgp group b type external
    protocols bgp group b neighbor {NEIGHBOR} peer-as 64702
"""
B = """
    interfaces xe-1/0/0 unit 7 vlan-id 7
    interfaces xe-1/0/0 unit 7 family inet address 10.9.2.3/29
    interfaces lo0 unit 0 family inet address 172.16.9.9/32
    routing-options autonomous-system 64702
    protocols bgp group a type external
    protocols bgp group a neighbor 10.9.2.2 peer-as 64701
    routing-options static route 10.9.1.0/30 next-hop 10.9.2.2
    routing-options static route 172.16.1.0/24 next-hop 10.9.2.2
"""


def source(world, target, node="a"):
    """The address that a session to the target would have; None if it would not come up."""
    found = world.network.connect(node, "master", None, Address.parse(target))
    return found and str(found.source)


def test_a_session_leaves_with_an_address_of_the_destinations_subnet(world):
    world.add(a=A, b=B).settle()
    assert source(world, NEIGHBOR) == "10.9.2.2"
    assert [view.state for view in world.network.nodes["a"].bgp.peers()] == ["Established"]
    assert world.reaches("a", NEIGHBOR)


@pytest.mark.parametrize(("word", "address"), [("preferred", FIRST), ("primary", SECOND)])
def test_preferred_chooses_within_a_subnet_and_primary_does_not(world, word, address):
    text = f"{A}\n{UNIT} family inet address {FIRST} {word}"
    world.add(a=text, b=B).settle()
    assert source(world, NEIGHBOR) == address.partition("/")[0]


@pytest.mark.parametrize(
    ("statement", "wanted"),
    [
        ("", "10.9.1.1"),
        (f"{UNIT} family inet address {FIRST} primary", "10.9.2.6"),
        (f"{UNIT} family inet address {FIRST} preferred", "10.9.1.1"),
    ],
)
def test_primary_chooses_where_the_destination_is_in_no_subnet(world, statement, wanted):
    route = f"routing-options static route 172.16.9.9/32 next-hop {NEIGHBOR}"
    world.add(a=f"{A}\n{route}\n{statement}", b=B).settle()
    assert source(world, "172.16.9.9") == wanted


def test_default_address_selection_takes_the_loopback_but_not_for_a_neighbour(world):
    text = f"""{A}
    interfaces lo0 unit 0 family inet address 172.16.1.1/32
    routing-options static route 172.16.9.9/32 next-hop {NEIGHBOR}
    system default-address-selection
    """
    world.add(a=text, b=B).settle()
    assert source(world, "172.16.9.9") == "172.16.1.1"
    assert source(world, NEIGHBOR) == "10.9.2.2"
    assert str(world.network.ping("a", Address.parse(NEIGHBOR), count=1).source) == "172.16.1.1"


@pytest.mark.parametrize("length", [24, 28, 32])
def test_a_loopback_may_have_any_mask(world, length):
    def router(host, far):
        return f"""
        interfaces ge-0/0/0 unit 0 family inet address 10.0.0.{host}/30
        interfaces ge-0/0/0 unit 0 family mpls
        interfaces lo0 unit 0 family inet address 192.0.2.{host}/{length}
        routing-options router-id 192.0.2.{host}
        routing-options autonomous-system 65000
        protocols ospf area 0.0.0.0 interface ge-0/0/0.0 interface-type p2p
        protocols ospf area 0.0.0.0 interface lo0.0 passive
        protocols ldp interface ge-0/0/0.0
        protocols mpls interface ge-0/0/0.0
        protocols bgp group i type internal
        protocols bgp group i local-address 192.0.2.{host}
        protocols bgp group i neighbor 192.0.2.{far}
        """

    world.add(r1=router(1, 2), r2=router(2, 1)).settle()
    assert world.route("r1", "192.0.2.1/32").protocol.value == (
        "Direct" if length == 32 else "Local"
    )
    assert [view.state for view in world.network.nodes["r1"].bgp.peers()] == ["Established"]
    assert [view.state for view in world.network.nodes["r1"].ldp.sessions()] == ["Operational"]
    assert world.route("r1", "192.0.2.2/32", "inet.3") is not None
    assert world.reaches("r1", "192.0.2.2", source=Address.parse("192.0.2.1"))
