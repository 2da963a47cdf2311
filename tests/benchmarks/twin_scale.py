"""How boot, change, memory and answers grow with the network: `python tests/benchmarks/twin_scale.py`.

A site is five routers: two PEs, two CPEs with VRRP towards a customer router.  Sites hang
on a shared core of four P routers and two route reflectors.  With `--vpn shared` all sites
are one VPN (every PE holds every site's routes), with `--vpn own` each site has its own.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from multihome.twin.addressing import Address
from multihome.twin.config.inherit import effective
from multihome.twin.config.load import parse_set
from multihome.twin.junos.reader.router import build
from multihome.twin.network import Network

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.junos.model.router import Router

CORE = 4
REFLECTORS = ("10.255.255.1", "10.255.255.2")
SIZES = (15, 50, 150, 500, 1000)


class Links:
    """Numbers /30s and VLANs; each call joins two routers by a core link."""

    def __init__(self) -> None:
        self.lines: dict[str, list[str]] = {}
        self._count = 0

    def join(self, one: str, two: str, families: str = "iso mpls") -> tuple[str, str, str]:
        """Addresses of both ends, and the interface's name."""
        base = (10 << 24) + (128 << 16) + 4 * self._count
        vlan = 2 + self._count % 4000
        self._count += 1
        unit = f"xe-0/0/0 unit {self._count}"
        addresses = str(Address(base + 1)), str(Address(base + 2))
        for name, address in zip((one, two), addresses, strict=True):
            lines = self.lines.setdefault(name, [])
            lines.append(f"set interfaces {unit} vlan-id {vlan}")
            lines.append(f"set interfaces {unit} family inet address {address}/30")
            lines.extend(f"set interfaces {unit} family {family}" for family in families.split())
        return (*addresses, f"xe-0/0/0.{self._count}")


def core_router(name: str, loopback: str, number: int, interfaces: list[str]) -> Iterator[str]:
    """IS-IS, LDP and MPLS of one core router or PE."""
    system = f"{number:012d}"
    net = ".".join(system[i : i + 4] for i in (0, 4, 8))
    yield f"set system host-name {name}"
    yield f"set interfaces lo0 unit 0 family inet address {loopback}/32"
    yield f"set interfaces lo0 unit 0 family iso address 49.0001.{net}.00"
    yield "set protocols isis level 1 disable"
    yield "set protocols isis level 2 wide-metrics-only"
    yield "set protocols isis interface lo0.0 passive"
    yield "set protocols ldp track-igp-metric"
    yield f"set routing-options router-id {loopback}"
    yield "set routing-options autonomous-system 1"
    for interface in interfaces:
        yield f"set protocols isis interface {interface} point-to-point"
        yield f"set protocols ldp interface {interface}"
        yield f"set protocols mpls interface {interface}"


def reflector_group(loopback: str, neighbors: list[str], cluster: str = "") -> Iterator[str]:
    """Internal BGP of a PE or a route reflector."""
    group = "set protocols bgp group reflector"
    yield f"{group} type internal"
    yield f"{group} local-address {loopback}"
    yield f"{group} family inet-vpn unicast"
    if cluster:
        yield f"{group} cluster {cluster}"
    for neighbor in neighbors:
        yield f"{group} neighbor {neighbor}"


def provider_edge(vpn: str, site: int, side: int, link: str, peer: str) -> Iterator[str]:
    """The VRF of a PE with one CPE."""
    metric, preference = ((10, 150), (150, 10))[side]
    vrf = f"set routing-instances {vpn}"
    group = f"{vrf} protocols bgp group CPE"
    yield f"{vrf} instance-type vrf"
    yield f"{vrf} interface {link}"
    yield f"{vrf} route-distinguisher {vpn.removeprefix('vpn')}:1"
    yield f"{vrf} vrf-target target:{vpn.removeprefix('vpn')}:1"
    yield f"{vrf} vrf-table-label"
    yield f"{group} type external"
    yield f"{group} peer-as 65500"
    yield f"{group} as-override"
    yield f"{group} neighbor {peer} metric-out {metric}"
    yield f"{group} neighbor {peer} import leg"
    yield f"{group} neighbor {peer} export no-site"
    yield f"set policy-options policy-statement leg then local-preference {preference}"
    yield "set policy-options policy-statement leg then accept"
    yield "set policy-options policy-statement no-site term own from community site"
    yield "set policy-options policy-statement no-site term own then reject"
    yield "set policy-options policy-statement no-site term rest then accept"
    yield f"set policy-options community site members origin:1000:{site}"


def customer_edge(site: int, lan: str, host: int, pe: str, priority: int) -> Iterator[str]:
    """A CPE: eBGP to its PE, iBGP to the other CPE, VRRP on the LAN."""
    unit, other = "xe-0/0/1 unit 150", f"{lan}.{5 - host}"
    address = f"{unit} family inet address {lan}.{host}/24"
    yield f"set interfaces {unit} vlan-id 150"
    yield f"set interfaces {address} vrrp-group 1 virtual-address {lan}.1"
    yield f"set interfaces {address} vrrp-group 1 priority {priority}"
    yield f"set interfaces lo0 unit 0 family inet address {loopback(site, host)}/32"
    yield "set routing-options autonomous-system 65500"
    yield f"set routing-options static route {loopback(site, 4)}/32 next-hop {lan}.254"
    yield "set protocols bgp group pe type external"
    yield "set protocols bgp group pe export out"
    yield f"set protocols bgp group pe neighbor {pe} peer-as 1"
    yield "set protocols bgp group cpe type internal"
    yield "set protocols bgp group cpe export self"
    yield f"set protocols bgp group cpe neighbor {other}"
    yield "set policy-options policy-statement self then next-hop self"
    yield "set policy-options policy-statement out term local from protocol [ direct static ]"
    yield "set policy-options policy-statement out term local then community add site"
    yield "set policy-options policy-statement out term local then accept"
    yield f"set policy-options community site members origin:1000:{site}"


def loopback(site: int, host: int) -> str:
    """A loopback of a site's router."""
    return f"172.{16 + site // 64}.{site % 64 * 4 + host}.1"


def site_of(site: int, links: Links, texts: dict[str, list[str]], *, shared: bool) -> list[str]:
    """Add one site; the loopbacks of its PEs."""
    vpn = "vpn1" if shared else f"vpn{site + 1}"
    edges = [f"pe{site}a", f"pe{site}b"]
    backbone = [links.join(edges[0], edges[1])[2]]
    lan = f"192.168.{site}"
    found = []
    for side, edge in enumerate(edges):
        uplinks = [*backbone, links.join(edge, f"p{(site + side) % CORE}")[2]]
        texts[f"p{(site + side) % CORE}"].append(uplinks[-1])
        cpe = f"cpe{site}{'ab'[side]}"
        there, here, link = links.join(edge, cpe, "iso")
        address = f"10.{10 + site // 100}.{site % 100}.{side + 1}"
        lines = links.lines[edge]
        lines.extend(core_router(edge, address, 1000 + 2 * site + side, uplinks))
        lines.extend(reflector_group(address, list(REFLECTORS)))
        lines.extend(provider_edge(vpn, site, side, link, here))
        links.lines[cpe].extend(customer_edge(site, lan, 3 - side, there, (250, 150)[side]))
        found.append(address)
    customer = links.lines.setdefault(f"customer{site}", [])
    customer.append("set interfaces xe-0/0/0 unit 150 vlan-id 150")
    customer.append(f"set interfaces xe-0/0/0 unit 150 family inet address {lan}.254/24")
    customer.append(f"set interfaces lo0 unit 0 family inet address {loopback(site, 4)}/32")
    customer.append(f"set routing-options static route 0.0.0.0/0 next-hop {lan}.1")
    return found


def configurations(sites: int, *, shared: bool) -> dict[str, str]:
    """Every router's configuration, as set commands."""
    links = Links()
    ports: dict[str, list[str]] = {f"p{n}": [] for n in range(CORE)}
    for n in range(CORE):
        interface = links.join(f"p{n}", f"p{(n + 1) % CORE}")[2]
        ports[f"p{n}"].append(interface)
        ports[f"p{(n + 1) % CORE}"].append(interface)
    clients = [pe for s in range(sites) for pe in site_of(s, links, ports, shared=shared)]
    for n, address in enumerate(REFLECTORS):
        interface = links.join(f"rr{n}", f"p{n}")[2]
        ports[f"p{n}"].append(interface)
        links.lines[f"rr{n}"].extend(core_router(f"rr{n}", address, 900 + n, [interface]))
        links.lines[f"rr{n}"].extend(reflector_group(address, clients, address))
    for n in range(CORE):
        name = f"p{n}"
        links.lines[name].extend(core_router(name, f"10.9.9.{n + 1}", n + 1, ports[name]))
    return {name: "\n".join(lines) for name, lines in links.lines.items()}


def routers(texts: dict[str, str]) -> dict[str, Router]:
    """The models of every router."""
    return {name: build(effective(parse_set(text)))[""] for name, text in texts.items()}


def measure(size: int, *, shared: bool) -> str:
    """One line of the table: a network of about this many routers."""
    sites = max(1, (size - CORE - len(REFLECTORS)) // 5)
    start = time.process_time()
    models = routers(configurations(sites, shared=shared))
    parsed = time.process_time()
    network = Network()
    for name, model in models.items():
        network.add(name, model)
    simulated = network.converge()
    booted = time.process_time()
    target = Address.parse(loopback(sites - 1 if shared else 0, 4))
    source = Address.parse(loopback(0, 4))
    view = network.ping("customer0", target, source=source, count=1)
    answered = time.process_time()
    network.fault("link", "pe0a", "cpe0a")
    network.converge()
    changed = time.process_time()
    routes = sum(rib.counts()[1] for node in network.nodes.values() for rib in node.ribs.values())
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    reached = "yes" if view.probes and view.probes[0].reached else "NO"
    return (
        f"{len(models):>7} {parsed - start:>8.2f} {booted - parsed:>8.2f} {simulated:>8.1f} "
        f"{(changed - answered) * 1000:>9.1f} {(answered - booted) * 1000:>8.2f} "
        f"{routes:>9} {memory:>8.0f} {reached:>7}"
    )


def main() -> None:
    """Print the table, each size in a process of its own, so that memory is its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument("--vpn", choices=("own", "shared"), default="own")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(measure(options.one, shared=options.vpn == "shared"))
        return
    print(
        f"{'routers':>7} {'parse s':>8} {'boot s':>8} {'sim s':>8} {'change ms':>9} "
        f"{'ping ms':>8} {'routes':>9} {'MiB':>8} {'reached':>7}"
    )
    for size in options.sizes:
        command = [sys.executable, __file__, "--vpn", options.vpn, "--one", str(size)]
        print(subprocess.run(command, check=True, text=True, capture_output=True).stdout, end="")


if __name__ == "__main__":
    main()
