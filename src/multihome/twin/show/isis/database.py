"""`show isis database`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.show.element import Element, junos
from multihome.twin.show.isis.packet import add_packet, packet_lines
from multihome.twin.show.isis.running import ARGUMENTS, LEVELS, NOT_RUNNING, configured
from multihome.twin.show.registry import prints, shows
from multihome.twin.show.words import output

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.show.registry import Query
    from multihome.twin.views import IsisLspView

_HEADING = "LSP ID                      Sequence Checksum Lifetime Attributes"


@shows(
    "get-isis-database-information",
    "show isis database",
    f"<system-id> brief detail extensive level:level {ARGUMENTS}",
)
def database_information(query: Query) -> Element:
    """The LSPs of each level."""
    if configured(query) is None:
        return output(NOT_RUNNING)
    level = query.level("detail", "extensive", "brief", default="brief")
    information = Element(
        "isis-database-information", attributes=junos(style=level), module="junos-routing"
    )
    wanted = query.get("system-id") or ""
    for number in LEVELS:
        if query.get("level") not in (None, str(number)):
            continue
        database = information.add("isis-database")
        database.add("level", number)
        lsps = [
            lsp
            for lsp in query.router.isis.database()
            if lsp.level == number and lsp.lsp_id.startswith(wanted)
        ]
        for lsp in lsps:
            entry = database.add("isis-database-entry")
            _add_lsp(entry, lsp, detailed=level != "brief")
            if level == "extensive":
                add_packet(entry, lsp, query)
        database.add("lsp-count", len(lsps))
    return information


def _add_lsp(entry: Element, lsp: IsisLspView, *, detailed: bool) -> None:
    entry.add("lsp-id", lsp.lsp_id)
    entry.add("sequence-number", f"0x{lsp.sequence:x}")
    entry.add("checksum", f"0x{lsp.checksum:x}")
    entry.add("remaining-lifetime", lsp.lifetime)
    entry.add("is-attributes", f"L1 L2{' Overload' if lsp.overload else ''}")
    if not detailed:
        return
    for system, metric in lsp.neighbors:
        neighbor = entry.add("isis-neighbor")
        neighbor.add("is-neighbor-id", system)
        neighbor.add("metric", metric)
    for prefix, metric in lsp.prefixes:
        held = entry.add("isis-prefix")
        held.add("protocol-name", "ip")
        held.add("address-prefix", prefix)
        held.add("metric", metric)
        held.add("prefix-flag", "Internal")
        held.add("prefix-status", "Up")


@prints("isis-database-information")
def database_text(information: Element) -> Iterator[str]:
    """A table per level, or a paragraph per LSP."""
    brief = information.attributes.get("junos:style") == "brief"
    for database in information.all("isis-database"):
        yield f"IS-IS level {database.value('level')} link-state database:"
        if brief:
            yield _HEADING
            yield from map(_brief_line, database.all("isis-database-entry"))
            yield f"  {database.value('lsp-count')} LSPs"
        yield ""
        if not brief:
            for entry in database.all("isis-database-entry"):
                yield from _detail_lines(entry)
                yield from packet_lines(entry)
                yield ""


def _brief_line(entry: Element) -> str:
    return (
        f"{entry.value('lsp-id'):<28}{entry.value('sequence-number'):>8}"
        f" {entry.value('checksum'):>8} {entry.value('remaining-lifetime'):>8}"
        f" {entry.value('is-attributes')}"
    )


def _detail_lines(entry: Element) -> Iterator[str]:
    yield (
        f"{entry.value('lsp-id')} Sequence: {entry.value('sequence-number')},"
        f" Checksum: {entry.value('checksum')},"
        f" Lifetime: {entry.value('remaining-lifetime')} secs"
    )
    for neighbor in entry.all("isis-neighbor"):
        yield (
            f"   IS neighbor: {neighbor.value('is-neighbor-id'):<29}"
            f" Metric: {neighbor.value('metric'):>8}"
        )
        if neighbor.has("isis-two-way-fragment"):
            fragment = neighbor.value("isis-two-way-fragment")
            yield f"     Two-way fragment: {fragment}, Two-way first fragment: {fragment}"
    for prefix in entry.all("isis-prefix"):
        yield (
            f"   IP prefix: {prefix.value('address-prefix'):<31}"
            f" Metric: {prefix.value('metric'):>8} {prefix.value('prefix-flag')}"
            f" {prefix.value('prefix-status')}"
        )
