"""Foreign statements that contradict ours: each kind is named with both statements, or is not there."""

from collections.abc import Callable

import pytest

from multihome.render.ownership.changes import Choice, path_of
from multihome.render.rendered import Rendered
from multihome.twin.config.formats.set_format import print_set
from multihome.twin.config.load import load, parse_set

Render = Callable[..., Rendered]


def text(*lines: str) -> str:
    outcome = load(parse_set(""), "\n".join(lines) + "\n", action="set", strict=False)
    assert outcome.ok, outcome.problems
    return print_set(outcome.root)


def after(configuration: str, script: str) -> str:
    outcome = load(parse_set(configuration), script, action="set", strict=False)
    assert outcome.ok, outcome.problems
    return print_set(outcome.root)


CPE = "routing-instances ipvpn protocols bgp group CPE"
TO_PE = "protocols bgp group pe-connection"
UNIT = "interfaces xe-2/0/1 unit 105"
LAN = "interfaces xe-2/0/1 unit 150 family inet address 192.168.1.3/24"
KINDS = [
    ("juno", "value", [f"set {UNIT} vlan-id 106"]),
    ("juno", "value", ["set routing-options autonomous-system 7"]),
    ("juno", "value", ["set routing-instances ipvpn instance-type virtual-router"]),
    ("juno", "value", [f'set {CPE} authentication-key "$9$abcdefgh"']),
    ("juno", "order", [f"set {CPE} neighbor 4.0.0.21 import theirs"]),
    ("luna", "order", [f"set {TO_PE} export theirs"]),
    ("luna", "policy", [f"set {TO_PE} neighbor 4.0.0.22 import theirs"]),
    ("luna", "policy", ["set protocols bgp import theirs"]),
    ("luna", "order", ["set policy-options policy-statement bgp-export term a then reject"]),
    ("juno", "order", ["set policy-options policy-statement multihomed-ipvpn-primary term a then reject"]),
    ("luna", "term", ["set policy-options policy-statement bgp-export term direct from tag 5"]),
    ("juno", "term", ["set policy-options policy-statement multihomed-ipvpn-primary from tag 5"]),
    ("juno", "list", ["set policy-options community cpe-originated-route members 1:2"]),
    ("luna", "list", ["set policy-options prefix-list direct-lo0 10.0.0.0/8"]),
    ("luna", "session", [f"set {TO_PE} neighbor 4.0.0.22 hold-time 9"]),
    ("luna", "session", [f"set {TO_PE} neighbor 4.0.0.22 authentication-key-chain x"]),
    ("luna", "session", [f"set {TO_PE} local-as 77"]),
    ("luna", "session", [f"set {TO_PE} damping"]),
    ("luna", "session", [f"set {TO_PE} passive"]),
    ("juno", "session", [f"set {CPE} neighbor 4.0.0.21 shutdown"]),
    ("juno", "session", ["set protocols bgp group reflector neighbor 10.0.0.2 disable"]),
    ("juno", "session", ["set protocols bgp local-as 99"]),
    ("juno", "session", ["set routing-instances ipvpn protocols bgp multihop ttl 3"]),
    ("juno", "limit", ["set protocols bgp group reflector family inet-vpn unicast prefix-limit maximum 9"]),
    ("juno", "family", ["set protocols bgp group reflector neighbor 10.0.0.4 family inet unicast"]),
    ("luna", "family", [f"set {TO_PE} family inet6 unicast"]),
    ("luna", "family", ["set protocols bgp family inet6 unicast"]),
    ("juno", "limit", ["set routing-instances ipvpn routing-options maximum-prefixes 9"]),
    ("juno", "neighbor", ["set routing-instances ipvpn protocols bgp group O neighbor 4.0.0.21 peer-as 1"]),
    ("juno", "filter", [f"set {UNIT} family inet filter input theirs"]),
    ("juno", "filter", ["set interfaces lo0 unit 5 family inet filter output theirs"]),
    ("juno", "filter", [f"set {UNIT} family inet rpf-check"]),
    ("juno", "interface", [f"set {UNIT} disable"]),
    ("juno", "disabled", ["set interfaces xe-2/0/1 disable"]),
    ("juno", "bundle", ["set interfaces xe-2/0/1 gigether-options 802.3ad ae0"]),
    ("juno", "value", ["set interfaces xe-2/0/1 flexible-vlan-tagging"]),
    ("juno", "tagging", ["set interfaces xe-2/0/1 native-vlan-id 5"]),
    ("juno", "vlan", ["set interfaces xe-2/0/1 unit 7 vlan-id 105"]),
    ("juno", "address", [f"set {UNIT} family inet address 4.0.0.21/30"]),
    ("juno", "address", ["set interfaces xe-9/0/0 unit 0 family inet address 4.0.0.10/24"]),
    ("juno", "address", [f"set {UNIT} family inet address 4.0.0.22/30 broadcast 4.0.0.23"]),
    ("juno", "distinguisher", ["set routing-instances w route-distinguisher 1:1"]),
    ("juno", "instance", ["set routing-instances w interface xe-2/0/1.105"]),
    ("luna", "instance", ["set routing-instances w interface xe-2/0/0.105"]),
    ("juno", "instance", ["set routing-instances ipvpn forwarding-options family inet filter input x"]),
    ("juno", "target", ["set routing-instances ipvpn vrf-import theirs"]),
    ("juno", "target", ["set routing-instances ipvpn vrf-target import target:9:9"]),
    ("juno", "static", ["set routing-instances ipvpn routing-options static route 10.0.0.15/32 next-hop 4.0.0.1"]),
    ("luna", "static", ["set routing-options static route 10.0.0.12/32 preference 200"]),
    ("luna", "value", ["set routing-options static route 10.0.0.12/32 discard"]),
    ("luna", "static", ["set routing-options static defaults no-install"]),
    ("luna", "gateway", [f"set {LAN} vrrp-group 1 no-preempt"]),
    ("luna", "gateway", [f"set {LAN} vrrp-group 1 virtual-address 192.168.1.9"]),
    ("juno", "igp", ["set protocols isis interface xe-2/0/1.102 passive"]),
    ("juno", "igp", ["set protocols isis interface xe-2/0/1.102 level 2 disable"]),
    ("juno", "igp", ["set protocols isis export theirs"]),
    ("juno", "igp", ["set protocols isis level 2 disable"]),
    ("juno", "labels", ["set protocols ldp export theirs"]),
    ("juno", "labels", ["set protocols ldp interface xe-2/0/1.102 disable"]),
    ("juno", "labels", ["set protocols mpls interface xe-2/0/1.102 disable"]),
]  # fmt: skip
INHERITED = [
    ("luna", "session", ["set groups g protocols bgp group <*> neighbor <*> hold-time 9"]),
    ("luna", "policy", ["set groups g protocols bgp group <pe-*> import theirs"]),
    ("juno", "filter", ["set groups g interfaces <xe-*> unit <*> family inet filter input f"]),
    ("juno", "session", ["set groups g routing-instances <*> protocols bgp group <*> multihop ttl 2"]),
    ("juno", "igp", ["set groups g protocols isis interface <*> passive"]),
    ("juno", "order", ["set groups g policy-options policy-statement <*> term first then reject"]),
]  # fmt: skip
HARMLESS = [
    ("juno", [f"set {CPE} import theirs", f"set {CPE} neighbor 4.0.0.99 import mine"]),
    ("juno", [f"set {UNIT} family inet6 address 2001:db8::1/64"]),
    ("juno", [f"set {CPE} neighbor 4.0.0.99 hold-time 9", f"set {CPE} description theirs"]),
    ("juno", ["set routing-instances ipvpn protocols bgp group Z neighbor 9.9.9.9 import x"]),
    ("juno", ["set routing-instances ipvpn routing-options static route 9.9.9.9/32 discard"]),
    ("juno", ["set interfaces xe-9/0/0 unit 0 family inet filter input theirs"]),
    ("juno", ["set protocols bgp hold-time 9", "set protocols isis interface xe-9/0/0.0 passive"]),
    ("juno", ["set protocols bgp group reflector family inet6 unicast"]),
    ("luna", ["set protocols bgp group zz import theirs", "set protocols bgp group zz local-as 9"]),
    ("luna", ["set routing-instances w interface xe-9/0/0.0"]),
    ("juno", ["set groups g interfaces <ge-*> unit <*> family inet filter input f",
              "set apply-groups g"]),
    ("juno", ["set groups g interfaces <xe-*> unit <*> family inet filter input f",
              "set interfaces apply-groups g", "set interfaces xe-2/0/0 apply-groups-except g",
              "set interfaces xe-2/0/1 apply-groups-except g"]),
    ("juno", [f"set {UNIT} family inet filter input f", f"deactivate {UNIT} family inet filter"]),
    ("luna", ["set groups g protocols bgp group <*> hold-time 9", "set apply-groups g",
              "set protocols bgp group pe-connection hold-time 10",
              "set protocols bgp group cpe-connection hold-time 10"]),
]  # fmt: skip


@pytest.mark.parametrize(("router", "kind", "lines"), KINDS + INHERITED)
def test_a_contradiction_is_named_with_both_statements_until_it_is_decided(
    rendered: Render, router: str, kind: str, lines: list[str]
):
    made = rendered(router)
    applied = ["set apply-groups g"] if lines[0].startswith("set groups") else []
    before = text(*lines, *applied)
    changes = made.changes(before)
    found = [each for each in changes.conflicts if each.kind == kind]
    assert found, (changes.conflicts, changes.unjudged)
    [theirs, *_] = [
        each for each in found if f"set {' '.join(each.path)}" in before.replace('"', "")
    ]
    assert theirs.ours
    assert theirs.ours != theirs.theirs or "SECRET" in theirs.ours
    assert "$9$abc" not in str(theirs)
    assert set(before.splitlines()) <= set(after(before, changes.script).splitlines())

    excluded = made.changes(before, Choice(exclude=tuple(each.path for each in changes.conflicts)))
    assert not excluded.conflicts
    taking = Choice(take_over=tuple(each.path for each in changes.conflicts))
    taken = made.changes(before, taking)
    assert not taken.conflicts
    assert taken.taken
    assert taking.take_over[0] in taken.used
    done = after(before, taken.script)
    again = made.changes(done)
    assert not again.script
    assert not again.conflicts


@pytest.mark.parametrize(("router", "lines"), HARMLESS)
def test_what_contradicts_nothing_is_no_conflict(rendered: Render, router: str, lines: list[str]):
    changes = rendered(router).changes(text(*lines))
    assert not changes.conflicts
    assert not changes.unjudged


def test_a_policy_or_term_behind_ours_is_no_difference(rendered: Render):
    for router, behind in (
        ("luna", f"set {TO_PE} export theirs"),
        ("juno", f"set {CPE} neighbor 4.0.0.21 import theirs"),
        ("juno", "set policy-options policy-statement multihomed-ipvpn term zz then reject"),
    ):
        made = rendered(router)
        done = after(after("", made.changes("").script), behind + "\n")
        assert not made.changes(done).script
        assert not made.changes(done).conflicts
        assert not made.changes(done).unjudged


@pytest.mark.parametrize(
    ("router", "line"),
    [
        ("juno", f"set {UNIT} accept-source-mac mac-address 00:00:5e:00:53:01"),
        ("luna", f"set {TO_PE} neighbor 4.0.0.22 egress-te"),
        ("juno", "set routing-instances ipvpn provider-tunnel rsvp-te static-lsp east"),
        ("juno", "set protocols isis interface xe-2/0/1.102 node-link-protection"),
        ("luna", "set policy-options policy-statement cpe-connection term zz then reject"),
    ],
)
def test_what_cannot_be_judged_is_named_so(rendered: Render, router: str, line: str):
    made = rendered(router)
    done = after(after("", made.changes("").script), line + "\n")
    changes = made.changes(done)
    assert not changes.conflicts
    [found] = changes.unjudged
    assert f"set {found.theirs}" == line


def test_terms_in_the_wrong_order_are_put_right_and_others_stay_where_they_are(rendered: Render):
    made = rendered("luna")
    done = after("", made.changes("").script)
    policy = "policy-options policy-statement bgp-export"
    script = (
        f"set {policy} term theirs then reject\n"
        f"insert {policy} term direct after term theirs\n"
        f"insert {policy} term Saturn-Lo0 before term Saturn-prefix\n"
    )
    changes = made.changes(after(done, script))
    assert changes.insert
    right = after(after(done, script), changes.script)
    terms = [line.split()[5] for line in right.splitlines() if f"set {policy} term" in line]
    ours = [term for term in dict.fromkeys(terms) if term != "theirs"]
    assert ours == ["direct", "Saturn-prefix", "Saturn-Lo0"]
    assert not made.changes(right).insert


def test_the_path_of_a_choice_may_be_written_as_a_command():
    words = ("protocols", "bgp", "group", "x")
    assert path_of("set protocols bgp group x") == words
    assert path_of('logical-systems L protocols bgp group "x"', "L") == words
