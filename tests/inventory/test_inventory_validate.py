"""Every file of a project is judged offline, all errors of all files at once."""

import json
import re

import pytest

from multihome.cli.app import run
from multihome.errors import ExitCode, InvalidFile, UnknownName
from multihome.intent.expect import expectations
from multihome.inventory.credentials import Credentials
from multihome.inventory.project import init_project
from multihome.render.secrets import Secrets
from multihome.runbook.requests import half_asked_offline
from multihome.runbook.validation import validate
from multihome.runbook.verify import Wanted, demands
from multihome.runbook.workspace import Workspace


@pytest.fixture
def project(tmp_path):
    return init_project(tmp_path / "net")


@pytest.fixture
def edit(project):
    def change(file, old, new):
        path = project.root / file
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))

    return change


def messages(found):
    return [str(each).replace(str(each.file.parent.parent) + "/", "") for each in found]


def only(found):
    (message,) = messages(found)
    return message


def test_the_default_project_has_neither_errors_nor_warnings(project):
    found = validate(project)
    assert (found.errors, found.warnings) == ((), ())
    assert found.catalogue


def test_all_errors_of_all_files_come_at_once(project, edit):
    edit("inventory/hosts.yaml", "groups:", "gruops:")
    edit("inventory/ipvpn.yaml", "        site-of-origin:", "        site-of-orign:")
    edit("checks/steady.yaml", "check:", "chek:")
    for name in ("isis.j2", "ldp.j2"):
        with (project.templates / name).open("a") as stream:
            stream.write("{% if")
    files = {each.file.name for each in validate(project).errors}
    assert files == {"hosts.yaml", "ipvpn.yaml", "steady.yaml", "isis.j2", "ldp.j2"}
    with pytest.raises(InvalidFile) as caught:
        Workspace.open(project, Credentials("ops"), Secrets({}))
    assert {each.file.name for each in caught.value.problems} == files
    assert all(each.line for each in caught.value.problems)


def test_a_template_that_fails_when_it_is_filled_is_an_error_once(project):
    with (project.templates / "isis.j2").open("a") as stream:
        stream.write("\nset x {{ router.no_such_thing }}\n")
    assert "templates/isis.j2:" in only(validate(project).errors)


def test_what_undoes_a_change_is_not_stopped_by_a_check(project, edit):
    edit("checks/steady.yaml", "check:", "chek:")
    assert Workspace.open(project, Credentials("ops"), Secrets({}), whole=False).intent


PREFIX = "prefixes: [10.0.0.12/32]"


@pytest.mark.parametrize(
    ("prefix", "words"),
    [
        ("0.0.0.0/0", "covers every address"),
        ("224.1.0.0/16", "is multicast"),
        ("127.1.0.0/16", "is loopback"),
        ("240.0.0.0/8", "is reserved"),
        ("0.0.0.0/8", "is this host"),
        ("169.254.9.0/24", "is link-local"),
        ("128.0.0.0/1", "is multicast"),
        ("192.168.0.0/16", "covers the LAN 192.168.1.0/24"),
        ("192.168.1.128/25", "is a part of the LAN"),
        ("4.0.0.96/30", "is a link's subnet already"),
        ("4.0.0.97/32", "is a part of the link 4.0.0.96/30"),
    ],
)
def test_a_prefix_that_makes_no_sense_is_one_error_with_its_line(project, edit, prefix, words):
    edit("inventory/ipvpn.yaml", PREFIX, f"prefixes: [10.0.0.12/32, {prefix}]")
    found = validate(project, deep=False).errors
    assert words in messages(found)[0]
    assert re.match(r"inventory/ipvpn.yaml:\d+: .*prefixes\[1\]", messages(found)[0])
    assert len(found) == 1


@pytest.mark.parametrize(
    ("prefix", "words"),
    [
        ("10.0.0.0/28", "covers the loopback of"),
        ("4.0.0.64/26", "covers 4.0.0.96/30 of site genius"),
    ],
)
def test_a_prefix_that_covers_what_is_anothers_is_a_warning(project, edit, prefix, words):
    edit("inventory/ipvpn.yaml", PREFIX, f"prefixes: [10.0.0.12/32, {prefix}]")
    found = validate(project, deep=False)
    assert found.errors == ()
    assert any(words in each for each in messages(found.warnings))
    assert all(re.match(r"inventory/ipvpn.yaml:\d+: ", each) for each in messages(found.warnings))


def test_a_multicast_address_on_a_link_is_an_error(project, edit):
    edit("inventory/ipvpn.yaml", "4.0.0.98/30", "224.0.0.98/30")
    assert any("is multicast" in each for each in messages(validate(project).errors))


def test_the_same_prefix_in_two_vpns_is_legal(project):
    path = project.intent
    text = path.read_text()
    start, end = text.index("  ipvpn:\n"), text.index("# Addressed, but in no VPN")
    site = """  other:
    route-distinguisher: "1:9"
    vrf-target: "target:1:9"
    single-homed:
      far:
        vlan: 999
        pe: {router: liber, interface: xe-2/0/1.999, address: 4.0.0.98/30}
        cpe: {router: orcus, interface: xe-2/0/9.999, address: 4.0.0.97/30}
        prefixes: [10.0.0.3/32, 10.0.0.12/32]
"""
    path.write_text(text[:end] + site + text[end:])
    assert start < end
    assert not [m for m in messages(validate(project, deep=False).errors) if "prefixes" in m]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("            med: 10\n", "            med: 10\n            hold-time: 10\n", "'hold-time' belongs in"),
        ("    table-label: true", "    table-label: true\n    mtu: 1500", "'mtu' belongs in the top of the file"),
        ("        hold-time: 10 ", "        hold-tme: 10 ", "did you mean 'hold-time'?"),
    ],
)  # fmt: skip
def test_a_hint_names_the_place_where_the_key_may_stand(project, edit, old, new, words):
    edit("inventory/ipvpn.yaml", old, new)
    assert any(words in each for each in messages(validate(project).errors))


def test_a_key_of_the_inventory_in_the_wrong_place_is_sent_to_its_own(project, edit):
    edit("inventory/hosts.yaml", "groups: ", "role: pe, groups: ")
    assert any("'role' belongs in *.data" in each for each in messages(validate(project).errors))


def test_a_key_of_a_check_in_the_wrong_place_is_sent_to_its_own(project):
    (project.checks / "mine.yaml").write_text(
        "checks:\n  - check: bgp-session\n    router: juno\n    peer: 4.0.0.21\n    received: 3\n"
    )
    assert "'received' belongs in tables" in only(validate(project).errors)


@pytest.mark.parametrize("name", ["NIGHT.YAML", "night.yaml.bak", "night.Yml", "night.json"])
def test_a_file_of_checks_that_is_not_read_is_a_warning(project, name):
    (project.checks / name).write_text("checks: []\n")
    assert f"checks/{name}: is not read" in only(validate(project).warnings)


def test_a_sub_folder_of_checks_is_a_warning_and_other_files_are_none(project):
    (project.checks / "more").mkdir()
    (project.checks / "more" / "night.yaml").write_text("checks: []\n")
    (project.checks / "notes.txt").write_text("x")
    (project.checks / "empty").mkdir()
    assert "checks/more: 1 file in this sub-folder not read" in only(validate(project).warnings)


CHECK = """checks:
  - check: {kind}
    name: mine
    router: {router}
{rest}"""


@pytest.mark.parametrize(
    ("kind", "router", "rest", "words"),
    [
        ("vrrp", "luna", "interface: xe-2/0/1.150\ngroup: 1\nstate: backup", "state: luna"),
        ("vrrp", "luna", "interface: xe-2/0/1.150\ngroup: 1\npriority: {at most: 200}", "priority"),
        ("bgp-session", "juno", "peer: 4.0.0.21\npeer-as: 65501", "peer-as"),
        ("bgp-session", "juno", "peer: 4.0.0.21\nabsent: true", "absent"),
        ("bgp-session", "juno", "peer: 4.0.0.21\ntables: {ipvpn.inet.0: {received: 99}}", "tables.ipvpn.inet.0.received"),
        ("route", "liber", "table: ipvpn.inet.0\nprefix: 10.0.0.12/32\nactive: {local-preference: 160}", "active.local-preference"),
        ("route", "liber", "table: ipvpn.inet.0\nprefix: 10.0.0.12/32\nabsent: true", "absent"),
        ("received-routes", "luna", "peer: 4.0.0.22\ntable: inet.0\ncount: 1", "count"),
        ("received-routes", "luna", "peer: 4.0.0.22\ntable: inet.0\nexcludes: [10.0.0.3/32]", "excludes"),
        ("interface", "luna", "interface: xe-2/0/1.150\nvlan: 151", "vlan"),
    ],
)  # fmt: skip
def test_a_check_that_contradicts_the_intent_is_an_error(project, kind, router, rest, words):
    body = "".join(f"    {line}\n" for line in rest.splitlines())
    path = project.checks / "mine.yaml"
    path.write_text(CHECK.format(kind=kind, router=router, rest=body))
    found = messages(validate(project).errors)
    assert [each for each in found if each.startswith("checks/mine.yaml:2: ") and words in each]
    workspace = Workspace.open(project, Credentials("ops"), Secrets({}))
    with pytest.raises(InvalidFile, match="contradicts the intent"):
        demands(workspace, Wanted())
    path.write_text(path.read_text().replace("    name", "    level: warning\n    name"))
    assert validate(project).errors == ()


@pytest.mark.parametrize(
    "rest",
    [
        "interface: xe-2/0/1.150\ngroup: 1\npriority: {at least: 200}",
        "interface: xe-2/0/1.150\ngroup: 1\nstate: {one of: [master, backup]}",
        "interface: xe-2/0/1.150\ngroup: 2\nstate: backup",
        "interface: xe-2/0/1.150\ngroup: 1\nstate: backup\nwhen: [primary-cpe-down]",
    ],
)
def test_a_check_that_both_can_hold_is_no_contradiction(project, rest):
    body = "".join(f"    {line}\n" for line in rest.splitlines())
    text = CHECK.format(kind="vrrp", router="luna", rest=body)
    (project.checks / "mine.yaml").write_text(text)
    assert validate(project).errors == ()


TWO_ENDED = """checks:
  - check: bgp-session
    name: mine
    router: juno
    peer: 4.0.0.21
    other-end: {router: luna, peer: 4.0.0.22, name: theirs}
"""


def test_a_limit_that_leaves_one_end_is_a_warning(project):
    (project.checks / "mine.yaml").write_text(TWO_ENDED)
    found = validate(project)
    (line,) = [x for x in half_asked_offline(project, found, ["juno"], Wanted()) if "mine" in x]
    assert line == "warning: checks/mine.yaml:2: only the end on juno is checked, not luna"
    assert half_asked_offline(project, found, [], Wanted()) == ()


def test_an_unknown_site_is_an_error_offline_in_every_state(project):
    found = validate(project)
    for state in ("steady", "primary-session-down"):
        with pytest.raises(UnknownName, match=r"multihomed site 'satrun'.*did you mean 'saturn'"):
            half_asked_offline(project, found, [], Wanted(state, "satrun"))
    with pytest.raises(UnknownName):
        expectations(found.intent, "steady", site="satrun")


def test_the_verb_prints_all_of_it_and_ends_with_2(project, edit, capsys, tmp_path):
    edit("inventory/ipvpn.yaml", PREFIX, "prefixes: [224.0.0.0/24]")
    (project.checks / "A.YAML").write_text("")
    file = tmp_path / "found.json"
    code = run(["-i", str(project.root), "validate", "--json", str(file)])
    text = " ".join(capsys.readouterr().out.split())
    assert code == ExitCode.USAGE
    assert "is multicast" in text
    assert "A.YAML: is not read" in text
    assert "1 error, 1 warning in " in text
    document = json.loads(file.read_text())
    assert [each["level"] for each in document["problems"]] == ["error", "warning"]
    assert document["problems"][0]["line"]


def test_the_verb_ends_with_0_where_nothing_is_wrong(project, capsys):
    assert run(["-i", str(project.root), "validate"]) == ExitCode.PROVEN
    assert capsys.readouterr().out.startswith("0 errors, 0 warnings in ")
    assert run(["-i", str(project.root), "validate", "--site", "satrun"]) == ExitCode.USAGE
