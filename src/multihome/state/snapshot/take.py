"""Take a snapshot: what to ask, and how the answers become rows on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.errors import DeviceError
from multihome.state.query import Evidence
from multihome.state.request import Request
from multihome.state.snapshot.archive import writing
from multihome.state.snapshot.protocols import READERS
from multihome.state.snapshot.routes import route_rows
from multihome.state.snapshot.row import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from pathlib import Path

    from lxml.etree import _Element

    from multihome.state.query import Replies
    from multihome.state.snapshot.archive import Writer

ROUTES = Request.of("get-route-information", detail=True)
"""Every table with all attributes."""
ROUTES_IN_BRIEF = Request.of("get-route-information")
"""Every table without communities: a tenth of the size, for full tables."""


def asks(*, brief: bool = False) -> tuple[Request, ...]:
    """What a snapshot asks of each router."""
    routes = ROUTES_IN_BRIEF if brief else ROUTES
    return (routes, *(query.request for query, _ in READERS.values()))


def keep(
    path: Path,
    taken: datetime,
    answers: Iterable[tuple[str, Mapping[Request, _Element | DeviceError]]],
    *,
    brief: bool = False,
) -> None:
    """Write a snapshot of the routers' answers, one router after the other."""
    with writing(path, taken, brief=brief) as writer:
        for router, replies in answers:
            keep_router(writer, router, {(router, ask): each for ask, each in replies.items()})


def keep_router(writer: Writer, router: str, replies: Replies) -> None:
    """Write all rows of one router; what it did not say is noted as missing."""
    evidence = Evidence(replies)
    for kind, (query, read) in READERS.items():
        if (router, query.request) in evidence:
            writer.add(router, kind, read(router, evidence))
    for request in (ROUTES, ROUTES_IN_BRIEF):
        reply = replies.get((router, request))
        if isinstance(reply, DeviceError):
            writer.miss(router, Kind.ROUTE, reply.reason)
        elif reply is not None:
            writer.add(router, Kind.ROUTE, route_rows(router, reply))
