"""Whether a change may live: the checks, as a transaction asks for them.

While only some legs of a site are changed, what is asked is that nobody lost anything that
worked before, and that the legs changed so far have come up, so that the next may be touched.
In the end everything is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.change.verification import Proof, Stage, Verified
from multihome.check.result import CheckResult, RunResult, Verdict
from multihome.intent.expectation import BgpSession
from multihome.report.model import standing
from multihome.runbook.path import owners

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from multihome.intent.statement import Expectation
    from multihome.runbook.verify import Verifier

TRAFFIC = "ping"
"""The check that packets get there and back."""
SHOWN = 3
"""How many failures one line names."""


class Proofs:
    """Looks at the network for a transaction, and remembers what it saw last."""

    def __init__(self, verifier: Verifier, checks: Iterable[Expectation]) -> None:
        self._verifier = verifier
        self._checks = tuple(checks)
        self._owners = owners(verifier.workspace.intent)
        self._before: frozenset[Expectation] = frozenset()
        self._passed: set[Expectation] = set()
        self.results: dict[Expectation, CheckResult] = {}

    @property
    def result(self) -> RunResult:
        """What is known of every check; one that was never asked is missing, not passed."""
        found = tuple(self.results[each] for each in self._checks if each in self.results)
        return RunResult(len(self._checks), found)

    def before(self) -> None:
        """See what holds before anything is changed."""
        self._before = frozenset(self._look(self._checks))

    def changed(self, stage: Stage) -> Verified:
        """Whether the network is as it must be at this stage of a change."""
        wanted = self._checks if stage.final else self._so_far(stage.committed)
        if not wanted:
            return Verified(Proof.PROVEN, "nothing is promised yet: no leg was in use before")
        if stage.round == 1 or stage.settled:
            self._passed.clear()
        self._passed |= self._look([each for each in wanted if each not in self._passed])
        return self._verified(wanted)

    def restored(self, stage: Stage) -> Verified:
        """Whether everything that held before the change holds again."""
        wanted = tuple(each for each in self._checks if each in self._before)
        if not wanted:
            return Verified(Proof.PROVEN, "nothing held before the change")
        if stage.round == 1:
            self._passed.clear()
        self._passed |= self._look([each for each in wanted if each not in self._passed])
        return self._verified(wanted)

    def _so_far(self, committed: Collection[str]) -> tuple[Expectation, ...]:
        """Traffic and sessions that were there before, and sessions within what is changed."""
        return tuple(
            each
            for each in self._checks
            if (each in self._before and each.check_name in (TRAFFIC, "bgp-session"))
            or self._within(each, committed)
        )

    def _within(self, check: Expectation, committed: Collection[str]) -> bool:
        if not isinstance(check, BgpSession) or check.absent:
            return False
        return check.router in committed and self._owners.get(str(check.peer)) in committed

    def _look(self, checks: Iterable[Expectation]) -> set[Expectation]:
        """Ask once; the checks that passed."""
        chosen = tuple(checks)
        for check, result in zip(chosen, self._verifier.look(chosen), strict=True):
            self.results[check] = result
        return {each for each in chosen if self.results[each].verdict is Verdict.PASS}

    def _verified(self, wanted: Collection[Expectation]) -> Verified:
        results = [self.results[each] for each in wanted]
        bad = [each for each in results if standing(each) in ("fail", "unknown")]
        text = f"{len(wanted) - len(bad)} of {len(wanted)} checks hold"
        if not bad:
            return Verified(Proof.PROVEN, text)
        unknown = any(standing(each) == "unknown" for each in bad)
        named = "; ".join(_first_words(each) for each in bad[:SHOWN])
        more = f"; and {len(bad) - SHOWN} more" if len(bad) > SHOWN else ""
        return Verified(Proof.UNKNOWN if unknown else Proof.FAILED, f"{text}: {named}{more}")


def _first_words(result: CheckResult) -> str:
    worst = next((f for f in result.findings if f.verdict is result.verdict), None)
    return str(worst) if worst is not None else f"{result.router} {result.check}: no finding"
