"""How to finish without this tool: the Junos commands, for a terminal at 3 am."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from multihome.change.mark import Mark


def by_hand(mark: Mark, routers: Iterable[str]) -> str:
    """What to type on each router to undo the run, and what to look at first."""
    head = (
        f"Run {mark.run}: how to undo it by hand, router by router.\n"
        f"A router that is not confirmed in time does this by itself.\n"
    )
    return head + "".join(_on(router, mark) for router in routers)


def _on(router: str, mark: Mark) -> str:
    return f"""
{router}:
    show system commit
        # go on only if entry 0 (and those below it that are the run's own) says "{mark.run}";
        # N is the number of the first entry that does not
    configure exclusive
    rollback N
    show | compare
        # must take away what {router}.diff adds, and nothing else
    commit comment "{mark.comment("rollback")}"
    exit
"""
