"""What is asked of the network at each stage of a change."""

from types import SimpleNamespace

import pytest

from multihome.change.verification import Proof, Stage
from multihome.check.result import CheckResult, Finding, Verdict
from multihome.intent.expectation import Ping
from multihome.intent.load import load_intent
from multihome.inventory.project import default_project
from multihome.inventory.targets import read_inventory
from multihome.runbook.proof import Proofs


class Network:
    """Answers for a verifier; `away` are the targets that nobody reaches."""

    def __init__(self):
        self.away, self.asked = set(), 0
        self.clock = SimpleNamespace(now=lambda: 0.0)
        project = default_project()
        intent = load_intent(project.intent, read_inventory(project).roles)
        self.workspace = SimpleNamespace(intent=intent)

    def look(self, checks):
        return [CheckResult("", check.router, (self._finding(check),)) for check in checks]

    def explained(self, _checks, results):
        return tuple(results)

    def _finding(self, check):
        verdict = Verdict.FAIL if str(check.target) in self.away else Verdict.PASS
        return Finding(check.router, str(check.target), "loss", "0", "?", verdict)


NEAR, FAR = "10.0.0.3", "10.0.0.14"


@pytest.fixture
def network():
    return Network()


@pytest.fixture
def proofs(network):
    checks = [Ping(router="saturn", target=target) for target in (NEAR, FAR)]
    made = Proofs(network, checks)
    made.announce(("luna", "orcus"))
    return made


def after(proofs, *committed):
    return proofs.changed(Stage(committed, final=False)).proof


def test_between_two_legs_is_asked_what_held_before(network, proofs):
    network.away = {FAR}
    proofs.before()
    assert after(proofs, "orcus") is Proof.PROVEN
    network.away = {NEAR, FAR}
    assert after(proofs, "orcus") is Proof.FAILED


def test_what_an_earlier_batch_broke_after_its_proof_stops_the_next(network, proofs):
    proofs.before()
    assert after(proofs, "orcus") is Proof.PROVEN
    network.away = {NEAR}
    proofs.before()
    assert after(proofs, "orcus", "luna") is Proof.FAILED
    assert proofs.restored(Stage((), final=True)).proof is Proof.PROVEN  # as this batch found it


def test_what_is_shown_was_seen_since_the_change_began(network, proofs):
    network.away = {NEAR, FAR}
    proofs.before()
    assert not proofs.asked
    network.away = set()
    proofs.before()
    after(proofs, "orcus")
    assert {result.verdict for result in proofs.result.results} == {Verdict.PASS}
    network.away = {NEAR}
    proofs.restored(Stage((), final=True))
    assert {result.verdict for result in proofs.undone.results} == {Verdict.PASS}
