"""The running configurations of all routers, as a rehearsal needs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.errors import UsageError
from multihome.fleet.outcome import errors
from multihome.runbook.runs import fleet_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from multihome.fleet.event import Listener
    from multihome.runbook.workspace import Workspace


def running_configurations(
    workspace: Workspace, listeners: Iterable[Listener] = ()
) -> dict[str, str]:
    """What each router is committed to, in Junos's text form, secrets and all: keep it in memory.

    Raises:
        DeviceError: a router could not be asked; a rehearsal without it would prove nothing.
        UsageError: a router is a logical system, whose chassis cannot be taken apart here.
    """
    for name, target in workspace.targets.items():
        if target.logical_system is not None:
            raise UsageError(f"{name} is a logical system: rehearse whole routers only")
    with fleet_of(workspace, listeners) as fleet:
        found = fleet.run(
            lambda session: session.configuration(style="text"), fleet.routers, step="read"
        )
    for error in errors(found).values():
        raise error
    return {name: outcome.get() for name, outcome in found.items()}
