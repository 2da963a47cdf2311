"""A run as Markdown, ready to be pasted into a change ticket."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from multihome.report.model import standing, tally, troubles, verdict_line
from multihome.report.text import safe, safe_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.check.result import CheckResult
    from multihome.report.model import Diff, Event, Phase, Run, TracedPath, Trouble

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~&#])")
_TICKS = re.compile(r"`+")


def to_markdown(run: Run) -> str:
    """The run as Markdown text: verdict first, then what failed, then the rest."""
    return "\n".join(_lines(run)) + "\n"


def _lines(run: Run) -> Iterator[str]:
    yield f"# multihome {plain(f'{run.verb} {run.subject}'.strip())}"
    yield ""
    yield f"**{plain(verdict_line(run))}**"
    yield ""
    yield f"Started {run.started.isoformat(timespec='seconds')}" + (
        f", run {code(run.run_id)}" if run.run_id else ""
    )
    for phase in run.phases:
        yield from _phase(phase)
    if run.paths:
        yield from _paths(run.paths)
    if run.timeline:
        yield from _timeline(run.timeline)
    for diff in run.diffs:
        yield from _diff(diff)
    yield from (f"\n{plain(note)}" for note in run.notes)


def _phase(phase: Phase) -> Iterator[str]:
    total = tally(phase.result)
    yield f"\n## {plain(phase.title)}\n"
    yield f"State {code(phase.state)}: ran {total.ran} of {total.planned}."
    if found := troubles(phase.result):
        yield "\n### What failed\n"
        for trouble in found:
            yield from _trouble(trouble)
    yield "\n| router | check | verdict |"
    yield "|---|---|---|"
    for each in sorted(phase.result.results, key=lambda each: (each.router, each.check)):
        yield _row(each)


def _row(result: CheckResult) -> str:
    return f"| {plain(result.router)} | {plain(result.check)} | {standing(result).upper()} |"


def _trouble(trouble: Trouble) -> Iterator[str]:
    indent = ""
    if trouble.head:
        yield f"- **{plain(trouble.head)}**"
        indent = "  "
    for finding in trouble.findings:
        yield f"{indent}- {plain(str(finding))}"
    if trouble.why:
        yield f"{indent}  - why: {plain(trouble.why)}"
    if trouble.next:
        yield f"{indent}  - next: {code(trouble.next)}"


def _paths(paths: tuple[TracedPath, ...]) -> Iterator[str]:
    yield "\n## Traced paths\n"
    yield "| state | hops |"
    yield "|---|---|"
    for path in paths:
        hops = " → ".join(plain(hop) for hop in (path.source, *path.hops))
        yield f"| {plain(path.state)} | {hops} |"


def _timeline(events: tuple[Event, ...]) -> Iterator[str]:
    yield "\n## Timeline\n"
    yield "| seconds | router | what |"
    yield "|--:|---|---|"
    for event in events:
        yield f"| {event.at:.1f} | {plain(event.router)} | {plain(event.what)} |"


def _diff(diff: Diff) -> Iterator[str]:
    text = safe_lines(diff.text)
    fence = "`" * max(3, *(len(ticks) + 1 for ticks in (*_TICKS.findall(text), "``")))
    yield f"\n## Diff of {plain(diff.router)}\n\n{fence}diff\n{text}\n{fence}"


def plain(text: str) -> str:
    """Text that Markdown and the HTML in it leave as it is."""
    return _SPECIAL.sub(r"\\\1", safe(text)) if text else ""


def code(text: str) -> str:
    """Text between ticks, more of them than the text has."""
    text = safe(text).replace("|", "\\|")
    ticks = "`" * (1 + max((len(found) for found in _TICKS.findall(text)), default=0))
    blank = " " if text[:1] == "`" or text[-1:] == "`" else ""
    return f"{ticks}{blank}{text}{blank}{ticks}"
