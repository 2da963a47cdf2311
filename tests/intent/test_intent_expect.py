"""What the article shows, reasoned out from the intent; and what follows when the intent changes."""

from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network

import pytest

from multihome.errors import UnknownName
from multihome.intent.expect import STATES, expectations
from multihome.intent.expectation import (
    AnyExpectation,
    BgpSession,
    Path,
    Ping,
    ReceivedRoutes,
    RouteExpectation,
    RoutePath,
    Vrrp,
)
from multihome.intent.matcher import accepts
from multihome.intent.model import Intent

Load = Callable[[str], Intent]
SATURN, GENIUS = "10.0.0.12", "10.0.0.3"


def of(intent: Intent, router: str, kind: type, state: str = "steady") -> list[AnyExpectation]:
    return [item for item in expectations(intent, state, [router]) if isinstance(item, kind)]


def route(
    intent: Intent, router: str, table: str, prefix: str, state: str = "steady"
) -> RouteExpectation | None:
    found = [
        item
        for item in of(intent, router, RouteExpectation, state)
        if (item.table, item.prefix) == (table, IPv4Network(prefix))
    ]
    assert len(found) <= 1
    return found[0] if found else None


def active(*where: object) -> RoutePath:
    found = route(*where)
    assert found is not None
    assert found.active is not None
    return found.active


def hops(intent: Intent, start: str, target: str, state: str = "steady") -> list[str]:
    [path] = [p for p in of(intent, start, Path, state) if p.target == IPv4Address(target)]
    return [str(getattr(hop, "one_of", (hop,))[0]) for hop in path.hops]


def vrrp(intent: Intent, state: str = "steady") -> dict[str, tuple[str, int]]:
    found = [item for item in expectations(intent, state) if isinstance(item, Vrrp)]
    return {item.router: (item.state, item.priority) for item in found}


# --- the article's steady state --------------------------------------------------


def test_saturn_reaches_genius_through_luna_and_juno(intent: Intent):
    assert hops(intent, "saturn", GENIUS) == ["192.168.1.3", "4.0.0.22", "4.0.0.98", "10.0.0.3"]


def test_genius_reaches_saturn_the_same_way_back(intent: Intent):
    assert hops(intent, "genius", SATURN)[0] == "4.0.0.98"
    assert hops(intent, "genius", SATURN)[2:] == ["4.0.0.21", "10.0.0.12"]


def test_luna_uses_juno(intent: Intent):
    path = active(intent, "luna", "inet.0", "10.0.0.3/32")
    assert (path.med, path.local_preference, path.as_path) == (10, 100, "1 I")
    assert (str(path.next_hop), path.interface) == ("4.0.0.22", "xe-2/0/0.105")


def test_orcus_uses_luna_and_keeps_ceres(intent: Intent):
    found = route(intent, "orcus", "inet.0", "10.0.0.3/32")
    assert (found.active.med, str(found.active.next_hop)) == (10, "192.168.1.3")
    [other] = found.alternatives
    assert (other.med, str(other.next_hop)) == (150, "4.0.0.46")


def test_orcus_hears_fourteen_prefixes_of_ceres_and_uses_one(intent: Intent):
    [received] = [r for r in of(intent, "orcus", ReceivedRoutes) if str(r.peer) == "4.0.0.46"]
    assert len(received.prefixes) == 14
    assert received.active == {IPv4Network("4.0.0.20/30")}
    assert received.each.med == 150
    assert received.each.without_communities == {"origin:1000:1000"}
    assert IPv4Network("10.0.0.12/32") in received.excludes


def test_liber_uses_juno_by_way_of_the_first_reflector(intent: Intent):
    path = active(intent, "liber", "ipvpn.inet.0", "10.0.0.12/32")
    assert (path.local_preference, str(path.learned_from)) == (150, "10.0.0.2")
    assert (str(path.next_hop), path.interface) == ("4.0.0.58", "xe-2/0/0.114")
    assert (path.label_action, len(path.labels), str(path.originator)) == ("Push", 1, "10.0.0.5")
    assert path.communities == {"target:1:1", "origin:1000:1000"}


def test_ceres_has_three_ways_and_pushes_two_labels(intent: Intent):
    found = route(intent, "ceres", "ipvpn.inet.0", "10.0.0.12/32")
    assert (str(found.active.learned_from), found.active.local_preference) == ("10.0.0.5", 150)
    assert (str(found.active.next_hop), len(found.active.labels)) == ("4.0.0.18", 2)
    others = {(str(path.learned_from), path.local_preference) for path in found.alternatives}
    assert others == {("4.0.0.45", 10), ("10.0.0.4", 150)}


@pytest.mark.parametrize(
    ("router", "table", "destinations", "routes", "local"),
    [
        ("luna", "inet.0", 19, 21, 2),
        ("orcus", "inet.0", 19, 33, 2),
        ("liber", "ipvpn.inet.0", 20, 33, 2),
        ("ceres", "ipvpn.inet.0", 19, 33, 1),
        ("janus", "ipvpn.inet.0", 19, 31, 1),
    ],
)
def test_the_tables_have_the_sizes_that_the_source_shows(
    intent: Intent, router: str, table: str, destinations: int, routes: int, local: int
):
    found = [
        item
        for item in of(intent, router, RouteExpectation)
        if item.table == table and not item.absent
    ]
    # Local routes, one for each interface address, are nobody's wish and not expected.
    assert len(found) + local == destinations
    assert sum(1 + len(item.alternatives) for item in found) + local == routes


def test_after_the_session_is_gone_luna_s_table_shrinks_as_the_source_shows(intent: Intent):
    found = [
        item
        for item in of(intent, "luna", RouteExpectation, "primary-session-down")
        if item.table == "inet.0" and item.active
    ]
    assert (len(found) + 2, sum(1 + len(r.alternatives) for r in found) + 2) == (18, 19)


def test_luna_is_master_with_the_higher_priority(intent: Intent):
    assert vrrp(intent) == {"luna": ("master", 250), "orcus": ("backup", 150)}


def test_the_hold_time_is_the_lower_offer(intent: Intent):
    [session] = [s for s in of(intent, "juno", BgpSession) if s.instance == "ipvpn"]
    assert (session.hold_time, session.authentication) == (10, True)


def test_no_customer_route_may_be_outside_the_vrf(intent: Intent):
    absent = [r for r in of(intent, "juno", RouteExpectation) if r.absent]
    assert {r.table for r in absent} == {"inet.0"}
    assert {IPv4Network("10.0.0.12/32"), IPv4Network("192.168.1.0/24")} <= {
        r.prefix for r in absent
    }


# --- every state ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "way"),
    [
        ("steady", ["192.168.1.3", "4.0.0.22"]),
        ("primary-session-down", ["192.168.1.3", "192.168.1.2", "4.0.0.46"]),
        ("backup-session-down", ["192.168.1.3", "4.0.0.22"]),
        ("primary-link-down", ["192.168.1.3", "192.168.1.2", "4.0.0.46"]),
        ("primary-cpe-down", ["192.168.1.2", "4.0.0.46"]),
        ("backup-cpe-down", ["192.168.1.3", "4.0.0.22"]),
        ("primary-pe-down", ["192.168.1.3", "192.168.1.2", "4.0.0.46"]),
        ("primary-lan-down", ["192.168.1.2", "4.0.0.46"]),
        ("inter-cpe-down", ["192.168.1.3", "4.0.0.22"]),
    ],
)
def test_traffic_flows_in_every_state(intent: Intent, state: str, way: list[str]):
    assert hops(intent, "saturn", GENIUS, state) == [*way, "4.0.0.98", "10.0.0.3"]
    back = hops(intent, "genius", SATURN, state)
    cpe = "4.0.0.21" if way[-1] == "4.0.0.22" else "4.0.0.45"
    assert back[2:] == [cpe, "10.0.0.12"]


@pytest.mark.parametrize("state", STATES)
def test_every_expectation_says_where_it_comes_from_and_when_it_holds(intent: Intent, state: str):
    found = expectations(intent, state)
    assert len({item.identity for item in found}) == len(found)
    for item in found:
        assert item.origin.startswith("intent: ")
        assert item.when == {state}
        assert item.tags


@pytest.mark.parametrize("state", STATES)
def test_equal_intents_give_equal_expectations(intent: Intent, source: str, load: Load, state: str):
    assert expectations(intent, state) == expectations(load(source), state)


def test_the_states_differ_from_each_other(intent: Intent):
    bodies = {
        "\n".join(item.model_dump_json(exclude={"when"}) for item in expectations(intent, state))
        for state in STATES
    }
    assert len(bodies) == len(STATES)


@pytest.mark.parametrize("state", ["primary-cpe-down", "primary-pe-down"])
def test_nothing_is_asked_of_a_router_that_is_gone_nor_of_its_wires(intent: Intent, state: str):
    gone = "luna" if "cpe" in state else "juno"
    found = expectations(intent, state)
    assert gone not in {item.router for item in found}
    links = [
        r
        for r in found
        if isinstance(r, RouteExpectation) and r.prefix == IPv4Network("4.0.0.20/30")
    ]
    assert not links


def test_after_the_session_liber_sends_to_ceres(intent: Intent):
    path = active(intent, "liber", "ipvpn.inet.0", "10.0.0.12/32", "primary-session-down")
    assert (path.local_preference, str(path.protocol_next_hop)) == (10, "10.0.0.2")


def test_an_isolated_primary_cpe_keeps_its_loopback_in_the_vpn(intent: Intent):
    path = active(intent, "liber", "ipvpn.inet.0", "10.0.0.8/32", "primary-lan-down")
    assert path.local_preference == 150
    assert (
        active(intent, "liber", "ipvpn.inet.0", "10.0.0.12/32", "primary-lan-down").local_preference
        == 10
    )


# --- when the intent changes ------------------------------------------------------


def test_swapped_meds_send_the_site_s_traffic_by_the_other_leg(source: str, load: Load):
    swapped = source.replace("med: 10\n", "med: X\n").replace("med: 150", "med: 10")
    intent = load(swapped.replace("med: X", "med: 150"))
    assert hops(intent, "saturn", GENIUS)[:3] == ["192.168.1.3", "192.168.1.2", "4.0.0.46"]
    assert hops(intent, "genius", SATURN)[2:] == ["4.0.0.21", "10.0.0.12"]


def test_swapped_preferences_send_the_site_traffic_by_the_other_leg(source: str, load: Load):
    swapped = source.replace("local-preference: 150", "local-preference: X")
    swapped = swapped.replace("local-preference: 10\n", "local-preference: 150\n")
    intent = load(swapped.replace("local-preference: X", "local-preference: 10"))
    assert hops(intent, "saturn", GENIUS)[:2] == ["192.168.1.3", "4.0.0.22"]
    assert hops(intent, "genius", SATURN)[2:] == ["4.0.0.45", "10.0.0.12"]
    found = route(intent, "juno", "ipvpn.inet.0", "10.0.0.12/32")
    assert str(found.active.learned_from) == "10.0.0.2"
    assert [
        str(path.learned_from) for path in found.alternatives if path.local_preference == 10
    ] == ["4.0.0.21"]


def test_swapped_priorities_move_the_gateway(source: str, load: Load):
    swapped = source.replace("priority: 250", "priority: 151").replace(
        "priority: 150", "priority: 250"
    )
    intent = load(swapped)
    assert vrrp(intent) == {"luna": ("backup", 151), "orcus": ("master", 250)}
    assert hops(intent, "saturn", GENIUS)[:3] == ["192.168.1.2", "192.168.1.3", "4.0.0.22"]


def test_tracking_moves_the_gateway_with_the_uplink(source: str, load: Load):
    intent = load(source.replace("track-uplink: null", "track-uplink: 120"))
    assert vrrp(intent, "primary-link-down") == {"luna": ("backup", 130), "orcus": ("master", 150)}
    assert hops(intent, "saturn", GENIUS, "primary-link-down")[:2] == ["192.168.1.2", "4.0.0.46"]
    assert vrrp(intent, "primary-session-down")["luna"] == ("master", 250)


def test_with_the_pe_gone_the_gateway_may_be_either_as_the_wires_are(source: str, load: Load):
    intent = load(source.replace("track-uplink: null", "track-uplink: 120"))
    said = vrrp(intent, "primary-pe-down")
    assert [str(word) for word in said["luna"]] == ["one of master, backup", "one of 250, 130"]
    assert [str(word) for word in said["orcus"]] == ["one of backup, master", "150"]
    [path] = [p for p in of(intent, "saturn", Path, "primary-pe-down") if str(p.target) == GENIUS]
    assert path.hops is None
    assert list(map(str, path.passes)) == ["192.168.1.2", "4.0.0.46", GENIUS]


def test_what_the_gateway_watches_is_asserted_in_every_state(source: str, load: Load):
    intent = load(source.replace("track-uplink: null", "track-uplink: 120"))
    for state, words in (("steady", "up"), ("primary-link-down", "down")):
        [group] = of(intent, "luna", Vrrp, state)
        assert group.tracked == {"xe-2/0/0.105": words}


def test_what_a_failure_takes_with_it_must_be_gone(intent: Intent):
    state = "primary-cpe-down"
    for router in ("juno", "ceres", "liber"):
        assert route(intent, router, "ipvpn.inet.0", "10.0.0.8/32", state).absent
    down = [s for s in of(intent, "orcus", BgpSession, state) if s.down]
    assert [str(session.peer) for session in down] == ["192.168.1.3"]


def test_nothing_is_said_of_what_hangs_on_a_link_in_doubt(intent: Intent):
    assert route(intent, "vulcan", "inet.0", "0.0.0.0/0", "primary-pe-down") is None
    assert route(intent, "luna", "inet.0", "4.0.0.20/30", "primary-pe-down") is None


def test_advertised_inactive_paths_are_seen_by_the_primary_cpe(source: str, load: Load):
    intent = load(source.replace("advertise-inactive: false", "advertise-inactive: true"))
    found = route(intent, "luna", "inet.0", "10.0.0.3/32")
    assert found.active.med == 10
    assert [(path.med, str(path.next_hop)) for path in found.alternatives] == [(150, "192.168.1.2")]
    [session] = [s for s in of(intent, "luna", BgpSession) if str(s.peer) == "192.168.1.2"]
    assert session.tables["inet.0"].received == 14


def test_a_leg_s_values_are_those_of_the_intent(source: str, load: Load):
    intent = load(
        source.replace("med: 10\n", "med: 77\n").replace(
            "local-preference: 150", "local-preference: 177"
        )
    )
    assert active(intent, "luna", "inet.0", "10.0.0.3/32").med == 77
    assert active(intent, "liber", "ipvpn.inet.0", "10.0.0.12/32").local_preference == 177


def test_a_heavier_link_is_avoided(source: str, load: Load):
    heavy = source.replace(
        "xe-2/0/0.114, address: 4.0.0.57/30", "xe-2/0/0.114, address: 4.0.0.57/30, metric: 50"
    )
    path = active(load(heavy), "liber", "ipvpn.inet.0", "10.0.0.12/32")
    assert len(path.labels) == 2
    assert path.interface != "xe-2/0/0.114"


def test_equally_short_ways_are_all_allowed(source: str, load: Load):
    heavy = source.replace(
        "xe-2/0/0.114, address: 4.0.0.57/30", "xe-2/0/0.114, address: 4.0.0.57/30, metric: 30"
    )
    path = active(load(heavy), "liber", "ipvpn.inet.0", "10.0.0.12/32")
    assert accepts(path.interface, "xe-2/0/0.114")
    assert accepts(path.interface, "xe-2/0/0.112")
    assert path.labels is None


def test_with_ttl_propagation_only_the_sure_hops_are_asserted(source: str, load: Load):
    intent = load(source.replace("propagate-ttl: false", "propagate-ttl: true"))
    [path] = [p for p in of(intent, "saturn", Path) if str(p.target) == GENIUS]
    assert path.hops is None
    assert [str(hop) for hop in path.passes] == ["192.168.1.3", "4.0.0.22", "10.0.0.3"]


# --- names that nobody declared ---------------------------------------------------


def test_an_unknown_state_or_router_is_an_error(intent: Intent):
    with pytest.raises(UnknownName, match="network state 'stedy'"):
        expectations(intent, "stedy")
    with pytest.raises(UnknownName, match="router 'nemo'"):
        expectations(intent, "steady", ["nemo"])
    with pytest.raises(UnknownName, match="multihomed site 'mars'"):
        expectations(intent, "inter-cpe-down", site="mars")


def test_every_single_homed_site_is_pinged_from_saturn(intent: Intent):
    assert {str(p.target) for p in of(intent, "saturn", Ping)} == {
        "10.0.0.3",
        "10.0.0.10",
        "10.0.0.14",
        "10.0.0.15",
    }
