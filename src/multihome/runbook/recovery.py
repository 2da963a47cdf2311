"""The verbs for a run that did not end as it should: status, confirm, rollback."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from multihome.change.commit_comment import RUN_ID
from multihome.change.recovery import finish as finishing
from multihome.change.recovery import status
from multihome.change.recovery.actions import Direction
from multihome.change.recovery.recalled import recall
from multihome.change.recovery.recover import recover
from multihome.change.recovery.run_list import account, accounts, close
from multihome.change.verification import Patience, trusting
from multihome.errors import ExitCode, UnknownName, UsageError, WrongRouter
from multihome.runbook.changes import intent_digest
from multihome.runbook.evidence import find_run, runs_folder
from multihome.runbook.network import refuse_elsewhere
from multihome.runbook.recovery_proof import Confirming, Undoing, read_held
from multihome.runbook.runs import fleet_of
from multihome.runbook.verify import Verifier, Wanted, demands

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from multihome.change.folder import RunFolder
    from multihome.change.preflight.plan import Planned
    from multihome.change.recovery.recalled import Whereabouts
    from multihome.change.recovery.run_list import Account
    from multihome.change.verdict import Verdict
    from multihome.fleet.event import Listener
    from multihome.fleet.fleet import Fleet
    from multihome.fleet.outcome import Outcome
    from multihome.runbook.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Whereto:
    """A run, the status of its routers, and whether an operator must decide."""

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
        Refused: it was made on another network than this one.
    """
    try:
        folder = find_run(run)
        refuse_elsewhere(workspace, folder)
        return folder  # noqa: TRY300 - of one that is not known, the rest is about
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


@dataclass(frozen=True, slots=True)
class Terms:
    """How a run is to be finished."""

    only: tuple[str, ...] = ()
    """These routers of the run on purpose; none: all, or nothing is done."""
    patience: Patience = field(default_factory=Patience)
    lease: int = 300
    """Seconds until a router undoes by itself what is not confirmed."""
    agree: Callable[[Mapping[str, Planned]], bool] | None = None
    """Called with what would change; None: do not ask."""
    verify: bool = True
    """Look at the network; without it, the verdict says so."""


def finish(
    workspace: Workspace,
    folder: RunFolder,
    direction: Direction,
    terms: Terms,
    listeners: Iterable[Listener] = (),
) -> Verdict:
    """Bring every router of a run to the same side, in its order, each batch proven.

    Raises:
        UnknownName: a router that the run, or the inventory, does not have.
        UsageError, InvalidFile: the run touched no router, or its journal is damaged.
    """
    with fleet_of(workspace, listeners) as fleet:
        looking = _looking(workspace, fleet, folder, direction) if terms.verify else None
        return _said(
            finishing.finish(
                fleet,
                folder,
                direction,
                finishing.Terms(
                    verify=looking.verify if looking is not None else trusting,
                    before=looking.before if isinstance(looking, Undoing) else None,
                    agree=terms.agree,
                    arrange=workspace.order,
                    patience=terms.patience,
                    lease=terms.lease,
                    only=terms.only,
                ),
            ),
            looking,
        )


def _looking(
    workspace: Workspace, fleet: Fleet, folder: RunFolder, direction: Direction
) -> Undoing | Confirming | None:
    """What verifies the network; None if the intent is not the run's and cannot judge it."""
    digest = intent_digest(workspace)
    recalled = recall(folder)
    verifier, checks = Verifier(workspace, fleet.collect), demands(workspace, Wanted())
    held = read_held(folder, digest)
    if direction is Direction.ROLLBACK:
        return Undoing(verifier, checks, held)
    if not recalled.mark.intent or not digest.startswith(recalled.mark.intent[:12]):
        return None
    return Confirming(verifier, checks, held, tuple(recalled.routers))


def _said(verdict: Verdict, looking: Undoing | Confirming | None) -> Verdict:
    """What was not verified is not called proven."""
    if verdict.code is not ExitCode.PROVEN and verdict.code is not ExitCode.ROLLED_BACK:
        return verdict
    if looking is None:
        text = f"{verdict.text}; not verified: the intent is not what it was then"
        code = ExitCode.NOTHING_TESTED if verdict.code is ExitCode.PROVEN else verdict.code
        return replace(verdict, code=code, text=text)
    return replace(verdict, text=f"{verdict.text}; {looking.last}") if looking.last else verdict
