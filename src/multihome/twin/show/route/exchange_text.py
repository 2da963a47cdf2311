"""The CLI text of `show route receive-protocol` and `advertising-protocol`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.show.element import Element

_PREFIX = 23


def bgp_brief_lines(rt: Element) -> Iterator[str]:
    """One line, or two if the prefix does not fit its column."""
    destination = rt.value("rt-destination")
    if len(destination) > _PREFIX:
        yield f"  {destination}"
        destination = ""
    for entry in rt.all("rt-entry"):
        yield (
            f"{entry.value('active-tag')} {destination:<24}{entry.value('nh/to'):<21}"
            f"{entry.value('med'):<8}{entry.value('local-preference'):<11}"
            f"{entry.value('as-path').strip()}"
        )


def bgp_detail_lines(rt: Element) -> Iterator[str]:
    """One route with its attributes, a blank line behind it."""
    count = rt.first("rt-entry-count")
    entries = count.attributes["junos:format"] if count else "1 entry"
    announced = rt.value("rt-announced-count", "0")
    for entry in rt.all("rt-entry"):
        yield (
            f"{entry.value('active-tag')} {rt.value('rt-destination')}/"
            f"{rt.value('rt-prefix-length')} ({entries}, {announced} announced)"
        )
        if entry.has("bgp-group-name"):
            yield f" BGP group {entry.value('bgp-group-name')}"
        yield from (f"     {line}" for line in _attributes(entry))
    yield ""


def _attributes(entry: Element) -> Iterator[str]:
    for tag, form in (
        ("bgp-rt-flag", "{}"),
        ("hidden-reason", "Hidden reason: {}"),
        ("route-distinguisher", "Route Distinguisher: {}"),
        ("vpn-label", "VPN Label: {}"),
    ):
        if entry.has(tag):
            yield form.format(entry.value(tag))
    yield f"Nexthop: {entry.value('nh/to')}"
    for tag, form in (
        ("bgp-metric-flags", "Flags: {}"),
        ("med", "MED: {}"),
        ("local-preference", "Localpref: {}"),
        ("as-path", "{}"),
        ("cluster-id", "Cluster ID: {}"),
        ("originator", "Originator ID: {}"),
    ):
        if entry.has(tag):
            yield form.format(entry.value(tag).strip())
    communities = entry.first("communities")
    if communities is not None:
        yield f"Communities: {' '.join(child.text for child in communities.children)}"
