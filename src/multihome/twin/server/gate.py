"""Who may log in to a router, and the moment before and after each request."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import asyncssh

    from multihome.twin.chassis import Chassis
    from multihome.twin.server.pump import Pump


@dataclass(frozen=True, slots=True)
class Credentials:
    """The login that every router of one lab accepts whatever is configured, as from AAA."""

    username: str
    password: str
    public_key: str
    """One line, as in `authorized_keys`."""

    def __repr__(self) -> str:
        return f"Credentials(username={self.username!r}, password=***)"


class Gate:
    """The door of one router."""

    def __init__(self, chassis: Chassis, credentials: Credentials, pump: Pump) -> None:
        self.chassis = chassis
        self._credentials = credentials
        self._pump = pump
        self._powered = chassis.powered
        self._held: list[Callable[[], None]] = []
        self.connections: set[asyncssh.SSHServerConnection] = set()

    def admits_password(self, user: str, password: str) -> bool:
        """Whether it is the lab's login; passwords in a configuration are hashes, and not tried."""
        known = self._credentials
        return hmac.compare_digest(
            f"{user}\0{password}".encode(), f"{known.username}\0{known.password}".encode()
        )

    def admits_key(self, user: str, key: asyncssh.SSHKey) -> bool:
        """Whether the user has that key: the lab's own, or one of `system login user`."""
        algorithm, blob = key.export_public_key().decode().split()[:2]
        return any(line.split()[:2] == [algorithm, blob] for line in self._keys(user))

    def _keys(self, user: str) -> list[str]:
        keys = [self._credentials.public_key] if user == self._credentials.username else []
        login = self.chassis.database.committed.get(
            "system", "login", ("user", user), "authentication"
        )
        if login is not None:
            keys += [entry.name for entry in login.children if entry.keyword.startswith("ssh-")]
        return keys

    def power_changed(self) -> None:
        """Power went or came, or the router froze or thawed.

        Without power the clients lose their connections without a farewell;
        what they asked of a frozen router is answered when it thaws.
        """
        if not self.chassis.frozen:
            held, self._held = self._held, []
            for answer in held:
                answer()
        if self._powered and not self.chassis.powered:
            for connection in tuple(self.connections):
                connection.abort()
        elif self.chassis.powered and not self._powered:
            self.chassis.rebooted()
        self._powered = self.chassis.powered

    def hold(self, answer: Callable[[], None]) -> None:
        """Do this when the router has thawed."""
        self._held.append(answer)

    def before(self) -> None:
        """Bring the network up to now."""
        self._pump.catch_up()

    def after(self) -> None:
        """A request may have set a deadline: wait for the next one afresh."""
        self._pump.arm()
