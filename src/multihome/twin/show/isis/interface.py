"""`show isis interface`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.show.element import Element, junos
from multihome.twin.show.interface.words import local_index
from multihome.twin.show.isis.running import ARGUMENTS, LEVELS, NOT_RUNNING, configured
from multihome.twin.show.registry import prints, shows
from multihome.twin.show.words import output

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.junos.model.igp import IgpInterface
    from multihome.twin.show.registry import Query
    from multihome.twin.views import IsisInterfaceView

_TITLE = "IS-IS interface database:"
_HEADING = "Interface             L CirID Level 1 DR        Level 2 DR        L1/L2 Metric"
_HELLO, _HOLD = 9.0, 27.0
"""Seconds, on a point-to-point link or a LAN where this router is not designated."""
_PRIORITY = 64
_LSP_INTERVAL, _CSNP_INTERVAL = 100, 10
_NUMBERS = {1: "one", 2: "two"}


@shows(
    "get-isis-interface-information",
    "show isis interface",
    f"<interface-name> brief detail extensive {ARGUMENTS}",
)
def interface_information(query: Query) -> Element:
    """Every interface IS-IS runs on."""
    isis = configured(query)
    if isis is None:
        return output(NOT_RUNNING)
    level = query.level("detail", "extensive", "brief", default="brief")
    information = Element(
        "isis-interface-information", attributes=junos(style=level), module="junos-routing"
    )
    views: dict[str, dict[int, IsisInterfaceView]] = {}
    for view in query.router.isis.interfaces():
        if query.get("interface-name") in (None, view.name):
            views.setdefault(view.name, {})[view.level] = view
    settings = {interface.name: interface for interface in isis.interfaces}
    indices = {view.name: local_index(view) for view in query.router.interfaces.views()}
    heading = {"heading": _TITLE}
    for name, by_level in views.items():
        element = information.add("isis-interface", attributes=heading)
        heading = {}
        if level == "brief":
            _add_brief(element, name, by_level)
        else:
            _add_detail(element, name, by_level, settings.get(name), indices.get(name))
    return information


def _circuit_type(by_level: dict[int, IsisInterfaceView]) -> int:
    return sum(level for level in by_level if level in LEVELS)


def _add_brief(element: Element, name: str, by_level: dict[int, IsisInterfaceView]) -> None:
    first = next(iter(by_level.values()))
    element.add("interface-name", name)
    element.add("circuit-type", 0 if first.passive else _circuit_type(by_level))
    element.add("circuit-id", f"0x{first.circuit_id:x}")
    for level in LEVELS:
        element.add(f"isis-interface-state-{_NUMBERS[level]}", _state(by_level.get(level)))
    for level in LEVELS:
        metric = (by_level.get(level) or first).metric
        element.add(f"metric-{_NUMBERS[level]}", metric)


def _state(view: IsisInterfaceView | None) -> str:
    if view is None:
        return "Disabled"
    if view.passive:
        return "Passive"
    return "Point to Point" if view.point_to_point else "Broadcast"


def _add_detail(
    element: Element,
    name: str,
    by_level: dict[int, IsisInterfaceView],
    settings: IgpInterface | None,
    index: int | None,
) -> None:
    first = next(iter(by_level.values()))
    element.add("interface-name", name)
    element.add_known(interface_index=index)
    element.add("interface-state-value", "0x6")
    element.add("circuit-id", f"0x{first.circuit_id:x}")
    element.add("circuit-type", _circuit_type(by_level))
    element.add("lsp-interval", _LSP_INTERVAL)
    if not first.passive:
        element.add("csnp-interval", _CSNP_INTERVAL)
    element.add("hello-padding", "Loose")
    element.add("max-hello-size", 1492)
    element.add("adjacency-advertisement", "advertise")
    element.add("isis-layer2-map-enabled", "Disabled")
    for level, view in sorted(by_level.items()):
        _add_level(element.add("interface-level-data"), level, view, settings)


def _add_level(
    data: Element, level: int, view: IsisInterfaceView, settings: IgpInterface | None
) -> None:
    data.add("level", level)
    data.add("adjacency-count", view.adjacencies)
    data.add("interface-priority", _PRIORITY)
    data.add("metric", view.metric)
    if view.passive:
        data.add("passive", "Passive")
        return
    hello = (settings.hello_interval if settings else None) or _HELLO
    hold = (settings.hold_time if settings else None) or _HOLD
    data.add("hello-time", f"{hello:.3f}")
    data.add("holdtime", f"{hold:g}")


@prints("isis-interface-information")
def interface_text(information: Element) -> Iterator[str]:
    """A table, or a paragraph per interface."""
    yield _TITLE
    brief = information.attributes.get("junos:style") == "brief"
    if brief:
        yield _HEADING
    for element in information.all("isis-interface"):
        yield from _brief_lines(element) if brief else _detail_lines(element)


def _brief_lines(element: Element) -> Iterator[str]:
    value = element.value
    metrics = f"{value('metric-one')}/{value('metric-two')}"
    yield (
        f"{value('interface-name'):<21} {value('circuit-type'):>1} {value('circuit-id'):>5}"
        f" {value('isis-interface-state-one'):<17} {value('isis-interface-state-two'):<17}"
        f"{metrics:>13}"
    )


def _detail_lines(element: Element) -> Iterator[str]:
    value = element.value
    yield value("interface-name")
    yield (
        f"  Index: {value('interface-index')}, State: {value('interface-state-value')},"
        f" Circuit id: {value('circuit-id')}, Circuit type: {value('circuit-type')}"
    )
    csnp = element.has("csnp-interval")
    interval = f"CSNP interval: {value('csnp-interval')} s" if csnp else "CSNP interval: disabled"
    yield f"  LSP interval: {value('lsp-interval')} ms, {interval}, Loose Hello padding"
    yield f"  Adjacency advertisement: {value('adjacency-advertisement').capitalize()}"
    for data in element.all("interface-level-data"):
        yield (f"  Level {data.value('level')}")
        timers = (
            f"Hello Interval: {data.value('hello-time')} s, Hold Time: {data.value('holdtime')} s"
            if data.has("hello-time")
            else data.value("passive")
        )
        yield (
            f"    Adjacencies: {data.value('adjacency-count')},"
            f" Priority: {data.value('interface-priority')}, Metric: {data.value('metric')}"
        )
        yield f"    {timers}"
