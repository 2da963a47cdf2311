"""Every check there is: importing this module is what fills the registry."""

from __future__ import annotations

from multihome.check.kinds import (
    anything,
    bgp,
    configuration,
    exchange,
    forwarding,
    igp,
    interface,
    route,
    vrrp,
)
from multihome.check.registry import REGISTRY

MODULES = (anything, bgp, configuration, exchange, forwarding, igp, interface, route, vrrp)

__all__ = ["MODULES", "REGISTRY"]
