"""A reply about something else than what was asked is no answer, however well it reads."""

from ipaddress import ip_address

import pytest
from lxml import etree

from multihome.errors import BadReply
from multihome.state import interface, ospf, ping, route, traceroute
from multihome.state.query import Evidence, Query
from multihome.state.question import compare
from multihome.state.raw import read_raw
from multihome.state.request import Request

TARGET = ip_address("10.0.0.3")


def echo(target, *, host=None, extra=""):
    named = f"<target-ip>{target}</target-ip>" if target else ""
    named += f"<target-host>{host}</target-host>" if host else ""
    return etree.fromstring(
        f"<ping-results>{named}{extra}<probe-results-summary><probes-sent>3</probes-sent>"
        f"<responses-received>3</responses-received></probe-results-summary></ping-results>"
    )


def test_an_echo_of_another_target_is_not_the_answer():
    query = ping.ping(TARGET)
    assert query.read("r1", echo("10.0.0.3", host="10.0.0.3")).received == 3
    assert query.read("r1", echo("10.0.0.3", host="core3.example.net")).received == 3
    for reply in (echo("9.9.9.9"), echo(None, host="9.9.9.9"), echo("10.0.0.3", host="9.9.9.9")):
        with pytest.raises(BadReply, match=r"asked for host 10\.0\.0\.3.* about 9\.9\.9\.9"):
            query.read("r1", reply)
        evidence = Evidence({("r1", query.request): reply})
        with pytest.raises(BadReply, match=r"9\.9\.9\.9"):
            evidence.table("r1", query)


def test_an_echo_that_does_not_say_whom_it_reached_proves_nothing():
    with pytest.raises(BadReply, match="does not say its target"):
        ping.ping(TARGET).read("r1", echo(None))
    failed = etree.fromstring("<ping-results><ping-failure>no route</ping-failure></ping-results>")
    assert ping.ping(TARGET).read("r1", failed).received == 0


def test_an_echo_of_another_size_is_not_the_answer():
    small = echo("10.0.0.3", extra="<packet-size>56</packet-size>")
    assert ping.ping(TARGET).read("r1", small)
    with pytest.raises(BadReply, match=r"size 1472.*about 56"):
        ping.ping(TARGET, size=1472).read("r1", small)


def test_an_address_is_the_same_however_it_is_written():
    query = ping.ping(ip_address("2001:db8::3"))
    assert query.read("r1", echo("2001:0db8:0:0::3")).received == 3


def test_a_way_to_another_target_is_not_the_answer():
    reply = etree.fromstring(
        "<traceroute-results><target-ip>9.9.9.9</target-ip><hop><ttl-value>1</ttl-value>"
        "<probe-result><ip-address>9.9.9.9</ip-address></probe-result></hop></traceroute-results>"
    )
    with pytest.raises(BadReply, match=r"10\.0\.0\.3.*9\.9\.9\.9"):
        traceroute.traceroute(TARGET).read("r1", reply)
    assert traceroute.traceroute(ip_address("9.9.9.9")).read("r1", reply).reached


def tables(*names, destination="10.0.0.0/24", inside="<protocol-name>BGP</protocol-name>"):
    text = "".join(
        f"<route-table><table-name>{name}</table-name><destination-count>1</destination-count>"
        f"<total-route-count>1</total-route-count><active-route-count>1</active-route-count>"
        f"<holddown-route-count>0</holddown-route-count><hidden-route-count>0</hidden-route-count>"
        f"<rt><rt-destination>{destination}</rt-destination><rt-entry>{inside}</rt-entry></rt>"
        f"</route-table>"
        for name in names
    )
    return etree.fromstring(f"<route-information>{text}</route-information>")


def test_another_table_is_not_the_answer():
    assert route.table("inet.0").read("r1", tables("inet.0")).get("inet.0")
    for make in (route.table, route.hidden):
        with pytest.raises(BadReply, match=r"table vpn\.inet\.0.*about inet\.0"):
            make("vpn.inet.0").read("r1", tables("inet.0"))
    empty = etree.fromstring("<route-information/>")
    assert not route.table("inet.0").read("r1", empty).tables


def test_a_whole_table_is_not_what_a_neighbour_sent():
    whole = tables("inet.0", inside="<protocol-name>Static</protocol-name>")
    said = tables("inet.0", inside="<gateway>192.0.2.9</gateway>")
    with pytest.raises(BadReply, match="the reply holds Static"):
        route.received(TARGET).read("r1", whole)
    with pytest.raises(BadReply, match=r"peer 10\.0\.0\.3.*192\.0\.2\.9"):
        route.received(TARGET).read("r1", said)
    assert route.received(ip_address("192.0.2.9")).read("r1", said).get("inet.0")


@pytest.mark.parametrize(
    ("asked", "said", "fits"),
    [
        ("10.0.0.0/24", "10.0.0.0/24", True),
        ("10.0.0.7", "10.0.0.0/24", True),
        ("10.0.0.0/16", "10.0.0.0/24", True),
        ("10.0.0.7", "0.0.0.0/0", True),
        ("10.1.0.0/16", "10.0.0.0/24", False),
        ("2001:db8::/32", "10.0.0.0/24", False),
    ],
)
def test_another_destination_is_not_the_answer(asked, said, fits):
    query = Query(
        Request.of("get-route-information", destination=asked, detail=True), route.read_tables
    )
    if fits:
        assert query.read("r1", tables("inet.0", destination=said))
        return
    with pytest.raises(BadReply, match="destination"):
        query.read("r1", tables("inet.0", destination=said))


def test_another_interface_is_not_the_answer():
    def port(name):
        return etree.fromstring(
            f"<interface-information><physical-interface><name>{name}</name><logical-interface>"
            f"<name>{name}.0</name></logical-interface></physical-interface></interface-information>"
        )

    assert interface.full("ge-0/0/1").read("r1", port("ge-0/0/1")).get("ge-0/0/1.0")
    assert interface.full("ge-0/0/1.0").read("r1", port("ge-0/0/1"))
    for name in ("ge-0/0/10", "ge-0/0/2"):
        with pytest.raises(BadReply, match=f"ge-0/0/1, and the reply is about {name}"):
            interface.full("ge-0/0/1").read("r1", port(name))


def test_another_instance_is_not_the_answer():
    def of(name):
        return etree.fromstring(
            f"<ospf-neighbor-information-all><ospf-instance-neighbor><ospf-instance-name>{name}"
            f"</ospf-instance-name></ospf-instance-neighbor></ospf-neighbor-information-all>"
        )

    with pytest.raises(BadReply, match=r"instance red.*about blue"):
        ospf.neighbors("red").read("r1", of("blue"))
    assert not ospf.neighbors("red").read("r1", of("red")).rows
    assert not ospf.EVERYWHERE.read("r1", of("blue")).rows


def test_a_check_of_any_rpc_is_tied_to_its_arguments_too():
    request = Request.of("get-bgp-neighbor-information", neighbor_address="192.0.2.1")
    peer = "<bgp-peer><peer-address>{}+179</peer-address></bgp-peer>"
    reply = etree.fromstring(f"<bgp-information>{peer.format('192.0.2.2')}</bgp-information>")
    with pytest.raises(BadReply, match=r"192\.0\.2\.1.*192\.0\.2\.2"):
        Query(request, read_raw).read("r1", reply)
    compare(
        "r1",
        request,
        etree.fromstring(f"<bgp-information>{peer.format('192.0.2.1')}</bgp-information>"),
    )


def test_namespaces_hide_no_mismatch():
    reply = etree.fromstring(
        "<ping-results xmlns='http://xml.juniper.net/x'><target-ip>\n9.9.9.9\n</target-ip></ping-results>"
    )
    with pytest.raises(BadReply, match=r"about 9\.9\.9\.9"):
        compare("r1", ping.ping(TARGET).request, reply)
