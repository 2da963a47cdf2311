"""A TCP connection that notices when its router is gone."""

from __future__ import annotations

import socket
from contextlib import suppress

KEEPALIVE_IDLE = 5
"""Seconds of silence after which the kernel asks whether the peer is still there."""
KEEPALIVE_INTERVAL = 2
KEEPALIVE_PROBES = 3
UNACKNOWLEDGED_MS = 12_000
"""How long sent bytes may stay unacknowledged (RFC 5482) before the connection is dead."""

_OPTIONS = (
    (socket.IPPROTO_TCP, "TCP_NODELAY", 1),
    (socket.SOL_SOCKET, "SO_KEEPALIVE", 1),
    (socket.IPPROTO_TCP, "TCP_KEEPIDLE", KEEPALIVE_IDLE),
    (socket.IPPROTO_TCP, "TCP_KEEPINTVL", KEEPALIVE_INTERVAL),
    (socket.IPPROTO_TCP, "TCP_KEEPCNT", KEEPALIVE_PROBES),
    (socket.IPPROTO_TCP, "TCP_USER_TIMEOUT", UNACKNOWLEDGED_MS),
)


def dial(host: str, port: int, *, timeout: float) -> socket.socket:
    """Connect by name, IPv4 or IPv6 (a literal may stand in brackets), without Nagle's delay.

    Every address of the name is tried in the resolver's order.

    Raises:
        OSError: the name does not resolve, or no address answered.
    """
    failure: OSError = OSError("no address")
    literal = host.removeprefix("[").removesuffix("]")
    for family, kind, protocol, _, address in socket.getaddrinfo(
        literal, port, type=socket.SOCK_STREAM
    ):
        connection = socket.socket(family, kind, protocol)
        try:
            connection.settimeout(timeout)
            connection.connect(address)
            _tune(connection)
        except OSError as error:
            connection.close()
            failure = error
        else:
            return connection
    raise failure


def cut(connection: socket.socket) -> None:
    """End the connection now, from any thread; a waiting reader gets an end of file."""
    with suppress(OSError):  # it may be gone already, which is what is wanted
        connection.shutdown(socket.SHUT_RDWR)


def _tune(connection: socket.socket) -> None:
    for level, name, value in _OPTIONS:
        option = getattr(socket, name, None)  # not every platform has every option
        if option is not None:
            connection.setsockopt(level, option, value)
