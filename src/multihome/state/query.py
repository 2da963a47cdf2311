"""A question and how to read its answer, joined; and the answers of a whole run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

from multihome.errors import (
    AuthenticationFailed,
    BadReply,
    DeviceError,
    HostKeyMismatch,
    RpcTimeout,
    Unidentified,
    Unreachable,
    WrongRouter,
)
from multihome.state.question import compare

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lxml.etree import _Element

    from multihome.state.request import Request

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
_SILENT = (
    Unreachable,
    AuthenticationFailed,
    HostKeyMismatch,
    RpcTimeout,
    Unidentified,
    WrongRouter,
)


@dataclass(frozen=True, slots=True)
class Query(Generic[T_co]):
    """An RPC and the parser of its reply; the parser raises BadReply."""

    request: Request
    parse: Callable[[str, _Element], T_co]

    def read(self, router: str, reply: _Element) -> T_co:
        """The table of a reply, once it has proven to be the answer to this very question.

        Raises:
            BadReply: it answers another question, or cannot be read.
        """
        compare(router, self.request, reply)
        return self.parse(router, reply)

    def __str__(self) -> str:
        return str(self.request)


Replies: TypeAlias = "Mapping[tuple[str, Request], _Element | DeviceError]"
"""What each router said to each request, or why it did not."""


class Evidence:
    """The replies of one run; each is parsed once, when first looked at."""

    def __init__(self, replies: Replies) -> None:
        self._replies = dict(replies)
        self._tables: dict[tuple[str, Query[object]], object] = {}
        self._silent: frozenset[str] | None = None

    @property
    def replies(self) -> Replies:
        """What was collected, for keeping."""
        return dict(self._replies)

    @property
    def silent(self) -> frozenset[str]:
        """The routers that could not be asked, at least one thing: no answer, no session."""
        if self._silent is None:
            self._silent = frozenset(
                router for (router, _), reply in self._replies.items() if isinstance(reply, _SILENT)
            )
        return self._silent

    def __contains__(self, key: tuple[str, Request]) -> bool:
        return key in self._replies

    def table(self, router: str, query: Query[T]) -> T:
        """The parsed answer; raises the DeviceError for which there is none."""
        key: tuple[str, Query[object]] = (router, query)
        if key not in self._tables:
            self._tables[key] = self._parsed(router, query)
        table = self._tables[key]
        if isinstance(table, DeviceError):
            raise table
        return table  # type: ignore[return-value]  # stored under the query that made it

    def joined(self, more: Evidence) -> Evidence:
        """Both together; where both have an answer the newer one counts."""
        both = Evidence({**self._replies, **more._replies})
        both._tables = {
            (router, query): table
            for (router, query), table in self._tables.items()
            if (router, query.request) not in more._replies
        }
        return both

    def _parsed(self, router: str, query: Query[T]) -> T | DeviceError:
        reply = self._replies.get((router, query.request))
        if reply is None:
            return BadReply(router, f"{query.request}: was not asked")
        if isinstance(reply, DeviceError):
            return reply
        try:
            return query.read(router, reply)
        except DeviceError as error:
            return error
