"""`traceroute`: who answers for each TTL on the way to a host."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from multihome.twin.show.element import Element
from multihome.twin.show.icmp.probe import (
    MODULE,
    Aim,
    add_icmp,
    failure,
    icmp,
    mark,
    microseconds,
    milliseconds,
    number,
)
from multihome.twin.show.registry import prints, shows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.show.registry import Query
    from multihome.twin.views import Probe

_ARGUMENTS = """
    <host>! source:source ttl:ttl wait:wait no-resolve inet tos:tos gateway:gateway
    routing-instance:routing-instance logical-system:logical-system interface:interface
    bypass-routing as-number-lookup propagate-ttl
"""
_MAX_TTL, _PACKET = 30, 40


@shows("traceroute", "traceroute", _ARGUMENTS)
def traceroute(query: Query) -> Element:
    """Three probes for each TTL, through the network in its present state."""
    aim = Aim.of(query)
    max_ttl = number(query, "ttl", _MAX_TTL, 255)
    view = query.device.network.traceroute(
        query.router.name,
        aim.target,
        source=aim.source,
        instance=aim.instance,
        max_ttl=max_ttl,
    )
    results = Element("traceroute-results", module=MODULE)
    results.add("target-host", query.get("host"))
    results.add_known(source=aim.source)
    results.add("target-ip", aim.target)
    results.add("max-hop-index", max_ttl)
    results.add("packet-size", _PACKET)
    named = not query.has("no-resolve")
    now = str(int(query.device.now().timestamp()))
    for ttl, probes in enumerate(view.hops, start=1):
        _add_hops(results, ttl, probes, when=now, named=named)
    if view.error:
        results.add("traceroute-failure", failure("traceroute", view.error))
    elif any(probe.reached for probes in view.hops for probe in probes):
        results.flag("traceroute-success")
    else:
        results.add("traceroute-failure", "maximum hops exceeded")
    return results


def _add_hops(
    results: Element, ttl: int, probes: tuple[Probe, ...], *, when: str, named: bool
) -> None:
    """One `hop`, or several of one TTL if its probes came back from several places."""
    index = 0
    for responder, answers in groupby(probes, key=lambda probe: probe.responder):
        hop = results.add("hop")
        hop.add("ttl-value", ttl)
        hop.add_known(last_ip_address=responder)
        if named:
            hop.add_known(last_host_name=responder)
        for probe in answers:
            index += 1
            element = hop.add("probe-result", attributes={"date-determined": when})
            element.add("probe-index", index)
            _add_answer(element, probe, named=named)


def _add_answer(element: Element, probe: Probe, *, named: bool) -> None:
    if probe.responder is None:
        element.add("probe-failure", "no-response")
        return
    element.add("ip-address", probe.responder)
    if named:
        element.add("host-name", probe.responder)
    add_icmp(element, icmp(probe.icmp))
    element.add("rtt", microseconds(probe.rtt))
    element.flag("probe-reached" if probe.reached else "probe-success")


@prints("traceroute-results")
def traceroute_text(results: Element) -> Iterator[str]:
    """A line per TTL."""
    host, address = results.value("target-host"), results.value("target-ip")
    source = f" from {results.value('source')}" if results.has("source") else ""
    yield (
        f"traceroute to {host} ({address}){source}, {results.value('max-hop-index')} hops max,"
        f" {results.value('packet-size')} byte packets"
    )
    for ttl, hops in groupby(results.all("hop"), key=lambda hop: hop.value("ttl-value")):
        yield f"{ttl:>2} {''.join(_hop(hop) for hop in hops)}"
    why = results.value("traceroute-failure")
    if why.startswith("traceroute:"):
        yield why


def _hop(hop: Element) -> str:
    if not hop.has("last-ip-address"):
        return " *" * len(list(hop.all("probe-result")))
    address, name = hop.value("last-ip-address"), hop.value("last-host-name")
    times = "".join(
        f"  {milliseconds(probe.value('rtt'))} ms{_mark(probe)}"
        for probe in hop.all("probe-result")
    )
    return f" {name} ({address}){times}" if name else f" {address}{times}"


def _mark(probe: Element) -> str:
    code = probe.first("icmp-code")
    return mark(code.children[0].tag) if code is not None else ""
