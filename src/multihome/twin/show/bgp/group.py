"""`show bgp group`: the groups, their neighbours and the totals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.show.bgp.peers import (
    ARGUMENTS,
    ESTABLISHED,
    NOT_RUNNING,
    ends,
    groups,
    wanted_peers,
)
from multihome.twin.show.bgp.summary import add_table, table_lines, table_order
from multihome.twin.show.element import Element, junos
from multihome.twin.show.registry import prints, shows
from multihome.twin.show.words import output

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.show.registry import Query
    from multihome.twin.views import BgpPeerView


@shows(
    "get-bgp-group-information",
    "show bgp group",
    f"<group-name> brief detail summary {ARGUMENTS}",
)
def group_information(query: Query) -> Element:
    """Every group with its neighbours, then the totals as a `bgp-information` of their own."""
    peers = wanted_peers(query)
    if peers is None:
        return output(NOT_RUNNING)
    style = query.level("detail", "summary", "brief", default="brief")
    information = Element("bgp-group-information", module="junos-routing")
    for index, ((instance, name, external), members) in enumerate(groups(peers).items()):
        group = information.add("bgp-group", attributes=junos(style=style))
        first = members[0]
        group.add("type", "External" if external else "Internal")
        if not external:
            group.add("peer-as", first.peer_as)
        group.add("local-as", first.local_as)
        group.add("name", name)
        group.add("group-index", index)
        group.add("group-flags", "Export Eval")
        if instance != "master":
            group.add("instance-name", instance)
        _add_members(group, members)
    totals = Element("bgp-information")
    totals.add("group-count", len(groups(peers)))
    totals.add("peer-count", len(peers))
    totals.add("external-peer-count", sum(peer.external for peer in peers))
    totals.add("internal-peer-count", sum(not peer.external for peer in peers))
    totals.add("down-peer-count", sum(peer.state != ESTABLISHED for peer in peers))
    totals.add("flap-count", sum(peer.flaps for peer in peers))
    for table in sorted({name for peer in peers for name in peer.tables}, key=table_order):
        add_table(totals, table, peers)
    information.children.append(totals)
    return information


def _add_members(group: Element, members: list[BgpPeerView]) -> None:
    first = members[0]
    if first.export_policies:
        options = group.add("bgp-option-information")
        options.add("export-policy", " ".join(first.export_policies))
    group.add("peer-count", len(members))
    group.add("established-count", sum(peer.state == ESTABLISHED for peer in members))
    for peer in members:
        group.add("peer-address", ends(peer)[0])
    for name in sorted({name for peer in members for name in peer.tables}, key=table_order):
        counts = [peer.tables[name] for peer in members if name in peer.tables]
        rib = group.add("bgp-rib", attributes=junos(style="terse"))
        rib.add("name", name)
        for word in ("active", "received", "accepted", "suppressed"):
            rib.add(f"{word}-prefix-count", sum(getattr(each, word) for each in counts))


@prints("bgp-group-information")
def group_text(information: Element) -> Iterator[str]:
    """Groups one after another, then the totals."""
    for group in information.all("bgp-group"):
        number = f"AS: {group.value('peer-as')}" if group.has("peer-as") else ""
        yield (
            f"Group Type: {group.value('type'):<12}{number:<27}Local AS: {group.value('local-as')}"
        )
        yield (
            f"  Name: {group.value('name'):<15} Index: {group.value('group-index'):<20}"
            f" Flags: <{group.value('group-flags')}>"
        )
        policy = group.value("bgp-option-information/export-policy")
        if policy:
            yield f"  Export: [ {policy} ] "
        yield (
            f"  Total peers: {group.value('peer-count'):<9}"
            f"Established: {group.value('established-count')}"
        )
        yield from (f"  {address}" for address in group.texts("peer-address"))
        for rib in group.all("bgp-rib"):
            words = ("active", "received", "accepted", "suppressed")
            numbers = "/".join(rib.value(f"{word}-prefix-count") for word in words)
            yield f"  {rib.value('name')}: {numbers}"
        yield ""
    for totals in information.all("bgp-information"):
        yield (
            f"Groups: {totals.value('group-count')}  Peers: {totals.value('peer-count'):<6}"
            f" External: {totals.value('external-peer-count'):<4}"
            f" Internal: {totals.value('internal-peer-count'):<4}"
            f" Down peers: {totals.value('down-peer-count'):<3}"
            f" Flaps: {totals.value('flap-count')}"
        )
        yield from table_lines(totals)
