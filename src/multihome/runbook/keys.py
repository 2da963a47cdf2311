"""Host keys: what a router offers, and trusting it from now on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.device.known_hosts import HostKey, KnownHosts, Trust, record
from multihome.device.serials import forget, serials_file
from multihome.device.transport import offered_key
from multihome.errors import HostKeyMismatch, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from multihome.inventory.target import Target

LIMIT = 15.0
"""Seconds for the router to show its key."""


def offer(target: Target) -> HostKey:
    """The key that answers at the router's address; raises Unreachable."""
    return offered_key(target, timeout=LIMIT)


def remember(target: Target, key: HostKey) -> Path:
    """Record the key, and forget what chassis answered there before; the file it went into.

    Raises:
        HostKeyMismatch: another key is known; that line must go by hand first.
        UsageError: the file cannot be written.
    """
    path = target.known_hosts
    if path is None:
        raise UsageError(f"{target.name}: no known_hosts file to record its key in")
    trust = KnownHosts.read(path).judge(target.host, target.port, key)
    if trust in (Trust.CHANGED, Trust.REVOKED):
        text = f"another key is known, or this one is revoked, in {path}: take that line out first"
        raise HostKeyMismatch(target.name, text)
    try:
        forget(serials_file(path), target.host, target.port)
        if trust is Trust.UNKNOWN:
            record(path, target.host, target.port, key)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from error
    return path
