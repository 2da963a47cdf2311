"""`ping`: probes with their answers, and their statistics."""

from __future__ import annotations

from statistics import pstdev
from typing import TYPE_CHECKING

from multihome.twin.show.element import Element
from multihome.twin.show.icmp.probe import (
    MODULE,
    Aim,
    add_icmp,
    failure,
    icmp,
    microseconds,
    milliseconds,
    number,
)
from multihome.twin.show.registry import prints, shows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from multihome.twin.show.registry import Query
    from multihome.twin.views import PingView, Probe

_ARGUMENTS = """
    <host>! count:count size:size source:source ttl:ttl rapid wait:wait interval:interval
    routing-instance:routing-instance logical-system:logical-system do-not-fragment no-resolve
    inet tos:tos interface:interface bypass-routing detail brief pattern:pattern record-route
    verbose strict
"""
_COUNT, _SIZE, _TTL = 5, 56, 64
_MOST, _LARGEST = 10_000, 65_468
_ICMP_HEADER = 8
_UNREACHABLE = {
    "net-unreachable": "Destination Net Unreachable",
    "host-unreachable": "Destination Host Unreachable",
    "time-exceeded": "Time to live exceeded",
}


@shows("ping", "ping", _ARGUMENTS)
def ping(query: Query) -> Element:
    """Send the probes through the network in its present state, all at once."""
    aim = Aim.of(query)
    size = number(query, "size", _SIZE, _LARGEST)
    count = number(query, "count", _COUNT, _MOST)
    view = query.device.network.ping(
        query.router.name,
        aim.target,
        source=aim.source,
        count=count,
        size=size,
        instance=aim.instance,
        ttl=number(query, "ttl", _TTL, 255),
    )
    results = Element("ping-results", module=MODULE)
    if query.has("rapid"):
        results.attributes = {"rapid": "rapid"}
    results.add("target-host", query.get("host"))
    results.add_known(source=aim.source)
    results.add("target-ip", aim.target)
    results.add("packet-size", size)
    _add_probes(results, view, int(query.device.now().timestamp()))
    answers = [probe for probe in view.probes if probe.reached]
    _add_summary(results, len(view.probes) or count, answers)
    if answers:
        results.flag("ping-success")
    else:
        results.add("ping-failure", failure("ping", view.error) or "no response")
    return results


def _add_probes(results: Element, view: PingView, now: int) -> None:
    for index, probe in enumerate(view.probes):
        element = results.add("probe-result", attributes={"date-determined": str(now + index)})
        element.add("probe-index", index + 1)
        if probe.reached:
            element.flag("probe-success")
        else:
            element.add("probe-failure", probe.icmp or "no-response")
        if probe.responder is None:
            continue
        element.add("sequence-number", index)
        element.add("ip-address", probe.responder)
        if not probe.reached:
            add_icmp(element, icmp(probe.icmp))
            continue
        element.add("time-to-live", probe.ttl)
        element.add("response-size", view.size + _ICMP_HEADER)
        element.add("rtt", microseconds(probe.rtt))


def _add_summary(results: Element, sent: int, answers: Sequence[Probe]) -> None:
    summary = results.add("probe-results-summary")
    summary.add("probes-sent", sent)
    summary.add("responses-received", len(answers))
    summary.add("packet-loss", round(100 * (sent - len(answers)) / sent))
    if answers:
        times = [microseconds(probe.rtt) for probe in answers]
        summary.add("rtt-minimum", min(times))
        summary.add("rtt-maximum", max(times))
        summary.add("rtt-average", sum(times) // len(times))
        summary.add("rtt-stddev", int(pstdev(times)))


@prints("ping-results")
def ping_text(results: Element) -> Iterator[str]:
    """A line per answer, then the statistics."""
    host, address = results.value("target-host"), results.value("target-ip")
    yield f"PING {host} ({address}): {results.value('packet-size')} data bytes"
    probes = list(results.all("probe-result"))
    if "rapid" in results.attributes:
        yield "".join("!" if probe.has("probe-success") else "." for probe in probes)
    else:
        yield from (line for probe in probes for line in _probe_lines(probe))
        why = results.value("ping-failure")
        if not probes and why:
            yield from [why] * int(results.value("probe-results-summary/probes-sent"))
        yield ""
    yield f"--- {host} ping statistics ---"
    yield from _statistics(results)


def _probe_lines(probe: Element) -> Iterator[str]:
    if probe.has("probe-success"):
        yield (
            f"{probe.value('response-size')} bytes from {probe.value('ip-address')}:"
            f" icmp_seq={probe.value('sequence-number')} ttl={probe.value('time-to-live')}"
            f" time={milliseconds(probe.value('rtt'))} ms"
        )
    elif probe.has("ip-address"):
        reason = _UNREACHABLE.get(probe.value("probe-failure"), "Destination Host Unreachable")
        yield f"36 bytes from {probe.value('ip-address')}: {reason}"


def _statistics(results: Element) -> Iterator[str]:
    for summary in results.all("probe-results-summary"):
        yield (
            f"{summary.value('probes-sent')} packets transmitted,"
            f" {summary.value('responses-received')} packets received,"
            f" {summary.value('packet-loss')}% packet loss"
        )
        if summary.has("rtt-minimum"):
            times = "/".join(
                milliseconds(summary.value(f"rtt-{word}"))
                for word in ("minimum", "average", "maximum", "stddev")
            )
            yield f"round-trip min/avg/max/stddev = {times} ms"
