"""A Session over PyEZ: the only place where its answers and exceptions are taken apart."""

from __future__ import annotations

import math
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, BinaryIO, Self, TypeVar, cast

from jnpr.junos.utils.config import Config
from lxml import etree

from multihome.device.history import COMMITS, commit_history
from multihome.device.junos import JunosDevice
from multihome.device.known_hosts import KnownHosts
from multihome.device.session import CommitRecord, RouterWarning, Timeouts
from multihome.device.translate import translate
from multihome.errors import BadReply, CommitUnknown, RpcTimeout, Unreachable
from multihome.values.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

    from lxml.etree import _Element

    from multihome.device.known_hosts import HostKey
    from multihome.device.reply import Reply
    from multihome.inventory.target import Target
    from multihome.state.request import Request

T = TypeVar("T")

DELETED_NOTHING = "statement not found"
"""Junos's warning for a `delete` of what is not there; any other warning is passed on."""
_CHASSIS = frozenset(
    {
        "command",
        "file-show",
        "get-alarm-information",
        "get-chassis-inventory",
        "get-commit-information",
        "get-configuration",
        "get-route-engine-information",
        "get-software-information",
        "get-system-alarm-information",
        "get-system-information",
        "get-system-storage",
        "get-system-uptime-information",
    }
)
"""RPCs about the device as a whole, which know no logical system."""


class PyezSession:
    """`multihome.device.session.Session`; its docstrings are the contract of these methods."""

    def __init__(self, device: JunosDevice, target: Target, timeouts: Timeouts) -> None:
        self._device, self._target, self._timeouts = device, target, timeouts
        self._config = Config(device)

    @property
    def router(self) -> str:
        """The inventory name."""
        return self._target.name

    @property
    def device(self) -> JunosDevice:
        """PyEZ's Device below, for what only PyEZ can do."""
        return self._device

    @property
    def identity(self) -> str:
        """NETCONF's session-id."""
        return self._device.identity

    @property
    def host_key(self) -> HostKey | None:
        """The key that the router proved to hold; None if no session is open."""
        return self._device.host_key

    @property
    def alive(self) -> bool:
        """Neither closed nor lost."""
        return self._device.alive

    def call(self, request: Request) -> _Element:
        """One operational RPC, asked of the target's logical system if it is one."""
        return self._ask(request.rpc, self._element(request)).payload

    @contextmanager
    def stream(self, request: Request) -> Iterator[BinaryIO]:
        """One operational RPC, its reply read as it comes; what is left unread ends the session."""
        stream = self._do(request.rpc, lambda: self._device.stream(self._element(request)))
        try:
            yield cast("BinaryIO", stream)
        finally:
            stream.close()
            if not stream.complete:
                self._device.abandon()

    def _element(self, request: Request) -> _Element:
        rpc = request.element()
        if self._target.logical_system and request.rpc not in _CHASSIS:
            etree.SubElement(rpc, "logical-system").text = self._target.logical_system
        return rpc

    def lock(self) -> None:
        """lock-configuration."""
        self._do("lock", self._config.lock)

    def unlock(self) -> None:
        """unlock-configuration."""
        self._do("unlock", self._config.unlock)

    def open_private(self) -> None:
        """open-configuration private."""
        self._do("edit privately", lambda: self._device.rpc.open_configuration(private=True))

    def close_private(self) -> None:
        """close-configuration."""
        self._do("end private edit", self._device.rpc.close_configuration)

    def evict(self, identity: str) -> None:
        """kill-session (RFC 6241 section 7.9)."""
        rpc = etree.Element("kill-session")
        etree.SubElement(rpc, "session-id").text = identity
        self._ask("kill-session", rpc)

    def discard(self) -> None:
        """Load rollback 0."""
        self.rollback(0)

    def load(self, statements: str) -> tuple[RouterWarning, ...]:
        """load-configuration, action set."""
        with _patience(self._device, self._timeouts.commit):
            self._do("load", lambda: self._config.load(statements, format="set"))
        return tuple(w for w in self._warnings() if w.message != DELETED_NOTHING)

    def diff(self, rollback: int = 0) -> str:
        """get-configuration compare."""
        text = self._do("compare", lambda: self._config.diff(rb_id=rollback))
        return f"{text.strip(chr(10))}\n" if isinstance(text, str) and text.strip() else ""

    def commit_check(self) -> tuple[RouterWarning, ...]:
        """commit-configuration check."""
        limit = self._timeouts.commit
        self._do("commit check", lambda: self._config.commit_check(timeout=limit))
        return self._warnings()

    def commit_confirmed(self, *, seconds: int, comment: str) -> tuple[RouterWarning, ...]:
        """commit-configuration confirmed."""
        minutes = max(1, math.ceil(seconds / 60))
        return self._commit("commit confirmed", comment=comment, confirm=minutes)

    def commit(self, *, comment: str) -> tuple[RouterWarning, ...]:
        """commit-configuration."""
        return self._commit("commit", comment=comment)

    def rollback(self, number: int = 0) -> None:
        """load-configuration rollback."""
        self._do(f"rollback {number}", lambda: self._config.rollback(number))

    def configuration(self, *, style: str = "set", candidate: bool = False) -> str:
        """get-configuration; BadReply if the router cannot print that style."""
        database = "candidate" if candidate else "committed"
        rpc = etree.Element("get-configuration", {"format": style, "database": database})
        payload = self._ask("get-configuration", rpc).payload
        if payload.tag != f"configuration-{style}":
            raise BadReply(self.router, f"get-configuration format {style}: got <{payload.tag}>")
        return (payload.text or "").strip("\n") + "\n"

    def history(self) -> tuple[CommitRecord, ...]:
        """get-commit-information."""
        return commit_history(self.router, self._ask(COMMITS.rpc, COMMITS.element()).payload)

    def close(self) -> None:
        """close-session, and the connection with it."""
        with suppress(Exception):  # the contract: closing never raises
            self._device.close()

    def cut(self) -> None:
        """End the connection at once, from any thread: a waiting caller gets an error."""
        self._device.cut()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _commit(self, doing: str, **arguments: Any) -> tuple[RouterWarning, ...]:
        """Commit; whatever keeps the answer from us leaves the outcome open, and ends the session."""
        if not self.alive:
            raise Unreachable(self.router, f"{doing}: not sent, the session is lost")
        limit = self._timeouts.commit
        try:
            self._do(doing, lambda: self._config.commit(timeout=limit, **arguments))
        except (Unreachable, RpcTimeout, BadReply) as error:
            self._device.abandon()
            text = f"{error.reason}; whether it was committed is not known yet"
            raise CommitUnknown(self.router, text) from None
        return self._warnings()

    def _ask(self, doing: str, rpc: _Element) -> Reply:
        self._do(doing, lambda: self._device.execute(rpc))
        if self._device.reply is None:
            raise BadReply(self.router, f"{doing}: no reply was kept")
        return self._device.reply

    def _do(self, doing: str, action: Callable[[], T]) -> T:
        outer = sys.exception()
        self._device.reply = None
        try:
            return action()
        except Exception as error:  # noqa: BLE001  # the quarantine: all that is foreign ends here
            ours = translate(self.router, doing, error, self._device.reply, beneath=outer)
        if isinstance(ours, BadReply):
            self._device.abandon()
        raise ours

    def _warnings(self) -> tuple[RouterWarning, ...]:
        found = self._device.reply.warnings if self._device.reply else ()
        return tuple(
            RouterWarning(c.path, c.element, redact(" ".join(c.message.split()))) for c in found
        )


def connect(
    target: Target, *, known: KnownHosts | None = None, timeouts: Timeouts | None = None
) -> PyezSession:
    """Open a session to one router.

    `known` is the shared index of host keys; without it, the target's own file is read.

    Raises:
        Unreachable: no connection, no NETCONF, or no answer in time, with the stage.
        HostKeyMismatch: the key is unknown, changed or revoked.
        AuthenticationFailed: the credentials were refused.
        UsageError: the key file cannot be used.
    """
    timeouts = timeouts or Timeouts()
    if known is None:
        known = KnownHosts.read(target.known_hosts) if target.known_hosts else KnownHosts()
    device = JunosDevice(target, known, timeouts)
    device.open()
    return PyezSession(device, target, timeouts)


@contextmanager
def _patience(device: JunosDevice, seconds: float) -> Iterator[None]:
    """PyEZ gives commit a timeout of its own, but not load."""
    before, device.timeout = device.timeout, seconds
    try:
        yield
    finally:
        device.timeout = before
