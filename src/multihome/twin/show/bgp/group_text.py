"""The text of `show bgp group`, brief, detail and summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.show.bgp.summary import table_lines
from multihome.twin.show.registry import prints

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.show.element import Element

_WORDS = ("active", "received", "accepted", "suppressed")
_GROUP = "bgp-group"
_HEADING = "Group        Type       Peers     Established    Active/Received/Accepted/Damped"
_COUNTS = (
    ("Active prefixes", "active-prefix-count"),
    ("Received prefixes", "received-prefix-count"),
    ("Accepted prefixes", "accepted-prefix-count"),
    ("Suppressed due to damping", "suppressed-prefix-count"),
    ("Advertised prefixes", "advertised-prefix-count"),
)
_SUMS = (
    ("Received prefixes", "received-prefix-count"),
    ("Accepted prefixes", "accepted-prefix-count"),
    ("Active prefixes", "active-prefix-count"),
    ("Suppressed due to damping", "suppressed-prefix-count"),
    ("Received external prefixes", "total-external-prefix-count"),
    ("Active external prefixes", "active-external-prefix-count"),
    ("Externals suppressed", "suppressed-external-prefix-count"),
    ("Received internal prefixes", "total-internal-prefix-count"),
    ("Active internal prefixes", "active-internal-prefix-count"),
    ("Internals suppressed", "suppressed-internal-prefix-count"),
)


@prints("bgp-group-information")
def group_text(information: Element) -> Iterator[str]:
    """Groups one after another, then the totals."""
    summary = any(group.attributes["junos:style"] == "summary" for group in information.all(_GROUP))
    if summary:
        yield _HEADING
    for group in information.all(_GROUP):
        yield from _summary_lines(group) if summary else _group_lines(group)
    if summary:
        yield ""
    for totals in information.all("bgp-information"):
        yield from _total_lines(totals)


def _at(*parts: tuple[int, str]) -> str:
    """Words at their columns; one that is too long pushes the next one on."""
    line = ""
    for column, word in parts:
        if line:
            line = f"{line:<{column}}" if len(line) < column else f"{line} "
        line += word
    return line


def _group_lines(group: Element) -> Iterator[str]:
    number = f"AS: {group.value('peer-as')}" if group.has("peer-as") else ""
    yield f"Group Type: {group.value('type'):<12}{number:<27}Local AS: {group.value('local-as')}"
    yield _at(
        (0, f"  Name: {group.value('name')}"),
        (24, f"Index: {group.value('group-index')}"),
        (51, f"Flags: <{group.value('group-flags')}>"),
    )
    options = group.first("bgp-option-information")
    if options:
        yield from _option_lines(options)
    yield (
        f"  Total peers: {group.value('peer-count'):<9}"
        f"Established: {group.value('established-count')}"
    )
    yield from (f"  {address}" for address in group.texts("peer-address"))
    detail = group.attributes["junos:style"] == "detail"
    if queue := group.first("route-queue"):
        yield f"  Route Queue Timer: {queue.value('timer')} Route Queue: {queue.value('state')}"
    for rib in group.all("bgp-rib"):
        if detail:
            yield f"  Table {rib.value('name')}"
            yield from _counted(rib, _COUNTS)
        else:
            yield f"  {rib.value('name')}: {_numbers(rib)}"
    yield ""


def _option_lines(options: Element) -> Iterator[str]:
    for leaf, form in (
        ("export-policy", "  Export: [ {} ] "),
        ("bgp-options", "  Options: <{}>"),
        ("bgp-options-extended", "  Options: <{}>"),
        ("holdtime", "  Holdtime: {}"),
        ("gshut-recv-local-preference", "  Graceful Shutdown Receiver local-preference: {}"),
    ):
        if options.has(leaf):
            yield form.format(options.value(leaf))


def _summary_lines(group: Element) -> Iterator[str]:
    yield _at(
        (0, group.value("name")),
        (13, group.value("type")),
        (24, group.value("peer-count")),
        (34, f"{group.value('established-count'):<11}"),
    )
    for rib in group.all("bgp-rib"):
        yield f"  {rib.value('name'):<17}: {_numbers(rib)}"


def _total_lines(totals: Element) -> Iterator[str]:
    yield (
        f"Groups: {totals.value('group-count'):<3}Peers: {totals.value('peer-count'):<5}"
        f"External: {totals.value('external-peer-count'):<5}"
        f"Internal: {totals.value('internal-peer-count'):<5}"
        f"Down peers: {totals.value('down-peer-count'):<4}"
        f"Flaps: {totals.value('flap-count')}"
    )
    style = totals.attributes["junos:style"]
    if style == "brief":
        yield from table_lines(totals)
        return
    for rib in totals.all("bgp-rib"):
        if style == "detail":
            yield f"  Table {rib.value('name')}"
            yield from _counted(rib, _SUMS)
            yield f"    RIB State: {rib.value('bgp-rib-state')}"
        else:
            external, internal = (_parts(rib, kind) for kind in ("external", "internal"))
            yield (
                f"  {rib.value('name'):<17}: {_numbers(rib)}"
                f" External: {external} Internal: {internal}"
            )


def _counted(rib: Element, rows: tuple[tuple[str, str], ...]) -> Iterator[str]:
    for title, leaf in rows:
        yield f"    {f'{title}:':<30}{rib.value(leaf)}"


def _numbers(rib: Element) -> str:
    return "/".join(rib.value(f"{word}-prefix-count") for word in _WORDS)


def _parts(rib: Element, kind: str) -> str:
    words = ("active", "total", "accepted", "suppressed")
    return "/".join(rib.value(f"{word}-{kind}-prefix-count") for word in words)
