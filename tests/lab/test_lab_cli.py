"""`multihome lab` as it is typed: results on stdout, the rest on stderr, errors named."""

import json
import socket

import pytest
from typer.testing import CliRunner

from multihome.cli.app import app, hoist
from multihome.errors import InvalidFile, UsageError
from multihome.lab import process

EDGE = """\
set system host-name {name}
set interfaces xe-0/0/0 unit 0 family inet address 192.0.2.{host}/30
"""


@pytest.fixture
def lab(place, monkeypatch):
    """Runs a command line; what it wrote to stdout and to stderr."""
    monkeypatch.setenv("MULTIHOME_LAB_DIR", str(place))

    def run(*words):
        result = CliRunner().invoke(app, hoist(["lab", *words]))
        if result.exception is not None:
            raise result.exception
        return result.stdout, result.stderr

    return run


@pytest.fixture
def configs(tmp_path):
    folder = tmp_path / "configs"
    folder.mkdir()
    for host, name in enumerate(("one", "two"), 1):
        (folder / f"{name}.set").write_text(EDGE.format(name=name, host=host))
    return folder


def test_a_lab_from_up_to_down(lab, place):
    out, err = lab("up", "r1", "r2")
    assert out == ""
    assert "2 routers up" in err
    document = json.loads(lab("status", "--json")[0])
    assert [router["name"] for router in document["routers"]] == ["r1", "r2"]
    router = document["routers"][0]
    assert set(router) >= {"host", "port", "username", "password", "host_key", "fingerprint"}
    assert router["host_key"].startswith("ssh-ed25519 ")
    assert router["fingerprint"].startswith("SHA256:")
    with socket.create_connection((router["host"], router["port"]), 2) as connection:
        assert connection.recv(4) == b"SSH-"
    shown = lab("status")[0]
    assert "r1" in shown
    assert router["password"] not in shown
    assert "the lab is down" in lab("down")[1]
    assert "no lab is running" in lab("down")[1]
    with pytest.raises(UsageError, match="multihome lab up"):
        lab("status")


def test_configurations_are_booted_as_they_stand_and_linked_by_subnet(lab, configs, tmp_path):
    lab("up", "--configs", str(configs), "--speed", "hand")
    assert "link one two: broken" in lab("fault", "link", "one", "two")[1]
    assert "broken: link one two" in lab("status")[0]
    with pytest.raises(UsageError, match="'link one tow'; known: link one two"):
        lab("fault", "link", "one", "tow", "--restore")
    assert "link one two: restored" in lab("fault", "link", "one", "two", "--restore")[1]
    assert lab("clock", "--advance", "30")[0].strip().endswith(".000")
    assert "converged" in lab("clock", "--converge")[1]
    assert "link one two: broken" in lab("log")[0]
    lab("down")
    links = tmp_path / "links"
    links.write_text("one:xe-0/0/1 two:xe-0/0/0\n")
    lab("up", "--configs", str(configs), "--links", str(links))
    with pytest.raises(UsageError, match="link"):
        lab("fault", "link", "one", "two")


def test_one_router_of_a_folder_can_be_chosen(lab, configs):
    lab("up", "--configs", str(configs), "two")
    assert [router.name for router in process.running().routers] == ["two"]


@pytest.mark.parametrize(
    ("words", "error", "said"),
    [
        (("up", "--configs", "nowhere"), UsageError, "nowhere"),
        (("up", "r1", "--speed", "fast"), UsageError, "--speed fast"),
        (("up", "r1", "--speed", "0"), UsageError, "--speed 0"),
        (("up", "r1", "--speed", "nan"), UsageError, "--speed nan"),
        (("fault", "link", "a", "b"), UsageError, "no lab is running"),
        (("log",), UsageError, "no lab is running"),
    ],
)
def test_what_cannot_be_is_named(lab, words, error, said):
    with pytest.raises(error, match=said):
        lab(*words)


def test_a_place_that_cannot_be_made_is_named_with_the_way_out(lab, monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("MULTIHOME_LAB_DIR", str(tmp_path / "file" / "lab"))
    with pytest.raises(UsageError, match=r"cannot make .*: Not a directory; MULTIHOME_LAB_DIR"):
        lab("up", "r1")


def test_wrong_files_are_named_before_anything_starts(lab, configs, tmp_path):
    links = tmp_path / "links"
    links.write_text("one:xe-0/0/0 three:xe-0/0/0\n")
    with pytest.raises(InvalidFile, match="links:1: no router is called three"):
        lab("up", "--configs", str(configs), "--links", str(links))
    with pytest.raises(UsageError, match="three"):
        lab("up", "--configs", str(configs), "three")
    assert process.running() is None


def test_a_lab_that_died_is_called_dead(lab, place):
    lab("up", "r1")
    record = process.running().record
    process.os.kill(record.pid, process.signal.SIGKILL)
    with pytest.raises(UsageError, match=rf"process {record.pid} has died.*lab down"):
        lab("status")
    assert "had died" in lab("down")[1]


def test_the_grammar_lists_what_is_modelled_and_what_is_only_known(lab):
    out = lab("grammar")[0]
    modelled, _, kept = out.partition("# known, not modelled\n")
    assert "protocols bgp group <name> neighbor <name> peer-as" in modelled
    assert "system domain-name" in kept
