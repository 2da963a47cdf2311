"""The customer's side of a multihomed site: the BGP of one CPE."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.intent.blueprint import Peer, Uplink
from multihome.intent.draw_keys import chain

if TYPE_CHECKING:
    from multihome.intent.model import Intent
    from multihome.intent.site import Leg, Multihomed


def uplink(intent: Intent, router: str) -> Uplink | None:
    """The BGP of this router, if it is a CPE with a leg."""
    for _, name, site in intent.multihomed_sites():
        for leg in site.legs:
            if leg.cpe.router == router:
                return _of_leg(intent, name, site, leg)
    return None


def _of_leg(intent: Intent, name: str, site: Multihomed, leg: Leg) -> Uplink:
    siblings = [member for member in site.gateway.routers if member != leg.cpe.router]
    return Uplink(
        customer=intent.title(site.customer.router or name),
        lan=site.gateway.subnet,
        community=site.names.of(name).community,
        site_of_origin=site.site_of_origin,
        own_as=site.autonomous_system,
        core_as=intent.core.autonomous_system,
        provider=(Peer(leg.pe.address.ip, intent.title(leg.pe.router)),),
        siblings=tuple(
            Peer(site.gateway.routers[sibling].address.ip, intent.title(sibling))
            for sibling in siblings
        ),
        key=site.authentication_key,
        chain=chain(intent, site.authentication_key_chain),
        hold_time=site.hold_time,
        sibling_key=site.inter_cpe.authentication_key,
        sibling_chain=chain(intent, site.inter_cpe.authentication_key_chain),
        sibling_hold_time=site.inter_cpe.hold_time,
        advertise_inactive=site.options.advertise_inactive,
    )
