"""Whose a route is: the VPN that a table belongs to, and the routers that addresses belong to.

The same prefix in two VPNs is two networks. A table is one of a VPN if it is called so at a
router that the intent gives the VPN, if its routes carry the VPN's route target, or if it is
the main one of a router at the customer's end.
"""

from __future__ import annotations

from collections import defaultdict
from ipaddress import ip_interface, ip_network
from typing import TYPE_CHECKING

from multihome.check.harm.names import names
from multihome.intent.places import OUTSIDE
from multihome.intent.wiring_plan import chart
from multihome.state.snapshot.row import COLUMNS, Kind

if TYPE_CHECKING:
    from multihome.change.statements import Statement
    from multihome.check.harm.names import Address, Network
    from multihome.intent.model import Intent
    from multihome.state.snapshot.row import Row

_COMMUNITIES = COLUMNS[Kind.ROUTE].index("communities")
MOST = 1000
"""Foreign networks that are remembered."""
_ADDRESSES = COLUMNS[Kind.INTERFACE].index("addresses")


class Scopes:
    """Read from the intent, and from the rows of the snapshot before the change."""

    def __init__(self, intent: Intent) -> None:
        self._intent, self._names = intent, names(intent)
        self._targets = {str(vpn.vrf_target): name for name, vpn in intent.vpns.items()}
        self._distinguishers = {
            str(vpn.route_distinguisher): name for name, vpn in intent.vpns.items()
        }
        self._instances = {
            (router, wire.instance)
            for (router, _), wire in chart(intent).wires.items()
            if wire.instance
        }
        self._own_units = {
            (name, intent.routers[router].loopback.address.network)
            for name, vpn in intent.vpns.items()
            for router in vpn.loopbacks
        }
        self.foreign: set[tuple[str, Network]] = set()
        """Networks in the intent's VPNs that it does not know; no more than a few."""
        self._sessions: set[tuple[str, str]] = set()
        self._owners: dict[Address, set[str]] = defaultdict(set)
        self._addresses: dict[str, set[Address]] = defaultdict(set)
        self._tables: dict[tuple[str, str], set[str]] = defaultdict(set)
        for address, router in chart(intent).owners.items():
            self._own(router, address)

    def learn(self, router: str, row: Row) -> None:
        """Take in one row of the network as it was found."""
        if row.kind is Kind.INTERFACE:
            for text in row.values[_ADDRESSES].split():
                try:
                    self._own(router, ip_interface(text).ip)
                except ValueError:  # of a family that is not IP's
                    continue
        elif row.kind is Kind.BGP and row.values[0] == "Established":
            self._sessions.add((router, row.key.partition(" ")[0]))
        elif row.kind is Kind.ROUTE:
            self._learn_route(router, row)

    def _learn_route(self, router: str, row: Row) -> None:
        table, _, destination = row.key.partition(" ")
        found = self._tables[router, table]
        for word in row.values[_COMMUNITIES].split():
            if word in self._targets:
                found.add(self._targets[word])
        network = _network(destination)
        party = self._names.of_network(network) if network is not None else None
        if party is not None and party.site and router not in self._intent.routers:
            found.add(party.vpn)
        if party is None and network is not None and len(self.foreign) < MOST:
            scopes = self.of(router, table, destination)
            self.foreign.update(each for each in scopes if each[0] and each not in self._own_units)

    def up(self, router: str, peer: str) -> bool:
        """Whether a router had an established BGP session with a neighbour."""
        return (router, peer) in self._sessions

    def had(self, router: str, table: str) -> bool:
        """Whether a router had any route in a table."""
        return (router, table) in self._tables

    def of(self, router: str, table: str, destination: str) -> frozenset[tuple[str, Network]]:
        """The scopes in which a route's network is meant, each with the network."""
        instance, _, rest = table.partition(".")
        if instance == "bgp" and rest.startswith("l3vpn"):
            distinguisher, _, prefix = destination.rpartition(":")
            network = _network(prefix)
            vpn = self._distinguishers.get(distinguisher)
            return frozenset({(vpn, network)} if vpn and network is not None else ())
        network = _network(destination)
        if network is None:
            return frozenset()
        return frozenset((scope, network) for scope in self._scopes(router, table))

    def _scopes(self, router: str, table: str) -> frozenset[str]:
        found = frozenset(self._tables.get((router, table), ()))
        if table.startswith(("inet.", "inet6.")):
            party = self._names.routers.get(router)
            return found | {party.vpn if party is not None else OUTSIDE}
        instance = table.partition(".")[0]
        return found | ({instance} if (router, instance) in self._instances else set())

    def of_statement(self, statement: Statement) -> frozenset[str]:
        """The scopes that a statement may be about: its instance, its router's VPN, or none."""
        if statement.words[:1] == ("routing-instances",):
            return frozenset(statement.words[1:2])
        if statement.words[:1] == ("interfaces",):
            party = self._names.routers.get(statement.router)
            vpns = [party.vpn] if party is not None and party.site else self._intent.vpns
            return frozenset({OUTSIDE, *vpns})
        party = self._names.routers.get(statement.router)
        return frozenset({OUTSIDE, *([party.vpn] if party is not None else [])})

    def owners(self, address: Address) -> frozenset[str]:
        """The routers that have an address."""
        return frozenset(self._owners.get(address, ()))

    def addresses(self, router: str) -> frozenset[Address]:
        """The addresses of a router."""
        return frozenset(self._addresses.get(router, ()))

    def _own(self, router: str, address: Address) -> None:
        self._owners[address].add(router)
        self._addresses[router].add(address)


def _network(text: str) -> Network | None:
    try:
        return ip_network(text)
    except ValueError:
        return None
