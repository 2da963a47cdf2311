"""A snapshot of full tables over real NETCONF, in bounded memory.

    python tests/benchmarks/snapshot_full_table.py [--routes 1000000] [--bound 300]

A process of its own plays a router with a full table, answering as fast as it is read; this
one takes two snapshots of it through SSH and compares them.  Prints seconds and the most
memory this process ever held, and ends with 1 if that is more than the bound in MB.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import subprocess
import sys
import tempfile
import time
from base64 import b64decode
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

import asyncssh
from pydantic import SecretStr

from multihome.check.comparison import compared
from multihome.device.known_hosts import HostKey, record
from multihome.fleet.fleet import Fleet
from multihome.inventory.target import Target
from multihome.runbook.snapshots import keep_all
from multihome.state.snapshot.archive import open_snapshot, writing

if TYPE_CHECKING:
    from collections.abc import Iterator

USER, PASSWORD = "bench", "bench"
PIECE = 64 * 1024
HELLO = (
    '<hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><capabilities><capability>'
    "urn:ietf:params:netconf:base:1.1</capability></capabilities><session-id>1</session-id>"
    "</hello>]]>]]>"
)
INTERFACES = (
    "<interface-information><physical-interface><name>et-0/0/1</name><admin-status>up"
    "</admin-status><oper-status>up</oper-status></physical-interface></interface-information>"
)
CHANGED = 1000
"""Every so many routes, one is another in the second snapshot."""


# --- the router --------------------------------------------------------------------------


def table(count: int, generation: int) -> Iterator[str]:
    """The reply to `show route detail`, a destination at a time."""
    yield (
        '<route-information xmlns="http://xml.juniper.net/junos/21.4R3/junos-routing">'
        "<route-table><table-name>inet.0</table-name>"
    )
    for number in range(count):
        med = 10 + generation if number % CHANGED == 7 else 10
        address = ip_address((1 << 24) + number * 256)
        yield (
            f"<rt><rt-destination>{address}</rt-destination><rt-prefix-length>24"
            f"</rt-prefix-length><rt-entry-count>1</rt-entry-count><rt-entry><active-tag>*"
            f"</active-tag><current-active/><last-active/><protocol-name>BGP</protocol-name>"
            f"<preference>170</preference><age>1w2d 03:04:05</age><metric>{med}</metric>"
            f"<local-preference>100</local-preference><learned-from>10.0.0.{number % 9 + 1}"
            f"</learned-from><as-path>1299 {number % 5000 + 1} I\n</as-path><nh>"
            f"<selected-next-hop/><to>10.0.{number % 200}.1</to><via>et-0/0/1.0</via></nh>"
            f"<communities><community>1299:{number % 100}</community></communities>"
            "</rt-entry></rt>\n"
        )
    yield "</route-table></route-information>"


def pieces(parts: Iterator[str]) -> Iterator[bytes]:
    held: list[str] = []
    size = 0
    for part in parts:
        held.append(part)
        size += len(part)
        if size >= PIECE:
            yield "".join(held).encode()
            held, size = [], 0
    yield "".join(held).encode()


class _Login(asyncssh.SSHServer):
    def begin_auth(self, _username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (USER, PASSWORD)


async def serve(count: int) -> None:
    """Say port and host key on stdout, then answer until killed."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    asked = 0

    async def converse(process: asyncssh.SSHServerProcess[bytes]) -> None:
        nonlocal asked
        process.stdout.write(HELLO.encode())
        await process.stdin.readuntil(b"]]>]]>")
        while True:
            request = await process.stdin.readuntil(b"\n##\n")
            await _answer(process, request, count, asked)
            asked += b"get-route-information" in request

    server = await asyncssh.listen(
        "127.0.0.1",
        0,
        server_factory=_Login,
        server_host_keys=[key],
        process_factory=converse,
        encoding=None,
        line_editor=False,
    )
    print(server.get_port(), key.export_public_key().decode().strip(), flush=True)
    await server.wait_closed()


async def _answer(
    process: asyncssh.SSHServerProcess[bytes], request: bytes, count: int, generation: int
) -> None:
    number = request.partition(b'message-id="')[2].partition(b'"')[0].decode()
    parts = iter(("<output>it is not running</output>",))
    if b"get-route-information" in request:
        parts = table(count, generation)
    elif b"get-interface-information" in request:
        parts = iter((INTERFACES,))
    for piece in pieces(_enveloped(parts, number)):
        process.stdout.write(b"\n#%d\n%s" % (len(piece), piece))
        await process.stdout.drain()
    process.stdout.write(b"\n##\n")


def _enveloped(parts: Iterator[str], number: str) -> Iterator[str]:
    yield f'<rpc-reply xmlns="urn:ietf:params:xml:ns:netconf:base:1.0" message-id="{number}">'
    yield from parts
    yield "</rpc-reply>"


# --- the measurement ---------------------------------------------------------------------


def measure(count: int, target: Target, folder: Path, *, brief: bool) -> float:
    """Two snapshots and their comparison; returns the most memory held, in MB."""
    for name in ("pre", "post"):
        started = time.perf_counter()
        with (
            writing(folder / name, datetime.now(UTC), brief=brief) as writer,
            Fleet([target]) as fleet,
        ):
            keep_all(writer, fleet, brief=brief)
        seconds = time.perf_counter() - started
        found = open_snapshot(folder / name)
        assert found.missing == {}, found.missing
        assert found.routers["bench"]["route"] == count
        disk = sum(path.stat().st_size for path in (folder / name).rglob("*") if path.is_file())
        print(
            f"snapshot {name:<4} {count:>9} routes {seconds:7.1f} s "
            f"{count / seconds:9.0f} routes/s {disk / 1e6:7.1f} MB on disk, {peak():5.0f} MB peak"
        )
    started = time.perf_counter()
    result = compared(open_snapshot(folder / "pre"), open_snapshot(folder / "post"))
    seconds = time.perf_counter() - started
    routes = next(each for each in result.result.results if each.kind == "route")
    print(
        f"compare       {routes.findings[0].actual:>16} {seconds:7.1f} s {'':>36}{peak():5.0f} MB peak"
    )
    assert routes.findings[0].actual == f"{len(range(7, count, CHANGED))} changed"
    return peak()


def peak() -> float:
    """The most memory that this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    """Play the router in one process, measure in this one."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--routes", type=int, default=1_000_000)
    parser.add_argument("--bound", type=float, default=300.0, help="MB of memory at most")
    parser.add_argument("--brief", action="store_true", help="without communities")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve(options.routes))
        return 0
    router = subprocess.Popen(
        [sys.executable, __file__, "--serve", "--routes", str(options.routes)],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert router.stdout is not None
        port, kind, key = router.stdout.readline().split()[:3]
        with tempfile.TemporaryDirectory(prefix="multihome-bench-") as folder:
            known_hosts = Path(folder) / "known_hosts"
            record(known_hosts, "127.0.0.1", int(port), HostKey(kind, b64decode(key)))
            target = Target(
                name="bench",
                host="127.0.0.1",
                port=int(port),
                username=USER,
                password=SecretStr(PASSWORD),
                known_hosts=known_hosts,
            )
            most = measure(options.routes, target, Path(folder), brief=options.brief)
    finally:
        router.kill()
        router.wait()
    good = most <= options.bound
    print(f"{'PASS' if good else 'FAIL'}: {most:.0f} MB at most, bound {options.bound:.0f} MB")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
