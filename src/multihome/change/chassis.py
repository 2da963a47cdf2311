"""Logical systems of one device: one configuration database, one lock, one commit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from multihome.change.change_request import Order


def together(order: Order, device_of: Mapping[str, str]) -> tuple[Order, dict[str, str]]:
    """The order with one router per device, and each router with its first one.

    The first router of a device in the order stands for all of them: what is committed for
    one of them is committed for all, so their load scripts are one.
    """
    stands_for: dict[str, str] = {}
    leader_of: dict[str, str] = {}
    for router in (router for batch in order.batches for router in batch):
        leader_of[router] = stands_for.setdefault(device_of.get(router, router), router)
    scripts: dict[str, str] = {}
    for router, leader in leader_of.items():
        scripts[leader] = scripts.get(leader, "") + order.scripts[router].rstrip("\n") + "\n"
    kept = (tuple(r for r in batch if leader_of[r] == r) for batch in order.batches)
    batches = tuple(batch for batch in kept if batch)
    return replace(order, scripts=scripts, batches=batches), leader_of
