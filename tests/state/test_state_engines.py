"""Several routing engines answer one question: none of them hides what another one says."""

import pytest
from lxml import etree

from multihome.device.history import commit_history
from multihome.errors import BadReply
from multihome.state import bfd, bgp, instance, interface, ospf, route, system

QUIET = "<alarm-information><alarm-summary><no-active-alarms/></alarm-summary></alarm-information>"
LOUD = (
    "<alarm-information><alarm-summary><active-alarm-count>1</active-alarm-count></alarm-summary>"
    "<alarm-detail><alarm-class>Major</alarm-class>"
    "<alarm-description>FPC 1 offline</alarm-description></alarm-detail></alarm-information>"
)
REFUSED = (
    "<rpc-error><error-severity>error</error-severity>"
    "<error-message>could not connect to node1</error-message></rpc-error>"
)


def engines(*answers):
    items = "".join(
        f"<multi-routing-engine-item><re-name>node{number}</re-name>{answer}"
        f"</multi-routing-engine-item>"
        for number, answer in enumerate(answers)
    )
    return etree.fromstring(
        f"<rpc-reply><multi-routing-engine-results>{items}</multi-routing-engine-results></rpc-reply>"
    )


@pytest.mark.parametrize("order", [(QUIET, LOUD), (LOUD, QUIET)])
def test_the_alarm_of_one_engine_is_there_whatever_the_other_says(order):
    (alarm,) = system.read_alarms("r1", engines(*order))
    assert (alarm.severity, alarm.engine) == ("Major", f"node{order.index(LOUD)}")


def test_alarms_of_both_engines_are_both_there():
    assert [a.engine for a in system.read_alarms("r1", engines(LOUD, LOUD))] == ["node0", "node1"]
    assert system.read_alarms("r1", engines(QUIET, QUIET)) == ()
    stacked = etree.fromstring(f"<rpc-reply>{QUIET}{LOUD}</rpc-reply>")
    assert len(system.read_alarms("r1", stacked)) == 1


@pytest.mark.parametrize("other", [REFUSED, "<alarm-information/>"])
def test_an_engine_that_does_not_say_leaves_alarms_unknown(other):
    for order in ((QUIET, other), (other, QUIET)):
        with pytest.raises(BadReply):
            system.read_alarms("r1", engines(*order))


def commits(comment="", pending="", user="ops"):
    return (
        f"<commit-information><commit-history><sequence-number>0</sequence-number>"
        f"<user>{user}</user><client>cli</client><date-time seconds='1700000000'>x</date-time>"
        f"<log>{comment}</log>{pending}</commit-history></commit-information>"
    )


READ_COMMITS = [system.read_commits, commit_history]


@pytest.mark.parametrize("read", READ_COMMITS)
def test_a_history_that_all_engines_keep_is_one(read):
    assert len(read("r1", engines(commits("a"), commits("a", user="root")))) == 1
    assert read("r1", engines(commits("a"), commits("a", user="root")))[0].user == "ops"
    assert len(read("r1", engines(commits("a")).getchildren()[0])) == 1


@pytest.mark.parametrize("read", READ_COMMITS)
@pytest.mark.parametrize(
    "other",
    [commits("b"), commits("a", "<commit-confirmed/>"), "<commit-information/>"],
)
def test_histories_that_differ_are_not_one(read, other):
    with pytest.raises(BadReply, match="differ in their newest commit"):
        read("r1", engines(commits("a"), other))


def bfd_session(neighbor):
    return (
        f"<bfd-session-information><bfd-session><session-neighbor>{neighbor}</session-neighbor>"
        f"<session-state>Up</session-state></bfd-session></bfd-session-information>"
    )


def test_rows_of_two_engines_are_all_there_and_those_of_both_once():
    found = bfd.read_sessions(
        "r1", engines(bfd_session("192.0.2.1"), bfd_session("192.0.2.2"), bfd_session("192.0.2.1"))
    )
    assert [str(each.neighbor) for each in found] == ["192.0.2.1", "192.0.2.2"]
    silent = engines("<bfd-session-information/>", bfd_session("192.0.2.2"))
    assert len(bfd.read_sessions("r1", silent)) == 1


def test_a_row_that_one_engine_lists_twice_stays_twice():
    twice = bfd_session("192.0.2.1").replace(
        "</bfd-session>",
        "</bfd-session><bfd-session><session-neighbor>192.0.2.1</session-neighbor>"
        "<session-state>Up</session-state></bfd-session>",
        1,
    )
    assert len(bfd.read_sessions("r1", etree.fromstring(twice))) == 2


def port(name, oper="up"):
    return (
        f"<interface-information><physical-interface><name>{name}</name>"
        f"<admin-status>up</admin-status><oper-status>{oper}</oper-status>"
        f"</physical-interface></interface-information>"
    )


def test_a_port_that_each_node_has_of_its_own_is_there_for_each():
    found = interface.read_interfaces("r1", engines(port("fxp0"), port("fxp0", "down")))
    assert {name: each.oper for name, each in found.by_name.items()} == {
        "fxp0": "up",
        "node1:fxp0": "down",
    }
    parts = interface.read_interfaces("r1", engines(port("ge-0/0/0"), port("ge-7/0/0")))
    assert set(parts.by_name) == {"ge-0/0/0", "ge-7/0/0"}


def table(*prefixes):
    entries = "".join(
        f"<rt><rt-destination>{prefix}</rt-destination><rt-entry><active-tag>*</active-tag>"
        f"<protocol-name>Static</protocol-name></rt-entry></rt>"
        for prefix in prefixes
    )
    return (
        f"<route-information><route-table><table-name>inet.0</table-name>"
        f"<destination-count>{len(prefixes)}</destination-count>"
        f"<total-route-count>{len(prefixes)}</total-route-count>"
        f"<active-route-count>{len(prefixes)}</active-route-count>"
        f"<holddown-route-count>0</holddown-route-count><hidden-route-count>0</hidden-route-count>"
        f"{entries}</route-table></route-information>"
    )


@pytest.mark.parametrize(
    ("parts", "count"),
    [
        ((["10.0.0.0/8"], ["10.0.0.0/8"]), 1),
        ((["10.0.0.0/8"], ["172.16.0.0/12"]), 2),
        ((["10.0.0.0/8"], []), 1),
    ],
)
def test_a_table_of_two_engines_is_one(parts, count):
    found = route.read_tables("r1", engines(*(table(*each) for each in parts))).get("inet.0")
    assert (found.destinations, len(found.entries)) == (count, count)


def test_instances_and_neighbours_of_two_engines_are_merged():
    def named(name):
        return (
            f"<instance-information><instance-core><instance-name>{name}</instance-name>"
            f"<instance-type>forwarding</instance-type></instance-core></instance-information>"
        )

    found = instance.read_instances("r1", engines(named("master"), named("master"), named("b")))
    assert [each.name for each in found] == ["master", "b"]
    peer = (
        "<ospf-neighbor-information><ospf-neighbor><neighbor-address>192.0.2.1</neighbor-address>"
        "<interface-name>ge-0/0/0.0</interface-name><ospf-neighbor-state>Full"
        "</ospf-neighbor-state></ospf-neighbor></ospf-neighbor-information>"
    )
    assert len(ospf.read_neighbors("r1", engines(peer, peer))) == 1
    assert bgp.read_neighbors("r1", engines("<bgp-information/>")).not_running


def test_a_software_reply_says_the_names_of_all_engines():
    def named(name):
        return f"<software-information><host-name>{name}</host-name></software-information>"

    found = system.read_identity("r1", engines(named("a-node0"), named("a-node1")))
    assert found.host_names == ("a-node0", "a-node1")


def test_an_address_without_a_destination_is_read():
    text = (
        "<interface-information><logical-interface><name>.local..0</name><address-family>"
        "<address-family-name>inet</address-family-name><interface-address>"
        "<ifa-destination>Unspecified</ifa-destination><ifa-local>198.51.100.7</ifa-local>"
        "<ifa-broadcast>Unspecified</ifa-broadcast></interface-address></address-family>"
        "</logical-interface></interface-information>"
    )
    found = interface.read_interfaces("r1", etree.fromstring(text)).get(".local..0")
    assert found.addresses == ("198.51.100.7/32",)
