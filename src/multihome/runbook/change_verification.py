"""The verification of a change: checks and snapshots at each stage of the transaction.

While only some legs of a site are changed, three conditions apply: no reachability is lost that
worked before, nothing foreign to the intent is worse, and the sessions between routers changed
so far are up, as far as they can be without the routers not yet changed. At the end every check
must pass, except those that were red before and are unrelated to the change, and every
difference from the snapshot taken before the change must be declared.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from multihome.change.verification import Proof, Stage, Verified
from multihome.check.harm.before import (
    causes_of,
    follows,
    lost_prefixes,
    red_before,
    short_by,
)
from multihome.check.harm.judgement import in_words, seen, went_down
from multihome.check.harm.shared import at_least
from multihome.check.harm.touched import Touched
from multihome.check.result import CheckResult, RunResult, Verdict
from multihome.intent.expected_neighbors import BgpSession, IsisAdjacency, LdpSession
from multihome.report.model import standing, troubles
from multihome.runbook.path import joined, owners

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from multihome.change.statements import Statement
    from multihome.check.harm.judgement import Judgement, Seen
    from multihome.check.harm.names import Party
    from multihome.intent.statement import Expectation
    from multihome.runbook.baseline import Baseline
    from multihome.runbook.verify import Verifier
    from multihome.state.query import Replies

CARRYING = frozenset({"ping", "bgp-session"})
"""Reachability checks and routing sessions."""
SHOWN = 1
"""How many failures one line names."""
HARMS = 3
"""How many undeclared differences one line names."""


class Proofs:
    """Looks at the network for a transaction, and remembers what it saw last.

    Checks are known by their number: two files may well ask the same thing.
    """

    def __init__(
        self,
        verifier: Verifier,
        checks: Iterable[Expectation],
        baseline: Baseline | None = None,
    ) -> None:
        self._verifier, self._baseline = verifier, baseline
        self._checks = tuple(checks)
        self._all = frozenset(range(len(self._checks)))
        self._owners = owners(verifier.workspace.intent)
        self._touched = Touched(verifier.workspace.intent)
        self._about: frozenset[Party] = frozenset()
        self._before: frozenset[int] = frozenset()
        self._red: dict[int, CheckResult] = {}
        self._excused: frozenset[int] = frozenset()
        self._followed: frozenset[int] = frozenset()
        self._old_causes: frozenset[str] = frozenset()
        """What an earlier look found broken: whatever follows from it is not held against this."""
        self._lost = 0
        """How many prefixes were missing then."""
        self._carried: frozenset[int] = frozenset()
        self._passed: frozenset[int] = frozenset()
        self._results: dict[int, CheckResult] = {}
        self._partial: Proofs | None = None
        self._undone: RunResult | None = None
        self._harm: frozenset[Seen] = frozenset()
        self._changing: frozenset[str] = frozenset()
        self.judgement: Judgement | None = None
        """The last comparison of the network with what it was before."""
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
        """What the last stage saw of every check that counts, and why; one never asked is missing."""
        if self._partial is not None and not self._results:
            return self._partial.result
        numbers = [number for number in sorted(self._results) if number not in self._excused]
        found = self._explained(numbers)
        planned = len(self._checks) - len(self._excused)
        return RunResult(planned, found, self._seconds, self._rpcs)

    @property
    def found_red(self) -> RunResult:
        """The checks that were red before, are not held against the change, and are red still."""
        failing = {**self._red, **self._results}
        numbers = [n for n in sorted(self._excused) if n in failing and _bad(failing[n])]
        checks = [self._checks[number] for number in numbers]
        found = self._verifier.explained(checks, [failing[number] for number in numbers])
        return RunResult(len(numbers), tuple(found))

    @property
    def red_before(self) -> tuple[str, ...]:
        """What is red and not held against the change, one line for each cause."""
        return tuple(
            f"red before, not counted: {each.head or each.findings[0]}"
            for each in troubles(self.found_red)
        )

    @property
    def undone(self) -> RunResult | None:
        """What was known of every check when the change was undone; None if it was not."""
        return self._undone

    def announce(
        self,
        routers: Collection[str],
        statements: Mapping[str, tuple[Statement, ...]] | None = None,
        about: Collection[Party] = (),
    ) -> None:
        """Say which routers are going to be changed, some later than others, and in what.

        Without statements, whatever was red before counts; so does what is about a party.
        """
        self._changing = frozenset(routers)
        self._about = frozenset(about)
        self._touched = Touched(self._verifier.workspace.intent, statements or {})

    def before(self) -> None:
        """See what holds before anything is changed, or before the next batch is.

        What an earlier batch may have broken only after it was proven is asked of this one.
        """
        if self._baseline is not None:
            self._baseline.before(self._touched)
            if self.shared:
                self._checks = at_least(self._checks)
        self._before = self._look(self._all)
        self._carried |= self._before
        self._red = {n: self._results[n] for n in self._all - self._before}
        known = self._touched.statements
        self._excused = frozenset(
            n for n in self._red if known and not self._concerns(self._checks[n])
        )
        self._results.clear()  # of a network that is about to be another
        self._partial = None
        self._harm = frozenset()

    def changed(self, stage: Stage) -> Verified:
        """Whether the network passes the checks of this stage of a change."""
        if stage.final:
            return self._unharmed(self._verified(self._all, stage), stage)
        if stage.round == 1 or self._partial is None:
            self._partial = Proofs(self._verifier, self._so_far(stage.committed))
        if not self._partial.planned:
            text = "nothing is promised yet: no leg was in use before"
            return self._unharmed(Verified(Proof.PROVEN, text), stage)
        return self._unharmed(self._partial.changed(replace(stage, final=True)), stage)

    def restored(self, stage: Stage) -> Verified:
        """Whether everything that held before the change holds again, and nothing is missing."""
        if self._undone is None and self.asked:
            self._undone = self.result
        held = Verified(Proof.PROVEN, "nothing held before the change")
        if self._before:
            held = self._verified(self._before, stage)
        if held.proof is not Proof.PROVEN or self._baseline is None:
            return held
        lost = self._baseline.missing()
        if not lost:
            return held
        more = f"; and {len(lost) - SHOWN} more" if len(lost) > SHOWN else ""
        return Verified(Proof.FAILED, f"differs from before: {in_words(lost[0])}{more}")

    def _concerns(self, check: Expectation) -> bool:
        """Whether a check has to do with the change."""
        about_it = self._touched.parties(check) & self._about
        return bool(about_it) or self._touched.check(check)

    def follow(self, earlier: Proofs) -> None:
        """Hold nothing against the network that an earlier look at it has excused.

        The same object may be asked for something else by now; that it was red is the same. Of a
        session that has to do with it, only what it carries is left out.
        """
        if earlier.shared:
            self._checks = at_least(self._checks)
        self._touched, self._about = earlier._touched, earlier._about
        known = {_key(earlier._checks[n]) for n in earlier._excused}
        same = {n for n, each in enumerate(self._checks) if _key(each) in known}
        asked = {n for n in same if isinstance(self._checks[n], BgpSession)}
        self._checks = tuple(
            each.model_copy(update={"tables": None}) if n in asked else each
            for n, each in enumerate(self._checks)
        )
        self._excused = self._followed = frozenset(
            n for n in same if n not in asked or not self._concerns(self._checks[n])
        )
        self._old_causes = earlier._old_causes or causes_of(earlier.found_red.results)
        self._lost = earlier._lost or lost_prefixes(earlier._checks, earlier._excused)

    @property
    def shared(self) -> bool:
        """Whether the intent's VPNs carry what it does not know."""
        return self._baseline is not None and bool(self._baseline.foreign)

    # --- what is worse than it was found -----------------------------------------

    def _unharmed(self, checked: Verified, stage: Stage) -> Verified:
        """Compare with the network before, once the checks hold, or when it is the last look."""
        if self._baseline is None or not self._worth_it(checked, stage):
            return checked
        found = self._baseline.judged(
            self._touched,
            self._checks,
            frozenset(self._red) & self._passed if stage.final else frozenset(),
            stage.meanwhile,
            midway=not stage.final,
        )
        if found is None:
            return checked
        self.judgement = found
        twice, self._harm = found.seen & self._harm, found.seen
        if found.harm:
            return _harmed(found, twice, checked, stage)
        if found.unseen:
            blind = found.unseen[0]
            text = f"{blind.router}: {blind.kind} was seen before, and is not now: {blind.why}"
            return Verified(Proof.UNKNOWN, f"{text}; {checked.text}")
        return checked

    def _worth_it(self, checked: Verified, stage: Stage) -> bool:
        """A look takes long where tables are large: when it is proven, and when the hold is over."""
        first = stage.final and checked.proof is Proof.PROVEN and not stage.holding
        return stage.last or first

    def _so_far(self, committed: Collection[str]) -> tuple[Expectation, ...]:
        """Traffic and sessions that were there before, and sessions within what is changed.

        Of a session only that it is up: how many prefixes it brings depends on the rest.
        """
        kept = [
            each
            for number, each in enumerate(self._checks)
            if (number in self._carried and each.check_name in CARRYING)
            or (number not in self._excused and self._within(each, committed))
            if not self._astride(each, committed)
        ]
        bare = {"tables": None, "wait": 0.0, "hold": 0.0}
        return tuple(
            each.model_copy(update=bare) if isinstance(each, BgpSession) else each for each in kept
        )

    def _within(self, check: Expectation, committed: Collection[str]) -> bool:
        """A session of two that are changed, with no one between them who is yet to be changed."""
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

    # --- checks ------------------------------------------------------------------

    def _look(self, numbers: frozenset[int]) -> frozenset[int]:
        """Ask once; the checks that passed."""
        chosen = sorted(numbers)
        start, asked = self._verifier.clock.now(), self._verifier.asked
        found = self._verifier.look([self._checks[number] for number in chosen])
        self._seconds += self._verifier.clock.now() - start
        self._rpcs += self._verifier.asked - asked
        self._results.update(zip(chosen, found, strict=True))
        return frozenset(n for n in chosen if self._results[n].verdict is Verdict.PASS)

    def _explained(self, numbers: Iterable[int]) -> tuple[CheckResult, ...]:
        chosen = list(numbers)
        checks = [self._checks[number] for number in chosen]
        return self._verifier.explained(checks, [self._results[number] for number in chosen])

    def _verified(self, wanted: frozenset[int], stage: Stage) -> Verified:
        """Ask what has not passed yet in this stage; all of it while it must go on holding.

        What was red before and is not touched is not asked again: a router that is off would be
        waited for each time.
        """
        loose = self._followed | {n for n in self._excused if not self._concerns(self._checks[n])}
        known = frozenset[int]() if stage.round == 1 or stage.holding else self._passed
        self._passed = known | self._look(wanted - known - loose)
        bad = [n for n in sorted(wanted - loose) if _bad(self._results[n])]
        forgiven = self._forgiven(bad, loose) | self._consequences(bad)
        self._excused = (loose | forgiven) & wanted
        bad = [n for n in bad if n not in self._excused]
        asked = len(wanted - self._excused)
        text = f"{asked - len(bad)} of {asked} checks hold"
        if self._excused:
            text += f" ({len(self._excused)} red before)"
        if not bad:
            return Verified(Proof.PROVEN, text)
        unknown = any(standing(self._results[n]) == "unknown" for n in bad)
        named = "; ".join(_first_words(self._results[n]) for n in bad[:SHOWN])
        more = f"; and {len(bad) - SHOWN} more" if len(bad) > SHOWN else ""
        missing = _kinds(self._checks[n].check_name for n in bad) if more else ""
        words = f"{text}: {named}{more}{missing}"
        return Verified(Proof.UNKNOWN if unknown else Proof.FAILED, words)

    def _consequences(self, bad: Collection[int]) -> frozenset[int]:
        """The failures that follow from what an earlier look found broken, and from nothing else.

        A network state may ask for other things than the one before: that a dead link's routes
        are missing from them too is the same failure.
        """
        if not self._old_causes or not bad:
            return frozenset()
        found = dict(zip(sorted(bad), self._explained(sorted(bad)), strict=True))
        return frozenset(
            n
            for n, each in found.items()
            if follows(each, self._old_causes) or short_by(self._checks[n], each, self._lost)
        )

    def _forgiven(self, bad: Iterable[int], loose: Collection[int]) -> frozenset[int]:
        """The failures that something else keeps red, which the change does not touch."""
        if not self._touched.statements:
            return frozenset()
        numbers = [n for n in sorted({*bad, *loose}) if n in self._red]
        results = {n: self._red[n] if n in loose else self._results[n] for n in numbers}
        checks = [self._checks[n] for n in numbers]
        told = self._verifier.explained(checks, [results[n] for n in numbers])
        failing = dict(zip(numbers, told, strict=True))
        return red_before(self._checks, self._red, failing, self._touched)


def _harmed(found: Judgement, twice: Collection[Seen], checked: Verified, stage: Stage) -> Verified:
    """What is said of harm: the worst first, one of each kind, and how many more there are."""
    first = {each.kind: each for each in reversed(found.harm)}
    named = sorted(first.values(), key=found.harm.index)[:HARMS]
    more = f"; and {len(found.harm) - len(named)} more" if len(found.harm) > len(named) else ""
    text = f"{'; '.join(map(in_words, named))}{more}: not declared"
    sure = [each for each in found.harm if seen(each) in twice]
    if not sure and not stage.last:
        text += " (seen once, looking again)"
    return Verified(
        Proof.FAILED,
        f"{text}; {checked.text}",
        harm=text,
        lasting=any(went_down(each) for each in sure),
    )


def _key(check: Expectation) -> tuple[str, str, str]:
    return check.check_name, check.router, check.subject


def _bad(result: CheckResult) -> bool:
    return standing(result) in ("fail", "unknown")


def _peer(check: Expectation) -> object:
    """The neighbour address of the session, if the check requires a session to be up."""
    match check:
        case BgpSession():
            return None if check.absent else check.peer
        case IsisAdjacency():
            return check.address
        case LdpSession():
            return check.neighbor
    return None


def _kinds(names: Iterable[str]) -> str:
    """What is missing, by kind of check, the commonest first."""
    counted = Counter(names).most_common()
    return f" (missing: {', '.join(f'{number} {name}' for name, number in counted)})"


def _first_words(result: CheckResult) -> str:
    worst = next((f for f in result.findings if f.verdict is result.verdict), None)
    return str(worst) if worst is not None else f"{result.router} {result.check}: no finding"
