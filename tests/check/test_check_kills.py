"""Every check is killed once for each field: one passing evidence, each field mutated turns red."""

import re
from functools import cache
from pathlib import Path

import pytest
from lxml import etree
from pydantic import TypeAdapter
from ruamel.yaml import YAML

from multihome.check.engine import judge, plan
from multihome.check.kinds.known import REGISTRY
from multihome.check.result import Verdict
from multihome.intent.expectation import AnyExpectation, PrefixCounts, RoutePath
from multihome.intent.statement import Expectation
from multihome.state.query import Evidence

CASES = Path(__file__).parent / "cases"
FRAMING = {*Expectation.model_fields, "check"}


@cache
def case(name):
    return YAML(typ="safe").load((CASES / f"{name}.yaml").read_text())


def expectation(data, change=None):
    fields = {**data["expectation"], **(change or {})}
    fields = {key: value for key, value in fields.items() if value is not None}
    return TypeAdapter(AnyExpectation).validate_python(fields)


def packed(xml):
    """Without the blanks between elements, so that a mutation may span them."""
    return re.sub(r">\s+<", "><", xml)


def evidence(data, mutate=None):
    replies = {}
    meant = {str(request): (router, request) for router, request in plan([expectation(data)])}
    hits = 0
    for words, xml in data["replies"].items():
        text = packed(xml)
        if mutate:
            old, new = (packed(part) for part in mutate)
            if old in text and not hits:
                hits += 1
                text = text.replace(old, new, 1)
        replies[meant[words]] = etree.fromstring(text)
    assert hits or not mutate, f"{mutate[0]!r} is in no reply"
    return Evidence(replies)


NAMES = sorted(each.name for each in REGISTRY)
KILLS = [
    pytest.param(name, field, id=f"{name}-{field}")
    for name in NAMES
    for field, mutation in case(name)["kills"].items()
    if mutation
]
OTHERS = [
    pytest.param(name, field, id=f"{name}-{field}")
    for name in NAMES
    for field, change in case(name)["others"].items()
    if change
]


@pytest.mark.parametrize("name", NAMES)
def test_the_evidence_passes_unmutated(name):
    data = case(name)
    result = judge(expectation(data), evidence(data))
    assert result.verdict is Verdict.PASS, "\n".join(map(str, result.findings))
    assert result.findings


@pytest.mark.parametrize(("name", "field"), KILLS)
def test_one_field_of_the_evidence_mutated_turns_it_red(name, field):
    data = case(name)
    result = judge(expectation(data), evidence(data, data["kills"][field]))
    assert result.verdict is Verdict.FAIL


def alone(data, field):
    """The expectation with nothing but its subject and one field."""
    model = REGISTRY.get(data["expectation"]["check"]).expectation
    kept = {"check", "router", *(each.replace("_", "-") for each in model.about)}
    outer, _, inner = field.partition(".")
    fields = {key: value for key, value in data["expectation"].items() if key in kept}
    value = data["expectation"][outer]
    if outer == "active" and inner:
        value = {inner: value[inner]}
    if outer == "tables" and inner:
        value = {table: {inner: counts[inner]} for table, counts in value.items()}
    if outer == "alternatives" and inner:
        value = [{inner: each[inner]} for each in value]
    if data["expectation"]["check"] == "rpc":
        kept |= {"arguments"}
        fields = {**data["expectation"], "value": None, "count": None}
    return {"expectation": {**fields, outer: value}, "replies": data["replies"]}


GIVEN = [
    each
    for each in KILLS
    if each.values[1] != "state" or "state" in case(each.values[0])["expectation"]
]


@pytest.mark.parametrize(("name", "field"), GIVEN)
def test_one_field_alone_sees_its_mutation(name, field):
    data = alone(case(name), field)
    if name in ("ping", "interface"):
        whole = case(name)["expectation"]
        sent = {key: whole[key] for key in ("count", "size", "loss") if key in whole}
        data["expectation"] = {**sent, **data["expectation"]}
        data["replies"] = needed(data)
    before = judge(expectation(data), evidence(data))
    after = judge(expectation(data), evidence(data, case(name)["kills"][field]))
    assert (before.verdict, after.verdict) == (Verdict.PASS, Verdict.FAIL)


def needed(data):
    asks = {str(request) for _, request in plan([expectation(data)])}
    return {words: xml for words, xml in data["replies"].items() if words in asks}


@pytest.mark.parametrize(("name", "field"), OTHERS)
def test_evidence_of_another_object_does_not_pass(name, field):
    data = case(name)
    result = judge(expectation(data, data["others"][field]), evidence(data))
    assert result.verdict is not Verdict.PASS


@pytest.mark.parametrize("name", NAMES)
def test_every_field_has_its_kill(name):
    """The meta-test: a field that no mutation turns red is a field that nobody checks."""
    data = case(name)
    model = REGISTRY.get(name).expectation
    tried = {*data["kills"], *data["others"]}
    fields = {field.replace("_", "-") for field in model.model_fields if field not in FRAMING}
    assert fields <= {each.partition(".")[0] for each in tried}
    if name == "route":
        nested = {f"active.{field.replace('_', '-')}" for field in RoutePath.model_fields}
        assert nested <= tried
    if name == "bgp-session":
        assert {f"tables.{field}" for field in PrefixCounts.model_fields} <= tried


@pytest.mark.parametrize("name", NAMES)
def test_every_asserted_field_is_in_the_passing_expectation(name):
    data = case(name)
    given = set(data["expectation"])
    for field, mutation in data["kills"].items():
        if mutation and field != "state":
            assert field.partition(".")[0] in given


@pytest.mark.parametrize("name", NAMES)
def test_nothing_collected_is_unknown(name):
    result = judge(expectation(case(name)), Evidence({}))
    assert result.verdict is Verdict.UNKNOWN
    assert "was not asked" in result.findings[0].why


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_reply_never_passes(name):
    data = case(name)
    replies = {ask: etree.Element("rpc-reply") for ask in plan([expectation(data)])}
    result = judge(expectation(data), Evidence(replies))
    assert result.verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_table_never_passes(name):
    data = case(name)
    replies = {}
    for (router, request), xml in zip(
        plan([expectation(data)]), data["replies"].values(), strict=True
    ):
        replies[router, request] = etree.Element(etree.fromstring(packed(xml)).tag)
    assert judge(expectation(data), Evidence(replies)).verdict is not Verdict.PASS
