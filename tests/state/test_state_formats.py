"""More formats than there are recordings of, and what is wrong with a reply, said by path."""

import re
from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from lxml import etree

from multihome.errors import BadReply
from multihome.state import (
    bfd,
    bgp,
    configuration,
    instance,
    interface,
    isis,
    ldp,
    ospf,
    ping,
    raw,
    route,
    system,
    traceroute,
    vrrp,
)

COUNTS = (
    "<destination-count>1</destination-count><total-route-count>1</total-route-count>"
    "<active-route-count>1</active-route-count><holddown-route-count>0</holddown-route-count>"
    "<hidden-route-count>1</hidden-route-count>"
)


def tables(name, *rts):
    text = (
        f"<route-information><route-table><table-name>{name}</table-name>{COUNTS}"
        f"{''.join(rts)}</route-table></route-information>"
    )
    return route.read_tables("r1", etree.fromstring(text))


def rt(destination, entry, length=""):
    length = f"<rt-prefix-length>{length}</rt-prefix-length>" if length else ""
    return f"<rt><rt-destination>{destination}</rt-destination>{length}<rt-entry>{entry}</rt-entry></rt>"


def only(found, name):
    (entry,) = found.get(name).entries.values()
    return entry


def test_a_vpn_route_has_its_route_distinguisher_beside_its_prefix():
    found = tables("bgp.l3vpn.0", rt("10.0.0.1:7:10.9.0.0", "<active-tag>*</active-tag>", 24))
    entry = found.get("bgp.l3vpn.0").get(ip_network("10.9.0.0/24"), "10.0.0.1:7")
    assert entry.rd == "10.0.0.1:7"
    assert found.get("bgp.l3vpn.0").within(ip_network("10.9.0.0/24")) == (entry,)


def test_a_vpn_route_of_the_other_family():
    found = tables("bgp.l3vpn-inet6.0", rt("1:1:2001:db8::/32", "<active-tag>*</active-tag>"))
    assert only(found, "bgp.l3vpn-inet6.0").prefix == ip_network("2001:db8::/32")


@pytest.mark.parametrize("name", ["inet6.0", "red.inet6.0"])
def test_ipv6(name):
    entry = (
        "<active-tag>*</active-tag><protocol-name>BGP</protocol-name><gateway>2001:db8::9</gateway>"
    )
    found = only(tables(name, rt("2001:db8:1::", entry, 48)), name)
    assert found.prefix == ip_network("2001:db8:1::/48")
    assert found.active.learned_from == IPv6Address("2001:db8::9")


def test_labels_are_kept_as_text_and_their_actions_taken_apart():
    swap = "<active-tag>*</active-tag><protocol-name>LDP</protocol-name><nh><to>10.0.0.2</to><via>ge-0/0/0.0</via><mpls-label>{}</mpls-label></nh>"
    found = only(tables("mpls.0", rt("299776(S=0)", swap.format("Pop      "))), "mpls.0")
    assert found.prefix is None
    assert found.text == "299776(S=0)"
    assert found.active.used[0].labels.action == "Pop"
    assert found.active.used[0].labels.labels == ()
    found = only(tables("mpls.0", rt("300000", swap.format("Swap 78, Push 300(top)"))), "mpls.0")
    assert found.active.used[0].labels.action == "Swap"
    assert found.active.used[0].labels.labels == (78, 300)


def test_terse_routes():
    entry = (
        "<active-tag>*</active-tag><validation-state>?</validation-state><protocol-name>B</protocol-name>"
        "<preference>170</preference><nh><to>10.0.0.2</to><via>ge-0/0/0.0</via></nh>"
    )
    found = only(tables("inet.0", rt("10.9.0.0/24", entry)), "inet.0")
    assert found.active.preference == 170


def test_routes_of_a_neighbor_have_no_protocol_and_a_next_hop_that_may_be_oneself():
    entry = (
        "<active-tag>*</active-tag><med>150</med><local-preference>100</local-preference>"
        "<as-path>[65000] I</as-path><nh><to>Self</to></nh>"
    )
    path = only(tables("inet.0", rt("10.9.0.0/24", entry)), "inet.0").active
    assert (path.protocol, path.med, path.local_preference) == (None, 150, 100)
    assert path.as_path == "[65000] I"
    assert path.used[0].to is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I\n", "I"),
        ("AS path: 65500 I", "65500 I"),
        ("AS path: I (Originator) Cluster list:  10.0.0.2", "I"),
        ("AS path: 1 2 I\nAggregator: 2 10.0.0.1\nAS path: Recorded", "1 2 I"),
        ("AS path: (65161) I\nAS path: Recorded", "(65161) I"),
        ("AS path: 1 {2 3} ?", "1 {2 3} ?"),
        ("AS path: 1 I Aggregator: 2 10.0.0.1", "1 I"),
    ],
)
def test_an_as_path_without_what_is_printed_around_it(text, expected):
    entry = f"<active-tag>*</active-tag><protocol-name>BGP</protocol-name><as-path>{text}</as-path>"
    assert only(tables("inet.0", rt("10.0.0.0/8", entry)), "inet.0").active.as_path == expected


def test_originator_and_clusters_in_leaves_of_their_own():
    entry = (
        "<active-tag>*</active-tag><cluster-id>10.0.0.2</cluster-id><cluster-id>10.0.0.4</cluster-id>"
        "<originator>10.0.0.5</originator>"
    )
    path = only(tables("inet.0", rt("10.0.0.0/8", entry)), "inet.0").active
    assert path.originator == IPv4Address("10.0.0.5")
    assert path.cluster_list == (IPv4Address("10.0.0.2"), IPv4Address("10.0.0.4"))


def test_a_hidden_path_says_why():
    entry = (
        "<active-tag> </active-tag><protocol-name>BGP</protocol-name><rt-entry-state>Hidden Ext"
        "</rt-entry-state><hidden-reason>Unusable path</hidden-reason>"
    )
    (path,) = only(tables("inet.0", rt("10.0.0.0/8", entry)), "inet.0").paths
    assert path.hidden
    assert not path.active
    assert path.hidden_reason == "Unusable path"


def test_several_next_hops_of_which_some_are_selected():
    entry = (
        "<active-tag>*</active-tag><nh><to>10.0.0.2</to><via>a.0</via></nh>"
        "<nh><selected-next-hop/><to>10.0.0.6</to><via>lsi.0 (red)</via></nh>"
    )
    path = only(tables("inet.0", rt("10.0.0.0/8", entry)), "inet.0").active
    assert [hop.via for hop in path.used] == ["lsi.0"]
    assert len(path.next_hops) == 2


def groups(*children):
    text = f"<vrrp-information>{''.join(children)}</vrrp-information>"
    return vrrp.read_groups("r1", etree.fromstring(text)).rows


def detail(physical, unit, address, state="master", vip="10.0.0.1", *, vlan=True):
    place = f"<physical-interface>{physical}</physical-interface><unit>{unit}</unit>" + (
        f"<vlan-id>{unit}</vlan-id><vlan-address>{address}</vlan-address>"
        if vlan
        else f"<address>{address}</address>"
    )
    place = f"<vrrp-vlan>{place}</vrrp-vlan>" if vlan else place
    return (
        f"{place}<interface-state>up</interface-state><group>1</group><vrrp-state>{state}</vrrp-state>"
        f"<vrrp-mode>Active</vrrp-mode><group-priority>100</group-priority><vip>{vip}</vip>"
    )


@pytest.mark.parametrize("vlan", [True, False])
def test_groups_that_are_flat_siblings_are_cut_apart(vlan):
    one = detail("ae0", 7, "10.0.7.2/24", vlan=vlan)
    other = detail("ae0", 8, "10.0.8.2/24", state="backup", vlan=vlan)
    found = groups(f"<vrrp-interface>{one}{other}</vrrp-interface>")
    assert [(each.interface, each.state) for each in found] == [
        ("ae0.7", "master"),
        ("ae0.8", "backup"),
    ]
    assert [str(each.local_address) for each in found] == ["10.0.7.2", "10.0.8.2"]


def test_cutting_leaves_the_reply_as_it_was():
    text = f"<vrrp-information><vrrp-interface>{detail('a', 1, '10.0.0.1/24')}{detail('a', 2, '10.0.0.1/24')}</vrrp-interface></vrrp-information>"
    element = etree.fromstring(text)
    vrrp.read_groups("r1", element)
    assert etree.tostring(element).decode() == text


def test_several_virtual_addresses_stand_in_one_leaf_or_in_several():
    listed = detail("ae0", 7, "10.0.7.2/24", vip="10.0.7.1, 10.0.7.9")
    assert len(groups(f"<vrrp-interface>{listed}</vrrp-interface>")[0].virtual_addresses) == 2
    apart = detail("ae0", 7, "10.0.7.2/24", vip="10.0.7.1</vip><vip>10.0.7.9")
    assert len(groups(f"<vrrp-interface>{apart}</vrrp-interface>")[0].virtual_addresses) == 2


def test_a_group_without_tracking_is_what_it_is_configured():
    (found,) = groups(f"<vrrp-interface>{detail('ae0', 7, '10.0.7.2/24')}</vrrp-interface>")
    assert (found.priority, found.configured_priority) == (100, 100)


def test_a_ping_that_nobody_answers():
    text = (
        "<ping-results><target-host>10.0.0.1</target-host><target-ip>10.0.0.1</target-ip>"
        "<packet-size>56</packet-size><probe-result><probe-index>1</probe-index>"
        "<probe-failure>no response</probe-failure></probe-result><probe-results-summary>"
        "<probes-sent>3</probes-sent><responses-received>0</responses-received>"
        "<packet-loss>100</packet-loss></probe-results-summary><ping-failure>no response</ping-failure>"
        "</ping-results>"
    )
    found = ping.read_ping("r1", etree.fromstring(text))
    assert (found.loss, found.rtt_average, found.failure) == (100, None, "no response")


def test_a_ping_that_cannot_be_sent():
    text = "<ping-results><target-host>10.0.0.1</target-host><ping-failure>No route to host</ping-failure></ping-results>"
    found = ping.read_ping("r1", etree.fromstring(text))
    assert (found.sent, found.loss, found.failure) == (0, 100, "No route to host")


def test_a_traceroute_with_timeouts_never_reaches():
    hop = "<hop><ttl-value>{}</ttl-value><probe-result><probe-index>1</probe-index>{}</probe-result></hop>"
    text = (
        "<traceroute-results><target-ip>10.0.0.9</target-ip>"
        + hop.format(1, "<ip-address>10.0.0.2</ip-address>")
        + hop.format(2, "<probe-failure>no response</probe-failure>")
        + "<traceroute-failure>no response</traceroute-failure></traceroute-results>"
    )
    found = traceroute.read_route("r1", etree.fromstring(text))
    assert not found.reached
    assert str(found) == "10.0.0.2, *"


def test_neighbors_of_several_ospf_instances():
    neighbor = (
        "<ospf-neighbor><neighbor-address>10.0.0.2</neighbor-address><interface-name>ge-0.0"
        "</interface-name><ospf-neighbor-state>Full</ospf-neighbor-state><neighbor-id>10.255.0.2"
        "</neighbor-id><neighbor-priority>128</neighbor-priority></ospf-neighbor>"
    )
    text = (
        "<ospf-neighbor-information-all><ospf-instance-neighbor><ospf-instance-name>red"
        f"</ospf-instance-name>{neighbor}</ospf-instance-neighbor></ospf-neighbor-information-all>"
    )
    (found,) = ospf.read_neighbors("r1", etree.fromstring(text))
    assert (found.instance, found.state) == ("red", "Full")


def test_alarms_and_their_absence():
    none = (
        "<alarm-information><alarm-summary><no-active-alarms/></alarm-summary></alarm-information>"
    )
    assert system.read_alarms("r1", etree.fromstring(none)) == ()
    one = (
        "<alarm-information><alarm-summary><active-alarm-count>1</active-alarm-count></alarm-summary>"
        "<alarm-detail><alarm-class>Major</alarm-class><alarm-description>PEM 1 Not OK"
        "</alarm-description></alarm-detail></alarm-information>"
    )
    assert system.read_alarms("r1", etree.fromstring(one))[0].severity == "Major"
    with pytest.raises(BadReply, match="neither alarms nor their absence"):
        system.read_alarms("r1", etree.fromstring("<alarm-information/>"))


def test_an_answer_of_several_routing_engines():
    item = "<multi-routing-engine-item><re-name>{}</re-name>{}</multi-routing-engine-item>"
    error = "<rpc-error><error-severity>error</error-severity><error-message>peer is not up</error-message></rpc-error>"
    good = "<bfd-session-information><sessions>0</sessions></bfd-session-information>"
    text = f"<multi-routing-engine-results>{item.format('node0', error)}{item.format('node1', good)}</multi-routing-engine-results>"
    with pytest.raises(BadReply, match="peer is not up"):
        bfd.read_sessions("r1", etree.fromstring(text))
    warned = text.replace(">error</error-severity>", ">warning</error-severity>")
    assert bfd.read_sessions("r1", etree.fromstring(warned)).not_running is None
    text = f"<multi-routing-engine-results>{item.format('node0', error)}</multi-routing-engine-results>"
    with pytest.raises(BadReply, match="peer is not up"):
        bfd.read_sessions("r1", etree.fromstring(text))


def test_the_configuration_in_force():
    text = (
        "<configuration-set>\nset version 1\nset a b\nset a c d\nset e f\ndeactivate a c\n"
        "</configuration-set>"
    )
    found = configuration.read_statements("r1", etree.fromstring(text))
    assert found == {"version 1", "a b", "e f"}
    with pytest.raises(BadReply, match="no statement at all"):
        configuration.read_statements("r1", etree.fromstring("<configuration-set/>"))


def test_a_raw_reply_loses_its_namespaces_and_an_error_is_no_reply():
    found = raw.read_raw("r1", etree.fromstring("<a xmlns='x'><!-- c --><b>1</b></a>"))
    assert found.xpath("b/text()") == ["1"]
    with pytest.raises(BadReply, match="syntax error"):
        raw.read_raw(
            "r1",
            etree.fromstring(
                "<nc:rpc-reply xmlns:nc='x'><nc:rpc-error><nc:error-severity>error</nc:error-severity>"
                "<nc:error-message>syntax error</nc:error-message></nc:rpc-error></nc:rpc-reply>"
            ),
        )


GOOD = {
    route.read_tables: f"<route-information><route-table><table-name>inet.0</table-name>{COUNTS}<rt><rt-destination>10.0.0.0/8</rt-destination><rt-entry><active-tag>*</active-tag></rt-entry></rt></route-table></route-information>",
    bgp.read_neighbors: "<bgp-information><bgp-peer><peer-address>10.0.0.1</peer-address><peer-as>1</peer-as><peer-state>Idle</peer-state><flap-count>0</flap-count></bgp-peer></bgp-information>",
    bgp.read_summary: "<bgp-information><bgp-peer><peer-address>10.0.0.1</peer-address><peer-as>1</peer-as><peer-state>Idle</peer-state><flap-count>0</flap-count></bgp-peer></bgp-information>",
    vrrp.read_groups: "<vrrp-information><vrrp-interface><interface>a.0</interface><interface-state>up</interface-state><group>1</group><vrrp-state>init</vrrp-state></vrrp-interface></vrrp-information>",
    isis.read_adjacencies: "<isis-adjacency-information><isis-adjacency><interface-name>a.0</interface-name><system-name>b</system-name><level>2</level><adjacency-state>Up</adjacency-state></isis-adjacency></isis-adjacency-information>",
    ospf.read_neighbors: "<ospf-neighbor-information><ospf-neighbor><neighbor-address>10.0.0.2</neighbor-address><interface-name>a.0</interface-name><ospf-neighbor-state>Full</ospf-neighbor-state></ospf-neighbor></ospf-neighbor-information>",
    ldp.read_sessions: "<ldp-session-information><ldp-session><ldp-neighbor-address>10.0.0.2</ldp-neighbor-address><ldp-session-state>Closing</ldp-session-state></ldp-session></ldp-session-information>",
    ldp.read_neighbors: "<ldp-neighbor-information><ldp-neighbor><ldp-neighbor-address>10.0.0.2</ldp-neighbor-address><interface-name>a.0</interface-name><ldp-label-space-id>10.0.0.2:0</ldp-label-space-id></ldp-neighbor></ldp-neighbor-information>",
    bfd.read_sessions: "<bfd-session-information><bfd-session><session-neighbor>10.0.0.2</session-neighbor><session-state>Up</session-state></bfd-session></bfd-session-information>",
    interface.read_interfaces: "<interface-information><physical-interface><name>a</name><address-family><address-family-name>inet</address-family-name></address-family></physical-interface></interface-information>",
    instance.read_instances: "<instance-information><instance-core><instance-name>master</instance-name><instance-type>forwarding</instance-type></instance-core></instance-information>",
    system.read_software: "<software-information><host-name>a</host-name><product-model>mx</product-model><junos-version>1</junos-version></software-information>",
    system.read_system: "<system-information><hardware-model>mx</hardware-model><os-version>1</os-version></system-information>",
    system.read_commits: "<commit-information><commit-history><sequence-number>0</sequence-number><user>a</user><client>cli</client></commit-history></commit-information>",
    traceroute.read_route: "<traceroute-results><hop><ttl-value>1</ttl-value></hop></traceroute-results>",
}
LEAVES = [
    pytest.param(read, leaf, id=f"{read.__module__.rpartition('.')[2]}-{read.__name__}-{leaf}")
    for read, text in GOOD.items()
    for leaf in re.findall(r"<([a-z-]+)>[^<]+</\1>", text)
    if leaf not in ("interface", "active-tag")
]


@pytest.mark.parametrize("read", GOOD, ids=lambda read: f"{read.__module__}-{read.__name__}")
def test_the_least_that_a_reply_must_say(read):
    assert read("r1", etree.fromstring(GOOD[read])) is not None


@pytest.mark.parametrize(("read", "leaf"), LEAVES)
def test_a_mandatory_leaf_that_is_missing_is_named_with_its_path(read, leaf):
    text = re.sub(rf"<{leaf}>[^<]*</{leaf}>", "", GOOD[read], count=1)
    with pytest.raises(BadReply) as caught:
        read("r1", etree.fromstring(text))
    assert caught.value.router == "r1"
    assert leaf in str(caught.value)
    assert re.search(r": /[a-z]", str(caught.value))


@pytest.mark.parametrize(
    ("read", "leaf"),
    [
        (bgp.read_neighbors, "peer-state"),
        (vrrp.read_groups, "vrrp-state"),
        (vrrp.read_groups, "interface-state"),
        (isis.read_adjacencies, "adjacency-state"),
        (ospf.read_neighbors, "ospf-neighbor-state"),
        (ldp.read_sessions, "ldp-session-state"),
        (bfd.read_sessions, "session-state"),
        (route.read_tables, "active-tag"),
    ],
    ids=lambda each: each if isinstance(each, str) else each.__module__,
)
def test_a_word_that_nobody_knows_is_no_state(read, leaf):
    text = re.sub(rf"<{leaf}>[^<]*<", f"<{leaf}>Dreaming<", GOOD[read], count=1)
    with pytest.raises(BadReply, match=f"{leaf}: unknown value 'Dreaming'"):
        read("r1", etree.fromstring(text))


@pytest.mark.parametrize("read", GOOD, ids=lambda read: f"{read.__module__}-{read.__name__}")
@pytest.mark.parametrize(
    "text",
    [
        "<rpc-reply/>",
        "<rpc-reply><output>error: something else</output></rpc-reply>",
        "<rpc-reply><something-else><a>1</a></something-else></rpc-reply>",
        "<rpc-reply><rpc-error><error-severity>error</error-severity><error-message>no</error-message></rpc-error></rpc-reply>",
    ],
    ids=["empty", "words", "other", "error"],
)
def test_what_is_no_answer_is_never_an_empty_table(read, text):
    with pytest.raises(BadReply):
        read("r1", etree.fromstring(text))


@pytest.mark.parametrize("read", GOOD, ids=lambda read: f"{read.__module__}-{read.__name__}")
def test_a_reply_reads_the_same_with_namespaces_blanks_and_comments(read):
    plain = etree.fromstring(GOOD[read])
    dressed = re.sub(r">([^<]+)<", r">\n\1\n<", GOOD[read]).replace("><", "><!-- keepalive --><")
    tag = plain.tag
    dressed = dressed.replace(
        f"<{tag}>", f"<{tag} xmlns='http://xml.juniper.net/junos/99.9R0/junos-x'>", 1
    )
    wrapped = (
        "<nc:rpc-reply xmlns:nc='urn:ietf:params:xml:ns:netconf:base:1.0'>"
        f"{dressed}<cli><banner>{{master:0}}</banner></cli></nc:rpc-reply>"
    )
    assert read("r1", etree.fromstring(wrapped)) == read("r1", plain)
