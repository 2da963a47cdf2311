"""The CLI text of `show route`: columns as engineers know them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.show.registry import prints
from multihome.twin.show.route.detail_text import detail_lines
from multihome.twin.show.route.exchange_text import bgp_brief_lines, bgp_detail_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.show.element import Element

_LEGEND = "+ = Active Route, - = Last Active, * = Both"
_TERSE = "A V Destination        P Prf   Metric 1   Metric 2  Next hop        AS path"
_BGP = "  Prefix                  Nexthop              MED     Lclpref    AS path"
_DESTINATION = 18
"""A longer destination gets a line of its own."""


@prints("route-information")
def route_text(information: Element) -> Iterator[str]:
    """Every table with its header, one blank line between any two."""
    previous = None
    for line in _lines(information):
        if line or previous != "":
            yield line
        previous = line


def _lines(information: Element) -> Iterator[str]:
    """The style of a table's first entry decides its layout."""
    for table in information.all("route-table"):
        first = table.first("rt")
        style = first.attributes.get("junos:style", "brief") if first else "none"
        yield ""
        yield header(table)
        if style == "bgp-brief":
            yield _BGP
        elif style in ("brief", "terse"):
            yield from (_LEGEND, "")
        if style == "terse":
            yield _TERSE
        for rt in table.all("rt"):
            yield from _LAYOUTS[style](rt)
    yield ""


def header(table: Element) -> str:
    """`inet.0: 19 destinations, 33 routes (19 active, 0 holddown, 0 hidden)`."""
    return (
        f"{table.value('table-name')}: {table.value('destination-count')} destinations,"
        f" {table.value('total-route-count')} routes ({table.value('active-route-count')} active,"
        f" {table.value('holddown-route-count')} holddown,"
        f" {table.value('hidden-route-count')} hidden)"
    )


def _brief_lines(rt: Element) -> Iterator[str]:
    destination = rt.value("rt-destination")
    if len(destination) > _DESTINATION:
        yield destination
        destination = ""
    for entry in rt.all("rt-entry"):
        yield f"{destination:<{_DESTINATION}} {entry.value('active-tag')}{_headline(entry)}"
        destination = ""
        if entry.has("as-path"):
            path = entry.value("as-path").strip()
            yield f"{'':22}AS path: {path}, validation-state: {entry.value('validation-state')}"
        yield from _next_hops(entry)


def _headline(entry: Element) -> str:
    words = [f"[{entry.value('protocol-name')}/{entry.value('preference')}] {entry.value('age')}"]
    for tag, word in (
        ("metric", "metric"),
        ("med", "MED"),
        ("local-preference", "localpref"),
        ("metric2", "metric2"),
        ("rt-tag", "tag"),
        ("learned-from", "from"),
    ):
        if entry.has(tag):
            words.append(f"{word} {entry.value(tag)}")
    return ", ".join(words)


def _next_hops(entry: Element) -> Iterator[str]:
    kind = entry.value("nh-type")
    if kind and kind != "Local":
        yield f"{'':22}{kind}"
    for nh in entry.all("nh"):
        if nh.has("nh-local-interface"):
            yield f"{'':22}Local via {nh.value('nh-local-interface')}"
            continue
        label = f", {nh.value('mpls-label')}" if nh.has("mpls-label") else ""
        if nh.has("nh-table"):
            yield f"{'':22}to table {nh.value('nh-table')}{label}"
        else:
            mark = ">" if nh.has("selected-next-hop") else " "
            yield f"{'':20}{mark} {_way(nh)}{label}"


def _way(nh: Element) -> str:
    words = [f"to {nh.value('to')}"] if nh.has("to") else []
    return " ".join([*words, f"via {nh.value('via')}"])


def _terse_lines(rt: Element) -> Iterator[str]:
    destination = rt.value("rt-destination")
    if len(destination) > _DESTINATION:
        yield f"    {destination}"
        destination = ""
    for entry in rt.all("rt-entry"):
        validation = entry.value("validation-state")
        columns = (
            f"{entry.value('active-tag')} ? {destination:<18} {entry.value('protocol-name')}"
            f"{entry.value('preference'):>4} {entry.value('metric'):>10} "
            f"{entry.value('metric2'):>10} "
        )
        destination = ""
        hops = list(_terse_hops(entry))
        if entry.has("as-path"):
            yield f"{columns} {'':15} {entry.value('as-path').strip()}".rstrip()
            yield f"  {validation:<49}{hops[0] if hops else ''}".rstrip()
        else:
            yield f"{columns}{hops[0] if hops else ''}".rstrip()
        yield from (f"{'':51}{hop}" for hop in hops[1:])


def _terse_hops(entry: Element) -> Iterator[str]:
    if entry.has("nh-type"):
        yield f" {entry.value('nh-type')}"
    for nh in entry.all("nh"):
        mark = ">" if nh.has("selected-next-hop") else " "
        yield f"{mark}{nh.value('to') or nh.value('via') or nh.value('nh-table')}"


_LAYOUTS = {
    "brief": _brief_lines,
    "terse": _terse_lines,
    "detail": detail_lines,
    "bgp-brief": bgp_brief_lines,
    "bgp-detail": bgp_detail_lines,
}
