"""What becomes of routes on their way through: AS paths, next hops, MEDs, communities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from bgp_texts import FIVE, ORIGIN, at, external, policy, speaker

from multihome.twin.addressing import Prefix

if TYPE_CHECKING:
    from collections.abc import Callable

    from multihome.twin.network import Network


def chain(
    middle: str = "", last: str = "", origin: str = ORIGIN, first: str = ""
) -> dict[str, str]:
    """AS 1 - AS 2 - AS 3 on two links; the first originates 5/8."""
    return {
        "a": speaker(1, 1, {"ge-0/0/0": "10.0.1.1/30"}, origin + first)
        + external("b", "10.0.1.2", 2, "export statics"),
        "b": speaker(2, 2, {"ge-0/0/0": "10.0.1.2/30", "ge-0/0/1": "10.0.2.1/30"}, middle)
        + external("a", "10.0.1.1", 1)
        + external("c", "10.0.2.2", 3),
        "c": speaker(3, 3, {"ge-0/0/0": "10.0.2.2/30"}, last) + external("b", "10.0.2.1", 2),
    }


def test_each_as_adds_its_number_and_its_own_next_hop(network: Callable[..., Network]) -> None:
    route = at(network(**chain()), "c")
    assert route.bgp.as_path == (2, 1)
    assert str(route.bgp.next_hop) == "10.0.2.1"
    assert route.bgp.local_preference == 100
    assert route.bgp.med is None


def test_a_med_goes_one_as_far(network: Callable[..., Network]) -> None:
    origin = ORIGIN.replace(
        "discard", "metric 7\nset routing-options static route 5.0.0.0/8 discard"
    )
    made = network(**chain(origin=origin))
    assert at(made, "b").bgp.med == 7
    assert at(made, "c").bgp.med is None


@pytest.mark.parametrize(
    ("statement", "action", "med"),
    [
        ("metric-out 30", None, 30),
        ("metric-out igp", None, 0),
        ("metric-out igp 5", None, 5),
        ("metric-out minimum-igp 6", None, 6),
        ("metric-out 30", "metric 9", 9),
        ("export p", "metric 9", 9),
        ("export p", "metric add 4", 4),
    ],
)
def test_the_med_is_what_policy_says_else_metric_out(
    network: Callable[..., Network], statement: str, action: str | None, med: int
) -> None:
    extra = f"set protocols bgp group c neighbor 10.0.2.2 {statement}\n"
    if action is not None:
        extra += policy(action) + "set protocols bgp group c neighbor 10.0.2.2 export p\n"
    assert at(network(**chain(middle=extra)), "c").bgp.med == med


@pytest.mark.parametrize(
    ("action", "attribute", "value"),
    [
        ('as-path-prepend "7 8"', "as_path", (7, 8, 2, 1)),
        ("as-path-expand last-as count 2", "as_path", (2, 1, 1, 1)),
        ("community add x", "communities", ("65000:1",)),
        ("origin egp", "origin", 1),
    ],
)
def test_export_policy_edits_what_is_sent(
    network: Callable[..., Network], action: str, attribute: str, value: object
) -> None:
    extra = policy(action) + "set protocols bgp group c neighbor 10.0.2.2 export p\n"
    made = network(**chain(middle=extra))
    assert getattr(at(made, "c").bgp, attribute) == value
    assert at(made, "b").bgp.as_path == (1,)


@pytest.mark.parametrize(("community", "arrives"), [("no-export", False), ("x", True)])
def test_no_export_stays_in_the_as(
    network: Callable[..., Network], community: str, *, arrives: bool
) -> None:
    first = policy(f"community add {community}", "tag")
    texts = chain(first=first)
    texts["a"] = (
        texts["a"]
        .replace("export statics", "export [ tag statics ]")
        .replace("set policy-options policy-statement tag then accept", "")
    )
    made = network(**texts)
    assert at(made, "b") is not None
    assert (at(made, "c") is not None) is arrives


def test_a_route_does_not_go_back_into_the_as_it_came_from(
    network: Callable[..., Network],
) -> None:
    texts = chain()
    texts["c"] = texts["c"].replace("autonomous-system 3", "autonomous-system 1")
    texts["b"] = texts["b"].replace("peer-as 3", "peer-as 1")
    made = network(**texts)
    bgp = made.nodes["b"].bgp
    to_c = next(peer for peer in bgp.peers() if str(peer.address) == "10.0.2.2")
    assert list(bgp.advertised(to_c)) == []
    texts["b"] += "set protocols bgp group c neighbor 10.0.2.2 advertise-peer-as\n"
    made = network(**texts)
    bgp = made.nodes["b"].bgp
    to_c = next(peer for peer in bgp.peers() if str(peer.address) == "10.0.2.2")
    assert len(list(bgp.advertised(to_c))) == 1
    assert at(made, "c") is None  # its own AS is in the path


@pytest.mark.parametrize(("loops", "kept"), [(1, False), (2, True)])
def test_the_own_as_in_a_path_is_a_loop(
    network: Callable[..., Network], loops: int, *, kept: bool
) -> None:
    texts = chain()
    texts["c"] = texts["c"].replace("autonomous-system 3", f"autonomous-system 1 loops {loops}")
    texts["b"] = texts["b"].replace("peer-as 3", "peer-as 1")
    texts["b"] += "set protocols bgp group c neighbor 10.0.2.2 advertise-peer-as\n"
    made = network(**texts)
    assert (at(made, "c") is not None) is kept


def test_keep_all_shows_a_looped_route_hidden(network: Callable[..., Network]) -> None:
    texts = chain(last="set protocols bgp keep all\n")
    texts["c"] = texts["c"].replace("autonomous-system 3", "autonomous-system 1")
    texts["b"] = texts["b"].replace("peer-as 3", "peer-as 1")
    texts["b"] += "set protocols bgp group c neighbor 10.0.2.2 advertise-peer-as\n"
    made = network(**texts)
    [route] = made.nodes["c"].rib("inet.0").entry(FIVE).routes
    assert route.hidden == "AS path loop"


def test_as_override_puts_the_own_number_in_the_place_of_the_peers(
    network: Callable[..., Network],
) -> None:
    texts = chain()
    texts["c"] = texts["c"].replace("autonomous-system 3", "autonomous-system 1")
    texts["b"] = texts["b"].replace("peer-as 3", "peer-as 1")
    texts["b"] += "set protocols bgp group c neighbor 10.0.2.2 as-override\n"
    assert at(network(**texts), "c").bgp.as_path == (2, 2)


def test_remove_private_strips_from_the_left(network: Callable[..., Network]) -> None:
    texts = chain()
    texts["a"] = texts["a"].replace("autonomous-system 1", "autonomous-system 64600")
    texts["b"] = texts["b"].replace("peer-as 1", "peer-as 64600")
    assert at(network(**texts), "c").bgp.as_path == (2, 64600)
    texts["b"] += "set protocols bgp group c neighbor 10.0.2.2 remove-private\n"
    assert at(network(**texts), "c").bgp.as_path == (2,)


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        ("", (2, 7, 64601, 64602)),
        (" all", (2, 7)),
        (" all replace", (2, 2, 7, 2, 2)),
        (" all replace nearest", (2, 2, 7, 7, 7)),
    ],
)
def test_remove_private_stops_at_a_public_number_unless_it_takes_all(
    network: Callable[..., Network], rule: str, path: tuple[int, ...]
) -> None:
    texts = chain()
    texts["a"] = texts["a"].replace("autonomous-system 1", "autonomous-system 64602")
    texts["b"] = texts["b"].replace("peer-as 1", "peer-as 64602")
    texts["b"] += f"""
set policy-options policy-statement in then as-path-prepend "64600 7 64601"
set protocols bgp group a neighbor 10.0.1.1 import in
set protocols bgp group c neighbor 10.0.2.2 remove-private{rule}
"""
    assert at(network(**texts), "c").bgp.as_path == path


@pytest.mark.parametrize(
    ("check", "path"), [("", (2, 64603, 64600)), (" no-peer-loop-check", (2,))]
)
def test_remove_private_leaves_the_peers_own_number_unless_told_otherwise(
    network: Callable[..., Network], check: str, path: tuple[int, ...]
) -> None:
    texts = chain()
    texts["a"] = texts["a"].replace("autonomous-system 1", "autonomous-system 64600")
    texts["b"] = texts["b"].replace("peer-as 1", "peer-as 64600").replace("as 3", "as 64603")
    texts["c"] = texts["c"].replace("autonomous-system 3", "autonomous-system 64603 loops 3")
    here = "set protocols bgp group c neighbor 10.0.2.2"
    texts["b"] += f"""
set policy-options policy-statement in then as-path-prepend "64601 64603"
set protocols bgp group a neighbor 10.0.1.1 import in
{here} advertise-peer-as
{here} remove-private{check}
"""
    assert at(network(**texts), "c").bgp.as_path == path


@pytest.mark.parametrize(
    ("options", "path"), [("", (77, 2, 1)), (" no-prepend-global-as", (77, 1))]
)
def test_a_local_as_disguises_this_end(
    network: Callable[..., Network], options: str, path: tuple[int, ...]
) -> None:
    texts = chain(middle=f"set protocols bgp group c neighbor 10.0.2.2 local-as 77{options}\n")
    texts["c"] = texts["c"].replace("peer-as 2", "peer-as 77")
    assert at(network(**texts), "c").bgp.as_path == path


def test_import_policy_rejects_and_the_route_is_hidden(network: Callable[..., Network]) -> None:
    reject = "set policy-options policy-statement none then reject\n"
    extra = reject + "set protocols bgp group b import none\n"
    made = network(**chain(last=extra))
    rib = made.nodes["c"].rib("inet.0")
    [route] = rib.entry(FIVE).routes
    assert route.hidden == "rejected by import policy"
    bgp = made.nodes["c"].bgp
    [peer] = bgp.peers()
    counts = peer.tables["inet.0"]
    assert (counts.received, counts.accepted, counts.active) == (1, 0, 0)
    assert [r.prefix for r in bgp.received(peer)] == [FIVE]


@pytest.mark.parametrize(
    ("action", "attribute", "value"),
    [("local-preference 50", "local_preference", 50), ("metric 5", "med", 5)],
)
def test_import_policy_edits_what_was_received_and_the_peer_view_shows_it_as_it_came(
    network: Callable[..., Network], action: str, attribute: str, value: int
) -> None:
    extra = policy(action) + "set protocols bgp group b import p\n"
    made = network(**chain(last=extra))
    assert getattr(at(made, "c").bgp, attribute) == value
    bgp = made.nodes["c"].bgp
    [received] = bgp.received(bgp.peers()[0])
    assert getattr(received.bgp, attribute) is None


def lan(extra_b: str = "") -> dict[str, str]:
    """Three ASes on one LAN, all through b."""
    return {
        "a": speaker(1, 1, {"ge-0/0/0": "10.0.1.1/24"}, ORIGIN)
        + external("b", "10.0.1.2", 2, "export statics"),
        "b": speaker(2, 2, {"ge-0/0/0": "10.0.1.2/24"}, extra_b)
        + external("a", "10.0.1.1", 1)
        + external("c", "10.0.1.3", 3),
        "c": speaker(3, 3, {"ge-0/0/0": "10.0.1.3/24"}) + external("b", "10.0.1.2", 2),
    }


def test_on_a_shared_subnet_the_next_hop_is_the_third_party(
    network: Callable[..., Network],
) -> None:
    assert str(at(network(**lan()), "c").bgp.next_hop) == "10.0.1.1"
    own = policy("next-hop self") + "set protocols bgp group c neighbor 10.0.1.3 export p\n"
    assert str(at(network(**lan(own)), "c").bgp.next_hop) == "10.0.1.2"


def test_advertise_inactive_brings_in_what_another_protocol_beats(
    network: Callable[..., Network],
) -> None:
    better = "set routing-options static route 5.0.0.0/8 discard\n"
    texts = chain(middle=better)
    assert at(network(**texts), "c") is None
    texts["b"] += "set protocols bgp group c advertise-inactive\n"
    assert at(network(**texts), "c").bgp.as_path == (2, 1)


def test_multipath_uses_both_ways(network: Callable[..., Network]) -> None:
    texts = chain()
    texts["a"] += "set interfaces ge-0/0/1 unit 0 family inet address 10.0.3.1/30\n"
    texts["a"] += external("b2", "10.0.3.2", 2, "export statics")
    texts["b"] += "set interfaces ge-0/0/2 unit 0 family inet address 10.0.3.2/30\n"
    texts["b"] += external("a", "10.0.3.1", 1)
    assert len(at(network(**texts), "b").next_hops) == 1
    texts["b"] += "set protocols bgp group a multipath\n"
    hops = at(network(**texts), "b").next_hops
    assert sorted(str(hop.to) for hop in hops) == ["10.0.1.1", "10.0.3.1"]


def test_what_a_policy_change_takes_back_is_withdrawn(
    network: Callable[..., Network], router: Callable[[str], Any]
) -> None:
    texts = chain(middle=policy("community add x") + "set protocols bgp group c export p\n")
    made = network(**texts)
    assert at(made, "c").bgp.communities == ("65000:1",)
    gone = (
        texts["b"]
        + "delete policy-options policy-statement p\n"
        + ("set policy-options policy-statement p then reject\n")
    )
    made.configure("b", router(gone))
    made.converge()
    assert at(made, "c") is None
    made.configure("b", router(texts["b"]))
    made.converge()
    assert at(made, "c").bgp.communities == ("65000:1",)
    [peer] = made.nodes["c"].bgp.peers()
    assert peer.flaps == 0


def test_an_update_tells_of_changes_alone(
    network: Callable[..., Network], router: Callable[[str], Any]
) -> None:
    texts = chain()
    made = network(**texts)
    before = made.nodes["c"].bgp.peers()[0].input_messages
    made.configure("a", router(texts["a"] + "set routing-options static route 6.0.0.0/8 discard\n"))
    made.converge()
    assert made.nodes["c"].bgp.peers()[0].input_messages == before + 1


@pytest.mark.parametrize(
    ("statement", "path"),
    [("", (2, 1)), (" as-path path 77", (2, 77)), (" policy none", None)],
)
def test_an_aggregate_has_the_path_its_contributors_share(
    network: Callable[..., Network], statement: str, path: tuple[int, ...] | None
) -> None:
    middle = f"""
set routing-options aggregate route 4.0.0.0/7
set routing-options aggregate route 4.0.0.0/7{statement}
set policy-options policy-statement none then reject
set policy-options policy-statement aggregates from protocol aggregate
set policy-options policy-statement aggregates then accept
set protocols bgp group c neighbor 10.0.2.2 export aggregates
"""
    found = at(network(**chain(middle=middle)), "c", Prefix.parse("4.0.0.0/7"))
    assert (None if found is None else found.bgp.as_path) == path
