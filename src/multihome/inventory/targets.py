"""The inventory as targets: read by Nornir's SimpleInventory, completed by credentials."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pydantic import SecretStr

from multihome.errors import UnknownName
from multihome.inventory.credentials import Credentials, default_known_hosts, login_name
from multihome.inventory.facts import validated
from multihome.inventory.role import Role
from multihome.inventory.size import MAX_REPLY, size
from multihome.inventory.target import NETCONF_PORT, Target

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nornir.core.inventory import Host
    from nornir.core.inventory import Inventory as NornirInventory

    from multihome.inventory.project import Project


@dataclass(frozen=True, slots=True)
class Member:
    """One router of the inventory, before anybody logs in."""

    name: str
    host: str
    port: int
    username: str | None
    role: Role
    groups: tuple[str, ...]
    logical_system: str | None = None
    host_name: str | None = None
    max_reply: int = MAX_REPLY


@dataclass(frozen=True, slots=True)
class Inventory:
    """The routers, in the order of hosts.yaml."""

    members: tuple[Member, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Every router's name."""
        return tuple(member.name for member in self.members)

    @property
    def roles(self) -> Mapping[str, Role]:
        """What each router is for."""
        return {member.name: member.role for member in self.members}


def read_inventory(project: Project) -> Inventory:
    """The project's inventory, validated; no password is asked for.

    Raises:
        InvalidFile: every problem of the three files at once.
    """
    validated(project)
    return Inventory(tuple(_member(host) for host in _nornir(project).hosts.values()))


def load_targets(
    project: Project,
    credentials: Credentials,
    *,
    overlay: Mapping[str, Mapping[str, object]] | None = None,
) -> dict[str, Target]:
    """Every router as a target, by name.

    An `overlay` gives other fields of `Target` for the routers it names, and makes them
    the only ones: a router that the overlay leaves out must not be reached by accident at
    the address that the inventory has for it.

    Raises:
        InvalidFile: every problem of the inventory at once.
        UsageError: nothing says who logs in.
    """
    members = {member.name: member for member in read_inventory(project).members}
    if overlay is None:
        return {name: _target(member, credentials) for name, member in members.items()}
    return {name: _overlaid(name, members.get(name), fields) for name, fields in overlay.items()}


def target_of(host: Host, credentials: Credentials) -> Target:
    """One host of anybody's Nornir inventory, which may know the password, and no role.

    Raises:
        UsageError: nothing says who logs in.
    """
    role = host.get("role")
    own = SecretStr(host.password) if host.password else None
    return Target(
        name=host.name,
        host=host.hostname or host.name,
        port=host.port or NETCONF_PORT,
        username=credentials.username or host.username or login_name(),
        password=credentials.password or own,
        key_file=credentials.key_file,
        known_hosts=credentials.known_hosts or default_known_hosts(),
        logical_system=host.get("logical_system"),
        host_name=host.get("host_name"),
        max_reply=size(host.get("max_reply") or MAX_REPLY),
        role=Role(role) if role else None,
        groups=tuple(group.name for group in host.groups),
    )


def select(targets: Mapping[str, Target], limit: Iterable[str]) -> dict[str, Target]:
    """The targets that `limit` names, each by router name, group or role; none named: all.

    Raises:
        UnknownName: a name that is none of these.
    """
    wanted: set[str] = set()
    limits = list(limit)
    for word in limits:
        matching = {name for name, target in targets.items() if word in _handles(target)}
        if not matching:
            known = set(targets).union(*(_handles(target) for target in targets.values()))
            raise UnknownName("router, group or role", word, known)
        wanted |= matching
    return {name: target for name, target in targets.items() if not limits or name in wanted}


def _handles(target: Target) -> set[str]:
    return {target.name, *target.groups, *((target.role.value,) if target.role else ())}


def _nornir(project: Project) -> NornirInventory:
    # Here and not above: Nornir costs more time to import than `--help` may take.
    from nornir.plugins.inventory.simple import SimpleInventory  # noqa: PLC0415

    return SimpleInventory(str(project.hosts), str(project.groups), str(project.defaults)).load()


def _member(host: Host) -> Member:
    return Member(
        name=host.name,
        host=host.hostname or host.name,
        port=host.port or NETCONF_PORT,
        username=host.username,
        role=Role(host["role"]),
        groups=tuple(group.name for group in host.groups),
        logical_system=host.get("logical_system"),
        host_name=host.get("host_name"),
        max_reply=size(host.get("max_reply") or MAX_REPLY),
    )


def _target(member: Member, credentials: Credentials) -> Target:
    return Target(
        name=member.name,
        host=member.host,
        port=member.port,
        username=credentials.username or member.username or login_name(),
        password=credentials.password,
        key_file=credentials.key_file,
        known_hosts=credentials.known_hosts or default_known_hosts(),
        logical_system=member.logical_system,
        host_name=member.host_name,
        max_reply=member.max_reply,
        role=member.role,
        groups=member.groups,
    )


def _overlaid(name: str, member: Member | None, fields: Mapping[str, object]) -> Target:
    username = str(fields.get("username") or "")
    plain = Target(name=name, host="", username=username)
    if member is not None:
        plain = _target(member, Credentials(username=username or None))
    return replace(plain, **fields)  # type: ignore[arg-type]  # replace() itself refuses unknown fields
