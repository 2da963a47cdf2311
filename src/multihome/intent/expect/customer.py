"""A multihomed site: what its CPEs are told, and which leg each of them uses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from multihome.errors import MultihomeError
from multihome.intent.expect.paths import DEFAULT_LOCAL_PREFERENCE, Path, Source, ranked
from multihome.intent.expect.provider import leg_works

if TYPE_CHECKING:
    from collections.abc import Mapping
    from ipaddress import IPv4Address, IPv4Network

    from multihome.intent.expect.provider import Table
    from multihome.intent.expect.states import Failures
    from multihome.intent.model import Intent
    from multihome.intent.site import Leg, Multihomed

    Told = dict[IPv4Network, Path]


@dataclass(frozen=True, slots=True)
class Member:
    """One CPE of a site in one network state."""

    leg: Leg
    from_provider: Mapping[IPv4Network, Path] | None
    """None: no session."""
    from_siblings: Mapping[str, Mapping[IPv4Network, Path]]
    """By sibling; only those with a session."""
    table: Table


def site_members(
    intent: Intent, site: Multihomed, vrf_tables: Mapping[str, Table], failures: Failures
) -> dict[str, Member]:
    """Every CPE of the site that is there.

    Raises:
        MultihomeError: the CPEs would never agree.
    """
    told = {
        leg.cpe.router: _from_provider(intent, site, leg, vrf_tables[leg.pe.router])
        if leg_works(site, number, failures)
        else None
        for number, leg in enumerate(site.legs)
        if leg.cpe.router not in failures.routers
    }
    own = {name: _own(intent, site, name, failures) for name in told}
    between: dict[tuple[str, str], Told] = {}
    for _ in range(2 * len(site.legs) + 2):
        tables = {name: _table(name, own[name], told[name], between) for name in told}
        again = _exchange(intent, site, tables, told, failures)
        if again == between:
            return {
                leg.cpe.router: Member(
                    leg,
                    told[leg.cpe.router],
                    {s: paths for (to, s), paths in between.items() if to == leg.cpe.router},
                    tables[leg.cpe.router],
                )
                for leg in site.legs
                if leg.cpe.router in told
            }
        between = again
    raise MultihomeError("the site's CPEs find no stable state for this intent")


def siblings_speak(site: Multihomed, one: str, other: str, failures: Failures) -> bool:
    """Whether the BGP session between two CPEs is up: it crosses the LAN."""
    routers = site.gateway.routers
    on_lan = all(failures.works(name, routers[name].interface) for name in (one, other))
    return on_lan and failures.speaks(one, other)


def _from_provider(intent: Intent, site: Multihomed, leg: Leg, vrf: Table) -> Told:
    """What the PE tells: its paths in use, but nothing that came from the site."""
    told: Told = {}
    own_as = intent.core.autonomous_system
    for prefix, paths in vrf.items():
        active = paths[0]
        if site.site_of_origin in active.communities or active.teller == leg.cpe.router:
            continue
        overridden = tuple(own_as if n == site.autonomous_system else n for n in active.as_path)
        told[prefix] = Path(
            Source.BGP,
            leg.cpe.interface,
            leg.pe.address.ip,
            external=True,
            local_preference=DEFAULT_LOCAL_PREFERENCE,
            as_path=(own_as, *overridden),
            med=leg.med,
            learned_from=leg.pe.address.ip,
            teller=leg.pe.router,
            router_id=intent.routers[leg.pe.router].loopback.address.ip,
        )
    return told


def _own(
    intent: Intent, site: Multihomed, router: str, failures: Failures
) -> dict[IPv4Network, Path]:
    loopback = intent.routers[router].loopback
    found = {loopback.address.network: Path(Source.DIRECT, loopback.interface)}
    [leg] = [leg for leg in site.legs if leg.cpe.router == router]
    if failures.works(router, leg.cpe.interface):
        found[leg.cpe.address.network] = Path(Source.DIRECT, leg.cpe.interface)
    lan = site.gateway.routers[router].interface
    if failures.works(router, lan):
        found[site.gateway.subnet] = Path(Source.DIRECT, lan)
        for prefix in site.customer.prefixes:
            found[prefix] = Path(Source.STATIC, lan, site.customer.address.ip)
    return found


def _table(
    name: str,
    own: Mapping[IPv4Network, Path],
    provider: Told | None,
    between: Mapping[tuple[str, str], Told],
) -> Table:
    everyone: dict[IPv4Network, list[Path]] = {prefix: [path] for prefix, path in own.items()}
    heard = [paths for (to, _), paths in between.items() if to == name]
    for paths in ([provider] if provider else []) + heard:
        for prefix, path in paths.items():
            everyone.setdefault(prefix, []).append(path)
    return {prefix: ranked(paths) for prefix, paths in everyone.items()}


def _exchange(
    intent: Intent,
    site: Multihomed,
    tables: Mapping[str, Table],
    told: Mapping[str, Told | None],
    failures: Failures,
) -> dict[tuple[str, str], Told]:
    """What each CPE tells each other: what it uses of its own leg, with itself as next hop."""
    between: dict[tuple[str, str], Told] = {}
    for one in tables:
        for other in tables:
            if one == other or not siblings_speak(site, one, other, failures):
                continue
            gateway = site.gateway.routers
            next_hop = gateway[one].address.ip
            between[other, one] = {
                prefix: replace(
                    path,
                    external=False,
                    interface=gateway[other].interface,
                    next_hop=next_hop,
                    learned_from=next_hop,
                    teller=one,
                    router_id=_router_id(intent, one),
                )
                for prefix, path in (told[one] or {}).items()
                if _is_told(path, tables[one][prefix][0], site)
            }
    return between


def _is_told(path: Path, active: Path, site: Multihomed) -> bool:
    """A path that is not used is told only if asked for; one for each prefix is all there is."""
    return path is active or site.options.advertise_inactive


def _router_id(intent: Intent, router: str) -> IPv4Address:
    return intent.routers[router].loopback.address.ip
