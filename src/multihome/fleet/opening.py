"""How a session to a router begins: connected, host key verified, logged in, and who it is proven.

Every session of a fleet and of a Nornir task comes from here, so nothing is ever asked of a
router, locked or changed before it has proven to be the one that was meant.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from multihome.device import pyez
from multihome.device.identity import compare_serials, prove
from multihome.device.known_hosts import KnownHosts
from multihome.device.serials import Serials, serials_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import TypeAlias

    from multihome.device.pyez import PyezSession
    from multihome.device.session import Session, Timeouts
    from multihome.inventory.target import Target

    Connect: TypeAlias = Callable[[Target], Session]


class _Trusted:
    """What is known of the routers of each known_hosts file, read once for all of them."""

    def __init__(self) -> None:
        self._reading = threading.Lock()
        self._keys: dict[Path | None, KnownHosts] = {None: KnownHosts()}
        self._serials: dict[Path, Serials] = {}

    def keys(self, path: Path | None) -> KnownHosts:
        """The host keys of a file."""
        with self._reading:
            if path not in self._keys and path is not None:
                self._keys[path] = KnownHosts.read(path)
            return self._keys[path]

    def serials(self, path: Path) -> Serials:
        """The serial numbers beside a file. Raises OSError."""
        with self._reading:
            if path not in self._serials:
                self._serials[path] = Serials(serials_file(path))
            return self._serials[path]


def over_pyez(timeouts: Timeouts) -> Connect:
    """Sessions over PyEZ, to routers that have proven who they are."""
    trusted = _Trusted()

    def connect(target: Target) -> Session:
        session = pyez.connect(target, known=trusted.keys(target.known_hosts), timeouts=timeouts)
        try:
            _identify(session, target, trusted)
        except BaseException:
            session.close()
            raise
        return session

    return connect


def _identify(session: PyezSession, target: Target, trusted: _Trusted) -> None:
    identity = prove(session, target)
    key = session.host_key
    if target.known_hosts is None or key is None:
        return
    with suppress(OSError):  # a file that cannot be read or written: the name was compared
        serials = trusted.serials(target.known_hosts)
        known = serials.about(target.host, target.port, key)
        compare_serials(target, known, identity.serials)
        serials.learn(target.host, target.port, key, identity.serials)
