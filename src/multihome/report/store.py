"""A run to JSON text and back."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from multihome.check.result import CheckResult, Finding, Level, RunResult, Verdict
from multihome.errors import ExitCode, InvalidFile, Problem
from multihome.inventory.network import network_from
from multihome.report.document import (
    DiffPart,
    Document,
    EventPart,
    FindingPart,
    NetworkPart,
    PathPart,
    PhasePart,
    ResultPart,
    RouterPart,
    TopologyPart,
    VerdictName,
    VerdictPart,
)
from multihome.report.model import (
    Cable,
    Diff,
    End,
    Event,
    Member,
    Phase,
    Router,
    Run,
    Topology,
    TracedPath,
    standing,
    verdict_word,
)
from multihome.values.printable import printable_json


def to_json(run: Run) -> str:
    """The run as JSON text."""
    return printable_json(document(run).model_dump_json(indent=2)) + "\n"


def from_json(text: str, path: Path = Path("result.json")) -> Run:
    """A run from JSON text that `to_json` wrote; raises InvalidFile, which names `path`."""
    try:
        return _run(Document.model_validate_json(text))
    except ValidationError as error:
        problems = [
            Problem(path, None, ".".join(map(str, each["loc"])), each["msg"])
            for each in error.errors(include_url=False, include_input=False)
        ]
        raise InvalidFile(problems) from None


def document(run: Run) -> Document:
    """The run in the form of the file."""
    return Document(
        verb=run.verb,
        subject=run.subject,
        run_id=run.run_id,
        started=run.started,
        seconds=round(run.seconds, 3),
        verdict=_verdict(run),
        routers=tuple(RouterPart.model_validate(each) for each in run.routers),
        phases=tuple(_phase_part(each) for each in run.phases),
        diffs=tuple(DiffPart.model_validate(each) for each in run.diffs),
        timeline=tuple(EventPart.model_validate(each) for each in run.timeline),
        paths=tuple(PathPart.model_validate(each) for each in run.paths),
        topology=TopologyPart.model_validate(run.topology),
        notes=run.notes,
        network=NetworkPart(**run.network.document()) if run.network is not None else None,
        operator=run.operator,
        ticket=run.ticket,
        version=run.version,
        fault=run.fault,
    )


def _verdict(run: Run) -> VerdictPart:
    total = run.tally
    return VerdictPart(
        word=verdict_word(run.exit_code),
        exit_code=int(run.exit_code),
        meaning=run.exit_code.meaning,
        planned=total.planned,
        ran=total.ran,
        passed=total.passed,
        failed=total.failed,
        warned=total.warned,
        unknown=total.unknown,
    )


def _phase_part(phase: Phase) -> PhasePart:
    result = phase.result
    return PhasePart(
        title=phase.title,
        state=phase.state,
        planned=result.planned,
        seconds=round(result.seconds, 3),
        rpcs=result.rpcs,
        results=tuple(_result_part(each) for each in result.results),
    )


def _result_part(result: CheckResult) -> ResultPart:
    return ResultPart(
        check=result.check,
        kind=result.kind,
        router=result.router,
        subject=result.subject,
        verdict=standing(result),
        tags=tuple(sorted(result.tags)),
        findings=tuple(_finding_part(each) for each in result.findings),
    )


def _finding_part(finding: Finding) -> FindingPart:
    return FindingPart(
        router=finding.router,
        subject=finding.subject,
        attribute=finding.attribute,
        expected=finding.expected,
        actual=finding.actual,
        verdict=_VERDICTS[finding.verdict],
        level=finding.level.value,
        origin=finding.origin,
        why=finding.why,
        cause=finding.cause,
        follows=finding.follows,
        next=finding.next,
    )


def _run(found: Document) -> Run:
    return Run(
        verb=found.verb,
        subject=found.subject,
        run_id=found.run_id,
        started=found.started,
        seconds=found.seconds,
        exit_code=ExitCode(found.verdict.exit_code),
        routers=tuple(Router(**each.model_dump()) for each in found.routers),
        phases=tuple(_phase(each) for each in found.phases),
        diffs=tuple(Diff(**each.model_dump()) for each in found.diffs),
        timeline=tuple(Event(**each.model_dump()) for each in found.timeline),
        paths=tuple(TracedPath(**each.model_dump()) for each in found.paths),
        topology=_topology(found.topology),
        notes=found.notes,
        network=network_from(found.network.model_dump()) if found.network is not None else None,
        operator=found.operator,
        ticket=found.ticket,
        version=found.version,
        fault=found.fault,
    )


def _topology(part: TopologyPart) -> Topology:
    cables = (
        Cable(tuple(End(**end.model_dump()) for end in each.ends), each.kind, each.name, each.about)
        for each in part.cables
    )
    members = tuple(Member(**each.model_dump()) for each in part.members)
    return Topology(part.nodes, part.links, members, tuple(cables))


def _phase(part: PhasePart) -> Phase:
    results = tuple(_result(each) for each in part.results)
    return Phase(part.title, part.state, RunResult(part.planned, results, part.seconds, part.rpcs))


def _result(part: ResultPart) -> CheckResult:
    return CheckResult(
        check=part.check,
        router=part.router,
        findings=tuple(_finding(each) for each in part.findings),
        tags=frozenset(part.tags),
        kind=part.kind,
        subject=part.subject,
    )


def _finding(part: FindingPart) -> Finding:
    values = part.model_dump()
    values["verdict"] = Verdict[part.verdict.upper()]
    values["level"] = Level(part.level)
    return Finding(**values)


_VERDICTS: dict[Verdict, VerdictName] = {
    Verdict.PASS: "pass",
    Verdict.FAIL: "fail",
    Verdict.UNKNOWN: "unknown",
}
