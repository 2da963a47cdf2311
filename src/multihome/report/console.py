"""A run on a terminal: legible at 80 columns and without colour; the verdict is the last line."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from multihome.errors import ExitCode
from multihome.inventory.network import words as network_words
from multihome.report.differences import groups, parted, unlisted, unseen
from multihome.report.hanging_indent import Hanging
from multihome.report.model import how_bad, standing, troubles, verdict_line
from multihome.report.summary import by_router
from multihome.report.text import safe

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import RenderableType

    from multihome.check.result import Finding, RunResult
    from multihome.report.differences import Alike
    from multihome.report.model import Event, Phase, Run, TracedPath, Trouble
    from multihome.report.summary import Line

_STYLES = {"pass": "green", "fail": "bold red", "warning": "yellow", "unknown": "bold magenta"}
_SHOWN = 6
"""Failed checks of one cause that are told one by one; all of them if asked to be verbose."""
_GROUPS = 12
"""Groups of differences that are shown; all of them if asked to be verbose."""
_KINDS = {"change": "cyan", "fault": "yellow", "restore": "cyan", "good": "green", "bad": "red"}


def print_run(run: Run, console: Console, *, verbose: bool = False) -> None:
    """The whole run, the verdict last."""
    for part in parts(run, verbose=verbose):
        console.print(part, highlight=False, crop=False)
    console.print(verdict(run), highlight=False, soft_wrap=True)


def render_console(run: Run, *, width: int = 80, verbose: bool = False) -> str:
    """The run as plain text of a given width."""
    stream = StringIO()
    console = Console(file=stream, width=width, no_color=True, legacy_windows=False)
    print_run(run, console, verbose=verbose)
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines()) + "\n"


def parts(run: Run, *, verbose: bool = False) -> Iterable[RenderableType]:
    """Everything but the verdict."""
    if run.timeline:
        yield timeline_table(run.timeline)
    if run.paths:
        yield paths_table(run.paths)
    for phase in run.phases:
        yield from phase_parts(phase, verbose=verbose)
    for note in run.notes:
        yield Hanging(note, indent=2)
    if run.run_id:
        yield Hanging(network_words(run.network), "network:", indent=2)


def phase_parts(phase: Phase, *, verbose: bool = False) -> Iterable[RenderableType]:
    """One round of checks: a table, then what failed and why."""
    yield Text(safe(f"{phase.title} (state {phase.state})"), "bold")
    yield checks_table(phase.result, verbose=verbose)
    compared, others = parted(phase.result)
    yield from differences_parts(compared, verbose=verbose)
    for trouble in troubles(others):
        yield trouble_text(trouble, verbose=verbose)


def differences_parts(compared: RunResult, *, verbose: bool = False) -> Iterable[RenderableType]:
    """What two snapshots differ in: what happened, then before and after in columns."""
    found = groups(compared.results)
    shown = found if verbose else found[:_GROUPS]
    for group in shown:
        yield Hanging(group.head, "FAIL", _STYLES["fail"], indent=4)
        if group.columns:
            yield _before_after(group)
        if group.next:
            yield Hanging(group.next, "next:", start=4, whole=True)
    if left := len(found) - len(shown):
        yield Hanging(f"... and {left} more; -v names them")
    if counted := unlisted(compared.results):
        yield Hanging(f"... and {counted} more differences, of which a router names only a few")
    for line in unseen(compared.results):
        yield Hanging(line, "UNKNOWN", _STYLES["unknown"], indent=4)


def _before_after(group: Alike) -> Table:
    """The values of the first router and thing of a group."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(f"    {safe(group.sample.router)}", no_wrap=True)
    for heading in ("before", "after"):
        table.add_column(heading, overflow="fold")
    for name, before, after in group.columns:
        table.add_row(f"    {safe(name)}", Text(safe(before)), Text(safe(after)))
    return table


def checks_table(result: RunResult, *, verbose: bool = False) -> Table:
    """The checks by router: counts by kind, or each check by name."""
    table = Table()
    table.add_column("router", no_wrap=True)
    table.add_column("checks", overflow="fold")
    table.add_column("verdict", no_wrap=True)
    for line in by_router(result):
        rows = _named(line) if verbose else [(line.what, line.verdict, _STYLES[line.standing])]
        for number, (what, words, style) in enumerate(rows):
            name = "" if number else line.router
            table.add_row(Text(safe(name)), Text(safe(what)), Text(words, style))
    return table


def _named(line: Line) -> list[tuple[str, str, str]]:
    return [
        (each.check, standing(each).upper(), _STYLES[standing(each)])
        for each in sorted(line.checks, key=lambda each: (each.kind, each.check))
    ]


def trouble_text(trouble: Trouble, *, verbose: bool = False) -> RenderableType:
    """One cause and what it broke, with the reason and the next command."""
    lines: list[RenderableType] = []
    if trouble.head:
        style = _STYLES["unknown"] if trouble.unknown else _STYLES["fail"]
        lines.append(Hanging(trouble.head, style=style, indent=4))
    start = 2 if trouble.head else 0
    shown = trouble.findings if verbose or not trouble.head else trouble.samples(_SHOWN)
    for each in shown:
        word, style = _standing(each)
        lines.append(Hanging(str(each), word, style, start=start))
    if shown and trouble.head and not verbose and (left := len(trouble.checks) - len(shown)) > 0:
        lines.append(Hanging(f"... and {left} more; -v names them", start=start))
    if trouble.why:
        lines.append(Hanging(trouble.why, "why:", start=4, indent=5))
    if trouble.next:
        lines.append(Hanging(trouble.next, "next:", start=4, whole=True))
    return Group(*lines)


def _standing(finding: Finding) -> tuple[str, str]:
    """The word before a finding that is no pass, and its style."""
    word = how_bad(finding)
    return word.upper(), _STYLES[word]


def timeline_table(events: Iterable[Event]) -> Table:
    """What happened, and when."""
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for event in events:
        style = _KINDS.get(event.kind, "")
        table.add_row(f"{event.at:.1f} s", Text(safe(event.router)), Text(safe(event.what), style))
    return table


def paths_table(paths: Iterable[TracedPath]) -> Table:
    """The way of packets in each state."""
    table = Table(title="traced paths", title_justify="left", title_style="bold")
    table.add_column("state", no_wrap=True)
    table.add_column("hops", overflow="fold")
    for path in paths:
        named = " > ".join(path.routers)
        hops = Text(safe(" > ".join((path.source, *path.hops))))
        table.add_row(
            Text(safe(path.state)), Group(hops, Text(safe(named), "dim")) if named else hops
        )
    return table


def verdict(run: Run) -> Text:
    """The last line."""
    code = run.exit_code
    style = "bold green" if code is ExitCode.PROVEN else "bold red"
    return Text(safe(verdict_line(run)), style)
