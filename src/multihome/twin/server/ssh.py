"""One router's SSH server: NETCONF as a subsystem or a command, and a minimal command line.

Everything happens in callbacks on one event loop, so that nothing in the twin is ever
touched by two threads at once.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import asyncssh

from multihome.twin.netconf.session import Session
from multihome.twin.server.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from multihome.twin.netconf.exchange import Host
    from multihome.twin.server.gate import Gate

NETCONF_COMMANDS = frozenset({"netconf", "xml-mode netconf", "xml-mode netconf need-trailer"})
"""What a client runs where the subsystem is refused (`ssh HOST netconf`, ncclient)."""


SESSION_LIMIT = 75
"""Sessions at once; the default of `system services netconf ssh connection-limit`."""


class Login(asyncssh.SSHServer):
    """One SSH connection: authentication, then any number of channels."""

    def __init__(self, gate: Gate) -> None:
        self._host: Host = gate.chassis
        self._gate = gate
        self._user = ""
        self._origin = ""
        self._connection: asyncssh.SSHServerConnection

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """Note where the client comes from; a router without power has nothing to say to it."""
        self._connection = conn
        if not self._gate.chassis.powered:
            conn.abort()
            return
        self._gate.connections.add(conn)
        self._origin = str(conn.get_extra_info("peername")[0])

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the library's
        """The client is gone."""
        self._gate.connections.discard(self._connection)

    async def begin_auth(self, username: str) -> bool:
        """Everybody must authenticate; a frozen router lets them wait."""
        self._user = username
        if self._gate.chassis.frozen:
            thawed = asyncio.Event()
            self._gate.hold(thawed.set)
            await thawed.wait()
        return True

    def password_auth_supported(self) -> bool:
        """Passwords are taken."""
        return True

    def validate_password(self, username: str, password: str) -> bool:
        """Whether the password is right; a wrong one goes into the log."""
        admitted = self._gate.admits_password(username, password)
        if not admitted:
            self._host.log(f"login of {username} from {self._origin} failed: wrong password")
        return admitted

    def public_key_auth_supported(self) -> bool:
        """Public keys are taken."""
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        """Whether the key is one of the user's."""
        return self._gate.admits_key(username, key)

    def session_requested(self) -> Channel:
        """Another channel."""
        return Channel(self._host, self._gate, self._user, self._origin)


class Channel(asyncssh.SSHServerSession[bytes]):
    """One channel; what it is shows at its first request."""

    def __init__(self, host: Host, gate: Gate, user: str, origin: str) -> None:
        self._host = host
        self._gate = gate
        self._user = user
        self._origin = origin
        self._speaker: Session | Terminal | None = None
        self._command: str | None = None

    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        """The channel to write to."""
        self._chan: asyncssh.SSHServerChannel[Any] = chan

    def pty_requested(
        self,
        term_type: str,  # noqa: ARG002 - the signature is the library's
        term_size: tuple[int, int, int, int],  # noqa: ARG002
        term_modes: object,  # noqa: ARG002
    ) -> bool:
        """A terminal is welcome."""
        return True

    def subsystem_requested(self, subsystem: str) -> bool:
        """NETCONF is the one subsystem."""
        return subsystem == "netconf" and self._speak_netconf()

    def exec_requested(self, command: str) -> bool:
        """NETCONF, or one command of the command line."""
        if " ".join(command.split()) in NETCONF_COMMANDS:
            return self._speak_netconf()
        self._command = command
        return self._open_terminal()

    def shell_requested(self) -> bool:
        """The interactive command line."""
        self._chan.set_encoding("utf-8", "replace")
        return self._open_terminal()

    def session_started(self) -> None:
        """The server speaks first."""
        if isinstance(self._speaker, Session):
            self._write([self._speaker.greeting()])
        elif self._speaker is not None and self._command is not None:
            self._gate.before()
            self._chan.write(self._speaker.run(self._command).encode())
            self._gate.after()
            self._chan.exit(0)
        elif self._speaker is not None:
            self._chan.write(self._speaker.prompt)

    def data_received(self, data: bytes | str, datatype: int | None) -> None:
        """Answer what the client sent."""
        if datatype is not None:
            return
        if self._gate.chassis.frozen:
            self._gate.hold(lambda: self.data_received(data, datatype))
            return
        self._gate.before()
        if isinstance(self._speaker, Session) and isinstance(data, bytes):
            self._write(self._speaker.receive(data))
        elif isinstance(self._speaker, Terminal) and isinstance(data, str):
            self._chan.write(self._speaker.receive(data))
        self._gate.after()
        self._hang_up_if_done()

    def eof_received(self) -> bool:
        """The client sends no more: the session ends, and its lock with it (RFC 4254 section 5.3).

        Whatever it asked before has been answered, except by a frozen router.
        """
        if self._gate.chassis.frozen:
            self._gate.hold(self._hang_up)
        else:
            self._hang_up()
        return False

    def pause_writing(self) -> None:
        """The client reads too slowly: take no more requests for the time being."""
        self._chan.pause_reading()

    def resume_writing(self) -> None:
        """The client has caught up."""
        self._chan.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the library's
        """However it ended: locks and private candidates go with the session."""
        if self._speaker is not None:
            self._speaker.close()

    def _speak_netconf(self) -> bool:
        if len(self._host.logins()) >= SESSION_LIMIT:
            self._host.log(f"{self._user} refused: {SESSION_LIMIT} sessions are open")
            return False
        self._speaker = Session(self._host, self._user, self._origin, self._hang_up)
        return True

    def _open_terminal(self) -> bool:
        self._speaker = Terminal(self._host, self._user, self._origin, self._hang_up)
        return True

    def _write(self, messages: Iterable[bytes]) -> None:
        for message in messages:
            self._chan.write(message)

    def _hang_up_if_done(self) -> None:
        if self._speaker is not None and self._speaker.closed:
            self._chan.exit(0)

    def _hang_up(self) -> None:
        """Another session ends this one."""
        if self._speaker is not None:
            self._speaker.close()
        self._chan.exit(0)
