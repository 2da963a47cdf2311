"""The effective configuration as routers: one for the chassis, one per logical system."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from multihome.twin.junos.model.instances import MASTER
from multihome.twin.junos.model.router import Router
from multihome.twin.junos.policy import names_in, parse_expression
from multihome.twin.junos.reader.igp import is_backbone, ldp, lldp, mpls
from multihome.twin.junos.reader.instances import has_tables, instances
from multihome.twin.junos.reader.interfaces import physicals, units
from multihome.twin.junos.reader.keys import key_chains
from multihome.twin.junos.reader.policy import policies

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.config.tree import Node
    from multihome.twin.junos.model.instances import RoutingInstance


def build(root: Node) -> dict[str, Router]:
    """Every router of a chassis, by logical system; the main router's key is empty.

    `root` is the effective tree: groups inherited, inactive statements gone.  Statements
    the model has no place for are left out, and a value that makes no sense is taken as
    absent: the commit check complains about both, a lenient load does not.
    """
    system = root.get("system")
    name = "" if system is None else system.leaf("host-name") or ""
    routers = {"": _router(root, root, name)}
    for logical_system in root.entries("logical-systems"):
        # What it calls itself, for example in the host name TLV of IS-IS.
        routers[logical_system.name] = _router(logical_system, root, logical_system.name)
    return routers


def _router(here: Node, chassis: Node, host_name: str) -> Router:
    router = Router(
        host_name=host_name,
        physicals=physicals(here, chassis),
        units=units(here, chassis),
        instances=instances(here),
        ldp=ldp(here.get("protocols", "ldp")),
        mpls=mpls(here.get("protocols", "mpls")),
        lldp=lldp(here.get("protocols", "lldp")),
        default_address_selection=_has(chassis.get("system"), "default-address-selection"),
        policies=policies(here.get("policy-options")),
        key_chains=key_chains(here, chassis),
    )
    return replace(router, warnings=(*_beyond_the_model(here), *_meaning_beyond(router)))


def _has(node: Node | None, keyword: str) -> bool:
    return node is not None and node.has(keyword)


def _beyond_the_model(here: Node) -> Iterator[str]:
    """What the grammar cannot distinguish from what is modelled: values, not statements."""
    ospf = here.get("protocols", "ospf")
    for area in () if ospf is None else ospf.entries("area"):
        if not is_backbone(area):
            yield f"protocols ospf area {area.name}: only the backbone area is modelled"
    for place, node in _speakers(here):
        if any("alias" in found.leaves("local-as") for found in _levels(node)):
            yield f"{place}protocols bgp: local-as alias is not modelled"
    holder = here.get("routing-instances")
    for instance in () if holder is None else holder.entries("instance"):
        if not has_tables(instance):
            kind = instance.leaf("instance-type") or "forwarding"
            yield f"routing-instances {instance.name}: instance-type {kind} is not modelled"


def _meaning_beyond(router: Router) -> Iterator[str]:
    """What is modelled word by word, and not as it is put together here."""
    yield from _never_matching(router)
    for instance in router.instances.values():
        place = "" if instance.name == MASTER else f"routing-instances {instance.name} "
        for neighbor in instance.bgp.neighbors:
            if neighbor.external and "inet-vpn-unicast" in neighbor.families:
                yield (
                    f"{place}protocols bgp group {neighbor.group} neighbor {neighbor.address}: "
                    "VPN routes between ASes (option B) are not modelled"
                )
        yield from (f"{place}protocols bgp: {line}" for line in _twice(instance))
        if instance.type == "vrf" and instance.ospf is not None and instance.ospf.export:
            yield (
                f"{place}protocols ospf: what comes from the backbone is external; "
                "domain IDs are not modelled"
            )
        chain = () if instance.isis is None else instance.isis.export
        for name in chain:
            if _leaks(router, name):
                yield f"{place}protocols isis export {name}: levels do not leak by policy"


def _never_matching(router: Router) -> Iterator[str]:
    """Terms with a condition that cannot be judged: no route matches them here."""
    statements = {} if router.policies is None else router.policies.statements
    for policy in statements.values():
        for term in policy.terms:
            words = (*term.conditions.unjudged, *(term.to.unjudged if term.to else ()))
            if words:
                name = f" term {term.name}" if term.name else ""
                yield (
                    f"policy-options policy-statement {policy.name}{name} from {words[0]}: "
                    "not judged, so no route matches it here"
                )


def _twice(instance: RoutingInstance) -> Iterator[str]:
    """Junos commits a neighbor of two groups; which of the two sessions lives is its secret."""
    counted = Counter(neighbor.address for neighbor in instance.bgp.neighbors)
    for address in (address for address, times in counted.items() if times > 1):
        groups = [one.group for one in instance.bgp.neighbors if one.address == address]
        yield f"neighbor {address} is in groups {', '.join(groups)}: the last one's is modelled"


def _leaks(router: Router, element: str) -> bool:
    """Whether an element of an export chain speaks of what IS-IS itself has brought."""
    statements = {} if router.policies is None else router.policies.statements
    try:
        names = names_in(parse_expression(element))
    except ValueError:
        return False
    policies = [statements[name] for name in names if name in statements]
    found = [term.conditions for policy in policies for term in policy.terms]
    return any("isis" in each.protocols or each.level is not None for each in found)


def _speakers(here: Node) -> Iterator[tuple[str, Node]]:
    """`protocols bgp` of every instance, with what to write before it."""
    holder = here.get("routing-instances")
    instances = () if holder is None else holder.entries("instance")
    found = [("", here), *((f"routing-instances {one.name} ", one) for one in instances)]
    for place, node in found:
        bgp = node.get("protocols", "bgp")
        if bgp is not None:
            yield place, bgp


def _levels(bgp: Node) -> Iterator[Node]:
    yield bgp
    for group in bgp.entries("group"):
        yield group
        yield from group.entries("neighbor")
