"""The counters of an interface; the twin moves no traffic, so none of them ever counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.show.element import Element, junos

if TYPE_CHECKING:
    from collections.abc import Iterable

_RATES = ("input-bps", "input-pps", "output-bps", "output-pps")
_TRAFFIC = (
    *("input-bytes", "input-bps", "output-bytes", "output-bps"),
    *("input-packets", "input-pps", "output-packets", "output-pps"),
)
_UNIT = ("input-bytes", "output-bytes", "input-packets", "output-packets")
INPUT_ERRORS = (
    *("input-errors", "input-drops", "framing-errors", "input-runts", "input-discards"),
    *("input-l3-incompletes", "input-l2-channel-errors", "input-l2-mismatch-timeouts"),
    *("input-fifo-errors", "input-resource-errors"),
)
OUTPUT_ERRORS = (
    *("carrier-transitions", "output-errors", "output-drops", "output-collisions"),
    *("aged-packets", "output-fifo-errors", "hs-link-crc-errors", "mtu-errors"),
    "output-resource-errors",
)
_ETHERNET = tuple(
    f"{side}-{what}"
    for what in ("bytes", "packets", "unicasts", "broadcasts", "multicasts", "crc-errors")
    for side in ("input", "output")
)


def add_port(element: Element, level: str) -> None:
    """The counters of a physical interface at a level of detail."""
    if level != "normal":
        element.add("statistics-cleared", "Never")
    if level in ("normal", "statistics"):
        _add(element, "traffic-statistics", _RATES, "brief")
        if level == "statistics":
            element.add("input-error-count", 0)
            element.add("output-error-count", 0)
        return
    _add(element, "traffic-statistics", _TRAFFIC, "verbose")
    if level == "extensive":
        _add(element, "input-error-list", INPUT_ERRORS)
        _add(element, "output-error-list", OUTPUT_ERRORS)
        _add(element, "ethernet-mac-statistics", _ETHERNET, "verbose")


def add_unit(element: Element, *, detailed: bool) -> None:
    """The packets of a logical interface; in detail those of the router itself apart."""
    if not detailed:
        _add(element, "traffic-statistics", ("input-packets", "output-packets"), "brief")
        return
    _add(element, "traffic-statistics", _UNIT, "verbose")
    _add(element, "local-traffic-statistics", _UNIT)
    _add(element, "transit-traffic-statistics", _TRAFFIC)


def _add(element: Element, tag: str, names: Iterable[str], style: str = "") -> None:
    block = element.add(tag, attributes=junos(style=style) if style else None)
    for name in names:
        block.add(name, 0)
