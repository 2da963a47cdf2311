"""How to reach one router: all that a session needs to be opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from multihome.inventory.size import MAX_REPLY

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import SecretStr

    from multihome.inventory.role import Role

NETCONF_PORT = 830
"""RFC 6242 section 4."""


@dataclass(frozen=True, slots=True)
class Target:
    """One router as the inventory, the operator's credentials and an overlay describe it.

    Neither `password` nor `key_file` means: whatever the ssh-agent and the user's default
    keys offer.
    """

    name: str
    """The inventory name, by which everything else speaks of the router."""
    host: str
    username: str
    port: int = NETCONF_PORT
    password: SecretStr | None = None
    key_file: Path | None = None
    known_hosts: Path | None = None
    """Where the host's key must be; None only for a caller that brings its own proof."""
    logical_system: str | None = None
    """The router is this logical system of the device at `host`."""
    host_name: str | None = None
    """What the router calls itself, where that is not `name`; for a logical system, its device."""
    role: Role | None = None
    """None for a router that only an overlay knows."""
    max_reply: int = MAX_REPLY
    """Bytes of the longest reply that is read; a longer one is refused."""
    groups: tuple[str, ...] = ()
