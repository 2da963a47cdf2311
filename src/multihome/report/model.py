"""One run as every report sees it: what was done, what was found, how it ended."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from multihome.check.diagnosis.root_cause import ROOTS
from multihome.check.result import UNCONFIGURED, Level, RunResult, Verdict
from multihome.errors import ExitCode

if TYPE_CHECKING:
    from datetime import datetime

    from multihome.check.result import CheckResult, Finding
    from multihome.inventory.network import Network


ResultStatus: TypeAlias = Literal["pass", "fail", "warning", "unknown"]
"""How one check stands; a failure of a warning's level is a warning."""


@dataclass(frozen=True, slots=True)
class Router:
    """One router of the run."""

    name: str
    role: str = ""
    host: str = ""
    model: str = ""
    version: str = ""
    problem: str = ""
    """Why it could not be asked; empty if it could."""


@dataclass(frozen=True, slots=True)
class Phase:
    """One round of checks, in one network state: before, during or after a drill."""

    title: str
    state: str
    result: RunResult


@dataclass(frozen=True, slots=True)
class Diff:
    """What changes, or changed, on one router, as the router prints it; secrets redacted."""

    router: str
    text: str


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; `at` is in seconds from the start of the run."""

    at: float
    what: str
    router: str = ""
    kind: str = "step"
    """`step`, `change`, `fault`, `restore`, `good` or `bad`."""


@dataclass(frozen=True, slots=True)
class TracedPath:
    """The way of packets in one network state."""

    state: str
    source: str
    target: str
    hops: tuple[str, ...]
    """Addresses, as traceroute lists them."""
    routers: tuple[str, ...] = ()
    """The routers they belong to, the source first; empty where they are not known."""


@dataclass(frozen=True, slots=True)
class Member:
    """A router at a site."""

    router: str
    site: str
    vpn: str = ""
    leg: str = ""
    """`primary` or `backup`; empty where the site has one connection, or it is the customer's."""
    preferences: tuple[str, ...] = ()
    """What makes the leg the one that it is, such as `MED 10`."""


@dataclass(frozen=True, slots=True)
class End:
    """Where a link or LAN ends."""

    router: str
    interface: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Cable:
    """A link between two routers, or the LAN of a site."""

    ends: tuple[End, ...]
    kind: str = "link"
    """`link`, `primary`, `backup` or `lan`."""
    name: str = ""
    """Of a LAN."""
    about: str = ""
    """What else there is to say of it: its subnet, its VLAN, its gateway."""


@dataclass(frozen=True, slots=True)
class Topology:
    """Routers with their roles, the links between them, and where they are."""

    nodes: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    members: tuple[Member, ...] = ()
    cables: tuple[Cable, ...] = ()


def lan_name(site: str) -> str:
    """What the LAN of a site is called, in a topology and as the place of a fault."""
    return f"LAN of {site}"


@dataclass(frozen=True, slots=True)
class Run:
    """A run of one verb."""

    verb: str
    started: datetime
    seconds: float
    exit_code: ExitCode
    subject: str = ""
    """What the verb was about: a drill, a snapshot, a change."""
    run_id: str = ""
    routers: tuple[Router, ...] = ()
    phases: tuple[Phase, ...] = ()
    diffs: tuple[Diff, ...] = ()
    timeline: tuple[Event, ...] = ()
    paths: tuple[TracedPath, ...] = ()
    topology: Topology = Topology()
    notes: tuple[str, ...] = ()
    network: Network | None = None
    """The network that it was made on; None: not recorded."""
    operator: str = ""
    """Who ran it."""
    ticket: str = ""
    version: str = ""
    """Of this program."""
    fault: tuple[str, ...] = ()
    """What a drill broke: a router, or two that it separated (a LAN counts)."""

    @property
    def results(self) -> tuple[CheckResult, ...]:
        """The results of all phases."""
        return tuple(result for phase in self.phases for result in phase.result.results)

    @property
    def tally(self) -> Tally:
        """How many checks passed, failed and stayed unknown, in all phases."""
        return tally(*(phase.result for phase in self.phases))


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of checks, not of findings; a failed warning is no failure."""

    planned: int
    passed: int
    failed: int
    warned: int
    unknown: int

    @property
    def ran(self) -> int:
        """Checks with a verdict of their own."""
        return self.passed + self.failed + self.warned


def tally(*results: RunResult) -> Tally:
    """Count the checks of several rounds; one that is planned and not there is unknown."""
    found = Counter(standing(each) for result in results for each in result.results)
    planned = sum(result.planned for result in results)
    missing = planned - sum(len(result.results) for result in results)
    return Tally(
        planned=planned,
        passed=found["pass"],
        failed=found["fail"],
        warned=found["warning"],
        unknown=found["unknown"] + max(missing, 0),
    )


def standing(result: CheckResult) -> ResultStatus:
    """`pass`, `fail`, `warning` (a failure of a warning's level) or `unknown`."""
    if result.verdict is Verdict.PASS:
        return "pass"
    if result.verdict is Verdict.UNKNOWN:
        return "unknown"
    failed = [finding for finding in result.findings if finding.verdict is Verdict.FAIL]
    return "warning" if all(each.level is Level.WARNING for each in failed) else "fail"


def how_bad(finding: Finding) -> ResultStatus:
    """The same of one finding that is no pass."""
    if finding.verdict is Verdict.UNKNOWN:
        return "unknown"
    return "warning" if finding.level is Level.WARNING else "fail"


def exit_code(*results: RunResult) -> ExitCode:
    """How a run of checks ends: nothing planned is no success, unknown comes before failed."""
    total = tally(*results)
    if not total.planned:
        return ExitCode.NOTHING_TESTED
    if total.unknown:
        return ExitCode.UNKNOWN
    return ExitCode.FAILED if total.failed else ExitCode.PROVEN


def verdict_word(code: ExitCode) -> str:
    """One word for the end of a run."""
    return _WORDS.get(code, "STOPPED")


_WORDS = {
    ExitCode.PROVEN: "PASS",
    ExitCode.FAILED: "FAIL",
    ExitCode.UNKNOWN: "UNKNOWN",
    ExitCode.NOTHING_TESTED: "NOTHING TESTED",
    ExitCode.CHANGES_PENDING: "CHANGES PENDING",
    ExitCode.ROLLED_BACK: "ROLLED BACK",
    ExitCode.NEEDS_HUMAN: "NEEDS A HUMAN",
    ExitCode.REFUSED: "REFUSED",
    ExitCode.INTERRUPTED: "INTERRUPTED",
}


def verdict_line(run: Run) -> str:
    """The last line of a run: verdict, how many ran, seconds, exit code and its meaning."""
    total = run.tally
    parts = [verdict_word(run.exit_code)]
    if run.phases:
        parts.append(f"ran {total.ran} of {total.planned}")
        for count, word in ((total.failed, "failed"), (total.unknown, "unknown")):
            if count:
                parts.append(f"{count} {word}")
        if total.warned:
            parts.append(f"{total.warned} warning{'s' if total.warned > 1 else ''}")
    parts.append(f"{run.seconds:.1f} s")
    return f"{', '.join(parts)}; exit {int(run.exit_code)}: {run.exit_code.meaning}"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Failures that have one cause, or one check that failed alone; what breaks others first."""

    cause: str
    checks: tuple[tuple[Finding, ...], ...]
    """What each failed check found, by check."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All of them."""
        return tuple(finding for check in self.checks for finding in check)

    @property
    def head(self) -> str:
        """What stands over several checks of one cause; empty for a single one."""
        if not self.cause or len(self.checks) < 2:
            return ""
        after = sum(self.follows(found) for found in self.checks)
        own = len(self.checks) - after
        if not own:
            return f"{_checks(after)} fail, and may follow from: {self.cause}"
        verb = self._verb(own)
        told = f"{self.cause}: {_checks(own)} {verb}"
        return f"{told}, {after} more may follow from it" if after else told

    @staticmethod
    def follows(found: tuple[Finding, ...]) -> bool:
        """Whether a check failed only by what something else may have done."""
        return all(finding.follows for finding in found)

    def _verb(self, count: int) -> str:
        if self.unknown:
            return "unknown"
        mixed = any(finding.verdict is Verdict.UNKNOWN for finding in self.findings)
        return "fail or are unknown" if mixed and count > 1 else "fail" if count > 1 else "fails"

    @property
    def unknown(self) -> bool:
        """Whether nothing of it could be looked at."""
        return all(finding.verdict is Verdict.UNKNOWN for finding in self.findings)

    def samples(self, most: int) -> tuple[Finding, ...]:
        """The first finding of some checks, none of them twice in the same words.

        Of routers that have nothing of the intent none: the head says it all.
        """
        if self.head and all(finding.attribute == UNCONFIGURED for finding in self.findings):
            return ()
        first = {str(found[0]): found[0] for found in self.checks}
        return tuple(first.values())[:most]

    @property
    def why(self) -> str:
        """The reason, told once, and of one that was followed back only where it began."""
        told = [finding.why for finding in self.findings if finding.why]
        return min((why for why in told if why in told[0]), key=len, default="")

    @property
    def next(self) -> str:
        """The command to type next, and where."""
        for finding in self.findings:
            if finding.next:
                ours = finding.next.startswith("multihome ")
                where = "" if ours or "(on " in finding.next else f" (on {finding.router})"
                return f"{finding.next}{where}"
        return ""


def _checks(count: int) -> str:
    return f"{count} check{'s' if count > 1 else ''}"


def troubles(result: RunResult) -> tuple[Trouble, ...]:
    """What failed, grouped by cause: what is broken first, then what may follow from it.

    Of both, what breaks most comes first, and what stands alone last.
    """
    groups: dict[tuple[str, ...], list[tuple[CheckResult, tuple[Finding, ...]]]] = {}
    for check in result.results:
        by_cause: dict[tuple[str, ...], list[Finding]] = {}
        for finding in check.findings:
            if finding.verdict is not Verdict.PASS:
                key = (finding.cause,) if finding.cause else _alone(check, finding)
                by_cause.setdefault(key, []).append(finding)
        for key, found in by_cause.items():
            groups.setdefault(key, []).append((check, tuple(found)))
    grouped = [_trouble(group) for group in groups.values()]
    return tuple(sorted(grouped, key=_rank))


def _rank(trouble: Trouble) -> tuple[bool, int]:
    after = all(trouble.follows(found) for found in trouble.checks)
    return after, -len(trouble.checks) if trouble.head else 0


def _trouble(group: list[tuple[CheckResult, tuple[Finding, ...]]]) -> Trouble:
    group.sort(key=lambda item: _depth(*item))
    return Trouble(group[0][1][0].cause, tuple(found for _, found in group))


def _depth(check: CheckResult, found: tuple[Finding, ...]) -> tuple[bool, bool, int]:
    """What is broken itself comes before what follows, links before what runs over them.

    Of a router that does not answer, its silence comes before what others say of it.
    """
    rank = ROOTS.index(check.kind) if check.kind in ROOTS else len(ROOTS)
    answered = all(finding.attribute != "evidence" for finding in found)
    return all(finding.follows for finding in found), answered, rank


def _alone(check: CheckResult, finding: Finding) -> tuple[str, ...]:
    """Findings of one check for one reason belong together, too."""
    return (check.router, check.check, finding.why)
