"""VRRP as `show vrrp` asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.routing.vrrp.fsm import State
from multihome.twin.views import VrrpView

if TYPE_CHECKING:
    from multihome.twin.routing.host import Host
    from multihome.twin.routing.vrrp.group import Group


def view(host: Host, group: Group) -> VrrpView:
    """One group in its present state."""
    config, now = group.config, host.clock.now
    unit = host.unit(group.interface)
    is_master = group.state is State.MASTER
    said = None if group.master is None else group.master[1]
    follows = said is not None and not is_master
    return VrrpView(
        interface=group.interface,
        unit_up=host.up(group.interface),
        group=config.group,
        state=group.state.value,
        local_address=group.address,
        virtual_addresses=config.virtual_addresses,
        vlan=unit.vlan if unit else None,
        configured_priority=config.priority,
        current_priority=group.tracking.priority or config.priority,
        advertise_interval=config.advertise_interval,
        preempt=config.preempt,
        preempt_hold_time=config.preempt_hold_time,
        accept_data=config.accept_data,
        master_address=group.address if is_master else said.source if said else None,
        master_priority=group.tracking.priority if is_master else said.priority if said else None,
        advertisement_timer=_to_next(now - group.since, config.advertise_interval),
        dead_timer=_dead_timer(group, now),
        since=group.since,
        master_since=group.since if is_master else None,
        tracks=group.tracking.views(config),
        advertisements_sent=group.sent + (group.advertised(group.since) if is_master else 0),
        advertisements_received=group.received
        + (group.advertised(group.followed_since) if follows else 0),
        transitions_to_master=group.to_master,
        transitions_to_backup=group.to_backup,
    )


def _to_next(elapsed: float, interval: float) -> float:
    return interval - elapsed % interval


def _dead_timer(group: Group, now: float) -> float:
    """Seconds until the master counts as down; each advertisement sets it back."""
    if group.down is not None and group.down.pending:
        return group.down.deadline - now
    return group.master_down_interval - (now - group.since) % group.config.advertise_interval
