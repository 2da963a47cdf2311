"""What a person asks for, judged offline: names that do not exist, checks that lose an end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.errors import NothingTested
from multihome.inventory.credentials import Credentials
from multihome.inventory.targets import load_targets
from multihome.render.secrets import Secrets
from multihome.runbook.verify import demands, half_asked
from multihome.runbook.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from multihome.inventory.project import Project
    from multihome.runbook.validation import Validation
    from multihome.runbook.verify import Wanted

_NO_LOGIN = Credentials("offline")
"""Any user will do: no router is asked."""


def half_asked_offline(
    project: Project, found: Validation, limit: Iterable[str], wanted: Wanted
) -> tuple[str, ...]:
    """The checks of which `limit` leaves one end, in words.

    Raises:
        UnknownName: no such router, group, role, state, site or leg.
        InvalidFile: a check contradicts the intent in that state.
        UsageError: the state needs a site.
    """
    inventory, intent = found.sound()
    targets = load_targets(project, _NO_LOGIN)
    workspace = Workspace(project, inventory, intent, targets, Secrets({})).limited(limit)
    try:
        return half_asked(workspace, demands(workspace, wanted))
    except NothingTested:
        return ()
