"""The rendered configuration of all routers against the facts of the complete lab."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from multihome.render.rendered import Rendered

pytestmark = pytest.mark.reference

LAB = Path(__file__).parents[2] / "../shared/reference/lab.yaml"
Render = Callable[..., Rendered]


@pytest.fixture(scope="module")
def lab() -> dict[str, Any]:
    if not LAB.is_file():
        pytest.skip("the facts of the lab are not beside this checkout")
    return YAML(typ="safe").load(LAB.read_text())


def lines(rendered: Render, router: str) -> set[str]:
    return {line.removeprefix("set ") for line in rendered(router).statements}


def unit(name: str, facts: dict[str, Any]) -> set[str]:
    port, _, number = name.partition(".")
    path = f"interfaces {port} unit {number}"
    wanted = {f"{path} description {facts['description']}"}
    address = f"{path} family inet address {facts['address']}"
    if vrrp := facts.get("vrrp"):
        group = f"{address} vrrp-group {vrrp['group']}"
        wanted |= {f"{group} virtual-address {vrrp['virtual-address']}"}
        wanted |= {f"{group} priority {vrrp['priority']}"}
    else:
        wanted.add(address)
    if "iso" in facts:
        wanted.add(f"{path} family iso address {facts['iso']}")
    if port != "lo0":
        wanted |= {f"{path} vlan-id {facts['vlan']}", f"{path} family inet mtu 1500"}
    if facts.get("core"):
        wanted |= {f"{path} family iso", f"{path} family mpls"}
    return wanted


def test_the_lab_s_routers_are_ours(lab: dict[str, Any], rendered: Render):
    assert all(lines(rendered, router) for router in lab["routers"])


def test_every_unit_of_every_router_is_rendered_and_no_other(lab: dict[str, Any], rendered: Render):
    for router, facts in lab["routers"].items():
        ours = lines(rendered, router)
        for name, about in facts["units"].items():
            assert unit(name, about) <= ours, f"{router} {name}"
        units = {tuple(line.split()[1:4:2]) for line in ours if " unit " in line and line[0] == "i"}
        assert units == {tuple(name.split(".")) for name in facts["units"]}, router


def test_every_static_route_and_identity_is_rendered(lab: dict[str, Any], rendered: Render):
    for router, facts in lab["routers"].items():
        wanted = set()
        for static in facts.get("static", ()):
            inside = f"routing-instances {static['instance']} " if "instance" in static else ""
            wanted.add(
                f"{inside}routing-options static route {static['route']} next-hop {static['next-hop']}"
            )
        for key in ("router-id", "autonomous-system"):
            if key in facts:
                wanted.add(f"routing-options {key} {facts[key]}")
        ours = {line for line in lines(rendered, router) if "routing-options" in line.split()[:3]}
        assert ours == wanted, router


def test_every_instance_holds_its_units(lab: dict[str, Any], rendered: Render):
    for router, facts in lab["routers"].items():
        wanted = {
            f"routing-instances {about['instance']} interface {name}"
            for name, about in facts["units"].items()
            if "instance" in about
        }
        ours = {
            line for line in lines(rendered, router) if " interface " in line and line[0] == "r"
        }
        assert ours == wanted, router


def test_the_core_s_protocols_run_where_they_run_in_the_lab(lab: dict[str, Any], rendered: Render):
    for router, facts in lab["routers"].items():
        ours = lines(rendered, router)
        ports = {name for name, about in facts["units"].items() if about.get("core")}
        loopbacks = {name for name, about in facts["units"].items() if "iso" in about}
        for protocol in ("isis", "ldp", "mpls"):
            start = f"protocols {protocol} interface "
            found = {line.removeprefix(start).split()[0] for line in ours if line.startswith(start)}
            assert found == ports | loopbacks, f"{router} {protocol}"
        assert ("protocols isis no-ipv6-routing" in ours) == (
            bool(ports) and router not in ("ceres", "jupiter")
        )
        assert ("protocols mpls no-propagate-ttl" in ours) == (facts["role"] == "pe")


def test_the_reflectors_and_their_sessions_are_the_lab_s(lab: dict[str, Any], rendered: Render):
    sessions = {frozenset(pair.split("-")) for pair in lab["core"]["ibgp"]["sessions"]}
    loopbacks = {
        about["address"].removesuffix("/32"): router
        for router, facts in lab["routers"].items()
        for about in facts["units"].values()
        if "iso" in about
    }
    start = "protocols bgp group reflector neighbor "
    found = {
        frozenset({router, loopbacks[line.removeprefix(start)]})
        for router in lab["routers"]
        for line in lines(rendered, router)
        if line.startswith(start)
    }
    assert found == sessions
    for router in lab["routers"]:
        clusters = {line for line in lines(rendered, router) if " cluster " in line}
        cluster = lab["core"]["ibgp"]["route reflectors"].get(router)
        assert bool(clusters) == bool(cluster)
        assert all(cluster == f"cluster {line.split()[-1]}" for line in clusters)
