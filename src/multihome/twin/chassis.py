"""One chassis: an identity, a configuration database, and the routers it hosts in a network.

A chassis is one router, or many: each logical system of its configuration is a router of
its own.  In the network they are called `NAME` and `NAME:LOGICAL-SYSTEM`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from multihome.twin.config.checks import unmodelled
from multihome.twin.config.database import Database
from multihome.twin.config.load import load
from multihome.twin.config.tree import Node
from multihome.twin.junos.check.router import problems
from multihome.twin.junos.reader import keys
from multihome.twin.junos.reader.router import build
from multihome.twin.netconf.history import History
from multihome.twin.netconf.messages import Style
from multihome.twin.show.as_xml import junos_namespace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from lxml.etree import _Element

    from multihome.twin.calendar import Calendar
    from multihome.twin.clock import Timer
    from multihome.twin.config.load import Format
    from multihome.twin.config.problem import Problem
    from multihome.twin.journal import Journal, Line
    from multihome.twin.network import Network
    from multihome.twin.routing.node import VirtualRouter

MODEL = "mx104"
VERSION = "21.4R3.15"
FIRST_SESSION = 7001
_LATE = 1e-3
"""Seconds that a rollback comes after its deadline, which is rounded to microseconds."""


@dataclass(slots=True)
class Login:
    """A logged-in session; `tty` is empty for NETCONF."""

    user: str
    tty: str
    origin: str
    since: datetime
    hangup: Callable[[], None]


class Chassis:
    """A device as its clients see it; implements what `show` and the NETCONF server ask for.

    Args:
        name: in the network, and the host name until one is configured.
        network: where its routers live.
        calendar: the network's clock as the time of day.
        journal: where what happens is written down.
        always_chunked: offer NETCONF 1.1 although `rfc-compliant` and `version-1.1`, which
            Junos asks for, are not configured.
    """

    def __init__(
        self,
        name: str,
        network: Network,
        calendar: Calendar,
        journal: Journal,
        *,
        always_chunked: bool = True,
    ) -> None:
        self.name = name
        self.model = MODEL
        self.version = VERSION
        self.serial = serial_number(name)
        self.network = network
        self.clock = network.clock
        self.database = Database(problems, self._activate)
        self.always_chunked = always_chunked
        self._calendar = calendar
        self._journal = journal
        self._started = network.clock.now
        self._logins: dict[int, Login] = {}
        self._last_session = FIRST_SESSION - 1
        self._systems: tuple[str, ...] = ()
        self._rollback_timer: Timer | None = None
        self._active: Node | None = None
        self._key_timer: Timer | None = None
        self._unmodelled: set[str] = set()
        self.unknown = 0
        """Statements of the configuration it booted with that the grammar does not know."""

    # --- identity and time ------------------------------------------------------------

    @property
    def host_name(self) -> str:
        """The configured host name."""
        system = self.database.committed.get("system")
        return (system.leaf("host-name") if system is not None else None) or self.name

    def now(self) -> datetime:
        """The time of day, in UTC, as far as the network's clock has come."""
        return self._calendar.now()

    @property
    def started(self) -> datetime:
        """When it booted."""
        return self._calendar.at(self._started)

    @property
    def powered(self) -> bool:
        """Whether it has power."""
        node = self.network.nodes.get(self.name)
        return node is None or node.powered

    @property
    def frozen(self) -> bool:
        """Whether it is frozen: no client gets an answer, or a reason."""
        node = self.network.nodes.get(self.name)
        return node is not None and node.frozen

    def rebooted(self) -> None:
        """Power came back just now."""
        self._started = self.clock.now

    # --- the routers ------------------------------------------------------------------

    @property
    def routers(self) -> Mapping[str, VirtualRouter]:
        """By logical system; "" is the main router."""
        return {system: self.network.nodes[self.node_name(system)] for system in self._systems}

    def node_name(self, system: str) -> str:
        """What the network calls one of the routers."""
        return f"{self.name}:{system}" if system else self.name

    def _activate(self, root: Node) -> None:
        """Let the network do what was committed."""
        self._active = root
        made, now = build(root), self.now()
        configured = {system: keys.at(router, now) for system, router in made.items()}
        self._watch_keys(keys.next_start(made.values(), now))
        for system in self._systems:
            if system not in configured:
                self.network.remove(self.node_name(system))
        for system, router in configured.items():
            node = self.node_name(system)
            if node in self.network.nodes:
                self.network.configure(node, router)
            else:
                self.network.add(node, router).log = self.log
        self._systems = tuple(configured)
        beyond = [warning for router in configured.values() for warning in router.warnings]
        self._log_unmodelled((*unmodelled(root), *beyond))

    @property
    def unmodelled(self) -> int:
        """Statements that were ever configured, known and not acted on."""
        return len(self._unmodelled)

    def _watch_keys(self, start: datetime | None) -> None:
        """Take the next key of a chain into use when its time has come."""
        if self._key_timer is not None:
            self._key_timer.cancel()
            self._key_timer = None
        if start is not None:
            delay = (start - self.now()).total_seconds() + _LATE
            self._key_timer = self.clock.after(delay, self._roll_over, background=True)

    def _roll_over(self) -> None:
        if self._active is not None:
            self._activate(self._active)

    def _log_unmodelled(self, statements: Iterable[str]) -> None:
        """Name each statement once that is known and not acted on."""
        for statement in statements:
            if statement not in self._unmodelled:
                self._unmodelled.add(statement)
                self.log(f"known, not modelled: {statement}")

    # --- configuration ----------------------------------------------------------------

    def boot(
        self, text: str, form: Format, committed: datetime | None = None
    ) -> tuple[Problem, ...]:
        """Start with a configuration as it is: what is not understood is kept, and logged.

        `committed` is when that was done; now, if that is not known.
        """
        outcome = load(Node(), text, format=form, strict=False)
        for problem in outcome.problems:
            self.log(f"configuration: {problem.message}: {problem.element}".rstrip(": "))
        self.unknown = len(outcome.problems)
        self.database.boot(outcome.root, committed or self.now())
        return outcome.problems

    def watch_confirmation(self) -> None:
        """A confirmed commit was made, confirmed or taken back: time its rollback afresh."""
        if self._rollback_timer is not None:
            self._rollback_timer.cancel()
            self._rollback_timer = None
        pending = self.database.pending
        if pending is not None:
            delay = (pending.deadline - self.now()).total_seconds() + _LATE
            self._rollback_timer = self.clock.after(delay, self._expire, background=True)

    def _expire(self) -> None:
        if self.database.expire(self.now()) is not None:
            self.log("commit confirmed was not confirmed: rolled back")
        self.watch_confirmation()

    def database_reply(self, rpc: _Element) -> _Element:
        """What the configuration database remembers, for `show`; raises RpcError."""
        return History(self.database, self.style).answer(rpc)

    # --- NETCONF ----------------------------------------------------------------------

    @property
    def style(self) -> Style:
        """How a session that begins now names things."""
        compliant = self._netconf("rfc-compliant")
        flat = compliant and self._netconf("flatten-commit-results")
        return Style(junos_namespace(self.version), compliant=compliant, flat=flat)

    @property
    def chunked(self) -> bool:
        """Whether a session that begins now is offered `base:1.1`."""
        configured = self._netconf("rfc-compliant") and self._netconf("version-1.1")
        return self.always_chunked or configured

    def _netconf(self, statement: str) -> bool:
        return self.database.committed.has("system", "services", "netconf", statement)

    # --- who is logged in -------------------------------------------------------------

    def logins(self) -> Sequence[Login]:
        """Who is logged in, longest first."""
        return tuple(self._logins.values())

    def enter(self, user: str, origin: str, tty: str, hangup: Callable[[], None]) -> int:
        """Note a login; its session ID."""
        self._last_session += 1
        client = "cli" if tty else "netconf"
        self.database.open(self._last_session, user, self.now(), tty=tty, client=client)
        self.log(f"{user} logged in from {origin or 'here'}{' at the prompt' if tty else ''}")
        self._logins[self._last_session] = Login(user, tty, origin, self.now(), hangup)
        return self._last_session

    def leave(self, session: int) -> None:
        """Forget a login: its locks are free and its private candidate is gone."""
        if self._logins.pop(session, None) is not None:
            self.database.end(session)

    def kill(self, session: int) -> bool:
        """End another session; False if there is none of that ID."""
        login = self._logins.get(session)
        if login is None:
            return False
        self.leave(session)
        login.hangup()
        return True

    # --- the log ----------------------------------------------------------------------

    def log(self, message: str) -> None:
        """Write a line into the log."""
        self._journal.write(self.name, message)

    def log_lines(self) -> Sequence[Line]:
        """The lines about this chassis, oldest first."""
        return self._journal.lines(self.name)

    def log_failure(self, what: str) -> None:
        """Write the exception being handled into the log."""
        self._journal.write_failure(self.name, what)


def serial_number(name: str) -> str:
    """A serial number in the form of an MX chassis, the same for the same name every time."""
    return f"JN{hashlib.sha256(name.encode()).hexdigest()[:10].upper()}"
