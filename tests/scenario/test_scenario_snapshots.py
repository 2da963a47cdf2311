"""Before and after: every difference is told, and one that nobody declared is a failure."""

import json
import shutil

import pytest

from multihome.errors import ExitCode

pytestmark = [pytest.mark.scenario, pytest.mark.xdist_group("scenario")]

EXPORT = "protocols bgp group pe-connection export"


@pytest.fixture(scope="module")
def taken(tmp_path_factory):
    """Where both snapshots are, once they have been taken."""
    return tmp_path_factory.mktemp("taken") / "runs"


@pytest.fixture
def before_and_after(operator, taken, tmp_path):
    """Snapshots of the network as it is, and with one statement less."""
    if taken.exists():
        shutil.copytree(taken, tmp_path / "runs")
        return operator
    assert operator("snapshot", "pre").code == 0
    operator.sabotage("luna", f"delete {EXPORT}")
    try:
        assert operator("snapshot", "post").code == 0
    finally:
        operator.undo("luna")
    shutil.copytree(tmp_path / "runs", taken)
    return operator


def test_a_network_that_is_the_same_has_no_differences_however_old(operator):
    assert operator("snapshot", "one").code == 0
    operator.lab.advance(4000)
    assert operator("snapshot", "other").code == 0
    result = operator("compare", "one", "other", lab=False)
    assert result.code == 0, result.text[-2000:]
    assert result.last.startswith("PASS, ran 135 of 135")


def test_what_is_lost_is_told_and_the_sites_prefixes_come_first(before_and_after, tmp_path):
    path = tmp_path / "compare.json"
    result = before_and_after("compare", "pre", "post", "--json", str(path), lab=False)
    assert result.code == ExitCode.FAILED
    checks = json.loads(path.read_text())["phases"][0]["results"]
    [routes] = [each for each in checks if each["router"] == "ceres" and each["kind"] == "route"]
    whole, *some = routes["findings"]
    assert whole["actual"] == "2 lost, 4 moved"
    assert [each["subject"] for each in some[:2]] == [
        "route ipvpn.inet.0 10.0.0.12/32",
        "route ipvpn.inet.0 192.168.1.0/24",
    ]
    assert some[0]["next"] == "show route table ipvpn.inet.0 10.0.0.12/32 detail"


def test_what_is_declared_may_differ_and_nothing_else(before_and_after, tmp_path):
    allowed = tmp_path / "allow.yaml"
    allowed.write_text("allow:\n  - {kind: route, change: moved}\n")
    half = before_and_after("compare", "pre", "post", "--allow", str(allowed), lab=False)
    assert half.code == ExitCode.FAILED
    assert " lost on " in half.text
    assert " moved on " not in half.text
    allowed.write_text("allow:\n  - {kind: route}\n  - {kind: bgp-session}\n")
    whole = before_and_after("compare", "pre", "post", "--allow", str(allowed), lab=False)
    assert whole.code == 0, whole.text[-2000:]
    allowed.write_text("allow:\n  - {kind: route, chnge: moved}\n")
    slip = before_and_after("compare", "pre", "post", "--allow", str(allowed), lab=False)
    assert slip.code == ExitCode.USAGE
    assert "allow.yaml:2: allow[0].chnge: unknown key; did you mean 'change'?" in slip.text
