"""A run as Markdown, ready to be pasted into a change ticket.

A ticket holds some 30,000 characters (Jira 32,767, GitHub 65,536): routers are summed up, and of
what has one cause some is told; every check by name is in the other forms.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from multihome.inventory.network import words as network_words
from multihome.report.model import how_bad, tally, troubles, verdict_line
from multihome.report.summary import by_router
from multihome.report.text import safe, safe_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.check.result import Finding
    from multihome.report.model import Diff, Event, Phase, Run, TracedPath, Trouble

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~&#])")
_SHOWN = 8
"""Failed checks of one cause that are told one by one."""
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
    yield f"\nNetwork: {plain(network_words(run.network))}"
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
    yield "\n| router | checks | verdict |"
    yield "|---|---|---|"
    for line in by_router(phase.result):
        yield f"| {plain(line.router)} | {plain(line.what)} | {line.verdict} |"


def _trouble(trouble: Trouble) -> Iterator[str]:
    """One cause: why and what next, then what it broke, as much of it as a ticket needs."""
    if not trouble.head:
        for finding in trouble.findings:
            yield _line(finding)
        yield from _reason(trouble, "  ")
        return
    yield f"- **{plain(trouble.head)}**"
    yield from _reason(trouble, "  ")
    shown = trouble.samples(_SHOWN)
    for finding in shown:
        yield f"  {_line(finding)}"
    if (left := len(trouble.checks) - len(shown)) > 0:
        yield f"  - and {left} more"


def _line(finding: Finding) -> str:
    return f"- {how_bad(finding).upper()} {plain(str(finding))}"


def _reason(trouble: Trouble, indent: str) -> Iterator[str]:
    if trouble.why:
        yield f"{indent}- why: {plain(trouble.why)}"
    if trouble.next:
        yield f"{indent}- next: {code(trouble.next)}"


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
