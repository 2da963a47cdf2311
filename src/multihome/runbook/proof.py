"""Whether a change may live: the checks, as a transaction asks for them.

While only some legs of a site are changed, what is asked is that nobody lost anything that
worked before, and that the sessions among those changed so far have come up, as far as they can
without those that are yet to be changed, so that the next may be touched. In the end everything
is asked.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from multihome.change.verification import Proof, Stage, Verified
from multihome.check.result import CheckResult, RunResult, Verdict
from multihome.intent.expected_neighbors import BgpSession, IsisAdjacency, LdpSession
from multihome.report.model import standing
from multihome.runbook.path import joined, owners

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from multihome.intent.statement import Expectation
    from multihome.runbook.verify import Verifier
    from multihome.state.query import Replies

CARRYING = frozenset({"ping", "bgp-session"})
"""The checks that packets get there and back, and that those who say where to are there."""
SHOWN = 1
"""How many failures one line names."""


class Proofs:
    """Looks at the network for a transaction, and remembers what it saw last.

    Checks are known by their number: two files may well ask the same thing.
    """

    def __init__(self, verifier: Verifier, checks: Iterable[Expectation]) -> None:
        self._verifier = verifier
        self._checks = tuple(checks)
        self._all = frozenset(range(len(self._checks)))
        self._owners = owners(verifier.workspace.intent)
        self._before: frozenset[int] = frozenset()
        self._carried: frozenset[int] = frozenset()
        self._passed: frozenset[int] = frozenset()
        self._results: dict[int, CheckResult] = {}
        self._partial: Proofs | None = None
        self._undone: RunResult | None = None
        self._changing: frozenset[str] = frozenset()
        self._seconds, self._rpcs = 0.0, 0

    @property
    def planned(self) -> int:
        """How many checks there are."""
        return len(self._checks)

    @property
    def held(self) -> tuple[Expectation, ...]:
        """The checks that held before the change."""
        return tuple(self._checks[number] for number in sorted(self._before))

    @property
    def asked(self) -> bool:
        """Whether anything has been looked at since the change began."""
        return bool(self._results) or (self._partial is not None and self._partial.asked)

    @property
    def replies(self) -> Replies:
        """The last reply to each request."""
        return self._verifier.seen

    @property
    def result(self) -> RunResult:
        """What the last stage saw of every check, and why; one never asked is missing."""
        if self._partial is not None and not self._results:
            return self._partial.result
        numbers = sorted(self._results)
        checks = [self._checks[number] for number in numbers]
        found = self._verifier.explained(checks, [self._results[number] for number in numbers])
        return RunResult(len(self._checks), found, self._seconds, self._rpcs)

    @property
    def undone(self) -> RunResult | None:
        """What was known of every check when the change was undone; None if it was not."""
        return self._undone

    def announce(self, routers: Collection[str]) -> None:
        """Say which routers are going to be changed, some of them later than others."""
        self._changing = frozenset(routers)

    def before(self) -> None:
        """See what holds before anything is changed, or before the next batch is.

        What an earlier batch may have broken only after it was proven is asked of this one.
        """
        self._before = self._look(self._all)
        self._carried |= self._before
        self._results.clear()  # of a network that is about to be another
        self._partial = None

    def changed(self, stage: Stage) -> Verified:
        """Whether the network is as it must be at this stage of a change."""
        if stage.final:
            return self._verified(self._all, stage)
        if stage.round == 1 or self._partial is None:
            self._partial = Proofs(self._verifier, self._so_far(stage.committed))
        if not self._partial.planned:
            return Verified(Proof.PROVEN, "nothing is promised yet: no leg was in use before")
        return self._partial.changed(replace(stage, final=True))

    def restored(self, stage: Stage) -> Verified:
        """Whether everything that held before the change holds again."""
        if self._undone is None and self.asked:
            self._undone = self.result
        if not self._before:
            return Verified(Proof.PROVEN, "nothing held before the change")
        return self._verified(self._before, stage)

    def _so_far(self, committed: Collection[str]) -> tuple[Expectation, ...]:
        """Traffic and sessions that were there before, and sessions within what is changed.

        Of a session only that it is up: how many prefixes it brings depends on the rest.
        """
        kept = [
            each
            for number, each in enumerate(self._checks)
            if (number in self._carried and each.check_name in CARRYING)
            or self._within(each, committed)
            if not self._astride(each, committed)
        ]
        bare = {"tables": None, "wait": 0.0, "hold": 0.0}
        return tuple(
            each.model_copy(update=bare) if isinstance(each, BgpSession) else each for each in kept
        )

    def _within(self, check: Expectation, committed: Collection[str]) -> bool:
        """A session of two that are changed, and that nobody yet to be changed stands between."""
        peer = self._owners.get(str(_peer(check)))
        if peer is None or not {check.router, peer} <= set(committed):
            return False
        later = self._changing - set(committed)
        return joined(self._verifier.workspace.intent, check.router, peer, later)

    def _astride(self, check: Expectation, committed: Collection[str]) -> bool:
        """A session of which one end is changed and the other will be: keys differ until then.

        That traffic still gets through is asked all the same.
        """
        if not isinstance(check, BgpSession):
            return False
        ends = {check.router, self._owners.get(str(check.peer), "")}
        return ends <= self._changing and len(ends & set(committed)) == 1

    def _look(self, numbers: frozenset[int]) -> frozenset[int]:
        """Ask once; the checks that passed."""
        chosen = sorted(numbers)
        start, asked = self._verifier.clock.now(), self._verifier.asked
        found = self._verifier.look([self._checks[number] for number in chosen])
        self._seconds += self._verifier.clock.now() - start
        self._rpcs += self._verifier.asked - asked
        self._results.update(zip(chosen, found, strict=True))
        return frozenset(n for n in chosen if self._results[n].verdict is Verdict.PASS)

    def _verified(self, wanted: frozenset[int], stage: Stage) -> Verified:
        """Ask what has not passed yet in this stage; all of it while it must go on holding."""
        known = frozenset[int]() if stage.round == 1 or stage.holding else self._passed
        self._passed = known | self._look(wanted - known)
        results = [self._results[number] for number in sorted(wanted)]
        bad = [each for each in results if standing(each) in ("fail", "unknown")]
        text = f"{len(results) - len(bad)} of {len(results)} checks hold"
        if not bad:
            return Verified(Proof.PROVEN, text)
        unknown = any(standing(each) == "unknown" for each in bad)
        named = "; ".join(_first_words(each) for each in bad[:SHOWN])
        more = f"; and {len(bad) - SHOWN} more" if len(bad) > SHOWN else ""
        return Verified(Proof.UNKNOWN if unknown else Proof.FAILED, f"{text}: {named}{more}")


def _peer(check: Expectation) -> object:
    """The address of whom a session is with, if the check is that one is up."""
    match check:
        case BgpSession():
            return None if check.absent else check.peer
        case IsisAdjacency():
            return check.address
        case LdpSession():
            return check.neighbor
    return None


def _first_words(result: CheckResult) -> str:
    worst = next((f for f in result.findings if f.verdict is result.verdict), None)
    return str(worst) if worst is not None else f"{result.router} {result.check}: no finding"
