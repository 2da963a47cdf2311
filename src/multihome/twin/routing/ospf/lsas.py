"""The link-state database as `show ospf database` asks for it: one LSA after another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final
from zlib import crc32

from multihome.twin.addressing import Address
from multihome.twin.views import OspfLinkView, OspfLsaView

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.routing.linkstate.database import Lsa
    from multihome.twin.routing.linkstate.spf import Reach
    from multihome.twin.routing.ospf.area import Backbone

_HEADER, _LINK, _ADDRESS, _EXTERNAL = 24, 12, 4, 36
"""Octets of an LSA without links or routers, of a link, of an address, of an external LSA."""
_REFRESH: Final = 3000
"""Seconds after which a router says its LSAs anew (Junos's default)."""
_FIRST: Final = 0x80000000
_ORDER: Final = {"Router": 0, "Network": 1, "Extern": 2}


def database(now: float, area: Backbone) -> tuple[OspfLsaView, ...]:
    """Router LSAs, then network LSAs, then what comes from elsewhere, each by ID."""
    found = (view for lsa in area.engine.database.live() for view in _of(now, area, lsa))
    return tuple(sorted(found, key=lambda view: (_ORDER[view.kind], view.id, view.advertiser)))


def _of(now: float, area: Backbone, lsa: Lsa) -> Iterator[OspfLsaView]:
    advertiser = Address.parse(lsa.key.system)
    links, externals = tuple(_links(lsa)), [reach for reach in lsa.prefixes if reach.kind]
    router = OspfLsaView(
        "Router",
        advertiser,
        advertiser,
        sequence=_FIRST + lsa.sequence,
        age=int(now - lsa.born) % _REFRESH,
        checksum=lsa.checksum,
        length=_HEADER + _LINK * len(links),
        own=advertiser == area.circuits.router_id,
        external=bool(externals),
        links=links,
    )
    if lsa.key.circuit:
        yield _network(router, lsa)
        return
    yield router
    for reach in externals:
        yield _external(router, reach, _checksum(lsa, reach))


def _external(router: OspfLsaView, reach: Reach, checksum: int) -> OspfLsaView:
    return replace(
        router,
        kind="Extern",
        id=reach.prefix.network,
        checksum=checksum,
        length=_EXTERNAL,
        links=(),
        mask=_mask(reach),
        metric=reach.metric,
        metric_type=reach.kind,
        tag=reach.tag or 0,
    )


def _network(router: OspfLsaView, lsa: Lsa) -> OspfLsaView:
    routers = tuple(Address.parse(key.system) for key, _ in lsa.vertex.links)
    return replace(
        router,
        kind="Network",
        id=Address(lsa.key.circuit),
        length=_HEADER + _ADDRESS * len(routers),
        links=(),
        routers=routers,
        mask=_mask(lsa.prefixes[0]) if lsa.prefixes else None,
    )


def _checksum(lsa: Lsa, reach: Reach) -> int:
    said = (lsa.key, lsa.sequence, lsa.vertex.links, lsa.prefixes, reach)
    return crc32(repr(said).encode()) & 0xFFFF


def _links(lsa: Lsa) -> Iterator[OspfLinkView]:
    for key, cost in lsa.vertex.links:
        if key.circuit:
            yield OspfLinkView("Transit", Address(key.circuit), cost)
        else:
            yield OspfLinkView("PointToPoint", Address.parse(key.system), cost)
    for reach in lsa.prefixes:
        if not reach.kind:
            yield OspfLinkView("Stub", reach.prefix.network, reach.metric, _mask(reach))


def _mask(reach: Reach) -> Address:
    return Address(0xFFFFFFFF ^ (0xFFFFFFFF >> reach.prefix.length))
