"""JSNAPy: snapshots before and after, its tests of them, and its program."""

import os
import subprocess
import sys

import pytest
import yaml

pytest.importorskip("jnpr.jsnapy.version", reason="the extra `clients` is not installed")
pytestmark = [pytest.mark.clients, pytest.mark.filterwarnings("ignore")]
UP = {"rpc": "get-bgp-summary-information"}
ROUTES = {"command": "show route protocol bgp"}
PORTS = {"rpc": "get-interface-information", "args": {"terse": True}}
LOST = {
    "up": [UP, ("bgp-peer", None, "is-equal: peer-state, Established")],
    "kept": [ROUTES, ("route-table/rt", "rt-destination", "list-not-less: rt-destination")],
}
STEADY = {
    "exists": [UP, ("bgp-peer", None, "exists: peer-state")],
    "not-exists": [UP, ("bgp-peer", None, "not-exists: no-such-thing")],
    "all-same": [UP, ("bgp-peer", None, "all-same: peer-state")],
    "not-equal": [UP, ("bgp-peer", None, "not-equal: peer-as, 1")],
    "is-in": [UP, ("bgp-peer", None, "is-in: peer-state, Established, Idle")],
    "not-in": [UP, ("bgp-peer", None, "not-in: peer-state, Active, Idle")],
    "contains": [UP, ("bgp-peer", None, "contains: peer-address, 192.0")],
    "in-range": [UP, ("bgp-rib", None, "in-range: active-prefix-count, 1, 9")],
    "is-gt": [UP, ("bgp-rib", None, "is-gt: active-prefix-count, 0")],
    "is-lt": [UP, ("bgp-rib", None, "is-lt: active-prefix-count, 9")],
    "ports": [PORTS, ("physical-interface", "name", "is-equal: oper-status, up")],
    "command": [{"command": "show vrrp"}, ("//message", None, "contains: ., not running")],
}
CHANGED = {
    "no-diff": [UP, ("bgp-peer", "peer-address", "no-diff: peer-state")],
    "delta": [UP, ("bgp-rib", "name", "delta: active-prefix-count, 10%")],
    "not-more": [ROUTES, ("route-table/rt", "rt-destination", "list-not-more: rt-destination")],
}


def file_of(tests):
    """A test file of JSNAPy."""
    text = {"tests_include": [*tests]}
    for name, (source, (xpath, identity, test)) in tests.items():
        operator, _, words = test.partition(": ")
        case = {operator: words, "info": f"{name} holds", "err": f"{name} does not hold"}
        iterate = {"xpath": xpath, **({"id": identity} if identity else {}), "tests": [case]}
        text[name] = [
            {key: value for key, value in source.items() if key != "args"},
            *([{"args": source["args"]}] if "args" in source else []),
            {"iterate": iterate},
        ]
    return yaml.safe_dump(text)


@pytest.fixture
def home(tmp_path, monkeypatch):
    """JSNAPy's own folder."""
    folders = {"snapshot_path": "snapshots", "test_file_path": "tests", "config_file_path": "."}
    lines = [f"{name} = {tmp_path / folder}" for name, folder in folders.items()]
    (tmp_path / "jsnapy.cfg").write_text("\n".join(["[DEFAULT]", *lines]))
    (tmp_path / "logging.yml").write_text(
        "version: 1\n"
        "handlers: {console: {class: logging.StreamHandler, stream: 'ext://sys.stdout'}}\n"
        "root: {level: INFO, handlers: [console]}\n"
    )
    (tmp_path / "snapshots").mkdir()
    (tmp_path / "tests").mkdir()
    monkeypatch.setenv("JSNAPY_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["jsnapy"])  # it reads ours otherwise
    return tmp_path


@pytest.fixture
def config_of(home, edge):
    """The main file of JSNAPy for the edge router and some tests."""

    def write(tests):
        (home / "tests" / "tests.yml").write_text(file_of(tests))
        host = {
            "device": edge.host,
            "port": edge.port,
            "username": edge.username,
            "passwd": edge.password,
        }
        return yaml.safe_dump({"hosts": [host], "tests": [str(home / "tests" / "tests.yml")]})

    return write


@pytest.fixture
def admin(home):
    from jnpr.jsnapy import SnapAdmin  # noqa: PLC0415 - it looks for its folder when imported

    return SnapAdmin()


@pytest.fixture
def loss(pair):
    """Loses the customer's session for the rest of the test."""

    def lose():
        pair.fault("session", "edge", "192.0.2.2")
        pair.advance(120)

    yield lose
    pair.fault("session", "edge", "192.0.2.2", on=False)
    pair.converge()


def test_a_lost_session_shows_between_two_snapshots(admin, config_of, loss):
    config = config_of(LOST)
    admin.snap(config, "before")
    [before] = admin.snapcheck(config, "now")
    assert before.result == "Passed"
    loss()
    admin.snap(config, "after")
    [after] = admin.check(config, "before", "after")
    assert (after.result, after.no_failed) == ("Failed", 2)


def test_each_operator_on_one_snapshot(admin, config_of):
    [checked] = admin.snapcheck(config_of(STEADY), "now")
    failed = [
        (command, each["testoperation"])
        for command, results in checked.test_details.items()
        for each in results
        if each["result"] is not True
    ]
    assert failed == []
    assert checked.no_passed == len(STEADY)


def test_each_operator_on_two_snapshots(admin, config_of, loss):
    config = config_of(CHANGED)
    for name in ("before", "steady"):
        admin.snap(config, name)
    [steady] = admin.check(config, "before", "steady")
    assert (steady.result, steady.no_passed) == ("Passed", len(CHANGED))
    loss()
    admin.snap(config, "after")
    [after] = admin.check(config, "before", "after")
    assert (after.result, after.no_failed) == ("Failed", 3)
    [back] = admin.check(config, "after", "before")
    assert back.no_failed == 3


def test_a_check_of_snapshots_of_one_s_own_session(admin, config_of, edge):
    from jnpr.junos import Device  # noqa: PLC0415 - after JSNAPy has found its folder

    login = {"user": edge.username, "password": edge.password, "gather_facts": False}
    with Device(host=edge.host, port=edge.port, **login) as device:
        [checked] = admin.snapcheck(config_of(LOST), "now", dev=device)
    assert checked.result == "Passed"


def test_the_program_and_its_diff(home, config_of, loss, program):
    (home / "main.yml").write_text(config_of(LOST))

    def jsnapy(*words):
        done = subprocess.run(
            [program("jsnapy"), *words, "-f", "main.yml"],
            cwd=home,
            env={**os.environ, "JSNAPY_HOME": str(home)},
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    jsnapy("--snap", "before")
    assert "Total No of tests failed: 0" in jsnapy("--snapcheck", "now")
    loss()
    jsnapy("--snap", "after")
    assert "Total No of tests failed: 2" in jsnapy("--check", "before", "after")
    difference = jsnapy("--diff", "before", "after")
    assert "10.0.0.2" in difference
