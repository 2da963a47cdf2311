"""Take a snapshot: what to ask, and how the answers become rows on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.state.query import Evidence
from multihome.state.request import Request
from multihome.state.snapshot.protocols import READERS
from multihome.state.snapshot.row import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from multihome.state.query import Replies
    from multihome.state.snapshot.archive import Writer
    from multihome.state.snapshot.row import Row

ROUTES = Request.of("get-route-information", detail=True)
"""Every table with all attributes."""
ROUTES_IN_BRIEF = Request.of("get-route-information")
"""Every table without communities: a tenth of the size, for full tables."""


def asks() -> tuple[Request, ...]:
    """What a snapshot asks of each router beside its routes."""
    return tuple(query.request for query, _ in READERS.values())


def routes_asked(*, brief: bool = False) -> Request:
    """How a snapshot asks for routes; the answer is to be streamed."""
    return ROUTES_IN_BRIEF if brief else ROUTES


def keep_router(
    writer: Writer,
    router: str,
    replies: Replies,
    routes: Iterable[Row],
    watch: Callable[[str, Row], None] | None = None,
) -> None:
    """Write all rows of one router; what it did not say is noted as missing.

    `watch` is shown each row as it passes.
    """
    evidence = Evidence(replies)
    for kind, (_, read) in READERS.items():
        writer.add(router, kind, _shown(router, read(router, evidence), watch))
    writer.add(router, Kind.ROUTE, _shown(router, routes, watch))


def _shown(
    router: str, rows: Iterable[Row], watch: Callable[[str, Row], None] | None
) -> Iterator[Row]:
    for row in rows:
        if watch is not None:
            watch(router, row)
        yield row


def miss_router(writer: Writer, router: str, why: str) -> None:
    """Note that a router said nothing at all."""
    for kind in (*READERS, Kind.ROUTE):
        writer.miss(router, kind, why)
