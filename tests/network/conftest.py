"""Small networks from set commands, for tests that care about what packets and tables do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from multihome.twin.addressing import Address, Prefix
from multihome.twin.config.inherit import effective
from multihome.twin.config.load import parse_set
from multihome.twin.junos.reader.router import build
from multihome.twin.network import Network

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from multihome.twin.junos.model.router import Router
    from multihome.twin.routing.route import Route
    from multihome.twin.views import TracerouteView


def model(commands: str | Iterable[str]) -> Router:
    """A router from set commands; a line without `set` gets one."""
    lines = commands.splitlines() if isinstance(commands, str) else commands
    stripped = [line.strip() for line in lines if line.strip()]
    text = "\n".join(line if line.startswith("deactivate") else f"set {line}" for line in stripped)
    return build(effective(parse_set(text)))[""]


class World:
    """A network with words for tests."""

    def __init__(self) -> None:
        self.network = Network()

    def add(self, **texts: str) -> World:
        for name, text in texts.items():
            self.network.add(name, model(text))
        return self

    def settle(self) -> World:
        self.network.converge()
        return self

    def configure(self, name: str, text: str) -> World:
        self.network.configure(name, model(text))
        return self

    def route(self, node: str, prefix: str, table: str = "inet.0") -> Route | None:
        return self.network.nodes[node].rib(table).active(Prefix.parse(prefix))

    def via(self, node: str, prefix: str, table: str = "inet.0") -> list[tuple[str, str]]:
        route = self.route(node, prefix, table)
        return [] if route is None else [(str(hop.to), hop.via or "") for hop in route.next_hops]

    def reaches(self, node: str, target: str, **options: object) -> bool:
        view = self.network.ping(node, Address.parse(target), count=1, **options)
        return any(probe.reached for probe in view.probes)

    def path(
        self, node: str, target: str, source: str | None = None, **options: object
    ) -> list[str]:
        chosen = None if source is None else Address.parse(source)
        view = self.network.traceroute(node, Address.parse(target), source=chosen, **options)
        return hops(view)

    def outage(self, node: str, target: str, source: str, break_it: Callable[[], None]) -> float:
        """Seconds in which pings fail after a breakage, looked at every 10 ms for 100 s."""
        clock, lost, step = self.network.clock, 0, 0.01
        break_it()
        for _ in range(10_000):
            lost += not self.reaches(node, target, source=Address.parse(source))
            if self.network.quiet():
                break
            clock.advance_to(clock.now + step)
        return lost * step

    def tables(self) -> dict[tuple[str, str], list[str]]:
        """Every table of every router, without what is a matter of arrival: labels, ages."""
        return {
            (name, table): sorted(_plain(route) for e in rib.entries() for route in e.routes)
            for name, node in self.network.nodes.items()
            for table, rib in node.ribs.items()
            if table != "mpls.0"
        }


def _plain(route: Route) -> str:
    hops = [(str(hop.to), hop.via, len(hop.labels)) for hop in route.next_hops]
    return f"{route.prefix} {route.protocol} {route.preference} {route.metric} {hops} {route.bgp}"


def hops(view: TracerouteView) -> list[str]:
    """One word per hop: who answered, or `*`."""
    return [str(hop[0].responder) if hop[0].responder is not None else "*" for hop in view.hops]


@pytest.fixture
def world() -> World:
    return World()


def chain(*, mpls: bool = True, propagate: bool = False, metric: int = 10) -> dict[str, str]:
    """pe1 - p1 - p2 - pe2 with IS-IS and LDP, a VRF at both ends, a host behind each."""
    texts = {}
    names = ["pe1", "p1", "p2", "pe2"]
    for number, name in enumerate(names, 1):
        lines = [
            f"interfaces lo0 unit 0 family inet address 10.0.0.{number}/32",
            f"interfaces lo0 unit 0 family iso address 49.0001.0000.0000.000{number}.00",
            "protocols isis level 1 disable",
            "protocols isis level 2 wide-metrics-only",
            "protocols isis interface lo0.0 passive",
            f"routing-options router-id 10.0.0.{number}",
            "routing-options autonomous-system 1",
        ]
        for link in (number - 1, number):
            if 1 <= link <= len(names) - 1:
                end = 1 if link == number else 2
                port = f"xe-0/0/{link}"
                lines += [
                    f"interfaces {port} unit 0 family inet address 10.1.{link}.{end}/30",
                    f"interfaces {port} unit 0 family iso",
                    f"interfaces {port} unit 0 family mpls",
                    f"protocols isis interface {port}.0 point-to-point",
                    f"protocols isis interface {port}.0 level 2 metric {metric}",
                ]
                if mpls:
                    lines += [
                        f"protocols ldp interface {port}.0",
                        f"protocols mpls interface {port}.0",
                    ]
        if name.startswith("pe"):
            side, far = (1, 4) if name == "pe1" else (2, 1)
            if not propagate:
                lines.append("protocols mpls no-propagate-ttl")
            lines += [
                f"interfaces ge-0/0/9 unit 0 family inet address 10.2.{side}.1/30",
                "routing-instances v instance-type vrf",
                "routing-instances v interface ge-0/0/9.0",
                "routing-instances v route-distinguisher 1:1",
                "routing-instances v vrf-target target:1:1",
                "routing-instances v vrf-table-label",
                f"routing-instances v routing-options static route 10.3.{side}.1/32 next-hop 10.2.{side}.2",
                "protocols bgp group i type internal",
                f"protocols bgp group i local-address 10.0.0.{number}",
                "protocols bgp group i family inet-vpn unicast",
                f"protocols bgp group i neighbor 10.0.0.{far}",
            ]
            texts[f"host{side}"] = f"""
                interfaces ge-0/0/0 unit 0 family inet address 10.2.{side}.2/30
                interfaces lo0 unit 0 family inet address 10.3.{side}.1/32
                routing-options static route 0.0.0.0/0 next-hop 10.2.{side}.1
            """
        texts[name] = "\n".join(lines)
    return texts


@pytest.fixture
def chain_texts() -> Callable[..., dict[str, str]]:
    return chain


def site(*, hold_time: int = 10, extra: dict[str, str] | None = None) -> dict[str, str]:
    """Two PEs with a CPE each, VRRP towards a customer; far behind the core another customer."""
    texts = {}
    core = {"pe1": (1, (12, 13)), "pe2": (2, (12, 23)), "pe3": (3, (13, 23))}
    for name, (number, links) in core.items():
        lines = [
            f"interfaces lo0 unit 0 family inet address 10.0.0.{number}/32",
            f"interfaces lo0 unit 0 family iso address 49.0001.0000.0000.000{number}.00",
            "protocols isis level 1 disable",
            "protocols isis level 2 wide-metrics-only",
            "protocols isis interface lo0.0 passive",
            "protocols mpls no-propagate-ttl",
            f"routing-options router-id 10.0.0.{number}",
            "routing-options autonomous-system 1",
            "protocols bgp group i type internal",
            f"protocols bgp group i local-address 10.0.0.{number}",
            "protocols bgp group i family inet-vpn unicast",
            "routing-instances v instance-type vrf",
            f"routing-instances v interface ge-0/0/0.{number}",
            "routing-instances v route-distinguisher 1:1",
            "routing-instances v vrf-target target:1:1",
            "routing-instances v vrf-table-label",
            f"interfaces ge-0/0/0 unit {number} vlan-id {number}",
            f"interfaces ge-0/0/0 unit {number} family inet address 10.2.{number}.1/30",
        ]
        lines += [f"protocols bgp group i neighbor 10.0.0.{n}" for n in (1, 2, 3) if n != number]
        for link in links:
            end = 1 if str(link).startswith(str(number)) else 2
            lines += [
                f"interfaces xe-0/0/0 unit {link} vlan-id {link}",
                f"interfaces xe-0/0/0 unit {link} family inet address 10.1.{link}.{end}/30",
                f"interfaces xe-0/0/0 unit {link} family iso",
                f"interfaces xe-0/0/0 unit {link} family mpls",
                f"protocols isis interface xe-0/0/0.{link} point-to-point",
                f"protocols ldp interface xe-0/0/0.{link}",
                f"protocols mpls interface xe-0/0/0.{link}",
            ]
        texts[name] = "\n".join(lines)
    for name, number, med, preference in (("pe1", 1, 10, 150), ("pe2", 2, 150, 10)):
        texts[name] += f"""
            routing-instances v protocols bgp group c type external
            routing-instances v protocols bgp group c peer-as 65500
            routing-instances v protocols bgp group c as-override
            routing-instances v protocols bgp group c export no-site
            routing-instances v protocols bgp group c import leg
            routing-instances v protocols bgp group c neighbor 10.2.{number}.2 metric-out {med}
            policy-options policy-statement leg then local-preference {preference}
            policy-options policy-statement leg then accept
            policy-options policy-statement no-site term own from community site
            policy-options policy-statement no-site term own then reject
            policy-options policy-statement no-site term rest then accept
            policy-options community site members origin:1000:1000"""
    texts["pe3"] += (
        "\nrouting-instances v routing-options static route 10.3.9.1/32 next-hop 10.2.3.2"
    )
    texts["far"] = """
        interfaces ge-0/0/0 unit 3 vlan-id 3
        interfaces ge-0/0/0 unit 3 family inet address 10.2.3.2/30
        interfaces lo0 unit 0 family inet address 10.3.9.1/32
        routing-options static route 0.0.0.0/0 next-hop 10.2.3.1"""
    for name, number, host, priority in (("cpe1", 1, 3, 250), ("cpe2", 2, 2, 150)):
        address = f"interfaces ge-0/0/1 unit 150 family inet address 192.168.1.{host}/24"
        texts[name] = f"""
            interfaces ge-0/0/0 unit {number} vlan-id {number}
            interfaces ge-0/0/0 unit {number} family inet address 10.2.{number}.2/30
            interfaces ge-0/0/1 unit 150 vlan-id 150
            {address} vrrp-group 1 virtual-address 192.168.1.1
            {address} vrrp-group 1 priority {priority}
            interfaces lo0 unit 0 family inet address 10.3.0.{host}/32
            routing-options autonomous-system 65500
            routing-options static route 10.3.1.1/32 next-hop 192.168.1.254
            protocols bgp hold-time {hold_time}
            protocols bgp group p type external
            protocols bgp group p export out
            protocols bgp group p neighbor 10.2.{number}.1 peer-as 1
            protocols bgp group c type internal
            protocols bgp group c export self
            protocols bgp group c neighbor 192.168.1.{5 - host}
            policy-options policy-statement self then next-hop self
            policy-options policy-statement out term local from protocol [ direct static ]
            policy-options policy-statement out term local then community add site
            policy-options policy-statement out term local then accept
            policy-options community site members origin:1000:1000"""
    texts["customer"] = """
        interfaces ae1 unit 150 vlan-id 150
        interfaces ae1 unit 150 family inet address 192.168.1.254/24
        interfaces lo0 unit 0 family inet address 10.3.1.1/32
        routing-options static route 0.0.0.0/0 next-hop 192.168.1.1"""
    for name, text in (extra or {}).items():
        texts[name] += "\n" + text
    return texts


@pytest.fixture
def site_texts() -> Callable[..., dict[str, str]]:
    return site
