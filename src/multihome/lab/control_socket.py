"""The lab's control channel: one JSON object a line, over a unix socket of the owner alone."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING, Any

from multihome import errors
from multihome.errors import MultihomeError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LINE_LIMIT = 64 * 1024 * 1024
"""Bytes of the longest line: a whole log."""
ANSWER_LIMIT = 180.0
"""Seconds to wait for an answer; convergence takes the longest."""


class NotThere(Exception):
    """No process answers at that socket."""


def ask(
    path: Path,
    verb: str,
    arguments: Mapping[str, object] | None = None,
    *,
    limit: float = ANSWER_LIMIT,
) -> Any:  # noqa: ANN401 - JSON
    """Have a running lab do something; its answer.

    Raises:
        NotThere: no process listens, or it ended before it answered.
        MultihomeError: what the lab raised.
    """
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(limit)
            connection.connect(str(path))
            send(connection, {"verb": verb, "arguments": dict(arguments or {})})
            answer = receive(connection)
    except OSError as error:
        raise NotThere(f"{path}: {error}") from error
    if answer is None:
        raise NotThere(f"{path}: no answer")
    if "error" in answer:
        raise _revive(answer["error"], answer["message"])
    return answer["result"]


def send(connection: socket.socket, message: dict[str, Any]) -> None:
    """Send one object."""
    connection.sendall(json.dumps(message).encode() + b"\n")


def receive(connection: socket.socket) -> dict[str, Any] | None:
    """Read one object; None if the other end sent none."""
    line = bytearray()
    while not line.endswith(b"\n"):
        data = connection.recv(65536)
        if not data or len(line) > LINE_LIMIT:
            return None
        line += data
    message = json.loads(line)
    return message if isinstance(message, dict) else None


def _revive(kind: str, message: str) -> MultihomeError:
    """The error as the lab raised it, where its class takes a message alone."""
    known = getattr(errors, kind, MultihomeError)
    plain = (UsageError, MultihomeError)
    if known in plain:
        return known(message)
    return UsageError(message) if issubclass(known, UsageError) else MultihomeError(message)
