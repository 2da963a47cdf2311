"""Start, find and stop the lab's background process."""

from __future__ import annotations

import fcntl
import json
import os
import select
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from multihome.errors import UsageError
from multihome.lab.control_socket import NotThere, ask
from multihome.lab.place import Place, Record, default_state_dir

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.lab.order import Order
    from multihome.lab.place import LabRouter

BOOT_LIMIT = 120.0
"""Seconds that a lab of a thousand routers may take to open its doors."""
STOP_LIMIT = 10.0
"""Seconds that it may take to end after SIGTERM, and again after SIGKILL."""
READY = "ready"
"""The word of a lab whose doors are open; anything else is why they are not."""


class LabFailed(UsageError):
    """The lab did not come up; says why."""


@dataclass(frozen=True, slots=True)
class Lab:
    """A running lab, as another process sees it."""

    place: Place
    record: Record

    @property
    def routers(self) -> tuple[LabRouter, ...]:
        """How to reach each router."""
        return self.record.routers

    @property
    def known_hosts(self) -> Path:
        """The routers' host keys, in OpenSSH's format."""
        return self.place.known_hosts

    @property
    def private_key(self) -> Path:
        """A key that every router accepts for the lab's user."""
        return self.place.private_key

    @property
    def state_dir(self) -> Path:
        """Where all this is kept."""
        return self.place.folder

    def fault(self, kind: str, *names: str, on: bool = True) -> str:
        """Inject a fault, or remove it (`on` False). Returns what was done, in words."""
        return str(self._ask("fault", kind=kind, names=names, on=on))

    def set_speed(self, speed: float | None) -> None:
        """Simulated seconds per real second from now on; None: time is stopped."""
        self._ask("speed", speed=speed)

    def advance(self, seconds: float) -> None:
        """Let that much simulated time pass at once."""
        self._ask("advance", seconds=seconds)

    def converge(self, limit: float = 600.0) -> float:
        """Let time pass until the network is at rest; the simulated seconds it took."""
        return float(self._ask("converge", limit=limit))

    def log(self, router: str | None = None) -> tuple[str, ...]:
        """What happened, oldest first."""
        return tuple(self._ask("log", router=router))

    def status(self) -> dict[str, Any]:
        """Clock, speed, sessions and faults."""
        return dict(self._ask("status"))

    def _ask(self, verb: str, **arguments: object) -> Any:  # noqa: ANN401 - JSON
        try:
            return ask(Path(self.record.socket), verb, arguments)
        except NotThere as error:
            raise UsageError(
                f"the lab in {self.state_dir} does not answer ({error}); "
                "`multihome lab status` says what is left of it"
            ) from error


def start(order: Order, state_dir: Path | None = None) -> Lab:
    """Start a lab in the background; returns when every router answers.

    Raises:
        UsageError: one is running there already, or it does not come up (LabFailed).
    """
    place = Place(state_dir or default_state_dir())
    place.make()
    with _alone(place):
        record = place.read()
        if record is not None and _alive(record):
            raise UsageError(
                f"a lab is running already (process {record.pid}, since {record.started}); "
                "end it with `multihome lab down`"
            )
        place.clear()
        return Lab(place, _spawn(place, order))


def running(state_dir: Path | None = None) -> Lab | None:
    """The lab that runs there, or None."""
    place = Place(state_dir or default_state_dir())
    record = place.read()
    return Lab(place, record) if record is not None and _answers(record) else None


def died(state_dir: Path | None = None) -> Record | None:
    """What a lab left that ended without being asked to, or that does not answer any more."""
    place = Place(state_dir or default_state_dir())
    record = place.read()
    return record if record is not None and not _answers(record) else None


def stop(state_dir: Path | None = None) -> bool:
    """End the lab that runs there and wait until it is gone; False if there was none.

    What one that died has left behind is taken away too.
    """
    place = Place(state_dir or default_state_dir())
    record = place.read()
    if record is None:
        return False
    with _alone(place):
        alive = _alive(record)
        if alive:
            _end(record)
        place.clear()
    return alive


def _end(record: Record) -> None:
    with suppress(NotThere):
        ask(Path(record.socket), "stop", limit=STOP_LIMIT)
    for number in (signal.SIGTERM, signal.SIGKILL):
        if _gone(record.pid, STOP_LIMIT):
            return
        with suppress(ProcessLookupError):
            os.kill(record.pid, number)
    _gone(record.pid, STOP_LIMIT)


def _answers(record: Record) -> bool:
    """Whether it is this lab that answers: a process ID, or a socket, may have a new owner."""
    try:
        answer = ask(Path(record.socket), "hello", limit=STOP_LIMIT)
    except NotThere:
        return False
    return bool(answer["boot"] == record.boot)


def _alive(record: Record) -> bool:
    """Whether the lab runs, even if it is stuck and answers no request."""
    if _answers(record):
        return True
    try:
        words = Path(f"/proc/{record.pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return b"multihome.lab.service" in words


def _spawn(place: Place, order: Order) -> Record:
    """Start the process and wait for its answer; it detaches itself and needs no reaping."""
    with place.output_file.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", "multihome.lab.service", str(place.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=output,
            start_new_session=True,
        )
    with process:  # if we leave early, its word finds no reader and it ends as well
        answer = _converse(process, json.dumps(order.to_data()).encode())
    record = place.read()
    if answer != READY or record is None:
        raise LabFailed(f"the lab did not come up: {_reason(answer, place)}")
    return record


def _converse(process: subprocess.Popen[bytes], order: bytes) -> str:
    """Hand over the order; what the process says until it closes its end."""
    if process.stdin is None or process.stdout is None:
        raise AssertionError("both were asked for")
    with suppress(BrokenPipeError):
        process.stdin.write(order)
        process.stdin.close()
    deadline = time.monotonic() + BOOT_LIMIT
    answer = b""
    while select.select([process.stdout], [], [], max(0.0, deadline - time.monotonic()))[0]:
        data = os.read(process.stdout.fileno(), 65536)
        if not data:
            return answer.decode()
        answer += data
    return f"nothing heard for {BOOT_LIMIT:.0f} s"


def _reason(answer: str, place: Place) -> str:
    """What the process said, or the last line it printed before it died without a word."""
    if answer and answer != READY:
        return answer
    printed = place.output_file.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return f"{printed[-1] if printed else 'it ended without a word'}; see {place.output_file}"


def _gone(pid: int, limit: float) -> bool:
    """Wait for a process to end; whether it did."""
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        if has_ended(pid):
            return True
        time.sleep(0.01)
    return False


def has_ended(pid: int) -> bool:
    """Whether a process has ended, even if its parent has not reaped it yet."""
    try:
        os.kill(pid, 0)
        return (
            Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
            == "Z"
        )
    except ProcessLookupError:
        return True
    except OSError:  # there is no /proc here
        return False


@contextmanager
def _alone(place: Place) -> Iterator[None]:
    """Keep other processes from starting or stopping this lab meanwhile."""
    with place.lock_file.open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise UsageError(
                f"another process is starting or stopping the lab in {place.folder}"
            ) from error
        yield
