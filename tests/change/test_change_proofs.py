"""What is asked of the network at each stage of a change."""

from types import SimpleNamespace

import pytest

from multihome.change.verification import Proof, Stage
from multihome.check.result import CheckResult, Finding, Verdict
from multihome.intent.expectation import Ping
from multihome.intent.expected_neighbors import BgpSession, LdpSession
from multihome.intent.load import load_intent
from multihome.inventory.project import default_project
from multihome.inventory.targets import read_inventory
from multihome.runbook.change_verification import Proofs


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
        peer = getattr(check, "peer", getattr(check, "neighbor", None))
        target = str(getattr(check, "target", peer))
        verdict = Verdict.FAIL if target in self.away else Verdict.PASS
        return Finding(check.router, target, "loss", "0", "?", verdict)


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


def session(router, peer):
    return BgpSession(router=router, peer=peer, state="Established")


CORE_LINK = LdpSession(router="apollo", neighbor="10.0.0.6")  # with jupiter, on one link
THROUGH_THE_CORE = session("ceres", "10.0.0.5")  # with juno
LEG = session("juno", "4.0.0.21")


def deploying(network, *checks):
    """Proofs of a network that has nothing yet."""
    made = Proofs(network, checks)
    made.announce(network.workspace.intent.routers)
    return made


@pytest.mark.parametrize(
    ("check", "committed", "asked"),
    [
        (CORE_LINK, ("apollo", "jupiter"), True),
        (CORE_LINK, ("apollo",), False),
        (LEG, ("juno", "luna"), True),
        (LEG, ("juno", "orcus"), False),
        (THROUGH_THE_CORE, ("ceres", "juno"), False),
        (THROUGH_THE_CORE, ("ceres", "juno", "apollo", "jupiter", "mars", "sol"), True),
    ],
)
def test_a_batch_is_asked_for_what_it_can_deliver(network, check, committed, asked):
    proofs = deploying(network, check)
    network.away = {str(getattr(check, "peer", getattr(check, "neighbor", None)))}
    assert (after(proofs, *committed) is Proof.FAILED) == asked


def test_who_is_not_going_to_be_changed_is_no_obstacle(network):
    proofs = Proofs(network, [THROUGH_THE_CORE])
    proofs.announce(("ceres", "juno", "vulcan"))
    network.away = {"10.0.0.5"}
    assert after(proofs, "ceres", "juno") is Proof.FAILED
