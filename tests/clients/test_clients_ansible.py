"""Ansible with Juniper's modules, as the newest package that bundles them has them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PLAYBOOK = Path(sys.executable).with_name("ansible-playbook")
pytestmark = [
    pytest.mark.clients,
    pytest.mark.slow,
    pytest.mark.skipif(not PLAYBOOK.exists(), reason="the extra `clients` is not installed"),
]
HOSTS = """\
edge ansible_host={host} ansible_port={port} ansible_user={username} ansible_password={password} \
ansible_connection=ansible.netcommon.netconf ansible_network_os=junipernetworks.junos.junos
"""
PLAY = """\
- hosts: all
  gather_facts: false
  tasks:
    - junipernetworks.junos.junos_facts: {gather_subset: [min, config], config_format: set}
      register: facts
    - assert:
        that:
          - facts.ansible_facts.ansible_net_hostname == "edge"
          - facts.ansible_facts.ansible_net_version == "21.4R3.15"
          - '"set system host-name edge" in facts.ansible_facts.ansible_net_config'
    - junipernetworks.junos.junos_config:
        lines: [set system domain-name example.net]
        comment: by ansible
        confirm: 5
      register: first
    - junipernetworks.junos.junos_config: {confirm_commit: true}
    - junipernetworks.junos.junos_config: {lines: [set system domain-name example.net]}
      register: second
    - assert: {that: [first.changed, not second.changed]}
    - junipernetworks.junos.junos_command:
        commands: [show version, show route 10.0.0.2]
        display: text
      register: shown
    - assert: {that: ['"Hostname: edge" in shown.stdout[0]', '"*[BGP/170]" in shown.stdout[1]']}
    - junipernetworks.junos.junos_config: {lines: [set system domain-nme x]}
      register: refused
      ignore_errors: true
    - assert: {that: [refused.failed, '"domain-nme" in refused.msg']}
    - junipernetworks.junos.junos_ping: {dest: 10.0.0.2, count: 2}
      vars: {ansible_connection: ansible.netcommon.network_cli}
"""


@pytest.mark.timeout(180)
def test_facts_changes_commands_and_packets(edge, pair, tmp_path):
    fields = ("host", "port", "username", "password")
    hosts = HOSTS.format(**{field: getattr(edge, field) for field in fields})
    (tmp_path / "hosts").write_text(hosts)
    (tmp_path / "play.yml").write_text(PLAY)
    done = subprocess.run(
        [str(PLAYBOOK), "-i", "hosts", "play.yml"],
        cwd=tmp_path,
        env={
            **os.environ,
            "PATH": f"{PLAYBOOK.parent}:{os.environ['PATH']}",
            "HOME": str(tmp_path),
            "ANSIBLE_HOST_KEY_CHECKING": "False",
            "ANSIBLE_STDOUT_CALLBACK": "json",
        },
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert json.loads(done.stdout[done.stdout.index("{") :])["stats"]["edge"]["failures"] == 0
    assert any("by ansible" in line for line in pair.log("edge"))
