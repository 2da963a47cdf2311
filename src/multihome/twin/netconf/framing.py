"""NETCONF over SSH framing (RFC 6242): bytes in, messages out, in pieces of any size.

A session starts with the end-of-message sequence of NETCONF 1.0 (section 4.3) and goes on
with chunks (section 4.2) once both ends have said `base:1.1`; the change falls between two
messages, so `Deframer.chunked` is read afresh for each of them.
"""

from __future__ import annotations

END_OF_MESSAGE = b"]]>]]>"
END_OF_CHUNKS = b"\n##\n"
MESSAGE_LIMIT = 64 * 1024 * 1024
"""Bytes of the largest message that is accepted; a configuration of a large PE has ten million."""
CHUNK_SIZE = 8192
"""Bytes sent per chunk; some clients take quadratic time over large ones."""
_HEADER_LIMIT = 13
r"""Bytes of the longest chunk header: `\n#`, ten digits, `\n`."""
_CHUNK_MAXIMUM = 4_294_967_295
_SPACE = b" \t\r\n"


class FramingError(Exception):
    """The peer's bytes are no NETCONF frames, or too many; the session must end (section 4.2)."""


def end_of_message(message: bytes) -> bytes:
    """Frame one message for NETCONF 1.0, laid out as Junos does."""
    return message + b"\n" + END_OF_MESSAGE + b"\n"


def chunks(message: bytes, size: int = CHUNK_SIZE) -> bytes:
    """Frame one message for NETCONF 1.1; it must not be empty."""
    framed = bytearray()
    for start in range(0, len(message), size):
        chunk = message[start : start + size]
        framed += b"\n#%d\n" % len(chunk)
        framed += chunk
    framed += END_OF_CHUNKS
    return bytes(framed)


class Deframer:
    """Cuts a stream of bytes into messages; raises FramingError from `next_message`."""

    def __init__(self, limit: int = MESSAGE_LIMIT) -> None:
        self.chunked = False
        self._limit = limit
        self._buffer = bytearray()
        self._searched = 0
        self._message = bytearray()
        self._missing = 0
        self._begun = False

    def feed(self, data: bytes) -> None:
        """Take more bytes from the peer."""
        self._buffer += data

    @property
    def pending(self) -> int:
        """How many bytes of unfinished messages are held."""
        return len(self._buffer) + len(self._message)

    def next_message(self) -> bytes | None:
        """The next whole message without its frame and blank edges; None until there is one."""
        while True:
            message = self._chunked_message() if self.chunked else self._delimited_message()
            if message is None or (message := message.strip(_SPACE)):
                return message

    def _delimited_message(self) -> bytes | None:
        end = self._buffer.find(END_OF_MESSAGE, self._searched)
        if end < 0:
            self._searched = max(0, len(self._buffer) - len(END_OF_MESSAGE) + 1)
            self._check_size(len(self._buffer))
            return None
        self._check_size(end)
        message = bytes(self._buffer[:end])
        self._drop(end + len(END_OF_MESSAGE))
        return message

    def _chunked_message(self) -> bytes | None:
        while True:
            if self._missing and not self._take_chunk():
                return None
            size = self._chunk_header()
            if size is None:
                return None
            if size == 0:
                message = bytes(self._message)
                self._message.clear()
                self._begun = False
                return message
            self._check_size(len(self._message) + size)
            self._begun = True
            self._missing = size

    def _take_chunk(self) -> bool:
        """Move what is there of the current chunk; whether it is complete."""
        part = self._buffer[: self._missing]
        self._message += part
        self._missing -= len(part)
        self._drop(len(part))
        return not self._missing

    def _chunk_header(self) -> int | None:
        """The size of the chunk that follows, 0 at the end of a message, None if unfinished."""
        if not self._begun:
            self._skip_blank_lead()
        head = bytes(self._buffer[:_HEADER_LIMIT])
        if not (head.startswith(b"\n#") or b"\n#".startswith(head)):
            raise FramingError("a chunk does not begin with LF and #")
        line, newline, _ = head[2:].partition(b"\n")
        if not newline:
            if len(head) == _HEADER_LIMIT or not _may_be_size(line):
                raise FramingError("a chunk's size is not a number of 1 to 10 digits")
            return None
        size = self._size(line)
        self._drop(2 + len(line) + 1)
        return size

    def _size(self, line: bytes) -> int:
        if line == b"#":
            if not self._begun:
                raise FramingError("a message ends before its first chunk")
            return 0
        if not line.isdigit() or line.startswith(b"0") or int(line) > _CHUNK_MAXIMUM:
            raise FramingError("a chunk's size is not a number from 1 to 4294967295")
        return int(line)

    def _skip_blank_lead(self) -> None:
        """Forgive line ends before a message, or a first LF that is missing.

        A client whose hello ended in `]]>]]>` and LF, or that writes line by line, sends them.
        """
        lead = 0
        while self._buffer[lead : lead + 1] and self._buffer[lead] in _SPACE:
            lead += 1
        if lead or self._buffer[:1] == b"#":
            self._buffer[:lead] = b"\n"

    def _drop(self, count: int) -> None:
        del self._buffer[:count]
        self._searched = 0

    def _check_size(self, size: int) -> None:
        if size > self._limit:
            raise FramingError(f"a message is larger than {self._limit} bytes")


def _may_be_size(line: bytes) -> bool:
    return line in {b"", b"#"} or (line.isdigit() and not line.startswith(b"0"))
