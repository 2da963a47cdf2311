"""One link-state area (an IS-IS level, an OSPF area) as one router runs it.

Originate, flood, wait, compute, install: what IS-IS and OSPF do alike.  What an lsa
says and what a route looks like is the speaker's business.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from multihome.twin.routing.linkstate.database import (
    Database,
    Lsa,
    confused,
    same_links,
    topology_of,
)
from multihome.twin.routing.linkstate.speaker import Flood, LocalLsa, Speaker, Total
from multihome.twin.routing.linkstate.spf import (
    UNREACHABLE,
    FirstHop,
    Key,
    Reach,
    Tree,
    Vertex,
    tree_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from multihome.twin.addressing import Prefix
    from multihome.twin.clock import Timer
    from multihome.twin.routing.host import Host
    from multihome.twin.routing.route import NextHop, Route

_ORIGINATE_DELAY: Final = 0.02
_FLOOD_DELAY: Final = 0.005
"""What a router takes to hand an lsa on, in seconds."""
_SYNCHRONIZE_DELAY: Final = 0.01
"""Seconds; later than the hello that makes the neighbour listen."""
_RAPID_RUNS: Final = 3
_HOLD_DOWN: Final = 5.0
"""Junos: after three runs in succession, wait this long (`spf-options` defaults)."""
_MAX_PATHS: Final = 16


class Area:
    """Database, flooding, SPF and routes of one area."""

    def __init__(self, host: Host, speaker: Speaker) -> None:
        self._host, self._speaker = host, speaker
        self.database = Database()
        self.tree: Tree | None = None
        self.installed: dict[Prefix, tuple[Total, Route]] = {}
        self._own: dict[Key, Vertex] = {}
        self._earlier: dict[Key, Lsa] = {}
        """Of an earlier life of ours, and not older than what we say now: to be outnumbered."""
        self._me: Key | None = None
        self._originating: Timer | None = None
        self._flooding: Timer | None = None
        self._flood_queue: dict[Key, tuple[Lsa, str]] = {}
        self._synchronizing: dict[str, None] = {}
        self._spf: Timer | None = None
        self._runs = 0
        self._last_run = float("-inf")

    # --- own lsas -------------------------------------------------------------

    def originate_soon(self) -> None:
        """Something we say may have changed."""
        if self._originating is None or not self._originating.pending:
            self._originating = self._host.after(_ORIGINATE_DELAY, self._originate)

    def _originate(self) -> None:
        said = {statement.key: statement for statement in self._speaker.statements()}
        self._me = next(iter(said), None)
        for statement in said.values():
            self._say(statement)
        for lsa in [lsa for lsa in self._said_before() if lsa.key not in said]:
            self._own.pop(lsa.key, None)
            self._announce(replace(lsa, sequence=lsa.sequence + 1, lifetime=0.0))
        self._earlier.clear()

    def _said_before(self) -> Iterator[Lsa]:
        """What others may still hold of this router's, of this life or an earlier one."""
        for lsa in self.database.everything():
            if lsa.lifetime and lsa.key not in self._earlier and self._is_own(lsa):
                yield lsa
        yield from [lsa for lsa in self._earlier.values() if lsa.lifetime]

    def _is_own(self, lsa: Lsa) -> bool:
        mine = self._me is not None and lsa.key.system == self._me.system
        return mine or lsa.key in self._own

    def _say(self, statement: LocalLsa) -> None:
        held = self.database.get(statement.key)
        vertex = self._own.get(statement.key)
        if vertex is None or not same_links(vertex, statement.links, overload=statement.overload):
            vertex = Vertex(statement.key, statement.links, statement.overload)
            self._own[statement.key] = vertex
        earlier = self._earlier.get(statement.key)
        same = held is not None and held.vertex is vertex and _says_the_same(held, statement)
        if same and earlier is None:
            return
        speaker = self._speaker
        lsa = Lsa(
            vertex=vertex,
            sequence=1 + max((lsa.sequence for lsa in (held, earlier) if lsa), default=0),
            prefixes=statement.prefixes,
            host_name=speaker.host_name,
            area=speaker.area_name,
            attached=statement.attached,
            born=self._host.clock.now,
            lifetime=speaker.lifetime,
        )
        self._announce(lsa)

    def _announce(self, lsa: Lsa) -> None:
        self.database.install(lsa)
        self._flood(lsa, "")
        self.compute_soon()

    # --- flooding ----------------------------------------------------------------

    def receive(self, batch: Flood, interface: str) -> None:
        """LSAs came in from a neighbour."""
        if batch.secret != self._speaker.secret() and self._speaker.secret() is not None:
            return
        news = [self._take(lsa, interface) for lsa in batch.lsas]
        if batch.complete:
            self._supplement(batch, interface)
        if any(news):
            self.compute_soon()

    def _take(self, lsa: Lsa, interface: str) -> bool:
        """Keep an lsa and hand it on, if it is news; whether it was."""
        held = self.database.get(lsa.key)
        if self._me is not None and lsa.key.system == self._me.system:
            if held is not lsa and not self.database.outnumbers(lsa):
                self._earlier[lsa.key] = lsa
                self.originate_soon()
            return False
        if held is not None and confused(held, lsa):
            kept = self._speaker.reconcile(held, lsa)
            self.database.put(kept)
            self._flood(kept, "")
            return kept is not held
        if not self.database.install(lsa):
            return False
        self._flood(lsa, interface)
        return True

    def synchronize(self, interface: str) -> None:
        """There is a new neighbour, or one that missed something: send it everything, soon."""
        if not self._synchronizing:
            self._host.after(_SYNCHRONIZE_DELAY, self._synchronize_now)
        self._synchronizing[interface] = None

    def _synchronize_now(self) -> None:
        waiting, self._synchronizing = self._synchronizing, {}
        interfaces = set(self._speaker.flooding())
        for interface in waiting:
            if interface in interfaces and self._speaker.teaches(interface):
                self._send(interface, self.database.everything(), complete=True)

    def _supplement(self, batch: Flood, interface: str) -> None:
        """Flood the LSAs missing from the full database just received."""
        received = {lsa.key: lsa.sequence for lsa in batch.lsas}
        news = [a for a in self.database.everything() if received.get(a.key, 0) < a.sequence]
        if news:
            self._send(interface, tuple(news))

    def _flood(self, lsa: Lsa, received_on: str) -> None:
        self._flood_queue[lsa.key] = (lsa, received_on)
        if self._flooding is None or not self._flooding.pending:
            delay = _FLOOD_DELAY if received_on else 0.0
            self._flooding = self._host.after(delay, self._flood_now)

    def _flood_now(self) -> None:
        queue, self._flood_queue = self._flood_queue, {}
        for interface in self._speaker.flooding():
            lsas = tuple(a for a, received_on in queue.values() if received_on != interface)
            if lsas:
                self._send(interface, lsas)

    def _send(self, interface: str, lsas: tuple[Lsa, ...], *, complete: bool = False) -> None:
        speaker = self._speaker
        batch = Flood(speaker.area, lsas, speaker.secret(), complete)
        self._host.fabric.send(self._host.name, interface, speaker.protocol, batch)

    # --- shortest paths ----------------------------------------------------------

    def compute_soon(self) -> None:
        """Run SPF after its delay; after too many runs in succession, after the hold-down."""
        if self._spf is not None and self._spf.pending:
            return
        now = self._host.clock.now
        if now - self._last_run > _HOLD_DOWN:
            self._runs = 0
        delay = self._speaker.spf_delay
        if self._runs >= _RAPID_RUNS:
            delay = max(delay, self._last_run + _HOLD_DOWN - now)
        self._spf = self._host.after(delay, self._compute)

    def _compute(self) -> None:
        self._runs = 1 if self._runs >= _RAPID_RUNS else self._runs + 1
        self._last_run = self._host.clock.now
        topology = topology_of(self.database.live())
        root = topology.graph.index.get(self._me) if self._me is not None else None
        if root is None:
            self.tree = None
            self._install({})
        else:
            if self.tree is None or self.tree.graph is not topology.graph or self.tree.root != root:
                self.tree = tree_of(topology.graph, root)
            self._install(self._totals(self.tree, topology.reaches))
        self._speaker.computed()

    def gets_to(self, key: Key) -> bool:
        """Whether the last run of SPF found a way to a vertex."""
        tree = self.tree
        number = None if tree is None else tree.graph.index.get(key)
        return tree is not None and number is not None and tree.distance[number] < UNREACHABLE

    def _totals(
        self, tree: Tree, reaches: dict[Prefix, tuple[tuple[int, Reach], ...]]
    ) -> dict[Prefix, Total]:
        distance, known = tree.distance, {}
        ways: dict[int, tuple[NextHop, ...]] = {}
        serves_ces = self._speaker.serves_ces
        for prefix, announcers in reaches.items():
            heard = [each for each in announcers if not each[1].down] if serves_ces else announcers
            best = _best(heard, distance)
            if best is None:
                continue
            (kind, metric, _), tag, numbers = best
            mask = 0
            for number in numbers:
                mask |= tree.mask[number]
            hops = ways.get(mask)
            if hops is None:
                hops = ways[mask] = self._next_hops(tree, mask)
            if hops or tree.root in numbers:
                known[prefix] = Total(prefix, kind, metric, tag, hops)
        return known

    def _next_hops(self, tree: Tree, mask: int) -> tuple[NextHop, ...]:
        keys = tree.graph.keys
        hops: set[NextHop] = set()
        for hop in tree.hops(mask):
            hops.update(self._gateways(keys, hop))
        return tuple(sorted(hops, key=lambda hop: (hop.to or 0, hop.via or "")))[:_MAX_PATHS]

    def _gateways(self, keys: tuple[Key, ...], hop: FirstHop) -> tuple[NextHop, ...]:
        if hop.neighbor < 0:
            return ()  # the LAN itself: its prefix is our own
        lan = None if hop.lan < 0 else keys[hop.lan]
        return self._speaker.gateways(keys[hop.neighbor], lan)

    # --- routes ------------------------------------------------------------------

    def _install(self, totals: dict[Prefix, Total]) -> None:
        rib = self._host.rib(self._speaker.table)
        for prefix in [prefix for prefix in self.installed if prefix not in totals]:
            self._remove(prefix)
        for prefix, total in totals.items():
            held = self.installed.get(prefix)
            if held is not None and held[0] == total:
                continue
            route = self._speaker.route(total)
            if route is None:
                self._remove(prefix)
            else:
                rib.put(route)
                self.installed[prefix] = (total, route)

    def _remove(self, prefix: Prefix) -> None:
        held = self.installed.pop(prefix, None)
        if held is not None:
            route = held[1]
            self._host.rib(self._speaker.table).withdraw(prefix, route.protocol, route.source)

    def withdraw(self, prefixes: Iterable[Prefix]) -> None:
        """Another source has better routes to these."""
        for prefix in prefixes:
            self._remove(prefix)

    def close(self) -> None:
        """The protocol ends here: no route of it stays, no timer runs on."""
        self._install({})
        for timer in (self._originating, self._flooding, self._spf):
            if timer is not None:
                timer.cancel()

    def reinstall(self) -> None:
        """Write every route again: what a route looks like has changed."""
        self._install({})
        self.compute_soon()


def _says_the_same(held: Lsa, statement: LocalLsa) -> bool:
    return (
        held.lifetime > 0
        and held.prefixes == statement.prefixes
        and held.attached == statement.attached
    )


def _best(
    announcers: Iterable[tuple[int, Reach]], distance: list[int]
) -> tuple[tuple[int, int, int], int | None, list[int]] | None:
    """The lowest (kind, metric, distance), its tag, and all vertices that tie for it."""
    best: tuple[int, int, int] | None = None
    tag: int | None = None
    numbers: list[int] = []
    for number, reach in announcers:
        so_far = distance[number]
        if so_far >= UNREACHABLE:
            continue
        if reach.kind == 2:
            rank = (2, reach.metric, so_far)
        else:
            rank = (reach.kind, so_far + reach.metric, 0)
        if best is None or rank < best:
            best, tag, numbers = rank, reach.tag, [number]
        elif rank == best:
            numbers.append(number)
    return None if best is None else (best, tag, numbers)
