"""`show ldp overview`: how LDP is set up, and how much of it there is.

Each part of the answer is an element, a title and lines; a line is one leaf or several.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from multihome.twin.show.element import Element
from multihome.twin.show.holder import addresses
from multihome.twin.show.ldp.database import HELLO_HOLD, HELLO_INTERVAL, NOT_RUNNING
from multihome.twin.show.registry import prints, shows
from multihome.twin.show.words import output

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.show.registry import Query

Line = tuple[tuple[str, str], ...]
"""One line: its words, and the leaf that they print."""


class Part(NamedTuple):
    """One paragraph of the answer."""

    element: str
    """"" for what is in the answer itself."""
    title: str
    lines: tuple[Line, ...]


def _one(words: str, leaf: str) -> Line:
    return ((words, leaf),)


_PARTS: Final = (
    Part(
        "",
        "",
        (
            _one("Reference count", "ldp-reference-count"),
            _one("Router ID", "ldp-router-id"),
            _one("Message id", "ldp-message-id"),
            _one("Configuration sequence", "ldp-configuration-sequence"),
            _one("Deaggregate", "ldp-deaggregate"),
            _one("Explicit null", "ldp-explicit-null"),
            _one("IPv6 tunneling", "ldp-ipv6-tunneling"),
            _one("Strict targeted hellos", "ldp-strict-targeted-hellos"),
            _one("Loopback if added", "ldp-loopback-if-added"),
            _one("Route preference", "ldp-route-preference"),
            _one("Unicast transit LSP chaining", "ldp-unicast-transit-lsp-chaining"),
            _one("P2MP transit LSP chaining", "ldp-p2mp-transit-lsp-chaining"),
            _one("Transit LSP statistics based on route statistics", "ldp-transit-lsp-route-stats"),
            _one("LDP route acknowledgement", "ldp-route-acknowledgement"),
            _one("LDP mtu discovery", "ldp-mtu-discovery"),
        ),
    ),
    Part("ldp-instance-capability", "", (_one("Capabilities enabled", "ldp-capability"),)),
    Part(
        "ldp-session-count",
        "Downstream unsolicited Sessions",
        (
            _one("Nonexistent", "ldp-session-nonexistent"),
            _one("Operational", "ldp-session-operational"),
            _one("Retention", "ldp-retention-mode"),
            _one("Control", "ldp-control-mode"),
        ),
    ),
    Part(
        "ldp-auto-targeted-session",
        "Auto targeted sessions",
        (
            _one("Auto targeted", "ldp-auto-targeted-session-enabled"),
            _one("Dynamic tunnel session count", "ldp-auto-targeted-dyn-tun-ses-count"),
        ),
    ),
    Part(
        "ldp-timer-overview",
        "Timers",
        (
            (
                ("Keepalive interval", "ldp-instance-keepalive-interval"),
                ("Keepalive timeout", "ldp-instance-keepalive-timeout"),
            ),
            (
                ("Link hello interval", "ldp-instance-link-hello-interval"),
                ("Link hello hold time", "ldp-instance-link-hello-hold-time"),
            ),
            (
                ("Targeted hello interval", "ldp-instance-targeted-hello-interval"),
                ("Targeted hello hold time", "ldp-instance-targeted-hello-hold-time"),
            ),
            _one("Label withdraw delay", "ldp-instance-label-withdraw-delay"),
        ),
    ),
    Part(
        "ldp-gr-overview",
        "Graceful restart",
        (
            (
                ("Restart", "ldp-gr-restart"),
                ("Helper", "ldp-gr-helper"),
                ("Restart in process", "ldp-gr-restarting"),
            ),
            (
                ("Reconnect time", "ldp-gr-reconnect-time"),
                ("Max neighbor reconnect time", "ldp-gr-max-neighbor-reconnect-time"),
            ),
            (
                ("Recovery time", "ldp-gr-recovery-time"),
                ("Max neighbor recovery time", "ldp-gr-max-neighbor-recovery-time"),
            ),
        ),
    ),
    Part(
        "ldp-te-overview",
        "Traffic Engineering",
        (
            _one("Bgp igp", "ldp-te-bgp-igp"),
            _one("Both ribs", "ldp-te-both-ribs"),
            _one("Mpls forwarding", "ldp-te-mpls-forwarding"),
        ),
    ),
    Part(
        "ldp-igp-overview",
        "IGP",
        (
            _one("Tracking igp metric", "ldp-tracking-igp-metric"),
            _one("Sync session up delay", "ldp-igp-sync-session-up-delay"),
        ),
    ),
    Part(
        "ldp-session-protect-overview",
        "Session protection",
        (
            _one("Session protection", "ldp-session-protect"),
            _one("Session protection timeout", "ldp-session-protect-timeout"),
        ),
    ),
)
_DEFAULTS: Final = {
    "ldp-reference-count": 2,
    "ldp-message-id": 1,
    "ldp-configuration-sequence": 1,
    "ldp-loopback-if-added": "no",
    "ldp-route-preference": 9,
    "ldp-route-acknowledgement": "enabled",
    "ldp-capability": "none",
    "ldp-retention-mode": "liberal",
    "ldp-control-mode": "ordered",
    "ldp-auto-targeted-dyn-tun-ses-count": 0,
    "ldp-instance-keepalive-interval": 10,
    "ldp-instance-keepalive-timeout": 30,
    "ldp-instance-link-hello-interval": HELLO_INTERVAL,
    "ldp-instance-link-hello-hold-time": HELLO_HOLD,
    "ldp-instance-targeted-hello-interval": 15,
    "ldp-instance-targeted-hello-hold-time": 45,
    "ldp-instance-label-withdraw-delay": 60,
    "ldp-gr-helper": "enabled",
    "ldp-gr-restarting": "false",
    "ldp-gr-reconnect-time": 60000,
    "ldp-gr-max-neighbor-reconnect-time": 120000,
    "ldp-gr-recovery-time": 160000,
    "ldp-gr-max-neighbor-recovery-time": 240000,
    "ldp-igp-sync-session-up-delay": 10,
    "ldp-session-protect-timeout": 0,
}
"""Junos's defaults; times in seconds, those of a restart in milliseconds.  All else is off."""


@shows(
    "get-ldp-overview-information",
    "show ldp overview",
    "instance:instance logical-system:logical-system",
)
def overview_information(query: Query) -> Element:
    """What is configured, and the sessions that are there."""
    ldp = query.router.config.ldp
    if ldp is None:
        return output(NOT_RUNNING)
    states = [view.state for view in query.router.ldp.sessions()]
    up = states.count("Operational")
    values: dict[str, object] = {
        **_DEFAULTS,
        "ldp-router-id": query.router.router_id("master"),
        "ldp-explicit-null": "enabled" if ldp.explicit_null else "disabled",
        "ldp-tracking-igp-metric": "enabled" if ldp.track_igp_metric else "disabled",
        "ldp-session-operational": up or None,
        "ldp-session-nonexistent": len(states) - up or None,
    }
    information = Element("ldp-overview-information", module="junos-routing")
    overview = information.add("ldp-overview")
    overview.add("ldp-instance-name", query.get("instance") or "master")
    for part in _PARTS:
        block = overview.add(part.element) if part.element else overview
        for leaf in (leaf for line in part.lines for _, leaf in line):
            value = values.get(leaf, "disabled")
            if value is not None:
                block.add(leaf, value)
    announced = overview.add("ldp-interface-address")
    for address in addresses(query.router):
        announced.add("interface-address", address)
    return information


@prints("ldp-overview-information")
def overview_text(information: Element) -> Iterator[str]:
    """A paragraph for each part."""
    for overview in information.all("ldp-overview"):
        yield f"Instance: {overview.value('ldp-instance-name')}"
        for part in _PARTS:
            if part.title:
                yield f"  {part.title}:"
            block = overview.first(part.element) if part.element else overview
            indent = "    " if part.title else "  "
            yield from (f"{indent}{line}" for line in _lines(part, block or overview))
        yield "  Interface addresses advertising:"
        for announced in overview.all("ldp-interface-address"):
            yield from (f"    {text}" for text in announced.texts("interface-address"))


def _lines(part: Part, block: Element) -> Iterator[str]:
    for line in part.lines:
        if block.has(line[0][1]):
            yield ", ".join(f"{words}: {block.value(leaf)}" for words, leaf in line)
