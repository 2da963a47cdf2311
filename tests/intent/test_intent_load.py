"""Each way in which an intent can be wrong: one change to a good file, one complaint."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from ruamel.yaml import YAML

from multihome.errors import InvalidFile, Problem
from multihome.intent.load import load_intent
from multihome.intent.model import Intent
from multihome.inventory.project import default_project
from multihome.inventory.role import Role

Load = Callable[..., Intent]
SATURN = "vpns.ipvpn.multihomed.saturn"
GENIUS = "vpns.ipvpn.single-homed.genius"

# What is written, what is written instead, the key that is blamed, words of the complaint.
FORM = [
    ("table-label:", "tabel-label:", "vpns.ipvpn.tabel-label", "did you mean 'table-label'"),
    ("loopbacks: {liber", "lopbacks: {liber", "vpns.ipvpn.lopbacks", "did you mean 'loopbacks'"),
    ("group: 1\n", "group: 256\n", f"{SATURN}.gateway.group", "255"),
    ("group: 1\n", "group: one\n", f"{SATURN}.gateway.group", "must be a whole number"),
    ("4.0.0.22/30", "4.0.0.22", f"{SATURN}.legs[0].pe.address", "with its length"),
    ("4.0.0.22/30", "4.0.0.222222/30", f"{SATURN}.legs[0].pe.address", "with its length"),
    ("192.168.1.0/24", "192.168.1.1/24", f"{SATURN}.gateway.subnet", "is 192.168.1.0/24"),
    (
        "virtual-address: 192.168.1.1",
        "virtual-address: x",
        f"{SATURN}.gateway.virtual-address",
        "not an IPv4 address",
    ),
    ("role: backup", "role: secondary", f"{SATURN}.legs[1].role", "'primary' or 'backup'"),
    ("med: 150", "med: -1", f"{SATURN}.legs[1].med", "greater than or equal to 0"),
    ("65500", "0", f"{SATURN}.autonomous-system", "greater than or equal to 1"),
    ('"origin:1000:1000"', '"1000:1000"', f"{SATURN}.site-of-origin", "not a site of origin"),
    ('"target:1:1"', '"origin:1:1"', "vpns.ipvpn.vrf-target", "not a route target"),
    ('"1:1"\n', '"one"\n', "vpns.ipvpn.route-distinguisher", "not a route distinguisher"),
    ("priority: 250", "priority: 255", f"{SATURN}.gateway.routers.luna.priority", "254"),
    ("hold-time: 10           #", "hold-time: 2 #", f"{SATURN}.hold-time", "at least 3"),
    ("vlan: 105", "vlan: 4095", f"{SATURN}.legs[0].vlan", "4094"),
    ("xe-2/0/1.105", "xe-2/0/1", f"{SATURN}.legs[0].pe.interface", "names no unit"),
    ("xe-2/0/1.105", "lo0.105", f"{SATURN}.legs[0].pe.interface", "loopback, not a port"),
    ("xe-2/0/1.105", "port one", f"{SATURN}.legs[0].pe.interface", "not an interface name"),
    ("juno: lo0.50", "juno: xe-2/0/1.50", "vpns.ipvpn.loopbacks.juno", "not a unit of lo0"),
    ("10.0.0.8/32", "10.0.0.8/24", "routers.luna.loopback.address", "not a /32"),
    ("49.1984.0000.0000.0007.00", "49.1984.7.00", "routers.liber.iso", "network entity title"),
    ("prefixes: [10.0.0.3/32]", "prefixes: []", f"{GENIUS}.prefixes", "needs at least 1"),
    (
        "description: MARS",
        'description: "a\\nb"',
        "other-links[2].ends.genius.description",
        "one printable line",
    ),
    (
        "        authentication-key: pe-cpe",
        '        authentication-key: "pe cpe!"',
        f"{SATURN}.authentication-key",
        "is no name",
    ),
]
SENSE = [
    ("role: backup", "role: primary", f"{SATURN}.legs[1].role", "a second primary leg; luna is it"),
    ("role: primary", "role: backup", f"{SATURN}.legs", "no leg is primary"),
    ("local-preference: 10\n", "local-preference: 150\n", f"{SATURN}.legs[1].local-preference", "luna's leg too"),
    ("med: 150", "med: 10", f"{SATURN}.legs[1].med", "luna's leg too"),
    ("router: luna,", "router: selene,", f"{SATURN}.legs[0].cpe.router", "unknown router 'selene'"),
    ("router: juno, interface: xe-2/0/1.105", "router: luna, interface: xe-2/0/1.105", f"{SATURN}.legs[0].pe.router", "luna is a cpe router in the inventory, not pe"),
    ("router: saturn\n", "router: juno\n", f"{SATURN}.customer.router", "not cpe or customer"),
    ("          interface: ae1.150\n", "", f"{SATURN}.customer", "`interface` is required"),
    ("virtual-address: 192.168.1.1", "virtual-address: 192.168.2.1", f"{SATURN}.gateway.virtual-address", "outside the LAN"),
    ("virtual-address: 192.168.1.1", "virtual-address: 192.168.1.255", f"{SATURN}.gateway.virtual-address", "no host address"),
    ("virtual-address: 192.168.1.1", "virtual-address: 192.168.1.254", f"{SATURN}.gateway.virtual-address", "saturn's own address"),
    ("priority: 150", "priority: 250", f"{SATURN}.gateway.routers.orcus.priority", "leaves the master to chance"),
    ("192.168.1.2/24", "192.168.3.2/24", f"{SATURN}.gateway.routers.orcus.address", "not in the link's subnet"),
    ("192.168.1.254/24", "192.168.1.3/24", f"{SATURN}.customer.address", "is used already, by"),
    ("4.0.0.45/30", "4.0.0.49/30", f"{SATURN}.legs[1].cpe.address", "not in the link's subnet 4.0.0.44/30"),
    ("4.0.0.45/30", "4.0.0.47/30", f"{SATURN}.legs[1].cpe.address", "no host address"),
    ("4.0.0.45/30", "4.0.0.46/30", f"{SATURN}.legs[1].cpe.address", "is used already"),
    ("xe-2/0/0.111", "xe-2/0/0.150", f"{SATURN}.gateway.routers.orcus.interface", "is used already"),
    ("vlan: 125\n", "vlan: 124\n", "vpns.ipvpn.single-homed.mercury.pe.interface", "vlan 124 on liber xe-2/0/1"),
    ("        vlan: 125\n", "", "vpns.ipvpn.single-homed.mercury.vlan", "is required: xe-2/0/1.125"),
    ("[10.0.0.10/32]", "[10.0.0.3/32]", "vpns.ipvpn.single-homed.mercury.prefixes[0]", "is used already"),
    ("[10.0.0.10/32]", "[4.0.0.96/30]", "vpns.ipvpn.single-homed.mercury.prefixes[0]", "a link's subnet already"),
    ("address: 10.0.0.15/32", "address: 10.0.0.14/32", "routers.vulcan.loopback.address", "is used already"),
    ("address: 10.0.0.6/32}, iso: 49.1984.0000.0000.0006.00", "address: 10.0.0.6/32}", "routers.jupiter.iso", "is required"),
    ("0000.0006.00", "0000.0001.00", "routers.jupiter.iso", "is apollo already"),
    ("juno: lo0.50", "juno: lo0.5", "vpns.ipvpn.loopbacks.juno", "is its own loopback already"),
    ("reflectors: {ceres:", "reflectors: {luna:", "core.bgp.reflectors.luna", "luna is a cpe router"),
    ("ipv6-routing: [ceres", "ipv6-routing: [cerse", "core.isis.ipv6-routing[0]", "unknown router 'cerse'"),
    ("autonomous-system: 65500", "autonomous-system: 1", f"{SATURN}.autonomous-system", "the core's own AS"),
    ("track-uplink: null", "track-uplink: 50", f"{SATURN}.options.track-uplink", "still not below 150"),
    ("track-uplink: null", "track-uplink: 200", f"{SATURN}.options.track-uplink", "leaves nothing"),
    (", description: VESPASIAN", "", "other-links[3].ends.liber.description", "the other end is not in this file"),
    ("  luna: {loopback: {interface: lo0.8, address: 10.0.0.8/32}}\n", "", f"{SATURN}.legs[0].cpe.router", "unknown router 'luna'"),
]  # fmt: skip


def complaints(load: Load, text: str) -> list[Problem]:
    with pytest.raises(InvalidFile) as caught:
        load(text)
    return list(caught.value.problems)


def test_the_project_s_own_intent_is_valid(intent: Intent):
    assert list(intent.vpns["ipvpn"].multihomed) == ["saturn"]


@pytest.mark.parametrize(("good", "bad", "key", "words"), [*FORM, *SENSE])
def test_one_slip_names_its_line_its_key_and_what_is_wrong(
    load: Load, source: str, good: str, bad: str, key: str, words: str
):
    assert good in source
    found = complaints(load, source.replace(good, bad, 1))
    [problem] = [p for p in found if p.key == key and words in p.message]
    assert problem.line is not None


@pytest.mark.parametrize(("good", "bad", "key", "words"), FORM)
def test_a_slip_in_the_form_is_told_on_its_own_line(
    load: Load, source: str, good: str, bad: str, key: str, words: str
):
    [problem] = [p for p in complaints(load, source.replace(good, bad, 1)) if p.key == key]
    assert problem.line == source[: source.index(good)].count("\n") + 1


def test_all_slips_are_told_at_once_in_the_order_of_the_file(load: Load, source: str):
    for good, bad in (
        ("role: backup", "role: primary"),
        ("virtual-address: 192.168.1.1", "virtual-address: 192.168.2.1"),
        ("priority: 150", "priority: 250"),
        ("table-label: true", "tabel-label: true"),
        ("local-preference: 10\n", "local-preferense: 10\n"),
        ("[10.0.0.10/32]", "[10.0.0.10/30]"),
    ):
        source = source.replace(good, bad, 1)
    found = complaints(load, source)
    assert [problem.key for problem in found if problem.key] == [
        "vpns.ipvpn.tabel-label",
        "vpns.ipvpn.single-homed.mercury.prefixes[0]",
        f"{SATURN}.legs[1].role",
        f"{SATURN}.legs[1].local-preferense",
        f"{SATURN}.gateway.virtual-address",
        f"{SATURN}.gateway.routers.orcus.priority",
    ]
    assert [p.line for p in found] == sorted(p.line or 0 for p in found)


def test_a_router_that_the_inventory_lacks_is_named(
    load: Load, source: str, roles: dict[str, Role]
):
    fewer = {name: role for name, role in roles.items() if name != "venus"}
    with pytest.raises(InvalidFile, match=r"routers\.venus: unknown router 'venus'"):
        load(source, fewer)


def test_two_links_may_not_claim_the_same_addresses(load: Load, source: str):
    widened = source.replace("4.0.0.61/30", "4.0.0.61/28").replace("4.0.0.62/30", "4.0.0.62/28")
    assert any("overlaps 4.0.0.48/28" in problem.message for problem in complaints(load, widened))


def test_a_pe_without_a_way_to_the_others_is_found(load: Load, source: str):
    start, end = source.index("    - vlan: 100\n"), source.index("vpns:\n")
    words = [
        problem.message
        for problem in complaints(load, source[:start] + "    []\n\n" + source[end:])
    ]
    assert "no core link connects janus with liber" in words


def test_a_core_that_is_not_ours_needs_no_links(load: Load, source: str):
    start, end = source.index("  links:\n"), source.index("vpns:\n")
    text = (source[:start] + source[end:]).replace("managed: true", "managed: false")
    assert load(text).core.links == ()


def test_a_site_in_both_lists_is_found(load: Load, source: str):
    doubled = source.replace("      genius:\n        vlan: 124", "      saturn:\n        vlan: 124")
    assert any(p.message == "is a single-homed site too" for p in complaints(load, doubled))


def test_a_cpe_serves_one_site(load: Load, source: str):
    doubled = source.replace("router: mercury,", "router: genius,")
    assert any(
        "belongs to site ipvpn/genius already" in p.message for p in complaints(load, doubled)
    )


def test_a_file_that_is_not_there_is_an_error_of_use():
    with pytest.raises(InvalidFile, match="No such file"):
        load_intent(default_project().root / "absent.yaml", {})


@pytest.mark.parametrize("text", ["", "- 1\n", "null\n", "words\n", "routers: []\n"])
def test_something_else_altogether_is_told_kindly(load: Load, text: str):
    assert all(str(problem).count("\n") == 0 for problem in complaints(load, text))


# --- what two things must not have in common -------------------------------------------


def second_site(data: Any) -> Any:
    """The intent with a second multihomed site, on the same PEs, that differs where it must."""
    saturn = data["vpns"]["ipvpn"]["multihomed"]["saturn"]
    text = json.dumps(saturn)
    for old, new in (
        ('"4.0.0.', '"4.9.0.'),
        ("192.168.1.", "192.168.9."),
        ("10.0.0.", "10.9.0."),
        ('.105"', '.905"'),
        ('.111"', '.911"'),
        ('"luna"', '"phobos"'),
        ('"orcus"', '"deimos"'),
        ('"vlan": 1', '"vlan": 9'),
        ("origin:1000", "origin:9000"),
        ('"router": "saturn", "interface": "ae1.150", ', ""),
    ):
        text = text.replace(old, new)
    site = json.loads(text)
    site["names"] = {}
    data["vpns"]["ipvpn"]["multihomed"]["second"] = site
    for number, name in ((8, "phobos"), (11, "deimos")):
        loopback = {"interface": "lo0.0", "address": f"10.9.0.{number}/32"}
        data["routers"][name] = {"loopback": loopback}
    return site


def with_second_site(source: str, change: Callable[[Any, Any], None]) -> str:
    data = YAML(typ="safe", pure=True).load(source)
    change(data, second_site(data))
    return json.dumps(data, default=str)


@pytest.fixture
def more_roles(roles: dict[str, Role]) -> dict[str, Role]:
    return roles | {"phobos": Role.CPE, "deimos": Role.CPE}


def test_a_second_site_on_the_same_routers_is_fine(
    load: Load, source: str, more_roles: dict[str, Role]
):
    text = with_second_site(source, lambda _data, _site: None)
    assert list(load(text, more_roles).vpns["ipvpn"].multihomed) == ["saturn", "second"]


@pytest.mark.parametrize(
    ("change", "key", "words"),
    [
        (
            lambda _, site: site.update({"site-of-origin": "origin:1000:1000"}),
            "vpns.ipvpn.multihomed.second.site-of-origin",
            "marks site ipvpn/saturn already",
        ),
        (
            lambda _, site: site.update({"names": {"group": "CPE"}}),
            "vpns.ipvpn.multihomed.second.names",
            "'CPE' is the group of site ipvpn/saturn on juno already",
        ),
        (
            lambda _, site: site["legs"][1]["cpe"].update({"router": "phobos"}),
            "vpns.ipvpn.multihomed.second.legs[1].cpe.router",
            "phobos has a leg already",
        ),
        (
            lambda _, site: site["gateway"]["routers"].pop("deimos"),
            "vpns.ipvpn.multihomed.second.legs[1].cpe.router",
            "deimos is not among the gateway's routers",
        ),
        (
            lambda _, site: site["legs"].pop(),
            "vpns.ipvpn.multihomed.second.legs",
            "needs at least 2",
        ),
        (
            lambda data, _: data["core"]["links"][0]["ends"].pop("janus"),
            "core.links[0].ends",
            "a core link has two ends",
        ),
        (
            lambda data, _: data["vpns"].update(
                {"other": {"route-distinguisher": "1:1", "vrf-target": "target:1:1"}}
            ),
            "vpns.other.route-distinguisher",
            "1:1 is VPN ipvpn's already",
        ),
        (
            lambda data, _: data["vpns"].update(
                {
                    "other": {
                        "route-distinguisher": "1:2",
                        "vrf-target": "target:1:2",
                        "loopbacks": {"juno": "lo0.50"},
                    }
                }
            ),
            "vpns.other.loopbacks.juno",
            "lo0.50 of juno is VPN ipvpn's loopback already",
        ),
    ],
)
def test_two_things_that_share_what_they_must_not_are_told(
    load: Load,
    source: str,
    more_roles: dict[str, Role],
    change: Callable[[Any, Any], None],
    key: str,
    words: str,
):
    with pytest.raises(InvalidFile) as caught:
        load(with_second_site(source, change), more_roles)
    assert [p for p in caught.value.problems if p.key == key and words in p.message]
