"""The verb for before a change: preflight."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from multihome.cli.duration import span
from multihome.cli.lines import print_line, print_table
from multihome.cli.options import Limit
from multihome.cli.settings import Settings, settings_of
from multihome.errors import ExitCode, WrongRouter
from multihome.values.grouping import Message, lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rich.table import Table

    from multihome.change.preflight.router_condition import Condition
    from multihome.fleet.outcome import Outcome

COLUMNS = (
    "router", "Junos", "lock", "edits", "confirm", "last commit", "REs", "alarms", "clock", "disk",
)  # fmt: skip
"""Lock of the database, uncommitted edits, a commit that waits to be confirmed, routing engines."""
UNKNOWN = "UNKNOWN"


def register(app: typer.Typer) -> None:
    """Mount this verb."""
    app.command()(preflight)


def preflight(ctx: typer.Context, *, limit: Limit = None) -> int:
    """Look before a change, and change nothing.

    Reach, keys, names, locks, pending commits, alarms, clocks. Exits 9 where apply would refuse.
    """
    from multihome.cli.context import open_workspace
    from multihome.runbook.changes import conditions

    settings = settings_of(ctx)
    found = conditions(open_workspace(settings, limit or ()), settings.listeners())
    screen = settings.screen
    if not screen.quiet:
        print_table(screen.out, _table(found))
    for text, style in _together(_remarks(found)):
        print_line(screen.out, text, style=style)
    return _verdict(found, settings)


def _table(found: Mapping[str, Outcome[Condition]]) -> Table:
    """A line per router; each problem is explained below the table."""
    from rich.table import Table

    table = Table(*COLUMNS, box=None, pad_edge=False, padding=(0, 1, 0, 0))
    for router, outcome in found.items():
        if outcome.ok:
            table.add_row(router, *_cells(outcome.get()))
        else:
            refused = isinstance(outcome.error, WrongRouter)
            table.add_row(router, "REFUSED" if refused else UNKNOWN)
    return table


def _cells(seen: Condition) -> tuple[str, ...]:
    """What each column says of one router."""
    last = seen.last
    fullest = max((each.used for each in seen.storage or ()), default=None)
    return (
        seen.software.version if seen.software else UNKNOWN,
        "HELD" if seen.lock else "free",
        "LEFT" if seen.candidate else "none",
        "WAITS" if last is not None and last.pending else "none",
        f"{last.at:%m-%d %H:%M} {last.user}" if last is not None else "none",
        _engines(seen),
        _alarms(seen),
        UNKNOWN if seen.skew is None else ("-" if seen.skew < 0 else "+") + span(abs(seen.skew)),
        UNKNOWN if fullest is None else f"{fullest}%",
    )


def _engines(seen: Condition) -> str:
    if seen.engines is None:
        return UNKNOWN
    bad = any(not each.well for each in seen.engines) or not seen.synchronized
    return f"{len(seen.engines)}{' BAD' if bad else ''}"


def _alarms(seen: Condition) -> str:
    """How many; where only some of the questions were answered, at least so many."""
    if not seen.alarms:
        return UNKNOWN if seen.alarms is None else "none"
    return f"{len(seen.alarms)}{'+' if 'alarms' in seen.unknown else ''}"


def _together(remarks: Iterable[tuple[str, str, str]]) -> Iterator[tuple[str, str]]:
    """What is said of several routers in the same words, said once."""
    by_style: dict[str, list[Message]] = {}
    for router, text, style in remarks:
        by_style.setdefault(style, []).append(Message(router, text))
    for style, messages in by_style.items():
        for line in lines(messages):
            yield line, style


def _remarks(found: Mapping[str, Outcome[Condition]]) -> Iterator[tuple[str, str, str]]:
    """What to know of each router, in words and in a colour."""
    for router, outcome in found.items():
        if outcome.error is not None:
            yield router, outcome.error.args[0].removeprefix(f"{router}: "), "red"
            continue
        seen = outcome.get()
        for why in seen.objections:
            yield router, f"NOT NOW: {why}", "red"
        for subject, why in seen.unknown.items():
            yield router, f"{subject}: not known ({why})", "red"
        for caution in seen.cautions:
            yield router, f"note: {caution}", "yellow"


def _verdict(found: Mapping[str, Outcome[Condition]], settings: Settings) -> int:
    """Ready is a router of which everything is known, and nothing objects to a change."""
    out = settings.screen.out
    codes = [_code(outcome) for outcome in found.values()]
    met = sum(outcome.ok for outcome in found.values())
    code = ExitCode.worst(codes)
    out.print(f"reached, host key known, logged in: {met} of {len(found)}", highlight=False)
    out.print(
        f"{codes.count(ExitCode.PROVEN)} of {len(found)} routers ready; "
        f"exit {int(code)}: {code.meaning}",
        highlight=False,
    )
    return code


def _code(outcome: Outcome[Condition]) -> ExitCode:
    if outcome.error is not None:
        return outcome.error.exit_code
    seen = outcome.get()
    if seen.objections:
        return ExitCode.REFUSED
    return ExitCode.UNKNOWN if seen.unknown else ExitCode.PROVEN
