"""One NETCONF session as a state machine: bytes of the client in, bytes for the client out.

No socket and no clock: the owner of the transport feeds it, writes what it yields, and
hangs up when `closed`.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from multihome.twin.config.problem import Problem, syntax_error
from multihome.twin.netconf import hello
from multihome.twin.netconf.dispatch import perform
from multihome.twin.netconf.exchange import Exchange
from multihome.twin.netconf.framing import Deframer, FramingError, chunks, end_of_message
from multihome.twin.netconf.messages import (
    Malformed,
    Refused,
    echo,
    name_of,
    parse,
    reply,
    rpc_error,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lxml.etree import _Element

    from multihome.twin.netconf.exchange import Host


class Phase(Enum):
    """The phase of a session. Each is only ever followed by a later one."""

    GREETED = auto()
    """Our hello is out, the client's is awaited; Junos answers RPCs already."""
    OPEN = auto()
    CLOSED = auto()


class Session:
    """The server's end of one session."""

    def __init__(self, host: Host, user: str, origin: str, hangup: Callable[[], None]) -> None:
        self._host = host
        self._chunked = host.chunked
        self._phase = Phase.GREETED
        self._deframer = Deframer()
        number = host.enter(user, origin, "", hangup)
        self._exchange = Exchange(host, user, number, host.style)

    @property
    def closed(self) -> bool:
        """Whether nothing more will be said."""
        return self._phase is Phase.CLOSED

    @property
    def number(self) -> int:
        """The session ID."""
        return self._exchange.session

    def greeting(self) -> bytes:
        """The first bytes to send.

        Where chunks may follow, nothing comes between the end of the message and the first
        of them: a client that reads as RFC 6242 section 4.2 has it takes no line end there.
        """
        exchange = self._exchange
        said = end_of_message(
            hello.hello(exchange.style, exchange.session, exchange.user, chunked=self._chunked)
        )
        return said.rstrip(b"\n") if self._chunked else said

    def receive(self, data: bytes) -> Iterator[bytes]:
        """Take bytes from the client; what to send, reply by reply."""
        self._deframer.feed(data)
        try:
            while not self.closed and (message := self._deframer.next_message()) is not None:
                answer = self._handle(message)
                if answer:
                    yield self._frame(answer)
                if self._exchange.ending:
                    yield self._farewell()
                    self.close()
        except FramingError as error:
            self._host.log(f"session {self.number}: {error}")
            self.close()

    def close(self) -> None:
        """The transport is gone or must go: free what the session held. Harmless twice."""
        if not self.closed:
            self._phase = Phase.CLOSED
            self._host.leave(self.number)

    def _frame(self, message: bytes) -> bytes:
        return chunks(message) if self._deframer.chunked else end_of_message(message)

    def _farewell(self) -> bytes:
        """The comment Junos writes after its last reply, outside any frame of NETCONF 1.0."""
        if self._deframer.chunked:
            return b""
        return f"<!-- session end at {self._host.now():%Y-%m-%d %H:%M:%S UTC} -->\n".encode()

    def _handle(self, message: bytes) -> bytes:
        try:
            root = parse(message)
        except Malformed as bad:
            return self._refuse("", bad.echoed)
        name = name_of(root)
        if name == "hello" and self._phase is Phase.GREETED:
            self._greeted(root)
            return b""
        if name != "rpc" or len(root) == 0:
            return self._refuse(name, echo(root) if name == "rpc" else "")
        return reply(self._exchange.style, echo(root), self._perform(root[0]))

    def _refuse(self, bad_element: str, echoed: str) -> bytes:
        """Answer what is no RPC."""
        style = self._exchange.style
        return reply(style, echoed, rpc_error(style, syntax_error(bad_element)))

    def _greeted(self, client: _Element) -> None:
        """Settle the framing: chunks where both have said `base:1.1` (RFC 6242 section 4.1)."""
        self._phase = Phase.OPEN
        self._deframer.chunked = self._chunked and hello.BASE_1_1 in hello.offered(client)

    def _perform(self, operation: _Element) -> str:
        style = self._exchange.style
        try:
            return perform(self._exchange, operation)
        except Refused as refusal:
            return refusal.render(style)
        except Exception:  # noqa: BLE001 - a defect answers one RPC with an error, not all with silence
            what = name_of(operation)
            self._host.log_failure(f"{what} of session {self.number}")
            return rpc_error(style, Problem("internal error; see the log", element=what))
