"""Whose an address or a name is, among the routers of the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multihome.twin.addressing import Address
    from multihome.twin.show.device import Router
    from multihome.twin.show.registry import Query


def holder(query: Query, address: Address) -> Router | None:
    """The router whose router ID an address is."""
    nodes = query.device.network.nodes.values()
    return next((node for node in nodes if node.router_id("master") == address), None)


def named(query: Query, host_name: str) -> Router | None:
    """The router of a host name."""
    for node in query.device.network.nodes.values():
        if host_name in (node.config.host_name, node.name):
            return node
    return None


def addresses(router: Router) -> list[Address]:
    """Every IPv4 address of the main instance's interfaces that are up, its router ID first."""
    instances = router.config.instances.values()
    elsewhere = {name for one in instances if one.name != "master" for name in one.interfaces}
    found = [
        address
        for view in router.interfaces.views()
        if view.oper_up and view.name not in elsewhere
        for address, _ in view.addresses
    ]
    own = router.router_id("master")
    return sorted(found, key=lambda address: (address != own, address))
