"""Every recording of a real router parses, and says what a reader of it sees."""

from contextlib import suppress
from copy import deepcopy
from ipaddress import IPv4Address, IPv6Address, ip_network
from pathlib import Path
from random import Random

import pytest
from lxml import etree

from multihome.errors import BadReply
from multihome.state import (
    bfd,
    bgp,
    instance,
    interface,
    isis,
    ldp,
    ping,
    route,
    system,
    traceroute,
    vrrp,
)

REPLIES = Path(__file__).parents[2] / "../shared/reference/junos-replies"
PARSERS = {
    "get-route-information": route.read_tables,
    "get-vrrp-information": vrrp.read_groups,
    "get-bgp-summary-information": bgp.read_summary,
    "get-bgp-neighbor-information": bgp.read_neighbors,
    "get-interface-information": interface.read_interfaces,
    "get-isis-adjacency-information": isis.read_adjacencies,
    "get-ldp-session-information": ldp.read_sessions,
    "get-ldp-neighbor-information": ldp.read_neighbors,
    "get-bfd-session-information": bfd.read_sessions,
    "get-software-information": system.read_software,
    "get-system-information": system.read_system,
    "get-commit-information": system.read_commits,
    "get-instance-information": instance.read_instances,
    "ping": ping.read_ping,
    "traceroute": traceroute.read_route,
}
pytestmark = pytest.mark.reference


def recordings():
    if not REPLIES.exists():
        return []
    return sorted(
        path.relative_to(REPLIES) for folder in PARSERS for path in (REPLIES / folder).glob("*.xml")
    )


def load(path):
    full = REPLIES / path
    if not full.exists():
        pytest.skip("the recordings are not beside this checkout")
    return etree.fromstring(full.read_bytes(), etree.XMLParser(recover=True))


def parse(path):
    folder = Path(path).parts[0]
    return PARSERS[folder]("r1", load(path))


def one(folder, part):
    if not REPLIES.exists():
        pytest.skip("the recordings are not beside this checkout")
    return parse(next((REPLIES / folder).glob(f"*{part}*")).relative_to(REPLIES))


@pytest.mark.parametrize("path", recordings() or [None], ids=str)
def test_every_recording_parses(path):
    if path is None:
        pytest.skip("the recordings are not beside this checkout")
    if "fragment" in path.name:
        wrapped = etree.Element("vrrp-information")
        wrapped.append(load(path))
        assert len(vrrp.read_groups("r1", wrapped)) == 1
        return
    assert parse(path) is not None


WORDS = ("", "x", "-1", "1.2.3", "9" * 30, "N/A", "\n", "::1%a", "1,2", "10.0.0.1+", "é")


def garbled(recording, chance):
    """The recording with one to four of its elements lost, renamed, doubled or saying nonsense."""
    text = deepcopy(recording)
    for _ in range(chance.choice((1, 1, 2, 4))):
        below = [each for each in text.iter() if isinstance(each.tag, str) and each is not text]
        if not below:
            break
        element, kind = chance.choice(below), chance.randrange(5)
        if kind == 0:
            element.getparent().remove(element)
        elif kind == 1:
            element.text = chance.choice(WORDS)
        elif kind == 2:
            element.tag = f"not-{etree.QName(element).localname}"
        elif kind == 3:
            element.attrib.clear()
            element.set("seconds", chance.choice(WORDS[:6]))
        else:
            element.getparent().append(deepcopy(element))
    return text


@pytest.mark.parametrize("path", recordings() or [None], ids=str)
def test_a_garbled_recording_is_read_or_refused_and_never_breaks_its_reader(path):
    if path is None:
        pytest.skip("the recordings are not beside this checkout")
    chance = Random(str(path))
    recording = load(path)
    for _ in range(40):
        with suppress(BadReply):
            PARSERS[path.parts[0]]("r1", garbled(recording, chance))


def test_a_moment_that_no_calendar_has_is_refused():
    text = (
        "<commit-information><commit-history><sequence-number>0</sequence-number><user>a</user>"
        f"<client>cli</client><date-time seconds='{'9' * 30}'/></commit-history>"
        "</commit-information>"
    )
    with pytest.raises(BadReply, match="commit-history/date-time"):
        system.read_commits("r1", etree.fromstring(text))


def test_a_brief_route_tells_its_attributes():
    tables = one("get-route-information", "github-ypath")
    table = tables.get("inet.0")
    assert (table.destinations, table.routes, table.hidden) == (451, 599, 49)
    static, bgp_path, ospf = table.get(ip_network("0.0.0.0/0")).paths
    assert static.active
    assert static.protocol == "Static"
    assert not bgp_path.active
    assert bgp_path.as_path == "20632 31133 25159 65000 I"
    assert bgp_path.local_preference == 200
    assert ospf.metric == 100
    assert ospf.used[0].via == "st0.0"
    assert ospf.used[0].to is None


def test_a_detailed_route_joins_address_and_length_and_takes_the_last_next_hop_type():
    table = one("get-route-information", "hyperglass_detail_indirect").get("inet.0")
    path = table.get(ip_network("199.34.94.96/30")).active
    assert path.next_hop_type == "Router"
    assert path.as_path == "I"
    assert path.med == 0
    assert path.metric is None
    assert path.learned_from == IPv4Address("199.34.94.1")
    assert path.used[0].via == "et-0/0/2.3601"
    assert "14525:1021" in path.communities
    assert path.age == 1767263


def test_alternatives_say_why_they_are_inactive():
    table = one("get-route-information", "napalm_test_get_route_to").get("inet.0")
    paths = table.get(ip_network("1.0.4.0/24")).paths
    assert [path.inactive_reason for path in paths] == [
        None,
        "Not Best in its group - Router ID",
        "Local Preference",
        "Local Preference",
    ]
    assert paths[0].as_path == "6939 4637 1221 38803 56203 I"
    assert len(paths[0].used) == 1
    assert len(paths[0].next_hops) == 2


def test_routing_only_and_forwarding_only_entries_are_told_apart():
    table = one("get-route-information", "suzieq_vqfx").get("inet.0")
    routing, forwarding = table.get(ip_network("10.0.0.11/32")).paths
    assert routing.active
    assert not forwarding.active


def test_tables_without_matching_routes_are_listed_with_their_counts():
    tables = one("get-route-information", "rado120p_junos-evo")
    assert tables.get("inet.3").entries == {}
    assert tables.get("inet.3").destinations == 17


def test_a_table_of_circuits_keeps_its_text():
    table = one("get-route-information", "OESS_mx").get("bgp.l2vpn.0")
    assert table.get("11537:3025:1:1/96").active.used[0].lsp == "I2-LAB1-LAB0-LSP-0"


def test_interface_and_group_of_a_dual_stack_lan_are_two_records():
    groups = one("get-vrrp-information", "22.2R0")
    twins = [each for each in groups if each.interface == "lt-0/0/0.13"]
    assert [each.family for each in twins] == ["inet", "inet6"]
    assert twins[1].virtual_addresses == (IPv6Address("2001:db8:100::3"),)


def test_vrrp_that_does_not_run_says_so():
    groups = one("get-vrrp-information", "not-running")
    assert not groups.rows
    assert "vrrp subsystem not running" in groups.not_running


def test_bgp_that_does_not_run_says_so():
    peers = one("get-bgp-summary-information", "rustjunosmcp")
    assert not peers.rows
    assert peers.not_running == "BGP is not running"


def test_ldp_that_does_not_run_says_so():
    found = one("get-ldp-neighbor-information", "not-running")
    assert found.not_running == "LDP instance is not running"


def test_bfd_without_sessions_runs():
    sessions = one("get-bfd-session-information", "empty")
    assert not sessions.rows
    assert sessions.not_running is None


def test_a_neighbor_is_known_without_its_port():
    first = one("get-bgp-neighbor-information", "suzieq_vmx").rows[0]
    assert first.peer == IPv4Address("10.0.10.1")
    assert first.instance == "VRF-A"
    assert first.state == "Established"
    assert first.tables["VRF-A.inet.0"].advertised == 2
    assert first.families == {"inet-unicast"}
    assert first.hold_time == 90
    assert first.export_policies == ("EXPORT-DIRECT",)


def test_the_summary_counts_prefixes_by_table():
    first = one("get-bgp-summary-information", "suzieq").rows[0]
    assert first.tables["VRF-A.inet.0"].accepted == 1
    assert first.flaps == 2


def test_interfaces_come_with_their_bundles_and_families():
    found = one("get-interface-information", "yandexnoc")
    assert found.get("et-0/0/19.1").families == {"aenet"}
    assert found.get("et-0/0/19").oper == "up"


def test_a_full_interface_tells_its_address_with_length():
    found = one("get-interface-information", "OESS")
    assert found.get("ge-0/0/0.0").addresses == ("156.56.6.103/24",)
    assert found.get("ge-0/0/0.0").oper == "up"
    assert found.get("ge-0/0/0").description == "Management Interface"


def test_an_isis_adjacency_in_detail_counts_its_transitions():
    found = one("get-isis-adjacency-information", "rado120p")
    second = found.rows[1]
    assert (second.interface, second.level, second.transitions) == ("ge-0/0/1.0", 2, 3)


def test_an_ldp_session_says_how_it_is_signed():
    first = one("get-ldp-session-information", "centreon").rows[0]
    assert first.authentication == "MD5 (10.0.0.0/24)"
    assert first.state == "Operational"


def test_a_bfd_session_over_several_hops_has_no_interface():
    (only,) = one("get-bfd-session-information", "pyez_factory")
    assert only.interface is None
    assert only.state == "Down"
    assert only.clients == {"Static"}


def test_round_trips_are_milliseconds():
    result = one("ping", "napalm")
    assert (result.sent, result.received, result.loss) == (5, 5, 0)
    assert result.rtt_average == pytest.approx(31.541)


def test_hops_listed_several_times_are_one():
    found = one("traceroute", "napalm")
    assert [hop.ttl for hop in found.hops] == sorted({hop.ttl for hop in found.hops})
    assert len(found.hops[0].addresses) == 2
    assert found.reached


def test_the_version_of_an_old_release_is_that_of_its_package():
    assert one("get-software-information", "pyez_facts_sw").version == "12.3X48-D40.5"
    assert one("get-software-information", "multi-re").version == "23.4R2-S7.4"


def test_a_pending_commit_is_seen_and_an_old_comment_is_not():
    assert one("get-commit-information", "pending")[0].pending
    history = one("get-commit-information", "history+rescue")
    assert history[1].comment == "commit confirmed, rollback in 5mins"
    assert not any(commit.pending for commit in history)


def test_an_error_is_a_bad_reply_that_names_rpc_and_router():
    path = (
        REPLIES
        / "rpc-error"
        / "rustjunosmcp_phase3-v2_vSRX-test10_get-firewall-policer-information.xml"
    )
    if not path.exists():
        pytest.skip("the recordings are not beside this checkout")
    with pytest.raises(BadReply, match=r"r1: get-route-information: .*syntax error"):
        route.read_tables("r1", etree.fromstring(path.read_bytes()))
