"""Every exception of PyEZ, ncclient, paramiko and lxml, as one of `multihome.errors`.

PyEZ wraps and masks (a lock that timed out becomes a LockError without a message, a session
lost in a commit becomes a plain "closed"), so the whole chain of causes is looked at, the
deepest cause that the table knows more of than "closed" deciding.
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import paramiko
from jnpr.junos import exception as ez
from lxml import etree
from ncclient import NCClientError
from ncclient.operations import errors as nc_operation
from ncclient.operations.rpc import RPCError
from ncclient.transport import errors as nc_transport
from ncclient.transport.parser import SAXFilterXMLNotFoundError
from ncclient.xml_ import XMLError

from multihome.device.framing import BadFraming
from multihome.device.garbled import GarbledReply, OversizedReply
from multihome.device.reply import HasDocumentType
from multihome.errors import (
    AuthenticationFailed,
    BadReply,
    ConfigurationRefused,
    DeviceError,
    HostKeyMismatch,
    LockDenied,
    MultihomeError,
    RpcFailed,
    RpcTimeout,
    Unreachable,
)
from multihome.values.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.device.reply import Complaint, Reply

FOREIGN: dict[type[BaseException], type[DeviceError]] = {
    # PyEZ about answers
    ez.ConfigLoadError: ConfigurationRefused,
    ez.CommitError: ConfigurationRefused,
    ez.LockError: LockDenied,
    ez.UnlockError: RpcFailed,
    ez.PermissionError: RpcFailed,
    ez.SwRollbackError: RpcFailed,
    ez.RpcTimeoutError: RpcTimeout,
    ez.RpcError: RpcFailed,
    # PyEZ about connections
    ez.ConnectAuthError: AuthenticationFailed,
    ez.ConnectClosedError: Unreachable,
    ez.ConnectNotMasterError: Unreachable,
    ez.ConnectRefusedError: Unreachable,
    ez.ConnectTimeoutError: Unreachable,
    ez.ConnectUnknownHostError: Unreachable,
    ez.ProbeError: Unreachable,
    ez.ConnectError: Unreachable,
    # PyEZ about itself
    ez.FactLoopError: BadReply,
    ez.JSONLoadError: BadReply,
    # ncclient
    GarbledReply: BadReply,
    HasDocumentType: BadReply,
    BadFraming: BadReply,
    nc_transport.AuthenticationError: AuthenticationFailed,
    nc_transport.PermissionError: AuthenticationFailed,
    nc_transport.SSHUnknownHostError: HostKeyMismatch,
    nc_transport.NetconfFramingError: BadReply,
    nc_transport.SessionCloseError: Unreachable,
    nc_transport.SSHError: Unreachable,
    nc_transport.TLSError: Unreachable,
    nc_transport.UnixSocketError: Unreachable,
    nc_transport.SessionError: Unreachable,
    nc_transport.TransportError: Unreachable,
    RPCError: RpcFailed,
    nc_operation.TimeoutExpiredError: RpcTimeout,
    nc_operation.MissingCapabilityError: RpcFailed,
    SAXFilterXMLNotFoundError: BadReply,
    nc_operation.OperationError: BadReply,
    XMLError: BadReply,
    NCClientError: BadReply,
    # below them
    paramiko.AuthenticationException: AuthenticationFailed,
    paramiko.BadHostKeyException: HostKeyMismatch,
    paramiko.SSHException: Unreachable,
    etree.LxmlError: BadReply,
    UnicodeError: BadReply,
    socket.timeout: Unreachable,
    EOFError: Unreachable,
    OSError: Unreachable,
}
"""The nearest class in an exception's ancestry decides; a test walks the libraries."""

_DECISIVE: tuple[tuple[type[BaseException], ...], ...] = (
    (GarbledReply, BadFraming),
    (ez.RpcTimeoutError, nc_operation.TimeoutExpiredError),
    (ez.ConnectClosedError, nc_transport.TransportError),
)
"""Whatever PyEZ raised on top of one of these, this is what happened; the first found decides."""
_LOCKED = (
    "configuration database locked",
    "configuration database modified",
    "shared configuration",
)


def translate(
    router: str,
    doing: str,
    error: BaseException,
    reply: Reply | None,
    *,
    beneath: BaseException | None = None,
) -> MultihomeError:
    """The error of ours that says what happened while `doing`; never carries the request.

    `reply` is what the router answered last, if it answered: its own words are better than
    any library's. `beneath` is an exception that was being handled before, and is no cause.
    An unforeseen exception is a BadReply: it was raised in taking an answer apart.
    """
    if isinstance(error, MultihomeError):
        return error
    cause = _cause(error, beneath)
    kind = mapped(type(cause))
    if reply is not None and reply.errors and issubclass(kind, RpcFailed):
        return refusal(router, doing, reply.errors, kind)
    return kind(router, f"{doing}: {_words(cause, kind)}")


def refusal(
    router: str, doing: str, complaints: tuple[Complaint, ...], kind: type[DeviceError] = RpcFailed
) -> DeviceError:
    """What the router complained of, all of it, cause first."""
    text = redact("; ".join(str(complaint) for complaint in complaints))
    lock = next((c for c in complaints if _is_lock(c)), None)
    if lock is not None:
        return LockDenied(router, f"{doing}: {text}", holder=lock.session)
    return kind(router, f"{doing}: {text}")


def mapped(kind: type[BaseException]) -> type[DeviceError]:
    """The class of ours for a foreign class."""
    for ancestor in kind.__mro__:
        if ancestor in FOREIGN:
            return FOREIGN[ancestor]
    return BadReply


def _cause(error: BaseException, beneath: BaseException | None) -> BaseException:
    chain = list(_chain(error, beneath))
    for decisive in _DECISIVE:
        for link in chain:
            if isinstance(link, decisive):
                return link
    return error


def _chain(error: BaseException | None, beneath: BaseException | None) -> Iterator[BaseException]:
    while error is not None and error is not beneath:
        yield error
        error = error.__cause__ or error.__context__


def _is_lock(complaint: Complaint) -> bool:
    message = " ".join(complaint.message.split())
    return complaint.tag == "lock-denied" or message.startswith(_LOCKED)


def _words(cause: BaseException, kind: type[DeviceError]) -> str:
    if kind is RpcTimeout:
        return "no answer in time; the router may still be at it"
    if isinstance(cause, OversizedReply):
        return str(cause)
    if kind is Unreachable:
        return "the session was lost"
    text = " ".join(str(cause).split()) or type(cause).__name__
    return redact(text) if kind is not BadReply else f"the reply makes no sense: {redact(text)}"
