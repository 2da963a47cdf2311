"""`show chassis fpc`: the cards that hold ports in use, in good health."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.show.ages import long_uptime, timestamp
from multihome.twin.show.chassis.inventory import CARD, card_of, cards
from multihome.twin.show.element import Element, junos
from multihome.twin.show.registry import prints, shows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.show.chassis.inventory import Port
    from multihome.twin.show.registry import Query

_CELSIUS, _FAHRENHEIT, _DRAM = 38, 100, 2048
_LOADS = ("cpu-total", "cpu-interrupt", "cpu-1min-avg", "cpu-5min-avg", "cpu-15min-avg")


@shows("get-fpc-information", "show chassis fpc", "<slot> detail")
def fpc_information(query: Query) -> Element:
    """The cards that hold the ports in use; nothing of their load is modelled."""
    style = "detail" if query.has("detail") else "brief"
    information = Element("fpc-information", attributes=junos(style=style), module="junos-chassis")
    for slot in cards(query):
        if query.get("slot") in (None, str(slot)):
            card = information.add("fpc")
            card.add("slot", slot)
            card.add("state", "Online")
            if style == "brief":
                _add_loads(card)
            else:
                _add_detail(card, query)
    return information


def _add_loads(card: Element) -> None:
    card.add("temperature", _CELSIUS, junos(celsius=_CELSIUS))
    for name in _LOADS:
        card.add(name, 0)
    card.add("memory-dram-size", _DRAM)
    card.add("memory-heap-utilization", 12)
    card.add("memory-buffer-utilization", 24)


def _add_detail(card: Element, query: Query) -> None:
    """Cards start with the chassis."""
    device = query.device
    age = int((device.now() - device.started).total_seconds())
    degrees = f"{_CELSIUS} degrees C / {_FAHRENHEIT} degrees F"
    card.add("temperature", degrees, junos(celsius=_CELSIUS))
    card.add("memory-dram-size", _DRAM)
    card.add(
        "start-time", timestamp(device.started), junos(seconds=int(device.started.timestamp()))
    )
    card.add("up-time", long_uptime(age), junos(seconds=age))


@shows("get-pic-information", "show chassis fpc pic-status", "<slot>")
def pic_status(query: Query) -> Element:
    """The PICs of every card."""
    information = Element(
        "fpc-information", attributes=junos(style="pic-style"), module="junos-chassis"
    )
    for slot, pics in cards(query).items():
        if query.get("slot") in (None, str(slot)):
            card = information.add("fpc")
            card.add("slot", slot)
            card.add("state", "Online")
            card.add("description", CARD)
            for number, found in pics.items():
                _add_pic(card.add("pic"), number, found)
    return information


def _add_pic(pic: Element, number: int, found: list[Port]) -> None:
    pic.add("pic-slot", number)
    pic.add("pic-state", "Online")
    pic.add("pic-type", card_of(found))


@prints("fpc-information")
def fpc_text(information: Element) -> Iterator[str]:
    """A line per card, a paragraph, or a line per PIC."""
    style = information.attributes.get("junos:style")
    layouts = {"detail": _detail_lines, "pic-style": _pic_lines}
    return layouts.get(style or "", _brief_lines)(information)


def _brief_lines(information: Element) -> Iterator[str]:
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


def _detail_lines(information: Element) -> Iterator[str]:
    for card in information.all("fpc"):
        value = card.value
        yield f"Slot {value('slot')} information:"
        for word, text in (
            ("State", f"{value('state'):<10}"),
            ("Temperature", value("temperature")),
            ("Total CPU DRAM", f"{value('memory-dram-size')} MB"),
            ("Start time", value("start-time")),
            ("Uptime", value("up-time")),
        ):
            yield f"  {word:<35} {text}"


def _pic_lines(information: Element) -> Iterator[str]:
    for card in information.all("fpc"):
        value = card.value
        yield f"Slot {value('slot'):<4}{value('state'):<13}{value('description'):<46}"
        for pic in card.all("pic"):
            yield (
                f"  PIC {pic.value('pic-slot'):<3}{pic.value('pic-state'):<13}"
                f"{pic.value('pic-type')}"
            )
