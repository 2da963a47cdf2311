"""`protocols mpls`: the reserved labels every label-switching router has in `mpls.0`.

Labels 0, 1, 2 and 13 (RFC 3032 section 2.1, RFC 5586) are received by the router itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from multihome.twin.routing.host import Process
from multihome.twin.routing.route import NextHopKind, Protocol, Route, label_prefix

if TYPE_CHECKING:
    from multihome.twin.junos.model.router import Router
    from multihome.twin.routing.host import Host

_RECEIVED: Final = (0, 1, 2, 13)


class MplsProcess(Process):
    """The part of MPLS that is no label distribution."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def configure(self, old: Router, new: Router) -> None:
        """Reserved labels come and go with the protocol."""
        del old
        labels = _RECEIVED if new.mpls is not None else ()
        if labels or "mpls.0" in self._host.ribs:
            routes = [self._received(label) for label in labels]
            self._host.rib("mpls.0").replace(Protocol.MPLS, "reserved", routes)

    def _received(self, label: int) -> Route:
        return Route(
            prefix=label_prefix(label),
            protocol=Protocol.MPLS,
            preference=0,
            kind=NextHopKind.RECEIVE,
            metric=1,
            installed=self._host.clock.now,
        )
