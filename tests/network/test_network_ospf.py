"""OSPF area 0: costs, election, authentication, externals."""

from __future__ import annotations

import pytest

from multihome.twin.addressing import Address
from multihome.twin.routing.ospf.election import Candidate, elect


def router(number: int, *lines: str) -> str:
    return "\n".join(
        [
            f"interfaces lo0 unit 0 family inet address 1.1.1.{number}/32",
            "protocols ospf area 0.0.0.0 interface lo0.0 passive",
            *lines,
        ]
    )


def port(number: int, address: str, *options: str) -> list[str]:
    name = f"ge-0/0/{number}"
    ospf = f"protocols ospf area 0.0.0.0 interface {name}.0"
    return [
        f"interfaces {name} unit 0 family inet address {address}",
        ospf,
        *(f"{ospf} {option}" for option in options),
    ]


P2P = "interface-type p2p"


def triangle(**extra: str) -> dict[str, str]:
    texts = {
        "r1": router(1, *port(0, "10.0.12.1/30", P2P), *port(1, "10.0.13.1/30", P2P)),
        "r2": router(2, *port(0, "10.0.12.2/30", P2P), *port(1, "10.0.23.1/30", P2P)),
        "r3": router(3, *port(0, "10.0.23.2/30", P2P), *port(1, "10.0.13.2/30", P2P)),
    }
    return {name: text + "\n" + extra.get(name, "") for name, text in texts.items()}


def states(world, node):
    views = world.network.nodes[node].ospf.neighbors()
    return {str(view.router_id): view.state for view in views}


def test_routes_and_their_preference(world):
    world.add(**triangle()).settle()
    route = world.route("r1", "1.1.1.2/32")
    assert (route.protocol, route.preference, route.metric) == ("OSPF", 10, 1)
    assert len(world.via("r1", "10.0.23.0/30")) == 2
    assert states(world, "r1") == {"1.1.1.2": "Full", "1.1.1.3": "Full"}
    assert world.route("r1", "224.0.0.5/32").kind == "MultiRecv"
    assert world.reaches("r1", "1.1.1.3", source=Address.parse("1.1.1.1"))


def test_costs_follow_metric_and_reference_bandwidth(world):
    line = "protocols ospf area 0.0.0.0 interface ge-0/0/0.0 metric 50"
    world.add(**triangle(r1=line + "\nprotocols ospf reference-bandwidth 10g")).settle()
    costs = {v.name: v.cost for v in world.network.nodes["r1"].ospf.interfaces()}
    assert costs == {"ge-0/0/0.0": 50, "ge-0/0/1.0": 10, "lo0.0": 0}
    assert world.via("r1", "1.1.1.2/32") == [("10.0.13.2", "ge-0/0/1.0")]


@pytest.mark.parametrize(
    "difference",
    [
        "authentication md5 1 key secret",
        "hello-interval 5",
        "dead-interval 50",
    ],
)
def test_neighbours_must_agree(world, difference):
    line = f"protocols ospf area 0.0.0.0 interface ge-0/0/0.0 {difference}"
    texts = triangle(r1=line)
    world.add(**texts).settle()
    assert states(world, "r1") == {"1.1.1.3": "Full"}
    world.configure("r2", texts["r2"] + "\n" + line).settle()
    assert states(world, "r1") == {"1.1.1.2": "Full", "1.1.1.3": "Full"}


@pytest.mark.parametrize(
    "difference",
    ["interfaces ge-0/0/0 unit 0 family inet mtu 1400", "interfaces ge-0/0/0 mtu 1400"],
)
def test_neighbours_of_another_mtu_stay_in_exstart(world, difference):
    texts = triangle(r1=difference)
    world.add(**texts).settle()
    assert states(world, "r1") == {"1.1.1.2": "ExStart", "1.1.1.3": "Full"}
    assert states(world, "r2")["1.1.1.1"] == "ExStart"
    assert world.via("r1", "1.1.1.2/32") == [("10.0.13.2", "ge-0/0/1.0")]
    world.configure("r2", texts["r2"] + "\n" + difference).settle()
    assert states(world, "r1") == {"1.1.1.2": "Full", "1.1.1.3": "Full"}


def test_externals_come_after_everything_inside(world):
    export = """
        routing-options static route 172.16.0.0/16 discard
        policy-options policy-statement out from protocol static
        policy-options policy-statement out then accept
        protocols ospf export out"""
    world.add(**triangle(r3=export)).settle()
    route = world.route("r1", "172.16.0.0/16")
    assert (route.preference, route.metric, route.tag) == (150, 0, 0)


def test_a_loopback_costs_what_it_is_configured_to(world):
    world.add(**triangle(r3="protocols ospf area 0.0.0.0 interface lo0.0 metric 40")).settle()
    assert world.route("r1", "1.1.1.3/32").metric == 41
    assert world.route("r1", "1.1.1.2/32").metric == 1


@pytest.mark.parametrize(
    ("kind", "metric"), [("external type 1", 11), ("external type 2", 10), ("tag 3", 10)]
)
def test_type_1_externals_count_the_way(world, kind, metric):
    export = f"""
        routing-options static route 172.16.0.0/16 discard
        policy-options policy-statement out from protocol static
        policy-options policy-statement out then {kind}
        policy-options policy-statement out then metric 10
        policy-options policy-statement out then accept
        protocols ospf export out"""
    world.add(**triangle(r3=export)).settle()
    route = world.route("r1", "172.16.0.0/16")
    assert (route.preference, route.metric) == (150, metric)
    assert [to for to, _ in world.via("r1", "172.16.0.0/16")] == ["10.0.13.2"]


def test_an_overloaded_router_is_the_last_resort(world):
    line = "protocols ospf area 0.0.0.0 interface ge-0/0/0.0 metric 100"
    world.add(**triangle(r1=line, r3="protocols ospf overload")).settle()
    assert world.via("r1", "1.1.1.2/32") == [("10.0.12.2", "ge-0/0/0.0")]


def lan(*numbers: int) -> dict[str, str]:
    return {f"r{n}": router(n, *port(0, f"10.0.0.{n}/24")) for n in numbers}


def roles(world):
    return {
        name: next(v.state for v in node.ospf.interfaces() if v.name == "ge-0/0/0.0")
        for name, node in world.network.nodes.items()
    }


def test_a_lan_elects_after_the_wait_and_the_others_stay_at_two_way(world):
    world.add(**lan(1, 2, 3, 4)).settle()
    assert roles(world) == {"r1": "DRother", "r2": "DRother", "r3": "BDR", "r4": "DR"}
    assert states(world, "r1") == {"1.1.1.2": "2Way", "1.1.1.3": "Full", "1.1.1.4": "Full"}
    assert world.via("r1", "1.1.1.2/32") == [("10.0.0.2", "ge-0/0/0.0")]
    assert 39 < world.network.clock.now < 42


def test_a_better_router_that_comes_late_does_not_preempt(world):
    texts = lan(1, 2, 3)
    world.add(r1=texts["r1"], r2=texts["r2"]).settle()
    world.add(r3=texts["r3"]).settle()
    assert roles(world) == {"r1": "BDR", "r2": "DR", "r3": "DRother"}
    assert world.via("r3", "1.1.1.1/32") == [("10.0.0.1", "ge-0/0/0.0")]


def test_the_backup_takes_over(world):
    world.add(**lan(1, 2, 3)).settle()
    world.network.fault("router", "r3", "frozen")
    world.settle()
    found = roles(world)
    assert (found["r1"], found["r2"]) == ("BDR", "DR")
    assert world.via("r1", "1.1.1.2/32") == [("10.0.0.2", "ge-0/0/0.0")]


def test_ospf_in_a_vrf_has_its_own_table(world):
    def edge(number: int) -> str:
        return f"""
            interfaces ge-0/0/0 unit 0 family inet address 10.0.0.{number}/30
            interfaces lo0 unit 1 family inet address 1.1.1.{number}/32
            routing-instances v instance-type vrf
            routing-instances v interface ge-0/0/0.0
            routing-instances v interface lo0.1
            routing-instances v route-distinguisher 1:1
            routing-instances v vrf-target target:1:1
            routing-instances v protocols ospf area 0 interface ge-0/0/0.0 interface-type p2p
            routing-instances v protocols ospf area 0 interface lo0.1"""

    world.add(r1=edge(1), r2=edge(2)).settle()
    assert world.via("r1", "1.1.1.2/32", "v.inet.0") == [("10.0.0.2", "ge-0/0/0.0")]


def routers(*specs):
    return [Candidate(p, Address(i), d, b) for i, (p, d, b) in enumerate(specs, 1)]


@pytest.mark.parametrize(
    ("specs", "expected"),
    [
        ([(1, False, False)], (1, None)),
        ([(1, False, False), (1, False, False)], (2, 1)),
        ([(9, False, False), (1, False, False)], (1, 2)),
        ([(1, True, False), (9, False, False)], (1, 2)),
        ([(1, False, True), (9, False, False)], (1, 2)),
        ([(0, False, False), (0, False, False)], (None, None)),
        ([(1, True, False), (1, True, False), (1, False, False)], (2, 3)),
    ],
)
def test_election(specs, expected):
    assert elect(routers(*specs)) == expected
