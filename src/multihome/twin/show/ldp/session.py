"""LDP sessions, as `show ldp session` prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.show.ages import clock_age
from multihome.twin.show.element import Element, junos
from multihome.twin.show.holder import addresses, holder
from multihome.twin.show.ldp.database import ARGUMENTS, NOT_RUNNING
from multihome.twin.show.registry import prints, shows
from multihome.twin.show.words import output

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.show.registry import Query
    from multihome.twin.views import LdpSessionView

_HEADING = "  Address                           State       Connection  Hold time  Adv. Mode"
_HOLD, _KEEPALIVE, _RETRY, _MAX_PDU = 30, 10, 1, 4096
_UNSOLICITED = "Downstream unsolicited"
_GRACEFUL = (
    ("ldp-graceful-restart-local", "disabled"),
    ("ldp-local-helper-mode", "enabled"),
    ("ldp-graceful-restart-remote", "disabled"),
    ("ldp-remote-helper-mode", "enabled"),
    ("ldp-local-maximum-reconnect", "120000"),
    ("ldp-local-maximum-recovery", "240000"),
    ("ldp-local-label-adv-mode", _UNSOLICITED),
    ("ldp-remote-label-adv-mode", _UNSOLICITED),
    ("ldp-neg-label-adv-mode", _UNSOLICITED),
    ("ldp-mtu-discovery", "disabled"),
    ("ldp-session-nsr-state", "Not in sync"),
)


@shows("get-ldp-session-information", "show ldp session", f"<destination> {ARGUMENTS}")
def session_information(query: Query) -> Element:
    """Every session, or the one with an address."""
    if query.router.config.ldp is None:
        return output(NOT_RUNNING)
    level = query.level("detail", "extensive", "brief", default="brief")
    information = Element(
        "ldp-session-information", attributes=junos(style=level), module="junos-routing"
    )
    for view in query.router.ldp.sessions():
        if query.get("destination") in (None, str(view.address)):
            element = information.add("ldp-session")
            _add_brief(element, view)
            if level != "brief":
                _add_detail(element, view, query)
    return information


def _add_brief(element: Element, view: LdpSessionView) -> None:
    element.add("ldp-neighbor-address", view.address)
    element.add("ldp-session-state", view.state)
    element.add("ldp-connection-state", view.connection)
    element.add("ldp-remaining-time", int(view.hold_time))
    element.add("ldp-session-adv-mode", "DU")


def _add_detail(element: Element, view: LdpSessionView, query: Query) -> None:
    local = view.local_address or query.router.router_id("master")
    age = max(int(query.now - view.since), 0)
    if view.state == "Operational":
        element.add("ldp-session-id", f"{local}:0--{view.address}:0")
        element.add("ldp-keepalive-time", _KEEPALIVE - age % _KEEPALIVE)
    active = local is not None and local > view.address
    element.add("ldp-session-role", "Active" if active else "Passive")
    element.add("ldp-session-max-pdu", _MAX_PDU)
    element.add("ldp-holdtime", _HOLD)
    element.add("ldp-neighbor-count", len(view.adjacencies))
    element.add("ldp-neighbor-types").add("ldp-neighbor-type", "discovered")
    element.add("ldp-keepalive-interval", _KEEPALIVE)
    element.add("ldp-retry-interval", _RETRY)
    element.add_known(ldp_local_address=local)
    element.add("ldp-remote-address", view.address)
    if view.state == "Operational":
        element.add("ldp-up-time", clock_age(age))
    for tag in ("ldp-session-capabilities-advertised", "ldp-session-capabilities-received"):
        element.add(tag).add("ldp-capability", "none")
    element.add("ldp-session-protection").add("ldp-session-protection-state", "disabled")
    element.add("ldp-session-flags").add("ldp-session-flag", "none")
    if view.authentication:
        element.add("ldp-session-authentication", f"MD5 ({view.address}/32)")
    for tag, text in _GRACEFUL:
        element.add(tag, text)
    peer = holder(query, view.address) if view.state == "Operational" else None
    announced = element.add("ldp-session-address")
    for address in addresses(peer) if peer else [view.address]:
        announced.add("interface-address", address)


@prints("ldp-session-information")
def session_text(information: Element) -> Iterator[str]:
    """A table, or a paragraph per session."""
    brief = information.attributes.get("junos:style") == "brief"
    if brief:
        yield _HEADING
    for session in information.all("ldp-session"):
        value = session.value
        if brief:
            yield (
                f"{value('ldp-neighbor-address'):<35} {value('ldp-session-state'):<12}"
                f"{value('ldp-connection-state'):<11}{value('ldp-remaining-time'):>6}"
                f"{value('ldp-session-adv-mode'):>11}"
            )
        else:
            yield (
                f"Address: {value('ldp-neighbor-address')}, State: {value('ldp-session-state')},"
                f" Connection: {value('ldp-connection-state')},"
                f" Hold time: {value('ldp-remaining-time')}"
            )
            yield from (f"  {line}" for line in _detail_lines(session))


def _detail_lines(session: Element) -> Iterator[str]:
    value = session.value
    if session.has("ldp-session-id"):
        yield f"Session ID: {value('ldp-session-id')}"
        yield f"Next keepalive in {value('ldp-keepalive-time')} seconds"
    yield (
        f"{value('ldp-session-role')}, Maximum PDU: {value('ldp-session-max-pdu')},"
        f" Hold time: {value('ldp-holdtime')}, Neighbor count: {value('ldp-neighbor-count')}"
    )
    yield f"Neighbor types: {value('ldp-neighbor-types/ldp-neighbor-type')}"
    yield (
        f"Keepalive interval: {value('ldp-keepalive-interval')},"
        f" Connect retry interval: {value('ldp-retry-interval')}"
    )
    yield (
        f"Local address: {value('ldp-local-address')},"
        f" Remote address: {value('ldp-remote-address')}"
    )
    if session.has("ldp-up-time"):
        yield f"Up for {value('ldp-up-time')}"
    yield from _state_lines(session)
    yield "Next-hop addresses received:"
    for announced in session.all("ldp-session-address"):
        yield from (f"  {text}" for text in announced.texts("interface-address"))


def _state_lines(session: Element) -> Iterator[str]:
    value = session.value
    for side in ("advertised", "received"):
        yield f"Capabilities {side}: {value(f'ldp-session-capabilities-{side}/ldp-capability')}"
    yield f"Protection: {value('ldp-session-protection/ldp-session-protection-state')}"
    yield f"Session flags: {value('ldp-session-flags/ldp-session-flag')}"
    if session.has("ldp-session-authentication"):
        yield f"Authentication type: {value('ldp-session-authentication')}"
    for side in ("local", "remote"):
        yield (
            f"{side.capitalize()} - Restart: {value(f'ldp-graceful-restart-{side}')},"
            f" Helper mode: {value(f'ldp-{side}-helper-mode')}"
        )
    for what in ("reconnect", "recovery"):
        yield f"Local maximum neighbor {what} time: {value(f'ldp-local-maximum-{what}')} msec"
    for word, side in (("Local", "local"), ("Remote", "remote"), ("Negotiated", "neg")):
        yield f"{word} Label Advertisement mode: {value(f'ldp-{side}-label-adv-mode')}"
    yield f"MTU discovery: {value('ldp-mtu-discovery')}"
    yield f"Nonstop routing state: {value('ldp-session-nsr-state')}"
