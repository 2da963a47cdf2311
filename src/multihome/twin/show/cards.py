"""`show chassis fpc`: the cards that hold ports in use, in good health."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.show.element import Element, junos
from multihome.twin.show.inventory import ports
from multihome.twin.show.registry import prints, shows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.show.registry import Query

_CELSIUS = 38
_LOADS = ("cpu-total", "cpu-interrupt", "cpu-1min-avg", "cpu-5min-avg", "cpu-15min-avg")


@shows("get-fpc-information", "show chassis fpc", "<slot> detail")
def fpc_information(query: Query) -> Element:
    """The cards that hold the ports in use; nothing of their load is modelled."""
    information = Element(
        "fpc-information", attributes=junos(style="brief"), module="junos-chassis"
    )
    for slot in sorted({port.slot for port in ports(query)}):
        if query.get("slot") in (None, str(slot)):
            card = information.add("fpc")
            card.add("slot", slot)
            card.add("state", "Online")
            card.add("temperature", _CELSIUS, junos(celsius=_CELSIUS))
            for name in _LOADS:
                card.add(name, 0)
            card.add("memory-dram-size", 2048)
            card.add("memory-heap-utilization", 12)
            card.add("memory-buffer-utilization", 24)
    return information


@prints("fpc-information")
def fpc_text(information: Element) -> Iterator[str]:
    """A line per card."""
    yield f"{'':21}Temp  CPU Utilization (%)   CPU Utilization (%)  Memory    Utilization (%)"
    yield (
        "Slot State            (C)  Total  Interrupt      1min   5min   15min"
        "  DRAM (MB) Heap     Buffer"
    )
    for card in information.all("fpc"):
        value = card.value
        yield (
            f"{value('slot'):>3}  {value('state'):<16}{value('temperature'):>4}"
            f"{value('cpu-total'):>7}{value('cpu-interrupt'):>11}{value('cpu-1min-avg'):>10}"
            f"{value('cpu-5min-avg'):>7}{value('cpu-15min-avg'):>8}{value('memory-dram-size'):>9}"
            f"{value('memory-heap-utilization'):>10}{value('memory-buffer-utilization'):>11}"
        )
