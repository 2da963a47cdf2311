"""Twins for clients of other makers: two routers to change, and a dual-homed site to look at."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from multihome.lab.embedded import embedded
from multihome.lab.order import Order, RouterOrder, from_folder

SITE = Path(__file__).with_name("site")

LOGIN = """\
set version 21.4R3.15
set system host-name {name}
set system root-authentication encrypted-password "*"
set system services netconf ssh
"""
EDGE = """\
set interfaces xe-0/0/0 vlan-tagging
set interfaces xe-0/0/0 unit 5 vlan-id 5 family inet address 192.0.2.1/30
set interfaces lo0 unit 0 family inet address 10.0.0.1/32
set routing-options autonomous-system 65001
set routing-options router-id 10.0.0.1
set protocols bgp group customer type external
set protocols bgp group customer export connected
set protocols bgp group customer neighbor 192.0.2.2 peer-as 65002
set protocols bgp group customer neighbor 192.0.2.2 description customer
set policy-options policy-statement connected term 1 from protocol direct
set policy-options policy-statement connected term 1 then accept
"""
CUSTOMER = (
    EDGE.replace("192.0.2.1/30", "192.0.2.X/30")
    .replace("192.0.2.2", "192.0.2.1")
    .replace("192.0.2.X", "192.0.2.2")
    .replace("10.0.0.1", "10.0.0.2")
    .replace("65002", "6500Y")
    .replace("65001", "65002")
    .replace("6500Y", "65001")
    .replace("customer", "provider")
)


@pytest.fixture(scope="module")
def pair():
    """A lab of two routers, converged."""
    orders = tuple(
        RouterOrder(name, LOGIN.format(name=name) + rest)
        for name, rest in (("edge", EDGE), ("customer", CUSTOMER))
    )
    with embedded(Order(orders)) as lab:
        yield lab


@pytest.fixture
def edge(pair):
    """How to reach the provider edge, which is as it was booted."""
    pair.call(lambda: restore(pair))
    return pair.router("edge")


def restore(pair):
    """Load what the router was booted with; nobody is logged in."""
    chassis = pair.chassis("edge")
    for session in list(chassis._logins):
        chassis.kill(session)
    chassis.boot(LOGIN.format(name="edge") + EDGE, "set")


@pytest.fixture(scope="session")
def site():
    """Two provider edges, the core between them, a site with a router on each; converged."""
    with embedded(Order(from_folder(SITE), speed=None)) as lab:
        lab.advance(30)
        yield lab


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    """ncclient sleeps so long before it sends each request; it is only waiting."""
    monkeypatch.setattr("ncclient.transport.session.TICK", 0.001)


@pytest.fixture(scope="session")
def program():
    """Where a client is that is a program: beside this Python, or in the system."""

    def find(name):
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        return shutil.which(name, path=path) or pytest.skip(f"{name} is not installed")

    return find
