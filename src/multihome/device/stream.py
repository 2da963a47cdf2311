"""One reply as it arrives: never whole in memory, however long it is.

The session's thread takes the framing off and hands the bytes over in pieces; the reader
takes them as from a file. Few pieces wait in between: if the reader is slow, the session stops
reading, and SSH's flow control stops the router.
"""

from __future__ import annotations

import io
import threading
from queue import Empty, Full, Queue
from typing import TYPE_CHECKING

from ncclient.transport.session import SessionListener

from multihome.device.framing import Passthrough
from multihome.device.garbled import GarbledReply
from multihome.errors import BadReply, RpcTimeout, Unreachable

if TYPE_CHECKING:
    from lxml.etree import _Element

_WAITING = 16
"""Pieces between the two threads; each is at most what one read of the channel brings."""
_GIVE_UP = 1.0
"""Seconds after which a blocked session looks whether anybody still reads."""


class ReplyStream(io.RawIOBase, SessionListener):  # type: ignore[misc]  # ncclient is untyped
    """The bytes of one message, for one reader."""

    def __init__(
        self, router: str, *, chunked: bool, limit: float, longest: int | None = None
    ) -> None:
        """`limit` is how many seconds the router may be silent, `longest` how many bytes come."""
        super().__init__()
        self._router, self._limit = router, limit
        self._pieces: Queue[bytes | Exception | None] = Queue(_WAITING)
        self._passage = Passthrough(self._hand_over, chunked=chunked, limit=longest)
        self._left = b""
        self._unread = threading.Event()
        self.complete = False
        """Whether the whole message was read."""

    def feed(self, data: bytes) -> bytes | None:
        """Take bytes from the session; returns what follows the message once it has ended."""
        rest = self._passage.feed(data)
        if rest is not None:
            self._hand_over(None)
        return rest

    def callback(self, root: object, raw: _Element) -> None:
        """Ncclient's hook for whole messages: none comes while this one does."""

    def errback(self, ex: Exception) -> None:
        """Ncclient's hook for the end of the session."""
        self._hand_over(ex)

    def readable(self) -> bool:
        """Python's hook."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # what it is called with
        """Python's hook; 0 is the end of the message.

        Raises:
            RpcTimeout: the router was silent for too long.
            Unreachable: the session was lost in the middle.
            BadReply: the reply is longer than it may be, or no message of NETCONF.
        """
        if not self._left and not self.complete:
            self._left = self._next()
        count = min(len(buffer), len(self._left))
        buffer[:count] = self._left[:count]
        self._left = self._left[count:]
        return count

    def close(self) -> None:
        """Stop reading: a session that is still handing over must not wait for ever."""
        self._unread.set()
        super().close()

    def _next(self) -> bytes:
        try:
            piece = self._pieces.get(timeout=self._limit)
        except Empty:
            text = f"nothing came for {self._limit:g} s in the middle of a reply"
            raise RpcTimeout(self._router, text) from None
        if isinstance(piece, GarbledReply):
            raise BadReply(self._router, str(piece))
        if isinstance(piece, Exception):
            raise Unreachable(self._router, f"the session was lost in the middle: {piece}")
        self.complete = piece is None
        return piece or b""

    def _hand_over(self, piece: bytes | Exception | None) -> None:
        while not self._unread.is_set():
            try:
                return self._pieces.put(piece, timeout=_GIVE_UP)
            except Full:
                continue
        return None
