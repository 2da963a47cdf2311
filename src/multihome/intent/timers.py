"""How long a network may look sound after it was broken: its slowest timer.

A session whose messages no longer arrive stays up until its hold time is over. What holds after
a change is known to hold only when that time has passed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.intent.model import Intent

BGP_HOLD = 90.0
"""Junos's default. https://www.juniper.net/documentation/us/en/software/junos/cli-reference/topics/ref/statement/hold-time-edit-protocols-bgp.html"""
ISIS_HOLD = 27.0
"""Three hellos of nine seconds. https://www.juniper.net/documentation/us/en/software/junos/cli-reference/topics/ref/statement/hold-time-edit-protocols-isis.html"""
LDP_KEEPALIVE = 30.0
"""https://www.juniper.net/documentation/us/en/software/junos/cli-reference/topics/ref/statement/keepalive-timeout-edit-protocols-ldp.html"""
VRRP_MASTER_DOWN = 4.0
"""Three advertisements of one second and the skew, which is below one (RFC 5798 section 6.1)."""
BFD_MULTIPLIER = 3
"""Junos's default of lost packets."""


def slowest_timer(intent: Intent) -> float:
    """Seconds until the last of the intent's protocols has noticed that its peer is gone.

    Never 0: an intent without any session is given the time of one with Junos's defaults.
    """
    return max(_timers(intent), default=BGP_HOLD) or BGP_HOLD


def _timers(intent: Intent) -> Iterator[float]:
    core = intent.core
    if intent.bgp_speakers:
        yield from _session(core.bgp.hold_time, core.bgp.bfd_interval)
    if core.links:
        yield _watched(core.isis.bfd_interval) or ISIS_HOLD
        yield LDP_KEEPALIVE
    for _, _, site in intent.multihomed_sites():
        yield VRRP_MASTER_DOWN
        yield from _session(site.hold_time, None)
        yield from _session(site.inter_cpe.hold_time, None)


def _session(hold_time: int | None, bfd_interval: int | None) -> Iterator[float]:
    """A hold time of 0 sends no keepalives (RFC 4271 section 4.2): then BFD alone watches."""
    yield BGP_HOLD if hold_time is None else float(hold_time)
    yield _watched(bfd_interval)


def _watched(bfd_interval: int | None) -> float:
    return (bfd_interval or 0) * BFD_MULTIPLIER / 1000
