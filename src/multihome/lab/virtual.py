"""Virtual Junos routers under containerlab: which ports they have and how they first boot.

Sources, as of 2026: containerlab's pages of the kinds, https://containerlab.dev/manual/kinds/
(`vr-vjunosrouter`, `vr-vmx`, `vr-vsrx`), and of the images that run under them,
https://github.com/srl-labs/vrnetlab (`juniper/*/docker/launch.py`, `init.conf`).  All three
kinds map `eth1` to the first port; Junos itself calls it ge-0/0/0, whatever the topology file
may call it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from multihome.errors import UnknownName, UsageError
from multihome.values.interface import InterfaceName

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from multihome.syntax.recognize import Form

USERNAME = "admin"
"""The user that containerlab creates on every Junos node."""
FIRST = "ge-0/0/{}"
_PORT = re.compile(r"ge-0/0/(\d+)\Z")


@dataclass(frozen=True, slots=True)
class Kind:
    """One of containerlab's kinds."""

    name: str
    repository: str
    """What vrnetlab calls the image that one builds of Juniper's disk."""
    ports: int
    """How many data ports a node can have."""
    form: Form
    """How a startup configuration is written: vMX has it typed line by line at its prompt."""
    provisioned: int
    """Data ports that the image's own configuration enables."""
    statements: tuple[str, ...] = ()
    """What a node needs beyond its image's own configuration to be a router."""

    @property
    def suffix(self) -> str:
        """Of a startup configuration, as `multihome lab up --configs` reads it too."""
        return {"set": ".set", "text": ".conf"}[self.form]


_PACKET_MODE = tuple(
    f"set security forwarding-options family {family} mode packet-based"
    for family in ("mpls", "iso", "inet6")
)
"""A firewall forwards packets as a router does only where configured to; in force from boot.

https://www.juniper.net/documentation/us/en/software/junos/mpls/topics/ref/statement/security-edit-forwarding-options.html
"""

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("juniper_vjunosrouter", "vrnetlab/juniper_vjunos-router", 96, "text", 12),
        Kind("juniper_vmx", "vrnetlab/juniper_vmx", 90, "set", 96),
        Kind("juniper_vsrx", "vrnetlab/juniper_vsrx", 10, "text", 10, _PACKET_MODE),
    )
}


def kind_of(name: str) -> Kind:
    """The kind of that name.

    Raises:
        UnknownName: no kind has that name.
    """
    if name not in KINDS:
        raise UnknownName("kind", name, KINDS)
    return KINDS[name]


def endpoint(port: str) -> str:
    """The container's interface behind a port of the router: `eth1` behind ge-0/0/0."""
    found = _PORT.match(port)
    if not found:
        raise ValueError(f"{port!r} is no port of a virtual router")
    return f"eth{int(found[1]) + 1}"


def port_names(ports: Iterable[str], kind: Kind, router: str) -> dict[str, str]:
    """Each physical port with the one that stands for it; those that exist keep their names.

    The others take the lowest free numbers, in the order given.

    Raises:
        UsageError: the kind has fewer ports.
    """
    wanted = list(dict.fromkeys(ports))
    if len(wanted) > kind.ports:
        raise UsageError(f"{router} needs {len(wanted)} ports, {kind.name} has {kind.ports}")
    names = {port: port for port in wanted if _exists(port, kind)}
    free = (name for number in range(kind.ports) if (name := FIRST.format(number)) not in names)
    names |= {port: next(free) for port in wanted if port not in names}
    return dict(sorted(names.items(), key=lambda item: InterfaceName.parse(item[0]).sort_key))


def _exists(port: str, kind: Kind) -> bool:
    found = _PORT.match(port)
    return found is not None and port == FIRST.format(int(found[1])) and int(found[1]) < kind.ports
