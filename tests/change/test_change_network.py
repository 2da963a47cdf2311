"""A run records the network that it was made on, and says nothing of another one."""

import json
from dataclasses import replace

import pytest

from multihome.change.folder import NETWORK, RunFolder
from multihome.change.recovery.run_list import accounts, supersede
from multihome.cli.app import run as command
from multihome.device.known_hosts import HostKey, record
from multihome.errors import ExitCode, Refused
from multihome.inventory.credentials import Credentials
from multihome.inventory.network import NOT_RECORDED, Network, NetworkKind, words
from multihome.inventory.project import default_project
from multihome.render.secrets import Secrets
from multihome.runbook.network import network_of, refuse_elsewhere
from multihome.runbook.workspace import Workspace

LIVE, TWIN, REHEARSAL = NetworkKind.LIVE, NetworkKind.TWIN, NetworkKind.REHEARSAL


@pytest.fixture(scope="module")
def workspace():
    return Workspace.open(default_project(), Credentials("ops"), Secrets({}))


def unfinished(runs, kind, verb="apply"):
    """A run of which nothing but the beginning is known."""
    network = Network(kind, "inventory/hosts.yaml") if kind else None
    folder = RunFolder.create(runs, verb, network=network)
    folder.journal.write("run", "note", text="begins", verb=verb, routers=["luna"])
    return folder


@pytest.mark.parametrize(
    ("kind", "live", "twin"),
    [
        (LIVE, ExitCode.NEEDS_HUMAN, ExitCode.PROVEN),
        (TWIN, ExitCode.PROVEN, ExitCode.NEEDS_HUMAN),
        (REHEARSAL, ExitCode.PROVEN, ExitCode.PROVEN),
        (None, ExitCode.NEEDS_HUMAN, ExitCode.NEEDS_HUMAN),
    ],
)
def test_status_is_red_for_its_own_network_only(tmp_path, monkeypatch, capsys, kind, live, twin):
    monkeypatch.setenv("MULTIHOME_RUNS", str(tmp_path))
    unfinished(tmp_path, kind)
    assert command(["status"]) == live
    assert (kind or "not recorded") in capsys.readouterr().out
    assert command(["--lab", "status"]) == twin


@pytest.mark.parametrize("kind", [TWIN, REHEARSAL])
def test_a_run_of_another_network_is_not_finished_here(tmp_path, workspace, kind):
    folder = unfinished(tmp_path, kind)
    with pytest.raises(Refused, match=f"another network \\({kind}: inventory/hosts.yaml"):
        refuse_elsewhere(workspace, folder)
    refuse_elsewhere(replace(workspace, network_kind=kind), folder)
    refuse_elsewhere(workspace, unfinished(tmp_path, None))


def test_an_apply_on_the_twin_closes_no_live_run(tmp_path):
    for kind in (LIVE, TWIN):
        unfinished(tmp_path, kind)
    supersede(tmp_path, ["luna"], "other", TWIN)
    still = [each.network.kind for each in accounts(tmp_path) if each.unfinished]
    assert still == [LIVE]


def test_a_network_is_its_inventory_and_the_keys_that_are_known(tmp_path, workspace):
    known = tmp_path / "known_hosts"
    targets = {n: replace(t, known_hosts=known) for n, t in workspace.targets.items()}
    bare = network_of(replace(workspace, targets=targets))
    assert bare == Network(LIVE, str(workspace.project.hosts))
    target = next(iter(targets.values()))
    record(known, target.host, target.port, HostKey("ssh-ed25519", b"one"))
    first = network_of(replace(workspace, targets=targets))
    record(known, target.host, target.port + 1, HostKey("ssh-ed25519", b"of nobody here"))
    assert network_of(replace(workspace, targets=targets)) == first
    assert first.host_keys
    assert "host keys" in str(first)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"kind": "mars", "inventory": "x"}', "{"])
def test_a_record_that_cannot_be_read_is_none(tmp_path, text):
    folder = unfinished(tmp_path, LIVE)
    assert json.loads((folder.path / NETWORK).read_text())["kind"] == "live"
    (folder.path / NETWORK).write_text(text)
    assert folder.network is None
    assert words(folder.network) == NOT_RECORDED
