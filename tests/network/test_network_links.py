"""Links by subnet and VLAN, by hand, and light at their ends."""

from __future__ import annotations

import pytest

from multihome.errors import UnknownName, UsageError
from multihome.twin.addressing import Address
from multihome.twin.fabric.links import Link
from multihome.twin.routing.host import End


def port(name: str, address: str, vlan: int | None = None) -> str:
    physical, _, unit = name.partition(".")
    lines = [f"interfaces {physical} unit {unit} family inet address {address}"]
    if vlan:
        lines.append(f"interfaces {physical} unit {unit} vlan-id {vlan}")
    return "\n".join(lines)


def test_ends_meet_whatever_the_port_is_called(world):
    world.add(
        a=port("xe-2/0/1.150", "192.168.1.3/24", 150),
        b=port("xe-2/0/0.150", "192.168.1.2/24", 150),
        c=port("ae1.150", "192.168.1.254/24", 150),
    )
    assert world.network.links() == (
        (End("a", "xe-2/0/1.150"), End("b", "xe-2/0/0.150"), End("c", "ae1.150")),
    )
    assert set(world.network.neighbors_on("c", "ae1.150")) == {
        End("a", "xe-2/0/1.150"), End("b", "xe-2/0/0.150")
    }  # fmt: skip


@pytest.mark.parametrize(
    "other",
    [
        port("ge-0/0/0.1", "10.0.0.2/30", 2),
        port("ge-0/0/0.1", "10.0.0.2/29", 1),
        port("ge-0/0/0.1", "10.0.0.6/30", 1),
        port("ge-0/0/0.1", "10.0.0.2/30"),
    ],
    ids=["other vlan", "other mask", "other subnet", "untagged"],
)
def test_ends_that_differ_do_not_meet(world, other):
    world.add(a=port("ge-0/0/0.1", "10.0.0.1/30", 1), b=other)
    assert world.network.links() == ()


def test_links_by_hand_are_the_only_ones_and_join_units_by_vlan(world):
    world.add(
        a=port("ge-0/0/0.1", "10.0.0.1/30", 1) + "\n" + port("ge-0/0/0.2", "10.0.1.1/30", 2),
        b=port("ge-0/0/7.1", "10.0.0.2/30", 1) + "\n" + port("ge-0/0/7.2", "10.0.1.2/30", 2),
        c=port("ge-0/0/0.1", "10.0.0.3/30", 1),
    )
    assert len(world.network.links()) == 2
    world.network.set_links([Link((End("a", "ge-0/0/0"), End("b", "ge-0/0/7")), delay=0.01)])
    assert world.network.links() == (
        (End("a", "ge-0/0/0.1"), End("b", "ge-0/0/7.1")),
        (End("a", "ge-0/0/0.2"), End("b", "ge-0/0/7.2")),
    )
    [probe] = world.network.ping("a", _address("10.0.0.2"), count=1).probes
    assert probe.rtt > 0.02
    world.network.set_links(None)
    assert len(world.network.links()[0]) == 3


def _address(text):
    from multihome.twin.addressing import Address  # noqa: PLC0415

    return Address.parse(text)


TWO = {"a": port("ge-0/0/0.1", "10.0.0.1/30", 1), "b": port("ge-0/0/0.1", "10.0.0.2/30", 1)}
THREE = {n: port("ge-0/0/0.1", f"10.0.0.{i}/24", 1) for i, n in enumerate("abc", 1)}


def up(world, node, interface="ge-0/0/0.1"):
    return world.network.nodes[node].up(interface)


@pytest.mark.parametrize(
    ("fault", "ends"),
    [
        (("link", "a", "b"), (False, False)),
        (("link", "a", "b", "silent"), (True, True)),
        (("link", "a", "ge-0/0/0"), (False, False)),
        (("interface", "a", "ge-0/0/0"), (False, False)),
        (("interface", "a", "ge-0/0/0.1"), (False, False)),
        (("router", "a"), (False, False)),
        (("router", "a", "frozen"), (True, True)),
    ],
)
def test_light_at_both_ends_of_a_cable(world, fault, ends):
    world.add(**TWO).settle()
    world.network.fault(*fault)
    assert (up(world, "a"), up(world, "b")) == ends
    assert not world.reaches("b", "10.0.0.1")
    world.network.fault(*fault, on=False)
    assert (up(world, "a"), up(world, "b")) == (True, True)
    assert world.reaches("b", "10.0.0.1")


@pytest.mark.parametrize(
    "fault", [("link", "a", "b"), ("interface", "a", "ge-0/0/0"), ("router", "a")]
)
def test_a_lan_keeps_its_light(world, fault):
    world.add(**THREE).settle()
    world.network.fault(*fault)
    assert (up(world, "a"), up(world, "b"), up(world, "c")) == (False, True, True)
    assert world.reaches("b", "10.0.0.3")
    assert not world.reaches("b", "10.0.0.1")


def test_a_disabled_port_is_dark_and_a_disabled_unit_is_not(world):
    world.add(**TWO).settle()
    world.configure("a", TWO["a"] + "\ninterfaces ge-0/0/0 disable")
    assert not up(world, "b")
    world.configure("a", TWO["a"] + "\ninterfaces ge-0/0/0 unit 1 disable")
    assert (up(world, "a"), up(world, "b")) == (False, True)
    assert not world.reaches("b", "10.0.0.1")


def test_a_down_interface_keeps_its_local_route_as_reject(world):
    world.add(**TWO).settle()
    world.network.fault("link", "a", "b")
    world.settle()
    assert world.route("a", "10.0.0.0/30") is None
    local = world.route("a", "10.0.0.1/32")
    assert local is not None
    assert local.kind == "Reject"


def test_views_of_interfaces(world):
    world.add(**TWO, c="").settle()
    world.network.clock.advance_to(5)
    world.network.fault("link", "a", "b")
    physical, unit = world.network.nodes["a"].interfaces.views()
    assert (physical.name, physical.admin_up, physical.oper_up) == ("ge-0/0/0", True, False)
    assert (unit.name, unit.admin_up, unit.oper_up, unit.vlan) == ("ge-0/0/0.1", True, False, 1)
    assert unit.last_change == 5
    assert world.network.nodes["c"].interfaces.views() == ()


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (("earthquake", "a"), UnknownName),
        (("router", "x"), UnknownName),
        (("link", "a", "x"), UnknownName),
        (("link", "a"), UsageError),
        (("link", "a", "b", "loudly"), UsageError),
        (("interface", "a", "ge-9/9/9"), UnknownName),
        (("session", "a", "b"), UsageError),
        (("process", "a", "init"), UnknownName),
    ],
)
def test_a_fault_that_makes_no_sense_says_why(world, fault, error):
    world.add(**TWO)
    with pytest.raises(error):
        world.network.fault(*fault)
    assert world.network.faults == ()


def test_faults_add_up_and_are_mended_one_by_one(world):
    world.add(**TWO).settle()
    world.network.fault("link", "a", "b")
    world.network.fault("link", "a", "b", "silent")
    world.network.fault("link", "a", "b")
    world.network.fault("link", "a", "b", on=False)
    assert up(world, "a")
    assert not world.reaches("a", "10.0.0.2")
    world.network.fault("link", "a", "b", "silent", on=False)
    assert world.reaches("a", "10.0.0.2")


def test_a_router_that_is_taken_away_leaves_its_neighbours_alone(world):
    world.add(**TWO).settle()
    world.network.remove("a")
    assert up(world, "b")
    assert world.network.links() == ()
    with pytest.raises(UnknownName):
        world.network.router("a")


def test_customers_numbered_alike_are_told_apart_by_hand(world):
    """Two VRFs with one subnet: nobody can tell from the addresses whose CE is whose."""
    vrfs = "\n".join(
        f"routing-instances {name} instance-type virtual-router\n"
        f"routing-instances {name} interface {interface}"
        for name, interface in (("red", "ge-0/0/1.0"), ("blue", "ge-0/0/2.0"))
    )
    world.add(
        pe=f"{port('ge-0/0/1.0', '10.0.0.1/30')}\n{port('ge-0/0/2.0', '10.0.0.1/30')}\n{vrfs}",
        red=port("ge-0/0/0.0", "10.0.0.2/30"),
        blue=port("ge-0/0/0.0", "10.0.0.2/30"),
    )
    assert world.network.contested() == (
        "10.0.0.2/30 is on one wire several times: blue ge-0/0/0.0, red ge-0/0/0.0",
        "10.0.0.1/30 is on one wire several times: pe ge-0/0/1.0, pe ge-0/0/2.0",
    )
    world.network.set_links(
        Link((End("pe", f"ge-0/0/{number}"), End(name, "ge-0/0/0")))
        for number, name in ((1, "red"), (2, "blue"))
    )
    assert world.network.contested() == ()
    world.settle()
    target = Address.parse("10.0.0.2")
    for name in ("red", "blue"):
        assert world.network.ping("pe", target, count=1, instance=name).probes[0].reached
        hears = world.network.neighbors_on(name, "ge-0/0/0.0")
        assert [end.interface for end in hears] == [f"ge-0/0/{1 if name == 'red' else 2}.0"]


BUNDLE = """
    interfaces xe-0/0/0 gigether-options 802.3ad ae0
    interfaces xe-0/0/1 gigether-options 802.3ad ae0
    interfaces ae0 aggregated-ether-options minimum-links {least}
    interfaces ae0 unit 0 family inet address 10.0.0.1/30
"""


@pytest.mark.parametrize(
    ("least", "broken", "expected"),
    [
        (1, [], True),
        (1, ["xe-0/0/0"], True),
        (1, ["xe-0/0/0", "xe-0/0/1"], False),
        (2, ["xe-0/0/1"], False),
    ],
)
def test_a_bundle_needs_ports(world, least, broken, expected):
    text = BUNDLE.format(least=least)
    world.add(a=text, b=port("ge-0/0/0.0", "10.0.0.2/30")).settle()
    disabled = "\n".join(f"interfaces {name} disable" for name in broken)
    world.configure("a", f"{text}\n{disabled}").settle()
    assert up(world, "a", "ae0.0") is up(world, "b", "ge-0/0/0.0") is expected
    world.configure("a", text).settle()
    for name in broken:
        world.network.fault("interface", "a", name)
    assert up(world, "a", "ae0.0") is up(world, "b", "ge-0/0/0.0") is expected
    for name in broken:
        world.network.fault("interface", "a", name, on=False)
    assert up(world, "a", "ae0.0")


# --- a chassis and its logical systems ------------------------------------------------------

LEAF = "interfaces xe-0/0/{port} unit {unit} vlan-id {unit} family inet address {address}/30"


@pytest.mark.parametrize("fault", [("router", "mx"), ("interface", "mx", "xe-0/0/0")])
def test_logical_systems_stand_and_fall_with_their_chassis(world, fault):
    texts = {
        "mx": "system host-name mx",
        "mx:one": LEAF.format(port=0, unit=1, address="192.0.2.1"),
        "mx:two": LEAF.format(port=0, unit=2, address="192.0.2.5"),
        "far": "\n".join(
            LEAF.format(port=unit, unit=unit, address=f"192.0.2.{4 * unit - 2}") for unit in (1, 2)
        ),
    }
    world.add(**texts).settle()
    ends = [("mx:one", "xe-0/0/0.1"), ("mx:two", "xe-0/0/0.2")]
    assert all(world.network.nodes[name].up(unit) for name, unit in ends)
    world.network.fault(*fault)
    assert not any(world.network.hears(name, unit) for name, unit in ends)
    world.network.fault(*fault, on=False)
    world.settle()
    assert all(world.network.hears(name, unit) for name, unit in ends)


def test_an_interface_that_no_part_of_the_chassis_has_is_unknown(world):
    world.add(**{"mx": "", "mx:one": LEAF.format(port=0, unit=1, address="192.0.2.1")})
    with pytest.raises(UnknownName, match=r"known: xe-0/0/0, xe-0/0/0\.1"):
        world.network.fault("interface", "mx", "xe-0/0/9")
