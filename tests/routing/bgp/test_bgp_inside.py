"""Inside an AS: full mesh or reflectors, next hops that the IGP must know, local preference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from bgp_texts import FIVE, ORIGIN, at, external, internal, policy, speaker

if TYPE_CHECKING:
    from collections.abc import Callable

    from multihome.twin.network import Network


OSPF = """
set protocols ospf area 0.0.0.0 interface all
set protocols ospf area 0.0.0.0 interface lo0.0 passive
"""


def inside(border: str = "", core: str = "", other: str = "", igp: str = OSPF) -> dict[str, str]:
    """outside (AS 9) - border - core - other, the last three in AS 1 with a full mesh."""
    links = {
        "border": {"ge-0/0/0": "10.0.1.1/30"},
        "core": {"ge-0/0/0": "10.0.1.2/30", "ge-0/0/1": "10.0.2.1/30"},
        "other": {"ge-0/0/0": "10.0.2.2/30"},
    }
    mesh = {
        "border": ("2.2.2.2", "3.3.3.3"),
        "core": ("1.1.1.1", "3.3.3.3"),
        "other": ("1.1.1.1", "2.2.2.2"),
    }
    texts = {
        name: speaker(number, 1, links[name], igp + extra)
        + internal(
            "mesh", *mesh[name], statements=(f"local-address {number}.{number}.{number}.{number}",)
        )
        for number, (name, extra) in enumerate(
            (("border", border), ("core", core), ("other", other)), start=1
        )
    }
    texts["border"] += "set interfaces ge-0/0/9 unit 0 family inet address 10.9.0.1/30\n"
    texts["border"] += "set protocols ospf area 0.0.0.0 interface ge-0/0/9.0 disable\n"
    texts["border"] += external("out", "10.9.0.2", 9)
    texts["outside"] = speaker(9, 9, {"ge-0/0/9": "10.9.0.2/30"}, ORIGIN) + external(
        "in", "10.9.0.1", 1, "export statics"
    )
    return texts


NEXT_HOP_SELF = (
    policy("next-hop self", "nhs").replace(
        "set policy-options policy-statement nhs then accept", ""
    )
    + "set protocols bgp group mesh export nhs\n"
)


def test_an_external_next_hop_unknown_inside_hides_the_route(
    network: Callable[..., Network],
) -> None:
    made = network(**inside())
    [route] = made.nodes["other"].rib("inet.0").entry(FIVE).routes
    assert route.hidden == "unusable path"
    assert str(route.bgp.next_hop) == "10.9.0.2"
    assert at(made, "other") is None


def test_next_hop_self_makes_it_usable(network: Callable[..., Network]) -> None:
    made = network(**inside(border=NEXT_HOP_SELF))
    route = at(made, "other")
    assert str(route.bgp.next_hop) == "1.1.1.1"
    assert str(route.next_hops[0].to) == "10.0.2.1"
    assert (route.bgp.as_path, route.bgp.local_preference) == ((9,), 100)
    assert route.metric2 == 2


def test_an_internal_route_is_not_told_on_inside(network: Callable[..., Network]) -> None:
    made = network(**inside(border=NEXT_HOP_SELF))
    assert len(made.nodes["other"].rib("inet.0").entry(FIVE).routes) == 1
    assert len(made.nodes["core"].rib("inet.0").entry(FIVE).routes) == 1


def test_a_change_of_the_igp_moves_the_route_and_its_metric(
    network: Callable[..., Network], router: Callable[[str], Any]
) -> None:
    texts = inside(border=NEXT_HOP_SELF)
    made = network(**texts)
    before = at(made, "other")
    changed = texts["core"] + "set protocols ospf area 0.0.0.0 interface ge-0/0/0.0 metric 50\n"
    made.configure("core", router(changed))
    made.converge()
    after = at(made, "other")
    assert (before.metric2, after.metric2) == (2, 51)
    assert after.installed == before.installed  # another way is not another route


def test_local_preference_of_a_session_travels_inside(network: Callable[..., Network]) -> None:
    extra = NEXT_HOP_SELF + "set protocols bgp group out local-preference 77\n"
    assert at(network(**inside(border=extra)), "other").bgp.local_preference == 77


@pytest.mark.parametrize(("action", "preference"), [("tag 1", 88), ("local-preference 99", 99)])
def test_an_internal_session_has_a_local_preference_that_policy_may_change(
    network: Callable[..., Network], action: str, preference: int
) -> None:
    """Junos OS BGP User Guide, `local-preference`: without it, what is present is not modified."""
    extra = (
        NEXT_HOP_SELF
        + f"""
    set protocols bgp group mesh local-preference 88
    set policy-options policy-statement nhs term again then {action}
    """
    )
    assert at(network(**inside(border=extra)), "other").bgp.local_preference == preference


def reflected(**extra: str) -> dict[str, str]:
    """As `inside`, but core reflects between border and other."""
    texts = inside(border=NEXT_HOP_SELF, **extra)
    for name, far in (("border", "3.3.3.3"), ("other", "1.1.1.1")):
        texts[name] += f"delete protocols bgp group mesh neighbor {far}\n"
    return texts


CLUSTER = "set protocols bgp group mesh cluster 2.2.2.2\n"


def test_a_reflector_tells_clients_and_says_where_the_route_came_in(
    network: Callable[..., Network],
) -> None:
    assert at(network(**reflected()), "other") is None
    route = at(network(**reflected(core=CLUSTER)), "other")
    assert str(route.learned_from) == "2.2.2.2"
    assert str(route.bgp.originator_id) == "1.1.1.1"
    assert [str(cluster) for cluster in route.bgp.cluster_list] == ["2.2.2.2"]
    assert str(route.bgp.next_hop) == "1.1.1.1"  # a reflector leaves the next hop alone


def test_no_client_reflect_leaves_that_to_the_mesh(network: Callable[..., Network]) -> None:
    extra = CLUSTER + "set protocols bgp group mesh no-client-reflect\n"
    assert at(network(**reflected(core=extra)), "other") is None


def test_a_route_reflected_by_the_own_cluster_is_dropped(network: Callable[..., Network]) -> None:
    sources = {}
    for name, core in (("other cluster", CLUSTER.replace("2.2.2.2", "7.7.7.7")), ("own", CLUSTER)):
        made = network(**inside(border=NEXT_HOP_SELF, core=core, other=CLUSTER))
        entry = made.nodes["core"].rib("inet.0").entry(FIVE)
        sources[name] = {str(route.learned_from) for route in entry.routes}
    assert sources == {"other cluster": {"1.1.1.1", "3.3.3.3"}, "own": {"1.1.1.1"}}


def test_advertise_external_tells_the_mesh_of_the_own_way_out(
    network: Callable[..., Network],
) -> None:
    second_exit = (
        "set interfaces ge-0/0/8 unit 0 family inet address 10.8.0.1/30\n"
        "set protocols ospf area 0.0.0.0 interface ge-0/0/8.0 disable\n"
        + external("out", "10.8.0.2", 8)
        + NEXT_HOP_SELF
    )
    texts = inside(
        border=NEXT_HOP_SELF + "set protocols bgp group out local-preference 200\n",
        other=second_exit,
    )
    texts["second"] = speaker(8, 8, {"ge-0/0/8": "10.8.0.2/30"}, ORIGIN) + external(
        "in", "10.8.0.1", 1, "export statics"
    )
    made = network(**texts)
    paths = {r.bgp.as_path for r in made.nodes["core"].rib("inet.0").entry(FIVE).routes}
    assert paths == {(9,)}
    texts["other"] += "set protocols bgp group mesh advertise-external\n"
    made = network(**texts)
    paths = {r.bgp.as_path for r in made.nodes["core"].rib("inet.0").entry(FIVE).routes}
    assert paths == {(9,), (8,)}
