"""How a transaction ended, for people and for the exit code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from multihome.change.abort import AbortReason
from multihome.change.phase import Phase
from multihome.change.preflight.holder import told
from multihome.errors import ExitCode
from multihome.values.grouping import Message, lines, on_routers

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from multihome.change.abort import Abort
    from multihome.change.transaction_state import RouterState


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is true of the network now; printed unchanged."""

    run: str
    verb: str
    code: ExitCode
    text: str
    """One line: what happened, and why."""
    reason: str = ""
    """AbortReason it was not carried out to its end; empty if it was."""
    parts: tuple[RouterState, ...] = ()
    next: tuple[str, ...] = ()
    """What to do now, if there is anything to do."""
    folder: Path | None = None
    seconds: float = 0.0
    confirm_window: float = 0.0
    """Seconds between the first and the last confirmation."""

    @property
    def changed(self) -> tuple[str, ...]:
        """The routers that run the new configuration for good."""
        return tuple(part.router for part in self.parts if part.phase is Phase.CONFIRMED)

    @property
    def warnings(self) -> dict[str, tuple[str, ...]]:
        """Warnings of the routers, and other users who interfered."""
        return {part.router: part.warnings for part in self.parts if part.warnings}


def judge(parts: Iterable[RouterState], halt: Abort | None) -> tuple[ExitCode, str]:
    """The exit code and the line, from where the routers are; hopes do not count."""
    parts = tuple(parts)
    if halt is None:
        return _success(parts)
    left = [part for part in parts if part.phase.live]
    if left:
        states = "; ".join(lines(Message(p.router, f"{p.phase}{_reason(p)}") for p in left))
        return ExitCode.NEEDS_HUMAN, f"{halt.text}; NOT UNDONE: {states}"
    if halt.why is AbortReason.BROKEN:
        return ExitCode.NEEDS_HUMAN, halt.text
    restored = [part.router for part in parts if part.phase is Phase.RESTORED]
    undone = f"rolled back on {on_routers(restored)}" if restored else "nothing was committed"
    if halt.why is AbortReason.INTERRUPTED:
        return ExitCode.INTERRUPTED, f"{halt.text}; {undone}, the network is as before"
    if restored or halt.why is AbortReason.REFUSED:
        return ExitCode.ROLLED_BACK, f"{halt.text}; {undone}, the network is as before"
    code = ExitCode.REFUSED if halt.why is AbortReason.PRECONDITION else ExitCode.UNKNOWN
    return code, f"{halt.text}; {undone}"


def advice(parts: Iterable[RouterState], run: str) -> tuple[str, ...]:
    """What to do where something is left."""
    left = [part for part in parts if part.phase.live]
    found = list(lines(Message(part.router, _what_becomes_of(part)) for part in left))
    if left and not any(part.foreign for part in left):
        found.append(f"multihome status {run}    then: multihome rollback {run}")
    elif left:
        found.append(f"multihome status {run}    names what can be done from here")
    return tuple(found)


def _what_becomes_of(part: RouterState) -> str:
    """Of a router that could not be undone."""
    if part.foreign:
        return (
            "confirmed by another user's commit, which is theirs to undo: "
            "`show system rollback compare 1 0` there shows what they changed"
        )
    if part.lasting or part.phase is Phase.CONFIRMED:
        word = "" if part.phase is Phase.CONFIRMED else "perhaps "
        return f"{word}confirmed for good; no timer brings it back"
    ends = f" at {part.deadline:%H:%M:%S %Z} by its own clock" if part.deadline else " in time"
    return f"rolls back by itself{ends}, unless another user commits"


def _success(parts: tuple[RouterState, ...]) -> tuple[ExitCode, str]:
    confirmed = [part.router for part in parts if part.phase is Phase.CONFIRMED]
    foreign = [part.router for part in parts if part.foreign]
    if not confirmed:
        return ExitCode.PROVEN, "no changes"
    text = f"confirmed on {on_routers(confirmed)}"
    if foreign:
        text += f"; ANOTHER USER committed meanwhile on {on_routers(foreign)}"
    return ExitCode.PROVEN, text


def _reason(part: RouterState) -> str:
    if part.error is None:
        return ""
    return f" ({told(part.error).removeprefix(f'{part.router}: ')})"
