"""`show bgp group`: the groups, their neighbours and the totals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.junos.model.bgp import DEFAULT_HOLD_TIME
from multihome.twin.show.bgp.peers import (
    ARGUMENTS,
    ESTABLISHED,
    NOT_RUNNING,
    SHUTDOWN_OPTION,
    SHUTDOWN_PREFERENCE,
    THREADED,
    ends,
    groups,
    wanted_peers,
)
from multihome.twin.show.bgp.summary import add_table, table_order
from multihome.twin.show.element import Element, junos
from multihome.twin.show.registry import shows
from multihome.twin.show.words import output

if TYPE_CHECKING:
    from multihome.twin.show.registry import Query
    from multihome.twin.views import BgpPeerView

_WORDS = ("active", "received", "accepted", "suppressed")


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
        if style != "summary":
            group.add_known(peer_as=None if external else first.peer_as, local_as=first.local_as)
        group.add("name", name)
        if style != "summary":
            group.add("group-index", index)
            group.add("group-flags", "Export Eval")
            group.add_known(instance_name=None if instance == "master" else instance)
            _add_options(group, first, shutdown=query.release >= THREADED)
        _add_members(group, members, style)
    information.children.append(_totals(peers, style))
    return information


def _add_options(group: Element, first: BgpPeerView, *, shutdown: bool) -> None:
    """What the configuration says of the group; a hold time of 0 is none configured."""
    options = group.add("bgp-option-information")
    options.add_known(export_policy=" ".join(first.export_policies) or None)
    words = {"Cluster": first.cluster is not None, "Multihop": first.multihop}
    options.add_known(bgp_options=" ".join(word for word, on in words.items() if on) or None)
    if shutdown:
        options.add("bgp-options-extended", SHUTDOWN_OPTION)
    options.add("holdtime", 0 if first.hold_time == DEFAULT_HOLD_TIME else first.hold_time)
    if shutdown:
        options.add("gshut-recv-local-preference", SHUTDOWN_PREFERENCE)


def _add_members(group: Element, members: list[BgpPeerView], style: str) -> None:
    established = sum(peer.state == ESTABLISHED for peer in members)
    group.add("peer-count", len(members))
    group.add("established-count", established)
    if style != "summary":
        for peer in members:
            group.add("peer-address", ends(peer)[0])
    if style == "detail" and established:
        queue = group.add("route-queue")
        queue.add("timer", "unset")
        queue.add("state", "empty")
    words = (*_WORDS, "advertised") if style == "detail" else _WORDS
    for name in sorted({name for peer in members for name in peer.tables}, key=table_order):
        counts = [peer.tables[name] for peer in members if name in peer.tables]
        rib = group.add("bgp-rib", attributes=junos(style=style.replace("brief", "terse")))
        rib.add("name", name)
        for word in words:
            rib.add(f"{word}-prefix-count", sum(getattr(each, word) for each in counts))


def _totals(peers: list[BgpPeerView], style: str) -> Element:
    totals = Element("bgp-information", attributes=junos(style=style))
    totals.add("group-count", len(groups(peers)))
    totals.add("peer-count", len(peers))
    totals.add("external-peer-count", sum(peer.external for peer in peers))
    totals.add("internal-peer-count", sum(not peer.external for peer in peers))
    totals.add("down-peer-count", sum(peer.state != ESTABLISHED for peer in peers))
    totals.add("flap-count", sum(peer.flaps for peer in peers))
    for table in sorted({name for peer in peers for name in peer.tables}, key=table_order):
        add_table(totals, table, peers)
    return totals
