"""A chassis made by hand: real tables and frozen views, no control plane behind them."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from lxml import etree

from multihome.twin.addressing import Address, Prefix
from multihome.twin.clock import Clock
from multihome.twin.junos.model.instances import RoutingInstance
from multihome.twin.junos.model.router import Router
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
from multihome.twin.show.answer import answer
from multihome.twin.show.as_xml import from_xml
from multihome.twin.show.commands import rpc_of

BOOT = datetime(2015, 3, 1, 12, 0, tzinfo=UTC)


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
        self.config = Router(instances={"master": RoutingInstance("master", "forwarding")})
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
        self.in_, self.out, self.cleared = {}, {}, []

    def peers(self):
        return self.views

    def received(self, peer):
        return self.in_.get(peer.address, ())

    def advertised(self, peer):
        return self.out.get(peer.address, ())

    def clear(self, keys):
        self.cleared += [(instance, str(address)) for instance, address in keys]


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
