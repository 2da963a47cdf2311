"""The lab's own process: `python -m multihome.lab.service FOLDER`, its order on stdin.

It says `ready`, or what went wrong, on stdout, and then serves until a stop request.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import sys
import threading
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from multihome.errors import MultihomeError
from multihome.lab.boot import boot
from multihome.lab.control_socket import receive, send
from multihome.lab.controller import Controller
from multihome.lab.order import Order
from multihome.lab.place import LabRouter, Place, Record
from multihome.lab.process import READY, has_ended
from multihome.values.printable import printable

if TYPE_CHECKING:
    from collections.abc import Callable

    from multihome.twin.journal import Line

_CLIENT_LIMIT = 5.0
"""Seconds that a control client may take to say what it wants."""


class Service:
    """Answers the control socket until a stop request."""

    def __init__(self, controller: Controller, token: str, owner: int | None = None) -> None:
        self._token, self._owner = token, owner
        self._stopping = threading.Event()
        self._verbs: dict[str, Callable[..., Any]] = {
            "hello": self._hello,
            "stop": self._stopping.set,
            "status": controller.status,
            "fault": lambda kind, names, on: controller.fault(kind, *names, on=on),
            "speed": controller.set_speed,
            "advance": controller.advance,
            "converge": controller.converge,
            "log": controller.log,
        }

    def record(self, path: Path, routers: tuple[LabRouter, ...]) -> Record:
        """What others need to find this process and its routers."""
        started = datetime.now(UTC).isoformat(timespec="seconds")
        return Record(os.getpid(), self._token, started, str(path), routers)

    def stop(self) -> None:
        """Answer no more; may be called by a signal."""
        self._stopping.set()

    def serve(self, listener: socket.socket) -> None:
        """Answer one client after the other, for as long as the lab's owner lives."""
        listener.settimeout(0.2)
        while not (self._stopping.is_set() or self._orphaned()):
            with suppress(TimeoutError):
                connection, _ = listener.accept()
                with connection, suppress(OSError, ValueError):
                    connection.settimeout(_CLIENT_LIMIT)
                    request = receive(connection)
                    if request is not None:
                        connection.settimeout(None)
                        send(connection, self._answer(request))

    def _orphaned(self) -> bool:
        return self._owner is not None and has_ended(self._owner)

    def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        try:
            verb = self._verbs[request["verb"]]
            return {"result": verb(**request["arguments"])}
        except MultihomeError as error:
            return {"error": type(error).__name__, "message": str(error)}
        except Exception as error:  # noqa: BLE001 - a bad request must not end the lab
            return {"error": "MultihomeError", "message": f"{type(error).__name__}: {error}"}

    def _hello(self) -> dict[str, Any]:
        return {"pid": os.getpid(), "boot": self._token}


def main() -> None:
    """Take the order, detach, boot, say so, serve, and leave nothing behind."""
    place = Place(Path(sys.argv[1]))
    order = Order.from_data(json.load(sys.stdin))
    if os.fork():
        os._exit(0)
    os.setsid()
    say = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        with place.log_file.open("w", encoding="utf-8") as log:
            _run(place, order, log, say)
    except Exception as error:  # the parent waits for one line, which names the error
        with suppress(OSError, ValueError):
            say.write(f"{type(error).__name__}: {error}")
            say.close()
        raise


def _run(place: Place, order: Order, log: TextIO, say: TextIO) -> None:
    def sink(line: Line) -> None:
        log.write(f"{printable(str(line))}\n")
        log.flush()

    running = boot(order, place, sink)
    token = secrets.token_hex(16)
    try:
        service = Service(Controller(running), token, order.owner)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: service.stop())
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            path = _listen(listener, place)
            place.write(service.record(path, running.routers))
            say.write(READY)
            say.close()
            service.serve(listener)
    finally:
        running.farm.stop()
        left = place.read()
        if left is None or left.boot == token:  # else another lab uses the folder
            place.clear()


def _listen(listener: socket.socket, place: Place) -> Path:
    path = place.socket_file()
    path.unlink(missing_ok=True)
    listener.bind(str(path))
    path.chmod(0o600)
    listener.listen()
    return path


if __name__ == "__main__":
    main()
