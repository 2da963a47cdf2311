"""A whole verify of the lab: RPCs, seconds, seconds per RPC, beside plain PyEZ on the same RPCs.

    python tests/benchmarks/verify_rpcs.py [--rounds 5] [--bound 10]

The twin runs in a process of its own, with the service deployed.  A round is a whole `verify`
as an operator runs it: sessions opened, every table asked once, judged, closed.  Then stock
PyEZ asks the same routers for the same tables, a thread for each router as here; and both ask
one router alone, where neither the twin nor the other threads hold them up.  Medians of all
rounds; ends with 1 if one router's answer does not come at least `bound` times as fast.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jnpr.junos import Device
from pydantic import SecretStr

from multihome.check import engine
from multihome.device import pyez
from multihome.fleet.fleet import Fleet
from multihome.inventory.credentials import Credentials
from multihome.inventory.project import default_project
from multihome.lab import process
from multihome.render.secrets import Secrets
from multihome.report.model import exit_code
from multihome.runbook.verify import Verifier, Wanted, demands
from multihome.runbook.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from multihome.lab.process import Lab, LabRouter
    from multihome.state.request import Request


@dataclass(frozen=True)
class Round:
    """One round: how many RPCs, the seconds for all of it, and those of the RPCs alone."""

    rpcs: int
    seconds: float
    asking: float


def ours(workspace: Workspace) -> Round:
    """A verify as the command line runs it, but for reading the project and writing files."""
    checks = demands(workspace, Wanted())
    started = time.perf_counter()
    with Fleet(workspace.targets.values()) as fleet:
        fleet.renew(fleet.routers)
        outcome = Verifier(workspace, fleet.collect).outcome(checks)
        tally = fleet.tally
    seconds = time.perf_counter() - started
    assert exit_code(outcome.result) == 0, [str(each) for each in outcome.result.failures[:5]]
    return Round(tally.rpcs, seconds, tally.seconds)


def stock(lab: Lab, asks: Mapping[str, Sequence[Request]]) -> Round:
    """The same RPCs by PyEZ as it comes, a session and a thread for each router."""
    started = time.perf_counter()
    with ThreadPoolExecutor(len(asks)) as pool:
        routers = {router.name: router for router in lab.routers}
        devices = dict(pool.map(_opened, (routers[name] for name in asks)))
        asking = time.perf_counter()
        list(pool.map(lambda name: _ask(devices[name], asks[name]), asks))
        asked = time.perf_counter() - asking
        list(pool.map(lambda device: device.close(), devices.values()))
    rpcs = sum(len(requests) for requests in asks.values())
    return Round(rpcs, time.perf_counter() - started, asked)


def alone(
    workspace: Workspace, router: LabRouter, requests: Sequence[Request]
) -> tuple[float, float]:
    """Seconds for each RPC to one router: ours, and stock PyEZ's."""
    with pyez.connect(workspace.targets[router.name]) as session:
        mine = statistics.median(_seconds(lambda r=r: session.call(r)) for r in requests)
    _, device = _opened(router)
    theirs = statistics.median(_seconds(lambda r=r: device.execute(r.element())) for r in requests)
    device.close()
    return mine, theirs


def _seconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def _opened(router: LabRouter) -> tuple[str, Device]:
    device = Device(
        host=router.host,
        port=router.port,
        user=router.username,
        password=router.password,
        gather_facts=False,
    )
    return router.name, device.open()


def _ask(device: Device, requests: Sequence[Request]) -> None:
    for request in requests:
        device.execute(request.element())


def lab_with_service(state: Path) -> Iterator[Lab]:
    """A twin on which this tool has deployed the service; it ends with the generator."""
    environ = {**os.environ, "MULTIHOME_LAB_DIR": str(state), "MULTIHOME_RUNS": str(state / "runs")}
    base = [sys.executable, "-m", "multihome"]
    up = [*base, "lab", "up", "--speed", "20"]
    subprocess.run(up, check=True, env=environ, capture_output=True)
    try:
        apply = [*base, "--lab", "apply", "--yes", "--wait", "60s", "--confirm", "20m"]
        subprocess.run(apply, check=True, env=environ, capture_output=True)
        lab = process.running(state)
        lab.converge()
        lab.set_speed(1)
        yield lab
    finally:
        process.stop(state)


def workspace_of(lab: Lab) -> Workspace:
    """The project on that twin."""
    overlay = {
        router.name: {
            "host": router.host,
            "port": router.port,
            "username": router.username,
            "password": SecretStr(router.password),
            "known_hosts": lab.known_hosts,
        }
        for router in lab.routers
    }
    return Workspace.open(default_project(), Credentials(), Secrets({}), overlay=overlay)


def tell(name: str, rounds: Sequence[Round]) -> None:
    """Print the medians."""

    def median(value: Callable[[Round], float]) -> float:
        return statistics.median(map(value, rounds))

    each = median(lambda r: r.asking / r.rpcs)
    print(
        f"{name:<12} {rounds[0].rpcs:>5} RPCs {median(lambda r: r.seconds):8.3f} s in all "
        f"{median(lambda r: r.asking):8.3f} s asking {1000 * each:8.2f} ms an RPC"
    )


def main() -> int:
    """Deploy, measure, compare."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--bound", type=float, default=10.0, help="times as fast, at least")
    options = parser.parse_args()
    warnings.simplefilter("ignore")  # stock PyEZ and paramiko have many to give
    with tempfile.TemporaryDirectory(prefix="multihome-bench-") as folder:
        for lab in lab_with_service(Path(folder)):
            workspace = workspace_of(lab)
            asks: dict[str, list[Request]] = {}
            for router, request in engine.plan(demands(workspace, Wanted())):
                asks.setdefault(router, []).append(request)
            ours(workspace)  # the first one pays for imports
            mine, theirs = [], []
            for _ in range(options.rounds):
                mine.append(ours(workspace))
                theirs.append(stock(lab, asks))
            print(f"{len(asks)} routers at once, medians of {options.rounds} rounds")
            tell("stock PyEZ", theirs)
            tell("multihome", mine)
            busiest = max(lab.routers, key=lambda router: len(asks[router.name]))
            single = [alone(workspace, busiest, asks[busiest.name]) for _ in range(options.rounds)]
    one, other = (statistics.median(column) for column in zip(*single, strict=True))
    ratio = other / one
    print(
        f"{busiest.name} alone: stock PyEZ {1000 * other:.2f} ms an RPC, multihome {1000 * one:.2f} ms"
    )
    good = ratio >= options.bound
    print(f"{'PASS' if good else 'FAIL'}: {ratio:.0f} times as fast, bound {options.bound:.0f}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
