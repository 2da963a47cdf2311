"""Routers in memory: the twin's configuration database behind a Session, with faults on demand.

Time is a number that whoever waits moves on, so leases run out at once.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from change_time import Time, TimelessStop
from lxml import etree

from multihome.device.session import CommitRecord, RouterWarning
from multihome.errors import (
    BadReply,
    CommitUnknown,
    ConfigurationRefused,
    LockDenied,
    RpcFailed,
    RpcTimeout,
    Unreachable,
)
from multihome.fleet.fleet import Fleet
from multihome.inventory.target import Target
from multihome.twin.config.database import Database
from multihome.twin.config.formats.set_format import print_set
from multihome.twin.config.history import CommitRequest
from multihome.twin.config.load import parse_set
from multihome.twin.config.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

REQUEST = 0.01
RPC_TIMEOUT = 60.0
OPEN_TIMEOUT = 30.0
COMMITS = ("commit", "commit_confirmed")


class Killed(BaseException):
    """The process is gone: nothing of it runs any further."""


@dataclass
class Trouble:
    """A fault to happen at the nth call of an operation; `act` runs before or after the work."""

    operation: str
    kind: str
    nth: int = 1
    act: Callable[[MemoryRouter], None] = lambda _: None
    happened: bool = False


@dataclass
class MemoryRouter:
    name: str
    time: Time
    base: str
    troubles: list[Trouble] = field(default_factory=list)
    frozen_until: float = 0.0
    world: World | None = None

    def __post_init__(self):
        self.database = Database(self._problems, lambda _: None)
        self.database.boot(parse_set(self.base), self.time.now)
        self.calls = Counter()
        self.sessions = {}
        self.next_session = 100

    def _problems(self, root):
        if "refuse-me" in print_set(root):
            return [Problem("this router does not like it", daemon="rpd")]
        return []

    def tick(self):
        if self.world.turns is not None:
            self.world.turns.ask()
        self.time.move(REQUEST)
        self.database.expire(self.time.now)

    def open(self):
        if self.world.dead:
            raise Killed
        self.tick()
        self.check_frozen(
            OPEN_TIMEOUT, lambda: Unreachable(self.name, "no answer while connecting")
        )
        self.calls["open"] += 1
        trouble = self.trouble("open")
        if trouble is not None:
            trouble.act(self)
            if trouble.kind.endswith("kill"):
                self.world.dead = True
                raise Killed
            if " " in trouble.kind:
                raise Unreachable(self.name, "the connection was lost")
        self.next_session += 1
        session = MemorySession(self, str(self.next_session))
        self.sessions[session.identity] = session
        self.database.open(self.next_session, "lab", self.time.now)
        return session

    def trouble(self, operation):
        """What is to happen now, if anything is; it happens once."""
        for trouble in self.troubles:
            now = trouble.operation == operation and trouble.nth == self.calls[operation]
            if now and not trouble.happened:
                trouble.happened = True
                return trouble
        return None

    def check_frozen(self, patience, error):
        if self.frozen_until > self.time.seconds:
            self.time.move(min(patience, self.frozen_until - self.time.seconds))
            if self.frozen_until > self.time.seconds:
                raise error()

    def end(self, session):
        session.alive = False
        self.sessions.pop(session.identity, None)
        self.database.end(int(session.identity))

    def other_user(self, statements=None, *, check_only=False, undo=False):
        """Somebody at the terminal: takes the lock and keeps it, or commits and leaves."""
        number = 9000 + self.next_session
        self.database.open(number, "ops", self.time.now, tty="p0", client="cli")
        if self.database.lock(number, self.time.now) is not None:
            self.database.end(number)
            return False
        if statements is None:
            return True
        if undo:
            self.database.rollback(number, 1, self.time.now)
        if statements:
            self.database.load(number, statements, self.time.now, format="text", action="set")
        self.database.commit(number, CommitRequest(check_only=check_only), self.time.now)
        self.database.end(number)
        return True

    def leave(self):
        """Whoever else holds the lock gives it back."""
        holder = self.database.holder
        if holder is not None and str(holder.session) not in self.sessions:
            self.database.end(holder.session)

    def intruder(self, statements="", **how):
        """Somebody who ends all our sessions, and then commits, undoes, or only checks."""
        self.world.meddled = True
        for session in list(self.sessions.values()):
            self.end(session)
        self.other_user(statements, **how)

    @property
    def configuration(self):
        return print_set(self.database.committed)


def freeze(seconds):
    def act(router):
        router.frozen_until = router.time.seconds + seconds

    return act


class MemorySession:
    """The Session contract on a Database."""

    def __init__(self, router, identity):
        self._router, self.identity, self.alive = router, identity, True

    @property
    def router(self):
        return self._router.name

    @property
    def _db(self):
        return self._router.database

    def _number(self):
        return int(self.identity)

    def _do(self, operation, work):
        router = self._router
        if router.world.dead:
            raise Killed
        router.tick()
        if not self.alive:
            raise Unreachable(self.router, "the session was lost")
        router.check_frozen(RPC_TIMEOUT, lambda: self._unanswered(operation))
        router.calls[operation] += 1
        trouble = router.trouble(operation)
        if trouble is None:
            return work()
        return self._with(trouble, operation, work)

    def _with(self, trouble, operation, work):
        when, _, what = trouble.kind.partition(" ")
        result = None
        if when == "after":
            result = work()
        trouble.act(self._router)
        if what == "cut":
            self._router.end(self)
            raise self._lost(operation)
        if what == "zombie":  # the connection is gone, and the router has not noticed
            self.alive = False
            raise self._lost(operation)
        if what == "late":
            raise self._unanswered(operation)
        if what == "garbage":
            self._router.end(self)
            raise self._uncertain(operation) or BadReply(self.router, "the reply is not XML")
        if what == "kill":
            self._router.world.dead = True
            raise Killed
        if what == "refuse":
            kind = (
                ConfigurationRefused
                if operation in (*COMMITS, "load", "commit_check")
                else RpcFailed
            )
            raise kind(self.router, f"{operation}: no")
        return work() if when == "before" else result

    def _uncertain(self, operation):
        if operation not in COMMITS:
            return None
        self.alive = False
        return CommitUnknown(self.router, "whether it was committed is not known yet")

    def _lost(self, operation):
        return self._uncertain(operation) or Unreachable(self.router, "the session was lost")

    def _unanswered(self, operation):
        return self._uncertain(operation) or RpcTimeout(self.router, "no answer in time")

    def _refused(self, problem, kind=RpcFailed):
        if problem is None:
            return
        if problem.tag == "lock-denied" or "database" in problem.message:
            raise LockDenied(self.router, problem.message, str(problem.session or ""))
        raise kind(self.router, problem.message)

    def call(self, request):
        return self._do("call", lambda: etree.Element(request.rpc))

    def lock(self):
        self._do(
            "lock", lambda: self._refused(self._db.lock(self._number(), self._router.time.now))
        )

    def unlock(self):
        self._do("unlock", lambda: self._refused(self._db.unlock(self._number())))

    def open_private(self):
        def work():
            problems = self._db.open_private(self._number(), self._router.time.now)
            self._refused(next((p for p in problems if p.severity == "error"), None))

        self._do("open_private", work)

    def close_private(self):
        self._do(
            "close_private", lambda: self._refused(self._db.close_configuration(self._number()))
        )

    def evict(self, identity):
        def work():
            if identity not in self._router.sessions:
                raise RpcFailed(self.router, "no such session")
            self._router.end(self._router.sessions[identity])

        self._do("evict", work)

    def discard(self):
        self.rollback(0)

    def load(self, statements):
        def work():
            outcome = self._db.load(
                self._number(), statements, self._router.time.now, format="text", action="set"
            )
            if outcome.errors:
                raise ConfigurationRefused(self.router, str(outcome.errors[0].message))
            return tuple(
                RouterWarning("", p.element, p.message)
                for p in outcome.problems
                if p.message != "statement not found"
            )

        return self._do("load", work)

    def diff(self, rollback=0):
        return self._do("diff", lambda: self._db.diff(self._number(), rollback))

    def commit_check(self):
        return self._do("commit_check", lambda: self._commit(CommitRequest(check_only=True)))

    def commit_confirmed(self, *, seconds, comment):
        request = CommitRequest(comment=comment, confirmed_seconds=seconds)
        return self._do("commit_confirmed", lambda: self._commit(request))

    def commit(self, *, comment):
        return self._do("commit", lambda: self._commit(CommitRequest(comment=comment)))

    def _commit(self, request):
        outcome = self._db.commit(self._number(), request, self._router.time.now)
        error = next((p for p in outcome.problems if p.severity == "error"), None)
        self._refused(error, ConfigurationRefused)
        return tuple(RouterWarning("", p.element, p.message) for p in outcome.problems)

    def rollback(self, number=0):
        self._do(
            "rollback",
            lambda: self._refused(self._db.rollback(self._number(), number, self._router.time.now)),
        )

    def configuration(self, *, style="set", candidate=False):
        source = "candidate" if candidate else "committed"
        head = "" if style == "set" else "## Last changed: now\n"
        return self._do(
            "configuration",
            lambda: head + print_set(self._db.configuration(self._number(), source)),
        )

    def history(self):
        def work():
            pending = self._db.pending is not None
            return tuple(
                CommitRecord(n, c.user, c.client, c.when, c.log, pending and n == 0, c.comment)
                for n, c in enumerate(self._db.history)
            )

        return self._do("history", work)

    def close(self):
        if self.alive:
            self._router.end(self)

    def cut(self):
        self.close()


class World:
    """Some routers, a fleet of them, and the time."""

    def __init__(self, names, base):
        self.time = Time()
        self.routers = {name: MemoryRouter(name, self.time, base % name) for name in names}
        for router in self.routers.values():
            router.world = self
        self.stop = TimelessStop(self.time)
        self.dead = False
        self.meddled = False
        self.turns = None

    def fleet(self, listeners=()):
        targets = [Target(name, f"{name}.example", "lab") for name in self.routers]
        return Fleet(targets, connect=self._connect, listeners=listeners)

    def _connect(self, target):
        return self.routers[target.name].open()

    def bury(self):
        """What a dead process leaves: its connections end, and the routers notice."""
        self.dead = False
        for router in self.routers.values():
            for session in list(router.sessions.values()):
                router.end(session)

    def run_out(self):
        """Let all timers run out, and everybody else go home."""
        self.time.move(7200)
        for router in self.routers.values():
            router.frozen_until = 0
            for session in [s for s in router.sessions.values() if not s.alive]:
                router.end(session)
            router.database.expire(self.time.now)
            for holder in router.database.holders():
                if holder.user == "ops":
                    router.database.end(holder.session)
