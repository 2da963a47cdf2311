"""Ansible with Juniper's modules, as the newest package that bundles them has them."""

import json
import os
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.clients
PLAYBOOKS = Path(__file__).with_name("playbooks")
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ2aNeRN437gxAPNvdq8tZz+yC69bys03ytTiZ/PMT7X guest"
CHANGES = {
    "conf": "system { domain-name a.example; }",
    "xml": "<system><domain-name>b.example</domain-name></system>",
    "json": '{"configuration": {"system": {"domain-name": "c.example"}}}',
    "set": "set system domain-name d.example",
}


@pytest.fixture
def play(edge, program, tmp_path):
    """Runs one of the playbooks on the edge router; what it reports."""
    host = {
        "ansible_host": edge.host,
        "ansible_port": edge.port,
        "ansible_user": edge.username,
        "ansible_password": edge.password,
        "ansible_connection": "ansible.netcommon.netconf",
        "ansible_network_os": "junipernetworks.junos.junos",
        "key": KEY,
    }
    inventory = {"all": {"hosts": {"edge": host}}}
    (tmp_path / "hosts.json").write_text(json.dumps(inventory))
    for suffix, text in CHANGES.items():
        (tmp_path / f"change.{suffix}").write_text(text)
    command = program("ansible-playbook")

    def run(name):
        (tmp_path / f"{name}.yml").write_text((PLAYBOOKS / f"{name}.yml").read_text())
        done = subprocess.run(
            [command, "-i", "hosts.json", f"{name}.yml"],
            cwd=tmp_path,
            env={
                **os.environ,
                "PATH": f"{Path(command).parent}{os.pathsep}{os.environ['PATH']}",
                "HOME": str(tmp_path),
                "ANSIBLE_HOST_KEY_CHECKING": "False",
                "ANSIBLE_NOCOLOR": "True",
                "LC_ALL": "C.UTF-8",
            },
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )
        assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
        return done.stdout

    return run


@pytest.mark.parametrize("name", ["facts", "commands", "resources"])
def test_a_playbook_holds_what_it_asserts(play, name):
    assert "failed=0" in play(name)


def test_changes_and_what_the_router_s_log_says_of_them(play, pair):
    assert "failed=0" in play("changes")
    assert any("by ansible" in line for line in pair.log("edge"))
