"""Sort more rows than fit into memory: sorted runs on disk, merged as they are read."""

from __future__ import annotations

import heapq
import json
from contextlib import ExitStack
from itertools import islice
from operator import attrgetter
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING

from multihome.state.snapshot.row import Kind, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_RUN = 100_000
_by_order = attrgetter("order")


def in_order(rows: Iterable[Row], *, run: int = _RUN) -> Iterator[Row]:
    """The rows sorted by `order`, with no more than about `run` of them in memory.

    Routers list their tables in order already, so the runs hardly ever overlap.
    """
    source = iter(rows)
    first = sorted(islice(source, run), key=_by_order)
    if len(first) < run:
        yield from first
        return
    with ExitStack() as files:
        runs = [_spilled(first, files)]
        while batch := sorted(islice(source, run), key=_by_order):
            runs.append(_spilled(batch, files))
        yield from heapq.merge(*map(_read, runs), key=_by_order)


def _spilled(rows: list[Row], files: ExitStack) -> IO[str]:
    """One run in a file that has no name and vanishes by itself."""
    stream = files.enter_context(TemporaryFile("w+", encoding="utf-8"))  # noqa: SIM115 - the stack closes it
    for row in rows:
        stream.write(f"{json.dumps(row)}\n")
    stream.seek(0)
    return stream


def _read(stream: IO[str]) -> Iterator[Row]:
    for line in stream:
        kind, order, key, values = json.loads(line)
        yield Row(Kind(kind), order, key, tuple(values))
