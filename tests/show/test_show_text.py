"""The CLI text, against golden files, the article, and what XML says."""

import re

import pytest

from multihome.twin.show.commands import rpc_of
from multihome.twin.show.reply import RpcError
from multihome.twin.views import InterfaceView, PingView, Probe, TracerouteView, VrrpTrackView

BGP_GROUPS = ("show bgp group", "show bgp group detail", "show bgp group summary")
CHASSIS = {
    "vrrp.txt": ("show vrrp", "show vrrp summary", "show vrrp detail", "show vrrp extensive"),
    "bgp.txt": ("show bgp summary", "show bgp neighbor", *BGP_GROUPS),
    "interfaces.txt": (
        "show interfaces terse",
        "show interfaces descriptions",
        "show interfaces xe-2/0/0",
        "show interfaces lo0.8",
        "show interfaces xe-2/0/1.150 brief",
        "show interfaces xe-2/0/2 extensive",
    ),
    "system.txt": (
        "show version",
        "show version invoke-on all-routing-engines",
        "show system uptime",
        "show system users",
        "show system storage",
        "show system memory",
        "show system processes",
        "show system information",
        "show system alarms",
        "show system commit",
    ),
    "chassis.txt": (
        "show chassis hardware",
        "show chassis fpc",
        "show chassis fpc detail",
        "show chassis fpc pic-status",
        "show chassis routing-engine",
        "show chassis environment",
        "show chassis alarms",
        "show chassis temperature-thresholds",
    ),
    "tables.txt": (
        "show route summary",
        "show route forwarding-table",
        "show route forwarding-table summary",
        "show route instance",
        "show route instance detail",
    ),
}
CORE = (
    *("show isis adjacency", "show isis adjacency extensive", "show isis interface"),
    *("show isis interface detail", "show isis database", "show isis database detail"),
    *("show isis overview", "show ldp neighbor", "show ldp neighbor extensive"),
    *("show ldp session", "show ldp session detail", "show ldp database"),
    *("show bfd session", "show bfd session detail", "show bfd session extensive"),
    *("show ospf neighbor", "show ospf neighbor detail", "show ospf interface"),
    "show ospf neighbor extensive",
    *("show ospf interface detail", "show ospf database", "show ospf database extensive"),
    *("show ospf database summary", "show ospf route"),
    *("show ospf overview", "show isis hostname", "show isis database extensive"),
    *("show ldp interface", "show ldp interface detail", "show ldp overview"),
    *("show mpls interface", "show mpls lsp", "show ospf3 neighbor"),
)


def session(device, lines):
    return "".join(f"> {line}\n{device.cli(line)}\n" for line in lines)


@pytest.mark.parametrize("name", CHASSIS)
def test_the_text_is_that_of_the_golden_file(chassis, golden, name):
    golden(name, session(chassis, CHASSIS[name]))


def test_the_core_protocols_are_as_in_their_golden_file(core, golden):
    golden("core.txt", session(core, CORE))


@pytest.mark.reference
def test_show_vrrp_reads_as_in_the_article(chassis, reference):
    article = (reference / "article.md").read_text()
    block = article.split("Luna> show vrrp\n", 1)[1].split("\n\n", 1)[0]
    assert chassis.cli("show vrrp") == re.sub(r"</?font[^>]*>", "", block)


def test_a_backup_counts_down_to_the_masters_death(chassis, views):
    group = views.vrrp(state="backup", dead_timer=3.2, master_priority=250, master_since=None)
    chassis.router.vrrp.answers["groups"] = (group,)
    assert "   backup   Active      D  3.200 lcl " in chassis.cli("show vrrp")
    detail = chassis.cli("show vrrp detail")
    assert "Dead timer: 3.200s, Master priority: 250, Master router: 192.168.1.3" in detail
    assert "Virtual Mac" not in detail


def test_what_a_group_tracks_is_listed_and_counted(chassis, views):
    tracks = (
        VrrpTrackView("interface", "xe-2/0/0.105", up=False, priority_cost=110),
        VrrpTrackView("route", "10.0.0.3/32", up=True, priority_cost=20, instance="ipvpn"),
    )
    group = views.vrrp(tracks=tracks, current_priority=140)
    chassis.router.vrrp.answers["groups"] = (group,)
    detail = chassis.cli("show vrrp detail")
    assert "Current priority: 140, Configured priority: 250" in detail
    assert "Interface tracking: enabled, Interface count: 1" in detail
    assert "Incurred priority cost: 110" in detail
    assert re.search(r"10\.0\.0\.3/32 +ipvpn +up +20$", detail, re.MULTILINE)
    rpc = "<get-vrrp-information><detail/></get-vrrp-information>"
    [shown] = chassis.element(rpc).all("vrrp-interface")
    assert shown.value("track-vrrpd-interface/current-priority-cost") == "110"
    assert shown.value("track-route-node-information/route-state") == "up"
    track = chassis.cli("show vrrp track detail")
    assert re.search(r"xe-2/0/0\.105 +down +10g +xe-2/0/1\.150 +1 +master +140", track)


def test_the_main_router_lists_the_ports_of_its_logical_systems(chassis, make):
    inner = make.router("Luna:Ceres", chassis.network.clock)
    up = {"admin_up": True, "oper_up": True}
    names = ("xe-2/0/10", "xe-2/0/9", "xe-2/0/9.100", "ae1")
    inner.interfaces.answers["views"] = tuple(InterfaceView(name, **up) for name in names)
    chassis.routers["Ceres"] = inner
    lines = [line.split()[0] for line in chassis.cli("show interfaces terse").split("\n")]
    ports = [name for name in lines if re.fullmatch(r"[a-z]+-?[\d/]+", name)]
    assert ports == ["xe-2/0/0", "xe-2/0/1", "xe-2/0/2", "xe-2/0/9", "xe-2/0/10", "ae1", "lo0"]
    assert "xe-2/0/9.100" not in lines
    assert "xe-2/0/9.100" in chassis.cli("show interfaces terse logical-system Ceres")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("show bgp summary", "BGP is not running"),
        ("show bgp neighbor", "BGP is not running"),
        ("show isis adjacency", "IS-IS instance is not running"),
        ("show ldp session", "LDP instance is not running"),
        ("show ospf neighbor", "OSPF instance is not running"),
        ("show vrrp", "warning: vrrp subsystem not running - not needed by configuration."),
        (
            "show lldp neighbors",
            "warning: lldp subsystem not running - not needed by configuration.",
        ),
    ],
)
def test_what_does_not_run_says_so(device, line, sentence):
    assert device.cli(line) == sentence


def test_a_daemon_without_work_warns_in_the_xnm_namespace(device):
    text = device.xml("<get-vrrp-information/>")
    assert 'xmlns="http://xml.juniper.net/xnm/1.1/xnm"' in text
    assert device.element("<get-vrrp-information/>").value("reason/daemon") == "vrrp"


def test_bfd_without_sessions_is_an_ordinary_answer_of_zero(device):
    assert device.element("<get-bfd-session-information/>").value("sessions") == "0"


def test_a_session_of_several_tables_gets_a_line_for_each(chassis, views):
    counts = views.peer("10.0.0.5").tables["inet.0"]
    chassis.router.bgp.views = (
        views.peer("10.0.0.5", tables={"inet.0": counts, "bgp.l3vpn.0": counts}, external=False),
    )
    lines = chassis.cli("show bgp summary").split("\n")[-3:]
    assert lines[0].endswith(" Establ")
    assert lines[1:] == ["  inet.0: 14/14/14/0", "  bgp.l3vpn.0: 14/14/14/0"]


@pytest.mark.parametrize(
    ("age", "text"),
    [(45, "45"), (2558, "42:38"), (8122, "2:15:22"), (350366, "4d 1:19:26"), (699262, "1w1d2h")],
)
def test_the_age_of_a_session_fits_its_column(chassis, views, age, text):
    now = chassis.network.clock.now
    chassis.router.bgp.views = (views.peer("4.0.0.22", since=now - age),)
    assert f" {text:>11} 14/14" in chassis.cli("show bgp summary")


def test_only_the_neighbor_that_was_named_is_shown(chassis):
    text = chassis.cli("show bgp neighbor 192.168.1.2")
    assert text.count("Peer: ") == 1
    assert "Peer: 192.168.1.2 AS 65500" in text


@pytest.mark.parametrize(
    ("words", "cleared", "sessions"),
    [
        ("192.168.1.2", ["192.168.1.2"], 0),
        ("4.0.0.22", ["4.0.0.22"], 1),
        ("group cpe-connection", ["192.168.1.2"], 0),
        ("all", ["4.0.0.22", "192.168.1.2"], 1),
        ("instance nowhere", [], 0),
    ],
)
def test_the_sessions_that_were_named_are_cleared(chassis, words, cleared, sessions):
    said = chassis.cli(f"clear bgp neighbor {words}")
    assert said.strip() == f"Cleared {sessions} connections"
    assert chassis.router.bgp.cleared == [("master", address) for address in cleared]


def test_both_ends_of_a_session_name_the_same_ports(chassis, views):
    far, near = "4.0.0.22", chassis.router.bgp.views[0]
    other = views.peer(
        str(near.local_address), local_address=near.address, passive=True, group="CPE"
    )
    mine = chassis.element("<get-bgp-neighbor-information/>").first("bgp-peer")
    chassis.router.bgp.views = (other,)
    theirs = chassis.element("<get-bgp-neighbor-information/>").first("bgp-peer")
    assert mine.value("peer-address") == theirs.value("local-address") == f"{far}+179"
    assert mine.value("local-address") == theirs.value("peer-address")


# --- ping and traceroute ---------------------------------------------------------


@pytest.fixture
def saturn(device, make):
    far, near = make.address("10.0.0.3"), make.address("10.0.0.12")
    times = (0.019715, 0.000648)
    probes = tuple(Probe(far, time, 61, reached=True) for time in times)
    device.network.pings["Luna", far] = PingView(far, near, 56, probes)
    times = [[(577, 443, 374), (444, 422, 410), (469, 458, 432), (769, 605, 573)]]
    ways = ("192.168.1.3", "4.0.0.22", "4.0.0.98", "10.0.0.3")
    hops = tuple(
        tuple(
            Probe(
                make.address(way),
                time / 1e6,
                255,
                reached=way == ways[-1],
                icmp="port-unreachable" if way == ways[-1] else "time-exceeded",
            )
            for time in hop
        )
        for way, hop in zip(ways, times[0], strict=True)
    )
    device.network.traces["Luna", far] = TracerouteView(far, near, 30, hops)
    return device


@pytest.mark.reference
def test_ping_reads_as_in_the_article(saturn, reference):
    article = (reference / "article.md").read_text()
    line = "ping 10.0.0.3 source 10.0.0.12"
    block = article.split(f"Saturn> {line}\n", 1)[1].split("\n\nplay@", 1)[0]
    printed = saturn.cli(f"{line} count 2")
    assert printed == block.replace("^C", "")


@pytest.mark.reference
def test_traceroute_reads_as_in_the_article(saturn, reference):
    article = (reference / "article.md").read_text()
    line = "traceroute 10.0.0.3 source 10.0.0.12"
    block = article.split(f"Saturn> {line}\n", 1)[1].split("\n\nplay@", 1)[0]
    assert saturn.cli(line) == re.sub(r"</?font[^>]*>", "", block)


def test_arguments_reach_the_network(saturn, make):
    saturn.cli("ping 10.0.0.3 source 10.0.0.12 count 7 size 1400 ttl 5 rapid")
    _, _, options = saturn.network.asked[-1]
    assert options == {
        "source": make.address("10.0.0.12"),
        "count": 7,
        "size": 1400,
        "instance": "master",
        "ttl": 5,
    }
    saturn.cli("traceroute 10.0.0.3 ttl 12 no-resolve")
    assert saturn.network.asked[-1][2]["max_ttl"] == 12


def test_a_rapid_ping_prints_a_mark_for_each_probe(saturn, make):
    target = make.address("10.9.9.9")
    lost = Probe(None, 0.0, 0, reached=False)
    found = Probe(target, 0.001, 64, reached=True)
    saturn.network.pings["Luna", target] = PingView(target, None, 56, (found, lost, found))
    lines = saturn.cli("ping 10.9.9.9 rapid count 3").split("\n")
    assert lines[1] == "!.!"
    assert lines[3] == "3 packets transmitted, 2 packets received, 33% packet loss"


def test_silence_is_a_failure_without_times(saturn, make):
    target = make.address("10.9.9.9")
    lost = Probe(None, 0.0, 0, reached=False)
    saturn.network.pings["Luna", target] = PingView(target, None, 56, (lost,) * 5)
    text = saturn.cli("ping 10.9.9.9")
    assert text.endswith("5 packets transmitted, 0 packets received, 100% packet loss")
    results = saturn.element("<ping><host>10.9.9.9</host></ping>")
    assert results.value("ping-failure") == "no response"
    assert not results.first("probe-results-summary").has("rtt-minimum")


def test_what_cannot_be_sent_says_why(saturn, make):
    target = make.address("10.9.9.9")
    saturn.network.pings["Luna", target] = PingView(target, None, 56, (), "No route to host")
    text = saturn.cli("ping 10.9.9.9 count 2")
    assert text.count("ping: sendto: No route to host") == 2
    assert "2 packets transmitted, 0 packets received" in text
    saturn.network.traces["Luna", target] = TracerouteView(
        target, None, 30, (), "Can't assign requested address"
    )
    results = saturn.element("<traceroute><host>10.9.9.9</host></traceroute>")
    expected = "traceroute: bind: Can't assign requested address"
    assert results.value("traceroute-failure") == expected
    assert expected in saturn.cli("traceroute 10.9.9.9")


def test_stars_and_marks_stand_where_routers_are_silent_or_refuse(saturn, make):
    target, router = make.address("10.9.9.9"), make.address("4.0.0.22")
    lost = Probe(None, 0.0, 0, reached=False)
    no = Probe(router, 0.0005, 255, reached=False, icmp="host-unreachable")
    saturn.network.traces["Luna", target] = TracerouteView(
        target, None, 30, ((lost,) * 3, (no, lost, no))
    )
    lines = saturn.cli("traceroute 10.9.9.9 no-resolve").split("\n")
    assert lines[1] == " 1  * * *"
    assert lines[2] == " 2  4.0.0.22  0.500 ms !H * 4.0.0.22  0.500 ms !H"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("ping nowhere", "cannot resolve nowhere"),
        ("ping", "missing mandatory argument: host"),
        ("ping 10.0.0.3 count x", "invalid numeric value: 'x'"),
        ("ping 10.0.0.3 routing-instance ipvpn", "routing instance ipvpn not found"),
    ],
)
def test_a_ping_that_makes_no_sense_is_refused(saturn, line, message):
    with pytest.raises(RpcError, match=message):
        saturn.cli(line)


# --- one tree, three forms -------------------------------------------------------


@pytest.mark.parametrize("line", [line for lines in CHASSIS.values() for line in lines])
def test_json_holds_every_value_that_xml_holds(chassis, line):
    rpc = rpc_of(line.split())
    element = chassis.element(rpc)
    document = chassis.json(rpc)
    assert sorted(leaves(element)) == sorted(values(document))


def leaves(element):
    if not element.children:
        yield element.text.strip("\n")
    for child in element.children:
        yield from leaves(child)


def values(document):
    if isinstance(document, list):
        for item in document:
            yield from values(item)
    elif "data" in document and not isinstance(document["data"], dict):
        yield document["data"] if isinstance(document["data"], str) else ""
    else:
        held = {k: v for k, v in document.items() if isinstance(v, list)}
        for item in held.values():
            yield from values(item)
        if not held and "attributes" in document:
            yield ""


def test_of_all_logical_systems_one_may_not_have_what_is_asked_for(chassis, make):
    chassis.routers["Ceres"] = make.router("Ceres", chassis.network.clock)
    text = chassis.cli("show interfaces xe-2/0/0.105 terse logical-system all")
    assert text.startswith("logical-system: Ceres\nerror: device xe-2/0/0.105 not found\n")
    request = (
        "<get-interface-information><interface-name>xe-2/0/0.105</interface-name>"
        "<logical-system>all</logical-system></get-interface-information>"
    )
    said = chassis.json(request)["output"]
    assert {"data": "error: device xe-2/0/0.105 not found"} in said
