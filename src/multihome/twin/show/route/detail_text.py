"""The CLI text of `show route detail` and `extensive`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.show.element import Element

_LABEL_LINES = (
    ("mpls-label", "Label operation: {}"),
    ("label-ttl-action", "Label TTL action: {}"),
    ("load-balance-label", "Load balance label: {}"),
    ("label-element", "Label element ptr: {}"),
    ("label-element-parent", "Label parent element ptr: {}"),
    ("label-element-refcount", "Label element references: {}"),
    ("label-element-childcount", "Label element child references: {}"),
    ("label-element-lspid", "Label element lsp id: {}"),
    ("session", "Session Id: 0x{}"),
    ("indirect-nh", "Indirect next hop: {}"),
)
_BEFORE_AGE = (
    ("rt-entry-state", "State: <{}>"),
    ("inactive-reason", "Inactive reason: {}"),
)
_AFTER_AGE = (
    ("validation-state", "Validation State: {} "),
    ("task-name", "Task: {}"),
)
_AT_THE_END = (
    ("bgp-rt-flag", "{}"),
    ("hidden-reason", "Hidden reason: {}"),
    ("vpn-label", "VPN Label: {}"),
    ("local-preference", "Localpref: {}"),
    ("peer-id", "Router ID: {}"),
    ("rtrib-primary", "Primary Routing Table: {}"),
)


def detail_lines(rt: Element) -> Iterator[str]:
    """One prefix: its line, its TSI in `extensive`, its routes, a blank line."""
    length = f"/{rt.value('rt-prefix-length')}" if rt.has("rt-prefix-length") else ""
    count = rt.first("rt-entry-count")
    entries = count.attributes["junos:format"] if count else ""
    announced = rt.value("rt-announced-count")
    yield f"{rt.value('rt-destination')}{length} ({entries}, {announced} announced)"
    if rt.has("tsi"):
        yield from ("TSI:", *rt.value("tsi").strip("\n").split("\n"))
    for entry in rt.all("rt-entry"):
        yield from _entry_lines(entry)
    yield ""


def _entry_lines(entry: Element) -> Iterator[str]:
    second = f"/{entry.value('preference2')}" if entry.has("preference2") else ""
    yield (
        f"{'':8}{entry.value('active-tag')}{entry.value('protocol-name'):<7}"
        f"Preference: {entry.value('preference')}{second}"
    )
    yield from (f"{'':16}{line}" for line in _body(entry))


def _body(entry: Element) -> Iterator[str]:
    if entry.has("rt-isis-level"):
        yield f"Level: {entry.value('rt-isis-level')}"
    if entry.has("route-distinguisher"):
        yield f"Route Distinguisher: {entry.value('route-distinguisher')}"
    yield from _hops(entry)
    yield from _filled(entry, _BEFORE_AGE)
    yield from _numbers(entry)
    yield from _filled(entry, _AFTER_AGE)
    if entry.has("announce-bits"):
        bits, tasks = entry.value("announce-bits"), entry.value("announce-tasks")
        yield f"Announcement bits ({bits}): {tasks}"
    path, *rest = entry.value("as-path").strip().split("\n")
    yield from (f"{path} ", *rest)
    communities = entry.first("communities")
    if communities is not None:
        yield f"Communities: {' '.join(child.text for child in communities.children)}"
    yield from _filled(entry, _AT_THE_END)
    if entry.has("rtrib-secondary"):
        yield f"Secondary Tables: {' '.join(entry.texts('rtrib-secondary'))}"
    yield from _indirect(entry)


def _hops(entry: Element) -> Iterator[str]:
    kinds, numbers = entry.texts("nh-type"), entry.texts("nh-index")
    yield _kind_line(kinds[0], numbers[0] if numbers else None)
    yield f"Address: {entry.value('nh-address')}"
    yield f"Next-hop reference count: {entry.value('nh-reference-count')}"
    if entry.has("gateway"):
        yield f"Source: {entry.value('gateway')}"
    if len(kinds) > 1:
        yield _kind_line(kinds[1], numbers[1])
    for nh in entry.all("nh"):
        yield _way(nh)
        yield from _filled(nh, _LABEL_LINES)
    if not entry.has("indirect-nh-count"):
        for over in entry.all("protocol-nh"):
            yield f"Protocol next hop: {over.value('to')}"
            yield from _filled(over, _LABEL_LINES)


def _kind_line(kind: str, number: str | None) -> str:
    index = "" if number is None else f", Next hop index: {number}"
    return f"Next hop type: {kind}{index}"


def _way(nh: Element) -> str:
    if nh.has("nh-local-interface"):
        return f"Interface: {nh.value('nh-local-interface')}"
    if nh.has("nh-table"):
        return f"Next table: {nh.value('nh-table')}"
    to = f"{nh.value('to')} " if nh.has("to") else ""
    weight = f" weight {nh.value('weight')}" if nh.has("weight") else ""
    selected = ", selected" if nh.has("selected-next-hop") else ""
    return f"Next hop: {to}via {nh.value('via')}{weight}{selected}"


def _numbers(entry: Element) -> Iterator[str]:
    systems = []
    if entry.has("local-as"):
        systems.append(f"Local AS: {entry.value('local-as'):>5}")
    if entry.has("peer-as"):
        systems.append(f"Peer AS: {entry.value('peer-as'):>5}")
    if systems:
        yield " ".join(systems)
    words = [f"Age: {entry.value('age')} "]
    for tag, word in (("metric", "Metric"), ("metric2", "Metric2"), ("rt-tag", "Tag")):
        if entry.has(tag):
            words.append(f"{word}: {entry.value(tag)} ")
    yield "\t".join(words)


def _indirect(entry: Element) -> Iterator[str]:
    """The tail of `extensive`: what an indirect next hop resolves over."""
    if not entry.has("indirect-nh-count"):
        return
    yield f"Indirect next hops: {entry.value('indirect-nh-count')}"
    for over in entry.all("protocol-nh"):
        metric = f" Metric: {over.value('metric')}" if over.has("metric") else ""
        yield f"{'':8}Protocol next hop: {over.value('to')}{metric}"
        yield from (f"{'':8}{line}" for line in _filled(over, _LABEL_LINES))
        if over.has("forwarding-nh-count"):
            yield f"{'':8}Indirect path forwarding next hops: {over.value('forwarding-nh-count')}"
            yield f"{'':16}Next hop type: {over.value('nh-type')}"
        for nh in over.all("nh"):
            yield f"{'':16}{_way(nh)}"


def _filled(element: Element, lines: tuple[tuple[str, str], ...]) -> Iterator[str]:
    return (form.format(element.value(tag)) for tag, form in lines if element.has(tag))
