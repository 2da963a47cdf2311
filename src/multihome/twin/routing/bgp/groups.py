"""The groups of one speaker: which peer is in which, and which hear of what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.junos.model.instances import MASTER
from multihome.twin.routing.bgp.adj_rib_out import Group
from multihome.twin.routing.bgp.config import export_rules
from multihome.twin.routing.bgp.export import Exporter

if TYPE_CHECKING:
    from collections.abc import Callable

    from multihome.twin.addressing import Address, Prefix
    from multihome.twin.junos.model.bgp import BgpNeighbor
    from multihome.twin.routing.bgp.adj_rib_out import Member, Said
    from multihome.twin.routing.bgp.peer import Peer
    from multihome.twin.routing.host import Host
    from multihome.twin.routing.policy.evaluation import Engine
    from multihome.twin.routing.vpn.l3vpn import Vpns

_Key = tuple[str, "BgpNeighbor", int, int]


class Groups:
    """Every group that has a member, made when its first one comes."""

    def __init__(
        self,
        host: Host,
        vpns: Vpns,
        engine: Engine,
        config_of: Callable[[str, Address], BgpNeighbor | None],
    ) -> None:
        self._host = host
        self._vpns = vpns
        self._engine = engine
        self._config_of = config_of
        self._groups: dict[_Key, Group] = {}
        self._groups_of: dict[Peer, Group] = {}
        self._hearing: dict[tuple[str, str], list[Group]] = {}

    def join(self, member: Member) -> None:
        """An established peer goes where its configuration puts it."""
        peer = member.peer
        key = self._key(peer)
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = self._make(key)
            for family in peer.config.families:
                self._hearing.setdefault((peer.instance, family), []).append(group)
        self._groups_of[peer] = group
        group.join(member)

    def leave(self, peer: Peer) -> None:
        """A peer's session is gone."""
        group = self._groups_of.pop(peer, None)
        if group is not None:
            group.leave(peer)
            self._prune(group)

    def move(self, peer: Peer, config: BgpNeighbor) -> None:
        """Give a peer other rules; an established one keeps what it knows."""
        group = self._groups_of.get(peer)
        if group is None or export_rules(peer.config) == export_rules(config):
            peer.config = config
            return
        member = group.hand_over(peer)
        self._prune(group)
        peer.config = config
        if member is not None:
            self.join(member)

    def repeat(self, peer: Peer, family: str) -> None:
        """A peer asks for a family again."""
        group = self._groups_of.get(peer)
        if group is not None:
            group.repeat(peer, family)

    def said(self, peer: Peer) -> Said:
        """What an established peer was sent."""
        group = self._groups_of.get(peer)
        return {} if group is None else group.said(group.members[peer])

    def _prune(self, group: Group) -> None:
        """Forget a group without members."""
        if not group.members:
            self._groups = {key: one for key, one in self._groups.items() if one is not group}
            for hearing in self._hearing.values():
                if group in hearing:
                    hearing.remove(group)

    def mark(
        self, instance: str, family: str, prefix: Prefix, rd: str | None, *, inactive: bool = False
    ) -> None:
        """Something about a prefix changed, or (`inactive`) about a route that is not active."""
        for group in self._hearing.get((instance, family), ()):
            if not inactive or group.exporter.sees_inactive:
                group.mark(family, (prefix, rd))

    def use(self, engine: Engine) -> None:
        """Other policies: everything is offered again."""
        self._engine = engine
        for group in self._groups.values():
            group.exporter.engine = engine
        self.mark_everything()

    def mark_everything(self) -> None:
        """Whatever the groups offer may be different now."""
        for group in self._groups.values():
            group.mark_everything()

    def _key(self, peer: Peer) -> _Key:
        instance = self._host.config.instances.get(peer.instance)
        own = None if instance is None else instance.autonomous_system
        own = own or self._host.config.instances[MASTER].autonomous_system or peer.local_as
        return peer.instance, export_rules(peer.config), peer.local_as, own

    def _make(self, key: _Key) -> Group:
        instance, rules, *numbers = key
        exporter = Exporter(self._host, self._vpns, instance, rules, (numbers[0], numbers[1]))
        exporter.engine = self._engine
        exporter.config_of = lambda address: self._config_of(instance, address)
        return Group(self._host, exporter)
