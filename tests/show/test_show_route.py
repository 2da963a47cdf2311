"""`show route` as the article prints it, and what the filters let pass."""

import re

import pytest

from multihome.twin.junos.model.instances import RoutingInstance
from multihome.twin.junos.model.router import Router
from multihome.twin.routing.forwarding import selected
from multihome.twin.routing.route import NextHopKind, Protocol
from multihome.twin.show.commands import rpc_of
from multihome.twin.show.reply import RpcError

ROUTE = "get-route-information"
DAY, WEEK = 86400, 604800


def age(weeks=0, days=0, clock="00:00:00"):
    hours, minutes, seconds = (int(part) for part in clock.split(":"))
    return weeks * WEEK + days * DAY + hours * 3600 + minutes * 60 + seconds


NOW = 3 * WEEK


def shown_route(reference, heading):
    """The article's output below a prompt, without its colours and its remarks."""
    article = (reference / "article.md").read_text()
    block = article.split(heading, 1)[1].split("play@", 1)[0].split("</pre>", 1)[0]
    block = re.sub(r"</?font[^>]*>", "", block)
    lines = [re.sub(r"\s*<-.*$", "", line).rstrip() for line in block.split("\n")[1:]]
    return "\n".join(lines).strip("\n")


@pytest.fixture
def liber(device, make):
    device.at(NOW)

    def reflected(reflector):
        return make.bgp(
            "10.0.0.12/32",
            "4.0.0.58",
            "xe-2/0/0.114",
            16,
            peer=reflector,
            next_hop="10.0.0.5",
            originator="10.0.0.5",
            clusters=(reflector,),
            vpn_label=16,
            metric2=10,
            communities=("target:1:1", "origin:1000:1000"),
            route_distinguisher="1:1",
            primary_table="bgp.l3vpn.0",
            installed=NOW - age(1, 1, "01:08:29"),
            external=False,
            local_preference=150,
            as_path=(65500,),
            local_as=1,
        )

    device.router.table(
        "ipvpn.inet.0",
        reflected("10.0.0.2"),
        reflected("10.0.0.4"),
        make.plain("10.0.0.3/32", Protocol.STATIC, "4.0.0.97", "xe-2/0/1.124"),
        make.plain("4.0.0.96/30", Protocol.DIRECT, None, "xe-2/0/1.124"),
        make.plain("4.0.0.98/32", Protocol.LOCAL, None, "xe-2/0/1.124"),
    )
    return device


@pytest.fixture
def luna(device, make):
    device.at(NOW)
    device.router.table(
        "inet.0",
        make.bgp(
            "10.0.0.3/32",
            "4.0.0.22",
            "xe-2/0/0.105",
            med=10,
            installed=NOW - age(1, 1, "00:32:28"),
        ),
        make.plain("192.168.1.0/24", Protocol.DIRECT, None, "xe-2/0/1.150"),
    )
    return device


@pytest.fixture
def orcus(device, make):
    device.at(NOW)
    device.router.table(
        "inet.0",
        make.bgp(
            "10.0.0.3/32",
            "192.168.1.3",
            "xe-2/0/0.150",
            med=10,
            external=False,
            peer="192.168.1.3",
            installed=NOW - 22,
        ),
        make.bgp(
            "10.0.0.3/32",
            "4.0.0.46",
            "xe-2/0/0.111",
            med=150,
            installed=NOW - age(1, 1, "01:19:45"),
        ),
    )
    return device


def body(text):
    """A table's output below its counts, which depend on all the rest of the network."""
    return re.sub(r": \d+ destinations.*hidden\)", ":", text).strip("\n")


@pytest.mark.reference
def test_lunas_route_reads_as_in_the_article(luna, reference):
    expected = shown_route(reference, "play@MX104-TEST-HB:Luna> show route 10.0.0.3")
    assert body(luna.cli("show route 10.0.0.3")) == body(expected)


@pytest.mark.reference
def test_orcus_routes_read_as_in_the_article(orcus, reference):
    expected = shown_route(reference, "play@MX104-TEST-HB:Orcus> show route 10.0.0.3")
    assert body(orcus.cli("show route 10.0.0.3")) == body(expected)


@pytest.mark.reference
def test_libers_active_path_reads_as_in_the_article(liber, reference):
    line = "show route table ipvpn.inet.0 10.0.0.12 active-path"
    expected = shown_route(reference, f"play@MX104-TEST-HB:Liber> {line}")
    assert body(liber.cli(line)) == body(expected)


@pytest.mark.reference
def test_libers_details_hold_the_articles_lines_in_order(liber, reference):
    line = "show route table ipvpn.inet.0 10.0.0.12 active-path detail"
    expected = shown_route(reference, f"play@MX104-TEST-HB:Liber> {line}").split("\n")
    printed = iter(body(liber.cli(line)).split("\n"))
    for wanted in expected:
        if "omitted" not in wanted:
            assert body(wanted) in printed


def test_the_peer_is_named_only_if_it_is_not_the_next_hop(orcus, make):
    assert "from" not in orcus.cli("show route 10.0.0.3")
    orcus.router.table(
        "inet.0",
        make.bgp("10.0.0.4/32", "4.0.0.18", "xe-2/0/0.104", peer="10.0.0.5", external=False),
    )
    assert "localpref 100, from 10.0.0.5\n" in orcus.cli("show route 10.0.0.4")


def test_brief_detail_and_extensive_have_goldens(liber, golden):
    for style in ("brief", "terse", "detail", "extensive"):
        golden(f"route_{style}.txt", liber.cli(f"show route table ipvpn {style}"))
        rpc = f"<get-route-information><table>ipvpn</table><{style}/></get-route-information>"
        golden(f"route_{style}.xml", liber.xml(rpc).replace("><", ">\n<"))


@pytest.mark.parametrize(
    ("line", "destinations"),
    [
        ("show route", ["4.0.0.96/30", "4.0.0.98/32", "10.0.0.3/32", "10.0.0.12/32"]),
        ("show route 10.0.0.12", ["10.0.0.12/32"]),
        ("show route 10.0.0.99", []),
        ("show route 4.0.0.97", ["4.0.0.96/30"]),
        ("show route 4.0.0.97 exact", []),
        ("show route 4.0.0.0/8", ["4.0.0.96/30", "4.0.0.98/32"]),
        ("show route 4.0.0.0/8 exact", []),
        ("show route 4.0.0.97/31", ["4.0.0.96/30"]),
        ("show route 4.0.0.98 best", ["4.0.0.98/32"]),
        ("show route protocol static", ["10.0.0.3/32"]),
        ("show route protocol direct table ipvpn.inet.0", ["4.0.0.96/30"]),
        ("show route table inet.3", []),
        ("show route next-hop 4.0.0.97", ["10.0.0.3/32"]),
        ("show route source-gateway 10.0.0.4", ["10.0.0.12/32"]),
        ("show route community target:1:*", ["10.0.0.12/32"]),
        ("show route community target:2:1", []),
        ("show route aspath-regex 65500", ["10.0.0.12/32"]),
        ("show route aspath-regex .*1", []),
        ("show route hidden", []),
        ("show route inactive-path", ["10.0.0.12/32"]),
        ("show route inactive-prefix", []),
        ("show route match-prefix 10.0.0.1*", ["10.0.0.12/32"]),
    ],
)
def test_filters_let_these_pass(liber, line, destinations):
    information = liber.element(rpc_of(line.split()))
    found = [
        rt.value("rt-destination")
        for table in information.all("route-table")
        for rt in table.all("rt")
    ]
    assert found == destinations


def test_a_table_held_back_by_a_filter_keeps_its_header(liber):
    assert liber.cli("show route protocol ldp").strip() == (
        "ipvpn.inet.0: 4 destinations, 5 routes (4 active, 0 holddown, 0 hidden)"
    )


def test_hidden_routes_are_shown_only_when_asked_for(device, make):
    device.router.table(
        "inet.0", make.bgp("10.9.0.0/16", "4.0.0.22", "xe-2/0/0.105", hidden="unusable path")
    )
    assert "10.9.0.0" not in device.cli("show route")
    assert "10.9.0.0/16         [BGP/170]" in device.cli("show route hidden")
    detail = device.cli("show route hidden detail")
    assert "State: <Hidden Ext>" in detail
    assert "Hidden reason: unusable path" in detail


def test_labels_are_tables_of_their_own(device, make):
    device.router.table(
        "mpls.0",
        make.plain(
            16,
            Protocol.VPN,
            kind=NextHopKind.TABLE,
            hops=(make.hop(pop=True, table="ipvpn.inet.0"),),
        ),
        make.plain(
            299776, Protocol.LDP, hops=(make.hop("4.0.0.9", "xe-2/0/1.102", swap=299808),), metric=1
        ),
        make.plain(299792, Protocol.LDP, hops=(make.hop("4.0.0.9", "xe-2/0/1.102", pop=True),)),
        make.plain(0, Protocol.MPLS, kind=NextHopKind.RECEIVE, metric=1),
    )
    text = device.cli("show route table mpls.0")
    assert "16                 *[VPN/0] 00:00:00\n" in text
    assert "                      to table ipvpn.inet.0, Pop      \n" in text
    assert "                    > to 4.0.0.9 via xe-2/0/1.102, Swap 299808\n" in text
    assert (
        "0                  *[MPLS/0] 00:00:00, metric 1\n                      Receive\n" in text
    )
    only = device.cli("show route label 299792")
    assert "Pop      " in only
    assert "Swap" not in only


def test_a_deep_label_stack_marks_its_top(device, make):
    device.router.table(
        "ipvpn.inet.0",
        make.bgp(
            "10.0.0.12/32", "4.0.0.18", "xe-2/0/0.104", 16, 300144, peer="10.0.0.5", external=False
        ),
    )
    assert "> to 4.0.0.18 via xe-2/0/0.104, Push 16, Push 300144(top)" in device.cli("show route")


def test_a_vpn_route_is_found_by_its_distinguisher(device, make):
    table = ("10.0.0.12/32", "4.0.0.18", "xe-2/0/0.104", 16)
    for rd in ("1:1", "2:2"):
        device.router.table("bgp.l3vpn.0", make.bgp(*table, rd=rd, external=False))
    text = device.cli("show route rd-prefix 2:2:10.0.0.12/32")
    assert "2:2:10.0.0.12/32" in text
    assert "1:1:10.0.0.12/32" not in text


def test_a_destination_without_an_active_route_is_an_inactive_prefix(device, make):
    hidden = make.bgp("10.9.0.0/16", "4.0.0.22", "xe-2/0/0.105", hidden="unusable path")
    shown = make.bgp("10.8.0.0/16", "4.0.0.22", "xe-2/0/0.105")
    device.router.table("inet.0", hidden, shown)
    text = device.cli("show route inactive-prefix all")
    assert "10.9.0.0/16" in text
    assert "10.8.0.0/16" not in text


def test_a_long_destination_stands_on_its_own_line(device, make):
    device.router.table(
        "bgp.l3vpn.0",
        make.bgp("10.0.0.12/32", "4.0.0.18", "xe-2/0/0.104", 16, rd="10.0.0.5:100", external=False),
    )
    lines = device.cli("show route table bgp.l3vpn.0").split("\n")
    assert lines[4] == "10.0.0.5:100:10.0.0.12/32"
    assert lines[5].startswith("                   *[BGP/170]")


HOPS = ("10.2.3.2", "lt-1/2/0.23"), ("10.2.94.2", "lt-1/2/0.49")


@pytest.mark.parametrize("number", range(1, 9))
def test_of_equal_next_hops_the_one_that_packets_take_is_marked(device, make, number):
    hops = [make.hop(*hop) for hop in HOPS]
    route = make.plain(f"10.0.0.{number}/32", Protocol.LDP, hops=hops, metric=10)
    device.router.table("inet.3", route)
    marks = {hop: ">" if hop is selected(route) else " " for hop in route.next_hops}
    expected = [f"                    {marks[hop]} to {hop.to} via {hop.via}" for hop in hops]
    assert device.cli("show route table inet.3").split("\n")[5:7] == expected
    [used] = [hop for hop, mark in marks.items() if mark == ">"]
    assert f"{used.to} via {used.via} weight 0x1, selected" in device.cli(
        "show route table inet.3 detail"
    )
    assert f">{used.to}" in device.cli("show route table inet.3 terse")


def test_one_next_hop_is_installed_unless_a_policy_balances(device, make):
    hops = [make.hop(*hop) for hop in HOPS]
    device.router.table("inet.0", make.plain("10.0.0.5/32", Protocol.ISIS, hops=hops, metric=10))
    line = "show route forwarding-table destination 10.0.0.5"
    assert device.cli(line).count(" ucst ") == 1
    balanced = RoutingInstance("master", "forwarding", forwarding_export=("balance",))
    device.router.config = Router(instances={"master": balanced})
    assert device.cli(line).count(" ucst ") == 2
    assert device.cli(line).count(" ulst ") == 1


@pytest.mark.parametrize(
    ("rpc", "message", "element"),
    [
        (
            "<get-route-information><tableau>x</tableau></get-route-information>",
            "syntax error",
            "tableau",
        ),
        (
            "<get-route-information><destination>foo</destination></get-route-information>",
            "invalid ip address or hostname: foo",
            "destination",
        ),
        ("<get-rout-information/>", "syntax error", "get-rout-information"),
        (
            f"<{ROUTE}><receive-protocol-name>bgp</receive-protocol-name></{ROUTE}>",
            "missing mandatory argument: peer",
            "peer",
        ),
    ],
)
def test_what_is_wrong_is_said_in_junos_words(luna, rpc, message, element):
    with pytest.raises(RpcError) as raised:
        luna.xml(rpc)
    assert (raised.value.message, raised.value.bad_element) == (message, element)
    assert raised.value.element().findtext(".//{*}bad-element") == element


def test_an_unknown_logical_system_is_an_error(luna):
    with pytest.raises(RpcError, match="Mercury"):
        luna.cli("show route logical-system Mercury")


def test_a_logical_system_answers_for_itself(luna, make):
    ceres = luna.routers["Ceres"] = make.router("Luna:Ceres", luna.network.clock)
    ceres.table("inet.0", make.plain("10.0.0.2/32", Protocol.DIRECT, None, "lo0.2"))
    text = luna.cli("show route logical-system Ceres")
    assert "10.0.0.2/32" in text
    assert "10.0.0.3/32" not in text


def test_json_says_what_xml_says(liber):
    rpc = "<get-route-information><destination>10.0.0.12</destination></get-route-information>"
    information = liber.json(rpc)["route-information"][0]
    assert information["attributes"] == {
        "xmlns": "http://xml.juniper.net/junos/18.2R3/junos-routing"
    }
    table = information["route-table"][0]
    assert table["comment"] == "keepalive"
    entry = table["rt"][0]["rt-entry"][0]
    assert table["rt"][0]["attributes"] == {"junos:style": "brief"}
    assert entry["age"] == [{"data": "1w1d 01:08:29", "attributes": {"junos:seconds": "695309"}}]
    assert entry["current-active"] == [{"data": [None]}]
    assert entry["as-path"] == [{"data": "65500 I"}]


def test_a_set_is_in_braces_and_who_aggregated_is_named(device, make):
    device.router.table(
        "inet.0",
        make.bgp(
            "5.0.0.0/8",
            "10.0.0.2",
            "ge-0/0/0.0",
            as_path=(1, 7, frozenset({102, 8})),
            atomic_aggregate=True,
            aggregator=(1, make.address("9.9.9.9")),
        ),
    )
    assert "AS path: 1 7 {8 102} I  (Atomic) \n" in device.cli("show route detail")
    assert "Aggregator: 1 9.9.9.9\n" in device.cli("show route detail")
    assert "5.0.0.0/8" in device.cli("show route aspath-regex .*102")
