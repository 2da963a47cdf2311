"""The hold window: counted in the network's time, with harm seen twice before it is believed."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from multihome.change.abort import Abort
from multihome.change.steps import commit
from multihome.change.verification import Patience, Proof, Verified

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


class TransactionState:
    """Two routers that wait to be confirmed, with clocks of their own pace; nothing else."""

    def __init__(self, patience, paces):
        self.seconds, self.paces, self.notes, self.tended = 0.0, paces, [], 0
        self.order = SimpleNamespace(patience=patience)
        self.stop = SimpleNamespace(now=lambda: self.seconds, wait=self._wait, check=lambda: None)

    def _wait(self, seconds):
        self.seconds += seconds

    def those(self, *_phases):
        return tuple(self.paces)

    def __getitem__(self, router):
        pace = self.paces[router]
        clock = None if pace is None else EPOCH + timedelta(seconds=self.seconds * pace)
        return SimpleNamespace(router=router, clock=clock)

    def note(self, _step, text, **_detail):
        self.notes.append(text)


@pytest.fixture
def watched(monkeypatch):
    """Without leases."""
    monkeypatch.setattr(commit.lease, "watch", lambda _transaction: None)
    monkeypatch.setattr(
        commit.lease,
        "renew_due",
        lambda transaction: setattr(transaction, "tended", transaction.tended + 1),
    )

    def prove(transaction, verify):
        return commit.prove(transaction, verify, final=True)

    return prove


PROVEN = Verified(Proof.PROVEN, "all hold")


@pytest.mark.parametrize(
    ("paces", "seconds"),
    [
        ({"a": 1, "b": 1}, 30),
        ({"a": 10, "b": 10}, 3),
        ({"a": 10, "b": 5}, 6),  # the slowest decides
        ({"a": None, "b": None}, 30),  # no router tells the time
        ({"a": 0.1, "b": 0}, 30),  # a clock that stands does not keep us forever
    ],
)
def test_it_lasts_as_long_as_the_network_takes(watched, paces, seconds):
    transaction = TransactionState(Patience(limit=60, hold=30, interval=0.25), paces)
    watched(transaction, lambda _stage: PROVEN)
    assert seconds <= transaction.seconds <= seconds + 6
    assert transaction.notes[-1].endswith("for 30 of 30 s")


def test_the_look_that_decides_knows_it(watched):
    stages = []
    transaction = TransactionState(Patience(limit=60, hold=10, interval=1), {"a": 1})
    watched(transaction, lambda stage: stages.append(stage) or PROVEN)
    assert [stage.last for stage in stages] == [False] * (len(stages) - 1) + [True]
    assert [stage.holding for stage in stages] == [False] + [True] * (len(stages) - 1)
    stages[0].meanwhile()
    assert transaction.tended == len(stages) + 1


def harmed(*, lasting):
    return Verified(Proof.FAILED, "far lost", harm="far lost", lasting=lasting)


def test_what_cannot_heal_is_undone_at_once_and_named_first(watched):
    transaction = TransactionState(Patience(limit=60, interval=1), {"a": 1})
    with pytest.raises(Abort, match=r"\Afar lost\Z"):
        watched(transaction, lambda _stage: harmed(lasting=True))
    assert transaction.seconds == 0


def test_harm_is_seen_twice_before_it_ends_a_change(watched):
    answers = [PROVEN, harmed(lasting=False), PROVEN, PROVEN]
    transaction = TransactionState(Patience(limit=0, hold=5, interval=5), {"a": 1})
    watched(transaction, lambda _stage: answers.pop(0))
    answers = [PROVEN, harmed(lasting=False), harmed(lasting=False)]
    with pytest.raises(Abort, match="far lost"):
        watched(transaction, lambda _stage: answers.pop(0))
