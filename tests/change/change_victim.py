"""A process that changes routers, or finishes an earlier run, and kills itself at a given step.

Not even cleanup runs.

change_victim.py ORDER.json RUNS STEP ROUTER MOMENT
"""

import json
import os
import signal
import sys
from pathlib import Path

from pydantic import SecretStr

from multihome.change.change_request import Order
from multihome.change.folder import RunFolder
from multihome.change.recovery.actions import Direction
from multihome.change.recovery.finish import finish
from multihome.change.transaction import transact
from multihome.change.verification import Patience, Proof, Verified
from multihome.fleet.fleet import Fleet
from multihome.inventory.target import Target


def main(order_file, runs, step, router, moment):
    told = json.loads(Path(order_file).read_text())

    def listener(event):
        if (event.step, event.router, event.moment) == (step, router, moment):
            os.kill(os.getpid(), signal.SIGKILL)

    targets = [
        Target(
            t["name"], "127.0.0.1", t["username"], t["port"],
            SecretStr(t["password"]), known_hosts=Path(t["known_hosts"]),
        )
        for t in told["targets"]
    ]  # fmt: skip
    if told["finish"]:
        run, direction = told["finish"]
        with Fleet(targets, listeners=[listener]) as fleet:
            finish(fleet, RunFolder.find(Path(runs), run), Direction(direction))
        return
    order = Order(told["scripts"], tuple(map(tuple, told["batches"])), patience=Patience(limit=0))
    proof = Proof[told["proof"]]
    with Fleet(targets, listeners=[listener]) as fleet:
        transact(fleet, RunFolder.create(Path(runs), "apply"), order, lambda _: Verified(proof))


if __name__ == "__main__":
    main(*sys.argv[1:])
