"""A run as one HTML file: no network, no script, whatever a router says is text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from multihome.check.result import Level, Verdict
from multihome.errors import ExitCode
from multihome.report.drawing import draw
from multihome.report.model import standing, tally, troubles, verdict_line, verdict_word
from multihome.report.text import safe, safe_lines

if TYPE_CHECKING:
    from jinja2 import Template

    from multihome.check.result import CheckResult
    from multihome.report.model import Diff, Phase, Run, Standing, TracedPath, Trouble

_WORST: tuple[Standing, ...] = ("unknown", "fail", "warning")
_SIGNS = {"+": "ins", "-": "del", "[": "b"}


def to_html(run: Run) -> str:
    """The run as one self-contained HTML document."""
    return _template().render(
        run=run,
        title=safe(f"multihome {run.verb} {run.subject}".strip()),
        word=verdict_word(run.exit_code),
        line=safe(verdict_line(run).removeprefix(verdict_word(run.exit_code)).lstrip(", ")),
        good=run.exit_code is ExitCode.PROVEN,
        started=run.started.isoformat(sep=" ", timespec="seconds"),
        phases=[_phase(phase) for phase in run.phases],
        pictures=[_picture(run, path) for path in run.paths],
        diffs=[_diff(diff) for diff in run.diffs],
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("multihome.report", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["safe_text"] = safe
    return environment.get_template("page.html.j2")


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    how: str


@dataclass(frozen=True, slots=True)
class _Row:
    router: str
    cells: tuple[_Cell, ...]


@dataclass(frozen=True, slots=True)
class _Result:
    router: str
    check: str
    how: Standing


@dataclass(frozen=True, slots=True)
class _Trouble:
    head: str
    findings: tuple[str, ...]
    why: str
    next: str
    how: str


@dataclass(frozen=True, slots=True)
class _Phase:
    title: str
    state: str
    ran: int
    planned: int
    seconds: str
    rpcs: int
    kinds: tuple[str, ...]
    rows: tuple[_Row, ...]
    results: tuple[_Result, ...]
    troubles: tuple[_Trouble, ...]


@dataclass(frozen=True, slots=True)
class _Picture:
    state: str
    hops: str
    svg: Markup


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    how: str


@dataclass(frozen=True, slots=True)
class _Diff:
    router: str
    lines: tuple[_Line, ...]


def _phase(phase: Phase) -> _Phase:
    result, total = phase.result, tally(phase.result)
    kinds = tuple(sorted({each.kind for each in result.results}))
    routers = sorted({each.router for each in result.results})
    return _Phase(
        title=phase.title,
        state=phase.state,
        ran=total.ran,
        planned=total.planned,
        seconds=f"{result.seconds:.1f}",
        rpcs=result.rpcs,
        kinds=kinds,
        rows=tuple(_row(router, kinds, result.results) for router in routers),
        results=tuple(
            _Result(each.router, each.check, standing(each))
            for each in sorted(result.results, key=lambda each: (each.router, each.check))
        ),
        troubles=tuple(_trouble(each) for each in troubles(result)),
    )


def _row(router: str, kinds: tuple[str, ...], results: tuple[CheckResult, ...]) -> _Row:
    mine = [each for each in results if each.router == router]
    cells = (_cell([standing(each) for each in mine if each.kind == kind]) for kind in kinds)
    return _Row(router, tuple(cells))


def _cell(standings: list[Standing]) -> _Cell:
    """How many there are, or how many of them are not as they must be."""
    if not standings:
        return _Cell("", "")
    for bad in _WORST:
        if bad in standings:
            return _Cell(f"{bad.upper()} {standings.count(bad)}/{len(standings)}", bad)
    return _Cell(f"✓ {len(standings)}", "pass")


def _trouble(trouble: Trouble) -> _Trouble:
    unknown = any(each.verdict is Verdict.UNKNOWN for each in trouble.findings)
    warning = all(each.level is Level.WARNING for each in trouble.findings)
    return _Trouble(
        head=trouble.head,
        findings=tuple(str(each) for each in trouble.findings),
        why=trouble.why,
        next=trouble.next,
        how="unknown" if unknown else "warning" if warning else "fail",
    )


def _picture(run: Run, path: TracedPath) -> _Picture:
    svg = draw(run.topology, path) if run.topology.nodes else ""
    hops = " → ".join((path.source, *path.hops))
    return _Picture(path.state, hops, Markup(svg))  # noqa: S704 - lxml has escaped every text in it


def _diff(diff: Diff) -> _Diff:
    lines = safe_lines(diff.text).splitlines()
    return _Diff(diff.router, tuple(_Line(line, _SIGNS.get(line[:1], "")) for line in lines))
