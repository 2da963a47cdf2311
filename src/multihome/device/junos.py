"""PyEZ's Device on our transport.

Usable as a PyEZ Device is: `rpc`, `execute`, `Config`, tables. Facts, normalization, SAX
filters and `cli` are not used here: each costs additional RPCs or seconds.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Self
from uuid import uuid4

from jnpr.junos.device import Device, DeviceSessionListener
from lxml import etree
from ncclient.devices.junos import JunosDeviceHandler
from ncclient.manager import Manager
from ncclient.operations.rpc import RPCError
from ncclient.xml_ import qualify

from multihome.device.reply import Complaint, Reply, read
from multihome.device.silence_loggers import hush
from multihome.device.transport import SSHSession
from multihome.errors import Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element

    from multihome.device.known_hosts import HostKey, KnownHosts
    from multihome.device.session import Timeouts
    from multihome.device.stream import ReplyStream
    from multihome.inventory.target import Target

POLITE = 1.0
"""Seconds to wait for the answer to close-session before just leaving."""

hush("jnpr")


class Handler(JunosDeviceHandler):  # type: ignore[misc]  # ncclient is untyped
    """ncclient's hook for the shape of replies: ours are parsed already, and left alone."""

    def transform_reply(self) -> Callable[[_Element], _Element]:
        """A function in place of a stylesheet; ncclient takes either."""
        return _as_it_is


class JunosDevice(Device):  # type: ignore[misc]  # PyEZ is untyped
    """A PyEZ Device that opens our transport and keeps the last reply.

    `reply` holds what the router answered last, warnings included, which PyEZ hides beside an
    ok and turns into errors elsewhere; None if it has not answered.
    """

    def __init__(self, target: Target, known: KnownHosts, timeouts: Timeouts) -> None:
        host = f"[{target.host}]" if ":" in target.host else target.host
        super().__init__(host=host, user=target.username, port=target.port, gather_facts=False)
        self._target, self._known, self._timeouts = target, known, timeouts
        self._session: SSHSession | None = None
        self.reply: Reply | None = None

    @property
    def hostname(self) -> str:
        """The address, never a fact: PyEZ would ask a router called localhost for its name."""
        return self._target.host

    @property
    def timeout(self) -> float:
        """Seconds for one RPC."""
        return float(self._conn.timeout)

    @timeout.setter
    def timeout(self, seconds: float) -> None:
        self._conn.timeout = float(seconds)

    @property
    def identity(self) -> str:
        """The session's number at the router, from its hello."""
        return str(self._session.id or "") if self._session else ""

    @property
    def host_key(self) -> HostKey | None:
        """The key that the router proved to hold; None before a session is open."""
        return self._session.host_key if self._session else None

    @property
    def alive(self) -> bool:
        """Whether an RPC can still be sent."""
        return bool(self.connected and self._session and self._session.connected)

    def open(self, *_: object, **__: object) -> Self:
        """Open the session; raises our own errors, see `SSHSession.open`."""
        handler = Handler({"name": "junos"})
        self._session = SSHSession(handler)
        self._session.open(self._target, self._known, timeout=self._timeouts.open)
        self._conn = Manager(self._session, handler, timeout=self._timeouts.rpc)
        self._nc_transform = self.transform
        self._norm_transform = _normalizing
        self._session.add_listener(DeviceSessionListener(self))
        self.connected = True
        return self

    def close(self) -> None:
        """Say goodbye, wait a moment for the answer, and leave in any case."""
        if self.alive:
            self._conn.timeout = POLITE
            with suppress(Exception):  # gone, silent or garbled: we are leaving anyway
                self._conn.close_session()
        self.abandon()

    def abandon(self) -> None:
        """Leave without a word: what follows garbage, or a lost answer, cannot be trusted."""
        self.connected = False
        if self._session is not None:
            self._session.abandon()

    def cut(self) -> None:
        """End the TCP connection, from any thread: a waiting caller gets an error."""
        if self._session is not None:
            self._session.cut()

    def stream(self, rpc: _Element) -> ReplyStream:
        """Send one RPC whose reply is read as it comes; nothing else may be asked meanwhile."""
        if self._session is None:
            raise Unreachable(self._target.name, "no session is open")
        names = self._session._device_handler.get_xml_base_namespace_dict()  # noqa: SLF001  # as ncclient does
        envelope = etree.Element(qualify("rpc"), {"message-id": uuid4().urn}, names)
        envelope.append(rpc)
        stream = self._session.divert(self._target.name, self._timeouts.rpc)
        self._session.send(etree.tostring(envelope, encoding="unicode"))
        return stream

    def _sshconf_lkup(self) -> None:
        """~/.ssh/config is not read: see `multihome.device.credentials`."""
        self._conf_auth_user = self._conf_ssh_private_key_file = None

    def _rpc_reply(self, rpc_cmd_e: _Element, *_: object, **__: object) -> _Element:
        """PyEZ's place for one RPC: errors raise as it expects, warnings stay in `reply`."""
        self.reply = None
        answer = self._conn.rpc(rpc_cmd_e)
        self.reply = read(answer._NCElement__doc)  # noqa: SLF001  # where PyEZ takes it from, too
        if self.reply.errors:
            raise _rpc_error(self.reply.errors)
        return self.reply.root


def _as_it_is(root: _Element) -> _Element:
    return root


def _normalizing() -> Callable[[_Element], _Element]:
    """What PyEZ's own facts ask for with `normalize=True`; its stylesheet is quadratic."""
    return _normalized


def _normalized(root: _Element) -> _Element:
    for element in root.iter(etree.Element):
        if element.text:
            element.text = " ".join(element.text.split())
    return root


def _rpc_error(complaints: tuple[Complaint, ...]) -> RPCError:
    """Ncclient's exception, in the namespaces that it and PyEZ read."""
    errors = [RPCError(_qualified(complaint)) for complaint in complaints]
    return errors[0] if len(errors) == 1 else RPCError(errors[0].xml, errs=errors)


def _qualified(complaint: Complaint) -> _Element:
    element = etree.Element(qualify("rpc-error"))
    for name, text in (
        ("error-tag", complaint.tag),
        ("error-severity", complaint.severity),
        ("error-path", complaint.path),
        ("error-message", complaint.message),
    ):
        etree.SubElement(element, qualify(name)).text = text
    info = etree.SubElement(element, qualify("error-info"))
    etree.SubElement(info, qualify("bad-element")).text = complaint.element
    return element
