"""The effective configuration as routers: one for the chassis, one per logical system."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.junos.build_igp import ldp, mpls
from multihome.twin.junos.build_instances import instances
from multihome.twin.junos.build_interfaces import physicals, units
from multihome.twin.junos.build_policy import policies
from multihome.twin.junos.model import Router

if TYPE_CHECKING:
    from multihome.twin.config.tree import Node


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
        routers[logical_system.name] = _router(logical_system, root, name)
    return routers


def _router(here: Node, chassis: Node, host_name: str) -> Router:
    return Router(
        host_name=host_name,
        physicals=physicals(here, chassis),
        units=units(here),
        instances=instances(here),
        ldp=ldp(here.get("protocols", "ldp")),
        mpls=mpls(here.get("protocols", "mpls")),
        policies=policies(here.get("policy-options")),
    )
