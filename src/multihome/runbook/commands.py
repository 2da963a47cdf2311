"""A command of the CLI on many routers: the answers as the routers wrote them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from multihome.errors import DeviceError, UsageError
from multihome.state.command import command
from multihome.state.query import Evidence
from multihome.values.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from multihome.fleet.fleet import Fleet
    from multihome.runbook.workspace import Workspace
    from multihome.state.command import Form


@dataclass(frozen=True, slots=True)
class Printed:
    """What each router printed, without secrets, and the routers that printed nothing."""

    texts: Mapping[str, str]
    silent: tuple[DeviceError, ...]


def guard_logical_systems(workspace: Workspace, line: str) -> None:
    """Refuse a command that would answer for the whole chassis.

    Raises:
        UsageError: a router is a logical system that the command does not name.
    """
    lost = sorted(
        name
        for name, target in workspace.targets.items()
        if target.logical_system
        and f"logical-system {target.logical_system}" not in " ".join(line.split())
    )
    if lost:
        raise UsageError(
            f"{', '.join(lost)}: a logical system; the command would answer for its whole "
            "chassis: add `logical-system NAME` and ask these routers one by one"
        )


def printed(fleet: Fleet, line: str, form: Form) -> Printed:
    """Ask every router of a fleet.

    Raises:
        UsageError: the command does more than look.
    """
    query = command(line, form)
    evidence = Evidence(fleet.collect({router: [query.request] for router in fleet.routers}))
    texts: dict[str, str] = {}
    silent: list[DeviceError] = []
    for router in fleet.routers:
        try:
            texts[router] = redact(evidence.table(router, query))
        except DeviceError as error:
            silent.append(error)
    return Printed(texts, tuple(silent))
