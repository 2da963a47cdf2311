"""Designs that are nobody's lab: each says what its tables must show, before it is booted.

Whatever is taken out of their configurations, on the way or from the start, the tables agree.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from multihome.twin.addressing import Prefix
from multihome.twin.junos.aspath import words_of
from multihome.twin.network import Network

if TYPE_CHECKING:
    from collections.abc import Callable

    from multihome.twin.junos.model.router import Router
    from multihome.twin.routing.route import Route

VRF = "routing-instances"


def lines(text: str, *more: str) -> str:
    """Set commands; a line's words below `in: ` go in front of those that follow."""
    found, inside = [], ""
    for line in filter(None, (each.strip() for each in "\n".join((text, *more)).splitlines())):
        if line.startswith("in:"):
            inside = f"{line.removeprefix('in:').strip()} "
        else:
            found.append(f"set {inside.lstrip()}{line}\n")
    return "".join(found)


def core(number: int, *ports: int) -> str:
    """A router of AS 1 with IS-IS and LDP; port N is link N, the hub of them has number 9."""
    text = f"""
        interfaces lo0 unit 0 family inet address 10.0.0.{number}/32
        interfaces lo0 unit 0 family iso address 49.0001.0000.0000.{number:04}.00
        routing-options router-id 10.0.0.{number}
        routing-options autonomous-system 1
        protocols isis level 1 disable
        protocols isis interface lo0.0 passive
    """
    for port in ports:
        name, end = f"ge-0/0/{port}", 1 if number == 9 else 2
        text += f"""
            interfaces {name} unit 0 family inet address 10.1.{port}.{end}/30
            interfaces {name} unit 0 family iso
            interfaces {name} unit 0 family mpls
            protocols isis interface {name}.0 point-to-point
            protocols ldp interface {name}.0
            protocols mpls interface {name}.0
        """
    return text


def vpn(number: int, group: str, *peers: int) -> str:
    neighbors = "\n".join(f"neighbor 10.0.0.{peer}" for peer in peers)
    return f"""
        in: protocols bgp group {group}
        type internal
        local-address 10.0.0.{number}
        family inet-vpn unicast
        {neighbors}
        in:
    """


def vrf(name: str, distinguisher: str, port: str, statements: str) -> str:
    return f"""
        in: {VRF} {name}
        instance-type vrf
        route-distinguisher {distinguisher}
        interface {port}
        vrf-table-label
        {statements}
        in:
    """


# --- the designs -----------------------------------------------------------------------


def hierarchy() -> dict[str, str]:
    """PEs 1 and 2 below reflector 8, which is a client of reflector 9, as PE 3 is."""

    def pe(number: int, reflector: int) -> str:
        own = f"interfaces ge-0/0/9 unit 0 family inet address 20.0.{number}.1/30"
        customer = vrf("v", f"1:{number}", "ge-0/0/9.0", "vrf-target target:1:1")
        return lines(core(number, number), own, vpn(number, "i", reflector), customer)

    down = "protocols bgp group down cluster 1.1.1.1"
    top = "protocols bgp group i cluster 9.9.9.9"
    return {
        "pe1": pe(1, 8),
        "pe2": pe(2, 8),
        "pe3": pe(3, 9),
        "low": lines(core(8, 8), vpn(8, "down", 1, 2), down, vpn(8, "up", 9)),
        "top": lines(core(9, 1, 2, 3, 8), vpn(9, "i", 8, 3), top),
    }


def customer(number: int, system: int, *more: str) -> str:
    """A CE on 30.0.N.0/30 with 40.0.0.N behind it."""
    return lines(
        f"""
        interfaces ge-0/0/0 unit 0 family inet address 30.0.{number}.2/30
        interfaces lo0 unit 0 family inet address 40.0.0.{number}/32
        routing-options autonomous-system {system}
        policy-options policy-statement lo from interface lo0.0
        policy-options policy-statement lo then accept
        protocols bgp group p export lo
        protocols bgp group p neighbor 30.0.{number}.1 peer-as 1
        """,
        *more,
    )


def star() -> dict[str, str]:
    """Spokes that export one target and import another; what they say comes by the hub's CE."""

    def spoke(number: int) -> str:
        statements = f"""
            vrf-target import target:1:100
            vrf-target export target:1:200
            protocols bgp group c as-override
            protocols bgp group c neighbor 30.0.{number}.2 peer-as 65000
        """
        port = f"interfaces ge-0/0/9 unit 0 family inet address 30.0.{number}.1/30"
        own = vrf("s", f"1:{number}", "ge-0/0/9.0", statements)
        text = lines(core(number, number), port, vpn(number, "i", 9), own)
        return text + lines("routing-options autonomous-system loops 2")

    heard = """
        vrf-target import target:1:200
        vrf-target export target:9:9
        protocols bgp group c neighbor 30.0.31.2 peer-as 65100
    """
    said = """
        vrf-target import target:9:8
        vrf-target export target:1:100
        routing-options autonomous-system 1 loops 2
        protocols bgp group c neighbor 30.0.32.2 peer-as 65100
    """
    ports = """
        interfaces ge-0/0/7 unit 0 family inet address 30.0.31.1/30
        interfaces ge-0/0/8 unit 0 family inet address 30.0.32.1/30
    """
    hub = (vrf("in", "1:31", "ge-0/0/7.0", heard), vrf("out", "1:32", "ge-0/0/8.0", said))
    turn = """
        interfaces ge-0/0/0 unit 0 family inet address 30.0.31.2/30
        interfaces ge-0/0/1 unit 0 family inet address 30.0.32.2/30
        routing-options autonomous-system 65100
        policy-options policy-statement none then reject
        protocols bgp group p peer-as 1
        protocols bgp group p neighbor 30.0.31.1 export none
        protocols bgp group p neighbor 30.0.32.1 advertise-peer-as
    """
    return {
        "pe1": spoke(1),
        "pe2": spoke(2),
        "ce1": customer(1, 65000),
        "ce2": customer(2, 65000),
        "hub": lines(core(9, 1, 2), ports, vpn(9, "i", 1, 2), *hub),
        "turn": lines(turn),
    }


def extranet() -> dict[str, str]:
    """Two customers of one PE that see a third's services and not each other."""
    text = "routing-options autonomous-system 1\n"
    for place, (name, wanted) in enumerate((("a", "a s"), ("b", "b s"), ("s", "a b s")), 1):
        statements = f"""
            vrf-import in-{name}
            vrf-export out-{name}
            routing-options auto-export
        """
        text += f"""
            interfaces ge-0/0/{place} unit 0 family inet address 30.0.{place}.1/24
            policy-options community {name} members target:1:{place}
            policy-options policy-statement in-{name} term t from community [ {wanted} ]
            policy-options policy-statement in-{name} term t then accept
            policy-options policy-statement out-{name} then community add {name}
            policy-options policy-statement out-{name} then accept
        """ + vrf(name, f"1:{place}", f"ge-0/0/{place}.0", statements)
    return {"pe": lines(text)}


def conditional() -> dict[str, str]:
    """A default route for the customer as long as the upstream has the one route that counts."""
    edge = """
        interfaces ge-0/0/0 unit 0 family inet address 30.0.8.1/30
        interfaces ge-0/0/1 unit 0 family inet address 30.0.1.1/30
        routing-options autonomous-system 1
        routing-options generate route 0.0.0.0/0 policy counts
        in: policy-options policy-statement
        counts term t from protocol bgp
        counts term t from route-filter 40.0.0.8/32 exact
        counts term t then accept
        counts term r then reject
        out term t from protocol aggregate
        out term t then accept
        out term r then reject
        in: protocols bgp group
        u neighbor 30.0.8.2 peer-as 8
        c export out
        c neighbor 30.0.1.2 peer-as 65000
    """
    return {"edge": lines(edge), "up": customer(8, 8), "ce": customer(1, 65000)}


def shared_lan() -> dict[str, str]:
    """Three ASes on one LAN, two of them with a session to the one in the middle alone."""

    def speaker(number: int, *peers: int) -> str:
        return lines(
            f"""
            interfaces ge-0/0/0 unit 0 family inet address 10.0.0.{number}/24
            interfaces lo0 unit 0 family inet address 40.0.0.{number}/32
            routing-options autonomous-system {number}
            policy-options policy-statement lo from interface lo0.0
            policy-options policy-statement lo then accept
            protocols bgp group e export lo
            """,
            *(f"protocols bgp group e neighbor 10.0.0.{peer} peer-as {peer}" for peer in peers),
        )

    return {"left": speaker(1, 2), "middle": speaker(2, 1, 3), "right": speaker(3, 2)}


DESIGNS = {
    design.__name__: design() for design in (hierarchy, star, extranet, conditional, shared_lan)
}

# --- what they show ----------------------------------------------------------------------


def at(made: Network, router: str, prefix: str, table: str = "inet.0") -> Any:
    return made.nodes[router].rib(table).active(Prefix.parse(prefix))


def bgp_of(made: Network, router: str, table: str = "inet.0") -> set[str]:
    return {str(route.prefix) for route in made.nodes[router].rib(table).actives() if route.bgp}


def test_clusters_add_up_on_the_way_down_a_hierarchy(network: Callable[..., Network]) -> None:
    made = network(**DESIGNS["hierarchy"])
    for router, prefix, clusters in (
        ("pe1", "20.0.2.0/30", ["1.1.1.1"]),
        ("pe1", "20.0.3.0/30", ["1.1.1.1", "9.9.9.9"]),
        ("pe3", "20.0.1.0/30", ["9.9.9.9", "1.1.1.1"]),
    ):
        route = at(made, router, prefix, "v.inet.0")
        origin = f"10.0.0.{prefix.split('.')[2]}"
        assert [str(cluster) for cluster in route.bgp.cluster_list] == clusters
        assert (str(route.bgp.originator_id), str(route.bgp.next_hop)) == (origin, origin)


def test_spokes_meet_at_the_hub(network: Callable[..., Network]) -> None:
    made = network(**DESIGNS["star"])
    assert words_of(at(made, "ce1", "40.0.0.2/32").bgp.as_path) == ["1", "65100", "1", "1"]
    by_spoke, by_hub = (
        str(at(made, router, "40.0.0.2/32", table).bgp.next_hop)
        for router, table in (("hub", "in.inet.0"), ("pe1", "s.inet.0"))
    )
    assert (by_spoke, by_hub) == ("10.0.0.2", "10.0.0.9")
    made.fault("link", "hub", "turn")
    made.converge()
    assert "40.0.0.2/32" not in bgp_of(made, "ce1")


def test_an_extranet_is_not_transitive(network: Callable[..., Network]) -> None:
    made = network(**DESIGNS["extranet"])
    seen = {
        name: {str(route.prefix) for route in made.nodes["pe"].rib(f"{name}.inet.0").actives()}
        for name in "abs"
    }
    subnets = {number: f"30.0.{number}.0/24" for number in (1, 2, 3)}
    assert {prefix for prefix in seen["a"] if prefix.endswith("/24")} == {subnets[1], subnets[3]}
    assert {prefix for prefix in seen["b"] if prefix.endswith("/24")} == {subnets[2], subnets[3]}
    assert {prefix for prefix in seen["s"] if prefix.endswith("/24")} == {*subnets.values()}


def test_a_default_route_depends_on_another(network: Callable[..., Network]) -> None:
    made = network(**DESIGNS["conditional"])
    default = at(made, "ce", "0.0.0.0/0")
    assert (bgp_of(made, "ce"), words_of(default.bgp.as_path)) == ({"0.0.0.0/0"}, ["1", "8"])
    assert [str(hop.to) for hop in at(made, "edge", "0.0.0.0/0").next_hops] == ["30.0.8.2"]
    for broken in (True, False):
        made.fault("interface", "up", "lo0.0", on=broken)
        made.converge()
        assert (at(made, "ce", "0.0.0.0/0") is None) is broken


def test_nobody_goes_by_the_middle_of_a_lan(network: Callable[..., Network]) -> None:
    route = at(network(**DESIGNS["shared_lan"]), "left", "40.0.0.3/32")
    assert [str(hop.to) for hop in route.next_hops] == ["10.0.0.3"]
    assert words_of(route.bgp.as_path) == ["2", "3"]


# --- and on the way there ----------------------------------------------------------------


def tables(made: Network) -> dict[tuple[str, str], list[str]]:
    """What every table holds, without what is a matter of arrival: labels, ages."""
    return {
        (name, table): found
        for name, node in made.nodes.items()
        for table, rib in node.ribs.items()
        if table != "mpls.0"
        and (found := sorted(plain(route) for entry in rib.entries() for route in entry.routes))
    }


def plain(route: Route) -> str:
    hops = [(str(hop.to), hop.via, len(hop.labels)) for hop in route.next_hops]
    path = None if route.bgp is None else replace(route.bgp, vpn_label=None)
    return f"{route.prefix} {route.protocol} {route.preference} {route.hidden} {hops} {path}"


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", DESIGNS)
def test_what_is_taken_out_is_as_if_it_had_never_been(
    router: Callable[[str], Router], name: str, seed: int
) -> None:
    dice = Random(f"{name}{seed}")
    made, texts = Network(), dict(DESIGNS[name])
    for each, text in texts.items():
        made.add(each, router(text))
    made.converge()
    for pause in (0.0, 0.1, 200.0):
        changed = dice.choice([*texts])
        kept = texts[changed].splitlines()
        kept.remove(dice.choice(kept))
        texts[changed] = "\n".join(kept)
        made.configure(changed, router(texts[changed]))
        made.clock.advance_to(made.clock.now + pause)
    made.converge()
    cold = Network()
    for each in dice.sample([*texts], len(texts)):
        cold.add(each, router(texts[each]))
    cold.converge()
    assert tables(made) == tables(cold)
