"""A lab of real Junos, exported: every link in the topology, every port once, nothing secret.

After a change that is meant, `MULTIHOME_GOLDEN=write pytest tests/lab` writes the golden files
anew.
"""

import io
import os
import re
import stat
from dataclasses import replace
from ipaddress import IPv4Interface
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from ruamel.yaml import YAML
from typer.testing import CliRunner

from multihome.check.catalogue import Names, load_catalogue
from multihome.cli import app
from multihome.errors import UnknownName, UsageError
from multihome.intent.load import load_intent
from multihome.intent.places import Place, Segment, segments
from multihome.inventory.project import Project, default_project
from multihome.inventory.targets import read_inventory
from multihome.lab import process
from multihome.lab.export import Login, Wanted, export
from multihome.lab.folder import read_source, write
from multihome.lab.renaming import catalogue_text
from multihome.lab.topology import port_names, topology
from multihome.lab.virtual import KINDS, endpoint, kind_of
from multihome.lab.virtual import port_names as stand_ins
from multihome.lab.wiring import cables
from multihome.values.interface import InterfaceName

GOLDEN = Path(__file__).parent / "golden" / "export"
ROUTER = KINDS["juniper_vjunosrouter"]
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJustAKeyThatNobodyHas operator@desk"


@pytest.fixture(scope="module")
def source():
    return read_source(default_project())


def wanted(kind=ROUTER, **login):
    return Wanted("multihome", kind, f"{kind.repository}:1", Login(**login))


def yaml(text):
    return YAML(typ="safe").load(io.StringIO(text))


# --- the files ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["multihome.clab.yml", "interfaces.yaml", "README.md"])
def test_the_files_are_those_that_were_agreed_on(source, name):
    compare(name, export(source, wanted()).files[name])


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_each_kind_boots_with_the_login_in_the_form_it_reads(source, kind):
    made = export(source, wanted(kind, username="ops", public_key=KEY))
    name = f"startup/luna{kind.suffix}"
    compare(f"{kind.name}{kind.suffix}", made.files[name])


def compare(name, text):
    if os.environ.get("MULTIHOME_GOLDEN") == "write":
        (GOLDEN / name).write_text(text)
    assert text == (GOLDEN / name).read_text()


def test_the_project_is_the_same_under_other_port_names(source, tmp_path):
    write(export(source, wanted()), tmp_path)
    made = Project(tmp_path)
    inventory = read_inventory(made)
    assert inventory.roles == read_inventory(default_project()).roles
    names = yaml((tmp_path / "interfaces.yaml").read_text())
    old, new = (
        list(segments(i)) for i in (source.intent, load_intent(made.intent, inventory.roles))
    )
    for before, after in zip(old, new, strict=True):
        assert after.vlan == before.vlan
        for was, now in zip(before.places, after.places, strict=True):
            assert (now.router, now.address) == (was.router, was.address)
            was_port, now_port = map(InterfaceName.parse, (was.interface, now.interface))
            assert now_port == (names[was.router][was_port.physical], was_port.unit)
    known = Names(set(inventory.names), {"steady", "primary-session-down"})
    before, after = (load_catalogue(p.checks, known) for p in (default_project(), made))
    assert len(after) == len(before) > 0
    assert "xe-2/0" not in (tmp_path / "checks/steady.yaml").read_text()


def test_nothing_else_in_a_file_is_touched(source):
    made = export(source, wanted()).files["inventory/ipvpn.yaml"]
    before, after = (re.sub(r"interface: [^l][^,\s]+", "", t) for t in (source.intent_text, made))
    assert after == before


# --- links and ports ------------------------------------------------------------------------


@st.composite
def networks(draw):
    """Links and LANs between ports of a few routers, with a VLAN each."""
    ports = [
        (f"r{router}", port)
        for router in range(draw(st.integers(1, 5)))
        for port in ("xe-2/0/0", "xe-2/0/1", "ge-0/0/1", "ae1")
    ]
    joined = st.lists(st.sampled_from(ports), min_size=1, max_size=4, unique_by=lambda end: end[0])
    made = []
    for vlan, ends in enumerate(draw(st.lists(joined, min_size=1, max_size=8)), 100):
        network = int(IPv4Interface("10.0.0.0/24")) + vlan * 256
        made.append(
            Segment(
                ("links", vlan),
                "",
                vlan,
                tuple(
                    Place(
                        ("links", vlan), router, f"{port}.{vlan}", IPv4Interface((network + n, 24))
                    )
                    for n, (router, port) in enumerate(ends, 1)
                ),
            )
        )
    return made


@given(networks(), st.sampled_from(list(KINDS.values())))
def test_every_link_is_in_the_topology_and_every_port_is_used_once(links, kind):
    wires = cables(links)
    routers = {place.router for link in links for place in link.places}
    names = port_names(wires, routers, kind)
    document = yaml(topology(wires, names, "lab", kind, "image:1"))
    used = [end for link in document["topology"]["links"] for end in ends_of(link)]
    assert len(used) == len(set(used))
    nodes = document["topology"]["nodes"]
    assert {end.partition(":")[0] for end in used} <= set(nodes)
    for router in routers:
        stands_for = names[router].values()
        assert len(set(stands_for)) == len(names[router])
        mine = {end for end in used if end.startswith(f"{router}:")}
        assert mine == {f"{router}:{endpoint(port)}" for port in stands_for}
    wanted_domains = domains([[at(place, names) for place in link.places] for link in links])
    made = [
        [domain_of(end, nodes) for end in ends_of(link)] for link in document["topology"]["links"]
    ]
    assert {
        frozenset(end for end in domain if ":" in end) for domain in domains(made)
    } == wanted_domains


def at(place, names):
    port = InterfaceName.parse(place.interface).physical
    return f"{place.router}:{endpoint(names[place.router][port])}"


def domain_of(end, nodes):
    """A bridge joins all its ends."""
    node = end.partition(":")[0]
    return node if nodes[node]["kind"] == "bridge" else end


def ends_of(link):
    if link.get("type") == "dummy":
        return [f"{link['endpoint']['node']}:{link['endpoint']['interface']}"]
    return link["endpoints"]


def domains(groups):
    """Who can hear whom: groups that share a member become one."""
    found = []
    for group in groups:
        whole = set(group)
        for other in [each for each in found if each & whole]:
            found.remove(other)
            whole |= other
        found.append(whole)
    return {frozenset(each) for each in found}


def test_the_ends_of_a_bridge_fit_the_names_that_linux_allows(source):
    document = yaml(export(source, wanted()).files["multihome.clab.yml"])
    ends = [end for link in document["topology"]["links"] for end in ends_of(link)]
    assert all(len(end.partition(":")[2]) <= 15 for end in ends)


def test_two_networks_of_one_vlan_never_share_a_bridge():
    def link(number, vlan, *ends):
        places = (
            Place((), router, f"{port}.{vlan}", IPv4Interface(f"10.0.{number}.{n}/24"))
            for n, (router, port) in enumerate(ends, 1)
        )
        return Segment(("core", "links", number), "", vlan, tuple(places))

    apart = [
        link(0, 10, ("a", "xe-0/0/0"), ("b", "xe-0/0/0")),
        link(1, 10, ("c", "xe-0/0/0"), ("d", "xe-0/0/0")),
    ]
    assert len(cables(apart)) == 2
    with pytest.raises(UsageError, match=r"core\.links\[0\] and core\.links\[1\] .*VLAN 10"):
        cables([*apart, link(2, 11, ("a", "xe-0/0/0"), ("c", "xe-0/0/0"))])


@pytest.mark.parametrize(
    ("ports", "names"),
    [
        (["xe-2/0/0", "xe-2/0/1"], {"xe-2/0/0": "ge-0/0/0", "xe-2/0/1": "ge-0/0/1"}),
        (["ge-0/0/4", "ae0"], {"ge-0/0/4": "ge-0/0/4", "ae0": "ge-0/0/0"}),
        (["xe-0/0/0", "ge-0/0/0"], {"xe-0/0/0": "ge-0/0/1", "ge-0/0/0": "ge-0/0/0"}),
        (["ge-0/0/10"], {"ge-0/0/10": "ge-0/0/0"}),
    ],
)
def test_a_port_that_exists_keeps_its_name_and_the_others_take_the_lowest(ports, names):
    assert stand_ins(ports, KINDS["juniper_vsrx"], "r1") == names


def test_a_router_with_more_ports_than_its_kind_is_named():
    ports = [f"xe-1/0/{n}" for n in range(11)]
    with pytest.raises(UsageError, match="r1 needs 11 ports, juniper_vsrx has 10"):
        stand_ins(ports, KINDS["juniper_vsrx"], "r1")
    last = stand_ins([f"xe-1/0/{n}" for n in range(14)], ROUTER, "r1")
    assert list(map(endpoint, last.values()))[-1] == "eth14"


def test_more_ports_than_the_image_enables_are_enabled(source, tmp_path):
    file = tmp_path / "ipvpn.yaml"
    file.write_text(source.intent_text.replace("xe-2/0/0.100", "ge-0/0/12.100"))
    intent = load_intent(file, read_inventory(default_project()).roles)
    made = export(replace(source, intent=intent, intent_text=file.read_text()), wanted())
    assert "number-of-ports 13;" in made.files["startup/ceres.conf"]
    assert "number-of-ports" not in made.files["startup/juno.conf"]


# --- checks ---------------------------------------------------------------------------------


def test_ports_in_checks_change_places_without_meeting():
    names = {"a": {"ge-0/0/0": "ge-0/0/1", "ge-0/0/1": "ge-0/0/0"}}
    text = (
        "checks:\n  - check: configuration   # of both\n    router: a\n"
        "    present: ['interfaces ge-0/0/0 unit 5', \"ge-0/0/1.7\", ge-0/0/10]\n"
    )
    renamed, lost = catalogue_text(text, names)
    assert lost == ()
    assert renamed == text.replace("/0 unit", "/X unit").replace("/1.7", "/0.7").replace("/X", "/1")


def test_a_check_for_routers_that_differ_is_left_and_told():
    names = {"a": {"xe-2/0/0": "ge-0/0/0"}, "b": {"xe-2/0/0": "ge-0/0/1"}}
    text = "checks:\n  - {check: interface, router: [a, b], interface: xe-2/0/0}\n"
    assert catalogue_text(text, names) == (text, ("checks[0]",))
    ends = "checks:\n  - {check: vrrp, router: a, interface: xe-2/0/0, other-end: {router: b}}\n"
    assert catalogue_text(ends, names) == (ends, ("checks[0]",))
    told = ends.replace("b}", "b, interface: xe-2/0/0}")
    assert catalogue_text(told, names)[0].count("ge-0/0/1") == 1
    alike = {"a": names["a"], "b": names["a"]}
    assert "interface: ge-0/0/0" in catalogue_text(text, alike)[0]


# --- logins and refusals --------------------------------------------------------------------


def test_a_password_is_written_only_when_asked_for_and_only_for_the_owner(source, tmp_path):
    plain = export(source, wanted())
    assert not plain.private
    assert not any("password" in plain.files[f"startup/{r}.conf"] for r in ("luna", "juno"))
    secret = export(source, wanted(username="ops", password=SecretStr("t0psecret")))
    write(secret, tmp_path)
    held = {path for path, text in secret.files.items() if "t0psecret" in text}
    assert held == secret.private == {f"startup/{router}.conf" for router in source.intent.routers}
    assert all(stat.S_IMODE((tmp_path / path).stat().st_mode) == 0o600 for path in held)


@pytest.mark.parametrize(
    ("name", "login", "said"),
    [
        ("Multihome", {}, "1 to 9 small letters"),
        ("multihomes", {}, "1 to 9 small letters"),
        ("lab", {"username": "ops"}, "ops would have no way in"),
        ("lab", {"password": SecretStr('a"b')}, "printable ASCII"),
        ("lab", {"public_key": "-----BEGIN OPENSSH PRIVATE KEY-----"}, "no public key"),
        ("lab", {"username": "two words", "public_key": KEY}, "two words"),
    ],
)
def test_what_cannot_be_used_is_said_before_anything_is_written(source, name, login, said):
    with pytest.raises(UsageError, match=said):
        export(source, Wanted(name, ROUTER, "image:1", Login(**login)))


def test_nothing_is_overwritten(source, tmp_path):
    (tmp_path / "mine").touch()
    with pytest.raises(UsageError, match="nothing overwritten"):
        write(export(source, wanted()), tmp_path)
    with pytest.raises(UnknownName, match="juniper_vmx"):
        kind_of("juniper_vmxx")


def test_the_command_says_where_to_begin(tmp_path, monkeypatch):
    monkeypatch.setenv("MULTIHOME_PASSWORD", "t0psecret")
    words = ["lab", "export", str(tmp_path / "lab"), "--kind", "juniper_vmx", "--with-password"]
    result = CliRunner().invoke(app.app, words)
    assert result.exit_code == 0
    assert "README.md" in result.stderr
    assert "t0psecret" in (tmp_path / "lab/startup/luna.set").read_text()
    assert "juniper_vmx" in (tmp_path / "lab/multihome.clab.yml").read_text()


# --- on the twin ----------------------------------------------------------------------------


@pytest.mark.scenario
@pytest.mark.parametrize(
    "kind",
    [ROUTER, pytest.param(KINDS["juniper_vmx"], marks=pytest.mark.deep)],
    ids=lambda kind: kind.name,
)
def test_the_exported_project_is_applied_and_proven(source, kind, tmp_path, monkeypatch, capsys):
    write(export(source, wanted(kind)), tmp_path / "lab")
    monkeypatch.setenv("MULTIHOME_LAB_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("MULTIHOME_RUNS", str(tmp_path / "runs"))
    project = ["-i", str(tmp_path / "lab"), "--lab"]
    try:
        start = ["lab", "up", "--configs", str(tmp_path / "lab/startup"), "--speed", "20"]
        assert app.run(start) == 0
        assert app.run([*project, "apply", "--yes", "--wait", "60s", "--confirm", "20m"]) == 0
        assert app.run([*project, "verify"]) == 0
    finally:
        process.stop(tmp_path / "state")
    assert "everything proven" in capsys.readouterr().out
