"""The drills that an intent implies, on routers and on logical systems of one."""

import shutil

import pytest

from multihome.errors import UnknownName
from multihome.inventory.credentials import Credentials
from multihome.inventory.project import PARTS, Project, default_project
from multihome.render.secrets import Secrets
from multihome.runbook.drills import definition, definitions
from multihome.runbook.workspace import Workspace


@pytest.fixture
def workspace(tmp_path):
    for part in PARTS:
        shutil.copytree(default_project().root / part, tmp_path / part)
    hosts = tmp_path / "inventory" / "hosts.yaml"
    text = hosts.read_text()
    old = next(line for line in text.splitlines() if line.startswith("luna:"))
    new = "luna: {hostname: 192.0.2.100, groups: [cpe], data: {logical_system: Luna}}"
    hosts.write_text(text.replace(old, new))
    return Workspace.open(Project(tmp_path), Credentials("ops"), Secrets({}))


def test_each_leg_its_lan_and_what_is_between_can_be_broken(workspace):
    assert set(definitions(workspace)) == {"juno-luna", "ceres-orcus", "luna-lan", "luna-orcus"}
    with pytest.raises(UnknownName, match="did you mean 'juno-luna'"):
        definition(workspace, "juno-lunna")


def test_a_fault_stays_inside_its_logical_system(workspace):
    def said(name):
        return definition(workspace, name).statements

    assert said("luna-lan") == ("set logical-systems Luna interfaces xe-2/0/1 unit 150 disable",)
    assert said("luna-orcus")[0].startswith("deactivate logical-systems Luna protocols bgp ")
    assert said("juno-luna")[0].startswith("deactivate routing-instances ipvpn ")


def test_a_drill_says_which_backup_leg_its_state_is_about(workspace):
    about = {name: each.backup for name, each in definitions(workspace).items()}
    assert about == {
        "juno-luna": None,
        "ceres-orcus": "orcus",
        "luna-lan": None,
        "luna-orcus": "orcus",
    }
