"""A small project folder to write into."""

from pathlib import Path

import pytest

from multihome.inventory.project import Project

HOSTS = """\
one: {hostname: one.example.net, groups: [pe]}
two: {hostname: two.example.net, groups: [east], username: ops}
three: {hostname: chassis.example.net, groups: [cpe], data: {logical_system: Three}}
"""
GROUPS = """\
pe: {data: {role: pe}}
cpe: {data: {role: cpe}}
east: {groups: [pe]}
"""
DEFAULTS = "port: 2830\n"


@pytest.fixture
def folder(tmp_path: Path) -> Project:
    for part in ("inventory", "templates", "checks"):
        (tmp_path / part).mkdir()
    project = Project(tmp_path)
    project.hosts.write_text(HOSTS)
    project.groups.write_text(GROUPS)
    project.defaults.write_text(DEFAULTS)
    return project
