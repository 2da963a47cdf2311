"""The network states that the design promises to survive, and what has failed in each."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from itertools import permutations
from typing import TYPE_CHECKING

from multihome.errors import UnknownName, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from multihome.intent.model import Intent
    from multihome.intent.site import Leg, Multihomed


class NetworkState(StrEnum):
    """One state of the network, of which everything else follows."""

    STEADY = "steady"
    PRIMARY_SESSION_DOWN = "primary-session-down"
    BACKUP_SESSION_DOWN = "backup-session-down"
    PRIMARY_LINK_DOWN = "primary-link-down"
    PRIMARY_CPE_DOWN = "primary-cpe-down"
    BACKUP_CPE_DOWN = "backup-cpe-down"
    PRIMARY_PE_DOWN = "primary-pe-down"
    PRIMARY_LAN_DOWN = "primary-lan-down"
    INTER_CPE_DOWN = "inter-cpe-down"

    @property
    def meaning(self) -> str:
        """In one sentence."""
        return STATES[self]


STATES: Mapping[str, str] = {
    NetworkState.STEADY: "everything works",
    NetworkState.PRIMARY_SESSION_DOWN: "the BGP session between the primary leg's PE and CPE is down",
    NetworkState.BACKUP_SESSION_DOWN: "the BGP session between the backup leg's PE and CPE is down",
    NetworkState.PRIMARY_LINK_DOWN: "the primary leg's link is down at both ends",
    NetworkState.PRIMARY_CPE_DOWN: "the primary leg's CPE is gone",
    NetworkState.BACKUP_CPE_DOWN: "the backup leg's CPE is gone",
    NetworkState.PRIMARY_PE_DOWN: "the primary leg's PE is gone",
    NetworkState.PRIMARY_LAN_DOWN: "the primary CPE's interface on the gateway's LAN is down",
    NetworkState.INTER_CPE_DOWN: "the BGP session between the two CPEs is down",
}
"""Every state by name, with its meaning."""


@dataclass(frozen=True, slots=True)
class Failures:
    """What does not work."""

    routers: frozenset[str] = frozenset()
    ports: frozenset[tuple[str, str]] = frozenset()
    """(router, interface), down."""
    doubtful: frozenset[tuple[str, str]] = frozenset()
    """Up or down, as the wires are: across from a router that is gone."""
    sessions: frozenset[frozenset[str]] = frozenset()
    """Pairs of routers whose BGP session is down though nothing below it is."""

    def works(self, router: str, interface: str) -> bool:
        """Whether an interface is up, or may be."""
        return router not in self.routers and (router, interface) not in self.ports

    def speaks(self, one: str, other: str) -> bool:
        """Whether a session between two routers is not itself what has failed."""
        return not {one, other} & self.routers and frozenset({one, other}) not in self.sessions


@dataclass(frozen=True, slots=True)
class Scene:
    """A network state of one intent: which site it is about and what has failed."""

    state: NetworkState
    failures: Failures = field(default_factory=Failures)
    site: str = ""


_OF_A_BACKUP = frozenset(
    {NetworkState.BACKUP_SESSION_DOWN, NetworkState.BACKUP_CPE_DOWN, NetworkState.INTER_CPE_DOWN}
)


def scene(intent: Intent, state: str, site: str | None = None, backup: str | None = None) -> Scene:
    """What has failed in a state, at `site` or at the one multihomed site there is.

    `backup` is the CPE of the backup leg that is meant; the first one's unless given.

    Raises:
        UnknownName: no such state, site or backup leg.
        UsageError: the state needs a site, and there is none or a choice; or it is not about a
            backup leg.
    """
    if state not in STATES:
        raise UnknownName("network state", state, STATES)
    if backup is not None and state not in _OF_A_BACKUP:
        raise UsageError(f"the state {state} is not about a backup leg")
    if state == NetworkState.STEADY:
        if site is not None:
            _site(intent, site)  # no site fails, and a name that does not exist is an error
        return Scene(NetworkState.STEADY)
    name, chosen = _site(intent, site)
    failures = _failures(intent, NetworkState(state), chosen, _backup(chosen, backup))
    return Scene(NetworkState(state), failures, name)


def _backup(site: Multihomed, cpe: str | None) -> Leg:
    legs = {leg.cpe.router: leg for leg in site.legs if leg.role == "backup"}
    if cpe is not None and cpe not in legs:
        raise UnknownName("CPE of a backup leg", cpe, legs)
    return legs[cpe] if cpe is not None else next(iter(legs.values()))


def _site(intent: Intent, name: str | None) -> tuple[str, Multihomed]:
    sites = {key: site for _, key, site in intent.multihomed_sites()}
    if name is not None and name not in sites:
        raise UnknownName("multihomed site", name, sites)
    if name is None and len(sites) != 1:
        listed = ", ".join(sites) or "none"
        raise UsageError(f"this state is one of a multihomed site; name one of: {listed}")
    chosen = name or next(iter(sites))
    return chosen, sites[chosen]


def _failures(intent: Intent, state: NetworkState, site: Multihomed, backup: Leg) -> Failures:
    primary = next(leg for leg in site.legs if leg.role == "primary")
    lan = site.gateway.routers[primary.cpe.router].interface
    link = {(end.router, end.interface) for end in (primary.pe, primary.cpe)}
    cpes = frozenset({primary.cpe.router, backup.cpe.router})
    by_state = {
        NetworkState.PRIMARY_SESSION_DOWN: Failures(sessions=frozenset({_pair(primary)})),
        NetworkState.BACKUP_SESSION_DOWN: Failures(sessions=frozenset({_pair(backup)})),
        NetworkState.PRIMARY_LINK_DOWN: Failures(ports=frozenset(link)),
        NetworkState.PRIMARY_CPE_DOWN: _gone(intent, primary.cpe.router),
        NetworkState.BACKUP_CPE_DOWN: _gone(intent, backup.cpe.router),
        NetworkState.PRIMARY_PE_DOWN: _gone(intent, primary.pe.router),
        NetworkState.PRIMARY_LAN_DOWN: Failures(ports=frozenset({(primary.cpe.router, lan)})),
        NetworkState.INTER_CPE_DOWN: Failures(sessions=frozenset({cpes})),
    }
    return by_state[state]


def _pair(leg: Leg) -> frozenset[str]:
    return frozenset({leg.pe.router, leg.cpe.router})


def _gone(intent: Intent, router: str) -> Failures:
    across = frozenset(_across(intent, router))
    return Failures(routers=frozenset({router}), doubtful=across)


def _across(intent: Intent, router: str) -> Iterator[tuple[str, str]]:
    """The other ends of a router's links; a LAN stays up without one of its members."""
    for link in (*intent.core.links, *intent.other_links):
        if router in link.ends:
            yield from ((name, end.interface) for name, end in link.ends.items() if name != router)
    for vpn in intent.vpns.values():
        for connection in vpn.connections:
            for own, other in permutations((connection.pe, connection.cpe)):
                if own.router == router:
                    yield other.router, other.interface
