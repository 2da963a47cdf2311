"""No worse than found: what a change touches, what it declares, and what is harm."""

from datetime import UTC, datetime
from ipaddress import ip_network

import pytest
from pydantic import SecretStr

from multihome.change.statements import statements_of
from multihome.check.harm.before import red_before
from multihome.check.harm.declared import Declared, neighbors_left
from multihome.check.harm.judgement import judge, missing, restless, went_down
from multihome.check.harm.names import Party, names
from multihome.check.harm.scope import Scopes
from multihome.check.harm.shared import at_least
from multihome.check.harm.touched import Touched
from multihome.check.result import CheckResult, Finding, Verdict
from multihome.intent.expect import expectations
from multihome.intent.expectation import (
    BgpSession,
    Interface,
    IsisAdjacency,
    LdpSession,
    Path,
    Ping,
    PrefixCounts,
    ReceivedRoutes,
    RouteExpectation,
    RoutePath,
    Vrrp,
)
from multihome.intent.load import load_intent
from multihome.intent.matcher import AtLeast
from multihome.inventory.project import default_project
from multihome.inventory.targets import read_inventory
from multihome.render.render import render
from multihome.render.secrets import Secrets
from multihome.state.snapshot.archive import open_snapshot, writing
from multihome.state.snapshot.compare import Change
from multihome.state.snapshot.lasting import lasting
from multihome.state.snapshot.row import COLUMNS, Kind, Row, prefix_order

SITE = Party("ipvpn", "saturn")


@pytest.fixture(scope="module")
def intent():
    project = default_project()
    return load_intent(project.intent, read_inventory(project).roles)


def touching(intent, **lines):
    """What `router=[lines]` touches."""
    return Touched(intent, {router: statements_of(router, some) for router, some in lines.items()})


# --- what a change touches ------------------------------------------------------------------

CPE = "set routing-instances ipvpn protocols bgp group CPE"
LEG = BgpSession(router="juno", peer="4.0.0.21", instance="ipvpn", group="CPE")
OTHER_END = BgpSession(router="luna", peer="4.0.0.22", group="pe-connection")
REFLECTOR = BgpSession(router="juno", peer="10.0.0.2", group="reflector")
PORT = Interface(router="juno", interface="xe-2/0/1.105")
FAR_PORT = Interface(router="luna", interface="xe-2/0/0.105")
OTHER_PORT = Interface(router="juno", interface="xe-2/0/0.119")


@pytest.mark.parametrize(
    ("router", "line", "touched", "untouched"),
    [
        ("juno", f"{CPE} neighbor 4.0.0.21 hold-time 9", [LEG, OTHER_END], [REFLECTOR, PORT]),
        ("juno", f"{CPE} hold-time 9", [LEG], [REFLECTOR, PORT]),
        ("juno", f"{CPE} neighbor 4.0.0.99 hold-time 9", [], [LEG, OTHER_END, REFLECTOR]),
        (
            "luna",
            "set protocols bgp group pe-connection hold-time 9",
            [LEG, OTHER_END],
            [REFLECTOR],
        ),
        (
            "juno",
            "delete interfaces xe-2/0/1 unit 105 family inet",
            [PORT, FAR_PORT, LEG],
            [OTHER_PORT],
        ),
        ("juno", "set interfaces xe-2/0/1 mtu 9000", [PORT], [OTHER_PORT]),
        ("juno", "activate routing-instances ipvpn", [LEG, OTHER_END], [PORT]),
        ("juno", "activate routing-instances ipvpn protocols", [LEG, OTHER_END], [PORT]),
        ("juno", "activate protocols", [REFLECTOR], [PORT]),
        ("juno", "activate interfaces", [PORT, FAR_PORT, OTHER_PORT, LEG], []),
        ("juno", "activate routing-options", [REFLECTOR], [PORT]),
        ("juno", "set routing-options autonomous-system 7", [REFLECTOR], [PORT]),
        (
            "juno",
            "set protocols isis interface xe-2/0/1.102 metric 5",
            [IsisAdjacency(router="juno", interface="xe-2/0/1.102")],
            [IsisAdjacency(router="juno", interface="xe-2/0/1.103"), LEG],
        ),
        (
            "juno",
            "set protocols isis level 2 wide-metrics-only",
            [IsisAdjacency(router="juno", interface="xe-2/0/1.103")],
            [LEG, Vrrp(router="luna", interface="xe-2/0/1.150", group=1)],
        ),
        (
            "juno",
            "set protocols ldp session 10.0.0.1 authentication-key x",
            [LdpSession(router="juno", neighbor="10.0.0.1")],
            [LdpSession(router="juno", neighbor="10.0.0.6")],
        ),
        ("juno", "set system host-name other", [], [LEG, PORT, REFLECTOR]),
    ],
)
def test_a_statement_touches_what_it_names_at_both_ends(intent, router, line, touched, untouched):
    found = touching(intent, **{router: [line]})
    assert [each for each in touched if not found.check(each)] == []
    assert [each for each in untouched if found.check(each)] == []


GENIUS_PING = Ping(router="saturn", target="10.0.0.3")
SATURN_ROUTE = RouteExpectation(
    router="liber", table="ipvpn.inet.0", prefix="10.0.0.12/32", count=1
)
GENIUS_ROUTE = RouteExpectation(router="juno", table="ipvpn.inet.0", prefix="10.0.0.3/32", count=1)


def test_a_way_is_touched_by_its_site_and_by_whatever_in_the_core_is_of_no_site(intent):
    site = touching(
        intent, juno=["set policy-options policy-statement multihomed-ipvpn-primary then accept"]
    )
    assert site.sites == {SITE}
    assert site.check(SATURN_ROUTE)
    assert site.check(GENIUS_PING)
    assert not site.check(GENIUS_ROUTE)
    core = touching(intent, juno=["set protocols bgp group reflector hold-time 30"])
    assert core.check(GENIUS_ROUTE)
    assert not core.moves_hops
    assert touching(intent, sol=["set protocols isis level 2 disable"]).moves_hops
    assert not touching(intent, juno=["set snmp community x"]).check(GENIUS_ROUTE)


def test_a_router_of_a_customer_is_of_its_site(intent):
    known = names(intent)
    assert {known.routers[name] for name in ("luna", "orcus", "saturn")} == {SITE}
    assert known.routers["juno"] == Party("", "juno")
    assert known.of_network(ip_network("10.0.0.12/32")) == SITE


# --- red before -----------------------------------------------------------------------------


def failed(check, attribute="state", actual="down", cause="", *, follows=False):
    finding = Finding(
        check.router, check.subject, attribute, "x", actual, Verdict.FAIL, cause=cause,
        follows=follows,
    )  # fmt: skip
    return CheckResult(check.identity, check.router, (finding,))


def excused(intent, touched, failing, before=None):
    checks = list(failing)
    results = {n: failing[check] for n, check in enumerate(checks)}
    told = before or results
    found = red_before(checks, told, results, touched)
    return [checks[n] for n in sorted(found)]


def test_what_was_red_and_is_not_touched_does_not_count(intent):
    touched = touching(intent, juno=[f"{CPE} neighbor 4.0.0.21 hold-time 9"])
    found = {check: failed(check) for check in (LEG, REFLECTOR, OTHER_PORT)}
    assert excused(intent, touched, found) == [REFLECTOR, OTHER_PORT]


def test_a_way_to_a_party_that_is_red_by_itself_does_not_count(intent):
    touched = touching(intent, luna=["set protocols bgp group pe-connection hold-time 9"])
    off = Interface(router="genius", interface="xe-2/0/0.124")
    assert excused(intent, touched, {GENIUS_PING: failed(GENIUS_PING)}) == []
    found = {GENIUS_PING: failed(GENIUS_PING), off: failed(off)}
    assert excused(intent, touched, found) == [GENIUS_PING, off]


def test_what_follows_from_what_was_red_before_does_not_count(intent):
    touched = touching(intent, luna=["set protocols bgp group pe-connection hold-time 9"])
    link = IsisAdjacency(router="mars", interface="xe-2/0/1.108")
    found = {
        link: failed(link, cause="the link is down"),
        SATURN_ROUTE: failed(SATURN_ROUTE, "protocol", cause="the link is down", follows=True),
    }
    assert excused(intent, touched, found) == [link, SATURN_ROUTE]
    found[SATURN_ROUTE] = failed(SATURN_ROUTE, "protocol", cause="another", follows=True)
    assert excused(intent, touched, found) == [link]


def test_other_hops_through_the_core_count_only_if_the_change_is_about_them(intent):
    path = Path(router="saturn", target="10.0.0.3", hops=("10.9.9.9",))
    through = SATURN_ROUTE.model_copy(update={"active": RoutePath(label_action="Push")})
    found = {path: failed(path, "hops"), through: failed(through, "next-hop")}
    site = touching(intent, luna=["set protocols bgp group pe-connection hold-time 9"])
    core = touching(intent, sol=["set protocols isis level 2 disable"])
    assert excused(intent, site, found) == [path, through]
    assert excused(intent, core, found) == []


def test_a_session_that_carries_what_it_carried_does_not_count_a_new_one_does(intent):
    touched = touching(intent, juno=[f"{CPE} neighbor 4.0.0.21 hold-time 9"])
    now = {LEG: failed(LEG, "ipvpn.inet.0 received", "16")}
    assert excused(intent, touched, now, {0: failed(LEG, "ipvpn.inet.0 received", "16")}) == [LEG]
    assert excused(intent, touched, now, {0: failed(LEG, "ipvpn.inet.0 received", "14")}) == []
    assert excused(intent, touched, now, {0: failed(LEG, "neighbor", "none")}) == []


def test_a_vpn_that_is_shared_is_asked_for_at_least_what_is_known():
    own = ReceivedRoutes(router="a", peer="192.0.2.1", count=3, origin="checks/x.yaml:1")
    derived = [
        BgpSession(
            router="a", peer="192.0.2.1", origin="intent: x", tables={"t": PrefixCounts(received=3)}
        ),
        ReceivedRoutes(
            router="a", peer="192.0.2.1", origin="intent: x", count=1, prefixes={"192.0.2.0/24"}
        ),
    ]
    session, received, kept = at_least([*derived, own])
    assert session.tables["t"].received == AtLeast(at_least=3)
    assert (received.prefixes, received.count) == (None, AtLeast(at_least=1))
    assert received.includes == {ip_network("192.0.2.0/24")}
    assert kept == own


# --- differences ----------------------------------------------------------------------------


def row(kind, key, **values):
    table, _, destination = key.partition(" ")
    order = f"{table}\x00{prefix_order(destination)}" if kind is Kind.ROUTE else key
    return Row(kind, order, key, tuple(values.get(n.replace("-", "_"), "") for n in COLUMNS[kind]))


def route(table, prefix, **values):
    return row(Kind.ROUTE, f"{table} {prefix}", **{"protocol": "BGP", "preference": "170"} | values)


def session(peer, state="Established", flaps="0"):
    return row(Kind.BGP, f"{peer} ipvpn", state=state, flaps=flaps)


@pytest.fixture
def shot(tmp_path):
    """Write a snapshot of `router=[rows]`."""
    counter = iter(range(99))

    def write(**rows):
        path = tmp_path / f"{next(counter):02d}"
        with writing(path, datetime.now(UTC)) as writer:
            for router, some in rows.items():
                for kind in Kind:
                    writer.add(router, kind, [each for each in some if each.kind is kind])
        return open_snapshot(path)

    return write


@pytest.fixture
def harm(intent, shot):
    """What is harm between two states of the network, after a change with these statements."""

    def judged(before, after, touched=None, checks=(), fulfilled=(), *, midway=False):
        old, new = shot(**before), shot(**after)
        scopes = Scopes(intent)
        told = {each: set() for each in neighbors_left((touched or Touched(intent)).statements)}
        for router, some in before.items():
            for each in some:
                scopes.learn(router, each)
                teller = (
                    each.values[COLUMNS[Kind.ROUTE].index("learned-from")]
                    if each.kind is Kind.ROUTE
                    else ""
                )
                if (router, teller) in told:
                    told[router, teller] |= scopes.of(router, *each.key.split(" "))
        declared = Declared(
            touched or Touched(intent), checks, frozenset(fulfilled), scopes,
            {key: frozenset(some) for key, some in told.items()}, midway=midway,
        )  # fmt: skip
        found = judge(old, new, declared)
        return [f"{each.router} {each.key} {each.change}" for each in found.harm]

    return judged


ANCHOR = route("ipvpn.inet.0", "10.0.0.1/32")
FOREIGN = route("ipvpn.inet.0", "10.99.0.0/24", next_hop="192.0.2.1", learned_from="10.0.0.2")


@pytest.mark.parametrize(
    ("after", "change"),
    [
        ([], "lost"),
        ([FOREIGN._replace(values=("Static", *FOREIGN.values[1:]))], "moved"),
        ([route("ipvpn.inet.0", "10.99.0.0/24", next_hop="192.0.2.9", learned_from="10.0.0.2")], "moved"),
        ([route("ipvpn.inet.0", "10.99.0.0/24", next_hop="192.0.2.1", learned_from="10.0.0.2", med="5")], "changed"),
    ],
)  # fmt: skip
def test_whatever_happens_to_a_foreign_route_is_harm(harm, after, change):
    assert harm({"liber": [FOREIGN]}, {"liber": after}) == [
        f"liber ipvpn.inet.0 10.99.0.0/24 {change}"
    ]


def test_a_foreign_route_is_harmed_also_by_a_change_that_names_it(intent, harm):
    line = "routing-instances ipvpn routing-options static route 10.99.0.0/24"
    touched = touching(intent, liber=[f"set {line} discard"])
    assert harm({"liber": [FOREIGN]}, {"liber": []}, touched)
    assert harm({"liber": [ANCHOR]}, {"liber": [ANCHOR, FOREIGN]}, touched)


def test_a_foreign_session_that_flapped_or_went_is_harm_also_within_a_group_of_ours(intent, harm):
    touched = touching(intent, juno=[f"{CPE} hold-time 9"])
    before = {"juno": [session("4.0.0.21"), session("192.0.2.7")]}
    flapped = {"juno": [session("4.0.0.21", flaps="1"), session("192.0.2.7", flaps="1")]}
    gone = {"juno": [session("4.0.0.21"), session("192.0.2.7", "Idle")]}
    checks = (LEG,)
    assert harm(before, flapped, touched, checks) == ["juno 192.0.2.7 ipvpn flapped"]
    assert harm(before, gone, touched, checks) == ["juno 192.0.2.7 ipvpn changed"]
    assert len(harm(before, flapped, None, checks)) == 2


def test_what_a_check_now_holds_of_is_declared_in_its_vpn_and_nowhere_else(harm):
    new = route("ipvpn.inet.0", "10.0.0.12/32", learned_from="10.0.0.2")
    reflected = route("bgp.l3vpn.0", "1:1:10.0.0.12/32", learned_from="10.0.0.5")
    other_vpn = route("bgp.l3vpn.0", "7:7:10.0.0.12/32", learned_from="10.0.0.5")
    leaked = route("inet.0", "10.0.0.12/32", learned_from="10.0.0.5")
    after = {"liber": [leaked, ANCHOR, new], "ceres": [reflected, other_vpn]}
    before = {"liber": [ANCHOR], "ceres": []}
    assert harm(before, after, checks=(SATURN_ROUTE,), fulfilled=(0,)) == [
        "ceres bgp.l3vpn.0 7:7:10.0.0.12/32 gained",
        "liber inet.0 10.0.0.12/32 gained",
    ]
    assert len(harm(before, after, checks=(SATURN_ROUTE,))) == 4


def test_a_table_of_another_name_is_of_the_vpn_if_it_carried_its_target(harm):
    held = route("blue.inet.0", "10.99.0.0/24", communities="target:1:1")
    new = route("blue.inet.0", "10.0.0.12/32", communities="target:1:1")
    before, after = {"far": [held]}, {"far": [new, held]}
    assert harm(before, after, checks=(SATURN_ROUTE,), fulfilled=(0,)) == []
    held = route("red.inet.0", "10.99.0.0/24", communities="target:9:9")
    new = route("red.inet.0", "10.0.0.12/32", communities="target:9:9 target:1:1")
    before, after = {"far": [held]}, {"far": [new, held]}
    assert harm(before, after, checks=(SATURN_ROUTE,), fulfilled=(0,))


def test_a_route_over_one_that_moved_and_is_declared_follows_it(harm):
    core = RouteExpectation(router="liber", table="inet.3", prefix="10.0.0.5/32", count=1)

    def network(hop, **foreign):
        return {
            "liber": [
                route("inet.3", "10.0.0.5/32", protocol="LDP", next_hop=hop, interface=f"via-{hop}"),
                route("ipvpn.inet.0", "10.99.0.0/24", next_hop=hop, interface=f"via-{hop}", **foreign),
            ]
        }  # fmt: skip

    assert harm(network("a"), network("b"), checks=(core,), fulfilled=(0,)) == []
    assert harm(network("a"), network("b", med="7"), checks=(core,), fulfilled=(0,)) == [
        "liber ipvpn.inet.0 10.99.0.0/24 moved"
    ]
    assert len(harm(network("a"), network("b"), checks=(core,))) == 2


def test_what_was_ours_and_left_the_intent_is_declared_with_what_it_told(intent, harm):
    touched = touching(
        intent,
        liber=[
            "delete routing-instances ipvpn routing-options static route 10.98.0.0/24 next-hop 1.1.1.1",
            "delete routing-instances ipvpn protocols bgp group OLD neighbor 192.0.2.7",
        ],
    )
    before = {
        "liber": [
            session("192.0.2.7"),
            route("ipvpn.inet.0", "10.97.0.0/24", learned_from="192.0.2.7"),
            route("ipvpn.inet.0", "10.98.0.0/24", protocol="Static"),
            FOREIGN,
        ],
        "juno": [
            route("ipvpn.inet.0", "10.97.0.0/24", learned_from="10.0.0.2"),
            route("ipvpn.inet.0", "10.98.0.0/24", learned_from="10.0.0.2"),
            FOREIGN,
        ],
    }
    assert harm(before, {"liber": [FOREIGN], "juno": [FOREIGN]}, touched) == []
    assert harm(before, {"liber": [], "juno": [FOREIGN]}, touched) == [
        "liber ipvpn.inet.0 10.99.0.0/24 lost"
    ]


def test_midway_only_what_is_foreign_counts(harm):
    known = route("ipvpn.inet.0", "10.0.0.12/32", learned_from="10.0.0.2")
    before, after = {"liber": [known, FOREIGN]}, {"liber": []}
    assert harm(before, after, checks=(SATURN_ROUTE,), midway=True) == [
        "liber ipvpn.inet.0 10.99.0.0/24 lost"
    ]
    assert len(harm(before, after, checks=(SATURN_ROUTE,))) == 2


def test_what_moves_by_itself_before_the_change_is_no_harm(intent, shot):
    first, second = shot(juno=[session("192.0.2.7")]), shot(juno=[session("192.0.2.7", flaps="1")])
    third = shot(juno=[session("192.0.2.7", flaps="2")])
    moving = restless(first, second)
    declared = Declared(Touched(intent), (), (), Scopes(intent))
    assert judge(second, third, declared, (), moving).harm == ()
    (harmed,) = judge(second, third, declared).harm
    assert harmed.change is Change.FLAPPED
    assert went_down(harmed)


def test_after_it_is_undone_only_what_is_not_there_is_missing(shot):
    before = shot(juno=[session("192.0.2.7"), FOREIGN])
    grown = shot(juno=[session("192.0.2.7", flaps="3"), FOREIGN])
    down = shot(juno=[session("192.0.2.7", "Active"), FOREIGN])
    assert missing(before, grown) == ()
    assert [each.kind for each in missing(before, down)] == [Kind.BGP]
    assert [each.kind for each in missing(before, shot(juno=[session("192.0.2.7")]))] == [
        Kind.ROUTE
    ]


def test_a_router_that_is_not_seen_any_more_is_not_known_to_be_as_before(intent, shot):
    before, after = shot(juno=[FOREIGN], far=[FOREIGN]), shot(juno=[FOREIGN])
    declared = Declared(Touched(intent), (), (), Scopes(intent))
    assert {each.router for each in judge(before, after, declared).unseen} == {"far"}
    assert judge(after, before, declared).unseen == ()


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (route("a.inet.0", "10.0.0.0/8", labels="Push 299776"), route("a.inet.0", "10.0.0.0/8", labels="Push 17"), True),
        (route("a.inet.0", "10.0.0.0/8", labels="Push 3"), route("a.inet.0", "10.0.0.0/8", labels="Push 17"), False),
        (route("mpls.0", "299776", protocol="LDP"), None, True),
        (route("mpls.0", "1000001", protocol="Static"), None, False),
        (route("inet.0", "224.0.0.5/32", protocol="OSPF"), None, True),
        (route("inet.0", "10.0.0.0/8", protocol="OSPF"), None, False),
        (row(Kind.INTERFACE, "lsi.0", admin="up"), None, True),
        (row(Kind.INTERFACE, "xe-0/0/0.0", admin="up"), None, False),
    ],
)  # fmt: skip
def test_what_a_router_numbers_by_itself_is_no_difference(one, other, equal):
    assert (lasting(one) == (other and lasting(other))) is equal


def test_every_derived_check_of_a_new_network_is_touched_by_its_whole_configuration(intent):
    """Or a network that comes up wrong would be excused as red before."""
    project = default_project()
    names = ("pe-cpe", "cpe-cpe", "isis", "ldp", "ibgp")
    secrets = Secrets(dict.fromkeys(names, SecretStr("x")))
    lines = {
        router: render(project, intent, router, secrets).statements for router in intent.routers
    }
    found = touching(intent, **lines)
    assert [str(each.identity) for each in expectations(intent) if not found.check(each)] == []
