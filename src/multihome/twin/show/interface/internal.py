"""The chassis's own network: routing instance `__juniper_private1__`, where the engines talk.

PyEZ finds out on which routing engine it is by the addresses of this instance and the names
that /etc/hosts.junos gives them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.show.element import Element, junos

if TYPE_CHECKING:
    from collections.abc import Sequence

INSTANCE = "__juniper_private1__"
_PORT = "em0"
_ADDRESSES: Sequence[str] = ("10.0.0.4/8", "128.0.0.1/2", "128.0.0.4/2")
HOSTS: Sequence[tuple[str, str]] = (
    ("128.0.0.1", "master"),
    ("128.0.0.4", "re0"),
    ("128.0.0.5", "re1"),
    ("128.0.0.6", "backup"),
    ("128.0.0.16", "fpc0"),
)
"""The lines of /etc/hosts.junos of a chassis with two slots for routing engines."""


def add_interfaces(information: Element) -> None:
    """The internal Ethernet of routing engine 0, which is master; ports show units alone."""
    unit = information.add("physical-interface").add("logical-interface")
    unit.add("name", f"{_PORT}.0")
    unit.add("admin-status", "up")
    unit.add("oper-status", "up")
    unit.add("filter-information")
    family = unit.add("address-family")
    family.add("address-family-name", "inet")
    for address in _ADDRESSES:
        family.add("interface-address").add("ifa-local", address, junos(emit="emit"))


def hosts_file() -> str:
    """The text of /etc/hosts.junos."""
    return "".join(f"{address:<16}{name}\n" for address, name in HOSTS)
