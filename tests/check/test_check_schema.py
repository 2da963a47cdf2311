"""The published schemas hold for the files that are read, and not for files that are refused."""

import json
from functools import cache
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

from multihome.check.guide import example
from multihome.check.kinds.known import REGISTRY
from multihome.errors import UnknownName
from multihome.inventory.project import default_project
from multihome.runbook.schemas import schema_of

FILES = {
    "checks": lambda project: project.checks.glob("*.yaml"),
    "intent": lambda project: [project.intent],
    "inventory": lambda project: [project.hosts, project.groups],
}


@cache
def validator(what):
    """Made once: to judge a schema takes longer than to judge by it."""
    schema = schema_of(what)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def read(text):
    return json.loads(json.dumps(YAML(typ="safe").load(text) or {}, default=str))


@pytest.mark.parametrize("what", FILES)
def test_the_projects_own_files_are_valid(what):
    files = list(FILES[what](default_project()))
    assert files
    for path in files:
        validator(what).validate(read(path.read_text()))


@pytest.mark.parametrize("name", [each.name for each in REGISTRY])
def test_each_example_is_valid(name):
    validator("checks").validate(read(example(name)))


@pytest.mark.parametrize(
    "text",
    [
        "checks: [{check: vrrp, router: luna, interface: xe-0/0/0.1, group: 1, stat: master}]",
        "checks: [{check: vrpp, router: luna}]",
        "checks: [{check: ping, router: luna}]",
        "checks: [{check: ping, router: luna, target: 10.0.0.1, when: [stedy]}]",
        "checks: [{check: ping, router: luna, target: 10.0.0.1, level: fatal}]",
        "checks: [{check: ping, router: luna, target: 10.0.0.1, wait: soon}]",
        "checks: [{check: ping, router: luna, target: 10.0.0.1, loss: {most: 5}}]",
        "defaults: {tag: [edge]}",
        "check: []",
    ],
)
def test_a_slip_is_underlined(text):
    with pytest.raises(jsonschema.ValidationError):
        validator("checks").validate(read(text))


def mappings(data, path=()):
    """Every mapping in a document, by the way to it."""
    if isinstance(data, dict):
        yield path
        for key, value in data.items():
            yield from mappings(value, (*path, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from mappings(value, (*path, number))


@pytest.mark.parametrize("what", ["intent", "inventory"])
def test_a_misspelt_key_is_underlined_wherever_it_stands(what):
    check = validator(what)
    path = next(iter(FILES[what](default_project())))
    # One of each kind: the same key at the same depth.
    places = {(len(each), each[-1:]): each for each in mappings(read(path.read_text()))}
    assert len(places) > 14
    for place in places.values():
        document = read(path.read_text())
        holder = document
        for step in place:
            holder = holder[step]
        holder["misspelt"] = True
        assert not check.is_valid(document), place


def test_a_result_is_valid_and_one_without_a_verdict_is_not():
    golden = Path(__file__).parents[1] / "report" / "golden" / "drill.json"
    document = json.loads(golden.read_text())
    validator("result").validate(document)
    del document["verdict"]
    assert not validator("result").is_valid(document)


def test_several_routers_both_ends_and_matchers_are_known():
    validator("checks").validate(
        read(
            "defaults: {tags: [edge], wait: 30s}\n"
            "checks:\n"
            "  - check: bgp-session\n"
            "    router: [juno, ceres]\n"
            "    peer: 4.0.0.21\n"
            "    flaps: {at most: 3}\n"
            "    tables: {inet.0: {received: {between: [1, 5]}}}\n"
            "    other-end: {router: luna, peer: 4.0.0.22, state: {one of: [Idle, Active]}}\n"
        )
    )


def test_every_key_is_described():
    definitions = schema_of("checks")["$defs"]
    for each in REGISTRY:
        properties = definitions[each.name]["properties"]
        silent = [key for key, value in properties.items() if not value.get("description")]
        assert [key for key in silent if key != "check"] == [], each.name


def test_an_unknown_schema_is_refused():
    with pytest.raises(UnknownName):
        schema_of("nonsense")
