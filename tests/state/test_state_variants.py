"""What other releases, platforms and features put into a reply: read right, or refused loudly."""

from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from lxml import etree

from multihome.errors import BadReply
from multihome.state import bfd, bgp, interface, isis, ldp, ospf, route, vrrp

COUNTS = (
    "<destination-count>1</destination-count><total-route-count>1</total-route-count>"
    "<active-route-count>1</active-route-count><holddown-route-count>0</holddown-route-count>"
    "<hidden-route-count>0</hidden-route-count>"
)
ENTRY = "<rt-entry><active-tag>*</active-tag><protocol-name>BGP</protocol-name>{}</rt-entry>"


def table(name, *rts):
    return f"<route-table><table-name>{name}</table-name>{COUNTS}{''.join(rts)}</route-table>"


def rt(destination, inside=""):
    return f"<rt><rt-destination>{destination}</rt-destination>{ENTRY.format(inside)}</rt>"


def read(text):
    return route.read_tables("r1", etree.fromstring(text))


def entry(inside):
    tables = read(
        f"<route-information>{table('inet.0', rt('10.0.0.0/8', inside))}</route-information>"
    )
    return tables.get("inet.0").get(ip_network("10.0.0.0/8")).active


@pytest.mark.parametrize(
    ("told", "path"),
    [
        ("AS path: 65001 I Unrecognized Attributes: 39 bytes", "65001 I"),
        ("AS path: 65001 I  (Atomic)", "65001 I"),
        ("AS path: Merged[3]: 65001 {65002 65003} I", "65001 {65002 65003} I"),
        ("AS path: 65000.1 23456 E", "65000.1 23456 E"),
        ("AS path: [65001] 65002 ?\nAS path: Recorded", "[65001] 65002 ?"),
        ("AS path: (65161 65162) 3320 I", "(65161 65162) 3320 I"),
        ("AS path: I", "I"),
    ],
)
def test_an_as_path_ends_at_its_origin(told, path):
    assert entry(f"<as-path>{told}</as-path>").as_path == path


def test_communities_of_every_kind():
    kinds = "community 65000:1", "extended-community target:1:1", "large-community 65000:1:2"
    leaves = "".join("<{0}>{1}</{0}>".format(*kind.split()) for kind in kinds)
    found = entry(f"<communities>{leaves}</communities>").communities
    assert found == {"65000:1", "target:1:1", "65000:1:2"}


def test_a_peer_as_in_dots():
    assert entry("<peer-as>1.10</peer-as>").peer_as == 65546
    with pytest.raises(BadReply, match="peer-as"):
        entry("<peer-as>one</peer-as>")


def test_a_destination_listed_once_for_each_path_keeps_all_of_them():
    twice = rt("10.0.0.0/8", "<as-path>1 I</as-path>"), rt("10.0.0.0/8", "<as-path>2 I</as-path>")
    tables = read(f"<route-information>{table('inet.0', *twice)}</route-information>")
    (found,) = tables.get("inet.0").entries.values()
    assert [path.as_path for path in found.paths] == ["1 I", "2 I"]


def test_pairs_of_group_and_source_are_no_prefixes():
    text = table("inet.1", rt("232.1.1.1,10.0.0.1/64")) + table("inet.0", rt("10.0.0.0/8"))
    tables = read(f"<route-information>{text}</route-information>")
    assert tables.get("inet.1").get("232.1.1.1,10.0.0.1/64").prefix is None
    assert tables.get("inet.0").get(ip_network("10.0.0.0/8"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{table('inet.0')}{table('inet.0')}", "twice"),
        ("<route-entries><name>inet.0</name></route-entries>", "no <route-table>"),
        (table("inet.0", "<route><rt-destination>1/8</rt-destination></route>"), "no <rt>, but"),
    ],
)
def test_tables_that_cannot_be_told_apart_or_are_of_another_form_are_refused(text, said):
    with pytest.raises(BadReply, match=said):
        read(f"<route-information>{text}</route-information>")


ROWS = {
    bgp.read_neighbors: "bgp-information",
    bgp.read_summary: "bgp-information",
    vrrp.read_groups: "vrrp-information",
    isis.read_adjacencies: "isis-adjacency-information",
    ospf.read_neighbors: "ospf-neighbor-information",
    ldp.read_sessions: "ldp-session-information",
    ldp.read_neighbors: "ldp-neighbor-information",
    ldp.read_database: "ldp-database-information",
    bfd.read_sessions: "bfd-session-information",
}


@pytest.mark.parametrize("parse", ROWS, ids=lambda parse: f"{parse.__module__}-{parse.__name__}")
def test_records_of_another_name_are_never_an_empty_table(parse):
    text = f"<{ROWS[parse]}><record><name>10.0.0.1</name></record></{ROWS[parse]}>"
    with pytest.raises(BadReply, match="but <record>"):
        parse("r1", etree.fromstring(text))


@pytest.mark.parametrize("parse", ROWS, ids=lambda parse: f"{parse.__module__}-{parse.__name__}")
def test_a_table_that_only_counts_to_zero_is_empty_and_runs(parse):
    text = f"<{ROWS[parse]}><count>0</count></{ROWS[parse]}>"
    found = parse("r1", etree.fromstring(text))
    assert not found.rows
    assert found.not_running is None


def test_peers_that_are_counted_and_not_listed_are_refused():
    text = "<bgp-information><peer-count>{}</peer-count><bgp-rib><name>inet.0</name></bgp-rib></bgp-information>"
    assert not bgp.read_summary("r1", etree.fromstring(text.format(0))).rows
    with pytest.raises(BadReply, match="none is listed"):
        bgp.read_summary("r1", etree.fromstring(text.format(2)))


def test_of_two_routing_engines_the_one_that_has_an_answer_counts():
    item = "<multi-routing-engine-item><re-name>{}</re-name>{}</multi-routing-engine-item>"
    session = (
        "<bfd-session-information><bfd-session><session-neighbor>10.0.0.2</session-neighbor>"
        "<session-state>Up</session-state></bfd-session></bfd-session-information>"
    )
    both = item.format("re0", "<bfd-session-information/>") + item.format("re1", session)
    found = bfd.read_sessions(
        "r1",
        etree.fromstring(f"<multi-routing-engine-results>{both}</multi-routing-engine-results>"),
    )
    assert [each.neighbor for each in found] == [IPv4Address("10.0.0.2")]


def test_a_peer_of_the_other_family_with_its_ports():
    text = (
        "<bgp-information><bgp-peer><peer-address>2001:db8::2+179</peer-address>"
        "<local-address>2001:db8::1+51000</local-address><peer-as>1.10</peer-as>"
        "<local-as>65000</local-as><peer-state>Established</peer-state>"
        "<flap-count>3</flap-count></bgp-peer></bgp-information>"
    )
    (peer,) = bgp.read_neighbors("r1", etree.fromstring(text))
    assert (peer.peer, peer.local_address) == (
        IPv6Address("2001:db8::2"),
        IPv6Address("2001:db8::1"),
    )
    assert peer.peer_as == 65546


def test_a_vrrp_group_that_starts():
    text = (
        "<vrrp-information><vrrp-interface><interface>ge-0/0/0.0</interface><interface-state>unknown"
        "</interface-state><group>1</group><vrrp-state>initialize</vrrp-state></vrrp-interface>"
        "</vrrp-information>"
    )
    (group,) = vrrp.read_groups("r1", etree.fromstring(text))
    assert (group.state, group.interface_state) == ("initialize", "unknown")


def test_an_unnumbered_interface_has_no_address():
    family = "<address-family><address-family-name>inet</address-family-name>{}</address-family>"
    text = (
        "<interface-information><logical-interface><name>ge-0/0/0.0</name>"
        "<admin-status>up</admin-status><oper-status>up</oper-status>"
        f"{family.format('<interface-address><ifa-flags/></interface-address>')}"
        "</logical-interface></interface-information>"
    )
    found = interface.read_interfaces("r1", etree.fromstring(text))
    assert found.get("ge-0/0/0.0").addresses == ()


def test_a_vrrp_group_that_follows_another_says_how_it_is_run_below():
    record = (
        "<vrrp-vlan><physical-interface>xe-0/0/0</physical-interface><unit>{0}</unit></vrrp-vlan>"
        "<interface-state>up</interface-state><group>{0}0</group><vrrp-state>master</vrrp-state>{1}"
    )
    follows = "<active-inherit><vrrp-mode>Inherit</vrrp-mode></active-inherit>"
    both = record.format(1, "<vrrp-mode>Active</vrrp-mode>") + record.format(2, follows)
    text = f"<vrrp-information><vrrp-interface>{both}</vrrp-interface></vrrp-information>"
    groups = vrrp.read_groups("r1", etree.fromstring(text))
    assert [(each.interface, each.mode) for each in groups] == [
        ("xe-0/0/0.1", "Active"),
        ("xe-0/0/0.2", "Inherit"),
    ]
