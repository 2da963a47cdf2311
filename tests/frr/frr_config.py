"""FRR's configuration of one router, made from its Junos configuration.

Sessions run between addresses of 127/8; route-maps write the real addresses into the next
hops, so that what arrives can be compared word for word.  The default table of a PE plays
its VRF and is leaked to and from VPNv4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from frr_policy import ORIGINS, Chains, Entry, lists, render
from frr_statements import Untranslatable
from frr_world import addresses, vrfs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from frr_world import Session, World

_LABEL = 16
_FORGET = "large-comm-list any-origin delete"
_RULES = (
    "no bgp ebgp-requires-policy",
    "no bgp default ipv4-unicast",
    "no bgp network import-check",
    "bgp deterministic-med",
    "bgp route-reflector allow-outbound-policy",
    "coalesce-time 50",
)
_SELECTION = {
    "external-router-id": "bgp bestpath compare-routerid",
    "always-compare-med": "bgp always-compare-med",
    "as-path-ignore": "bgp bestpath as-path ignore",
}
_DISGUISES = {"private": "no-prepend", "no-prepend-global-as": "no-prepend replace-as"}


def config(world: World, name: str, port: int) -> str:
    """The whole configuration of a router's bgpd; raises Untranslatable."""
    return "\n".join(_Bgpd(world, name, port).lines()) + "\n"


class _Bgpd:
    """The configuration of one router under way."""

    def __init__(self, world: World, name: str, port: int) -> None:
        self.world, self.name, self.port = world, name, port
        self.router = world.routers[name]
        self.sessions = world.sessions(name)
        self.options = self.router.under("policy-options")
        self.vrfs = vrfs(self.router)
        self.own_routes = world.own_routes(name)

    def lines(self) -> Iterator[str]:
        """Policies first: a route-map that is not there yet accepts nothing."""
        yield f"hostname {self.name}"
        yield "bgp route-map delay-timer 0"
        yield from lists(self.options)
        for session in self.sessions:
            yield from self._marks(session)
            yield from render(f"out-{session.far}", list(self._out(session)))
            yield from render(f"in-{session.far}", list(self._in(session)))
        yield from self._origins()
        yield f"router bgp {self.router.value('routing-options', 'autonomous-system')}"
        yield from (f" {line}" for line in self._speaker())

    # --- route-maps ------------------------------------------------------------------

    def _mark(self, session: Session) -> str:
        """What tells the routes of one neighbour, so that they do not go back to it."""
        return f"0:1:{[*self.world.routers].index(session.far)}"

    def _marks(self, session: Session) -> Iterator[str]:
        yield f"bgp as-path access-list from-{session.far} permit ^{session.peer_as}_"
        for name in (f"from-{session.far}", "any-origin"):
            yield f"bgp large-community-list standard {name} permit {self._mark(session)}"

    def _in(self, session: Session) -> Iterator[Entry]:
        if session.vpn:
            yield Entry(sets=[f"large-community {ORIGINS['bgp']} additive"])
            return
        sets = [f"large-community {ORIGINS['bgp']} {self._mark(session)} additive"]
        preference = None if session.internal else session.value("local-preference")
        if preference:
            sets.append(f"local-preference {preference}")
        yield Entry("heard", sets=sets, goto="0/start")
        chains = Chains(self.options, session.local, session.peer)
        yield from chains.entries(session.values("import"), default=True, finally_set=[])

    def _out(self, session: Session) -> Iterator[Entry]:
        if session.vpn:
            yield Entry(sets=[_FORGET])
            return
        yield from self._inside(session) if session.internal else self._abroad(session)
        chains = Chains(self.options, session.local, session.peer)
        yield from chains.entries(session.values("export"), default=None, finally_set=[_FORGET])

    def _metric_out(self, session: Session) -> list[str]:
        metric = session.value("metric-out")
        if metric is not None and not metric.isdigit():
            raise Untranslatable(f"metric-out {metric}")
        return [] if metric is None else [f"metric {metric}"]

    def _inside(self, session: Session) -> Iterator[Entry]:
        """Unless policy says otherwise: our own routes with our own address."""
        metric = self._metric_out(session)
        for word in ("static", "direct", "aggregate"):
            match = (f"large-community from-{word}",)
            yield Entry(f"head-{word}", match, [f"ip next-hop {session.local}", *metric], "0/start")
        if metric:
            yield Entry("head", (), metric, "0/start")

    def _abroad(self, session: Session) -> Iterator[Entry]:
        """Nothing back to its sender or into the AS it came from; our own address."""
        yield Entry(matches=(f"large-community from-{session.far}",), permit=False)
        if not (session.has("as-override") or session.has("advertise-peer-as")):
            yield Entry(matches=(f"as-path from-{session.far}",), permit=False)
        sets = [f"ip next-hop {session.local}", *self._metric_out(session)]
        if self.vrfs and len(sets) == 1:
            # FRR takes what comes from another VRF for its own, and sends its MED abroad.
            match = ("large-community from-bgp",)
            yield Entry("head-bgp", match, [*sets, "metric 0"], "0/start")
        yield Entry("head", (), sets, "0/start")

    def _origins(self) -> Iterator[str]:
        for number, (kind, metric, communities) in enumerate(self.own_routes.values()):
            yield f"route-map origin-{number} permit 1"
            yield f" set large-community {ORIGINS[kind]}"
            if metric:
                yield f" set metric {metric}"
            if communities:
                yield f" set community {' '.join(communities)}"

    # --- router bgp ---------------------------------------------------------------------

    def _speaker(self) -> Iterator[str]:
        yield f"bgp router-id {self._router_id()}"
        yield from _RULES
        selection = self.router.under("protocols", "bgp", "path-selection")
        yield from (line for word, line in _SELECTION.items() if selection.has(word))
        clusters = {session.value("cluster") for session in self.sessions} - {None}
        yield from (f"bgp cluster-id {cluster}" for cluster in clusters)
        if any(session.has("no-client-reflect") for session in self.sessions):
            yield "no bgp client-to-client reflection"
        for session in self.sessions:
            place = self.world.places[session.far]
            yield from (f"neighbor {place} {line}" for line in self._peering(session))
        yield from self._unicast()
        if any(session.vpn for session in self.sessions):
            yield "address-family ipv4 vpn"
            yield from (line for s in self.sessions if s.vpn for line in self._family(s))
            yield "exit-address-family"

    def _router_id(self) -> str:
        configured = self.router.value("routing-options", "router-id")
        loopbacks = [a for i, a, _ in addresses(self.router) if i.startswith("lo0")]
        return configured or (loopbacks or [addresses(self.router)[0][1]])[0]

    def _peering(self, session: Session) -> Iterator[str]:
        yield f"remote-as {session.peer_as}"
        yield f"port {self.port}"
        yield f"update-source {self.world.places[self.name]}"
        yield "timers connect 1"
        yield "advertisement-interval 0"
        yield "disable-connected-check"
        if words := session.phrase("local-as"):
            if set(words[1:]) - _DISGUISES.keys():
                raise Untranslatable(f"local-as {' '.join(words)}")
            yield " ".join(["local-as", words[0], *(_DISGUISES[word] for word in words[1:])])
        if session.has("passive"):
            yield "passive"
        if key := session.value("authentication-key"):
            yield f"password {key[:80]}"

    def _unicast(self) -> Iterator[str]:
        yield "address-family ipv4 unicast"
        for number, prefix in enumerate(self.own_routes):
            yield f" network {prefix} route-map origin-{number}"
        yield from (line for s in self.sessions if not s.vpn for line in self._family(s))
        for name in self.vrfs:
            yield from self._leaks(name)
        yield "exit-address-family"

    def _leaks(self, name: str) -> Iterator[str]:
        vrf = self.router.under("routing-instances", name)
        by_policy = vrf.has("vrf-import") or vrf.has("vrf-export")
        if by_policy or not vrf.has("vrf-table-label") or len(self.vrfs) > 1:
            raise Untranslatable("several VRFs, one by policy, or a label for each next hop")
        loopback = next(session.local for session in self.sessions if session.vpn)
        yield f" rd vpn export {vrf.value('route-distinguisher')}"
        yield f" rt vpn both {(vrf.value('vrf-target') or '').removeprefix('target:')}"
        yield f" label vpn export {_LABEL}"
        yield f" nexthop vpn export {self.world.alias(self.name, loopback)}"
        yield " export vpn"
        yield " import vpn"

    def _family(self, session: Session) -> Iterator[str]:
        neighbor = f" neighbor {self.world.places[session.far]}"
        yield f"{neighbor} activate"
        yield f"{neighbor} send-community all"
        yield f"{neighbor} route-map in-{session.far} in"
        yield f"{neighbor} route-map out-{session.far} out"
        if session.internal and session.has("cluster"):
            yield f"{neighbor} route-reflector-client"
        if session.has("as-override"):
            yield f"{neighbor} as-override"
        if loops := self._loops(session):
            yield f"{neighbor} allowas-in {loops}"

    def _loops(self, session: Session) -> int:
        """How often the own AS may be seen."""
        family = session.value("family", "inet", "unicast", "loops")
        if family:
            return int(family)
        words = self.router.phrases("routing-options", "autonomous-system")[0]
        return int(words[words.index("loops") + 1]) - 1 if "loops" in words else 0
