"""Echo requests: the answer of `ping`, reached or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from multihome.state.query import Query
from multihome.state.reply import Reply, payload
from multihome.state.request import Request

if TYPE_CHECKING:
    from lxml.etree import _Element

    from multihome.state.reply import Address

_RPC = "ping"
_MILLISECOND = 1000


@dataclass(frozen=True, slots=True)
class PingResult:
    """What came back; round-trip times in milliseconds, None if nothing came back."""

    target: Address | None
    sent: int
    received: int
    loss: float
    """Percent."""
    rtt_minimum: float | None
    rtt_average: float | None
    rtt_maximum: float | None
    failure: str | None = None
    """Why nothing could be sent or nothing came back, in the router's words."""


def read_ping(router: str, element: _Element) -> PingResult:
    """Parse ping-results; raises BadReply."""
    answer = payload(router, _RPC, element, "ping-results")
    if isinstance(answer, str):
        raise Reply(router, _RPC, element).bad(answer)
    summary, failure = answer.first("probe-results-summary"), _failure(answer)
    if summary is None:
        if failure is None:
            raise answer.bad("missing", "probe-results-summary")
        return PingResult(answer.address("target-ip"), 0, 0, 100.0, None, None, None, failure)
    sent = summary.count("probes-sent")
    received = summary.count("responses-received")
    return PingResult(
        target=answer.address("target-ip"),
        sent=sent,
        received=received,
        loss=100.0 * (sent - received) / sent if sent else 100.0,
        rtt_minimum=_milliseconds(summary, "rtt-minimum"),
        rtt_average=_milliseconds(summary, "rtt-average"),
        rtt_maximum=_milliseconds(summary, "rtt-maximum"),
        failure=failure,
    )


def ping(
    target: Address,
    *,
    source: Address | None = None,
    instance: str | None = None,
    count: int = 3,
    size: int | None = None,
) -> Query[PingResult]:
    """Send `count` requests quickly, waiting a second for the last answer."""
    request = Request.of(
        _RPC,
        host=str(target),
        source=None if source is None else str(source),
        routing_instance=None if instance == "master" else instance,
        count=str(count),
        size=None if size is None else str(size),
        rapid=True,
        no_resolve=True,
        wait="1",
    )
    return Query(request, read_ping)


def _milliseconds(reply: Reply, name: str) -> float | None:
    """Junos counts round trips in microseconds."""
    found = reply.number(name)
    return None if found is None else found / _MILLISECOND


def _failure(reply: Reply) -> str | None:
    if not reply.has("ping-failure"):
        return None
    reasons = (each.find("probe-failure") for each in reply.each("probe-result"))
    return reply.find("ping-failure") or next((why for why in reasons if why), "no response")
