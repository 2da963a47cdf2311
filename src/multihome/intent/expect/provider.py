"""A VPN inside the core: what each PE has of its own, and what reaches the others.

Route reflection is followed message by message, since who told a PE of a route, and which
routes it never hears of, depends on it (RFC 4456).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from multihome.errors import MultihomeError
from multihome.intent.expect.paths import Path, Source, ranked
from multihome.intent.site import SingleHomed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from ipaddress import IPv4Address, IPv4Network

    from multihome.intent.expect.igp import Igp
    from multihome.intent.expect.states import Failures
    from multihome.intent.model import Intent, Vpn
    from multihome.intent.site import Multihomed

    Table = Mapping[IPv4Network, tuple[Path, ...]]
    """Per prefix the paths, the one in use first."""
    Inbox = dict[str, dict[str, Path]]
    """By router, by neighbour: what the neighbour told it of one prefix."""


def members(vpn: Vpn) -> tuple[str, ...]:
    """The PEs that have the VPN."""
    attached = [connection.pe.router for connection in vpn.connections]
    return tuple(dict.fromkeys([*vpn.loopbacks, *attached]))


def own_paths(
    intent: Intent, vpn: Vpn, router: str, failures: Failures
) -> dict[IPv4Network, list[Path]]:
    """What a PE has of itself: connected, static, and from its CPEs."""
    found: dict[IPv4Network, list[Path]] = {}
    if (loopback := vpn.loopbacks.get(router)) is not None:
        address = intent.routers[router].loopback.address
        found[address.network] = [Path(Source.DIRECT, loopback)]
    others = [
        *_connected(vpn, router, failures),
        *(
            item
            for site in vpn.multihomed.values()
            for item in _from_site(intent, site, router, failures)
        ),
    ]
    for prefix, path in others:
        found.setdefault(prefix, []).append(path)
    return found if vpn.table_label else dict(_labelled(found))


def _labelled(own: Mapping[IPv4Network, list[Path]]) -> Iterator[tuple[IPv4Network, list[Path]]]:
    """Without a label for the table a label stands for a next hop ("vrf-table-label", Junos).

    A subnet has one only while something is reached by a neighbour in it; a loopback always.
    """
    ways = {path.interface for paths in own.values() for path in paths if path.next_hop}
    for prefix, paths in own.items():
        yield (
            prefix,
            [
                replace(path, unlabelled=prefix.prefixlen < 32 and path.interface not in ways)
                if path.source is Source.DIRECT
                else path
                for path in paths
            ],
        )


def _connected(vpn: Vpn, router: str, failures: Failures) -> Iterable[tuple[IPv4Network, Path]]:
    for connection in vpn.connections:
        port = connection.pe
        if port.router != router or not failures.works(router, port.interface):
            continue
        yield port.address.network, Path(Source.DIRECT, port.interface)
        if isinstance(connection, SingleHomed):
            for prefix in connection.prefixes:
                yield prefix, Path(Source.STATIC, port.interface, connection.cpe.address.ip)


def leg_works(site: Multihomed, number: int, failures: Failures) -> bool:
    """Whether the BGP session of a leg is up."""
    leg = site.legs[number]
    ends_up = all(failures.works(end.router, end.interface) for end in (leg.pe, leg.cpe))
    return ends_up and failures.speaks(leg.pe.router, leg.cpe.router)


def site_prefixes(
    intent: Intent, site: Multihomed, router: str, failures: Failures
) -> tuple[IPv4Network, ...]:
    """What a CPE brings into the VPN: its loopback, and the LAN with what is behind it."""
    loopback = intent.routers[router].loopback.address.network
    if not failures.works(router, site.gateway.routers[router].interface):
        return (loopback,)
    return (loopback, site.gateway.subnet, *site.customer.prefixes)


def _from_site(
    intent: Intent, site: Multihomed, router: str, failures: Failures
) -> Iterable[tuple[IPv4Network, Path]]:
    for number, leg in enumerate(site.legs):
        if leg.pe.router != router or not leg_works(site, number, failures):
            continue
        path = Path(
            Source.BGP,
            leg.pe.interface,
            leg.cpe.address.ip,
            external=True,
            local_preference=leg.local_preference,
            as_path=(site.autonomous_system,),
            communities=frozenset({site.site_of_origin}),
            learned_from=leg.cpe.address.ip,
            teller=leg.cpe.router,
            router_id=intent.routers[leg.cpe.router].loopback.address.ip,
        )
        for prefix in site_prefixes(intent, site, leg.cpe.router, failures):
            yield prefix, path


class Mesh:
    """The core's internal BGP in one network state."""

    def __init__(self, intent: Intent, igp: Igp) -> None:
        self._intent = intent
        self._igp = igp
        alive = [name for name in intent.bgp_speakers if igp.cost(name, name) is not None]
        self.sessions = {
            name: tuple(
                other
                for other in intent.bgp_neighbors(name)
                if other in alive and igp.cost(name, other) is not None
            )
            for name in alive
        }

    def spread(self, own: Mapping[str, list[Path]], target: str) -> Inbox:
        """What each router is told of one prefix, given who has it.

        Raises:
            MultihomeError: the routers would never agree.
        """
        inbox: Inbox = {name: {} for name in self.sessions}
        waiting = [name for name in own if name in self.sessions]
        best: dict[str, Path | None] = {}
        for _ in range(4 * len(self.sessions) + 4):
            if not waiting:
                return inbox
            changed: dict[str, None] = {}
            for name in waiting:
                paths = ranked([*own.get(name, ()), *inbox[name].values()])
                now = paths[0] if paths else None
                if now != best.get(name):
                    best[name] = now
                    changed |= self._tell(name, now, inbox, target)
            waiting = list(changed)
        raise MultihomeError("the core's BGP finds no stable state for this intent")

    def _tell(self, name: str, best: Path | None, inbox: Inbox, target: str) -> dict[str, None]:
        """Tell the neighbours of the best path; returns those for whom something changed."""
        changed: dict[str, None] = {}
        for neighbor in self.sessions[name]:
            told = best is not None and not best.unlabelled
            path = self._advertised(best, name, neighbor, target) if best and told else None
            if inbox[neighbor].get(name) == path:
                continue
            changed[neighbor] = None
            if path is None:
                del inbox[neighbor][name]
            else:
                inbox[neighbor][name] = path
        return changed

    def _advertised(self, path: Path, name: str, neighbor: str, target: str) -> Path | None:
        """The path as `neighbor` takes it from `name`; None if it is not told or not taken."""
        loopback, cluster = self._loopback(name), self._intent.core.bgp.reflectors
        edge = path.edge or name
        common = replace(
            path,
            source=Source.BGP,
            external=False,
            interface=None,
            next_hop=None,
            edge=edge,
            learned_from=loopback,
            teller=name,
            communities=path.communities | {target},
            igp_cost=self._igp.cost(neighbor, edge) or 0,
        )
        if not path.edge:
            return replace(common, router_id=loopback, originator=None, cluster_list=())
        if name not in cluster or neighbor in {path.teller, edge}:
            return None
        if cluster.get(neighbor) in path.cluster_list:
            return None
        originator = path.originator or self._loopback(path.teller)
        return replace(
            common,
            originator=originator,
            router_id=originator,
            cluster_list=(cluster[name], *path.cluster_list),
        )

    def _loopback(self, name: str) -> IPv4Address:
        return self._intent.routers[name].loopback.address.ip
