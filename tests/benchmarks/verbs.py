"""What each verb costs on the lab's routers: `python tests/benchmarks/verbs.py`.

Everything passes real SSH sessions to a twin in a process of its own; the clock of that network
runs faster than real, so that what is measured is more this tool than its protocols.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from multihome.change.verification import Patience
from multihome.cli.context import lab_workspace
from multihome.drill.exercise import Terms as DrillTerms
from multihome.inventory.project import default_project
from multihome.inventory.targets import read_inventory
from multihome.lab import process
from multihome.lab.order import Order, fresh
from multihome.runbook.changes import Terms, apply, preview
from multihome.runbook.drill import practise
from multihome.runbook.drills import definitions
from multihome.runbook.runs import fleet_of, verify
from multihome.runbook.verify import Wanted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.runbook.workspace import Workspace

PATIENCE = Patience(limit=60.0, interval=0.2)
TIMES = 5
"""How often what is short is measured; the quickest counts, the others had to share."""


def line(what: str, seconds: float) -> None:
    """One line of the table."""
    print(f"{what:<56} {seconds:>8.3f} s", flush=True)


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Measure the body once."""
    start = time.monotonic()
    yield
    line(what, time.monotonic() - start)


def helping() -> float:
    """Seconds of `multihome --help`, from nothing to the last line."""
    start = time.monotonic()
    command = [sys.executable, "-m", "multihome", "--help"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - start


def change(workspace: Workspace) -> None:
    """Plan, apply, and apply what is there already."""
    with timed("plan, nothing configured yet"):
        preview(workspace)
    terms = Terms(patience=PATIENCE)
    with timed("apply: commit, prove, confirm"):
        assert apply(workspace, terms).exit_code == 0
    with timed("apply again: no changes"):
        apply(workspace, terms)


def look(workspace: Workspace) -> None:
    """Prove the steady state, then a drill; what verify's requests cost is in `verify_rpcs.py`."""
    for _ in range(2):  # the second time, everything is loaded
        with timed("verify"):
            assert verify(workspace, Wanted()).exit_code == 0
    drill = next(iter(definitions(workspace).values()))
    with timed(f"drill {drill.name}: prove, break, prove, mend, prove"):
        assert practise(workspace, drill, DrillTerms(patience=PATIENCE)).exit_code == 0


def main() -> None:
    """Print the table."""
    line("multihome --help", min(helping() for _ in range(TIMES)))
    project = default_project()
    names = read_inventory(project).names
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MULTIHOME_RUNS"] = f"{folder}/runs"
        start = time.monotonic()
        lab = process.start(Order(fresh(names)), Path(folder, "lab"))
        try:
            workspace = lab_workspace(project, lab)
            with fleet_of(workspace) as fleet:
                fleet.run(lambda session: session.router, fleet.routers, step="open")
                what = f"boot {len(names)} routers to the last NETCONF hello"
                line(what, time.monotonic() - start)
            lab.set_speed(20)
            change(workspace)
            lab.converge()
            look(workspace)
        finally:
            process.stop(Path(folder, "lab"))


if __name__ == "__main__":
    main()
