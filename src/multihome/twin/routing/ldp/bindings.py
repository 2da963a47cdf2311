"""Labels and label-switched paths of one LSR: downstream unsolicited, ordered, liberal.

A label for a FEC is given away only when the FEC is ours or the next hop of its route has
given us one (ordered control, RFC 5036 section 2.6.1.2); labels from other neighbours are
kept for the day the route moves (liberal retention, section 2.6.2.2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from multihome.twin.routing.label import EXPLICIT_NULL, IMPLICIT_NULL, inner_prefix
from multihome.twin.routing.route import NextHop, Route, label_prefix
from multihome.twin.routing.route import Protocol as From

if TYPE_CHECKING:
    from collections.abc import Iterable

    from multihome.twin.addressing import Prefix
    from multihome.twin.routing.host import Host

_PREFERENCE: Final = 9
_METRIC: Final = 1
_NOT_FOLLOWED: Final = {From.BGP, From.LDP}
"""Labels follow the IGP, static and connected routes."""


Ways = tuple[tuple["NextHop", int], ...]
"""Next hops of the FEC's route and the labels the LSRs behind them gave."""


class Neighbors(Protocol):
    """Who gave us labels."""

    def label_of(self, fec: Prefix, hop: NextHop) -> int | None:
        """The label of the LSR behind a next hop."""
        ...

    def announce(self, fecs: Iterable[Prefix]) -> None:
        """Announce to every operational session that the labels of these changed."""
        ...


class Bindings:
    """The FECs of one LSR."""

    def __init__(self, host: Host, neighbors: Neighbors) -> None:
        self._host, self._neighbors = host, neighbors
        self.local: dict[Prefix, int] = {}
        """The label each FEC has here; implicit or explicit null for our own."""
        self._egress: set[Prefix] = set()
        self._null = IMPLICIT_NULL
        self._track_metric = False
        self._dirty: dict[Prefix, None] = {}
        self._installed: dict[Prefix, tuple[Ways, int]] = {}
        self._inner: set[Prefix] = set()
        """FECs that have a second entry in mpls.0, for packets with more labels below."""
        host.rib("inet.0").subscribe(self._route_changed)

    # --- what may change ---------------------------------------------------------

    def configure(self, egress: Iterable[Prefix], *, explicit_null: bool, track: bool) -> None:
        """Our own FECs, the label they get, and whether inet.3 shows the IGP's metric."""
        new = set(egress)
        null = EXPLICIT_NULL if explicit_null else IMPLICIT_NULL
        self._dirty.update(dict.fromkeys(self._egress | new))
        if track is not self._track_metric:
            self._dirty.update(dict.fromkeys(self.local))
        self._egress, self._null, self._track_metric = new, null, track

    def touch(self, fecs: Iterable[Prefix]) -> None:
        """Labels or neighbours of these FECs changed."""
        self._dirty.update(dict.fromkeys(fecs))

    def _route_changed(self, prefix: Prefix, *_: object) -> None:
        if prefix.length == 32:
            self._dirty[prefix] = None

    # --- what follows ------------------------------------------------------------

    def flush(self) -> bool:
        """Bind, install and announce whatever changed."""
        if not self._dirty:
            return False
        dirty, self._dirty = self._dirty, {}
        news: list[Prefix] = []
        for fec in sorted(dirty):
            before = self.local.get(fec)
            self._bind(fec)
            if self.local.get(fec) != before:
                news.append(fec)
        if news:
            self._neighbors.announce(news)
        return True

    def clear(self) -> None:
        """LDP ends here."""
        self._egress.clear()
        for fec in tuple(self.local):
            self._unbind(fec)

    def _bind(self, fec: Prefix) -> None:
        if fec in self._egress:
            if self.local.get(fec) != self._null:
                self._unbind(fec)
                self.local[fec] = self._null
            return
        route = self._host.rib("inet.0").active(fec)
        ways = self._ways(fec, route) if route is not None else ()
        if route is None or not ways:
            self._unbind(fec)
            return
        if self.local.get(fec, IMPLICIT_NULL) in {IMPLICIT_NULL, EXPLICIT_NULL}:
            self.local[fec] = self._host.labels.take()
        self._install(fec, route, ways)

    def _ways(self, fec: Prefix, route: Route) -> Ways:
        if route.protocol in _NOT_FOLLOWED:
            return ()
        found = ((hop, self._neighbors.label_of(fec, hop)) for hop in route.next_hops)
        return tuple((hop, label) for hop, label in found if label is not None)

    def _unbind(self, fec: Prefix) -> None:
        label = self.local.pop(fec, None)
        if label is None or label in {IMPLICIT_NULL, EXPLICIT_NULL}:
            return
        self._installed.pop(fec, None)
        self._inner.discard(fec)
        self._host.rib("inet.3").withdraw(fec, From.LDP)
        mpls = self._host.rib("mpls.0")
        mpls.withdraw(label_prefix(label), From.LDP)
        mpls.withdraw(inner_prefix(label), From.LDP)
        self._host.labels.free(label)

    def _install(self, fec: Prefix, route: Route, ways: Ways) -> None:
        metric = route.metric if self._track_metric and route.metric is not None else _METRIC
        if self._installed.get(fec) == (ways, metric):
            return
        self._installed[fec] = (ways, metric)
        pushes = tuple(
            NextHop(to=hop.to, via=hop.via, labels=() if label == IMPLICIT_NULL else (label,))
            for hop, label in ways
        )
        self._host.rib("inet.3").put(self._route(fec, pushes, metric))
        mpls, own = self._host.rib("mpls.0"), self.local[fec]
        switched = tuple(_switch(hop, label) for hop, label in ways)
        mpls.put(self._route(label_prefix(own), switched, _METRIC))
        if any(hop.pop for hop in switched):
            self._inner.add(fec)
            mpls.put(self._route(inner_prefix(own), switched, _METRIC))
        elif fec in self._inner:
            self._inner.discard(fec)
            mpls.withdraw(inner_prefix(own), From.LDP)

    def _route(self, prefix: Prefix, hops: tuple[NextHop, ...], metric: int) -> Route:
        return Route(
            prefix=prefix,
            protocol=From.LDP,
            preference=_PREFERENCE,
            next_hops=hops,
            metric=metric,
            installed=self._host.clock.now,
        )


def _switch(hop: NextHop, label: int) -> NextHop:
    if label == IMPLICIT_NULL:
        return NextHop(to=hop.to, via=hop.via, pop=True)
    return NextHop(to=hop.to, via=hop.via, swap=label)
