"""BGP sessions: `show bgp neighbor` and `show bgp summary`."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING

from multihome.state.listing import Listing
from multihome.state.query import Query
from multihome.state.reply import Reply, Rows, as_number, payload, rows
from multihome.state.request import Request

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.etree import _Element

    from multihome.state.reply import Address

_NEIGHBORS = "get-bgp-neighbor-information"
_SUMMARY = "get-bgp-summary-information"
_FORM = ("bgp-information", "bgp-peer", "bgp-rib", "bgp-group", "bgp-error")
STATES = frozenset({"Idle", "Connect", "Active", "OpenSent", "OpenConfirm", "Established"})


@dataclass(frozen=True, slots=True)
class PrefixCounts:
    """Prefixes of a session in one table; None where the reply does not say."""

    active: int | None
    received: int | None
    accepted: int | None
    suppressed: int | None
    advertised: int | None = None


@dataclass(frozen=True, slots=True)
class Neighbor:
    """One BGP neighbour in full."""

    peer: Address
    state: str
    peer_as: int
    local_as: int | None
    local_address: Address | None
    instance: str | None
    """`master` or a routing instance; None on releases that do not say."""
    group: str | None
    type: str | None
    description: str | None
    peer_id: Address | None
    hold_time: int | None
    """Negotiated, in seconds; None while there is no session."""
    configured_hold_time: int | None
    flaps: int
    last_state: str | None
    last_event: str | None
    last_error: str | None
    last_flap_event: str | None
    options: frozenset[str]
    """Junos's words: `AuthKey`, `Passive`, `PeerAS`, ..."""
    import_policies: tuple[str, ...]
    export_policies: tuple[str, ...]
    families: frozenset[str]
    """Negotiated address families."""
    offered: frozenset[str]
    """Those that the neighbour has; empty while there is no session."""
    bfd: str | None
    tables: Mapping[str, PrefixCounts]

    @property
    def authentication(self) -> bool:
        """Whether the session is signed."""
        return bool(self.options & {"AuthKey", "AuthKeyChain", "AuthAlgorithm"})


@dataclass(frozen=True, slots=True)
class SummaryPeer:
    """One line of the summary."""

    peer: Address
    state: str
    peer_as: int
    flaps: int
    seconds: int | None
    """Since the last change of state."""
    description: str | None
    tables: Mapping[str, PrefixCounts]


def read_neighbors(router: str, element: _Element) -> Rows[Neighbor]:
    """Parse get-bgp-neighbor-information; raises BadReply."""
    return rows(router, _NEIGHBORS, element, _FORM, _neighbors)


def read_summary(router: str, element: _Element) -> Rows[SummaryPeer]:
    """Parse get-bgp-summary-information; raises BadReply."""
    found = rows(router, _SUMMARY, element, _FORM, _summary)
    answer = payload(router, _SUMMARY, element, *_FORM[:1])
    if not found.rows and isinstance(answer, Reply) and answer.number("peer-count"):
        raise answer.bad("peers are counted, but none is listed", "peer-count")
    return found


NEIGHBORS = Query(Request.of(_NEIGHBORS), read_neighbors)
SUMMARY = Query(Request.of(_SUMMARY), read_summary)


def _carried(neighbor: Neighbor) -> tuple[str, ...]:
    """Active/received/accepted prefixes of each table."""
    return tuple(
        f"{name} {'/'.join('-' if count is None else str(count) for count in counts)}"
        for name, each in neighbor.tables.items()
        for counts in [(each.active, each.received, each.accepted)]
    )


NEIGHBOR_LISTING: Listing[Neighbor] = Listing(
    "bgp",
    "BGP neighbours; prefixes as active/received/accepted.",
    {
        "neighbour": lambda each: each.peer,
        "AS": lambda each: each.peer_as,
        "instance": lambda each: each.instance,
        "state": lambda each: each.state,
        "flaps": lambda each: each.flaps,
        "prefixes": _carried,
    },
    (NEIGHBORS,),
)


def _neighbors(reply: Reply) -> Iterator[Neighbor]:
    return (_neighbor(each) for each in reply.each("bgp-peer"))


def _neighbor(reply: Reply) -> Neighbor:
    options = reply.first("bgp-option-information")
    return Neighbor(
        peer=reply.must("peer-address", _bare_address),
        state=reply.word("peer-state", STATES),
        peer_as=reply.must("peer-as", as_number),
        local_as=reply.maybe("local-as", as_number),
        local_address=reply.maybe("local-address", _own_address),
        instance=reply.find("peer-cfg-rti"),
        group=reply.find("peer-group"),
        type=reply.find("peer-type"),
        description=reply.find("description"),
        peer_id=reply.address("peer-id"),
        hold_time=reply.number("active-holdtime"),
        configured_hold_time=options.number("holdtime") if options else None,
        flaps=reply.count("flap-count"),
        last_state=reply.find("last-state"),
        last_event=reply.find("last-event"),
        last_error=reply.find("last-error"),
        last_flap_event=reply.find("last-flap-event"),
        options=_options(options),
        import_policies=_policies(options, "import-policy"),
        export_policies=_policies(options, "export-policy"),
        families=frozenset((reply.find("nlri-type-session") or "").split()),
        offered=frozenset((reply.find("nlri-type-peer") or "").split()),
        bfd=_bfd(reply),
        tables=_tables(reply),
    )


def _bare_address(text: str) -> Address:
    """An address without the port that is there while a session is: `10.0.0.1+179`."""
    return ip_address(text.partition("+")[0])


def _own_address(text: str) -> Address | None:
    """Ours, which is `unspecified` as long as neither configuration nor a session settles it."""
    return None if text == "unspecified" else _bare_address(text)


def _options(reply: Reply | None) -> frozenset[str]:
    if reply is None:
        return frozenset()
    names = ("bgp-options", "bgp-options2", "bgp-options-extended")
    return frozenset(word for name in names for word in (reply.find(name) or "").split())


def _policies(reply: Reply | None, name: str) -> tuple[str, ...]:
    return tuple((reply.find(name) or "").split()) if reply else ()


def _bfd(reply: Reply) -> str | None:
    bfd = reply.first("bgp-bfd")
    return bfd.find("bfd-operational-state") if bfd else None


def _tables(reply: Reply) -> dict[str, PrefixCounts]:
    return {each.text("name"): _counts(each) for each in reply.each("bgp-rib")}


def _counts(reply: Reply) -> PrefixCounts:
    return PrefixCounts(
        active=reply.number("active-prefix-count"),
        received=reply.number("received-prefix-count"),
        accepted=reply.number("accepted-prefix-count"),
        suppressed=reply.number("suppressed-prefix-count"),
        advertised=reply.number("advertised-prefix-count"),
    )


def _summary(reply: Reply) -> Iterator[SummaryPeer]:
    for each in reply.each("bgp-peer"):
        yield SummaryPeer(
            peer=each.must("peer-address", _bare_address),
            state=each.word("peer-state", STATES),
            peer_as=each.must("peer-as", as_number),
            flaps=each.count("flap-count"),
            seconds=each.seconds("elapsed-time"),
            description=each.find("description"),
            tables=_tables(each),
        )
