"""`apply`: look what would change, and change only that; nothing at all if nothing differs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from multihome.change.chassis import together
from multihome.change.folder import RunFolder
from multihome.change.halt import halt
from multihome.change.plan import Planned, plan
from multihome.change.preflight import preflight
from multihome.change.transaction import transact
from multihome.change.verdict import Verdict, judge
from multihome.errors import ExitCode
from multihome.fleet.outcome import errors, values

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from multihome.change.order import Order
    from multihome.change.stop import Stop
    from multihome.change.verification import Verify
    from multihome.fleet.fleet import Fleet


@dataclass(frozen=True, slots=True)
class Assurance:
    """What tells whether the network is well, after the change and after undoing it."""

    verify: Verify
    restored: Verify | None = None


def apply(
    fleet: Fleet,
    order: Order,
    assurance: Assurance,
    runs: Path,
    *,
    agree: Callable[[Mapping[str, Planned]], bool] | None = None,
    stop: Stop | None = None,
) -> Verdict:
    """Plan, ask, look, transact. Routers where nothing differs are neither locked nor committed.

    `agree` is shown what would change, and may say no. What preflight objects to ends it
    before anything is touched. The run's folder is made under `runs` only when there is
    something to do. Logical systems of one device are one part of the verdict.
    """
    outcomes = plan(fleet, order.scripts, check=False, secrets=order.secrets)
    if failed := errors(outcomes):
        code, text = judge((), halt(failed))
        return Verdict(run="", verb=order.verb, code=code, text=text)
    planned = {router: p for router, p in values(outcomes).items() if p.diff}
    if not planned:
        return Verdict(run="", verb=order.verb, code=ExitCode.PROVEN, text="no changes")
    if agree is not None and not agree(planned):
        text = "not applied: not agreed to"
        return Verdict(run="", verb=order.verb, code=ExitCode.CHANGES_PENDING, text=text)
    if objections := _objections(fleet, planned):
        return Verdict(run="", verb=order.verb, code=ExitCode.UNKNOWN, text=objections)
    folder = RunFolder.create(runs, order.verb, order.secrets)
    whole, _ = together(only(order, planned), fleet.devices)
    return transact(fleet, folder, whole, assurance.verify, restored=assurance.restored, stop=stop)


def _objections(fleet: Fleet, routers: Mapping[str, object]) -> str:
    """Why not to begin, on all routers at once; empty if nothing stands in the way."""
    found = preflight(fleet, routers)
    lines = [str(error) for error in errors(found).values()]
    lines += [
        f"{r}: {why}" for r, condition in values(found).items() for why in condition.objections
    ]
    return f"not begun: {'; '.join(lines)}; nothing was changed" if lines else ""


def only(order: Order, routers: Mapping[str, object]) -> Order:
    """The order for these routers, in the same sequence."""
    batches = tuple(
        kept for batch in order.batches if (kept := tuple(r for r in batch if r in routers))
    )
    scripts = {router: order.scripts[router] for router in routers}
    return replace(order, scripts=scripts, batches=batches)
