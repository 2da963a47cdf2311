"""How to finish without this tool: the Junos commands, for a terminal at 3 am.

They are the same on every router of a run, so they are said once, and kept per router with
what differs: the sessions that may still hold the lock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from multihome.change.commit_comment import CommitComment

FILE = "undo.txt"


def commands(mark: CommitComment) -> tuple[str, ...]:
    """What to type on a router that has a commit of this run on top."""
    return (
        "show system commit",
        "configure exclusive",
        "rollback 1",
        "show | compare",
        f'commit comment "{mark.comment("rollback")}"',
        "exit",
    )


def in_short(mark: CommitComment, routers: Sequence[str], folder: Path) -> str:
    """For the screen, before anything is committed."""
    typed = "\n".join(f"    {command}" for command in commands(mark))
    return (
        f"to undo run {mark.run} without this tool, on {', '.join(routers)}:\n{typed}\n"
        f"  1 while `show system commit` has one entry {mark.run} on top; N if it has N.\n"
        f"  Step by step: {folder / FILE}"
    )


def by_hand(mark: CommitComment, sessions: Mapping[str, Sequence[str]]) -> str:
    """For the run's folder: each step, and how to undo it on each router."""
    return _HEAD.format(run=mark.run) + "".join(
        _on(router, mark, numbers) for router, numbers in sessions.items()
    )


_HEAD = """\
Run {run}: how to undo it by hand, router by router.

A router that is not confirmed in time rolls back by itself: waiting is safe as long as no user
commits. Any `commit` or `commit check`, by any user, confirms the change for good.

N below is the number of the first entry of `show system commit` that does not say
"{run}". Stop if an entry above that one is by another user.

  lock, load, check    nothing is committed: ending the session discards the change
  commit               one entry says "{run}": N is 1
  renew                one entry more for each renewal: N is 2, 3, ...
  confirm              one entry more
  roll back            entry 0 says "multihome rollback {run}": it is done
"""


def _on(router: str, mark: CommitComment, sessions: Sequence[str]) -> str:
    show, edit, rollback, *rest = commands(mark)
    logout = "".join(f"    request system logout pid {number}\n" for number in sessions)
    typed = "\n".join(f"    {command}" for command in (edit, rollback, *rest))
    return f"""
{router}:
  If the lock stayed behind (`configure exclusive` is refused and names one of these):
{logout}
  If it was committed:
    {show}
{typed.replace("rollback 1", "rollback N", 1)}
  `show | compare` must take away what diff/{router}.diff adds, and nothing else.
"""
