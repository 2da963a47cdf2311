"""What a check says: findings, each with its reason, and the verdict of a run."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Verdict(IntEnum):
    """Ordered by severity, so the verdict of a run is the `max` of its findings."""

    PASS = 0
    FAIL = 1
    UNKNOWN = 2


class Level(StrEnum):
    """How bad a failure is: an error ends the run red, a warning is reported and counted."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One comparison: `router object: attribute expected X (origin), got Y`."""

    router: str
    subject: str
    """`ipvpn.inet.0 10.0.0.12/32`."""
    attribute: str
    expected: str
    actual: str
    verdict: Verdict
    origin: str = ""
    """Where the expectation comes from: `intent: site saturn, primary leg`, `checks/steady.yaml:12`."""
    why: str = ""
    """The cause, as far as the evidence shows it."""
    cause: str = ""
    """What several failures of one cause have in common; empty: it has no other."""
    follows: bool = False
    """Something else that this run found broken is the cause, not what this is about."""
    next: str = ""
    """The command to type next."""
    level: Level = Level.ERROR

    def __str__(self) -> str:
        origin = f" ({self.origin})" if self.origin else ""
        return f"{self.router} {self.subject}: {self.attribute} expected {self.expected}{origin}, got {self.actual}"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check on one router: at least one finding, or it has not run."""

    check: str
    """Its name in the catalogue or its identity as an expectation."""
    router: str
    findings: tuple[Finding, ...]
    tags: frozenset[str] = frozenset()
    kind: str = ""
    """The check's own name: `route`, `bgp-session`."""
    subject: str = ""

    @property
    def verdict(self) -> Verdict:
        """The worst finding; no finding at all is UNKNOWN, never a pass."""
        return max((f.verdict for f in self.findings), default=Verdict.UNKNOWN)


@dataclass(frozen=True, slots=True)
class RunResult:
    """All checks of a run; `planned` is how many there were to be."""

    planned: int
    results: tuple[CheckResult, ...]
    seconds: float = 0.0
    rpcs: int = 0

    @property
    def ran(self) -> int:
        """Checks with a verdict of their own: UNKNOWN did not run."""
        return sum(result.verdict is not Verdict.UNKNOWN for result in self.results)

    @property
    def verdict(self) -> Verdict:
        """The worst verdict that is no mere warning; nothing planned is UNKNOWN."""
        if not self.planned or len(self.results) < self.planned:
            return Verdict.UNKNOWN
        return max(
            (f.verdict for each in self.results for f in each.findings or (_NOTHING,) if counts(f)),
            default=Verdict.PASS,
        )

    @property
    def failures(self) -> tuple[Finding, ...]:
        """Every finding that is no pass, in the order of the checks."""
        return tuple(f for r in self.results for f in r.findings if f.verdict is not Verdict.PASS)


def counts(finding: Finding) -> bool:
    """Whether a finding turns a run red: a failed warning does not, an unknown one does."""
    return finding.level is Level.ERROR or finding.verdict is Verdict.UNKNOWN


UNCONFIGURED = "configured"
"""The attribute of a finding that replaces all of a check on a router with nothing of ours."""
_NOTHING = Finding("", "", "findings", "at least one", "none", Verdict.UNKNOWN)
