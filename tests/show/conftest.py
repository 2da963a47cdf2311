"""A chassis made by hand, as fixtures: an edge router and one of the core."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest
import show_core as parts
import show_fakes as fakes

from multihome.twin.addressing import Address, Prefix
from multihome.twin.junos.model.instances import RoutingInstance
from multihome.twin.junos.model.router import Router
from multihome.twin.routing.route import Protocol
from multihome.twin.show.answer import text_of
from multihome.twin.views import (
    BgpPeerView,
    InterfaceView,
    RibCounts,
    VrrpView,
)

GOLDEN = Path(__file__).parent / "golden"
REFERENCE = Path(__file__).parents[3] / "shared" / "reference"
DAY = 86400


@pytest.fixture
def device():
    return fakes.FakeDevice()


@pytest.fixture
def make():
    """Shorthands for hand-made values."""
    return SimpleNamespace(
        bgp=fakes.bgp_route,
        plain=fakes.plain_route,
        hop=fakes.hop,
        address=fakes.address,
        prefix=Prefix.parse,
        router=fakes.FakeRouter,
        text=text_of,
    )


@pytest.fixture
def reference():
    if not REFERENCE.is_dir():
        pytest.skip("the recordings are not beside the checkout")
    return REFERENCE


@pytest.fixture
def golden():
    """Compare with a file under golden/; MULTIHOME_GOLDEN=write makes it."""

    def compare(name, text):
        file = GOLDEN / name
        if os.environ.get("MULTIHOME_GOLDEN") == "write":
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        assert text == file.read_text(), f"differs from {file.name}"

    return compare


def peer_view(address, **facts):
    """A BGP neighbour of Luna's, established unless told otherwise."""
    values = {
        "address": Address.parse(address),
        "local_address": Address.parse("4.0.0.21"),
        "peer_as": 1,
        "local_as": 65500,
        "group": "pe-connection",
        "instance": "master",
        "external": True,
        "state": "Established",
        "since": 0.0,
        "flaps": 0,
        "last_state": "OpenConfirm",
        "last_event": "RecvKeepAlive",
        "last_error": "",
        "input_messages": 26131,
        "output_messages": 26084,
        "tables": {"inet.0": RibCounts(14, 14, 14, 0, 3)},
        "families": ("inet-unicast",),
        "configured_families": ("inet-unicast",),
        "offered_families": ("inet-unicast",),
        "hold_time": 10,
        "active_hold_time": 10,
        "keepalive": 3,
        "peer_id": Address.parse("10.0.0.5"),
        "local_id": Address.parse("10.0.0.8"),
        "description": "Ceres",
        "passive": False,
        "authentication": True,
        "import_policies": (),
        "export_policies": ("bgp-export",),
        "options": ("Preference", "HoldTime", "AuthKey", "LogUpDown", "PeerAS", "Refresh"),
        "cluster": None,
        "multihop": False,
        "local_interface": "xe-2/0/0.105",
    }
    return BgpPeerView(**{**values, **facts})


def vrrp_view(**facts):
    """Luna's VRRP group, as master."""
    values = {
        "interface": "xe-2/0/1.150",
        "unit_up": True,
        "group": 1,
        "state": "master",
        "local_address": Address.parse("192.168.1.3"),
        "virtual_addresses": (Address.parse("192.168.1.1"),),
        "vlan": 150,
        "configured_priority": 250,
        "current_priority": 250,
        "advertise_interval": 1.0,
        "preempt": True,
        "preempt_hold_time": 0.0,
        "accept_data": False,
        "master_address": Address.parse("192.168.1.3"),
        "master_priority": 250,
        "advertisement_timer": 0.56,
        "dead_timer": 0.0,
        "since": 10.0,
        "master_since": 14.0,
        "tracks": (),
        "advertisements_sent": 4711,
        "advertisements_received": 2,
        "transitions_to_master": 1,
        "transitions_to_backup": 1,
    }
    return VrrpView(**{**values, **facts})


def interface_views():
    """Luna's interfaces."""
    down = {"admin_up": True, "oper_up": False}
    up = {"admin_up": True, "oper_up": True}
    core = {"families": ("inet", "iso"), "mtu": 1500}
    return (
        InterfaceView("xe-2/0/0", **up, index=501),
        InterfaceView(
            "xe-2/0/0.105",
            **up,
            **core,
            description="JUNO",
            vlan=105,
            index=502,
            addresses=((Address.parse("4.0.0.21"), 30),),
        ),
        InterfaceView("xe-2/0/1", **up, index=503),
        InterfaceView(
            "xe-2/0/1.150",
            **up,
            **core,
            description="Saturn_Orcus",
            vlan=150,
            index=504,
            addresses=((Address.parse("192.168.1.3"), 24),),
        ),
        InterfaceView("xe-2/0/2", **down, index=505, description="spare"),
        InterfaceView("lo0", **up, index=506),
        InterfaceView(
            "lo0.8",
            **up,
            families=("inet", "iso"),
            index=507,
            description="LUNA",
            addresses=((Address.parse("10.0.0.8"), 32),),
            iso=("49.1984.0000.0000.0008.00",),
        ),
    )


@pytest.fixture
def chassis(device, make):
    """Luna with everything the article gives her."""
    router = device.at(8 * DAY + 1948).router
    own = make.address("10.0.0.8")
    router.config = Router(
        host_name="Luna",
        instances={"master": RoutingInstance("master", "forwarding", autonomous_system=65500)},
    )
    router.ids["master"] = own
    router.interfaces = SimpleNamespace(views=interface_views)
    router.vrrp.answers["groups"] = (vrrp_view(),)
    orcus = {"external": False, "peer_as": 65500, "group": "cpe-connection", "description": "Orcus"}
    router.bgp.views = (
        peer_view("4.0.0.22"),
        peer_view(
            "192.168.1.2",
            local_address=make.address("192.168.1.3"),
            state="Active",
            tables={},
            peer_id=None,
            flaps=2,
            last_error="Hold Timer Expired Error",
            since=DAY,
            export_policies=("cpe-connection",),
            **orcus,
        ),
    )
    router.table(
        "inet.0",
        make.bgp("10.0.0.3/32", "4.0.0.22", "xe-2/0/0.105", med=10),
        make.plain("4.0.0.20/30", Protocol.DIRECT, None, "xe-2/0/0.105"),
        make.plain("4.0.0.21/32", Protocol.LOCAL, None, "xe-2/0/0.105"),
        make.plain("10.0.0.12/32", Protocol.STATIC, "192.168.1.254", "xe-2/0/1.150"),
    )
    device.people = (SimpleNamespace(user="admin", tty="", origin="127.0.0.1", since=fakes.BOOT),)
    device.replies["get-commit-information"] = fakes.xml(
        "<commit-information><commit-history><sequence-number>0</sequence-number>"
        "<user>admin</user><client>netconf</client>"
        f'<date-time xmlns:junos="urn:j" junos:seconds="{int(fakes.BOOT.timestamp()) + 60}">'
        "2015-03-01 12:01:00 UTC</date-time><comment>commit confirmed, rollback in 5mins</comment>"
        "<log>first leg</log></commit-history></commit-information>"
    )
    return device


@pytest.fixture
def views():
    """Makers of views, for tests that change one thing."""
    return SimpleNamespace(peer=peer_view, vrrp=vrrp_view, interfaces=interface_views)


@pytest.fixture
def core(device):
    """A core router: IS-IS, LDP, BFD and OSPF, each with a neighbour."""
    parts.equip(device.at(3 * DAY).router)
    return device
