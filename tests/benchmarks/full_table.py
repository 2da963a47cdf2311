"""Snapshots of a full table, and their differences: `python tests/benchmarks/full_table.py`.

A router's reply is written to a file, as it would come from a session, streamed from there into
a snapshot, and again with a few routes changed; then the two are compared.  With pyarrow
installed the rows are kept in columns, without it in lines.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from datetime import UTC, datetime
from ipaddress import IPv4Address
from pathlib import Path
from typing import TYPE_CHECKING

from multihome.state.snapshot.archive import open_snapshot, writing
from multihome.state.snapshot.compare import compare
from multihome.state.snapshot.routes import stream_routes
from multihome.state.snapshot.row import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.state.snapshot.archive import Snapshot

ROUTES = 1_000_000
EVERY = 100_000
"""One route in so many has another next hop the second time."""
FIRST = int(IPv4Address("16.0.0.0"))


def reply(routes: int, *, changed: bool) -> Iterator[str]:
    """The reply to `show route` of a router that holds /24s in a row."""
    yield "<rpc-reply><route-information><route-table><table-name>inet.0</table-name>\n"
    for number in range(routes):
        hop = 2 if changed and number % EVERY == EVERY // 2 else 1
        yield (
            f"<rt><rt-destination>{IPv4Address(FIRST + 256 * number)}/24</rt-destination><rt-entry>"
            "<active-tag>*</active-tag><protocol-name>BGP</protocol-name>"
            '<preference>170</preference><age seconds="5">5</age>'
            "<local-preference>100</local-preference><learned-from>10.0.0.2</learned-from>"
            f"<as-path>65001 {64512 + number % 1000} I</as-path>"
            f"<nh><selected-next-hop/><to>10.1.0.{hop}</to><via>xe-0/0/0.0</via></nh>"
            "</rt-entry></rt>\n"
        )
    yield "</route-table></route-information></rpc-reply>\n"


def snapshot(folder: Path, name: str, routes: int) -> Snapshot:
    """Write the reply, then stream it into a snapshot; only the second is measured."""
    file = folder / f"{name}.xml"
    with file.open("w") as out:
        out.writelines(reply(routes, changed=name == "post"))
    start = time.monotonic()
    with file.open("rb") as source, writing(folder / name, datetime.now(UTC), brief=True) as writer:
        writer.add("r1", Kind.ROUTE, stream_routes("r1", source))
    size = sum(each.stat().st_size for each in (folder / name).rglob("*")) / 2**20
    told(f"snapshot {name}", time.monotonic() - start, f"{size:.0f} MiB on disk")
    file.unlink()
    return open_snapshot(folder / name)


def told(what: str, seconds: float, words: str) -> None:
    """One line of the table, with the memory that was needed so far."""
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what:<20} {seconds:>8.2f} s {memory:>6.0f} MiB at most  {words}", flush=True)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("routes", nargs="?", type=int, default=ROUTES)
    routes = parser.parse_args().routes
    told(f"{routes} routes", 0.0, "before anything is read")
    with tempfile.TemporaryDirectory() as folder:
        before, after = (snapshot(Path(folder), name, routes) for name in ("pre", "post"))
        start = time.monotonic()
        differences = list(compare(before, after))
        told("compare", time.monotonic() - start, f"{len(differences)} differences")


if __name__ == "__main__":
    main()
