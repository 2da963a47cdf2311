"""`apply`: look what would change, and change only that; nothing at all if nothing differs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from multihome.change.abort import abort_from
from multihome.change.change_request import only
from multihome.change.chassis import together
from multihome.change.folder import RunFolder
from multihome.change.preflight.plan import Planned, plan
from multihome.change.preflight.router_condition import preflight
from multihome.change.rollout import Rollout, roll_out, so_far, summary
from multihome.change.transaction import transact
from multihome.change.verdict import Verdict, judge
from multihome.errors import ExitCode
from multihome.fleet.event import Event, Moment
from multihome.fleet.outcome import errors, values
from multihome.values.grouping import Message, lines, message, on_routers

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from pathlib import Path

    from multihome.change.change_request import Order
    from multihome.change.stop import Stop
    from multihome.change.verification import Verify
    from multihome.fleet.fleet import Fleet
    from multihome.fleet.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Assurance:
    """Who must be content for a change to go on: the operator before it, the network after it."""

    verify: Verify
    restored: Verify | None = None
    """Whether the network is restored after a rollback."""
    before: Callable[[], None] | None = None
    """Called before anything is committed, to see what holds and must hold again if undone."""
    agree: Callable[[Mapping[str, Planned]], bool] | None = None
    """Shown what would change; may say no."""
    begun: Callable[[RunFolder], None] | None = None
    """Given the folder of each run before anything is committed, to keep what `before` saw."""


def apply(
    fleet: Fleet,
    order: Order,
    assurance: Assurance,
    runs: Path,
    *,
    rollout: Rollout | None = None,
    stop: Stop | None = None,
) -> Verdict:
    """Plan, look, ask, transact. Routers where nothing differs are neither locked nor committed.

    What preflight objects to ends it before anything is touched. A run's folder is made under
    `runs` only when there is something to do. Logical systems of one device are one part of
    the verdict.
    """
    outcomes = plan(fleet, order.scripts, check=False, secrets=order.secrets, changes=order.changes)
    if errors(outcomes):
        return _unplanned(fleet, order, outcomes)
    planned = {router: p for router, p in values(outcomes).items() if p.diff}
    objections = _objections(fleet, planned) + _waiting(outcomes)
    if objections:
        return _ended(order, objections.code, _refusal(objections.messages))
    if not planned:
        return _ended(order, ExitCode.PROVEN, "no changes")
    if assurance.agree is not None and not assurance.agree(planned):
        return _ended(order, ExitCode.CHANGES_PENDING, "not applied: not agreed to")
    whole, _ = together(only(order, planned), fleet.devices)
    orders = (rollout or Rollout()).orders(whole)

    def carry_out(number: int, part: Order) -> Verdict:
        _announce(fleet, number, orders)
        if assurance.before is not None:
            assurance.before()
        earlier = tuple(router for done in orders[:number] for router in done.scripts)
        verify = so_far(assurance.verify, earlier, last=number == len(orders) - 1)
        folder = RunFolder.create(runs, part.verb, part.secrets, network=part.network)
        if assurance.begun is not None:
            assurance.begun(folder)
        return transact(fleet, folder, part, verify, restored=assurance.restored, stop=stop)

    return summary(roll_out(orders, carry_out), orders)


def _announce(fleet: Fleet, number: int, orders: tuple[Order, ...]) -> None:
    if len(orders) > 1:
        who = on_routers(sorted(orders[number].scripts))
        text = f"{number + 1} of {len(orders)}: {who}"
        fleet.tell(Event("batch", "", Moment.NOTE, text=text))


def _unplanned(fleet: Fleet, order: Order, outcomes: Mapping[str, Outcome[Planned]]) -> Verdict:
    """Explain why a router refuses to be edited: preflight knows more than the refusal says.

    Also report what blocks the other routers, since the next apply would meet that.
    """
    failed = errors(outcomes)
    code, text = judge((), abort_from(failed))
    differing = [router for router, planned in values(outcomes).items() if planned.diff]
    objections = _objections(fleet, (*failed, *differing)) + _waiting(outcomes)
    if objections:
        named = {each.router for each in objections.messages}
        rest = (message(r, str(failed[r])) for r in failed if r not in named)
        text = _refusal((*objections.messages, *rest))
        code = objections.code if objections.preconditions else code
    return _ended(order, code, text)


@dataclass(frozen=True, slots=True)
class _Objections:
    """AbortReason not to begin."""

    unasked: tuple[Message, ...] = ()
    """Routers that could not be looked at."""
    preconditions: tuple[Message, ...] = ()
    """What must not be so on a router that is going to be changed, and is."""

    def __add__(self, more: _Objections) -> _Objections:
        return _Objections(self.unasked + more.unasked, self.preconditions + more.preconditions)

    @property
    def messages(self) -> tuple[Message, ...]:
        return (*self.unasked, *self.preconditions)

    @property
    def code(self) -> ExitCode:
        return ExitCode.REFUSED if self.preconditions else ExitCode.UNKNOWN

    def __bool__(self) -> bool:
        return bool(self.messages)


def _waiting(outcomes: Mapping[str, Outcome[Planned]]) -> _Objections:
    """Routers that have what they must have, but only until a timer there takes it away."""
    found = values(outcomes).items()
    waiting = (Message(r, p.waiting) for r, p in found if p.waiting and not p.diff)
    return _Objections((), tuple(waiting))


def _objections(fleet: Fleet, routers: Collection[str]) -> _Objections:
    """What objects to a change, on all routers at once."""
    if not routers:
        return _Objections()
    found = preflight(fleet, routers)
    return _Objections(
        tuple(message(router, str(error)) for router, error in errors(found).items()),
        tuple(
            Message(router, why)
            for router, condition in values(found).items()
            for why in condition.objections
        ),
    )


def _refusal(objections: Iterable[Message]) -> str:
    return f"not begun: {'; '.join(lines(objections))}; nothing was changed"


def _ended(order: Order, code: ExitCode, text: str) -> Verdict:
    """Ended before anything was touched: there is no run to speak of."""
    return Verdict(run="", verb=order.verb, code=code, text=text)
