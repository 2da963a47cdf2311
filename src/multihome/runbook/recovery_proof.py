"""Whether the network is good enough while an earlier run is undone.

The checks follow from the intent, and a network from before a change need not satisfy the
intent of that change. So two questions are asked. Between two batches: does everything that
carried traffic before, and has no end on a router that was moved, still carry it? In the end:
does every check hold again that held before the run? The run has kept which ones those were;
if it has not, or the intent is another one by now, the answer says that nothing was verified.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from multihome.change.verification import Proof, Verified
from multihome.check.result import Verdict
from multihome.intent.expected_neighbors import BgpSession
from multihome.report.model import standing
from multihome.runbook.change_verification import CARRYING
from multihome.runbook.path import owners

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from multihome.change.folder import RunFolder
    from multihome.change.verification import Stage
    from multihome.intent.statement import Expectation
    from multihome.runbook.verify import Verifier

HELD = "held.json"
"""Which checks held before a run, in its folder."""


def keep_held(folder: RunFolder, intent: str, held: Iterable[Expectation]) -> None:
    """Write which checks hold before a run changes anything; raises OSError."""
    text = json.dumps({"intent": intent, "held": sorted(map(identity, held))})
    folder.write(HELD, text + "\n")


def read_held(folder: RunFolder, intent: str) -> frozenset[str] | None:
    """The identities of those checks; None if they are not known, or were of another intent."""
    try:
        kept = json.loads((folder.path / HELD).read_text(encoding="utf-8"))
        same = kept["intent"] == intent
        return frozenset(map(str, kept["held"])) if same else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def identity(check: Expectation) -> str:
    """A check in one word, the same in every process."""
    text = f"{check.check_name} {check.model_dump_json()}"
    return sha256(text.encode()).hexdigest()[:16]


class _Looking:
    """Judges checks, and knows which of them touch given routers."""

    def __init__(self, verifier: Verifier, checks: Iterable[Expectation]) -> None:
        self._verifier, self._checks = verifier, tuple(checks)
        self._owners = owners(verifier.workspace.intent)
        self.last = ""
        """What the last look said; empty before the first."""

    def touches(self, check: Expectation, routers: Collection[str]) -> bool:
        """Whether an end of it is on one of these routers."""
        peer = getattr(check, "peer", None) or getattr(check, "target", None)
        return check.router in routers or self._owners.get(str(peer), "") in routers

    def look(self, checks: Collection[Expectation]) -> Verified:
        """Ask once; warnings do not count."""
        found = self._verifier.look(list(checks))
        bad = [each for each in found if standing(each) in ("fail", "unknown")]
        self.last = text = f"{len(found) - len(bad)} of {len(found)} checks hold"
        if not bad:
            return Verified(Proof.PROVEN, text)
        worst = next((str(f) for f in bad[0].findings if f.verdict is bad[0].verdict), bad[0].check)
        unknown = any(standing(each) == "unknown" for each in bad)
        more = f"; and {len(bad) - 1} more" if len(bad) > 1 else ""
        return Verified(Proof.UNKNOWN if unknown else Proof.FAILED, f"{text}: {worst}{more}")


class Confirming(_Looking):
    """Looks at the network before an earlier run is confirmed: every check of its intent holds.

    What was red before the run, and has no end on a router of the run, does not count.
    """

    def __init__(
        self,
        verifier: Verifier,
        checks: Iterable[Expectation],
        held: frozenset[str] | None,
        routers: Collection[str],
    ) -> None:
        super().__init__(verifier, checks)
        self._asked = tuple(
            each
            for each in self._checks
            if held is None or identity(each) in held or self.touches(each, routers)
        )

    def verify(self, stage: Stage) -> Verified:
        """While only some of the routers are brought forward, what held must hold on the others."""
        return (
            self.look(self._asked) if stage.final else Verified(Proof.PROVEN, "not all are there")
        )


class Undoing(_Looking):
    """Looks at the network while a run is undone."""

    def __init__(
        self, verifier: Verifier, checks: Iterable[Expectation], held: frozenset[str] | None
    ) -> None:
        super().__init__(verifier, checks)
        self._again = (
            None if held is None else tuple(each for each in self._checks if identity(each) in held)
        )
        self._carried: tuple[Expectation, ...] = ()

    def before(self) -> None:
        """See what carries traffic before anything is moved."""
        carrying = [each for each in self._checks if each.check_name in CARRYING]
        found = self._verifier.look(carrying)
        passed = [each.verdict is Verdict.PASS for each in found]
        self._carried = tuple(e for e, good in zip(carrying, passed, strict=True) if good)

    def verify(self, stage: Stage) -> Verified:
        """Whether to go on, or in the end to stay."""
        if stage.final and self._again is None:
            self.last = UNJUDGED
            return Verified(Proof.PROVEN, UNJUDGED)
        if stage.final and self._again is not None:
            return self.look(self._again)
        kept = [each for each in self._carried if not self.touches(each, stage.committed)]
        bare = {"tables": None, "wait": 0.0, "hold": 0.0}
        return self.look(
            [e.model_copy(update=bare) if isinstance(e, BgpSession) else e for e in kept]
        )


UNJUDGED = "not verified: it is not known which checks of this intent held before the run"
