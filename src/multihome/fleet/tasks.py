"""Nornir tasks, for a script of one's own: each does one thing on one host.

They go with any Nornir inventory; logins, keys and known hosts are completed from the
environment, as for the command. A task that fails raises a MultihomeError, which Nornir
keeps as the host's exception. Nothing here waits for the other leg of a site, verifies, or
survives the death of the script: that is what `multihome apply` is for. These
tasks never make a commit permanent without a confirmation.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from nornir.core.task import Result

from multihome.device.session import Timeouts
from multihome.device.silence_loggers import hush
from multihome.errors import ConfigurationRefused, LockDenied, Refused
from multihome.fleet.asking import answers_of, ask
from multihome.fleet.connection import NAME, register
from multihome.fleet.fleet import performed
from multihome.fleet.opening import over_pyez
from multihome.inventory.credentials import credentials
from multihome.inventory.size import max_reply
from multihome.inventory.targets import target_of
from multihome.values.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from nornir.core import Nornir
    from nornir.core.task import Task

    from multihome.device.session import Session
    from multihome.fleet.asking import Answers
    from multihome.render.rendered import Rendered
    from multihome.state.query import Query
    from multihome.state.request import Request

T = TypeVar("T")

hush("nornir")


def session_of(task: Task) -> Session:
    """The host's session, opened when it is first needed; `nr.close_connections()` ends all.

    Raises:
        DeviceError: the router cannot be reached, proven to be itself, or logged in to.
        UsageError: nothing says who logs in, or the key file is missing.
    """
    host = task.host
    held = host.connections.get(NAME)
    if held is not None and not held.connection.alive:
        host.close_connection(NAME)
    if NAME not in host.connections:
        register()
        target = target_of(host, credentials(os.environ))
        target = replace(target, max_reply=max_reply(os.environ) or target.max_reply)
        connect = partial(over_pyez(Timeouts()), target)
        host.open_connection(NAME, task.nornir.config, extras={"connect": connect})
    session: Session = host.connections[NAME].connection
    return session


def push(
    task: Task, *, rendered: Mapping[str, Rendered], comment: str, confirm_within: int = 300
) -> Result:
    """Make the router hold what was rendered for it, as a commit that is to be confirmed.

    Without a difference nothing is committed, and the result is not `changed`. Otherwise
    `diff` is the router's own, without secrets, and the router goes back by itself unless
    `confirm` comes within `confirm_within` seconds (rounded up to minutes).

    Raises:
        DeviceError: LockDenied, ConfigurationRefused and their kind; nothing is left behind.
        Refused: a foreign statement there contradicts ours.
    """
    session = session_of(task)
    changes = rendered[task.host.name].changes(session.configuration())
    if changes.conflicts:
        raise Refused(f"{session.router}: {changes.conflicts[0]}; nothing was changed")
    return _tried(task, session, changes.script, comment, confirm_within)


def change(task: Task, *, statements: str, comment: str, confirm_within: int = 300) -> Result:
    """Commit `set`, `delete`, `deactivate`... lines; all else as `push` does it."""
    return _tried(task, session_of(task), statements, comment, confirm_within)


def confirm(task: Task, *, comment: str) -> Result:
    """Make what was committed with this comment permanent.

    Raises:
        ConfigurationRefused: the router's newest commit is another one, or waits no more.
    """
    session = session_of(task)
    _own(session, comment)
    with _locked(session):
        session.commit(comment=comment)
    return Result(task.host, changed=True)


def undo(task: Task, *, comment: str) -> Result:
    """Go back at once to what was before the commit with this comment.

    Raises:
        ConfigurationRefused: the router's newest commit is another one, or waits no more.
    """
    session = session_of(task)
    _own(session, comment)
    with _locked(session):
        session.rollback(1)
        session.commit(comment=f"undo {comment}")
    return Result(task.host, changed=True)


def show(task: Task, *, query: Query[T]) -> Result:
    """Ask one question; the result is its table, as `multihome.state` reads it.

    Raises:
        BadReply: the router's answer cannot be read.
    """
    element = session_of(task).call(query.request)
    return Result(task.host, result=query.read(task.host.name, element))


def collector(nornir: Nornir) -> Callable[[Mapping[str, Iterable[Request]]], Answers]:
    """How a `multihome.runbook.verify.Verifier` asks the hosts of this Nornir."""

    def collect(requests: Mapping[str, Iterable[Request]]) -> Answers:
        wanted = {router: tuple(dict.fromkeys(asked)) for router, asked in requests.items()}

        def look(task: Task) -> Result:
            return performed(lambda _: ask(session_of(task), wanted[task.host.name]), task)

        hosts = nornir.filter(filter_func=lambda host: host.name in wanted)
        results = hosts.run(task=look, on_failed=True)
        return answers_of(wanted, {router: results[router][0].result for router in wanted})

    return collect


def _tried(task: Task, session: Session, script: str, comment: str, seconds: int) -> Result:
    with _locked(session):
        if any(record.pending for record in session.history()[:1]):
            waits = "a commit waits to be confirmed; any commit now would confirm it"
            raise LockDenied(session.router, waits)
        if script.strip():
            session.load(script)
        diff = session.diff()
        if diff:
            session.commit_check()
            session.commit_confirmed(seconds=seconds, comment=comment)
    return Result(task.host, changed=bool(diff), diff=redact(diff))


@contextmanager
def _locked(session: Session) -> Iterator[None]:
    """The exclusive lock for the body; whatever is not committed is discarded after it."""
    session.lock()
    try:
        yield
    finally:
        if session.alive:
            session.unlock()


def _own(session: Session, comment: str) -> None:
    newest = next(iter(session.history()), None)
    if newest is None or not newest.pending or newest.comment != comment:
        found = f"{newest.comment!r} by {newest.user}" if newest else "nothing"
        raise ConfigurationRefused(
            session.router,
            f"{comment!r} does not wait to be confirmed; the newest commit is {found}",
        )
