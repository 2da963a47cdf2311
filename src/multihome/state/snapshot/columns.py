"""Rows as Parquet columns, by Apache Arrow: the only importer of `pyarrow`, which is optional."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import pyarrow as pa  # type: ignore[import-not-found,import-untyped,unused-ignore]  # an optional extra
import pyarrow.parquet as pq  # type: ignore[import-not-found,import-untyped,unused-ignore]  # an optional extra

from multihome.state.snapshot.row import COLUMNS, Kind, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_BATCH = 20_000


class Columns:
    """One column for each value; equal values are stored once."""

    suffix = ".parquet"

    def write(self, path: Path, rows: Iterable[Row]) -> int:
        """Write rows of one kind; returns how many."""
        source = iter(rows)
        count = 0
        writer: Any = None
        try:
            while batch := list(islice(source, _BATCH)):
                writer = writer or pq.ParquetWriter(
                    path, _schema(batch[0].kind), compression="zstd"
                )
                writer.write_batch(_record(batch))
                count += len(batch)
        finally:
            if writer is not None:
                writer.close()
        if not count:
            kind = Kind(path.name.removesuffix(self.suffix))
            pq.write_table(_schema(kind).empty_table(), path)
        return count

    def read(self, path: Path, kind: Kind) -> Iterator[Row]:
        """Read them again, in the same order."""
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=_BATCH):
                columns = [column.to_pylist() for column in batch.columns]
                for order, key, *values in zip(*columns, strict=True):
                    yield Row(kind, order, key, tuple(values))


def _schema(kind: Kind) -> Any:  # noqa: ANN401 - pyarrow has no types
    return pa.schema([(name, pa.string()) for name in ("order", "key", *COLUMNS[kind])])


def _record(batch: list[Row]) -> Any:  # noqa: ANN401 - pyarrow has no types
    texts = [[row.order for row in batch], [row.key for row in batch]]
    texts += [list(column) for column in zip(*(row.values for row in batch), strict=True)]
    arrays = [pa.array(column, pa.string()) for column in texts]
    return pa.record_batch(arrays, schema=_schema(batch[0].kind))
