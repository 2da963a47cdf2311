"""What a router itself has otherwise than the intent: a link, a routing instance, an AS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.check.inquiry import Explanation
from multihome.state import bgp, instance, interface, mpls

if TYPE_CHECKING:
    from collections.abc import Iterable

    from multihome.check.inquiry import Inquiry
    from multihome.intent.wiring_plan import End, IntendedLink


def why_miswired(ends: Iterable[End], inquiry: Inquiry) -> Explanation | None:
    """That one of the ends of a link has another address, tag or instance than it must have."""
    found = (_end(router, name, inquiry) for router, name in ends)
    return next((each for each in found if each), None)


def why_loopbacks(routers: Iterable[str], inquiry: Inquiry) -> Explanation | None:
    """That a router has not the address that the others know it by."""
    known = inquiry.chart.loopbacks
    return why_miswired([(each, known[each]) for each in routers if each in known], inquiry)


def why_instance(router: str, name: str, inquiry: Inquiry) -> Explanation | None:
    """That a routing instance is not there, or takes other routes than it must."""
    target = inquiry.chart.targets.get((router, name))
    table = inquiry.table(router, instance.INSTANCES) if target else None
    if table is None:
        return None
    found = next((each for each in table if each.name == name), None)
    command = f"show route instance {name} detail (on {router})"
    if found is None:
        words = f"{router} has no routing instance {name}"
        return Explanation(words, cause=words, next=command, certain=True)
    for verb, targets in (("imports", found.imports), ("exports", found.exports)):
        if targets and target not in targets:
            return Explanation(
                f"instance {name} of {router} {verb} {', '.join(sorted(targets))}, not {target}",
                cause=f"route target of instance {name} on {router}",
                next=command,
                certain=True,
            )
    return None


def why_table(router: str, table: str, inquiry: Inquiry) -> Explanation | None:
    """The same of the instance that a table belongs to: `ipvpn.inet.0`."""
    return why_instance(router, table.rpartition(".inet")[0], inquiry)


def why_system(routers: Iterable[str], inquiry: Inquiry) -> Explanation | None:
    """That a router claims another AS than it is of."""
    for router in routers:
        meant = inquiry.chart.systems.get(router)
        peers = inquiry.table(router, bgp.NEIGHBORS) if meant else None
        said = {each.local_as for each in peers or () if each.local_as is not None}
        if said and meant not in said:
            shown = ", ".join(map(str, sorted(said)))
            return Explanation(
                f"{router} says that it is AS {shown}, and must be AS {meant}",
                cause=f"AS number of {router}",
                next=f"show bgp neighbor (on {router})",
                certain=True,
            )
    return None


def why_unlabelled(router: str, name: str, inquiry: Inquiry) -> Explanation | None:
    """That an interface, or the whole router, takes no labelled packets."""
    ports = inquiry.table(router, mpls.PORTS)
    if ports is None or any(each.interface == name and each.state == "Up" for each in ports):
        return None
    where = f"{router} {name}" if ports.rows else router
    return Explanation(
        f"no labelled packet passes {where}: it is in no `protocols mpls`, or without its family",
        cause=f"MPLS is off on {where}",
        next=f"show mpls interface (on {router})",
        certain=True,
    )


def _end(router: str, name: str, inquiry: Inquiry) -> Explanation | None:
    wire = inquiry.chart.wires.get((router, name))
    table = inquiry.table(router, interface.TERSE) if wire else None
    if wire is None or table is None:
        return None
    status = table.get(name)
    if status is None:
        words = f"{router} {name} is not configured"
        return Explanation(
            words, cause=words, next=f"show interfaces terse (on {router})", certain=True
        )
    if str(wire.address) not in status.addresses:
        shown = ", ".join(status.addresses) or "no address"
        return _wrong(router, name, "address", f"{shown}, and must have {wire.address}")
    return _tag(router, name, wire, inquiry) or _membership(router, name, wire, inquiry)


def _tag(router: str, name: str, wire: IntendedLink, inquiry: Inquiry) -> Explanation | None:
    table = inquiry.table(router, interface.LISTED) if wire.vlan or wire.mtu else None
    status = table.get(name) if table else None
    if status is None:
        return None
    for what, meant, said in (("VLAN", wire.vlan, status.vlan), ("MTU", wire.mtu, status.mtu)):
        if meant is not None and said not in (None, meant):
            return _wrong(router, name, what, f"{what} {said}, and must have {meant}")
    return None


def _membership(router: str, name: str, wire: IntendedLink, inquiry: Inquiry) -> Explanation | None:
    if not wire.instance:
        return None
    if found := why_instance(router, wire.instance, inquiry):
        return found
    table = inquiry.table(router, instance.INSTANCES) or ()
    mine = [each for each in table if each.name == wire.instance and each.interfaces]
    if not mine or any(name in each.interfaces for each in mine):
        return None
    return Explanation(
        f"{router} {name} is not in routing instance {wire.instance}",
        cause=f"routing instance of {router} {name}",
        next=f"show route instance {wire.instance} detail (on {router})",
        certain=True,
    )


def _wrong(router: str, name: str, what: str, shown: str) -> Explanation:
    return Explanation(
        f"{router} {name} has {shown}",
        cause=f"{what} of {router} {name}",
        next=f"show interfaces {name} (on {router})",
        certain=True,
    )
