"""JSNAPy: snapshots before and after, and what it says of the difference."""

import sys

import pytest
import yaml

pytest.importorskip("jnpr.jsnapy.version", reason="the extra `clients` is not installed")
pytestmark = [pytest.mark.clients, pytest.mark.filterwarnings("ignore")]
TESTS = {
    "tests_include": ["up", "kept"],
    "up": [
        {"rpc": "get-bgp-summary-information"},
        {
            "iterate": {
                "xpath": "bgp-peer",
                "tests": [
                    {"is-equal": "peer-state, Established", "info": "up", "err": "not up"},
                ],
            }
        },
    ],
    "kept": [
        {"command": "show route protocol bgp"},
        {
            "iterate": {
                "xpath": "route-table/rt",
                "id": "rt-destination",
                "tests": [{"list-not-less": "rt-destination", "info": "kept", "err": "lost"}],
            }
        },
    ],
}


@pytest.fixture
def jsnapy(tmp_path, monkeypatch, edge):
    """JSNAPy in a folder of its own, and its configuration for the edge router."""
    folders = {"snapshot_path": "snapshots", "test_file_path": "tests", "config_file_path": "."}
    lines = [f"{name} = {tmp_path / folder}" for name, folder in folders.items()]
    (tmp_path / "jsnapy.cfg").write_text("\n".join(["[DEFAULT]", *lines]))
    (tmp_path / "logging.yml").write_text("version: 1\nroot: {level: ERROR, handlers: []}\n")
    (tmp_path / "snapshots").mkdir()
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "bgp.yml").write_text(yaml.safe_dump(TESTS))
    monkeypatch.setenv("JSNAPY_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["jsnapy"])  # it reads ours otherwise
    from jnpr.jsnapy import SnapAdmin  # noqa: PLC0415 - it looks for its folder when imported

    host = {
        "device": edge.host,
        "port": edge.port,
        "username": edge.username,
        "passwd": edge.password,
    }
    config = {"hosts": [host], "tests": [str(tmp_path / "tests" / "bgp.yml")]}
    return SnapAdmin(), yaml.safe_dump(config)


def test_a_lost_session_shows_between_two_snapshots(jsnapy, pair):
    admin, config = jsnapy
    admin.snap(config, "before")
    [before] = admin.snapcheck(config, "now")
    assert before.result == "Passed"
    pair.fault("session", "edge", "192.0.2.2")
    pair.advance(120)
    try:
        admin.snap(config, "after")
        [after] = admin.check(config, "before", "after")
        assert after.result == "Failed"
        assert after.no_failed == 2
    finally:
        pair.fault("session", "edge", "192.0.2.2", on=False)
        pair.converge()
