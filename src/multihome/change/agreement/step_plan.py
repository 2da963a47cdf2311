"""The steps of a change: which routers commit together, why, and what each step costs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from multihome.change.agreement.agreements import Moment, agreements, in_force
from multihome.change.agreement.facts import Facts
from multihome.change.agreement.outage import Losses, Outage
from multihome.change.agreement.schedule import Block, blocks, joined, schedule
from multihome.change.agreement.sites import sites
from multihome.change.agreement.statements import statements

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from multihome.change.agreement.agreements import Agreement, Breach
    from multihome.change.agreement.shared import Known, Shared
    from multihome.change.agreement.sites import Site
    from multihome.change.agreement.statements import Words
    from multihome.intent.model import Intent

_KEYS = {
    *("authentication-key", "authentication-key-chain", "authentication-type"),
    *("hello-authentication-key", "hello-authentication-key-chain", "hello-authentication-type"),
    *("authentication-algorithm", "authentication-key-chains", "apply-macro"),
}
"""A statement with one of these words changes how packets are signed, or is our own record."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One router's configuration before the change, and the script that changes it."""

    configuration: str = field(repr=False)
    """`set` lines."""
    script: str = field(repr=False)
    logical_system: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """Routers that commit together, and are proven good before the next step."""

    routers: tuple[str, ...]
    agreements: tuple[Agreement, ...] = ()
    """What joins some of them, or is interrupted."""
    groups: tuple[tuple[str, ...], ...] = ()
    """The routers that an agreement joins."""
    outages: tuple[Outage, ...] = ()
    torn: tuple[str, ...] = ()
    """Sites with several legs in this step, of which more than keys changes."""
    legs: tuple[str, ...] = ()
    """In words, the legs of this step."""
    loose: bool = True
    """Nothing but their order joins the routers: no agreement, and no device."""


@dataclass(frozen=True, slots=True)
class StepPlan:
    """A change in its order."""

    steps: tuple[Step, ...] = ()
    broken: tuple[Breach, ...] = ()
    """What does not hold after the change, since its other end does not change."""
    hitless: tuple[str, ...] = ()
    """What changes in any order without an interruption, such as the next key of a chain."""

    @property
    def batches(self) -> tuple[tuple[str, ...], ...]:
        """The routers of each step."""
        return tuple(step.routers for step in self.steps)

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """Routers that no batch and no canary may part."""
        return tuple(group for step in self.steps for group in step.groups)

    @property
    def costs(self) -> bool:
        """Whether it cannot be done without an outage."""
        return bool(self.broken) or any(step.outages or step.torn for step in self.steps)


def step_plan(
    intent: Intent,
    drafts: Mapping[str, Draft],
    moment: Moment | None = None,
    tied: Sequence[Sequence[str]] = (),
) -> StepPlan:
    """Cut a change into steps.

    `drafts` has each router that was looked at; those that do not differ take part in no step.
    `tied` are routers with one commit, such as logical systems of one device.
    """
    moment = moment or Moment()
    before = {r: _facts(r, draft, "") for r, draft in drafts.items()}
    after = {r: _facts(r, draft, draft.script) for r, draft in drafts.items()}
    changes = {r: before[r].tree.lines() ^ after[r].tree.lines() for r in drafts}
    differing = [router for router in drafts if changes[router]]
    touched = agreements(intent, before, after, moment)
    groups = [each.changed for each in touched if each.together]
    places = sites(intent)
    bound = blocks(joined(differing, groups), places)
    cut = schedule(blocks(joined(differing, [*groups, *tied]), places))
    cost = _Cost(intent, before, touched, moment)
    return StepPlan(
        tuple(
            cost.step(chosen, [b for b in bound if _within(b, chosen)], places, changes)
            for chosen in cut
        ),
        tuple(dict.fromkeys(breach for each in touched for breach in each.broken)),
        tuple(dict.fromkeys(each.words for each in touched if _hitless(each))),
    )


def _within(block: Block, chosen: Sequence[Block]) -> bool:
    return any(set(block.routers) <= set(each.routers) for each in chosen)


def _hitless(agreement: Agreement) -> bool:
    return not (agreement.together or agreement.broken or agreement.interruption)


def _facts(router: str, draft: Draft, script: str) -> Facts:
    return Facts(router, statements(draft.configuration, script, draft.logical_system))


class _Cost:
    """What the steps of one change interrupt."""

    def __init__(
        self, intent: Intent, before: Known, touched: Sequence[Agreement], moment: Moment
    ) -> None:
        self._touched = touched
        self._seen = frozenset(before)
        lossy = any(each.interruption is not None or each.broken for each in touched)
        self._held: tuple[Shared, ...] = in_force(intent, before, moment) if lossy else ()

    def step(
        self,
        chosen: Sequence[Block],
        bound: Sequence[Block],
        places: Iterable[Site],
        changes: Mapping[str, Collection[Words]],
    ) -> Step:
        """One step, with what it costs; `bound` are the blocks that agreements make of it."""
        routers = tuple(router for block in chosen for router in block.routers)
        here = [each for each in self._touched if set(each.changed) & set(routers)]
        losses = Losses(self._held, here, self._seen)
        torn = {site for block in bound for site in block.torn if _more(block, changes)}
        outages = [out for site in places if (out := losses.outage(site)) is not None]
        dark = {f"{out.vpn} {out.site}" for out in outages}
        return Step(
            routers,
            tuple(each for each in here if each.together or each.interruption is not None),
            tuple(block.routers for block in bound if len(block.routers) > 1),
            tuple(outages),
            tuple(sorted(torn - dark)),
            _legs(chosen, places),
            loose=all(len(block.routers) == 1 for block in chosen),
        )


def _more(block: Block, changes: Mapping[str, Collection[Words]]) -> bool:
    """Whether more changes than keys, and so may be wrong on all legs at once."""
    return any(not _KEYS & set(line) for router in block.routers for line in changes[router])


def _legs(chosen: Sequence[Block], places: Iterable[Site]) -> tuple[str, ...]:
    """Which legs are in this step: "backup legs of 3 sites", "primary leg of saturn"."""
    roles: dict[str, list[str]] = {}
    mine = {
        site: numbers
        for block in chosen
        for site, numbers in block.legs.items()
        if site not in block.torn
    }
    for site in places:
        if site.multihomed:
            for number in sorted(mine.get(f"{site.vpn} {site.name}", ())):
                roles.setdefault(site.legs[number].role, []).append(site.name)
    found = [
        f"{role} leg of {names[0]}" if len(names) == 1 else f"{role} legs of {len(names)} sites"
        for role, names in roles.items()
    ]
    return tuple(found)
