"""`bgpd` processes as an ordinary user: no zebra, no namespace, everything below 127/8."""

from __future__ import annotations

import json
import os
import shutil
import socket
import struct
import subprocess
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from frr_config import config
from frr_world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

_PATIENCE = 25.0
"""Seconds until every session must stand and nothing may change any more."""
_STILL = 0.35
"""Seconds without a change that count as rest: seven times FRR's coalescing."""
_TCP_MD5SIG = 14
_TABLES = ("ipv4 unicast", "ipv4 vpn")


class NoRest(Exception):
    """The daemons did not agree in time."""


def executable() -> str | None:
    """Debian's bgpd, or one in the path."""
    return shutil.which("bgpd", path=f"/usr/lib/frr:{os.environ.get('PATH', '')}")


@dataclass
class Daemons:
    """The bgpd of every router of a network."""

    world: World
    folder: Path
    processes: dict[str, subprocess.Popen[bytes]]

    def ask(self, name: str, *commands: str) -> list[str]:
        """What a router's daemon answers; the last command's answer is the last."""
        with socket.socket(socket.AF_UNIX) as vty:
            vty.settimeout(_PATIENCE)
            vty.connect(str(self.folder / name / "bgpd.vty"))
            return [_answer(vty, command) for command in ("enable", *commands)][1:]

    def table(self, name: str, family: str) -> dict[str, Any]:
        """A table with every path and attribute."""
        return json.loads(self.ask(name, f"show bgp {family} json detail")[0] or "{}")

    def settle(self) -> None:
        """Wait until sessions stand and tables have not changed for a while; raises NoRest."""
        deadline = time.monotonic() + _PATIENCE
        before, since = "", time.monotonic()
        while time.monotonic() < deadline:
            now, established = self._state()
            if now != before or not established:
                before, since = now, time.monotonic()
            elif time.monotonic() - since > _STILL:
                return
            time.sleep(0.1)
        raise NoRest(f"not at rest after {_PATIENCE} s: {self._log()}")

    def _state(self) -> tuple[str, bool]:
        """Everything's version, and whether all sessions stand and have said all they have."""
        found, established = [], True
        for name in self.processes:
            answers = self.ask(name, *(f"show bgp {family} summary json" for family in _TABLES))
            for answer in answers:
                summary = json.loads(answer or "{}")
                peers = summary.get("peers", {})
                established &= all(peer["state"] == "Established" for peer in peers.values())
                counts = [(peer["pfxRcd"], peer["pfxSnt"], peer["outq"]) for peer in peers.values()]
                found.append((name, summary.get("tableVersion"), counts))
        return repr(found), established

    def _log(self) -> str:
        logs = [(self.folder / name / "log").read_text()[-400:] for name in self.processes]
        return "\n".join(logs)


def _answer(vty: socket.socket, command: str) -> str:
    """FRR ends an answer with three zero bytes and a status."""
    vty.sendall(command.encode() + b"\0")
    heard = b""
    while not (len(heard) >= 4 and heard[-4:-1] == b"\0\0\0"):
        more = vty.recv(1 << 16)
        if not more:
            break
        heard += more
    return heard[:-4].decode().strip()


@contextmanager
def running(
    texts: Mapping[str, str],
    folder: Path,
    edit: Callable[[str, str], str] = lambda _, config: config,
) -> Iterator[Daemons]:
    """Daemons for every router that speaks BGP, at rest; they end with the block.

    `edit(router, configuration)` may spoil what a daemon is given.
    """
    world = World(texts, base=64 + os.getpid() % 128)
    port = _free_port(next(iter(world.places.values())))
    daemons, signs = Daemons(world, folder, {}), _signs()
    try:
        for name in world.routers:
            text = edit(name, config(world, name, port))
            if not signs:
                text = "\n".join(line for line in text.splitlines() if " password " not in line)
            daemons.processes[name] = _start(world, name, port, folder / name, text)
        _await_sockets(daemons)
        daemons.settle()
        yield daemons
    finally:
        for process in daemons.processes.values():
            process.terminate()
        for process in daemons.processes.values():
            process.wait(timeout=5)


def _start(world: World, name: str, port: int, folder: Path, text: str) -> subprocess.Popen[bytes]:
    folder.mkdir(parents=True)
    (folder / "bgpd.conf").write_text(text)
    command = [
        *(executable() or "bgpd", "-Z", "-S", "-P", "0", "-p", str(port)),
        *("-l", world.places[name], "-f", str(folder / "bgpd.conf"), "-i", str(folder / "pid")),
        *("--vty_socket", str(folder), "--log", f"file:{folder / 'log'}"),
    ]
    with (folder / "output").open("wb") as output:
        return subprocess.Popen(command, stdout=output, stderr=output, cwd=folder)


def _await_sockets(daemons: Daemons) -> None:
    deadline = time.monotonic() + _PATIENCE
    for name, process in daemons.processes.items():
        while time.monotonic() < deadline:
            with suppress(OSError):
                daemons.ask(name)
                break
            if process.poll() is not None:
                raise NoRest((daemons.folder / name / "output").read_text())
            time.sleep(0.02)


def _signs() -> bool:
    """Whether this kernel signs TCP segments (RFC 2385); without, the keys are left out."""
    address = struct.pack("=HH4s120x", socket.AF_INET, 0, socket.inet_aton("127.0.0.1"))
    key = struct.pack("=BBHI80s", 0, 0, 1, 0, b"k")
    with socket.socket() as probe:
        try:
            probe.setsockopt(socket.IPPROTO_TCP, _TCP_MD5SIG, address + key)
        except OSError:
            return False
    return True


def _free_port(address: str) -> int:
    with socket.socket() as probe:
        probe.bind((address, 0))
        return int(probe.getsockname()[1])
