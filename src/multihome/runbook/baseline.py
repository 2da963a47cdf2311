"""The network as a change found it, kept on disk, and what became of it since.

    found     a first look, before anyone is asked whether to go on
    before    a second one, right before the commit: what differs moves by itself
    after     the last look after it

All that is in reach is looked at, whether the intent speaks of it or not.
"""

from __future__ import annotations

import shutil
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from multihome.check.harm.declared import Declared, neighbors_left
from multihome.check.harm.judgement import judge, missing, restless
from multihome.check.harm.scope import Scopes
from multihome.runbook.snapshots import keep_all
from multihome.state.snapshot.archive import open_snapshot, writing
from multihome.state.snapshot.row import COLUMNS, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from multihome.check.allowance import Allowance
    from multihome.check.harm.declared import Object
    from multihome.check.harm.judgement import Judgement
    from multihome.check.harm.names import Network
    from multihome.check.harm.touched import Touched
    from multihome.fleet.fleet import Fleet
    from multihome.intent.model import Intent
    from multihome.intent.statement import Expectation
    from multihome.state.snapshot.archive import Snapshot
    from multihome.state.snapshot.compare import Difference
    from multihome.state.snapshot.row import Row

_TELLER = COLUMNS[Kind.ROUTE].index("learned-from")
_OTHERS = COLUMNS[Kind.ROUTE].index("alternatives")
KEPT = "snapshots"
"""Where a run's folder has them: `multihome compare RUN/snapshots/before RUN/snapshots/after`."""


class Baseline:
    """Snapshots of one change; close it to remove them from where they are kept meanwhile."""

    def __init__(
        self,
        intent: Intent,
        fleet: Fleet,
        allowances: Sequence[Allowance] = (),
        *,
        outage: bool = False,
    ) -> None:
        self._outage = outage
        self._intent, self._fleet, self.allowances = intent, fleet, allowances
        self._folder = TemporaryDirectory(prefix="multihome-change-")
        self._lock = threading.Lock()
        self._first: Snapshot | None = None
        self._before: Snapshot | None = None
        self._moving: frozenset[Object] = frozenset()
        self._scopes = Scopes(intent)
        self._told: dict[tuple[str, str], set[tuple[str, Network]]] = {}
        self._number = 0
        self.used: frozenset[int] = frozenset()
        """The numbers of the declarations that something came under."""
        self.seconds = 0.0
        """How long the last look took."""

    def found(self) -> None:
        """Look for the first time."""
        self._first = self._take("found")

    def before(self, touched: Touched) -> None:
        """Look again, right before a commit; of several batches, before each."""
        first = self._first if self._before is None else None
        self._scopes = Scopes(self._intent)
        self._told = {each: set() for each in neighbors_left(touched.statements)}
        self._before = self._take("before", watch=self._learn)
        if first is not None:
            self._moving = restless(first, self._before)

    @property
    def foreign(self) -> frozenset[tuple[str, Network]]:
        """Networks in the intent's VPNs that it does not know, but for those that leave it now."""
        leaving = {each for networks in self._told.values() for each in networks}
        return frozenset(self._scopes.foreign - leaving)

    def judged(
        self,
        touched: Touched,
        checks: Sequence[Expectation],
        fulfilled: Collection[int],
        meanwhile: Callable[[], None],
        *,
        midway: bool = False,
    ) -> Judgement | None:
        """Look now, and judge every difference; None: there is nothing to compare with."""
        if self._before is None:
            return None
        after = self._take("after", between=meanwhile)
        told = {each: frozenset(networks) for each, networks in self._told.items()}
        declared = Declared(
            touched,
            checks,
            fulfilled,
            self._scopes,
            told,
            outage=self._outage,
            midway=midway,
        )
        found = judge(self._before, after, declared, self.allowances, self._moving)
        self.used |= found.used
        return found

    def missing(self) -> tuple[Difference, ...]:
        """What was there before, and is not now that the change is undone."""
        if self._before is None:
            return ()
        return missing(self._before, self._take("undone"), self._moving)

    def keep(self, folder: Path) -> None:
        """Copy the last snapshots into a run's folder; raises OSError."""
        for name in ("before", "after"):
            latest = max(Path(self._folder.name).glob(f"*/{name}"), default=None)
            if latest is not None:
                shutil.copytree(latest, folder / KEPT / name, dirs_exist_ok=True)

    def close(self) -> None:
        """Remove what was kept meanwhile."""
        self._folder.cleanup()

    def _take(
        self,
        name: str,
        between: Callable[[], None] | None = None,
        watch: Callable[[str, Row], None] | None = None,
    ) -> Snapshot:
        started = time.monotonic()
        self._number += 1
        path = Path(self._folder.name) / f"{self._number:05d}" / name
        if name in ("after", "undone"):
            self._forget(name)
        with writing(path, datetime.now(UTC)) as writer:
            keep_all(writer, self._fleet, brief=False, between=between, watch=watch)
        self.seconds = time.monotonic() - started
        return open_snapshot(path)

    def _forget(self, name: str) -> None:
        """One of that name at a time: a long window takes no more disk than a short one."""
        for path in Path(self._folder.name).glob(f"*/{name}"):
            shutil.rmtree(path.parent)

    def _learn(self, router: str, row: Row) -> None:
        with self._lock:
            self._scopes.learn(router, row)
            if row.kind is Kind.ROUTE and self._told:
                self._remember(router, row)

    def _remember(self, router: str, row: Row) -> None:
        """The networks advertised by a neighbour that is about to be removed."""
        for at, peer in self._told:
            told = row.values[_TELLER] == peer or f"from {peer} " in row.values[_OTHERS]
            if at == router and told:
                table, _, destination = row.key.partition(" ")
                self._told[at, peer] |= self._scopes.of(router, table, destination)
