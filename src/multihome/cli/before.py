"""Verbs for before a change: preflight and trust."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from multihome.cli.options import Limit
from multihome.cli.settings import Settings, settings_of
from multihome.errors import ExitCode, UnknownName

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.table import Table

    from multihome.change.preflight import Condition
    from multihome.fleet.outcome import Outcome


def register(app: typer.Typer) -> None:
    """Mount these verbs."""
    app.command()(preflight)
    app.command()(trust)


def preflight(ctx: typer.Context, *, limit: Limit = None) -> int:
    """Look before a change: reach, keys, locks, pending commits, alarms, clocks; changes nothing."""
    from multihome.cli.context import open_workspace  # noqa: PLC0415 - keeps --help quick
    from multihome.runbook.changes import conditions  # noqa: PLC0415

    settings = settings_of(ctx)
    found = conditions(open_workspace(settings, limit or ()))
    settings.screen.out.print(_table(found))
    return _verdict(found, settings)


def trust(
    ctx: typer.Context,
    router: Annotated[str, typer.Argument(help="The router whose host key is to be trusted.")],
    *,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="The fingerprint has been compared.")
    ] = False,
) -> int:
    """Show the host key that a router offers, and record it as known."""
    from multihome.cli.context import open_workspace  # noqa: PLC0415
    from multihome.runbook.keys import offer, remember  # noqa: PLC0415

    settings = settings_of(ctx)
    targets = open_workspace(settings, ask=False).targets
    if router not in targets:
        raise UnknownName("router", router, targets)
    target = targets[router]
    key = offer(target)
    screen = settings.screen.err
    screen.print(f"{router} at {target.host}:{target.port} offers", highlight=False)
    screen.print(f"  {key}", highlight=False, soft_wrap=True)
    screen.print("compare it with `show system ssh host-keys` on its console", highlight=False)
    if not (yes or typer.confirm("Trust this key from now on?", err=True)):
        return ExitCode.CHANGES_PENDING
    screen.print(f"recorded in {remember(target, key)}", highlight=False, soft_wrap=True)
    return ExitCode.PROVEN


def _table(found: Mapping[str, Outcome[Condition]]) -> Table:
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table("router", "version", "last commit", "to note", box=None, pad_edge=False)
    for router, outcome in found.items():
        if outcome.error is not None:
            words = Text(outcome.error.args[0].removeprefix(f"{router}: "), "red")
            table.add_row(router, "", "", words)
            continue
        condition = outcome.get()
        last = condition.last
        who = f"{last.at:%Y-%m-%d %H:%M} {last.user}" if last else "none"
        notes = [Text(f"NOT NOW: {why}", "red") for why in condition.objections]
        notes += [Text(caution, "yellow") for caution in condition.cautions]
        version = condition.software.version if condition.software else "unknown"
        table.add_row(router, version or "unknown", who, Text("\n").join(notes) or Text("ready"))
    return table


def _verdict(found: Mapping[str, Outcome[Condition]], settings: Settings) -> int:
    silent = [outcome for outcome in found.values() if not outcome.ok]
    busy = [router for router, outcome in found.items() if outcome.ok and outcome.get().objections]
    ready = len(found) - len(silent) - len(busy)
    code = ExitCode.UNKNOWN if silent else ExitCode.FAILED if busy else ExitCode.PROVEN
    settings.screen.out.print(
        f"{ready} of {len(found)} routers ready; exit {int(code)}: {code.meaning}",
        highlight=False,
    )
    return code
