"""From an order to a running network: chassis, configurations, servers.

The only module of the lab that is heavy to import; it runs in the lab's own process, or in
a test.
"""

from __future__ import annotations

import resource
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import asyncssh

from multihome.errors import UsageError
from multihome.lab.place import LabRouter, write_private
from multihome.twin.calendar import Calendar
from multihome.twin.chassis import Chassis
from multihome.twin.clock import Clock
from multihome.twin.fabric.links import Link
from multihome.twin.journal import Journal, Line
from multihome.twin.network import Network
from multihome.twin.routing.host import End, Oscillation
from multihome.twin.server.farm import Farm
from multihome.twin.server.gate import Credentials

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from multihome.lab.order import Order, RouterOrder
    from multihome.lab.place import Place

CONFIGURED_BEFORE = timedelta(hours=1)
"""How long before the lab its routers were configured: they boot with what they were left."""
SETTLE_LIMIT = 600.0
"""Simulated seconds that a network gets to come to rest before the doors open."""
_FILES_PER_ROUTER = 4
"""Descriptors to have ready: its port, and a few clients."""
_MOST_CONTESTED = 20
"""Lines about addresses that two ends of a wire claim; more would say nothing new."""
FACTORY = """\
set version {version}
set system host-name {name}
set system root-authentication encrypted-password "*"
set system login user {user} class super-user
set system login user {user} authentication ssh-ed25519 "{key}"
set system services netconf ssh
"""
"""What a router has before anybody configures it: a name and a way in."""


@dataclass(slots=True)
class Running:
    """A lab at work."""

    network: Network
    farm: Farm
    journal: Journal
    routers: tuple[LabRouter, ...]


def boot(order: Order, place: Place, sink: Callable[[Line], None] | None = None) -> Running:
    """Build the network, let it settle, and listen.

    Raises:
        UsageError: a configuration cannot be used at all.
        OSError: no port could be had.
    """
    _allow_files(len(order.routers) * _FILES_PER_ROUTER)
    network = Network(Clock())
    calendar = Calendar(network.clock, _present())
    journal = Journal(calendar, sink)
    credentials = _credentials(order, place)
    committed = _present() - CONFIGURED_BEFORE
    fleet = []
    for router in order.routers:
        chassis = Chassis(
            router.name, network, calendar, journal, always_chunked=order.always_chunked
        )
        _configure(chassis, router, credentials, committed)
        fleet.append(chassis)
    if order.cables:
        network.set_links(Link(tuple(End(*end) for end in cable.ends)) for cable in order.cables)
    for line in network.contested()[:_MOST_CONTESTED]:
        journal.write("", f"{line}; a file of links says which ends meet")
    if order.settle:
        _settle(network, calendar, journal)
    farm = Farm(network, fleet, credentials, journal, order.host)
    farm.start(order.speed)
    return Running(network, farm, journal, _routers(farm, credentials, fleet))


def _configure(
    chassis: Chassis, order: RouterOrder, credentials: Credentials, committed: datetime
) -> None:
    if order.configuration is None:
        text = FACTORY.format(
            version=chassis.version,
            name=order.name,
            user=credentials.username,
            key=credentials.public_key,
        )
        chassis.boot(text, "set", committed)
    else:
        found = chassis.boot(order.configuration, order.form, committed)
        if found and not len(chassis.database.committed):
            where = order.file or order.name
            raise UsageError(f"{where}: nothing in here is understood: {found[0].message}")


def _settle(network: Network, calendar: Calendar, journal: Journal) -> None:
    """Let the network come to rest; the time that takes lies before the present."""
    try:
        words = f"converged in {network.converge(SETTLE_LIMIT):.1f} s"
    except Oscillation as restless:
        words = f"the network never comes to rest: {restless}"
    calendar.align(_present())
    journal.write("", words)


def _credentials(order: Order, place: Place) -> Credentials:
    key = asyncssh.generate_private_key("ssh-ed25519", comment=f"{order.username}@lab")
    write_private(place.private_key, key.export_private_key().decode())
    public = key.export_public_key().decode().strip()
    return Credentials(order.username, secrets.token_urlsafe(12), public)


def _routers(
    farm: Farm, credentials: Credentials, fleet: Iterable[Chassis]
) -> tuple[LabRouter, ...]:
    by_name = {chassis.name: chassis for chassis in fleet}
    return tuple(
        LabRouter(
            end.name,
            end.host,
            end.port,
            credentials.username,
            credentials.password,
            end.host_key,
            end.fingerprint,
            by_name[end.name].host_name,
            by_name[end.name].unknown,
            by_name[end.name].unmodelled,
        )
        for end in farm.endpoints
    )


def _present() -> datetime:
    return datetime.now(UTC)


def _allow_files(count: int) -> None:
    """A thousand routers need more open sockets than a shell allows by default."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count + 256
    if soft < wanted:
        limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, limit), hard))
