"""A run as one HTML file: no network, no script, whatever a router says is text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from multihome.check.result import Level, Verdict
from multihome.errors import ExitCode
from multihome.inventory.network import words as network_words
from multihome.report.gallery import gallery
from multihome.report.model import standing, tally, troubles, verdict_line, verdict_word
from multihome.report.text import safe, safe_lines
from multihome.values.printable import printable

if TYPE_CHECKING:
    from jinja2 import Template

    from multihome.check.result import CheckResult, Finding
    from multihome.report.model import Diff, Phase, ResultStatus, Run, Trouble

_WORST: tuple[ResultStatus, ...] = ("unknown", "fail", "warning")
_MARKS: dict[ResultStatus, str] = {"pass": "✓", "fail": "✗", "warning": "!", "unknown": "?"}
_SIGNS = {"+": "ins", "-": "del", "[": "b"}
_SHOWN = 8
"""Checks of one cause that are told at once; the others fold out."""
_LAYERS = (
    "interface",
    "isis-adjacency",
    "ospf-neighbor",
    "ldp-session",
    "bfd",
    "bgp-session",
    "vrrp",
    "received-routes",
    "advertised-routes",
    "route",
    "path",
    "ping",
)
"""Kinds from the wire upwards; those that are not named come after."""


def to_html(run: Run) -> str:
    """The run as one self-contained HTML document."""
    return _template().render(
        run=run,
        title=safe(f"multihome {run.verb} {run.subject}".strip()),
        word=verdict_word(run.exit_code),
        line=safe(verdict_line(run).removeprefix(verdict_word(run.exit_code)).lstrip(", ")),
        how=_how(run.exit_code),
        started=run.started.isoformat(sep=" ", timespec="seconds"),
        network=safe(network_words(run.network)),
        phases=[_phase(phase) for phase in run.phases],
        gallery=gallery(run),
        made=_made(run),
        columns=_columns(run),
        diffs=[_diff(diff) for diff in run.diffs],
    )


def _made(run: Run) -> str:
    """Who ran it, why and with what, as far as the run says so."""
    parts = (
        (run.operator, f"by {run.operator}"),
        (run.ticket, f"ticket {run.ticket}"),
        (run.version, run.version),
    )
    return ", ".join(words for known, words in parts if known)


def _how(code: ExitCode) -> str:
    """The colour of the verdict."""
    if code is ExitCode.PROVEN:
        return "good"
    return "odd" if code is ExitCode.UNKNOWN else "bad"


def _columns(run: Run) -> tuple[str, ...]:
    """What is told of routers: only what is known of any."""
    names = ("role", "host", "model", "version", "problem")
    return tuple(name for name in names if any(getattr(each, name) for each in run.routers))


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("multihome.report", ""),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_readable,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["safe_text"] = safe
    return environment.get_template("page.html.j2")


def _readable(value: object) -> object:
    """What every expression of the page passes through, whatever else is done with it."""
    if isinstance(value, Markup):
        return Markup(printable(value))  # noqa: S704 - it was markup before
    return printable(value) if isinstance(value, str) else value


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
    how: ResultStatus


@dataclass(frozen=True, slots=True)
class _Finding:
    place: str
    attribute: str
    expected: str
    actual: str
    origin: str


@dataclass(frozen=True, slots=True)
class _Trouble:
    head: str
    shown: tuple[_Finding, ...]
    folded: tuple[_Finding, ...]
    more: str
    why: str
    next: str
    how: str


@dataclass(frozen=True, slots=True)
class _Phase:
    title: str
    state: str
    good: bool
    ran: int
    planned: int
    seconds: str
    rpcs: int
    kinds: tuple[str, ...]
    rows: tuple[_Row, ...]
    results: tuple[_Result, ...]
    troubles: tuple[_Trouble, ...]


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
    kinds = tuple(sorted({each.kind for each in result.results}, key=_layer))
    routers = sorted({each.router for each in result.results})
    return _Phase(
        title=phase.title,
        state=phase.state,
        good=total.passed == total.planned,
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


def _layer(kind: str) -> tuple[int, str]:
    return (_LAYERS.index(kind) if kind in _LAYERS else len(_LAYERS)), kind


def _cell(standings: list[ResultStatus]) -> _Cell:
    """How many there are, or how many of them are not as they must be."""
    if not standings:
        return _Cell("", "")
    for bad in _WORST:
        if bad in standings:
            return _Cell(f"{_MARKS[bad]} {standings.count(bad)}/{len(standings)}", bad)
    return _Cell(f"✓ {len(standings)}", "pass")


def _trouble(trouble: Trouble) -> _Trouble:
    unknown = any(each.verdict is Verdict.UNKNOWN for each in trouble.findings)
    warning = all(each.level is Level.WARNING for each in trouble.findings)
    shown = trouble.samples(_SHOWN) if trouble.head else trouble.findings
    folded = [each for each in trouble.findings if each not in shown]
    left = len(trouble.checks) - len(shown)
    return _Trouble(
        head=trouble.head,
        shown=tuple(map(_finding, shown)),
        folded=tuple(map(_finding, folded)),
        more=f"and {left} more checks" if left > 0 else "everything that differs",
        why=trouble.why,
        next=trouble.next,
        how="unknown" if unknown else "warning" if warning else "fail",
    )


def _finding(finding: Finding) -> _Finding:
    return _Finding(
        place=f"{finding.router} {finding.subject}",
        attribute=finding.attribute.rstrip(":"),
        expected=finding.expected,
        actual=finding.actual,
        origin=finding.origin,
    )


def _diff(diff: Diff) -> _Diff:
    lines = safe_lines(diff.text).splitlines()
    return _Diff(diff.router, tuple(_Line(line, _SIGNS.get(line[:1], "")) for line in lines))
