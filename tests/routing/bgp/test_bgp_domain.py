"""Whose AS numbers make a loop, how often they may be seen, and where a local AS stands in a path."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from multihome.twin.addressing import Prefix

if TYPE_CHECKING:
    from collections.abc import Callable

    from multihome.twin.network import Network
    from multihome.twin.routing.route import Route

NINE = Prefix.parse("9.9.0.0/16")


def ring(last: str = "", middle: str = "") -> dict[str, str]:
    """AS 100 - AS 200 - AS 300 - AS 100: the first originates, the last hears its own number."""
    links = {
        "a": ("100", [("12", "10.0.12.1/30", "10.0.12.2", "200")]),
        "b": ("200", [("12", "10.0.12.2/30", "10.0.12.1", "100"), ("23", "10.0.23.1/30", "10.0.23.2", "300")]),
        "c": ("300", [("23", "10.0.23.2/30", "10.0.23.1", "200"), ("34", "10.0.34.1/30", "10.0.34.2", "100")]),
        "d": ("100", [("34", "10.0.34.2/30", "10.0.34.1", "300")]),
    }  # fmt: skip
    texts = {}
    for number, (name, (own, ends)) in enumerate(links.items(), 1):
        lines = [
            f"set routing-options autonomous-system {own}",
            f"set routing-options router-id 9.0.0.{number}",
        ]
        for unit, address, peer, peer_as in ends:
            lines += [
                f"set interfaces ge-0/0/0 unit {unit} vlan-id {unit}",
                f"set interfaces ge-0/0/0 unit {unit} family inet address {address}",
                f"set protocols bgp group to-{peer_as} type external",
                f"set protocols bgp group to-{peer_as} neighbor {peer} peer-as {peer_as}",
            ]
        texts[name] = "\n".join(lines)
    texts["a"] += """
    set routing-options static route 9.9.0.0/16 discard
    set policy-options policy-statement s from protocol static
    set policy-options policy-statement s then accept
    set protocols bgp export s
    """
    texts["b"] += "\n" + middle
    texts["d"] += "\n" + last
    return texts


def at(network: Network, name: str) -> Route | None:
    return network.nodes[name].rib("inet.0").active(NINE)


@pytest.mark.parametrize(
    ("statement", "kept"),
    [
        ("", False),
        ("set protocols bgp family inet unicast loops 1", True),
        ("set routing-options autonomous-system 100 loops 1", False),
        ("set routing-options autonomous-system 100 loops 2", True),
        ("set protocols bgp group to-300 local-as 100 loops 2", True),
    ],
)
def test_loops_of_a_family_may_be_seen_so_often_and_loops_of_an_as_may_not(
    network: Callable[..., Network], statement: str, *, kept: bool
) -> None:
    """Junos OS CLI Reference: `loops (BGP Address Family)`, `loops (Autonomous System)`."""
    route = at(network(**ring(last=statement)), "d")
    assert (route is not None) is kept
    if route is not None and route.bgp is not None:
        assert route.bgp.as_path == (300, 200, 100)


VRF = """
set routing-instances v instance-type virtual-router
set routing-instances v routing-options autonomous-system 100{}
"""


@pytest.mark.parametrize(("option", "kept"), [("", False), (" independent-domain", True)])
def test_the_numbers_of_every_instance_make_a_loop(
    network: Callable[..., Network], option: str, *, kept: bool
) -> None:
    """Junos OS: loop detection uses the AS numbers configured on all routing instances."""
    texts = ring()
    texts["c"] += VRF.format(option)
    assert (at(network(**texts), "c") is not None) is kept


def test_the_number_of_another_instance_may_go_and_come(
    network: Callable[..., Network], router: Callable[[str], object]
) -> None:
    texts = ring()
    made = network(**texts)
    made.configure("c", router(texts["c"] + VRF.format("")))
    made.converge()
    assert at(made, "c") is None
    made.configure("c", router(texts["c"]))
    made.converge()
    assert at(made, "c") is not None


LOCAL = "set protocols bgp group to-100 local-as 222{}"


@pytest.mark.parametrize(
    ("options", "path"),
    [("", (200, 222, 100)), (" private", (200, 100)), (" no-prepend-global-as", (200, 222, 100))],
)
def test_a_local_as_stands_in_front_of_what_its_peer_sent(
    network: Callable[..., Network], options: str, path: tuple[int, ...]
) -> None:
    """Junos OS BGP User Guide, `local-as`: `private` hides it from everybody else."""
    texts = ring(middle=LOCAL.format(options))
    texts["a"] = texts["a"].replace("peer-as 200", "peer-as 222")
    route = at(network(**texts), "c")
    assert route is not None
    assert route.bgp is not None
    assert route.bgp.as_path == path


def test_a_local_as_does_not_hide_where_a_route_came_from(
    network: Callable[..., Network],
) -> None:
    """Back into the AS it came from it does not go, though another number stands in front."""
    texts = ring(middle=LOCAL.format(""))
    texts["a"] = texts["a"].replace("peer-as 200", "peer-as 222")
    texts["b"] += """
    set interfaces ge-0/0/0 unit 25 vlan-id 25
    set interfaces ge-0/0/0 unit 25 family inet address 10.0.25.1/30
    set protocols bgp group to-100 neighbor 10.0.25.2 peer-as 100
    """
    texts["e"] = """
    set interfaces ge-0/0/0 unit 25 vlan-id 25
    set interfaces ge-0/0/0 unit 25 family inet address 10.0.25.2/30
    set routing-options autonomous-system 100 loops 5
    set routing-options router-id 9.0.0.5
    set protocols bgp group b type external
    set protocols bgp group b neighbor 10.0.25.1 peer-as 222
    """
    made = network(**texts)
    assert at(made, "e") is None
    bgp = made.nodes["b"].bgp
    peer = next(view for view in bgp.peers() if str(view.address) == "10.0.25.2")
    assert peer.state == "Established"
    assert list(bgp.advertised(peer)) == []


def test_a_vrf_with_a_local_as_has_the_as_of_the_router_behind_it(
    network: Callable[..., Network],
) -> None:
    """An instance without `autonomous-system` is in the router's AS: both numbers are sent."""
    made = network(
        pe="""
        set routing-options autonomous-system 65000
        set routing-options router-id 9.0.0.1
        set interfaces ge-0/0/0 unit 7 vlan-id 7
        set interfaces ge-0/0/0 unit 7 family inet address 10.0.7.1/30
        set routing-instances v instance-type vrf
        set routing-instances v route-distinguisher 1:7
        set routing-instances v vrf-target target:1:7
        set routing-instances v interface ge-0/0/0.7
        set routing-instances v routing-options static route 9.9.0.0/16 discard
        set routing-instances v protocols bgp group ce type external
        set routing-instances v protocols bgp group ce local-as 64900
        set routing-instances v protocols bgp group ce export s
        set routing-instances v protocols bgp group ce neighbor 10.0.7.2 peer-as 64500
        set policy-options policy-statement s from protocol static
        set policy-options policy-statement s then accept
        """,
        ce="""
        set routing-options autonomous-system 64500
        set routing-options router-id 9.0.0.2
        set interfaces ge-0/0/0 unit 7 vlan-id 7
        set interfaces ge-0/0/0 unit 7 family inet address 10.0.7.2/30
        set protocols bgp group pe type external
        set protocols bgp group pe neighbor 10.0.7.1 peer-as 64900
        """,
    )
    route = at(made, "ce")
    assert route is not None
    assert route.bgp is not None
    assert route.bgp.as_path == (64900, 65000)


@pytest.mark.parametrize(
    ("option", "via"), [("", "10.0.23.1"), (" no-nexthop-change", "10.0.12.1")]
)
def test_a_multihop_session_may_leave_the_next_hop_alone(
    network: Callable[..., Network], option: str, via: str
) -> None:
    """Junos OS BGP User Guide, `multihop no-nexthop-change`."""
    texts = ring()
    texts["b"] += f"\nset protocols bgp group to-300 neighbor 10.0.23.2 multihop{option}"
    texts["c"] += """
    set protocols bgp group to-200 neighbor 10.0.23.1 multihop ttl 2
    set routing-options static route 10.0.12.0/30 next-hop 10.0.23.1
    """
    route = at(network(**texts), "c")
    assert route is not None
    assert route.bgp is not None
    assert str(route.bgp.next_hop) == via


def test_a_neighbour_for_other_families_alone_is_sent_no_inet_routes(
    router: Callable[[str], object],
) -> None:
    text = """
    set routing-options autonomous-system 1
    set protocols bgp group g type internal
    set protocols bgp group g neighbor 10.0.0.1 family inet6 unicast
    set protocols bgp group g neighbor 10.0.0.2 description plain
    """
    six, plain = router(text).instances["master"].bgp.neighbors
    assert (six.families, plain.families) == ((), ("inet-unicast",))
