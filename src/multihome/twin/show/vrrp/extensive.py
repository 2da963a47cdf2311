"""`show vrrp extensive`: what was counted, of the interface and of the group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.show.interface.words import local_index

if TYPE_CHECKING:
    from collections.abc import Sequence

    from multihome.twin.show.element import Element
    from multihome.twin.views import InterfaceView, VrrpView

INTERFACE_ERRORS = (
    "invalid-ipah-next-type-received",
    "invalid-vrrp-ttl-value-received",
    "invalid-vrrp-version-received",
    "invalid-vrrp-pdu-type-received",
    "invalid-vrrp-authentication-type-received",
    "invalid-vrrp-ip-count-received",
    "invalid-vrrp-checksum-received",
)
GROUP_ERRORS = (
    "bad-authentication-type-received",
    "bad-password-received",
    "bad-md5-digest-received",
    "bad-advertisement-timer-received",
    "bad-vip-count-received",
    "bad-vipaddr-received",
)


def add_extensive(
    element: Element, group: VrrpView, groups: Sequence[VrrpView], interface: InterfaceView | None
) -> None:
    """The counters of the interface and the group; errors cannot happen in the twin."""
    same = [other for other in groups if other.interface == group.interface]
    element.add("interface", group.interface)
    element.add("interface-index", local_index(interface) if interface is not None else 0)
    element.add("groups", len(same))
    element.add("active", sum(other.state != "init" for other in same))
    received = sum(other.advertisements_received for other in same)
    element.add("advertisement-sent", sum(other.advertisements_sent for other in same))
    element.add("advertisement-received", received)
    element.add("packets-received", received)
    element.add("no-group-match-received", 0)
    for name in INTERFACE_ERRORS:
        element.add(name, 0)
    counted = element.add("group-vrrp-pdu-statistics")
    counted.add("advertisement-sent", group.advertisements_sent)
    counted.add("advertisement-received", group.advertisements_received)
    errors = element.add("group-vrrp-pdu-error-statistics")
    for name in GROUP_ERRORS:
        errors.add(name, 0)
    changes = element.add("group-vrrp-state-transition-statistics")
    started = int(group.state != "init" or group.transitions_to_backup > 0)
    changes.add("idle-master-transitions", 0)
    changes.add("idle-backup-transitions", started)
    changes.add("backup-master-transitions", group.transitions_to_master)
    changes.add("master-backup-transitions", max(group.transitions_to_backup - started, 0))
