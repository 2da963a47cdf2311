"""Networks from set commands, and the article's lab from its facts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML

from multihome.twin.config.draft import Draft
from multihome.twin.config.formats.set_format import Commands
from multihome.twin.config.inherit import effective
from multihome.twin.junos.reader.router import build
from multihome.twin.network import Network

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from multihome.twin.junos.model.router import Router

FACTS = Path(__file__).parents[3] / "../shared/reference/lab.yaml"
VPN = "routing-instances ipvpn"


def router_of(text: str) -> Router:
    """The router that a list of set commands makes."""
    draft = Draft()
    problems = Commands(draft).run(text)
    assert not problems, problems
    return build(effective(draft.finish()))[""]


@pytest.fixture(scope="session")
def router() -> Callable[[str], Router]:
    return router_of


@pytest.fixture
def network() -> Callable[..., Network]:
    def make(**texts: str) -> Network:
        made = Network()
        for name, text in texts.items():
            made.add(name, router_of(text))
        made.converge(3600)
        return made

    return make


@pytest.fixture(scope="session")
def lab_texts() -> dict[str, str]:
    """Set commands of each router of the lab."""
    if not FACTS.exists():
        pytest.skip("the facts of the article's lab are not beside the checkout")
    facts = YAML(typ="safe").load(FACTS)
    return {name: "\n".join(_router(name, facts["routers"])) for name in facts["routers"]}


@pytest.fixture
def lab(lab_texts: dict[str, str]) -> Network:
    made = Network()
    for name, text in lab_texts.items():
        made.add(name, router_of(text))
    made.converge(3600)
    return made


def _router(name: str, routers: dict[str, Any]) -> Iterator[str]:
    facts = routers[name]
    yield f"set system host-name {name}"
    for unit, unit_facts in facts["units"].items():
        yield from _unit(unit, unit_facts)
    for route in facts.get("static", ()):
        holder = f"{VPN} " if "instance" in route else ""
        yield f"set {holder}routing-options static route {route['route']} next-hop {route['next-hop']}"
    if "router-id" in facts:
        yield f"set routing-options router-id {facts['router-id']}"
    if "autonomous-system" in facts:
        yield f"set routing-options autonomous-system {facts['autonomous-system']}"
    if facts["role"] in ("pe", "p"):
        yield from _core(facts)
    if facts["role"] == "pe":
        yield from _pe(name, facts, routers)
    if name in ("luna", "orcus"):
        yield from _multihomed_cpe(name)


def _unit(name: str, facts: dict[str, Any]) -> Iterator[str]:
    physical, unit = name.split(".")
    here = f"set interfaces {physical} unit {unit}"
    yield f"{here} description {facts['description']}"
    if "vlan" in facts:
        yield f"{here} vlan-id {facts['vlan']}"
    yield f"{here} family inet address {facts['address']}"
    if "iso" in facts:
        yield f"{here} family iso address {facts['iso']}"
    elif facts.get("core"):
        yield f"{here} family iso"
        yield f"{here} family mpls"
    if "instance" in facts:
        yield f"set routing-instances {facts['instance']} interface {name}"
    if "vrrp" in facts:
        vrrp = facts["vrrp"]
        group = f"{here} family inet address {facts['address']} vrrp-group {vrrp['group']}"
        yield f"{group} virtual-address {vrrp['virtual-address']}"
        yield f"{group} priority {vrrp['priority']}"


def _core(facts: dict[str, Any]) -> Iterator[str]:
    isis = "set protocols isis"
    yield f"{isis} level 1 disable"
    yield f"{isis} level 2 wide-metrics-only"
    yield f"{isis} level 2 authentication-type md5"
    yield f"{isis} level 2 authentication-key core-secret"
    yield f"{isis} lsp-lifetime 3600"
    yield f"{isis} spf-options delay 50"
    yield f"{isis} overload timeout 300"
    yield "set protocols ldp track-igp-metric"
    yield "set protocols ldp igp-synchronization holddown-interval 10"
    for name, unit in facts["units"].items():
        loopback = "iso" in unit
        if loopback:
            yield f"{isis} interface {name} passive"
        elif unit.get("core"):
            yield f"{isis} interface {name} point-to-point"
            yield f"{isis} interface {name} ldp-synchronization hold-time 10"
            yield f"{isis} interface {name} bfd-liveness-detection minimum-interval 100"
        else:
            continue
        yield f"set protocols ldp interface {name}"
        yield f"set protocols mpls interface {name}"


_SESSIONS = ("liber-janus", "liber-ceres", "juno-janus", "juno-ceres", "janus-ceres")
_REFLECTORS = {"ceres": "10.0.0.2", "janus": "10.0.0.4"}


def _pe(name: str, facts: dict[str, Any], routers: dict[str, Any]) -> Iterator[str]:
    yield "set protocols mpls no-propagate-ttl"
    group = "set protocols bgp group reflector"
    yield f"{group} type internal"
    yield f"{group} local-address {facts['router-id']}"
    yield f"{group} hold-time 0"
    yield f"{group} family inet unicast"
    yield f"{group} family inet-vpn unicast"
    yield f"{group} bfd-liveness-detection minimum-interval 500"
    yield f"{group} authentication-key core-bgp"
    if name in _REFLECTORS:
        yield f"{group} cluster {_REFLECTORS[name]}"
    for session in _SESSIONS:
        ends = session.split("-")
        if name in ends:
            far = ends[1 - ends.index(name)]
            yield f"{group} neighbor {routers[far]['router-id']} description {far}"
    yield f"set {VPN} instance-type vrf"
    yield f"set {VPN} route-distinguisher 1:1"
    yield f"set {VPN} vrf-target target:1:1"
    yield f"set {VPN} vrf-table-label"
    if name == "juno":
        yield from _leg("4.0.0.21", 10, "primary", 150)
    if name == "ceres":
        yield from _leg("4.0.0.45", 150, "secondary", 10)


def _leg(cpe: str, med: int, role: str, preference: int) -> Iterator[str]:
    policy = "set policy-options policy-statement multihomed-ipvpn"
    yield f"{policy} term no-cpe-originated from community cpe-originated-route"
    yield f"{policy} term no-cpe-originated then reject"
    yield f"{policy} term accept-rest then accept"
    yield f"{policy}-{role} then local-preference {preference}"
    yield f"{policy}-{role} then accept"
    yield "set policy-options community cpe-originated-route members origin:1000:1000"
    group = f"set {VPN} protocols bgp group CPE"
    yield f"{group} type external"
    yield f"{group} passive"
    yield f"{group} authentication-key pe-cpe"
    yield f"{group} peer-as 65500"
    yield f"{group} as-override"
    yield f"{group} neighbor {cpe} metric-out {med}"
    yield f"{group} neighbor {cpe} import multihomed-ipvpn-{role}"
    yield f"{group} neighbor {cpe} export multihomed-ipvpn"


def _multihomed_cpe(name: str) -> Iterator[str]:
    pe, cpe = {"luna": ("4.0.0.22", "192.168.1.2"), "orcus": ("4.0.0.46", "192.168.1.3")}[name]
    group = "set protocols bgp group pe-connection"
    yield f"{group} type external"
    yield f"{group} hold-time 10"
    yield f"{group} log-updown"
    yield f"{group} authentication-key pe-cpe"
    yield f"{group} export bgp-export"
    yield f"{group} peer-as 1"
    yield f"{group} neighbor {pe}"
    group = "set protocols bgp group cpe-connection"
    yield f"{group} type internal"
    yield f"{group} hold-time 10"
    yield f"{group} authentication-key cpe-cpe"
    yield f"{group} export cpe-connection"
    yield f"{group} peer-as 65500"
    yield f"{group} neighbor {cpe}"
    path = '"interfaces lo0 unit <*> family inet address <*>"'
    yield f"set policy-options prefix-list direct-lo0 apply-path {path}"
    policy = "set policy-options policy-statement bgp-export term"
    for term, condition in (
        ("direct", "protocol direct"),
        ("direct", "prefix-list direct-lo0"),
        ("Saturn-prefix", "protocol direct"),
        ("Saturn-prefix", "route-filter 192.168.1.0/24 exact"),
        ("Saturn-Lo0", "protocol static"),
    ):
        yield f"{policy} {term} from {condition}"
        yield f"{policy} {term} then community add cpe-originated-route"
        yield f"{policy} {term} then accept"
    yield "set policy-options policy-statement cpe-connection term all then next-hop self"
    yield "set policy-options community cpe-originated-route members origin:1000:1000"
