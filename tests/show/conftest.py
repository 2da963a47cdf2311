"""A chassis made by hand: real tables and frozen views, no control plane behind them."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from lxml import etree

from multihome.twin.addressing import Address, Prefix
from multihome.twin.clock import Clock
from multihome.twin.junos import model
from multihome.twin.routing.rib import Rib
from multihome.twin.routing.route import (
    BgpAttributes,
    NextHop,
    NextHopKind,
    Origin,
    Protocol,
    Route,
    label_prefix,
)
from multihome.twin.show.answer import answer, text_of
from multihome.twin.show.as_xml import from_xml
from multihome.twin.show.commands import rpc_of
from multihome.twin.views import (
    BfdView,
    BgpPeerView,
    InterfaceView,
    IsisAdjacencyView,
    IsisInterfaceView,
    IsisLspView,
    LdpDatabaseView,
    LdpNeighborView,
    LdpSessionView,
    OspfInterfaceView,
    OspfLinkView,
    OspfLsaView,
    OspfNeighborView,
    RibCounts,
    VrrpView,
)

GOLDEN = Path(__file__).parent / "golden"
REFERENCE = Path(__file__).parents[3] / "shared" / "reference"
BOOT = datetime(2015, 3, 1, 12, 0, tzinfo=UTC)
DAY = 86400


@dataclass
class Part:
    """A process that answers with what it was given."""

    answers: dict = field(default_factory=dict)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *_: self.answers.get(name, ())


class FakeRouter:
    def __init__(self, name, clock):
        self.name = name
        self.clock = clock
        self.config = model.Router(
            instances={"master": model.RoutingInstance("master", "forwarding")}
        )
        self.ribs = {}
        self.interfaces, self.bgp, self.isis = Part(), Part(), Part()
        self.ospf, self.ldp, self.bfd, self.vrrp = Part(), Part(), Part(), Part()
        self.ids = {"master": Address.parse("10.0.0.8")}
        self.bgp = FakeBgp()

    def router_id(self, instance="master"):
        return self.ids.get(instance)

    def table(self, name, *routes):
        rib = self.ribs.setdefault(name, Rib(name))
        for route in routes:
            rib.put(route)
        rib.settle()
        return rib


class FakeBgp:
    def __init__(self):
        self.views = ()
        self.in_, self.out = {}, {}

    def peers(self):
        return self.views

    def received(self, peer):
        return self.in_.get(peer.address, ())

    def advertised(self, peer):
        return self.out.get(peer.address, ())


class FakeNetwork:
    def __init__(self):
        self.clock = Clock()
        self.nodes = {}
        self.pings, self.traces, self.asked = {}, {}, []

    def neighbors_on(self, *_):
        return ()

    def ping(self, node, target, **options):
        self.asked.append((node, target, options))
        return self.pings[node, target]

    def traceroute(self, node, target, **options):
        self.asked.append((node, target, options))
        return self.traces[node, target]


class FakeDevice:
    model, version, serial = "mx104", "18.2R3.4", "JN1ABCDEF"

    def __init__(self):
        self.name = self.host_name = "Luna"
        self.network = FakeNetwork()
        self.routers = {"": FakeRouter("Luna", self.network.clock)}
        self.network.nodes["Luna"] = self.router
        self.started = BOOT
        self.replies = {}
        self.people = ()

    @property
    def router(self):
        return self.routers[""]

    def at(self, seconds):
        self.network.clock.advance_to(seconds)
        return self

    def now(self):
        return BOOT + timedelta(seconds=self.network.clock.now)

    def logins(self):
        return self.people

    def log_lines(self):
        return [SimpleNamespace(at=BOOT, message="lab logged in\nfrom here")]

    def database_reply(self, rpc):
        return self.replies[etree.QName(rpc).localname]

    # --- asking -----------------------------------------------------------------

    def element(self, rpc):
        return from_xml(answer(self, xml(rpc)).elements[0])

    def xml(self, rpc, **attributes):
        request = xml(rpc)
        for name, value in attributes.items():
            request.set(name, value)
        return etree.tostring(answer(self, request).elements[0], encoding="unicode")

    def json(self, rpc):
        request = xml(rpc)
        request.set("format", "json")
        return json.loads(answer(self, request).text)

    def cli(self, line):
        request = rpc_of(line.split())
        request.set("format", "text")
        text = answer(self, request).elements[0].text
        return text.removeprefix("\n").removesuffix("\n")


def xml(rpc):
    return etree.fromstring(rpc) if isinstance(rpc, str) else rpc


def address(text):
    return None if text is None else Address.parse(text)


def hop(to=None, via=None, *labels, **rest):
    return NextHop(to=address(to), via=via, labels=labels, **rest)


def bgp_route(prefix, to, via, *labels, **facts):
    """A BGP route; `peer` is where it was learned, `next_hop` the protocol's."""
    peer = facts.pop("peer", to)
    external = facts.pop("external", True)
    installed = facts.pop("installed", 0.0)
    where = {name: facts.pop(name) for name in ("primary_table", "rd", "hidden") if name in facts}
    ids = {
        "peer_id": address(facts.pop("peer_id", peer)),
        "peer_as": facts.pop("peer_as", 1),
        "local_as": facts.pop("local_as", 65500),
        "metric2": facts.pop("metric2", None),
    }
    facts.setdefault("local_preference", 100)
    next_hop = facts.pop("next_hop", to)
    attributes = BgpAttributes(
        next_hop=address(next_hop),
        as_path=tuple(facts.pop("as_path", (1,))),
        originator_id=address(facts.pop("originator", None)),
        cluster_list=tuple(address(item) for item in facts.pop("clusters", ())),
        origin=facts.pop("origin", Origin.IGP),
        route_distinguisher=facts.pop("route_distinguisher", None),
        **facts,
    )
    return Route(
        Prefix.parse(prefix),
        Protocol.BGP,
        170,
        (hop(to, via, *labels),),
        NextHopKind.ROUTER if external else NextHopKind.INDIRECT,
        source=peer,
        bgp=attributes,
        learned_from=address(peer),
        peer_external=external,
        installed=installed,
        **ids,
        **where,
    )


def plain_route(prefix, protocol, to=None, via=None, *labels, **facts):
    """A route of any other protocol, with the preference Junos gives it."""
    preferences = {
        Protocol.DIRECT: 0,
        Protocol.LOCAL: 0,
        Protocol.STATIC: 5,
        Protocol.ISIS: 18,
        Protocol.OSPF: 10,
        Protocol.LDP: 9,
        Protocol.AGGREGATE: 130,
        Protocol.VPN: 0,
        Protocol.MPLS: 0,
    }
    kinds = {Protocol.LOCAL: NextHopKind.LOCAL, Protocol.DIRECT: NextHopKind.INTERFACE}
    where = label_prefix(prefix) if isinstance(prefix, int) else Prefix.parse(prefix)
    hops = facts.pop("hops", None)
    if hops is None:
        hops = (hop(to, via, *labels),) if to or via else ()
    kind = facts.pop("kind", kinds.get(protocol, NextHopKind.ROUTER))
    return Route(where, protocol, preferences[protocol], tuple(hops), kind, **facts)


@pytest.fixture
def device():
    return FakeDevice()


@pytest.fixture
def make():
    """Shorthands for hand-made values."""
    return SimpleNamespace(
        bgp=bgp_route,
        plain=plain_route,
        hop=hop,
        address=address,
        prefix=Prefix.parse,
        router=FakeRouter,
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
        "interface_index": 70,
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
    router.config = model.Router(
        host_name="Luna",
        instances={
            "master": model.RoutingInstance("master", "forwarding", autonomous_system=65500)
        },
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
    device.people = (SimpleNamespace(user="admin", tty="", origin="127.0.0.1", since=BOOT),)
    device.replies["get-commit-information"] = xml(
        "<commit-information><commit-history><sequence-number>0</sequence-number>"
        "<user>admin</user><client>netconf</client>"
        f'<date-time xmlns:junos="urn:j" junos:seconds="{int(BOOT.timestamp()) + 60}">'
        "2015-03-01 12:01:00 UTC</date-time><comment>commit confirmed, rollback in 5mins</comment>"
        "<log>first leg</log></commit-history></commit-information>"
    )
    return device


@pytest.fixture
def views():
    """Makers of views, for tests that change one thing."""
    return SimpleNamespace(peer=peer_view, vrrp=vrrp_view, interfaces=interface_views)


@pytest.fixture
def core(device, make):
    """A core router: IS-IS, LDP, BFD and OSPF, each with a neighbour."""
    router = device.at(3 * DAY).router
    instance = model.RoutingInstance(
        "master",
        "forwarding",
        isis=model.Isis(
            interfaces=(model.IgpInterface("xe-2/0/0.114"),), levels_disabled=frozenset({1})
        ),
        ospf=model.Ospf(),
    )
    router.config = model.Router(
        host_name="Juno",
        instances={"master": instance},
        units={"lo0.5": model.Unit("lo0.5", "lo0", 5, iso=("49.1984.0000.0000.0005.00",))},
        ldp=model.Ldp(interfaces=("all",)),
        mpls=model.Mpls(interfaces=("xe-2/0/0.114",)),
    )
    up = {"admin_up": True, "oper_up": True, "families": ("inet", "iso", "mpls")}
    ends = (("lo0.5", "10.0.0.5", 32), ("xe-2/0/0.114", "4.0.0.58", 30))
    views = [
        InterfaceView(name, **up, index=510 + number, addresses=((make.address(text), length),))
        for number, (name, text, length) in enumerate(ends)
    ]
    router.interfaces = SimpleNamespace(views=lambda: views)
    far, near = make.address("10.0.0.7"), make.address("10.0.0.5")
    link = make.address("4.0.0.57")
    router.ids["master"] = near
    p2p = {"passive": False, "point_to_point": True}
    router.isis.answers = {
        "adjacencies": (
            IsisAdjacencyView(
                interface="xe-2/0/0.114",
                system_name="Liber",
                system_id="0000.0000.0007",
                level=2,
                state="Up",
                hold_time=23.4,
                address=link,
                since=60.0,
                transitions=1,
                point_to_point=True,
            ),
        ),
        "interfaces": (
            IsisInterfaceView(
                "lo0.5", 2, 1, passive=True, point_to_point=False, metric=0, adjacencies=0
            ),
            IsisInterfaceView("xe-2/0/0.114", 2, 2, **p2p, metric=10, adjacencies=1),
        ),
        "database": (
            IsisLspView(
                lsp_id="Liber.00-00",
                level=2,
                sequence=26,
                checksum=0x5FF9,
                lifetime=1100,
                overload=False,
                neighbors=(("Juno.00", 10),),
                prefixes=((make.prefix("10.0.0.7/32"), 0),),
            ),
        ),
    }
    router.ldp.answers = {
        "neighbors": (LdpNeighborView(link, "xe-2/0/0.114", "10.0.0.7:0", 13.0, 60.0),),
        "sessions": (
            LdpSessionView(
                far,
                "Operational",
                "Open",
                24.0,
                61.0,
                authentication=True,
                local_address=near,
                adjacencies=("xe-2/0/0.114",),
            ),
        ),
        "databases": (
            LdpDatabaseView(
                near,
                far,
                ((3, make.prefix("10.0.0.7/32")), (299776, make.prefix("10.0.0.2/32"))),
                ((3, make.prefix("10.0.0.5/32")),),
            ),
        ),
    }
    timers = {"detection_time": 0.3, "interval": 0.1, "multiplier": 3, "since": 70.0}
    router.bfd.answers["sessions"] = (
        BfdView(link, "xe-2/0/0.114", up=True, clients=("ISIS",), **timers),
        BfdView(far, "", up=False, clients=("BGP",), **timers),
    )
    facts = {"sequence": 0x80000002, "age": 61, "checksum": 0x5FF9, "length": 48}
    lsas = (
        OspfLsaView(
            *("Router", near, near),
            **facts,
            own=True,
            links=(OspfLinkView("PointToPoint", far, 10),),
        ),
        OspfLsaView(
            *("Router", far, far),
            **facts,
            own=False,
            external=True,
            links=(
                OspfLinkView("Transit", link, 10),
                OspfLinkView("Stub", far, 0, make.address("255.255.255.255")),
            ),
        ),
        OspfLsaView(
            *("Network", link, far),
            **facts,
            own=False,
            mask=make.address("255.255.255.252"),
            routers=(near, far),
        ),
        OspfLsaView(
            *("Extern", make.address("10.9.0.0"), far),
            **facts,
            own=False,
            mask=make.address("255.255.0.0"),
            metric=5,
            metric_type=2,
            tag=258,
        ),
    )
    router.ospf.answers = {
        "database": lsas,
        "neighbors": (OspfNeighborView(link, "xe-2/0/0.114", "Full", far, 128, 33.0, 60.0),),
        "interfaces": (
            OspfInterfaceView(
                "xe-2/0/0.114", "PtToPt", "0.0.0.1", cost=10, neighbors=1, passive=False
            ),
        ),
    }
    return device
