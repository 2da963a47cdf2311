"""The CLI text of `show interfaces` in its longer forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.show.element import Element

_DEVICE = {"ifdf-present": "Present", "ifdf-running": "Running", "ifdf-down": "Down",
           "ifdf-loopback": "Loopback"}  # fmt: skip
_CONFIG = {"iff-up": "Up", "iff-down": "Down", "iff-hardware-down": "Hardware-Down",
           "iff-device-down": "Device-Down", "iff-snmp-traps": "SNMP-Traps"}  # fmt: skip
_ACRONYMS = frozenset({"l2", "l3", "fifo", "hs", "crc", "mtu"})
_FRAMES = (
    ("Total octets", "bytes"),
    ("Total packets", "packets"),
    ("Unicast packets", "unicasts"),
    ("Broadcast packets", "broadcasts"),
    ("Multicast packets", "multicasts"),
    ("CRC/Align errors", "crc-errors"),
)
_FAMILY = {"ifff-is-primary": "Is-Primary", "ifff-sendbcast-pkt-to-re": "Sendbcast-pkt-to-re"}
_ADDRESS = {
    "ifaf-current-default": "Is-Default",
    "ifaf-current-preferred": "Is-Preferred",
    "ifaf-current-primary": "Is-Primary",
}


def full_lines(information: Element) -> Iterator[str]:
    """Ports with their units, or units alone."""
    for element in information.children:
        if element.tag == "physical-interface":
            yield from _physical_lines(element)
            yield ""
            for unit in element.all("logical-interface"):
                yield from (f"  {line}" if line else "" for line in _unit_lines(unit))
                yield ""
        else:
            yield from (f"  {line}" if line else "" for line in _unit_lines(element))
            yield ""


def _physical_lines(port: Element) -> Iterator[str]:
    value = port.value
    admin = port.first("admin-status")
    state = admin.attributes.get("junos:format", "") if admin else ""
    link = value("oper-status").capitalize()
    yield f"Physical interface: {value('name')}, {state}, Physical link is {link}"
    if port.has("local-index"):
        yield f"  Interface index: {value('local-index')}, SNMP ifIndex: {value('snmp-index')}"
    if port.has("description"):
        yield f"  Description: {value('description')}"
    yield from (f"  {line}" for line in (*_media_lines(port), *_flag_lines(port)))
    if port.has("current-physical-address"):
        yield (
            f"  Current address: {value('current-physical-address')},"
            f" Hardware address: {value('hardware-physical-address')}"
        )
    yield from (f"  {line}" for line in (*_since_lines(port), *_traffic_lines(port)))
    for tag, word in (("active-alarms", "Active alarms "), ("active-defects", "Active defects")):
        for alarms in port.all(tag):
            none = alarms.children[0].has("alarm-not-present")
            yield f"  {word} : {'None' if none else 'LINK'}"
    yield from (f"  {line}" for line in _mac_lines(port))
    if port.has("interface-transmit-statistics"):
        yield f"  Interface transmit statistics: {value('interface-transmit-statistics')}"


def _mac_lines(port: Element) -> Iterator[str]:
    for block in port.all("ethernet-mac-statistics"):
        yield f"{'MAC statistics:':<37}Receive         Transmit"
        for words, what in _FRAMES:
            received, sent = (block.value(f"{side}-{what}") for side in ("input", "output"))
            yield f"  {words:<24}{received:>18}{sent:>17}"


def _since_lines(port: Element) -> Iterator[str]:
    if port.has("interface-flapped"):
        yield f"Last flapped   : {port.value('interface-flapped')}"
    if port.has("statistics-cleared"):
        yield f"Statistics last cleared: {port.value('statistics-cleared')}"


def _media_lines(port: Element) -> Iterator[str]:
    value = port.value
    if port.has("if-type"):
        yield f"Type: {value('if-type')}, MTU: {value('mtu')}"
        return
    mode = f"{value('sonet-mode')} mode, " if port.has("sonet-mode") else ""
    mru = f", MRU: {value('mru')}" if port.has("mru") else ""
    errors = ""
    if port.has("bpdu-error"):
        errors = (
            f", BPDU Error: {value('bpdu-error').capitalize()},"
            f" MAC-REWRITE Error: {value('l2pt-error').capitalize()}"
        )
    yield (
        f"Link-level type: {value('link-level-type')}, MTU: {value('mtu')}{mru},"
        f" {mode}Speed: {value('speed')}{errors},"
        f" Loopback: {value('loopback').capitalize()},"
        f" Source filtering: {value('source-filtering').capitalize()},"
        f" Flow control: {value('if-flow-control').capitalize()}"
    )
    if port.has("pad-to-minimum-frame-size"):
        yield f"Pad to minimum frame size: {value('pad-to-minimum-frame-size')}"


def _flag_lines(port: Element) -> Iterator[str]:
    yield f"Device flags   : {_flags(port.first('if-device-flags'), _DEVICE)}"
    internal = port.value("if-config-flags/internal-flags")
    yield (
        f"Interface flags: {_flags(port.first('if-config-flags'), _CONFIG)} Internal: {internal}"
    )
    yield "Link flags     : None"
    queues = port.first("physical-interface-cos-information")
    if queues is not None:
        supported, usable = (child.text for child in queues.children)
        yield f"CoS queues     : {supported} supported, {usable} maximum usable queues"
    if port.has("up-hold-time"):
        times = port.value("up-hold-time"), port.value("down-hold-time")
        yield "Hold-times     : Up {} ms, Down {} ms".format(*times)


def _flags(element: Element | None, words: dict[str, str]) -> str:
    children = element.children if element is not None else []
    return " ".join(words[child.tag] for child in children if child.tag in words) or "None"


def _traffic_lines(port: Element) -> Iterator[str]:
    traffic = port.first("traffic-statistics")
    if traffic is None:
        return
    value = traffic.value
    if not traffic.has("input-bytes"):
        yield f"Input rate     : {value('input-bps')} bps ({value('input-pps')} pps)"
        yield f"Output rate    : {value('output-bps')} bps ({value('output-pps')} pps)"
        if port.has("input-error-count"):
            yield (
                f"Input errors: {port.value('input-error-count')},"
                f" Output errors: {port.value('output-error-count')}"
            )
        return
    yield "Traffic statistics:"
    yield from _counter_lines(traffic)
    for tag, title in (
        ("input-error-list", "Input errors"),
        ("output-error-list", "Output errors"),
    ):
        for errors in port.all(tag):
            yield f"{title}:"
            yield "  " + ", ".join(f"{_title(c.tag)}: {c.text}" for c in errors.children)


def _counter_lines(traffic: Element) -> Iterator[str]:
    """Bytes and packets both ways, with the rates if there are any."""
    for word, name, unit in (("bytes  ", "bytes", "bps"), ("packets", "packets", "pps")):
        for side in ("input", "output"):
            rate = traffic.value(f"{side}-{unit}")
            shown = f" {rate:>20} {unit}" if rate else ""
            yield f" {side.capitalize():<6} {word}: {traffic.value(f'{side}-{name}'):>20}{shown}"


def _title(tag: str) -> str:
    """`input-l3-incompletes` is `L3 incompletes`, `hs-link-crc-errors` `HS link CRC errors`."""
    words = tag.removeprefix("input-").removeprefix("output-").split("-")
    text = " ".join(word.upper() if word in _ACRONYMS else word for word in words)
    return "Policed discards" if text == "discards" else text[0].upper() + text[1:]


def _unit_lines(unit: Element) -> Iterator[str]:
    value = unit.value
    index = ""
    if unit.has("local-index"):
        index = f"(Index {value('local-index')}) (SNMP ifIndex {value('snmp-index')})"
    yield f"Logical interface {value('name')} {index}"
    if unit.has("description"):
        yield f"  Description: {value('description')}"
    link = unit.first("link-address")
    tag = f" {link.attributes['junos:format']}" if link else ""
    yield (
        f"  Flags: {_flags(unit.first('if-config-flags'), _CONFIG)}"
        f" {value('if-config-flags/internal-flags')}{tag} Encapsulation: {value('encapsulation')}"
    )
    yield from (f"  {line}" for line in _unit_traffic_lines(unit))
    for family in unit.all("address-family"):
        lines = _family_lines(family) if family.has("mtu") else _brief_family_lines(family)
        yield from (f"  {line}" for line in lines)


def _unit_traffic_lines(unit: Element) -> Iterator[str]:
    traffic = unit.first("traffic-statistics")
    if traffic is None:
        return
    if not traffic.has("input-bytes"):
        yield f"Input packets : {traffic.value('input-packets')} "
        yield f"Output packets: {traffic.value('output-packets')}"
        return
    for title in ("Traffic", "Local", "Transit"):
        tag = "traffic-statistics" if title == "Traffic" else f"{title.lower()}-traffic-statistics"
        for block in unit.all(tag):
            yield f"{title} statistics:"
            yield from _counter_lines(block)


def _brief_family_lines(family: Element) -> Iterator[str]:
    """The addresses behind and below the name of the family."""
    name = family.value("address-family-name")
    addresses = [each.value("ifa-local") for each in family.all("interface-address")] or [""]
    for address in addresses:
        yield f"{name:<5} {address:<16}"
        name = ""


def _family_lines(family: Element) -> Iterator[str]:
    labels = family.value("maximum-labels")
    suffix = f", Maximum labels: {labels}" if labels else ""
    yield (f"Protocol {family.value('address-family-name')}, MTU: {family.value('mtu')}{suffix}")
    yield f"  Flags: {_flags(family.first('address-family-flags'), _FAMILY)}"
    for address in family.all("interface-address"):
        yield f"  Addresses, Flags: {_flags(address.first('ifa-flags'), _ADDRESS)}"
        words = [
            f"{word}: {address.value(tag)}"
            for tag, word in (
                ("ifa-destination", "Destination"),
                ("ifa-local", "Local"),
                ("ifa-broadcast", "Broadcast"),
            )
            if address.has(tag)
        ]
        yield f"    {', '.join(words)}"
