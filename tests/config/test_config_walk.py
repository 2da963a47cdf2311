"""A random walk of people, commits and time over one database: what must hold at every step."""

from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from multihome.twin.config.database import Database
from multihome.twin.config.formats.text_format import print_text
from multihome.twin.config.history import KEPT, CommitRequest
from multihome.twin.config.load import parse

SESSIONS = st.integers(1, 3)
NAMES = st.sampled_from(["alpha", "beta", "gamma", "delta"])


class Walk(RuleBasedStateMachine):
    """Three sessions, one clock, one model: the configuration that must be active."""

    @initialize()
    def boot(self):
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self.active = []
        self.database = Database(lambda _: (), self.active.append)
        self.database.boot(parse("set system host-name start", "set").root, self.now)
        for session in (1, 2, 3):
            self.database.open(session, f"user{session}", self.now)

    @rule(session=SESSIONS, name=NAMES)
    def edit(self, session, name):
        before = print_text(self.database.candidate(session))
        outcome = self.database.load(
            session, f"set system login user {name} class operator", self.now, action="set"
        )
        assert outcome.ok or print_text(self.database.candidate(session)) == before

    @rule(session=SESSIONS, name=NAMES)
    def remove(self, session, name):
        self.database.load(session, f"delete system login user {name}", self.now, action="set")

    @rule(session=SESSIONS, seconds=st.sampled_from([None, 60, 600]))
    def commit(self, session, seconds):
        holder = self.database.holder
        wanted = print_text(self.database.candidate(session))
        private = ("private", session) in [(e.mode, e.session) for e in self.database.holders()]
        outcome = self.database.commit(session, CommitRequest(confirmed_seconds=seconds), self.now)
        if holder is not None and holder.session != session:
            assert not outcome.ok
        elif not private:
            assert outcome.ok
            assert print_text(self.database.committed) == wanted
        if outcome.commit is not None:
            assert (self.database.pending is not None) == (seconds is not None)
        elif outcome.ok:
            assert private  # a copy without changes

    @rule(session=SESSIONS)
    def check(self, session):
        committed = self.database.committed
        if self.database.check(session, self.now).ok:
            assert self.database.pending is None
        assert self.database.committed is committed

    @rule(session=SESSIONS, number=st.integers(0, 3))
    def rollback(self, session, number):
        if self.database.rollback(session, number, self.now) is None:
            assert self.database.candidate(session) is self.database.history[number].root

    @rule(session=SESSIONS)
    def lock(self, session):
        if self.database.lock(session, self.now) is None:
            assert self.database.diff(session) == ""

    @rule(session=SESSIONS)
    def unlock(self, session):
        self.database.unlock(session)

    @rule(session=SESSIONS)
    def go_private(self, session):
        self.database.open_private(session, self.now)

    @rule(session=SESSIONS)
    def close(self, session):
        self.database.close_configuration(session)

    @rule(session=SESSIONS)
    def die_and_come_back(self, session):
        held = self.database.holder
        self.database.end(session)
        assert self.database.holder is (None if held and held.session == session else held)
        self.database.open(session, f"user{session}", self.now)

    @rule(seconds=st.sampled_from([1, 59, 600]))
    def wait(self, seconds):
        self.now += timedelta(seconds=seconds)
        pending = self.database.pending
        entry = self.database.expire(self.now)
        assert (entry is not None) == (pending is not None and pending.deadline <= self.now)
        if entry is not None:
            assert self.database.committed is pending.revert_to

    @invariant()
    def one_at_most_holds_it_alone(self):
        if hasattr(self, "database"):
            alone = [each for each in self.database.holders() if each.mode == "exclusive"]
            assert len(alone) <= 1

    @invariant()
    def the_history_begins_with_what_is_active(self):
        if hasattr(self, "database"):
            assert self.database.history[0].root is self.database.committed
            assert len(self.database.history) <= KEPT
            assert print_text(self.active[-1]) == print_text(self.database.meant)


TestWalk = Walk.TestCase
TestWalk.settings = settings(stateful_step_count=40)
