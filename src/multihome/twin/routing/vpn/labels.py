"""The labels a PE hands out for its VRFs, and what becomes of packets that bear them.

With `vrf-table-label` a VRF has one label, the lowest free one from 16 up, and a packet
with it is looked up in the VRF's table.  Without, each way out of the VRF has a dynamic
label of its own, and a packet with it leaves that way unseen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.routing.route import NextHop, NextHopKind, Protocol, Route, label_prefix

if TYPE_CHECKING:
    from multihome.twin.routing.host import Host
    from multihome.twin.routing.vpn.vrf import Vrf

_FIRST_TABLE_LABEL = 16
_TABLE = "mpls.0"
_TABLE_PREFERENCE = 0
_NEXT_HOP_PREFERENCE = 170
Way = tuple[str, NextHop | None]
"""A VRF and a next hop in it; without one, the packet is looked up in the VRF's table."""


class VpnLabels:
    """The VPN labels of one router."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._tables: dict[str, int] = {}
        self._ways: dict[Way, int] = {}
        self._uses: dict[Way, int] = {}

    def table_label(self, vrf: Vrf) -> int:
        """The label of the VRF's table."""
        label = self._tables.get(vrf.name)
        if label is None:
            taken = set(self._tables.values())
            label = next(n for n in range(_FIRST_TABLE_LABEL, 1 << 20) if n not in taken)
            self._tables[vrf.name] = label
            self._write(label, _to_table(vrf.table), _TABLE_PREFERENCE)
        return label

    def forget_table(self, name: str) -> None:
        """The VRF is gone, or has no label any more."""
        label = self._tables.pop(name, None)
        if label is not None:
            self._host.rib(_TABLE).withdraw(label_prefix(label), Protocol.VPN, str(label))

    def take(self, vrf: Vrf, route: Route) -> tuple[Way, int]:
        """The label of the way a route takes; give the way back with `release`."""
        hop = route.next_hops[0] if route.next_hops else None
        way = (vrf.name, hop)
        label = self._ways.get(way)
        if label is None:
            label = self._ways[way] = self._host.labels.take()
            if hop is None:
                self._write(label, _to_table(vrf.table), _NEXT_HOP_PREFERENCE)
            else:
                pop = NextHop(hop.to, hop.via, pop=True, table=hop.table)
                self._write(label, pop, _NEXT_HOP_PREFERENCE)
        self._uses[way] = self._uses.get(way, 0) + 1
        return way, label

    def release(self, way: Way) -> None:
        """One route less goes this way."""
        self._uses[way] -= 1
        if not self._uses[way]:
            del self._uses[way]
            label = self._ways.pop(way)
            self._host.rib(_TABLE).withdraw(label_prefix(label), Protocol.VPN, str(label))
            self._host.labels.free(label)

    def _write(self, label: int, hop: NextHop, preference: int) -> None:
        self._host.rib(_TABLE).put(
            Route(
                prefix=label_prefix(label),
                protocol=Protocol.VPN,
                preference=preference,
                next_hops=(hop,),
                kind=NextHopKind.ROUTER if hop.table is None else NextHopKind.TABLE,
                source=str(label),
                installed=self._host.clock.now,
            )
        )


def _to_table(table: str) -> NextHop:
    return NextHop(table=table, pop=True)
