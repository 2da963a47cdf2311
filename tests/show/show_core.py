"""What a core router has: IS-IS, LDP, BFD and OSPF, each with a neighbour."""

from types import SimpleNamespace

from multihome.twin.addressing import Address, Prefix
from multihome.twin.junos.model.igp import IgpInterface, Isis, Ldp, Mpls, Ospf
from multihome.twin.junos.model.instances import RoutingInstance
from multihome.twin.junos.model.interfaces import Unit
from multihome.twin.junos.model.router import Router
from multihome.twin.views import (
    BfdView,
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
)

FAR, NEAR, LINK = map(Address.parse, ("10.0.0.7", "10.0.0.5", "4.0.0.57"))
PORT = "xe-2/0/0.114"


def configuration():
    isis = Isis(interfaces=(IgpInterface(PORT),), levels_disabled=frozenset({1}))
    instance = RoutingInstance("master", "forwarding", isis=isis, ospf=Ospf())
    return Router(
        host_name="Juno",
        instances={"master": instance},
        units={"lo0.5": Unit("lo0.5", "lo0", 5, iso=("49.1984.0000.0000.0005.00",))},
        ldp=Ldp(interfaces=("all",)),
        mpls=Mpls(interfaces=(PORT,)),
    )


def interfaces():
    up = {"admin_up": True, "oper_up": True, "families": ("inet", "iso", "mpls")}
    ends = (("lo0.5", "10.0.0.5", 32), (PORT, "4.0.0.58", 30))
    return [
        InterfaceView(name, **up, index=510 + number, addresses=((Address.parse(text), length),))
        for number, (name, text, length) in enumerate(ends)
    ]


def isis():
    p2p = {"passive": False, "point_to_point": True}
    return {
        "adjacencies": (
            IsisAdjacencyView(
                interface=PORT,
                system_name="Liber",
                system_id="0000.0000.0007",
                level=2,
                state="Up",
                hold_time=23.4,
                address=LINK,
                since=60.0,
                transitions=1,
                point_to_point=True,
            ),
        ),
        "interfaces": (
            IsisInterfaceView(
                "lo0.5", 2, 1, passive=True, point_to_point=False, metric=0, adjacencies=0
            ),
            IsisInterfaceView(PORT, 2, 2, **p2p, metric=10, adjacencies=1),
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
                prefixes=((Prefix.parse("10.0.0.7/32"), 0),),
            ),
        ),
    }


def ldp():
    return {
        "neighbors": (LdpNeighborView(LINK, PORT, "10.0.0.7:0", 13.0, 60.0),),
        "sessions": (
            LdpSessionView(
                FAR,
                "Operational",
                "Open",
                24.0,
                61.0,
                authentication=True,
                local_address=NEAR,
                adjacencies=(PORT,),
            ),
        ),
        "databases": (
            LdpDatabaseView(
                NEAR,
                FAR,
                ((3, Prefix.parse("10.0.0.7/32")), (299776, Prefix.parse("10.0.0.2/32"))),
                ((3, Prefix.parse("10.0.0.5/32")),),
            ),
        ),
    }


def bfd():
    timers = {"detection_time": 0.3, "interval": 0.1, "multiplier": 3, "since": 70.0}
    return (
        BfdView(LINK, PORT, up=True, clients=("ISIS",), **timers),
        BfdView(FAR, "", up=False, clients=("BGP",), **timers),
    )


def lsas():
    facts = {"sequence": 0x80000002, "age": 61, "checksum": 0x5FF9, "length": 48}
    return (
        OspfLsaView(
            *("Router", NEAR, NEAR),
            **facts,
            own=True,
            links=(OspfLinkView("PointToPoint", FAR, 10),),
        ),
        OspfLsaView(
            *("Router", FAR, FAR),
            **facts,
            own=False,
            external=True,
            links=(
                OspfLinkView("Transit", LINK, 10),
                OspfLinkView("Stub", FAR, 0, Address.parse("255.255.255.255")),
            ),
        ),
        OspfLsaView(
            *("Network", LINK, FAR),
            **facts,
            own=False,
            mask=Address.parse("255.255.255.252"),
            routers=(NEAR, FAR),
        ),
        OspfLsaView(
            *("Extern", Address.parse("10.9.0.0"), FAR),
            **facts,
            own=False,
            mask=Address.parse("255.255.0.0"),
            metric=5,
            metric_type=2,
            tag=258,
        ),
    )


def ospf():
    return {
        "database": lsas(),
        "neighbors": (OspfNeighborView(LINK, PORT, "Full", FAR, 128, 33.0, 60.0),),
        "interfaces": (
            OspfInterfaceView(PORT, "PtToPt", "0.0.0.1", cost=10, neighbors=1, passive=False),
        ),
    }


def equip(router):
    """Make a router of the core of this one."""
    router.config = configuration()
    views = interfaces()
    router.interfaces = SimpleNamespace(views=lambda: views)
    router.ids["master"] = NEAR
    router.isis.answers, router.ldp.answers, router.ospf.answers = isis(), ldp(), ospf()
    router.bfd.answers["sessions"] = bfd()
