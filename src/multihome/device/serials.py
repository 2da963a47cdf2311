"""Serial numbers that were seen, in a file beside known_hosts: one line for a host key.

    [192.0.2.9]:830 SHA256:4ui6... JN1234ABCD,JN5678EFGH

A number belongs to an address and the host key that was trusted there: with another key it is
another router, and the operator has just compared that key. The last line of a pair counts.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from multihome.device.known_hosts import HostKey

SUFFIX = ".serials"


def serials_file(known_hosts: Path) -> Path:
    """Where the serial numbers of the routers in a known_hosts file are kept."""
    return known_hosts.with_name(known_hosts.name + SUFFIX)


class Serials:
    """The serial numbers of one file, read once for all routers; safe to share by threads."""

    def __init__(self, path: Path) -> None:
        """Raises OSError if the file is there and cannot be read."""
        self.path = path
        self._writing = threading.Lock()
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            text = ""
        self._known = dict(_entries(text.splitlines()))

    def about(self, host: str, port: int, key: HostKey) -> frozenset[str]:
        """The chassis that this host key was seen on; none if it was not seen yet."""
        return self._known.get((_address(host, port), key.fingerprint), frozenset())

    def learn(self, host: str, port: int, key: HostKey, numbers: Iterable[str]) -> None:
        """Add these numbers to what is known. Raises OSError if the file cannot be written."""
        both = self.about(host, port, key) | frozenset(numbers)
        if both == self.about(host, port, key):
            return
        pair = (_address(host, port), key.fingerprint)
        line = f"{pair[0]} {pair[1]} {','.join(sorted(both))}\n"
        with self._writing:
            self._known[pair] = both
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with self.path.open("a", encoding="utf-8") as stream:
                stream.write(line)


def forget(path: Path, host: str, port: int) -> None:
    """Take out what is known of an address. Raises OSError if the file cannot be written."""
    if not path.exists():
        return
    gone = _address(host, port)
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    kept = [line for line in lines if line.split()[:1] != [gone]]
    if len(kept) < len(lines):
        path.write_text("".join(f"{line}\n" for line in kept), encoding="utf-8")


def _address(host: str, port: int) -> str:
    return f"[{host.lower()}]:{port}"


def _entries(
    lines: Iterable[str],
) -> Iterable[tuple[tuple[str, str], frozenset[str]]]:
    for line in lines:
        words = line.split()
        if len(words) == 3 and words[1].startswith("SHA256:"):
            yield (words[0], words[1]), frozenset(words[2].split(","))
