"""LLDP: who is at the other end of each port (IEEE 802.1AB)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from multihome.twin.show.element import Element, junos
from multihome.twin.show.interface.words import mac_address
from multihome.twin.show.registry import prints, shows
from multihome.twin.show.words import not_needed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.show.device import Router
    from multihome.twin.show.registry import Query

_ALL = "all"
_HEADING = (
    "Local Interface    Parent Interface    Chassis Id          Port info          System Name"
)
_GLOBAL = (
    ("lldp-global-status", "LLDP", "Enabled", ""),
    ("lldp-advertisement-interval", "Advertisement interval", 30, " seconds"),
    ("lldp-transmit-delay-interval", "Transmit delay", 2, " seconds"),
    ("lldp-hold-time-interval", "Hold timer", 120, " seconds"),
    ("lldp-notification-interval", "Notification interval", 5, " Second(s)"),
    ("ptopo-configuration-trap-interval", "Config Trap Interval", 0, " seconds"),
    ("ptopo-maximum-hold-time", "Connection Hold timer", 300, " seconds"),
    ("lldp-med-global-status", "LLDP MED", "Disabled", ""),
    ("lldp-port-id-subtype", "Port ID TLV subtype", "locally-assigned", ""),
)
"""Junos's defaults: leaf, words, value, unit."""


class Neighbor(NamedTuple):
    """One neighbour on one port."""

    port: str
    far: Router
    far_port: str


def runs_on(router: Router, port: str) -> bool:
    """Whether LLDP speaks on a port; a loopback has no neighbour."""
    ports = router.config.lldp or frozenset()
    return (port in ports or _ALL in ports) and not port.startswith("lo")


def neighbors(query: Query) -> list[Neighbor]:
    """Everybody who speaks LLDP at the far end of a port that is up."""
    router, network = query.router, query.device.network
    found: dict[tuple[str, str, str], Neighbor] = {}
    for view in router.interfaces.views():
        port = view.name.partition(".")[0]
        if view.oper_up and "." in view.name and runs_on(router, port):
            for node, interface in network.neighbors_on(router.name, view.name):
                far, far_port = network.nodes[node], interface.partition(".")[0]
                if runs_on(far, far_port):
                    found[port, node, far_port] = Neighbor(port, far, far_port)
    return [found[key] for key in sorted(found)]


@shows(
    "get-lldp-neighbors-information",
    "show lldp neighbors",
    "interface:interface interface-device:interface-device",
)
@shows("get-lldp-interface-neighbors", "", "<interface-device>")
def neighbors_information(query: Query) -> Element:
    """A neighbour per port; of one port in full."""
    if query.router.config.lldp is None:
        return not_needed("lldp")
    port = query.get("interface") or query.get("interface-device")
    style = junos(style="detail" if port else "brief")
    information = Element("lldp-neighbors-information", attributes=style)
    for neighbor in neighbors(query):
        if port in (None, neighbor.port):
            _add(information.add("lldp-neighbor-information"), neighbor, detailed=port is not None)
    return information


def _add(element: Element, neighbor: Neighbor, *, detailed: bool) -> None:
    """A port calls itself by its SNMP index, unless `port-id-subtype` says otherwise."""
    far, far_port = neighbor.far, neighbor.far_port
    views = {view.name: view for view in far.interfaces.views()}
    element.add("lldp-local-port-id", neighbor.port)
    if detailed:
        element.add("lldp-local-interface", neighbor.port)
    element.add("lldp-local-parent-interface-name", "-")
    element.add("lldp-remote-chassis-id-subtype", "Mac address")
    element.add("lldp-remote-chassis-id", mac_address(far.name, "chassis"))
    element.add("lldp-remote-port-id-subtype", "Locally assigned")
    element.add_known(lldp_remote_port_id=views[far_port].index if far_port in views else None)
    if detailed:
        element.add("lldp-remote-port-description", far_port)
    element.add("lldp-remote-system-name", far.config.host_name or far.name)
    if detailed:
        system = element.add("lldp-system-description")
        system.add("lldp-remote-system-description", "Juniper Networks, Inc.")
        element.add("lldp-remote-system-capabilities-supported", "Bridge Router")
        element.add("lldp-remote-system-capabilities-enabled", "Bridge Router")


@shows("get-lldp-information", "show lldp", "detail")
def lldp_information(query: Query) -> Element:
    """How LLDP is set up, and on which ports it runs."""
    ports = query.router.config.lldp
    if ports is None:
        return not_needed("lldp")
    information = Element("lldp")
    for leaf, _, value, _ in _GLOBAL:
        information.add(leaf, value)
    heard = [neighbor.port for neighbor in neighbors(query)]
    for port in sorted(ports):
        element = information.add("lldp-interface")
        element.add("lldp-interface-name", port)
        element.add("lldp-parent-interface-name", "-")
        element.add("lldp-interface-status", "Enabled")
        element.add("lldp-interface-med-status", "-")
        count = len(heard) if port == _ALL else heard.count(port)
        element.add("lldp-neighbor-count", count)
    return information


@prints("lldp-neighbors-information")
def neighbors_text(information: Element) -> Iterator[str]:
    """A line per neighbour."""
    yield _HEADING
    for element in information.all("lldp-neighbor-information"):
        value = element.value
        yield (
            f"{value('lldp-local-port-id'):<18} {value('lldp-local-parent-interface-name'):<19}"
            f" {value('lldp-remote-chassis-id'):<19} {value('lldp-remote-port-id'):<18}"
            f" {value('lldp-remote-system-name'):<20}"
        )


@prints("lldp")
def lldp_text(information: Element) -> Iterator[str]:
    """The settings, then a line per port."""
    for leaf, words, _, unit in _GLOBAL:
        yield f"{words:<26}: {information.value(leaf)}{unit}"
    yield ""
    yield (
        "Interface      Parent Interface   LLDP        LLDP-MED         Power Negotiation"
        "  Neighbor count"
    )
    for element in information.all("lldp-interface"):
        value = element.value
        yield (
            f"{value('lldp-interface-name'):<14} {value('lldp-parent-interface-name'):<18}"
            f" {value('lldp-interface-status'):<11} {value('lldp-interface-med-status'):<16}"
            f" {'-':<18} {value('lldp-neighbor-count')}"
        )
