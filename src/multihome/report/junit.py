"""A run as JUnit XML: a suite for each router of each round, a case for each check.

A failed check is a `failure`; one that could not be looked at is an `error`; a failed warning
is `skipped` with its message, because it must not break the build and must not look passed.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from lxml import etree

from multihome.check.result import Verdict
from multihome.report.model import standing
from multihome.report.text import safe

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element

    from multihome.check.result import CheckResult, Finding
    from multihome.report.model import Phase, Run

_TAGS = {"fail": "failure", "unknown": "error", "warning": "skipped"}


def to_junit(run: Run) -> str:
    """The run as JUnit XML text."""
    total = run.tally
    root = etree.Element("testsuites", name=safe(f"multihome {run.verb} {run.subject}".strip()))
    root.set("tests", str(total.planned))
    root.set("failures", str(total.failed))
    root.set("errors", str(total.unknown))
    root.set("skipped", str(total.warned))
    root.set("time", f"{run.seconds:.3f}")
    for phase in run.phases:
        for suite in _suites(run, phase):
            root.append(suite)
    text = etree.tostring(root, pretty_print=True, xml_declaration=True, encoding="UTF-8")
    return text.decode()


def _suites(run: Run, phase: Phase) -> Iterable[_Element]:
    by_router: dict[str, list[CheckResult]] = {}
    for result in phase.result.results:
        by_router.setdefault(result.router, []).append(result)
    for router in sorted(by_router):
        yield _suite(run, phase, router, by_router[router])


def _suite(run: Run, phase: Phase, router: str, results: list[CheckResult]) -> _Element:
    several = len(run.phases) > 1
    name = f"{phase.title}: {router}" if several else router
    suite = etree.Element("testsuite", name=safe(name), timestamp=run.started.isoformat())
    standings = [standing(each) for each in results]
    suite.set("tests", str(len(results)))
    suite.set("failures", str(standings.count("fail")))
    suite.set("errors", str(standings.count("unknown")))
    suite.set("skipped", str(standings.count("warning")))
    seen: Counter[str] = Counter()
    for result in results:
        seen[result.check] += 1
        again = f" ({seen[result.check]})" if seen[result.check] > 1 else ""
        suite.append(_case(result, name, f"{result.check}{again}"))
    return suite


def _case(result: CheckResult, suite: str, name: str) -> _Element:
    case = etree.Element("testcase", classname=safe(f"{suite}.{result.kind}"), name=safe(name))
    how = standing(result)
    if how != "pass":
        told = [each for each in result.findings if each.verdict is not Verdict.PASS]
        message = safe(str(told[0])) if told else "the check said nothing"
        element = etree.SubElement(case, _TAGS[how], message=message)
        element.text = "\n".join(_lines(told))
    return case


def _lines(findings: Iterable[Finding]) -> Iterable[str]:
    for finding in findings:
        yield safe(str(finding))
        if finding.why:
            yield safe(f"why: {finding.why}")
        if finding.next:
            yield safe(f"next: {finding.next}")
