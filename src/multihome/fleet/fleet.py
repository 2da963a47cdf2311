"""Many routers at once: Nornir's threads, one session per router, an outcome for each.

Nornir is built by hand: nothing registers itself, nothing is logged (it would write the
arguments of every task in clear), and no payload is ever an argument.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Self, TypeVar

from nornir.core import Nornir
from nornir.core.configuration import Config, LoggingConfig
from nornir.core.inventory import ConnectionOptions, Defaults, Groups, Host, Hosts, Inventory
from nornir.core.processor import Processors
from nornir.core.task import Result
from nornir.plugins.runners import ThreadedRunner

from multihome.device.session import Timeouts
from multihome.device.silence_loggers import hush
from multihome.errors import MultihomeError, UnknownName, Unreachable
from multihome.fleet.asking import answers_of, ask, keep_all, lost
from multihome.fleet.connection import NAME, register
from multihome.fleet.narrator import Narrator
from multihome.fleet.opening import over_pyez
from multihome.fleet.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path
    from types import TracebackType

    from nornir.core.task import Task

    from multihome.device.session import Session
    from multihome.fleet.asking import Answer, Answers
    from multihome.fleet.event import Event, Listener
    from multihome.fleet.opening import Connect
    from multihome.inventory.target import Target
    from multihome.state.request import Request

T = TypeVar("T")

WORKERS = 100
"""Threads at most: beyond, measured, nothing is gained."""

hush("nornir")


@dataclass(frozen=True, slots=True)
class Tally:
    """How many operational RPCs a fleet has sent, and the time spent on them."""

    rpcs: int = 0
    seconds: float = 0.0


class Fleet:
    """The routers of a run. Opens a session when it is first needed, and keeps it."""

    def __init__(
        self,
        targets: Iterable[Target],
        *,
        connect: Connect | None = None,
        timeouts: Timeouts | None = None,
        listeners: Iterable[Listener] = (),
    ) -> None:
        """`connect` opens a session to a target and proves that it is that router.

        By default that is over PyEZ, with the host key verified and the host name compared.
        """
        register()
        self._listeners = tuple(_harmless(listener) for listener in listeners)
        connect = connect or over_pyez(timeouts or Timeouts())
        hosts = Hosts({target.name: _host(target, connect) for target in targets})
        self._nornir = Nornir(
            Inventory(hosts=hosts, groups=Groups(), defaults=Defaults()),
            config=Config(logging=LoggingConfig(enabled=False)),
            processors=Processors([Narrator(self._listeners)]),
            runner=ThreadedRunner(num_workers=min(WORKERS, max(1, len(hosts)))),
        )
        self.tally = Tally()

    @property
    def routers(self) -> tuple[str, ...]:
        """The names, in the inventory's order."""
        return tuple(self._nornir.inventory.hosts)

    @property
    def devices(self) -> dict[str, str]:
        """Router to `host:port`: logical systems of one device share it, and its lock."""
        hosts = self._nornir.inventory.hosts
        return {name: f"{host.hostname}:{host.port}" for name, host in hosts.items()}

    def run(
        self,
        work: Callable[[Session], T],
        routers: Iterable[str],
        *,
        step: str,
        reopen: bool = True,
    ) -> dict[str, Outcome[T]]:
        """Do some work on each router at the same time; `step` is its name in events.

        A session that was lost is opened again, unless `reopen` says that it must be the same
        one, because it holds a lock or a candidate; then the outcome is Unreachable.

        Raises:
            UnknownName: a router that the fleet does not have.
        """

        def one(host: Host) -> T:
            return work(self._session(host, reopen=reopen))

        return self._each(one, routers, step)

    def renew(
        self, routers: Iterable[str], *, step: str = "reach"
    ) -> dict[str, Outcome[Session | None]]:
        """Open a fresh session to each router, which then is the one that `run` uses.

        The value is the session it replaces, still open if it was, for the caller to close.
        """

        def one(host: Host) -> Session | None:
            old = host.connections.pop(NAME, None)
            try:
                host.open_connection(NAME, self._nornir.config)
            except MultihomeError:
                if old is not None:
                    host.connections[NAME] = old
                raise
            return None if old is None else _session_of(old.connection)

        return self._each(one, routers, step)

    def collect(
        self, requests: Mapping[str, Iterable[Request]], *, folder: Path | None = None
    ) -> Answers:
        """Ask each router its requests, each once; every request gets an element or an error.

        With a `folder`, every reply is kept there without its secrets, to be judged again.
        """
        start = time.perf_counter()
        wanted = {router: tuple(dict.fromkeys(asked)) for router, asked in requests.items()}
        outcomes = self._ask(wanted)
        answers = answers_of(wanted, outcomes)
        if again := lost(outcomes):  # a session that ended is worth a second one, not a third
            answers.update(answers_of(again, self._ask(again)))
        self.tally = Tally(
            self.tally.rpcs + len(answers), self.tally.seconds + time.perf_counter() - start
        )
        if folder is not None:
            keep_all(folder, answers)
        return answers

    def _ask(
        self, wanted: Mapping[str, tuple[Request, ...]]
    ) -> dict[str, Outcome[dict[Request, Answer]]]:
        return self.run(
            lambda session: ask(session, wanted[session.router]), wanted, step="collect"
        )

    def drop(self, routers: Iterable[str]) -> None:
        """Close the sessions to these routers; the next use opens new ones."""
        self._each(_close, routers, "close")

    def tell(self, event: Event) -> None:
        """Let the listeners know of something that is no task of Nornir's."""
        for listener in self._listeners:
            listener(event)

    def cut(self) -> None:
        """End every connection at once, from any thread: a waiting caller gets an error."""
        for host in self._nornir.inventory.hosts.values():
            if NAME in host.connections:
                _session_of(host.connections[NAME].connection).cut()

    def close(self) -> None:
        """Close all sessions; never raises, never waits long."""
        self.drop(self.routers)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _session(self, host: Host, *, reopen: bool) -> Session:
        held = host.connections.get(NAME)
        if held is not None:
            session = _session_of(held.connection)
            if session.alive:
                return session
            if not reopen:
                raise Unreachable(host.name, "the session was lost")
            host.close_connection(NAME)
        return _session_of(host.get_connection(NAME, self._nornir.config))

    def _each(
        self, one: Callable[[Host], T], routers: Iterable[str], step: str
    ) -> dict[str, Outcome[T]]:
        chosen = tuple(dict.fromkeys(routers))
        for router in chosen:
            if router not in self._nornir.inventory.hosts:
                raise UnknownName("router", router, self.routers)
        if not chosen:
            return {}
        some = self._nornir.filter(filter_func=lambda host: host.name in chosen)
        try:
            results = some.run(task=partial(performed, one), name=step, on_failed=True)
        except BaseException:
            self.cut()  # tasks that still run must not outlive the caller
            raise
        outcomes: dict[str, Outcome[T]] = {}
        for router in chosen:
            result = results[router][0]
            if result.exception is not None:
                raise result.exception
            outcomes[router] = result.result
        return outcomes


def _harmless(listener: Listener) -> Listener:
    """A listener may fail, on a full disk or a closed terminal, and the work goes on."""

    def listen(event: Event) -> None:
        with suppress(Exception):
            listener(event)

    return listen


def _host(target: Target, connect: Connect) -> Host:
    options = ConnectionOptions(extras={"connect": partial(connect, target)})
    return Host(
        name=target.name,
        hostname=target.host,
        port=target.port,
        username=target.username,
        platform="junos",
        data={"role": target.role, "logical_system": target.logical_system},
        connection_options={NAME: options},
    )


def performed(one: Callable[[Host], T], task: Task) -> Result:
    """Our own errors are an outcome: as an exception, Nornir would log them and skip the host."""
    start = time.perf_counter()
    try:
        value, error = one(task.host), None
    except MultihomeError as failure:
        value, error = None, failure
    seconds = time.perf_counter() - start
    return Result(task.host, Outcome(task.host.name, value, error, seconds))


def _close(host: Host) -> None:
    if NAME in host.connections:
        host.close_connection(NAME)


def _session_of(connection: Session) -> Session:
    """Nornir's connections are of any type; ours are sessions."""
    return connection
