"""The CLI text of `show bgp neighbor`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.show.element import Element

_SESSION = (
    ("nlri-type-peer", "NLRI advertised by peer: {}"),
    ("nlri-type-session", "NLRI for this session: {}"),
    ("peer-refresh-capability", "Peer supports Refresh capability ({})"),
    ("peer-stale-route-time-configured", "Stale routes from peer are kept for: {}"),
    ("peer-no-restart", "Peer does not support Restarter functionality"),
    ("peer-restart-nlri-negotiated", "NLRI that restart is negotiated for: {}"),
    ("peer-end-of-rib-received", "NLRI of received end-of-rib markers: {}"),
    ("peer-end-of-rib-sent", "NLRI of all end-of-rib markers sent: {}"),
    ("peer-no-llgr-restarter", "Peer does not support LLGR Restarter functionality"),
    ("peer-4byte-as-capability-advertised", "Peer supports 4 byte AS extension (peer-as {})"),
    ("peer-addpath-not-supported", "Peer does not support Addpath"),
)
_COUNTS = (
    ("active-prefix-count", "Active prefixes:"),
    ("received-prefix-count", "Received prefixes:"),
    ("accepted-prefix-count", "Accepted prefixes:"),
    ("suppressed-prefix-count", "Suppressed due to damping:"),
    ("advertised-prefix-count", "Advertised prefixes:"),
)


def neighbor_lines(information: Element) -> Iterator[str]:
    """Every neighbour, a blank line behind each."""
    for peer in information.all("bgp-peer"):
        yield (
            f"Peer: {peer.value('peer-address')} AS {peer.value('peer-as'):<7}"
            f"Local: {peer.value('local-address')} AS {peer.value('local-as'):<5}"
        )
        yield from (f"  {line}" for line in _peer_lines(peer))
        yield ""


def _peer_lines(peer: Element) -> Iterator[str]:
    if peer.has("description"):
        yield f"Description: {peer.value('description')}"
    yield (f"Group: {peer.value('peer-group'):<22}Routing-Instance: {peer.value('peer-cfg-rti')}")
    yield f"Forwarding routing-instance: {peer.value('peer-fwd-rti')}  "
    state = peer.value("peer-state")
    client = peer.has("route-reflector-client")
    shown = f"{state:<13}(route reflector client)" if client else f"{state:<15}"
    yield f"Type: {peer.value('peer-type'):<12}State: {shown}Flags: <{peer.value('peer-flags')}>"
    yield f"Last State: {peer.value('last-state'):<14}Last Event: {peer.value('last-event')}"
    yield f"Last Error: {peer.value('last-error')}"
    yield from _option_lines(peer)
    yield f"Number of flaps: {peer.value('flap-count')}"
    if peer.has("last-flap-event"):
        yield f"Last flap event: {peer.value('last-flap-event')}"
    if peer.has("active-holdtime"):
        yield from _session_lines(peer)


def _option_lines(peer: Element) -> Iterator[str]:
    options = peer.first("bgp-option-information")
    if options is None:
        return
    policies = [
        f"{word}: [ {options.value(tag).strip()} ] "
        for tag, word in (("export-policy", "Export"), ("import-policy", "Import"))
        if options.has(tag)
    ]
    if policies:
        yield "".join(policies)
    for leaf in ("bgp-options", "bgp-options2", "bgp-options-extended"):
        if options.value(leaf):
            yield f"Options: <{options.value(leaf)}>"
    if options.has("authentication-configured"):
        yield "Authentication key is configured"
    if options.has("address-families"):
        yield f"Address families configured: {options.value('address-families')}"
    local = f"Local Address: {options.value('local-address')} "
    yield (
        f"{local if options.has('local-address') else ''}Holdtime: {options.value('holdtime')}"
        f" Preference: {options.value('preference')}"
    )
    if options.has("gshut-recv-local-preference"):
        preference = options.value("gshut-recv-local-preference")
        yield f"Graceful Shutdown Receiver local-preference: {preference}"


def _session_lines(peer: Element) -> Iterator[str]:
    yield (
        f"Peer ID: {peer.value('peer-id'):<15} Local ID: {peer.value('local-id'):<17}"
        f" Active Holdtime: {peer.value('active-holdtime')}"
    )
    yield (
        f"Keepalive Interval: {peer.value('keepalive-interval'):<10}"
        f" Group index: {peer.value('group-index'):<4} Peer index: {peer.value('peer-index'):<4}"
        f" SNMP index: {peer.value('snmp-index'):<6}"
    )
    yield (
        f"I/O Session Thread: {peer.value('bgp-peer-iosession/iosession-thread-name')}"
        f" State: {peer.value('bgp-peer-iosession/iosession-state')}"
    )
    yield (
        f"BFD: {peer.value('bgp-bfd/bfd-configuration-state')},"
        f" {peer.value('bgp-bfd/bfd-operational-state')}"
    )
    if peer.has("local-interface-name"):
        yield f"Local Interface: {peer.value('local-interface-name'):<34}"
    yield f"NLRI for restart configured on peer: {peer.value('peer-restart-nlri-configured')}"
    yield from (form.format(peer.value(tag)) for tag, form in _SESSION if peer.has(tag))
    for rib in peer.all("bgp-rib"):
        yield from _rib_lines(rib)
    yield from _traffic_lines(peer)
    yield from _queue_lines(peer)


def _rib_lines(rib: Element) -> Iterator[str]:
    bit = f" Bit: {rib.value('rib-bit')}" if rib.has("rib-bit") else ""
    yield f"Table {rib.value('name')}{bit}"
    yield f"  RIB State: {rib.value('bgp-rib-state')}"
    if rib.has("vpn-rib-state"):
        yield f"  RIB State: {rib.value('vpn-rib-state')}"
    yield f"  Send state: {rib.value('send-state')}"
    for tag, word in _COUNTS:
        if rib.has(tag):
            yield f"  {word:<30}{rib.value(tag)}"


def _traffic_lines(peer: Element) -> Iterator[str]:
    yield (
        f"Last traffic (seconds): Received {peer.value('last-received'):<4}"
        f" Sent {peer.value('last-sent'):<4} Checked {peer.value('last-checked'):<4}"
    )
    for word, side in (("Input messages: ", "input"), ("Output messages:", "output")):
        yield (
            f"{word} Total {peer.value(f'{side}-messages'):<6}"
            f" Updates {peer.value(f'{side}-updates'):<7}"
            f" Refreshes {peer.value(f'{side}-refreshes'):<5}"
            f" Octets {peer.value(f'{side}-octets')}"
        )


def _queue_lines(peer: Element) -> Iterator[str]:
    for queue in peer.all("bgp-output-queue"):
        yield (
            f"Output Queue[{queue.value('number')}]: {queue.value('count'):<12}"
            f" ({queue.value('table-name')}, {queue.value('rib-adv-nlri')})"
        )
