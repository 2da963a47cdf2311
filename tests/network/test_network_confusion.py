"""What is left of a router's earlier life, under the number of what it says now."""

from __future__ import annotations

from dataclasses import replace

import pytest

PORTS = {1: ("10.0.12.1/30",), 2: ("10.0.12.2/30", "10.0.23.1/30"), 3: ("10.0.23.2/30",)}


def line(protocol):
    """r1 - r2 - r3, in IS-IS or OSPF."""
    return {f"r{number}": "\n".join(router(protocol, number, *PORTS[number])) for number in PORTS}


def router(protocol, number, *addresses):
    yield f"system host-name r{number}"
    yield f"interfaces lo0 unit 0 family inet address 1.1.1.{number}/32"
    yield f"interfaces lo0 unit 0 family iso address 49.0001.0000.0000.000{number}.00"
    home = "protocols isis" if protocol == "isis" else "protocols ospf area 0.0.0.0"
    yield f"{home} interface lo0.0 passive"
    for port, address in enumerate(addresses):
        kind = "point-to-point" if protocol == "isis" else "interface-type p2p"
        yield f"interfaces ge-0/0/{port} unit 0 family inet address {address}"
        yield f"interfaces ge-0/0/{port} unit 0 family iso"
        yield f"{home} interface ge-0/0/{port}.0 {kind}"


def area(world, name, protocol):
    node = world.network.nodes[name]
    if protocol == "isis":
        return node.isis._instances["master"].levels[2].engine
    return node.ospf._areas["master"].engine


@pytest.mark.parametrize("protocol", ["isis", "ospf"])
@pytest.mark.parametrize("metric", [1, 2, 3, 4], ids="metric {}".format)
@pytest.mark.parametrize("holder", ["r1", "r2"])
def test_two_that_differ_under_one_number_are_told_apart(world, protocol, metric, holder):
    before = world.add(**line(protocol)).settle().tables()
    mine = area(world, "r3", protocol)
    said = mine.database.get(mine._me)
    left = replace(said, prefixes=tuple(p._replace(metric=metric) for p in said.prefixes[:1]))
    area(world, holder, protocol).database.put(left)
    for on in (True, False):
        world.network.fault("link", "r1", "r2", on=on)
        world.network.clock.advance_to(world.network.clock.now + 1)
    world.settle()
    assert world.tables() == before
    held = {area(world, name, protocol).database.get(said.key) for name in ("r1", "r2", "r3")}
    assert len(held) == 1


@pytest.mark.parametrize("protocol", ["isis", "ospf"])
def test_what_a_router_said_in_an_earlier_life_alone_is_purged(world, protocol):
    world.add(**line(protocol)).settle()
    mine = area(world, "r3", protocol)
    said = mine.database.get(mine._me)
    lan = said.key._replace(circuit=2 if protocol == "isis" else 0x0A001701)
    left = replace(said, vertex=replace(said.vertex, key=lan), sequence=7)
    area(world, "r2", protocol).database.put(left)
    for on in (True, False):
        world.network.fault("router", "r3", on=on)
        world.settle()
    for name in ("r1", "r2"):
        assert area(world, name, protocol).database.get(lan).lifetime == 0
