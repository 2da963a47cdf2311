"""The story of a dual-homed site as its customer lives it: how long traffic is dead, and why.

The figures are what a lab of Linux routers measured, rounded: a withdrawal takes a tenth of
a second or two, silence takes the hold time, and a LAN that fails takes the hold time of
the session between the CPEs, whatever VRRP does.
"""

from __future__ import annotations

import pytest

TARGET, SOURCE = "10.3.9.1", "10.3.1.1"


@pytest.fixture
def lab(world, site_texts):
    return world.add(**site_texts()).settle()


def outage(lab, *fault, on=True):
    return lab.outage("customer", TARGET, SOURCE, lambda: lab.network.fault(*fault, on=on))


def test_steady_state_takes_the_primary_leg(lab):
    assert lab.path("customer", TARGET, SOURCE) == ["192.168.1.3", "10.2.1.1", "10.2.3.1", TARGET]


def test_a_neighbour_shut_costs_tenths_of_a_second(lab, site_texts):
    text = site_texts()["pe1"].replace("group c neighbor", "group gone neighbor")
    text += "\nrouting-instances v protocols bgp group gone type external"
    text = "\n".join(line for line in text.splitlines() if "group gone" not in line)
    seconds = lab.outage("customer", TARGET, SOURCE, lambda: lab.configure("pe1", text))
    assert 0 < seconds < 0.4
    assert lab.path("customer", TARGET, SOURCE) == [
        "192.168.1.3", "192.168.1.2", "10.2.2.1", "10.2.3.1", TARGET
    ]  # fmt: skip
    back = lambda: lab.configure("pe1", site_texts()["pe1"])  # noqa: E731
    assert lab.outage("customer", TARGET, SOURCE, back) == 0


def test_a_pulled_cable_costs_tenths_of_a_second_and_nothing_on_the_way_back(lab):
    assert 0 < outage(lab, "link", "pe1", "cpe1") < 0.4
    assert outage(lab, "link", "pe1", "cpe1", on=False) == 0


def test_a_silent_link_costs_the_hold_time(lab):
    assert 8 < outage(lab, "link", "pe1", "cpe1", "silent") < 11


@pytest.mark.parametrize(("hold_time", "least", "most"), [(10, 7, 11), (90, 80, 91)])
def test_a_dead_lan_port_costs_the_hold_time_between_the_cpes(
    world, site_texts, hold_time, least, most
):
    lab = world.add(**site_texts(hold_time=hold_time)).settle()
    seconds = outage(lab, "interface", "cpe1", "ge-0/0/1.150")
    assert least < seconds < most
    assert lab.network.nodes["cpe2"].vrrp.groups()[0].state == "master"


def test_bfd_between_the_cpes_is_the_remedy(world, site_texts):
    bfd = "protocols bgp group c bfd-liveness-detection minimum-interval 300"
    lab = world.add(**site_texts(extra={"cpe1": bfd, "cpe2": bfd})).settle()
    assert outage(lab, "interface", "cpe1", "ge-0/0/1.150") < 4


def test_a_frozen_primary_costs_the_hold_time(lab):
    assert 8 < outage(lab, "router", "cpe1", "frozen") < 11


def test_everything_mended_is_as_before(world, site_texts):
    lab = world.add(**site_texts()).settle()
    before = lab.tables()
    faults = [
        ("link", "pe1", "cpe1"),
        ("link", "pe1", "pe3", "silent"),
        ("interface", "cpe1", "ge-0/0/1"),
        ("router", "pe2"),
        ("router", "cpe2", "frozen"),
        ("session", "pe1", "10.2.1.2"),
        ("process", "cpe1", "vrrp"),
        ("process", "pe3", "routing"),
    ]
    for fault in faults:
        lab.network.fault(*fault)
        lab.settle()
        assert [str(known) for known in lab.network.faults] == [" ".join(fault)]
        lab.network.fault(*fault, on=False)
        lab.settle()
        assert lab.tables() == before, fault
    assert lab.network.faults == ()
