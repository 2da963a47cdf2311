"""Daemons that the twin gives no work: what they answer all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.show.element import Element, junos
from multihome.twin.show.registry import prints, shows
from multihome.twin.show.words import not_needed, output

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.show.registry import Query


_INSTANCE = "brief detail extensive instance:instance logical-system:logical-system"


@shows("get-lacp-interface-information", "show lacp interfaces", "<interface-name> extensive")
def lacp_information(_: Query) -> Element:
    """No links are aggregated."""
    return not_needed("lacp")


@shows("get-ntp-associations-information", "show ntp associations", "no-resolve detail <name>")
@shows("get-ntp-status-information", "show ntp status", "no-resolve")
def ntp_information(_: Query) -> Element:
    """Routers share the network's clock, so none runs a daemon for it."""
    return output("ntpq: read: Connection refused")


@shows("get-ospf3-neighbor-information", "show ospf3 neighbor", _INSTANCE)
@shows("get-ospf3-interface-information", "show ospf3 interface", _INSTANCE)
@shows("get-ospf3-overview-information", "show ospf3 overview", _INSTANCE)
@shows("get-ospf3-database-information", "show ospf3 database", _INSTANCE)
@shows("get-ospf3-route-information", "show ospf3 route", _INSTANCE)
def ospf3_information(_: Query) -> Element:
    """OSPFv3 is for IPv6, which the twin's network does not speak."""
    return output("OSPF3 instance is not running")


@shows(
    "get-probe-results",
    "show services rpm probe-results",
    "owner:owner test:test brief terse",
)
def probe_results(_: Query) -> Element:
    """Nothing is probed."""
    return Element("probe-results", module="junos-rpm")


@shows(
    "get-bridge-instance-information",
    "show bridge domain",
    "<bridge-domain> brief detail extensive instance:instance",
)
def bridge_instances(_: Query) -> Element:
    """Nothing is bridged."""
    style = junos(style="brief")
    return Element("l2ald-bridge-instance-information", attributes=style, module="junos-l2al")


@shows(
    "get-ipv6-nd-information",
    "show ipv6 neighbors",
    "no-resolve interface:interface host:host",
)
def ipv6_neighbors(_: Query) -> Element:
    """The twin's network speaks IPv4, so there are no neighbours to discover."""
    information = Element("ipv6-nd-information", module="junos-ipv6")
    information.add("ipv6-nd-total", 0)
    return information


@prints("probe-results", "l2ald-bridge-instance-information")
def nothing(_: Element) -> Iterator[str]:
    """Nothing there, nothing printed."""
    yield from ()


@prints("ipv6-nd-information")
def neighbors_text(information: Element) -> Iterator[str]:
    """The heading, and their number."""
    yield (
        "IPv6 Address                            Linklayer Address  State       Exp"
        "   Rtr  Secure  Interface"
    )
    yield f"Total entries: {information.value('ipv6-nd-total')}"
