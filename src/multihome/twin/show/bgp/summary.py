"""`show bgp summary`: a line per neighbour and per table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.show.ages import column_age, short_age
from multihome.twin.show.bgp.peers import (
    ARGUMENTS,
    EBGP_MODES,
    ESTABLISHED,
    NOT_RUNNING,
    THREADED,
    groups,
    wanted_peers,
)
from multihome.twin.show.element import Element, junos
from multihome.twin.show.registry import shows
from multihome.twin.show.words import output

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from multihome.twin.show.registry import Query
    from multihome.twin.views import BgpPeerView, RibCounts

_HEADING = (
    "Peer                     AS      InPkt     OutPkt    OutQ   Flaps Last Up/Dwn"
    " State|#Active/Received/Accepted/Damped..."
)
_TABLES = "Table          Tot Paths  Act Paths Suppressed    History Damp State    Pending"
RESTARTED, VPN_RESTARTED = "BGP restart is complete", "VPN restart is complete"


@shows("get-bgp-summary-information", "show bgp summary", f"group:group {ARGUMENTS}")
def summary_information(query: Query) -> Element:
    """Totals, every table that BGP feeds, every neighbour."""
    peers = wanted_peers(query)
    if peers is None:
        return output(NOT_RUNNING)
    information = Element("bgp-information", module="junos-routing")
    if query.release >= THREADED:
        information.add("bgp-thread-mode", "BGP I/O")
        information.add("thread-state")
    if query.release >= EBGP_MODES:
        information.add("default-ebgp-advertise-mode", "accept")
        information.add("default-ebgp-receive-mode", "accept")
    information.add("group-count", len(groups(peers)))
    information.add("peer-count", len(peers))
    information.add("down-peer-count", sum(peer.state != ESTABLISHED for peer in peers))
    for name in _tables(peers, instances=query.has("instance") or query.has("exact-instance")):
        add_table(information, name, peers)
    heading = {"heading": _HEADING}
    for peer in peers:
        _add_peer(information, peer, query, heading)
        heading = {}
    return information


def _tables(peers: Iterable[BgpPeerView], *, instances: bool) -> list[str]:
    """The tables with totals: those of instances only if an instance was asked for."""
    names = {name for peer in peers for name in peer.tables}
    main = {name for name in names if name.startswith(("inet.", "bgp."))}
    return sorted(names if instances else main, key=table_order)


def table_order(name: str) -> tuple[int, str]:
    """The position of a table: inet.0, the main VPN tables, those of instances."""
    return (0 if name == "inet.0" else 1 if name.startswith("bgp.") else 2), name


def add_table(information: Element, name: str, peers: Iterable[BgpPeerView]) -> None:
    """One `bgp-rib` of style brief: the sums over the neighbours, external and internal."""
    counts = [(peer.external, peer.tables[name]) for peer in peers if name in peer.tables]
    both = [each for _, each in counts]
    rib = information.add("bgp-rib", attributes=junos(style="brief"))
    rib.add("name", name)
    rib.add("total-prefix-count", _sum(both, "received"))
    for word in ("received", "accepted", "active", "suppressed"):
        rib.add(f"{word}-prefix-count", _sum(both, word))
    rib.add("history-prefix-count", 0)
    rib.add("damped-prefix-count", 0)
    for kind, external in (("external", True), ("internal", False)):
        part = [each for side, each in counts if side is external]
        rib.add(f"total-{kind}-prefix-count", _sum(part, "received"))
        for word in ("active", "accepted", "suppressed"):
            rib.add(f"{word}-{kind}-prefix-count", _sum(part, word))
    rib.add("pending-prefix-count", 0)
    rib.add("bgp-rib-state", RESTARTED)
    if name != "inet.0":
        rib.add("vpn-rib-state", VPN_RESTARTED)


def _sum(counts: Iterable[RibCounts], word: str) -> int:
    return sum(getattr(each, word) for each in counts)


def _add_peer(
    information: Element, peer: BgpPeerView, query: Query, heading: dict[str, str]
) -> None:
    threaded = query.release >= THREADED
    seconds = max(int(query.now - peer.since), 0)
    age = short_age(seconds) if threaded else column_age(seconds)
    element = information.add("bgp-peer", attributes={**junos(style="terse"), **heading})
    element.add("peer-address", peer.address)
    element.add("peer-as", peer.peer_as)
    element.add("input-messages", peer.input_messages)
    element.add("output-messages", peer.output_messages)
    element.add("route-queue-count", 0)
    element.add("flap-count", peer.flaps)
    element.add("elapsed-time", age, junos(seconds=seconds))
    element.add_known(description=peer.description or None)
    if peer.state != ESTABLISHED:
        element.add("peer-state", peer.state)
        return
    element.add("peer-state", peer.state, junos(format=_state(peer, threaded=threaded)))
    for name, counts in sorted(peer.tables.items(), key=lambda item: table_order(item[0])):
        rib = element.add("bgp-rib", attributes=junos(style="terse"))
        rib.add("name", name)
        for word in ("active", "received", "accepted", "suppressed"):
            rib.add(f"{word}-prefix-count", getattr(counts, word))


def _state(peer: BgpPeerView, *, threaded: bool) -> str:
    """`Establ` and a line per table; before 19.1 on one line if it feeds inet.0 alone."""
    if threaded or set(peer.tables) != {"inet.0"}:
        return "Establ"
    return f"{_numbers(peer.tables['inet.0']):<20} 0/0/0/0"


def _numbers(counts: RibCounts) -> str:
    return f"{counts.active}/{counts.received}/{counts.accepted}/{counts.suppressed}"


def table_lines(information: Element) -> Iterator[str]:
    """The block of totals per table."""
    if information.has("bgp-rib"):
        yield _TABLES
    for rib in information.all("bgp-rib"):
        yield f"{rib.value('name'):<21}"
        yield f"{rib.value('total-prefix-count'):>24}" + "".join(
            f"{rib.value(f'{word}-prefix-count'):>11}"
            for word in ("active", "suppressed", "history", "damped", "pending")
        )


def summary_lines(information: Element) -> Iterator[str]:
    """The text of `show bgp summary`."""
    value = information.value
    if information.has("bgp-thread-mode"):
        yield f"Threading mode: {value('bgp-thread-mode')}"
    if information.has("default-ebgp-advertise-mode"):
        yield (
            f"Default eBGP mode: advertise - {value('default-ebgp-advertise-mode')},"
            f" receive - {value('default-ebgp-receive-mode')}"
        )
    yield (
        f"Groups: {information.value('group-count')} Peers: {information.value('peer-count')}"
        f" Down peers: {information.value('down-peer-count')}"
    )
    yield from table_lines(information)
    yield _HEADING
    for peer in information.all("bgp-peer"):
        yield from _peer_lines(peer)


def _peer_lines(peer: Element) -> Iterator[str]:
    state = peer.first("peer-state")
    shown = state.attributes.get("junos:format", state.text) if state else ""
    yield (
        f"{peer.value('peer-address'):<16}{peer.value('peer-as'):>11}"
        f"{peer.value('input-messages'):>11}{peer.value('output-messages'):>11}"
        f"{peer.value('route-queue-count'):>8}{peer.value('flap-count'):>8}"
        f" {peer.value('elapsed-time'):>11} {shown}"
    )
    if shown == "Establ":
        for rib in peer.all("bgp-rib"):
            numbers = "/".join(
                rib.value(f"{word}-prefix-count")
                for word in ("active", "received", "accepted", "suppressed")
            )
            yield f"  {rib.value('name')}: {numbers}"
