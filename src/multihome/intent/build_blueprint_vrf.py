"""The provider's side of the VPNs: the VRFs of one PE."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.intent.blueprint import CustomerGroup, CustomerNeighbor, Static, Vrf
from multihome.intent.draw_keys import chain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.intent.model import Intent, Vpn
    from multihome.intent.site import Leg, Multihomed


def vrfs(intent: Intent, router: str) -> Iterator[Vrf]:
    """Every VPN that this router has a part in."""
    for name, vpn in intent.vpns.items():
        singles = [single for single in vpn.single_homed.values() if single.pe.router == router]
        legs = [leg for leg in vpn.legs if leg.pe.router == router]
        loopback = vpn.loopbacks.get(router)
        if not singles and not legs and loopback is None:
            continue
        interfaces = [connection.pe.interface for connection in (*singles, *legs)]
        yield Vrf(
            name=name,
            route_distinguisher=vpn.route_distinguisher,
            target=vpn.vrf_target,
            table_label=vpn.table_label,
            interfaces=tuple(interfaces + ([loopback] if loopback else [])),
            statics=tuple(
                Static(prefix, single.cpe.address.ip)
                for single in singles
                for prefix in single.prefixes
            ),
            groups=tuple(_groups(intent, vpn, router)),
        )


def _groups(intent: Intent, vpn: Vpn, router: str) -> Iterator[CustomerGroup]:
    for name, site in vpn.multihomed.items():
        if not any(leg.pe.router == router for leg in site.legs):
            continue
        names = site.names.of(name)
        yield CustomerGroup(
            name=names.group,
            peer_as=site.autonomous_system,
            community=names.community,
            site_of_origin=site.site_of_origin,
            export_policy=names.policy,
            neighbors=tuple(_neighbors(site, names.policy, router)),
            key=site.authentication_key,
            chain=chain(intent, site.authentication_key_chain),
        )


def _neighbors(site: Multihomed, policy: str, router: str) -> Iterator[CustomerNeighbor]:
    backups = [leg for leg in site.legs if leg.role == "backup"]
    for leg in site.legs:
        if leg.pe.router == router:
            yield CustomerNeighbor(
                address=leg.cpe.address.ip,
                med=leg.med,
                local_preference=leg.local_preference,
                import_policy=f"{policy}-{_rank(leg, backups)}",
            )


def _rank(leg: Leg, backups: list[Leg]) -> str:
    if leg.role == "primary":
        return "primary"
    number = backups.index(leg) + 1
    return "secondary" if number == 1 else f"secondary-{number}"
