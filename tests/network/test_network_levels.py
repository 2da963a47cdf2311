"""IS-IS where the two levels differ: metrics, priorities, preferences; overload that ends."""

from __future__ import annotations

import pytest


def router(number: int, *lines: str) -> str:
    return "\n".join(
        [
            f"system host-name r{number}",
            f"interfaces lo0 unit 0 family inet address 7.7.7.{number}/32",
            f"interfaces lo0 unit 0 family iso address 49.0007.0000.0000.{number:04d}.00",
            "protocols isis interface lo0.0",
            *lines,
        ]
    )


def port(unit: int, address: str, *options: str) -> list[str]:
    name = f"et-1/0/0 unit {unit}"
    isis = f"protocols isis interface et-1/0/0.{unit}"
    return [
        f"interfaces {name} vlan-id {unit}",
        f"interfaces {name} family inet address {address}",
        f"interfaces {name} family iso",
        isis,
        *(f"{isis} {option}" for option in options),
    ]


def metrics(world, node, level):
    views = world.network.nodes[node].isis.database()
    own = next(v for v in views if v.level == level and v.lsp_id == f"{node}.00-00")
    return dict(own.neighbors)


def test_each_level_has_its_own_metric(world):
    """Junos OS IS-IS User Guide, `metric` below `interface ... level`."""
    options = ["point-to-point", "level 1 metric 5", "level 2 metric 25"]
    world.add(
        r1=router(1, *port(12, "10.0.12.1/30", *options)),
        r2=router(2, *port(12, "10.0.12.2/30", *options), *port(23, "10.0.23.1/30")),
        r3=router(3, "protocols isis level 2 disable", *port(23, "10.0.23.2/30")),
    ).settle()
    assert metrics(world, "r1", 1) == {"r2.00": 5}
    assert metrics(world, "r1", 2) == {"r2.00": 25}
    assert world.route("r1", "7.7.7.2/32").metric == 5


def test_each_level_elects_by_its_own_priority(world):
    """ISO 10589 section 8.4.5: the designated router is that of one level."""
    lan = [port(10, f"10.0.10.{n}/24") for n in range(4)]
    name = "protocols isis interface et-1/0/0.10"
    world.add(
        r1=router(1, *lan[1], f"{name} level 1 priority 100"),
        r2=router(2, *lan[2], f"{name} level 2 priority 100"),
        r3=router(3, *lan[3]),
    ).settle()
    speakers = {
        (view.level, view.lsp_id.partition(".")[0])
        for view in world.network.nodes["r3"].isis.database()
        if not view.lsp_id.endswith(".00-00")
    }
    assert speakers == {(1, "r1"), (2, "r2")}


def test_an_interface_may_be_passive_at_one_level(world):
    options = ["point-to-point", "level 1 passive"]
    world.add(
        r1=router(1, *port(12, "10.0.12.1/30", *options)),
        r2=router(2, *port(12, "10.0.12.2/30", "point-to-point")),
    ).settle()
    [adjacency] = world.network.nodes["r2"].isis.adjacencies()
    assert adjacency.level == 2
    assert world.route("r2", "7.7.7.1/32").preference == 18


@pytest.mark.parametrize(
    ("statement", "internal", "external"),
    [("", 18, 165), ("preference 33", 33, 165), ("external-preference 44", 18, 44)],
)
def test_preferences_inside_and_outside(world, statement, internal, external):
    narrow = [
        "routing-options static route 9.0.0.0/8 discard",
        "policy-options policy-statement s from protocol static",
        "policy-options policy-statement s then accept",
        "protocols isis export s",
    ]
    said = f"protocols isis level 2 {statement}" if statement else ""
    common = ["protocols isis level 1 disable"]
    world.add(
        r1=router(1, *common, *port(12, "10.0.12.1/30", "point-to-point"), *narrow),
        r2=router(2, *common, *port(12, "10.0.12.2/30", "point-to-point"), said),
    ).settle()
    assert world.route("r2", "7.7.7.1/32").preference == internal
    assert world.route("r2", "9.0.0.0/8").preference == external


def test_bfd_of_the_family_is_bfd(world):
    """`interface ... family inet bfd-liveness-detection`, as current releases write it."""
    bfd = "family inet bfd-liveness-detection minimum-interval 50"
    world.add(
        r1=router(1, *port(12, "10.0.12.1/30", "point-to-point", bfd)),
        r2=router(2, *port(12, "10.0.12.2/30", "point-to-point", bfd)),
    ).settle()
    [session] = world.network.nodes["r1"].bfd.sessions()
    assert session.up
    assert session.detection_time == pytest.approx(0.15)


def ospf(number: int, *lines: str) -> str:
    return "\n".join(
        [
            f"interfaces lo0 unit 0 family inet address 7.7.7.{number}/32",
            "protocols ospf area 0 interface lo0.0 passive",
            "protocols ospf area 0 interface et-1/0/0.12 interface-type p2p",
            f"interfaces et-1/0/0 unit 12 family inet address 10.0.12.{number}/30",
            *lines,
        ]
    )


def test_ospf_overload_with_a_timeout_ends_so_long_after_the_start(world):
    """Junos OS OSPF User Guide, `overload timeout`: of the routing process."""
    world.add(r1=ospf(1, "protocols ospf overload timeout 120"), r2=ospf(2)).settle()
    clock, node = world.network.clock, world.network.nodes["r1"]
    assert world.route("r2", "7.7.7.1/32").metric == 1
    world.network.fault("router", "r1")
    world.network.fault("router", "r1", on=False)
    start = clock.now
    clock.advance_to(start + 60)
    assert node.ospf.interfaces()
    assert world.route("r1", "7.7.7.2/32").metric == 65535
    clock.advance_to(start + 130)
    assert world.route("r1", "7.7.7.2/32").metric == 1


def test_an_export_policy_chooses_the_level(world):
    export = [
        "routing-options static route 172.16.0.0/16 discard",
        "policy-options policy-statement out from protocol static",
        "policy-options policy-statement out to level 2",
        "policy-options policy-statement out then accept",
        "protocols isis export out",
    ]
    world.add(r1=router(1, *export)).settle()
    levels = [
        lsp.level
        for lsp in world.network.nodes["r1"].isis.database()
        if "172.16.0.0/16" in {str(prefix) for prefix, _ in lsp.prefixes}
    ]
    assert levels == [2]
