"""What a commit refuses that a tree of valid statements may hold: host bits, VLANs, VRRP."""

from __future__ import annotations

from pathlib import Path

import pytest

from multihome.twin.config.inherit import effective
from multihome.twin.config.load import parse_set
from multihome.twin.junos.check.router import problems

RECORDED = Path(__file__).parents[3] / "../shared/reference/real-labs/commit_check"


def refusals(text: str) -> list[str]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [str(problem.message) for problem in problems(effective(parse_set("\n".join(lines))))]


HOST, HOST6 = "172.20.1.9/24", "2001:db8:7::9/64"
TERM = "set firewall family inet filter f term t"
CONDITION = "set policy-options condition c if-route-exists"
NETWORKS_ONLY = {
    "static": f"set routing-options static route {HOST} discard",
    "aggregate": f"set routing-options aggregate route {HOST}",
    "generate": f"set routing-options generate route {HOST}",
    "in a rib": f"set routing-options rib inet6.0 static route {HOST6} discard",
    "in an instance": f"set routing-instances r instance-type virtual-router\n"
    f"set routing-instances r routing-options static route {HOST} discard",
    "from a group": f"set groups g routing-options static route {HOST} discard\nset apply-groups g",
    "in a logical system": f"set logical-systems l routing-options static route {HOST} discard",
    "area range": f"set protocols ospf area 0.0.0.3 area-range {HOST}",
    "area range of OSPFv3": f"set protocols ospf3 area 0.0.0.3 area-range {HOST6}",
    "filter": f"{TERM} from destination-address {HOST}\n{TERM} then accept",
    "next-ip": f"{TERM} then next-ip {HOST}",
    "condition": f"{CONDITION} {HOST}\n{CONDITION} table inet.0",
    "condition of IPv6": f"{CONDITION} {HOST6}\n{CONDITION} table inet6.0",
}
ANY_ADDRESS = {
    "prefix list": f"set policy-options prefix-list l {HOST}",
    "route filter": f"set policy-options policy-statement p from route-filter {HOST} exact\n"
    "set policy-options policy-statement p then accept",
    "interface": f"set interfaces et-1/0/0 unit 0 family inet address {HOST}",
    "BGP allow": f"set routing-options autonomous-system 64800\n"
    f"set protocols bgp group g type internal\nset protocols bgp group g allow {HOST}",
    "a network": "set routing-options static route 172.20.1.0/24 discard",
    "a host": "set routing-options static route 172.20.1.9/32 discard",
}


@pytest.mark.parametrize("text", NETWORKS_ONLY.values(), ids=NETWORKS_ONLY)
def test_host_bits_are_refused_where_a_network_is_wanted(text):
    assert any("host bits" in line for line in refusals(text))


@pytest.mark.parametrize("text", ANY_ADDRESS.values(), ids=ANY_ADDRESS)
def test_host_bits_are_accepted_elsewhere(text):
    assert refusals(text) == []


PORT = "set interfaces xe-3/1/0"


def unit(number, vlan=None, address=None, port=PORT):
    address = address or f"10.77.{number % 256}.1/30"
    tag = "" if vlan is None else f"{port} unit {number} vlan-id {vlan}\n"
    return f"{tag}{port} unit {number} family inet address {address}\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (unit(9, 9), "can only be specified on tagged"),
        (unit(2, 2, port="set interfaces irb"), "can only be specified on tagged"),
        (unit(9), "Only unit 0"),
        (unit(9, port="set interfaces ae4"), "Only unit 0"),
        (f"{PORT} vlan-tagging\n" + unit(9), "must be specified on tagged"),
        (f"{PORT} vlan-tagging\n" + unit(9, 300) + unit(10, 300), "duplicate VLAN-ID"),
        (f"{PORT} gigether-options 802.3ad ae4\n" + unit(0), "member link"),
    ],
)
def test_tags_and_ports_must_agree(text, words):
    assert [words in line for line in refusals(text)] == [True]


@pytest.mark.parametrize(
    "text",
    [
        unit(0),
        unit(2, port="set interfaces irb"),
        unit(3, port="set interfaces lo0"),
        f"{PORT} vlan-tagging\n" + unit(9, 300) + unit(10, 301),
        f"{PORT} flexible-vlan-tagging\n{PORT} encapsulation flexible-ethernet-services\n"
        + unit(9, 300),
        "set interfaces lt-0/0/0 unit 1 encapsulation vlan\n"
        "set interfaces lt-0/0/0 unit 1 peer-unit 2\n" + unit(1, 9, port="set interfaces lt-0/0/0"),
        f"{PORT} vlan-tagging\n" + unit(9, 9).replace("interfaces", "logical-systems l interfaces"),
    ],
)
def test_tagged_units_of_tagged_ports_are_accepted(text):
    assert refusals(text) == []


GROUP = "set interfaces ge-0/0/0 unit 0 family inet address 10.5.0.2/24 vrrp-group 4"
VIRTUAL = f"{GROUP} virtual-address 10.5.0.1\n"


def tracked(count, cost):
    return "".join(
        f"{GROUP} track interface ge-0/1/{number}.0 priority-cost {cost}\n"
        for number in range(count)
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{GROUP} virtual-address 10.5.0.2\n" + tracked(1, 10), "priority 255"),
        (VIRTUAL + f"{GROUP} priority 255\n" + tracked(1, 10), "priority 255"),
        (VIRTUAL + f"{GROUP} priority 110\n" + tracked(2, 60), "sum of all priority costs"),
        (VIRTUAL + tracked(2, 60), "sum of all priority costs"),
        (VIRTUAL + tracked(11, 1), "more than 10 interfaces"),
        (VIRTUAL + f"{GROUP} fast-interval 50\n", "requires VRRP version 3"),
        (
            VIRTUAL + f"set protocols vrrp version-3\n{GROUP} advertise-interval 2\n",
            "cannot be configured with VRRP version 3",
        ),
    ],
)
def test_limits_of_a_vrrp_group(text, words):
    assert [words in line for line in refusals(text)] == [True]


@pytest.mark.parametrize(
    "text",
    [
        VIRTUAL + f"{GROUP} priority 120\n" + tracked(2, 60),
        VIRTUAL + tracked(10, 1),
        VIRTUAL + f"set protocols vrrp version-3\n{GROUP} fast-interval 50\n",
    ],
)
def test_a_vrrp_group_within_its_limits_is_accepted(text):
    assert refusals(text) == []


@pytest.mark.reference
def test_recorded_commit_checks_come_out_as_they_did():
    if not RECORDED.is_dir():
        pytest.skip("the recordings of commit checks are not beside the checkout")
    wrong = [
        path.name
        for path in sorted(RECORDED.glob("*.set"))
        if bool(refusals(path.read_text())) is not path.name.startswith("rejects-")
    ]
    assert not wrong
