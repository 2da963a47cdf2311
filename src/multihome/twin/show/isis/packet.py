"""What `show isis database extensive` says of an LSP besides its contents: header and TLVs.

Sources: ISO 10589 section 9.9 (header), RFC 1195 section 5.3, RFC 5305, RFC 5301 (TLVs).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.show.holder import named
from multihome.twin.show.isis.running import net_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.addressing import Prefix
    from multihome.twin.show.element import Element
    from multihome.twin.show.registry import Query
    from multihome.twin.views import IsisLspView

_FIXED, _TYPE_AND_LENGTH = 27, 2
"""Octets of the header of an LSP, and of the beginning of a TLV."""
_ADDRESS, _NEIGHBOR, _PREFIX = 4, 11, 5
"""Octets of an address, of a neighbour without sub-TLVs, of a prefix without its own octets."""
_ALLOCATED = 1492
_PACKET_TYPES = {1: 18, 2: 20}


def add_packet(entry: Element, lsp: IsisLspView, query: Query) -> None:
    """The header, the packet and its TLVs."""
    name = lsp.lsp_id.rpartition(".")[0]
    node = named(query, name)
    net = net_of(node) if node else None
    own = next((prefix for prefix, _ in lsp.prefixes if prefix.length == 32), None)
    length = _length(lsp, name, net.area if net else "", own)
    for neighbor in entry.all("isis-neighbor"):
        neighbor.add("isis-two-way-fragment", f"{neighbor.value('is-neighbor-id')}-00")
    header = entry.add("isis-header")
    header.add("lsp-id", lsp.lsp_id)
    header.add("pdu-length", length)
    header.add("allocated-length", _ALLOCATED)
    header.add_known(router_id=own.network if own else None)
    header.add("remaining-lifetime", lsp.lifetime)
    header.add("level", lsp.level)
    header.add("interface-index", 0)
    header.add("estimated-free-bytes", _ALLOCATED - length)
    header.add("actual-free-bytes", _ALLOCATED - length)
    packet = entry.add("isis-packet")
    packet.add("fixed-length", _FIXED)
    packet.add("packet-type", _PACKET_TYPES[lsp.level])
    tlvs = entry.add("isis-tlv")
    tlvs.add_known(
        area_address=f"{net.area} ({_area_octets(net.area)})" if net else None,
        ip_router_id=own.network if own else None,
        ip_address=own.network if own else None,
        hostname=name if node else None,
    )


def _length(lsp: IsisLspView, name: str, area: str, own: Prefix | None) -> int:
    """The octets of the packet."""
    parts = [1 + _area_octets(area), 1, len(name), _NEIGHBOR * len(lsp.neighbors)]
    parts += [_ADDRESS, _ADDRESS] if own else []
    parts.append(sum(_PREFIX + -(-prefix.length // 8) for prefix, _ in lsp.prefixes))
    return _FIXED + sum(_TYPE_AND_LENGTH + part for part in parts if part)


def _area_octets(area: str) -> int:
    return len(area.replace(".", "")) // 2


def packet_lines(entry: Element) -> Iterator[str]:
    """The text of it all, nothing for a level without it."""
    header, packet, tlvs = (entry.first(f"isis-{it}") for it in ("header", "packet", "tlv"))
    if header is None or packet is None or tlvs is None:
        return
    yield ""
    yield from _header_lines(header)
    yield ""
    yield from _packet_lines(entry, header, packet)
    yield ""
    yield from _tlv_lines(entry, tlvs)


def _header_lines(header: Element) -> Iterator[str]:
    value = header.value
    yield f"  Header: LSP ID: {value('lsp-id')}, Length: {value('pdu-length')} bytes"
    router = f", Router ID: {value('router-id')}" if header.has("router-id") else ""
    yield f"    Allocated length: {value('allocated-length')} bytes{router}"
    yield (
        f"    Remaining lifetime: {value('remaining-lifetime')} secs, Level: {value('level')},"
        f" Interface: {value('interface-index')}"
    )
    yield (
        f"    Estimated free bytes: {value('estimated-free-bytes')},"
        f" Actual free bytes: {value('actual-free-bytes')}"
    )
    yield f"    Aging timer expires in: {value('remaining-lifetime')} secs"
    yield "    Protocols: IP"


def _packet_lines(entry: Element, header: Element, packet: Element) -> Iterator[str]:
    value = header.value
    yield (
        f"  Packet: LSP ID: {value('lsp-id')}, Length: {value('pdu-length')} bytes,"
        f" Lifetime : {value('remaining-lifetime')} secs"
    )
    words = entry.value("is-attributes")
    bits = "0x7" if "Overload" in words else "0x3"
    yield (
        f"    Checksum: {entry.value('checksum')}, Sequence: {entry.value('sequence-number')},"
        f" Attributes: {bits} <{words}>"
    )
    yield (
        f"    NLPID: 0x83, Fixed length: {packet.value('fixed-length')} bytes, Version: 1,"
        " Sysid length: 0 bytes"
    )
    yield f"    Packet type: {packet.value('packet-type')}, Packet version: 1, Max area: 0"


def _tlv_lines(entry: Element, tlvs: Element) -> Iterator[str]:
    yield "  TLVs:"
    for leaf, form in (
        ("area-address", "    Area address: {}"),
        ("", "    Speaks: IP"),
        ("ip-router-id", "    IP router id: {}"),
        ("ip-address", "    IP address: {}"),
        ("hostname", "    Hostname: {}"),
    ):
        if not leaf or tlvs.has(leaf):
            yield form.format(tlvs.value(leaf))
    for neighbor in entry.all("isis-neighbor"):
        name, metric = neighbor.value("is-neighbor-id"), neighbor.value("metric")
        yield f"    IS extended neighbor: {name}, Metric: default {metric}"
    for prefix in entry.all("isis-prefix"):
        where, metric = prefix.value("address-prefix"), prefix.value("metric")
        yield f"    IP extended prefix: {where} metric {metric} up"
    yield "  No queued transmissions"
