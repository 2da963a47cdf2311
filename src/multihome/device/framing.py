"""NETCONF framing over SSH, bytes in and whole messages out (RFC 6242). No I/O.

Linear in the size of a message, however it is cut: bytes are joined once, when a message is
complete, and never decoded here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

END_OF_MESSAGE = b"]]>]]>"
"""RFC 6242 section 4.3: NETCONF 1.0, and every hello."""
END_OF_CHUNKS = b"\n##\n"
_CHUNK = re.compile(rb"\n#(?:([1-9]\d{0,9})|(#))\n")
MAX_HELLO = 1 << 20
"""Bytes of a hello at most, while nothing is known of the router: real ones have a few thousand."""
_LONGEST_HEADER = len(b"\n#4294967295\n")


class BadFraming(Exception):
    """The stream is not NETCONF framing: nothing after this point can be understood."""


class TooLong(BadFraming):
    """A message is longer than it may be: what is here of it is dropped, the rest is not read."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(f"a message of more than {limit} bytes")


class Unframer:
    """Cuts a stream of bytes into messages; starts in 1.0, where every session starts.

    What it holds never exceeds `limit` and one read, however the router cuts its message and
    whatever length it announces.
    """

    def __init__(self, limit: int = MAX_HELLO) -> None:
        self.chunked = False
        """NETCONF 1.1 was negotiated; set between two messages."""
        self.limit = limit
        """Bytes of the longest message; set between two messages."""
        self._buffer = bytearray()
        self._searched = 0
        self._message = bytearray()
        """What came of a message in chunks."""

    @property
    def held(self) -> int:
        """Bytes of messages that are not complete yet."""
        return len(self._buffer) + len(self._message)

    def feed(self, data: bytes) -> list[bytes]:
        """The messages that became complete, without delimiters.

        Raises:
            BadFraming: the stream is none of messages.
            TooLong: one of them is longer than `limit`.
        """
        self._buffer += data
        messages = []
        while (message := self._next()) is not None:
            if stripped := message.strip():
                messages.append(stripped)
        return messages

    def _next(self) -> bytes | None:
        return self._next_chunked() if self.chunked else self._next_delimited()

    def _next_delimited(self) -> bytes | None:
        end = self._buffer.find(END_OF_MESSAGE, self._searched)
        so_far = end if end >= 0 else len(self._buffer) - len(END_OF_MESSAGE)
        if so_far > self.limit:
            self._refuse()
        if end < 0:
            self._searched = max(0, len(self._buffer) - len(END_OF_MESSAGE) + 1)
            return None
        message = bytes(self._buffer[:end])
        del self._buffer[: end + len(END_OF_MESSAGE)]
        self._searched = 0
        return message

    def _next_chunked(self) -> bytes | None:
        """Chunks up to the end-of-chunks mark (RFC 6242 section 4.2)."""
        if not self._message and self._searched == 0:
            self._skip_blank_lines()
        while header := _CHUNK.match(self._buffer, self._searched):
            if header[2]:
                message = bytes(self._message)
                self._message.clear()
                self._consume(header.end())
                return message
            end = header.end() + int(header[1])
            if len(self._message) + int(header[1]) > self.limit:
                self._refuse()
            if len(self._buffer) < end:
                self._consume(self._searched)
                return None
            self._message += self._buffer[header.end() : end]
            self._searched = end
        self._consume(self._searched)
        if len(self._buffer) >= _LONGEST_HEADER or not b"\n#".startswith(self._buffer[:2]):
            raise BadFraming("a chunk of NETCONF 1.1 does not start with its length")
        return None

    def _refuse(self) -> None:
        self._buffer.clear()
        self._message.clear()
        raise TooLong(self.limit)

    def _skip_blank_lines(self) -> None:
        """Junos ends a hello with a newline more than the RFC has, which stays before the chunk."""
        while self._buffer.startswith(b"\n\n"):
            del self._buffer[:1]

    def _consume(self, end: int) -> None:
        del self._buffer[:end]
        self._searched = 0


class Passthrough:
    """One message on its way through: its bytes are handed over as they come, without framing."""

    def __init__(
        self, hand_over: Callable[[bytes], None], *, chunked: bool, limit: int | None = None
    ) -> None:
        """`limit` is how many bytes may pass; None: any number."""
        self._hand_over, self._chunked, self._limit = hand_over, chunked, limit
        self._passed = 0
        self._buffer = bytearray()
        self._open = 0
        """Bytes that the chunk at hand still lacks."""

    def feed(self, data: bytes) -> bytes | None:
        """What follows the message once it has ended, else None; BadFraming, TooLong."""
        self._buffer += data
        return self._feed_chunks() if self._chunked else self._feed_delimited()

    def _feed_delimited(self) -> bytes | None:
        end = self._buffer.find(END_OF_MESSAGE)
        if end < 0:
            self._pass(len(self._buffer) - len(END_OF_MESSAGE) + 1)
            return None
        self._pass(end)
        return bytes(self._buffer[len(END_OF_MESSAGE) :])

    def _feed_chunks(self) -> bytes | None:
        while True:
            self._open -= self._pass(self._open)
            if self._open:
                return None
            while self._buffer.startswith(b"\n\n"):
                del self._buffer[:1]
            header = _CHUNK.match(self._buffer)
            if header is None:
                self._doubt()
                return None
            last, self._open = bool(header[2]), int(header[1] or 0)
            del self._buffer[: header.end()]
            if last:
                return bytes(self._buffer)

    def _doubt(self) -> None:
        """Whether what is here can still become the header of a chunk."""
        if len(self._buffer) >= _LONGEST_HEADER or not b"\n#".startswith(self._buffer[:2]):
            raise BadFraming("a chunk of NETCONF 1.1 does not start with its length")

    def _pass(self, count: int) -> int:
        """Hand over so many bytes, as far as they are here; returns how many."""
        piece = bytes(self._buffer[: max(count, 0)])
        if piece:
            self._passed += len(piece)
            if self._limit is not None and self._passed > self._limit:
                raise TooLong(self._limit)
            self._hand_over(piece)
            del self._buffer[: len(piece)]
        return len(piece)


def frame(message: bytes, *, chunked: bool) -> bytes:
    """The message as it goes on the wire."""
    if chunked:
        return b"\n#%d\n%s%s" % (len(message), message, END_OF_CHUNKS)
    return message + END_OF_MESSAGE
