"""The verbs for a run that did not end as it should: status, confirm, rollback."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from multihome.change.aftermath import mend, status
from multihome.change.aftermath.ledger import account, accounts, close
from multihome.change.aftermath.recover import recover
from multihome.change.mark import RUN_ID
from multihome.change.verification import Proof, Stage
from multihome.errors import ExitCode, UnknownName, UsageError, WrongRouter
from multihome.runbook.changes import intent_digest
from multihome.runbook.evidence import find_run, runs_folder
from multihome.runbook.proof import Proofs
from multihome.runbook.runs import fleet_of
from multihome.runbook.verify import Verifier, Wanted, demands

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from multihome.change.aftermath.ledger import Account
    from multihome.change.aftermath.status import Whereabouts
    from multihome.change.folder import RunFolder
    from multihome.change.verdict import Verdict
    from multihome.fleet.event import Listener
    from multihome.fleet.fleet import Fleet
    from multihome.fleet.outcome import Outcome
    from multihome.runbook.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Whereto:
    """A run, where it left its routers, and whether somebody must decide."""

    account: Account
    routers: Mapping[str, Outcome[Whereabouts]]
    code: ExitCode
    text: str


def ledger() -> tuple[Account, ...]:
    """Every run that changed routers, the latest first; no router is asked."""
    return accounts(runs_folder())


def folder_of(
    workspace: Workspace,
    run: str,
    listeners: Iterable[Listener] = (),
    *,
    beside: Path | None = None,
) -> RunFolder:
    """The folder of a run; of one that is not known here a new one, from the routers' histories.

    It is made among the runs, or in `beside` if all that is wanted is a look.

    Raises:
        UnknownName: neither this machine nor any router knows it.
    """
    try:
        return find_run(run)
    except UnknownName:
        if not RUN_ID.fullmatch(run):
            raise
    with fleet_of(workspace, listeners) as fleet:
        return recover(fleet, beside or runs_folder(), run)


def whereabouts(
    workspace: Workspace, folder: RunFolder, listeners: Iterable[Listener] = ()
) -> Whereto:
    """Where a run left each of its routers; changes nothing there.

    That nothing is left of it to finish is written down, so that it is not listed any more.

    Raises:
        UsageError: the run touched no router.
        UnknownName: one of its routers is not in the inventory any more.
    """
    with fleet_of(workspace, listeners) as fleet:
        found = status.status(fleet, folder)
    told = account(folder)
    if told is None:
        raise UsageError(f"run {folder.run} touched no router")
    code, text = status.judge(found, told)
    wrong = [each.error.exit_code for each in found.values() if isinstance(each.error, WrongRouter)]
    code = ExitCode.worst((code, *wrong))
    if code is ExitCode.PROVEN and told.unfinished:
        close(folder, text)
    return Whereto(told, found, code, text)


def finish(
    workspace: Workspace,
    folder: RunFolder,
    direction: mend.Direction,
    listeners: Iterable[Listener] = (),
) -> Verdict:
    """Bring every router of a run to the same side; what is confirmed is verified afterwards."""
    with fleet_of(workspace, listeners) as fleet:
        verdict = mend.mend(fleet, folder, direction)
        if direction is mend.Direction.ROLLBACK or verdict.code is not ExitCode.PROVEN:
            return verdict
        intent = status.recall(folder).mark.intent
        if not intent or not intent_digest(workspace).startswith(intent):
            text = f"{verdict.text}; not verified: the intent is not what it was then"
            return replace(verdict, code=ExitCode.NOTHING_TESTED, text=text)
        return _verified(workspace, fleet, verdict)


def _verified(workspace: Workspace, fleet: Fleet, verdict: Verdict) -> Verdict:
    """What is confirmed by hand must be proven as well, and stays if it is not."""
    proofs = Proofs(Verifier(workspace, fleet.collect), demands(workspace, Wanted()))
    seen = proofs.changed(Stage(tuple(workspace.targets), final=True))
    codes = {Proof.FAILED: ExitCode.FAILED, Proof.UNKNOWN: ExitCode.UNKNOWN}
    code = codes.get(seen.proof, ExitCode.PROVEN)
    return replace(verdict, code=code, text=f"{verdict.text}; {seen.text}")
