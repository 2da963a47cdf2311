"""What each verb costs on the lab's routers: `python tests/benchmarks/verbs.py`.

Everything passes real SSH sessions to a twin in a process of its own; the clock of that network
is sped up only while it comes up, so that what is measured is this tool and not its protocols.
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
from multihome.check.result import Verdict
from multihome.cli.context import lab_workspace
from multihome.inventory.project import default_project
from multihome.inventory.targets import read_inventory
from multihome.lab import process
from multihome.lab.order import Order, fresh
from multihome.runbook.changes import Terms, apply, preview
from multihome.runbook.runs import fleet_of
from multihome.runbook.verify import Verifier, Wanted, demands

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from multihome.runbook.workspace import Workspace
    from multihome.state.query import Replies
    from multihome.state.request import Request

TIMES = 5
"""How often what is short is measured; the quickest counts, the others had to share."""


def line(what: str, seconds: float, words: str = "") -> None:
    """One line of the table."""
    print(f"{what:<44} {seconds:>8.3f} s  {words}".rstrip(), flush=True)


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
    terms = Terms(patience=Patience(limit=60.0, interval=0.2))
    with timed("apply: commit, prove, confirm"):
        assert apply(workspace, terms).exit_code == 0
    with timed("apply again: no changes"):
        apply(workspace, terms)


def verify(workspace: Workspace) -> None:
    """The whole of `verify`, part by part."""
    start = time.monotonic()
    checks = demands(workspace, Wanted())
    derived = time.monotonic()
    with fleet_of(workspace) as fleet:
        fleet.run(lambda session: session.router, fleet.routers, step="open")
        opened = time.monotonic()
        asking: list[float] = []

        def collect(wanted: Mapping[str, Iterable[Request]]) -> Replies:
            began = time.monotonic()
            replies = fleet.collect(wanted)
            asking.append(time.monotonic() - began)
            return replies

        verifier = Verifier(workspace, collect)
        found = verifier.outcome(checks)
        judged = time.monotonic()
    passed = sum(each.verdict is Verdict.PASS for each in found.result.results)
    line("verify: expectations", derived - start, f"{len(checks)} checks, {passed} pass")
    line("verify: sessions", opened - derived, f"{len(fleet.routers)} routers, one session each")
    asked, rpcs = sum(asking), verifier.asked
    line("verify: ask", asked, f"{rpcs} RPCs, {asked / rpcs * 1000:.2f} ms an RPC")
    line("verify: read and judge", judged - opened - asked)
    line("verify: all of it", judged - start)


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
            lab.set_speed(1)
            for _ in range(2):  # the second time, everything is loaded
                verify(workspace)
        finally:
            process.stop(Path(folder, "lab"))


if __name__ == "__main__":
    main()
