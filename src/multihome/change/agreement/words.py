"""The steps of a change as a person reads them."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from multihome.change.agreement.agreements import Breach
    from multihome.change.agreement.outage import Outage
    from multihome.change.agreement.step_plan import Step, StepPlan

SHOWN = 10
"""Names that a line lists; the rest is counted."""


def lines(plan: StepPlan) -> tuple[str, ...]:
    """One line per step, and what it costs below it."""
    total = len(plan.steps)
    found: list[str] = []
    for number, step in enumerate(plan.steps, start=1):
        routers = f"{len(step.routers)} router{'s' if len(step.routers) != 1 else ''}"
        found.append(
            f"step {number} of {total}: {reason(step)}, {routers}"
            f"{' together' if step.groups else ''}: {listed(step.routers)}"
        )
        found += [f"  {text}" for text in (*costs(step), *kept(step))]
    found += [f"{text}: any order, no interruption" for text in plan.hitless]
    found += [f"breaks: {text}" for text in breaches(plan.broken)]
    return tuple(found)


def refusal(plan: StepPlan) -> str:
    """Why a change is not made without consent to an outage; empty: it needs none."""
    if not plan.costs:
        return ""
    dark = {outage.site: outage.seconds for step in plan.steps for outage in step.outages}
    found = []
    if dark:
        found.append(f"an outage of {listed(tuple(dark))} ({duration(max(dark.values()))})")
    if plan.broken:
        found.append("breaking what the other end does not change")
    if any(step.torn for step in plan.steps):
        found.append("changing all legs of a site at once")
    return f"cannot be done without {' and '.join(found)}; --accept-outage does it all the same"


def reason(step: Step) -> str:
    """Why these routers, and why now."""
    shared = tuple(dict.fromkeys(a.words for a in step.agreements if a.together))
    alone = "what is in no leg" if step.loose else "logical systems of one device"
    return ", ".join((*shared, *step.legs)) or alone


def costs(step: Step) -> Iterator[str]:
    """What a step interrupts: one line per cause, however many sites."""
    grouped: dict[tuple[tuple[str, ...], float], list[Outage]] = {}
    for outage in step.outages:
        grouped.setdefault((outage.causes, outage.seconds), []).append(outage)
    for (causes, seconds), outages in grouped.items():
        who = listed([outage.site for outage in outages])
        yield f"outage of {who}: {' and '.join(causes)}, {duration(seconds)}"
    if step.torn:
        who = listed([site.partition(" ")[2] for site in step.torn])
        yield (
            f"all legs of {who} change at once, and not only their keys: "
            "an error there is an outage until it is undone"
        )


def kept(step: Step) -> Iterator[str]:
    """What survives because the commits are close together."""
    for shared in {a.thing.title for a in step.agreements if a.together and not a.interruption}:
        same = [a for a in step.agreements if a.thing.title == shared and a.together]
        if all(a.interruption is None for a in same) and (least := min(a.kept for a in same)):
            yield f"no {shared} adjacency is lost if all commit within {least:g} s"


def breaches(broken: Sequence[Breach]) -> Iterator[str]:
    """What the change breaks: one line per cause, however many ends."""
    grouped: dict[tuple[str, bool, datetime | None], list[Breach]] = {}
    for breach in broken:
        grouped.setdefault((breach.what, breach.unseen, breach.since), []).append(breach)
    for (what, unseen, since), same in grouped.items():
        here = listed(tuple(dict.fromkeys(breach.router for breach in same)))
        there = listed(tuple(dict.fromkeys(breach.other for breach in same)))
        not_there = f"{there}, not looked at" if unseen else f"{there}, which does not fit"
        when = "" if since is None else f" from {since:%Y-%m-%d %H:%M:%S} UTC on"
        yield (
            f"{what} change on {here} and not on {not_there}: "
            f"down{when} until both ends have the same"
        )


def duration(seconds: float) -> str:
    """How long an interruption lasts at most."""
    if seconds == inf:
        return "until the other end has the same"
    while_apart = "while the commits are apart"
    return f"{while_apart} and up to {seconds:.0f} s more" if seconds else while_apart


def listed(names: Sequence[str]) -> str:
    """A few names, and how many more."""
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f"{', '.join(names[:SHOWN])}{more}"
