"""A change in a VPN that is shared with others: nothing foreign may be worse after it."""

import json
import re

import pytest

from multihome.lab import process

pytestmark = [pytest.mark.scenario, pytest.mark.xdist_group("scenario")]

INSTANCE = "routing-instances ipvpn"
FOREIGN = {
    "juno": [
        f"set {INSTANCE} routing-options static route 10.99.0.0/24 next-hop 4.0.0.78",
        f"set {INSTANCE} protocols bgp group FOREIGN type external",
        f"set {INSTANCE} protocols bgp group FOREIGN peer-as 65001",
        f"set {INSTANCE} protocols bgp group FOREIGN neighbor 4.0.0.78",
    ],
    "vulcan": [
        "set routing-options autonomous-system 65001",
        "set protocols bgp group up type external",
        "set protocols bgp group up peer-as 1",
        "set protocols bgp group up neighbor 4.0.0.77 export out",
        "set policy-options policy-statement out term a from route-filter 10.98.0.0/16 orlonger",
        "set policy-options policy-statement out term a then accept",
        "set policy-options policy-statement out term b then reject",
        "set routing-options static route 10.98.1.0/24 discard",
    ],
}
"""A site of another customer's making: a static route, and a session with routes of its own."""

LEAVES = {
    "juno": [
        f"{INSTANCE} routing-options static route 10.99.0.0/24",
        f"{INSTANCE} protocols bgp group FOREIGN",
    ],
    "vulcan": [
        "routing-options autonomous-system",
        "routing-options static route 10.98.1.0/24",
        "protocols bgp",
        "policy-options policy-statement out",
    ],
}

HARMS = {
    "a session of others flaps": (
        [f"{INSTANCE} protocols bgp hold-time 33"],
        r"juno: bgp-session 4\.0\.0\.78 ipvpn changed",
    ),
    "a route of others is lost": (
        [f"{INSTANCE} protocols bgp import nothing",
         "policy-options policy-statement nothing then reject"],
        r"10\.98\.1\.0/24 lost",
    ),
    "another customer's next hop moves": (
        [f"{INSTANCE} routing-options static route 10.98.1.0/24 discard"],
        r"juno: route ipvpn\.inet\.0 10\.98\.1\.0/24 moved",
    ),
    "a hole in what others announce": (
        [f"{INSTANCE} routing-options static route 10.99.0.128/25 discard"],
        r"10\.99\.0\.128/25 gained",
    ),
}  # fmt: skip


@pytest.fixture
def shared(operator):
    """The VPN, with a site that the intent does not know."""
    catalogue = operator.project / "checks" / "steady.yaml"
    before = catalogue.read_text()
    catalogue.write_text(before.replace("count: 14 ", "count: {at least: 14} "))
    for router, statements in FOREIGN.items():
        operator.sabotage(router, *statements)
    yield operator
    catalogue.write_text(before)
    for router, paths in LEAVES.items():
        operator.sabotage(router, *(f"delete {path}" for path in paths))


@pytest.fixture
def want(operator):
    """Change the hold time of the site's sessions, and back."""
    path = operator.project / "inventory" / "ipvpn.yaml"
    before = path.read_text()

    def hold_time(seconds):
        text = path.read_text()
        changed = re.sub(r"hold-time: \d+( +# seconds; what)", rf"hold-time: {seconds}\1", text)
        assert changed != text
        path.write_text(changed)

    yield hold_time
    path.write_text(before)


@pytest.fixture
def template(operator):
    """One more template, for one test."""
    path = operator.project / "templates" / "zz-harm.j2"

    def write(*statements):
        lines = ["{% if router.router == 'juno' %}"]
        for each in statements:
            lines += [f'{{{{ shares("{each.rpartition(" ")[0]}") }}}}', f"set {each}"]
        path.write_text("\n".join([*lines, "{% endif %}", ""]))

    yield write
    path.unlink(missing_ok=True)


@pytest.mark.parametrize(
    "name",
    [
        name if name == "a route of others is lost" else pytest.param(name, marks=pytest.mark.deep)
        for name in HARMS
    ],
)
def test_harm_that_is_hidden_in_a_change_undoes_it_and_is_named_first(
    shared, want, template, name, tmp_path
):
    statements, words = HARMS[name]
    shared("snapshot", str(tmp_path / "pre"))
    want(12)
    template(*statements)
    result = shared("apply", "--yes", "--wait", "5s", "--hold", "4s")
    assert result.code == 7, result.text[-3000:]
    told = result.text.rpartition("is kept in")[2]
    assert re.search(words, told), told
    assert re.search(words, told).start() < told.index("checks hold")
    assert "not declared" in told
    process.running(shared.state).converge()
    shared("snapshot", str(tmp_path / "post"))
    found = shared("compare", str(tmp_path / "pre"), str(tmp_path / "post"))
    assert " lost" not in found.out
    assert " moved" not in found.out


@pytest.mark.deep
def test_the_same_change_lands_without_it_and_with_what_is_allowed(
    shared, want, template, tmp_path
):
    want(12)
    result = shared("apply", "--yes", "--wait", "30s", "--hold", "4s")
    assert result.code == 0, result.text[-3000:]
    allow = tmp_path / "allow.yaml"
    allow.write_text("allow: [{kind: route, key: {matches: '.*10\\.99\\.0\\.128/25'}}]\n")
    template(f"{INSTANCE} routing-options static route 10.99.0.128/25 discard")
    front = ("apply", "--yes", "--wait", "5s", "--hold", "4s")
    assert shared(*front).code == 7
    result = shared(*front, "--allow", str(allow))
    assert result.code == 0, result.text[-3000:]
    (shared.project / "templates" / "zz-harm.j2").unlink()
    want(10)
    result = shared(*front, "--allow", str(allow))
    assert result.code == 0, result.text[-3000:]


@pytest.mark.deep
def test_what_was_red_before_and_has_nothing_to_do_with_it_does_not_stop_a_change(operator, want):
    operator.lab.fault("interface", "liber", "xe-2/0/1.124")
    operator.lab.converge()
    try:
        want(13)
        result = operator("apply", "--yes", "--wait", "30s", "--hold", "4s")
        assert result.code == 0, result.text[-3000:]
        assert "red before, not counted:" in result.text
        want(10)
        assert operator("apply", "--yes", "--wait", "30s", "--hold", "4s").code == 0
        assert operator("drill", "run", "juno-luna").code == 0
        result = operator("apply", "--yes")
        assert result.code == 4
        assert re.search(r"no changes; \d+ of 448 hold", result.text)
    finally:
        operator.lab.fault("interface", "liber", "xe-2/0/1.124", on=False)
        operator.lab.converge()


def test_an_apply_without_a_difference_still_asks(operator):
    result = operator("apply", "--yes")
    assert result.code == 0, result.text[-3000:]
    assert "no changes; 448 of 448 hold" in result.text
    result = operator("apply", "--yes", "--no-verify")
    assert result.code == 5
    assert "no changes; not verified" in result.text


def test_a_change_on_the_operators_word_alone_is_not_proven(operator, want, tmp_path):
    want(14)
    report = tmp_path / "run.json"
    result = operator("apply", "--yes", "--no-verify", "--json", str(report))
    assert result.code == 5
    assert "; not verified" in result.text
    assert json.loads(report.read_text())["phases"] == []
    want(10)
    assert operator("apply", "--yes", "--wait", "30s", "--hold", "1s").code == 0
