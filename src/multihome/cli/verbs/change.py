"""Verbs that change routers: plan and apply."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from multihome.cli import completion, duration
from multihome.cli.lines import print_as_is, print_line
from multihome.cli.options import Limit, Yes
from multihome.cli.prompt import agreed
from multihome.cli.reports import Reports, reporting
from multihome.cli.reports import finish as finish_run
from multihome.cli.settings import Settings, settings_of
from multihome.cli.statements import (
    Exclude,
    TakeOver,
    choice_of,
    has_news,
    show_advice,
    show_statements,
)
from multihome.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from multihome.change.agreement.step_plan import StepPlan
    from multihome.change.preflight.plan import Planned
    from multihome.report.plan_summary import Verification
    from multihome.runbook.plan import Plan

Confirm = Annotated[
    str,
    typer.Option(
        "--confirm",
        metavar="TIME",
        help="A router that is not confirmed for so long rolls back by itself.",
        envvar="MULTIHOME_CONFIRM",
    ),
]
Wait = Annotated[
    str,
    typer.Option(
        "--wait",
        metavar="TIME",
        help="How long the checks may take to hold.",
        envvar="MULTIHOME_WAIT",
    ),
]
Hold = Annotated[
    str | None,
    typer.Option(
        "--hold",
        metavar="TIME",
        help="How long they must then go on holding, by the routers' clocks; unless given, as "
        "long as the slowest timer of the network.",
        envvar="MULTIHOME_HOLD",
    ),
]
Allow = Annotated[
    Path | None,
    typer.Option(
        "--allow",
        metavar="FILE",
        help="Differences that are meant to be, beside those that follow from the intent.",
        envvar="MULTIHOME_ALLOW",
    ),
]
NoVerify = Annotated[
    bool,
    typer.Option(
        "--no-verify",
        help="Confirm without looking at the network; not verified, exit 5.",
        envvar="MULTIHOME_NO_VERIFY",
    ),
]
Ticket = Annotated[
    str,
    typer.Option(metavar="TEXT", help="Goes into the commit comment.", envvar="MULTIHOME_TICKET"),
]
Batch = Annotated[
    int | None,
    typer.Option(
        min=1,
        metavar="N",
        help="Routers of no site first, then one site, then so many at a time; stops at a failure.",
        envvar="MULTIHOME_BATCH",
    ),
]
Canary = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME",
        help="Router, group or role to be changed and confirmed before any other.",
        autocompletion=completion.choices,
        envvar="MULTIHOME_CANARY",
    ),
]
StrictWarnings = Annotated[
    bool,
    typer.Option(
        "--strict-warnings",
        help="A router's warning is a refusal.",
        envvar="MULTIHOME_STRICT_WARNINGS",
    ),
]
AcceptOutage = Annotated[
    bool,
    typer.Option(
        "--accept-outage",
        help="Change also what cannot be changed without an outage.",
        envvar="MULTIHOME_ACCEPT_OUTAGE",
    ),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="The same as plan.", envvar="MULTIHOME_DRY_RUN")
]
DetailedExitcode = Annotated[
    bool,
    typer.Option(
        "--detailed-exitcode",
        help="Exit 6 if something would change.",
        envvar="MULTIHOME_DETAILED_EXITCODE",
    ),
]

Stat = Annotated[
    bool,
    typer.Option("--stat", help="The summary alone, without diffs.", envvar="MULTIHOME_STAT"),
]
NoPager = Annotated[
    bool,
    typer.Option(
        "--no-pager",
        help="Print long diffs; on a terminal they go through $PAGER otherwise.",
        envvar="MULTIHOME_NO_PAGER",
    ),
]


def register(app: typer.Typer) -> None:
    """Mount these verbs."""
    for verb in (plan, apply):
        app.command()(verb)


def plan(
    ctx: typer.Context,
    *,
    limit: Limit = None,
    detailed_exitcode: DetailedExitcode = False,
    accept_outage: AcceptOutage = False,
    take_over: TakeOver = None,
    exclude: Exclude = None,
    stat: Stat = False,
    no_pager: NoPager = False,
) -> int:
    """Show what would change, in which steps, and change nothing.

    A summary, then the diffs. Diff and commit check on private copies; nothing is left behind. Exit 9 if it cannot be done
    without an outage, unless that is accepted, or if a statement that is not ours contradicts one
    of ours.
    """
    from multihome.cli.context import open_workspace
    from multihome.runbook.changes import preview

    settings = settings_of(ctx)
    choice = choice_of(take_over, exclude)
    found = preview(open_workspace(settings, limit or ()), settings.listeners(), choice)
    planned = tuple(found.planned.values())
    _show(planned, found.steps, found.verification, settings, stat=stat, pager=not no_pager)
    return _end_of_plan(found, settings, detailed=detailed_exitcode, accepted=accept_outage)


@reporting
def apply(
    ctx: typer.Context,
    *,
    limit: Limit = None,
    confirm: Confirm = "5m",
    wait: Wait = "2m",
    hold: Hold = None,
    allow: Allow = None,
    no_verify: NoVerify = False,
    ticket: Ticket = "",
    batch: Batch = None,
    canary: Canary = None,
    strict_warnings: StrictWarnings = False,
    accept_outage: AcceptOutage = False,
    take_over: TakeOver = None,
    exclude: Exclude = None,
    dry_run: DryRun = False,
    stat: Stat = False,
    no_pager: NoPager = False,
    yes: Yes = False,
    reports: Reports,
) -> int:
    """Change the network: on all routers, or on none.

    Confirmed commit on all, verified, then confirmed on all, or rolled back on all. What was
    there before must be there afterwards, unless its change follows from the intent.

    For example: multihome apply --ticket CHG-4711 --canary luna --hold 30s
    """
    from multihome.change.verification import Patience
    from multihome.cli.context import open_workspace
    from multihome.cli.progress_events import narrated
    from multihome.runbook.changes import Terms
    from multihome.runbook.changes import apply as apply_now

    if dry_run:
        return plan(
            ctx,
            limit=limit,
            accept_outage=accept_outage,
            take_over=take_over,
            exclude=exclude,
            stat=stat,
            no_pager=no_pager,
        )
    settings = settings_of(ctx)
    intended: list[tuple[StepPlan, Verification]] = []
    terms = Terms(
        lease=duration.lease(confirm),
        patience=Patience(limit=duration.seconds("--wait", wait)),
        hold=None if hold is None else duration.seconds("--hold", hold),
        verify=not no_verify,
        allow=allow,
        ticket=ticket,
        strict_warnings=strict_warnings,
        batch=batch,
        canaries=tuple(canary or ()),
        accept_outage=accept_outage,
        choice=choice_of(take_over, exclude),
        announce=lambda steps, verification: intended.append((steps, verification)),
        agree=_asker(settings, intended, yes=yes or settings.lab, stat=stat, pager=not no_pager),
    )
    with narrated(settings) as listeners:
        run = apply_now(open_workspace(settings, limit or ()), terms, listeners)
    return finish_run(run, settings, reports)


def _asker(
    settings: Settings,
    intended: Sequence[tuple[StepPlan, Verification]],
    *,
    yes: bool,
    stat: bool,
    pager: bool,
) -> Callable[[Mapping[str, Planned]], bool]:
    """Show the summary and the diffs, and ask unless `--yes` answered."""

    def agree(planned: Mapping[str, Planned]) -> bool:
        for steps, verification in intended:
            _show(
                tuple(planned.values()),
                steps,
                verification,
                settings,
                stat=stat,
                pager=pager and not yes,
            )
        count = f"{len(planned)} router{'s' if len(planned) > 1 else ''}"
        return agreed(settings, f"Apply this to {count}?", yes=yes)

    return agree


def show_diff(planned: Planned, settings: Settings) -> None:
    """One router's diff, as the router prints it."""
    from multihome.report.text import safe_lines

    if settings.screen.quiet:
        return
    out = settings.screen.out
    out.print(planned.router, style="bold")
    for line in safe_lines(planned.diff).strip("\n").splitlines():
        style = {"+": "green", "-": "red", "[": "bold"}.get(line[:1], "")
        out.print(line, style=style, markup=False, highlight=False, soft_wrap=True)
    show_statements(planned.changes, settings)


def _show(
    planned: Sequence[Planned],
    steps: StepPlan,
    verification: Verification | None,
    settings: Settings,
    *,
    stat: bool,
    pager: bool,
) -> None:
    """The summary, and the diffs unless `--stat` left them out."""
    from multihome.cli.pager import paged

    if settings.screen.quiet:
        return
    show_summary(planned, steps, verification, settings)
    shown = [each for each in planned if each.diff or has_news(each.changes)]

    def write() -> None:
        for each in shown:
            show_diff(each, settings)

    if shown and not stat:
        paged(settings.screen.out, write, wanted=pager)


def show_summary(
    planned: Sequence[Planned],
    steps: StepPlan,
    verification: Verification | None,
    settings: Settings,
) -> None:
    """What changes where, in which steps, what is not ours and what is verified."""
    from multihome.report.plan_summary import summary

    out = settings.screen.out
    for line in summary(planned, steps, verification, out.width):
        if line.indent == 2:
            print_as_is(out, line.text, style=line.style)
        else:
            print_line(out, line.text, style=line.style, indent=line.indent)


def _end_of_plan(found: Plan, settings: Settings, *, detailed: bool, accepted: bool) -> int:
    out = settings.screen.out
    for cause in found.unlooked:
        print_line(settings.screen.err, f"error: {cause}", style="red")
    show_advice(found.contradicted, settings)
    code = found.code
    if found.outage and not accepted:
        print_line(settings.screen.err, f"refused: {found.outage}", style="red")
        code = ExitCode.worst([code, ExitCode.REFUSED])
    if code is ExitCode.PROVEN and detailed and found.pending:
        code = ExitCode.CHANGES_PENDING
    looked = len(found.planned)
    words = (
        f"{len(found.pending)} of {looked} routers would change" if found.pending else "no changes"
    )
    if found.failed:
        words = f"{found.looked}; {words if looked else 'nothing is known of changes'}"
    out.print(
        f"{words}, {found.seconds:.1f} s; exit {int(code)}: {code.meaning}",
        highlight=False,
        soft_wrap=True,
    )
    return int(code)
