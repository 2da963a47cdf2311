"""The network that a workspace speaks to, and runs that were made on another one."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from multihome.device.known_hosts import KnownHosts
from multihome.errors import Refused
from multihome.inventory.network import Network, NetworkKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from multihome.change.folder import RunFolder
    from multihome.inventory.target import Target
    from multihome.runbook.workspace import Workspace

_DIGITS = 12


def network_of(workspace: Workspace) -> Network:
    """What a run on this workspace records."""
    keys = sorted(_keys(workspace.targets.values()))
    digest = sha256("\n".join(keys).encode()).hexdigest()[:_DIGITS] if keys else ""
    return Network(workspace.network_kind, str(workspace.project.hosts), digest)


def _keys(targets: Iterable[Target]) -> Iterator[str]:
    known: dict[Path, KnownHosts] = {}
    for target in targets:
        if target.known_hosts is None:
            continue
        if target.known_hosts not in known:
            known[target.known_hosts] = KnownHosts.read(target.known_hosts)
        for entry in known[target.known_hosts].about(target.host, target.port):
            yield f"{target.name} {entry.key.fingerprint}"


def elsewhere(recorded: Network | None, here: NetworkKind) -> bool:
    """Whether a run says nothing of this network; one that does not say where counts as here."""
    return recorded is not None and recorded.kind is not here


def refuse_elsewhere(workspace: Workspace, folder: RunFolder) -> None:
    """Keep a run from being asked about, or finished, on routers that it never touched.

    Raises:
        Refused: it was made on a network of another kind.
    """
    recorded = folder.network
    if recorded is None or not elsewhere(recorded, workspace.network_kind):
        return
    advice = {
        NetworkKind.LIVE: "leave out --lab",
        NetworkKind.TWIN: "add --lab",
        NetworkKind.REHEARSAL: "its twin is gone, and nothing is left of it to finish",
    }[recorded.kind]
    raise Refused(
        f"run {folder.run} was made on another network ({recorded}), not on the "
        f"{workspace.network_kind} one; {advice}"
    )
