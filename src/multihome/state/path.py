"""One path of a route: the `rt-entry` of `show route`, brief, detail, terse or of a BGP neighbour.

Brief says `learned-from` and `med`; detail says `gateway` and `metric` and puts the originator
and the cluster list into the text of the AS path.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING

from multihome.state.reply import as_number

if TYPE_CHECKING:
    from multihome.state.reply import Address, Reply

_TAGS = frozenset({"*", "+", "-", "@", "#"})
_IN_USE = frozenset({"*", "+", "@"})
_TO_ORIGIN = re.compile(
    r"\s*(?:AS path:)?\s*(?:Merged\[\d+\]:\s*)?(?P<path>[\d.\[\](){}, ]*[IE?])(?=\s|$)"
)
_AS_PATH = re.compile(
    r"(?:AS path:)?\s*(?P<path>.*?)\s*"
    r"(?:\((?:Originator|Atomic|Looped)|Aggregator:|Cluster list:|Originator ID:|$)",
    re.MULTILINE,
)
_ORIGINATOR = re.compile(r"Originator ID:\s*(\S+)")
_CLUSTERS = re.compile(r"Cluster list:\s*([\da-fA-F.: ]+?)\s*(?:Originator|$)", re.MULTILINE)
_LABEL = re.compile(r"\b(?:Push|Swap)\s+(\d+)")


@dataclass(frozen=True, slots=True)
class LabelAction:
    """What is done with labels: `Push 16, Push 300144(top)`."""

    text: str

    @property
    def action(self) -> str:
        """The first word: `Push`, `Swap` or `Pop`."""
        return self.text.split()[0]

    @property
    def labels(self) -> tuple[int, ...]:
        """The labels put on, bottom of the stack first."""
        return tuple(int(label) for label in _LABEL.findall(self.text))


@dataclass(frozen=True, slots=True)
class NextHop:
    """One way out."""

    to: Address | None
    via: str | None
    selected: bool
    labels: LabelAction | None = None
    lsp: str | None = None


@dataclass(frozen=True, slots=True)
class RoutePath:
    """One path; what the level of detail does not show is None or empty."""

    active: bool
    protocol: str | None
    """None where only one protocol is shown: routes of a BGP neighbour."""
    preference: int | None
    age: int | None
    """Seconds."""
    metric: int | None
    med: int | None
    local_preference: int | None
    as_path: str | None
    """With the origin letter, without what Junos prints around it: `65500 I`."""
    learned_from: Address | None
    next_hop_type: str | None
    next_hops: tuple[NextHop, ...]
    protocol_next_hops: tuple[Address, ...] = ()
    state: frozenset[str] = frozenset()
    """Words such as `Active`, `Secondary`, `Hidden`, `Int`, `Ext`."""
    inactive_reason: str | None = None
    hidden_reason: str | None = None
    communities: frozenset[str] = frozenset()
    originator: Address | None = None
    cluster_list: tuple[Address, ...] = ()
    rd: str | None = None
    vpn_label: int | None = None
    peer_as: int | None = None
    peer_id: Address | None = None
    primary_table: str | None = None
    flags: str = ""
    """`Accepted`, `Import Accepted`, ..."""

    @property
    def used(self) -> tuple[NextHop, ...]:
        """The next hops that packets take: the selected ones, or all if none is marked."""
        return tuple(hop for hop in self.next_hops if hop.selected) or self.next_hops

    @property
    def hidden(self) -> bool:
        """Whether the router keeps the path out of selection."""
        return "Hidden" in self.state or self.hidden_reason is not None


def read_path(reply: Reply) -> RoutePath:
    """Parse one `rt-entry`; raises BadReply."""
    tag = reply.find("active-tag") or ""
    if tag and tag not in _TAGS:
        raise reply.bad(f"unknown value {tag!r}", "active-tag")
    protocol = reply.find("protocol-name")
    metric, med = reply.number("metric"), reply.number("med")
    is_bgp = protocol in (None, "BGP")
    text = reply.find("as-path") or ""
    return RoutePath(
        active=tag in _IN_USE,
        protocol=protocol,
        preference=reply.number("preference"),
        age=reply.seconds("age"),
        metric=None if is_bgp else metric,
        med=(metric if med is None else med) if is_bgp else None,
        local_preference=reply.number("local-preference"),
        as_path=_as_path(reply, text),
        learned_from=reply.address("learned-from") or reply.address("gateway"),
        next_hop_type=(reply.texts("nh-type") or (None,))[-1],
        next_hops=tuple(_next_hop(each) for each in reply.each("nh")),
        protocol_next_hops=_protocol_next_hops(reply),
        state=frozenset((reply.find("rt-entry-state") or "").strip("<>").split()),
        inactive_reason=reply.find("inactive-reason"),
        hidden_reason=reply.find("hidden-reason"),
        communities=_communities(reply),
        originator=_originator(reply, text),
        cluster_list=_clusters(reply, text),
        rd=reply.find("route-distinguisher"),
        vpn_label=_vpn_label(reply),
        peer_as=reply.maybe("peer-as", as_number),
        peer_id=reply.address("peer-id"),
        primary_table=reply.find("rtrib-primary"),
        flags=" ".join(reply.texts("bgp-rt-flag")),
    )


def _next_hop(reply: Reply) -> NextHop:
    to = reply.find("to")
    label = reply.find("mpls-label")
    via = reply.find("via") or reply.find("nh-local-interface")
    return NextHop(
        to=None if to in (None, "Self") else reply.address("to"),
        via=via.split()[0] if via else None,
        selected=reply.has("selected-next-hop"),
        labels=LabelAction(" ".join(label.split())) if label else None,
        lsp=reply.find("lsp-name"),
    )


def _as_path(reply: Reply, text: str) -> str | None:
    attributes = reply.first("bgp-path-attributes")
    effective = attributes.first("attr-as-path-effective") if attributes else None
    if effective and (clean := effective.find("attr-value")):
        return clean
    return clean_as_path(text) or None


def clean_as_path(text: str) -> str:
    """An AS path without what Junos prints around it; empty if there is none."""
    found = _TO_ORIGIN.match(text) or _AS_PATH.match(text)
    return found["path"] if found else ""


def _protocol_next_hops(reply: Reply) -> tuple[Address, ...]:
    found = (each.address("to") for each in reply.each("protocol-nh"))
    return tuple(address for address in found if address)


def _communities(reply: Reply) -> frozenset[str]:
    """Plain, extended and large ones alike."""
    each = reply.first("communities")
    if each is None:
        return frozenset()
    return frozenset(text for leaf in each.element for text in [(leaf.text or "").strip()] if text)


def _originator(reply: Reply, text: str) -> Address | None:
    for name in ("originator", "originator-id"):
        if found := reply.address(name):
            return found
    found_in_text = _ORIGINATOR.search(text)
    return _address(reply, found_in_text[1]) if found_in_text else None


def _clusters(reply: Reply, text: str) -> tuple[Address, ...]:
    leaves = (*reply.texts("cluster-id"), *reply.texts("cluster-list"))
    found = _CLUSTERS.search(text)
    words = " ".join(leaves) or (found[1] if found else "")
    return tuple(_address(reply, word) for word in words.split())


def _address(reply: Reply, text: str) -> Address:
    try:
        return ip_address(text)
    except ValueError as error:
        raise reply.bad(str(error), "as-path") from error


def _vpn_label(reply: Reply) -> int | None:
    """The VPN label is said, or it is the bottom of the stack that is pushed for a VPN route."""
    said = reply.number("vpn-label")
    return said if said is not None else reply.number("route-label")
