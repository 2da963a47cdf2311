"""From the options of one command line to a workspace: the only place that knows of `--lab`."""

from __future__ import annotations

import getpass
import os
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from multihome.cli.lines import print_line
from multihome.errors import UsageError
from multihome.inventory.credentials import Credentials, credentials
from multihome.inventory.network import NetworkKind
from multihome.inventory.project import find_project
from multihome.inventory.size import max_reply
from multihome.inventory.targets import load_targets, read_inventory
from multihome.lab import process
from multihome.render.secrets import Secrets
from multihome.runbook.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from multihome.cli.settings import Settings
    from multihome.inventory.project import Project
    from multihome.lab.process import Lab

LAB_SECRETS = "secrets.yaml"


def open_workspace(
    settings: Settings, limit: Iterable[str] = (), *, ask: bool = True, whole: bool = True
) -> Workspace:
    """Read the project; with `--lab`, the routers are where the running twin says.

    `ask` lets a password be asked for at a terminal if nothing else is given, once the
    project and the limit have been found to be right. Without `whole`, templates and checks
    are not read: what undoes a change must not wait until a check is spelt right.
    """
    longest = max_reply(os.environ, settings.max_reply)
    workspace = _open(settings, limit, ask=ask, whole=whole).reading(longest)
    for problem in workspace.warnings:
        print_line(settings.screen.err, f"warning: {problem}", style="yellow")
    return workspace


def _open(settings: Settings, limit: Iterable[str], *, ask: bool, whole: bool) -> Workspace:
    project = find_project(settings.project)
    if settings.lab:
        found = lab_workspace(project, running_lab(), settings.secrets, whole=whole)
        return found.limited(limit)
    login = settings.login
    given = partial(
        credentials,
        os.environ,
        username=login.username,
        key_file=login.key,
        known_hosts=login.known_hosts,
    )
    secrets = given_secrets(settings.secrets)
    workspace = Workspace.open(project, given(), secrets, whole=whole).limited(limit)
    if not ask or not sys.stdin.isatty() or os.environ.get("SSH_AUTH_SOCK"):
        return workspace
    password = given(ask=getpass.getpass).password
    targets = {name: replace(each, password=password) for name, each in workspace.targets.items()}
    return replace(workspace, targets=targets)


def lab_workspace(
    project: Project, lab: Lab, file: Path | None = None, *, whole: bool = True
) -> Workspace:
    """The project on a twin, with keys made up for it where none are given.

    They are kept beside the twin, so that a second apply finds no difference.
    """
    made_up = lab.state_dir / LAB_SECRETS
    kept = Secrets.from_file(made_up) if made_up.exists() else Secrets({})
    given = given_secrets(file)
    where = overlay(project, lab)
    workspace = Workspace.open(project, Credentials(), kept | given, overlay=where, whole=whole)
    if missing := workspace.missing_secrets():
        kept |= Secrets.generated(missing)
        kept.save(made_up)
    return replace(workspace, secrets=kept | given, network_kind=NetworkKind.TWIN)


def on_twin(workspace: Workspace, lab: Lab) -> Workspace:
    """The same intent with the same keys, on a twin instead of where it was."""
    where = overlay(workspace.project, lab)
    targets = load_targets(workspace.project, Credentials(), overlay=where)
    return replace(workspace, targets=targets, network_kind=NetworkKind.REHEARSAL)


def overlay(project: Project, lab: Lab) -> dict[str, dict[str, object]]:
    """Where a twin's routers are, instead of where the inventory says."""
    known = read_inventory(project).names
    return {
        router.name: {
            "host": router.host,
            "port": router.port,
            "username": router.username,
            "password": SecretStr(router.password),
            "known_hosts": lab.known_hosts,
            "logical_system": None,
            "host_name": router.host_name or None,
        }
        for router in lab.routers
        if router.name in known
    }


def running_lab() -> Lab:
    """The twin that runs in the background.

    Raises:
        UsageError: no twin is running.
    """
    if (lab := process.running()) is None:
        raise UsageError("no lab is running; `multihome lab up` starts one")
    return lab


def given_secrets(file: Path | None) -> Secrets:
    """What the operator brings: the file named, then the environment."""
    from_file = Secrets.from_file(file) if file else Secrets({})
    return from_file | Secrets.from_environment(os.environ)
