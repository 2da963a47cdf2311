"""The catalogue: typed, strict, every problem of every file at once."""

import json
from pathlib import Path

import pytest
from lxml import etree
from ruamel.yaml import YAML

from multihome.check import guide
from multihome.check.catalogue import Names, load_catalogue, load_file
from multihome.check.engine import judge, plan
from multihome.check.kinds.known import REGISTRY
from multihome.check.result import Verdict
from multihome.errors import ExitCode, InvalidFile, UnknownName
from multihome.intent.expect import STATES
from multihome.intent.matcher import AtLeast
from multihome.state.query import Evidence

ROOT = Path(__file__).parents[2]
NAMES = Names({"r1", "r2"}, {"steady", "down"})


def write(tmp_path, text, name="a.yaml"):
    path = tmp_path / name
    path.write_text(text)
    return path


def problems(tmp_path, text):
    with pytest.raises(InvalidFile) as caught:
        load_file(write(tmp_path, text), NAMES)
    return [(p.line, p.key, p.message) for p in caught.value.problems]


def test_an_entry_becomes_an_expectation_with_its_line_as_origin(tmp_path):
    (found,) = load_file(
        write(
            tmp_path,
            "checks:\n  - check: route\n    router: r1\n    table: inet.0\n"
            "    prefix: 10.0.0.0/8\n    active: {med: {at least: 10}, as-path: 1 I}\n",
        ),
        NAMES,
    )
    assert found.origin.endswith("a.yaml:2")
    assert found.active.med == AtLeast(at_least=10)
    assert found.active.as_path == "1 I"


def test_defaults_hold_unless_an_entry_says_otherwise(tmp_path):
    one, other = load_file(
        write(
            tmp_path,
            "defaults: {tags: [a], when: [down], wait: 2m}\nchecks:\n"
            "  - {check: bgp-session, router: r1, peer: 10.0.0.1}\n"
            "  - {check: bgp-session, router: r1, peer: 10.0.0.2, tags: [b], wait: 500ms}\n",
        ),
        NAMES,
    )
    assert (one.tags, one.when, one.wait) == ({"a"}, {"down"}, 120)
    assert (other.tags, other.wait) == ({"b"}, 0.5)


def test_several_routers_and_both_ends_stand_in_one_entry(tmp_path):
    found = load_file(
        write(
            tmp_path,
            "checks:\n  - {check: ldp-session, router: [r1, r2], neighbor: 10.0.0.1}\n"
            "  - check: bgp-session\n    name: s\n    router: r1\n    peer: 10.0.0.1\n"
            "    hold-time: 10\n    other-end: {router: r2, peer: 10.0.0.2}\n",
        ),
        NAMES,
    )
    assert [each.router for each in found] == ["r1", "r2", "r1", "r2"]
    assert [str(each.peer) for each in found[2:]] == ["10.0.0.1", "10.0.0.2"]
    assert all(each.hold_time == 10 for each in found[2:])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("checks:\n  - {chek: ping}\n", (2, "checks[0].check", "is required")),
        ("checks:\n  - {check: pong}\n", (2, "checks[0].check", "did you mean 'ping'")),
        (
            "checks:\n  - {check: bfd, router: r1, neighbor: 10.0.0.1, state: up}\n",
            (2, "checks[0].state", "did you mean 'Up'"),
        ),
        (
            "checks: [{check: bfd, router: r1, neighbor: 10.0.0.1, state: {one of: [Donw]}}]\n",
            (1, "checks[0].state", "did you mean 'Down'"),
        ),
        ("chekcs: []\n", (1, "chekcs", "did you mean 'checks'")),
        ("defaults: {wen: [steady]}\nchecks: []\n", (1, "defaults.wen", "did you mean 'when'")),
        (
            "checks:\n  - {check: ping, router: r3, target: 10.0.0.1}\n",
            (2, "checks[0].router", "unknown router 'r3'"),
        ),
        (
            "checks:\n  - {check: ping, router: r1, target: 10.0.0.1, when: [stedy]}\n",
            (2, "checks[0].when", "did you mean 'steady'"),
        ),
        (
            "checks:\n  - check: ping\n    router: r1\n    taget: 10.0.0.1\n    target: 10.0.0.2\n",
            (4, "checks[0].taget", "did you mean 'target'"),
        ),
        (
            "checks:\n  - {check: ping, router: r1, target: 10.0.0.1, origin: me}\n",
            (2, "checks[0].origin", "unknown key"),
        ),
        (
            "checks:\n  - {check: ping, router: r1, target: 10.0.0.256}\n",
            (2, "checks[0].target", "10.0.0.256"),
        ),
        (
            "checks:\n  - {check: ping, router: r1, target: 7}\n",
            (2, "checks[0].target", "not an address"),
        ),
        (
            "checks:\n  - {check: ping, router: r1, target: 10.0.0.1, rtt: {at moost: 3}}\n",
            (2, "checks[0].rtt", "at most"),
        ),
        (
            "checks:\n  - {check: ping, router: r1, target: 10.0.0.1, rtt: {at most: many}}\n",
            (2, "checks[0].rtt.at most", "not a number"),
        ),
        (
            "checks:\n  - {check: bgp-session, router: r1, peer: 10.0.0.1, group: {matches: '('}}\n",
            (2, "checks[0].group.matches", "not a regular expression"),
        ),
        (
            "checks:\n  - {check: ping, router: r1, target: 10.0.0.1, wait: soon}\n",
            (2, "checks[0].wait", "not a duration"),
        ),
        (
            "checks:\n  - {check: route, router: r1, table: inet.0, prefix: 10.0.0.1/8, count: 1}\n",
            (2, "checks[0].prefix", "host bits"),
        ),
        (
            "checks:\n  - {check: route, router: r1, table: inet.0, prefix: 10.0.0.0/8}\n",
            (2, "checks[0]", "asserts nothing"),
        ),
        (
            "checks:\n  - {check: route, router: r1, table: inet.0, prefix: 10.0.0.0/8, absent: true, count: 1}\n",
            (2, "checks[0]", "absent route has no count"),
        ),
        (
            "checks:\n  - {check: rpc, router: r1, rpc: request-system-reboot, xpath: //a, count: 1}\n",
            (2, "checks[0].rpc", "pattern"),
        ),
        (
            "checks:\n  - {check: vrrp, router: r1, interface: a, group: 1, other-end: {group: 2}}\n",
            (2, "checks[0].other-end.router", "is required"),
        ),
        ("checks: {check: ping}\n", (1, "checks", "must be a list")),
        ("- check: ping\n", (1, "", "must be a mapping")),
    ],
)
def test_a_slip_names_line_and_key(tmp_path, text, expected):
    line, key, words = expected
    found = problems(tmp_path, text)
    assert len(found) == 1, found
    assert found[0][:2] == (line, key)
    assert words in found[0][2]


def test_a_name_used_twice_is_an_error(tmp_path):
    entry = "  - {check: ping, name: n, router: r1, target: 10.0.0.1}\n"
    assert "used twice; first on line 2" in problems(tmp_path, f"checks:\n{entry}{entry}")[0][2]


def test_all_problems_of_all_files_come_at_once(tmp_path):
    write(tmp_path, "checks:\n  - {check: pong}\n  - {check: ping, router: r9}\n", "a.yaml")
    write(tmp_path, "checks: [1]\n", "b.yaml")
    with pytest.raises(InvalidFile) as caught:
        load_catalogue(tmp_path, NAMES)
    assert len(caught.value.problems) == 4
    assert {each.file.name for each in caught.value.problems} == {"a.yaml", "b.yaml"}
    assert caught.value.exit_code is ExitCode.USAGE


def test_an_empty_folder_has_no_checks(tmp_path):
    assert load_catalogue(tmp_path, NAMES) == ()


def test_the_projects_own_catalogue_is_valid():
    hosts = YAML(typ="safe").load((ROOT / "inventory" / "hosts.yaml").read_text())
    found = load_catalogue(ROOT / "checks", Names(set(hosts), {"steady", "primary-session-down"}))
    assert {each.check_name for each in found} >= {"route", "vrrp", "ping", "path"}
    assert all(each.when for each in found)


@pytest.mark.parametrize("name", sorted(each.name for each in REGISTRY))
def test_the_example_of_each_check_runs_and_passes(name, tmp_path):
    (found,) = load_file(write(tmp_path, guide.example(name)), NAMES)
    case = YAML(typ="safe").load((Path(__file__).parent / f"cases/{name}.yaml").read_text())
    replies = {
        ask: etree.fromstring(case["replies"][str(ask[1])].replace("\n    </as", "</as"))
        for ask in plan([found])
    }
    assert judge(found, Evidence(replies)).verdict is Verdict.PASS


def test_each_check_is_explained():
    for each in (guide.guide(known.name) for known in REGISTRY):
        assert each.summary.endswith(".")
        assert each.requests
        assert each.fields[0][0] == "router"
    with pytest.raises(UnknownName, match="unknown check 'pong'"):
        guide.guide("pong")


def test_keys_that_hold_keys_are_explained_to_the_last_one():
    for each in (guide.guide(known.name) for known in REGISTRY):
        assert all(words for _, keys in each.parts for _, words in keys), each.name
    [(holders, keys)] = guide.guide("route").parts
    assert holders == "active, alternatives, includes"
    assert {"med", "local-preference", "learned-from", "labels"} <= {key for key, _ in keys}
    [(holders, keys)] = guide.guide("bgp-session").parts
    assert (holders, keys[0]) == ("tables", ("received", "Before import policy."))
    assert guide.guide("ping").parts == ()


def test_the_schema_knows_every_check_and_refuses_unknown_keys():
    schema = guide.catalogue_schema()
    json.dumps(schema)
    refs = {
        each["$ref"].rpartition("/")[2] for each in schema["properties"]["checks"]["items"]["oneOf"]
    }
    assert refs == {each.name for each in REGISTRY}
    for name in refs:
        definition = schema["$defs"][name]
        assert definition["additionalProperties"] is False
        assert "origin" not in definition["properties"]
        assert set(definition["required"]) >= {"check", "router"}


def test_a_complaint_is_in_words_of_this_project(tmp_path):
    entry = "checks: [{check: ping, router: r1, target: 10.0.0.1, %s}]\n"
    assert problems(tmp_path, entry % "tags: edge") == [(1, "checks[0].tags", "must be a list")]
    assert problems(tmp_path, entry % "count: many") == [
        (1, "checks[0].count", "must be a whole number")
    ]


def test_an_xpath_that_is_none_is_a_slip_in_the_file(tmp_path):
    entry = "checks: [{check: rpc, router: r1, rpc: get-x, xpath: '//x[', count: 1}]\n"
    assert problems(tmp_path, entry) == [(1, "checks[0].xpath", "not an XPath: Invalid expression")]


def test_a_name_that_is_an_enumerated_one_is_guessed_by_its_value(tmp_path):
    path = write(tmp_path, "checks: [{check: ping, router: r1, target: 10.0.0.1, when: [stead]}]\n")
    with pytest.raises(InvalidFile, match="did you mean 'steady'"):
        load_file(path, Names({"r1"}, STATES))
    with pytest.raises(UnknownName, match="did you mean 'steady'"):
        raise UnknownName("network state", "stead", STATES)
