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
INPUT_ERRORS = (
    *("input-errors", "input-drops", "framing-errors", "input-runts", "input-discards"),
    *("input-l3-incompletes", "input-l2-channel-errors", "input-l2-mismatch-timeouts"),
    *("input-fifo-errors", "input-resource-errors"),
)
OUTPUT_ERRORS = (
    *("carrier-transitions", "output-errors", "output-collisions", "output-drops"),
    *("aged-packets", "mtu-errors", "hs-link-crc-errors", "output-fifo-errors"),
    "output-resource-errors",
)
_ETHERNET = tuple(
    f"{side}-{what}"
    for what in ("bytes", "packets", "unicasts", "broadcasts", "multicasts", "crc-errors")
    for side in ("input", "output")
)


def add_rates(element: Element) -> None:
    """What `show interfaces` says of traffic."""
    _add(element, "traffic-statistics", _RATES, "brief")


def add_statistics(element: Element, *, extensive: bool) -> None:
    """What `detail` says, and the errors that `extensive` adds."""
    _add(element, "traffic-statistics", _TRAFFIC, "verbose")
    if extensive:
        _add(element, "input-error-list", INPUT_ERRORS)
        _add(element, "output-error-list", OUTPUT_ERRORS)
        _add(element, "ethernet-mac-statistics", _ETHERNET, "verbose")


def add_unit(element: Element, *, detailed: bool) -> None:
    """The packets of a logical interface."""
    names = _TRAFFIC if detailed else ("input-packets", "output-packets")
    _add(element, "traffic-statistics", names, "verbose" if detailed else "brief")


def _add(element: Element, tag: str, names: Iterable[str], style: str = "") -> None:
    block = element.add(tag, attributes=junos(style=style) if style else None)
    for name in names:
        block.add(name, 0)
