"""One NETCONF session over SSH, behind ncclient's interface.

What ncclient's own session does otherwise, and why it is not used (measured, not guessed):
it queues each request for a thread that looks every 0.1 s; it waits for Nagle; it verifies
host keys by reading known_hosts once per router, or not at all; its opening can hang for an
hour; it decodes partial reads.
"""

from __future__ import annotations

import socket
import threading
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import paramiko
from lxml import etree
from ncclient.transport import errors as nc_errors
from ncclient.transport.session import NetconfBase
from ncclient.transport.ssh import SSHSession as NcclientSession

from multihome.device.connect import cut, dial
from multihome.device.credentials import log_in
from multihome.device.framing import MAX_HELLO, BadFraming, TooLong, Unframer, frame
from multihome.device.garbled import GarbledReply, OversizedReply
from multihome.device.known_hosts import HostKey, KnownHosts, Trust
from multihome.device.reply import HasDocumentType, parse
from multihome.device.silence_loggers import hush
from multihome.device.stream import ReplyStream
from multihome.device.watchdog import WATCHDOG
from multihome.errors import HostKeyMismatch, MultihomeError, Unreachable
from multihome.inventory.size import shown

if TYPE_CHECKING:
    from ncclient.devices.default import DefaultDeviceHandler

    from multihome.inventory.target import Target

hush("ncclient", "paramiko")

_GREETING = "agreeing on SSH keys"
_READ = 64 * 1024
STREAMED = 128
"""How many times as long as another reply a streamed one may be: it fills no memory, but disks."""
_STALL = 30.0
"""Seconds that a full send window may stay full before the session is given up."""


class SSHSession(NcclientSession):  # type: ignore[misc]  # ncclient is untyped
    """The name matters: ncclient decides by it which session may run a command.

    Requests are sent from the calling thread; a thread of its own blocks on the replies.
    """

    def __init__(self, handler: DefaultDeviceHandler) -> None:
        super().__init__(handler)
        self._unframer = Unframer()
        self._sending = threading.Lock()
        self._socket: socket.socket | None = None
        self._stage = "connecting"
        self._max_reply = self._unframer.limit
        self._stream: ReplyStream | None = None
        self.host_key: HostKey | None = None
        """The key that was verified; None before that."""

    def open(self, target: Target, known: KnownHosts, *, timeout: float) -> None:
        """Connect, verify the host key, log in and exchange hellos within `timeout` seconds.

        Raises:
            Unreachable: no connection, no NETCONF, or no answer in time, with the stage.
            HostKeyMismatch: the key is unknown, changed or revoked.
            AuthenticationFailed: the credentials were refused.
        """
        try:
            self._socket = dial(target.host, target.port, timeout=timeout)
        except OSError as error:
            raise Unreachable(target.name, _no_connection(target, error)) from None
        with WATCHDOG.limit(timeout, self.cut) as watch:
            try:
                self._open(target, known, timeout)
            except Exception as error:  # of what a handshake may raise there is no list
                self.abandon()
                if watch.fired:
                    text = f"no answer within {timeout:g} s while {self._stage}"
                    raise Unreachable(target.name, text) from None
                if isinstance(error, MultihomeError):
                    raise
                if self._stage == _GREETING:
                    raise Unreachable(target.name, _no_ssh(target, error)) from None
                text = f"failed while {self._stage}: {_words(error)}"
                raise Unreachable(target.name, text) from None
            except BaseException:  # interrupted: leave no socket behind
                self.abandon()
                raise

    def _open(self, target: Target, known: KnownHosts, timeout: float) -> None:
        self._host = target.host
        self._stage = _GREETING
        self._transport = negotiate(
            self._socket, known.algorithms(target.host, target.port), timeout
        )
        key = remote_key(self._transport)
        verify(target, known, key)
        self.host_key = key
        self._stage = f"logging in as {target.username!r}"
        self._transport.auth_timeout = timeout
        log_in(self._transport, target)
        self._stage = "starting NETCONF"
        self._start_netconf(timeout)
        self._channel.settimeout(_STALL)
        self._connected = True
        self._closing.clear()
        self._stage = "waiting for the router's hello"
        self._post_connect(timeout)
        self._unframer.chunked = self._base == NetconfBase.BASE_11
        self._max_reply = self._unframer.limit = target.max_reply

    def _start_netconf(self, timeout: float) -> None:
        """RFC 6242's subsystem; an old Junos without it has a command that does the same."""
        self._channel = self._transport.open_session(timeout=timeout)
        try:
            self._channel.invoke_subsystem("netconf")
        except paramiko.SSHException:
            if not self._device_handler.handle_connection_exceptions(self):
                raise

    def send(self, message: str) -> None:
        """Write one message now, from the calling thread; TransportError if it cannot go out."""
        if not self._connected:
            raise nc_errors.TransportError("not connected")
        data = frame(message.encode(), chunked=self._base == NetconfBase.BASE_11)
        try:
            with self._sending:
                self._channel.sendall(data)
        except OSError as error:
            self.abandon()
            raise nc_errors.TransportError("the session was lost while sending") from error

    def run(self) -> None:
        """Read until the session ends; every message goes to the listeners as it completes."""
        try:
            while data := self._read():
                self._take(data)
        except TooLong as error:
            self._fail(OversizedReply(_too_long(error)))
        except BadFraming as error:
            self._fail(GarbledReply(str(error)))
        except Exception as error:  # noqa: BLE001  # any error must reach the waiting caller
            self._fail(error)
        else:
            if not self._closing.is_set():
                self._fail(nc_errors.TransportError("the router closed the session"))

    def divert(self, router: str, limit: float) -> ReplyStream:
        """Let the next message go to a stream, piece by piece; ask for it only after this."""
        longest = self._max_reply * STREAMED
        self._stream = ReplyStream(
            router, chunked=self._unframer.chunked, limit=limit, longest=longest
        )
        self.add_listener(self._stream)
        return self._stream

    def _take(self, data: bytes) -> None:
        stream = self._stream
        if stream is not None:
            rest = stream.feed(data)
            if rest is None:
                return
            self._stream, data = None, rest
            self.remove_listener(stream)
        for message in self._unframer.feed(data):
            self._dispatch_message(message)

    def _read(self) -> bytes:
        while True:
            try:
                data: bytes = self._channel.recv(_READ)
            except TimeoutError:  # the channel's limit is meant for sending
                continue
            return data

    def _dispatch_message(self, raw: bytes) -> None:
        """Hand a parsed reply to the listeners; ncclient takes an element where it takes text."""
        try:
            root = parse(raw)
        except HasDocumentType as error:
            raise GarbledReply(str(error)) from None
        except etree.XMLSyntaxError as error:
            raise GarbledReply(f"the reply is not XML: {error.msg}") from None
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            listener.callback((root.tag, root.attrib), root)

    def _fail(self, error: Exception) -> None:
        self._connected = False
        self._dispatch_error(error)
        self.abandon()

    def cut(self) -> None:
        """End the TCP connection at once, from any thread; never raises."""
        if self._socket is not None:
            cut(self._socket)

    def abandon(self) -> None:
        """Leave without a word: for a peer that is gone, silent or not to be trusted."""
        self._closing.set()
        self._connected = False
        self.cut()
        if self._transport is not None:
            with suppress(Exception):  # a half-open transport may fail in its own ways
                self._transport.close()
        if self._socket is not None:
            self._socket.close()

    def close(self) -> None:
        """Ncclient's name for the end of the session; never waits for the peer."""
        self.abandon()


def _too_long(error: TooLong) -> str:
    if error.limit == MAX_HELLO:
        return f"the hello is longer than {shown(error.limit)}: refused, and not read any further"
    return (
        f"the reply is longer than {shown(error.limit)}: refused, and not read any further; "
        f"--max-reply allows more"
    )


def negotiate(
    connection: socket.socket | None, algorithms: tuple[str, ...], timeout: float
) -> paramiko.Transport:
    """Run SSH's key exchange on a connection, asking for these host key algorithms."""
    transport = paramiko.Transport(connection)
    transport.daemon = True
    transport.banner_timeout = transport.handshake_timeout = timeout
    transport.get_security_options().key_types = algorithms
    transport.start_client(timeout=timeout)
    return transport


def offered_key(target: Target, *, timeout: float) -> HostKey:
    """The host key that answers at the target's address, for an operator to judge.

    It proves only that the remote end holds the key; no credentials are sent.

    Raises:
        Unreachable: no connection, or no SSH.
    """
    try:
        connection = dial(target.host, target.port, timeout=timeout)
    except OSError as error:
        raise Unreachable(target.name, _no_connection(target, error)) from None
    with closing(connection), WATCHDOG.limit(timeout, lambda: cut(connection)) as watch:
        try:
            algorithms = KnownHosts().algorithms(target.host, target.port)
            with closing(negotiate(connection, algorithms, timeout)) as transport:
                return remote_key(transport)
        except (paramiko.SSHException, OSError, EOFError) as error:
            text = f"no answer within {timeout:g} s while {_GREETING}"
            raise Unreachable(
                target.name, text if watch.fired else _no_ssh(target, error)
            ) from None


def _no_ssh(target: Target, error: BaseException) -> str:
    """The error for a peer that accepts TCP but speaks no SSH, or no common version."""
    where = f"{target.host}:{target.port}"
    return f"{where} answers, but no SSH comes of it ({_words(error)}); is it the NETCONF port?"


def remote_key(transport: paramiko.Transport) -> HostKey:
    """The key that the server proved to hold."""
    key = transport.get_remote_server_key()
    return HostKey(key.get_name(), key.asbytes())


def verify(target: Target, known: KnownHosts, key: HostKey) -> None:
    """Raise HostKeyMismatch unless the key is the one known; says what to do next."""
    trust = known.judge(target.host, target.port, key)
    if trust is Trust.TRUSTED:
        return
    where = f"{target.host}:{target.port}"
    if trust is Trust.UNKNOWN:
        text = (
            f"the host key of {where} is not known: {key}; compare it with the router's own, "
            f"then `multihome trust {target.name}`"
        )
    elif trust is Trust.REVOKED:
        text = f"the host key of {where} is revoked: {key}; do not connect"
    else:
        old = ", ".join(f"{e.key} (line {e.line})" for e in known.about(target.host, target.port))
        text = (
            f"THE HOST KEY of {where} HAS CHANGED: known is {old} of {known.path}, offered is {key}; "
            f"this may be a man in the middle. If the router was replaced, remove that line, "
            f"then `multihome trust {target.name}`"
        )
    raise HostKeyMismatch(target.name, text)


def _no_connection(target: Target, error: OSError) -> str:
    where = f"{target.host}:{target.port}"
    if isinstance(error, socket.gaierror):
        return f"the name {target.host!r} does not resolve; check the inventory"
    if isinstance(error, ConnectionRefusedError):
        return f"{where} refuses the connection; is `system services netconf ssh` configured?"
    return f"no connection to {where}: {error.strerror or error}"


def _words(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
