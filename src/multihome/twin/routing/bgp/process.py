"""The BGP speaker of one router: every neighbour of every instance."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from multihome.twin.addressing import Address
from multihome.twin.junos.model.instances import MASTER, RoutingInstance
from multihome.twin.routing import selection
from multihome.twin.routing.bgp import messages
from multihome.twin.routing.bgp.adj_rib_in import Incoming, clusters
from multihome.twin.routing.bgp.adj_rib_out import Member, subnet_of
from multihome.twin.routing.bgp.config import Effect, effect_of, rolls_over, vpn_imports
from multihome.twin.routing.bgp.domain import Domains
from multihome.twin.routing.bgp.fsm import Event
from multihome.twin.routing.bgp.groups import Groups
from multihome.twin.routing.bgp.limits import enforce
from multihome.twin.routing.bgp.messages import INET, INET_VPN, Refresh, Update
from multihome.twin.routing.bgp.peer import Peer
from multihome.twin.routing.bgp.views import advertised_routes, peer_view, received_routes
from multihome.twin.routing.host import Process
from multihome.twin.routing.policy.evaluation import Engine
from multihome.twin.routing.vpn.vrf import VPN_TABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from multihome.twin.junos.model.bgp import BgpNeighbor
    from multihome.twin.junos.model.router import Router
    from multihome.twin.routing.bfd.process import BfdProcess
    from multihome.twin.routing.bgp.connection import Connection
    from multihome.twin.routing.host import Host
    from multihome.twin.routing.resolution import Resolver
    from multihome.twin.routing.route import Route
    from multihome.twin.routing.vpn.l3vpn import Vpns
    from multihome.twin.views import BgpPeerView

PeerKey = tuple[str, Address]


class Bgp(Process):
    """`protocols bgp`, in the main instance and in VRFs."""

    def __init__(self, host: Host, resolver: Resolver, vpns: Vpns, bfd: BfdProcess) -> None:
        self.host = host
        self.neighbors: dict[PeerKey, Peer] = {}
        self._engine = Engine(None)
        self._incoming = Incoming(host, resolver, vpns, self._engine)
        self._vpns = vpns
        self._bfd = bfd
        self._groups = Groups(host, vpns, self._engine, self._config_of)
        self._from_main_table = False
        self._followed: set[str] = set()
        self._identities: dict[str, tuple[Address, int | None]] = {}
        """Router ID and AS number of each instance with a session: another one ends them all."""
        vpns.on_export(lambda prefix, rd: self._groups.mark(MASTER, INET_VPN, prefix, rd))

    # --- configuration -----------------------------------------------------------------

    def configure(self, old: Router, new: Router) -> None:
        """End, restart, re-evaluate or start sessions, whatever the difference asks for."""
        policies_changed = old.policies != new.policies
        if policies_changed:
            self._engine = self._incoming.engine = Engine(new.policies)
        wanted = dict(_neighbors(new))
        restarted = self._end_sessions(wanted)
        other = {i.name for i in new.instances.values() if _rules(i) != _rules_of(old, i.name)}
        domains = Domains(new)
        looping = domains != self._incoming.domains
        self._incoming.domains = domains
        for key, (config, local_as) in wanted.items():
            peer = self.neighbors.get(key)
            if peer is None:
                self._start(key, config, local_as, restarted.get(key))
            else:
                again = looping or (policies_changed and bool(config.import_policies))
                self._amend(peer, config, again=again or key[0] in other)
        self._follow(new)
        reflects = self._vpns.from_main_table
        if vpn_imports(old) != vpn_imports(new) or reflects is not self._from_main_table:
            self._learn_vpns_again()
        if policies_changed:
            self._groups.use(self._engine)
        elif reflects is not self._from_main_table:
            self._groups.mark_everything()
        self._from_main_table = reflects

    def _learn_vpns_again(self) -> None:
        for peer in self.neighbors.values():
            if INET_VPN in peer.families:
                self._learn_again(peer)

    def _learn_again(self, peer: Peer) -> None:
        """Others are wanted: what is not goes, and what was not kept is asked for again."""
        self._incoming.relearn(peer)
        if INET_VPN in peer.families and peer.session is not None:
            peer.send(Refresh(INET_VPN))

    def _end_sessions(self, wanted: dict[PeerKey, tuple[BgpNeighbor, int]]) -> dict[PeerKey, Peer]:
        """Take leave of peers that are gone or that only a new session will do for."""
        restarted: dict[PeerKey, Peer] = {}
        for key, peer in [*self.neighbors.items()]:
            new = wanted.get(key)
            if new is None:
                peer.stop(messages.PEER_DECONFIGURED)
            elif self._needs_restart(peer, *new):
                shut = new[0].shutdown
                peer.stop(
                    messages.ADMINISTRATIVE_SHUTDOWN if shut else messages.CONFIGURATION_CHANGE
                )
                restarted[key] = peer
            else:
                continue
            del self.neighbors[key]
        return restarted

    def _needs_restart(self, peer: Peer, config: BgpNeighbor, local_as: int) -> bool:
        identity = self._identity(peer.instance)
        return (
            local_as != peer.local_as
            or identity != self._identities.get(peer.instance, identity)
            or effect_of(peer.config, config) is Effect.RESTART
        )

    def _start(self, key: PeerKey, config: BgpNeighbor, local_as: int, before: Peer | None) -> None:
        peer = self.neighbors[key] = Peer(self, key[0], config, local_as)
        if before is not None:
            peer.flaps, peer.last_error = before.flaps, before.last_error
        self._identities[peer.instance] = self._identity(peer.instance)
        peer.start()

    def _identity(self, name: str) -> tuple[Address, int | None]:
        config = self.host.config
        instance = config.instances.get(name)
        own = None if instance is None else _autonomous_system(config, instance)
        return self.host.router_id(name), own

    def _amend(self, peer: Peer, config: BgpNeighbor, *, again: bool) -> None:
        """Other rules for a session that goes on."""
        effect = effect_of(peer.config, config)
        rolled = rolls_over(peer.config, config)
        if config.prefix_limits != peer.config.prefix_limits:
            peer.clear_idle_hold()
        self._groups.move(peer, config)
        if rolled:
            peer.rolled_over()
        if effect is Effect.REEVALUATE or again:
            self._learn_again(peer)
        for family in tuple(peer.received) if config.prefix_limits else ():
            self._enforce_limits(peer, family)

    def _follow(self, new: Router) -> None:
        """Hear of every table that something may be advertised from."""
        for instance in new.instances.values():
            self.host.rib(instance.table).set_options(_options(instance))
            if instance.bgp.neighbors and instance.table not in self._followed:
                self._followed.add(instance.table)
                self._subscribe(instance.table, instance.name, INET)
        if any(_vpn_neighbors(new)):
            self.host.rib(VPN_TABLE).set_options(_options(new.instances[MASTER]))
            if VPN_TABLE not in self._followed:
                self._followed.add(VPN_TABLE)
                self._subscribe(VPN_TABLE, MASTER, INET_VPN)

    def _subscribe(self, table: str, instance: str, family: str) -> None:
        rib = self.host.rib(table)
        rib.subscribe(lambda prefix, _, __, rd: self._groups.mark(instance, family, prefix, rd))
        rib.subscribe_entries(
            lambda prefix, rd: self._groups.mark(instance, family, prefix, rd, inactive=True)
        )

    def interface_changed(self, interface: str) -> None:
        """Sessions with neighbours on a link end with it."""
        for peer in [*self.neighbors.values()]:
            peer.interface_changed(interface)

    def shutdown(self) -> None:
        """Take leave of everybody."""
        for peer in [*self.neighbors.values()]:
            peer.stop(messages.ADMINISTRATIVE_SHUTDOWN)
        self.neighbors.clear()

    def kill(self) -> None:
        """Killed: peers hear of it from the operating system, not from BGP."""
        for peer in [*self.neighbors.values()]:
            peer.kill()

    def clear(self, keys: Iterable[PeerKey]) -> None:
        """`clear bgp neighbor`: end the sessions; they come back by themselves."""
        for peer in [self.neighbors[key] for key in keys]:
            peer.drop(Event.STOP, messages.ADMINISTRATIVE_RESET)
            peer.clear_idle_hold()

    # --- what the peers ask ----------------------------------------------------------------

    def identifier(self, instance: str) -> Address:
        """The router ID of the instance."""
        return self.host.router_id(instance)

    def established(self, peer: Peer) -> None:
        """A session is up: offer it everything, and watch its liveness."""
        self._groups.join(Member(peer, subnet_of(self.host, peer)))
        timing = peer.config.bfd
        if timing is not None:
            path = peer.path
            peer.bfd = self._bfd.open(
                "BGP",
                peer.address,
                timing,
                peer.bfd_failed,
                interface=path.interface if peer.single_hop and path is not None else "",
                source=peer.local_address,
                instance=peer.instance,
            )

    def lost(self, peer: Peer) -> None:
        """A session is gone: forget what it brought."""
        self._groups.leave(peer)
        self._incoming.forget_all(peer)
        if peer.bfd is not None:
            peer.bfd.close()
            peer.bfd = None

    def update(self, peer: Peer, update: Update) -> None:
        """An UPDATE came in."""
        self._incoming.update(peer, update)
        if peer.config.prefix_limits:
            self._enforce_limits(peer, update.family)

    def _enforce_limits(self, peer: Peer, family: str) -> None:
        enforce(peer, family, self.host.rib(self._incoming.table(peer, family)))

    def repeat(self, peer: Peer, family: str) -> None:
        """A ROUTE-REFRESH came in."""
        self._groups.repeat(peer, family)

    def remote(self, node: str) -> Bgp | None:
        """The speaker of another router."""
        process = self.host.fabric.process(node, "bgp")
        return process if isinstance(process, Bgp) else None

    def accept(self, instance: str, source: Address, caller: str, far: Connection) -> None:
        """Take or refuse a connection that another router's peer opened."""
        peer = self.neighbors.get((instance, source))
        called = far.peer.config.address
        if (
            peer is None
            or peer.refuses
            or peer.config.local_address not in (None, called)  # it answers at that one alone
        ):
            self.host.fabric.deliver(far.delay, caller, lambda: far.peer.lose(far, Event.REFUSED))
            if far.fresh:  # It may be called from here, if it may not call.
                for other in [*self.neighbors.values()]:
                    other.reconsider(caller)
        else:
            peer.accept(far)

    def request_connect(self, instance: str, source: Address) -> None:
        """A peer that never connects itself would take a connection now."""
        peer = self.neighbors.get((instance, source))
        if peer is not None:
            peer.request_connect()

    def _config_of(self, instance: str, address: Address) -> BgpNeighbor | None:
        peer = self.neighbors.get((instance, address))
        return None if peer is None else peer.config

    # --- what show asks ----------------------------------------------------------------------

    def peers(self) -> tuple[BgpPeerView, ...]:
        """Every configured neighbour of every instance."""
        return tuple(
            peer_view(self.host, peer, self._groups.said(peer)) for peer in self.neighbors.values()
        )

    def received(self, view: BgpPeerView) -> Iterator[Route]:
        """What the peer sent, before import policy."""
        peer = self.neighbors.get((view.instance, view.address))
        return iter(()) if peer is None else received_routes(self.host, peer)

    def advertised(self, view: BgpPeerView) -> Iterator[Route]:
        """What the peer is sent, after export policy."""
        peer = self.neighbors.get((view.instance, view.address))
        return iter(()) if peer is None else advertised_routes(peer, self._groups.said(peer))


def _neighbors(router: Router) -> Iterator[tuple[PeerKey, tuple[BgpNeighbor, int]]]:
    for instance in router.instances.values():
        own = _autonomous_system(router, instance)
        for neighbor in instance.bgp.neighbors:
            local_as = neighbor.local_as or own
            if local_as is not None:
                peer_as = neighbor.peer_as or (None if neighbor.external else local_as)
                config = replace(neighbor, peer_as=peer_as)
                yield (instance.name, neighbor.address), (config, local_as)


def _autonomous_system(router: Router, instance: RoutingInstance) -> int | None:
    return instance.autonomous_system or router.instances[MASTER].autonomous_system


def _options(instance: RoutingInstance) -> selection.Options:
    bgp = instance.bgp
    return selection.Options(
        bgp.always_compare_med,
        bgp.med_plus_igp,
        bgp.external_router_id,
        bgp.as_path_ignore,
        bgp.cisco_non_deterministic,
        None if instance.multipath is None else selection.tie_of(instance.multipath),
    )


def _rules(instance: RoutingInstance) -> tuple[object, ...]:
    """What decides about every route of an instance, whichever peer sent it."""
    return instance.autonomous_system, instance.resolution_ribs, clusters(instance)


def _rules_of(router: Router, name: str) -> tuple[object, ...] | None:
    instance = router.instances.get(name)
    return None if instance is None else _rules(instance)


def _vpn_neighbors(router: Router) -> Iterator[BgpNeighbor]:
    for instance in router.instances.values():
        yield from (n for n in instance.bgp.neighbors if INET_VPN in n.families)
