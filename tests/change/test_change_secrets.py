"""Secrets planted everywhere, and nothing that is written or said has them."""

import logging
import traceback

import pytest
from change_memory import Trouble
from pydantic import SecretStr

from multihome.change.change_request import Order
from multihome.change.folder import RunFolder
from multihome.change.preflight.plan import plan
from multihome.change.recovery.actions import Direction
from multihome.change.recovery.finish import Terms as Finishing
from multihome.change.recovery.finish import finish
from multihome.change.recovery.status import status
from multihome.change.transaction import transact
from multihome.change.verification import Proof, Verified, trusting
from multihome.errors import MultihomeError
from multihome.inventory.target import Target

CANARY = "c4n4ry"
SCRIPT = f"""delete protocols bgp group ours
set protocols bgp group ours type external
set protocols bgp group ours neighbor 1.2.3.4 authentication-key "$9${CANARY}.obfuscated"
set system radius-server 1.2.3.4 secret plain-{CANARY}-in-its-place
set snmp community known-{CANARY}-by-value authorization read-only
"""
KNOWN = (f"known-{CANARY}-by-value",)


@pytest.fixture
def heard(world, runs, caplog):
    """Everything that a run says, writes, logs or raises."""
    caplog.set_level(logging.DEBUG)
    said = []

    def run(verify=trusting):
        order = Order(
            dict.fromkeys(world.routers, SCRIPT),
            (("ceres", "juno", "luna"),),
            secrets=KNOWN,
        )
        folder = RunFolder.create(runs, "apply", KNOWN)
        with world.fleet([lambda event: said.append(repr(event))]) as fleet:
            said.append(repr(plan(fleet, order.scripts, secrets=KNOWN)))
            verdict = transact(fleet, folder, order, verify, stop=world.stop)
            said.extend([repr(order), repr(verdict), *(part.diff for part in verdict.parts)])
            said.append(repr(status(fleet, folder)))
            said.append(repr(finish(fleet, folder, Direction.ROLLBACK, Finishing(stop=world.stop))))
            said.extend(
                "".join(traceback.format_exception(part.error))
                for part in verdict.parts
                if isinstance(part.error, MultihomeError)
            )
        said.extend(path.read_text() for path in runs.rglob("*") if path.is_file())
        said.extend(record.getMessage() for record in caplog.records)
        return verdict, said

    return run


@pytest.mark.parametrize("operation", ["", "load", "commit_check", "commit_confirmed", "history"])
def test_no_secret_is_said_or_written_whatever_goes_wrong(world, heard, operation):
    if operation:
        world.routers["juno"].troubles.append(Trouble(operation, "after garbage"))
    _, said = heard()
    assert len(said) > 20
    assert not [text for text in said if CANARY in text]


def test_no_secret_is_in_what_an_undone_change_leaves(heard):
    _, said = heard(lambda _: Verified(Proof.FAILED, "no"))
    assert not [text for text in said if CANARY in text]


def test_a_target_does_not_print_its_password():
    assert CANARY not in repr(Target("juno", "10.0.0.5", "lab", password=SecretStr(CANARY)))
