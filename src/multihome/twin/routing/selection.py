"""Which route of a prefix is active, in the order Junos evaluates it, and why the others are not.

Selection is elimination, not sorting: a MED is comparable only between paths from the
same neighbour AS, so "better than" is not transitive and a fold over the paths would
depend on the order they came in.  Each step keeps the routes that tie for best and
records the step as the reason of the others.

Source: Junos OS BGP User Guide, "Understanding BGP Path Selection".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from multihome.twin.routing.route import InactiveReason, Multipath, Protocol, Route

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from multihome.twin.junos.model.instances import VpnMultipath

Rank = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Options:
    """`protocols bgp path-selection`, as far as it changes the order of the steps."""

    always_compare_med: bool = False
    med_plus_igp: bool = False
    external_router_id: bool = False
    as_path_ignore: bool = False
    non_deterministic: bool = False
    """Paths are compared two by two, the active one first, then from the newest to the oldest,
    so that the outcome depends on when they came (`cisco-non-deterministic`)."""
    vpn_tie: tuple[int, ...] | None = None
    """The steps in which paths of a VRF must tie to share the load, if its `multipath` says so."""


DEFAULT = Options()


class Selection(NamedTuple):
    """The usable routes, the active one first, and where each of the others lost, in order."""

    routes: tuple[Route, ...]
    inactive: tuple[InactiveReason, ...]


_GROUP_FROM = 4
"""The first step that is decided within a neighbour AS: the MED."""
_BETWEEN_GROUPS = 5
_ACTIVE = 7
_MULTIPATH_FROM = _ACTIVE
"""Routes that tie up to the IGP metric may share the load."""

_INTERIOR, _IGP_METRIC = 5, 6

_STEPS = (
    InactiveReason.PREFERENCE,
    InactiveReason.LOCAL_PREFERENCE,
    InactiveReason.AS_PATH,
    InactiveReason.ORIGIN,
    InactiveReason.MED,
    InactiveReason.INTERIOR,
    InactiveReason.IGP_METRIC,
    InactiveReason.ACTIVE_PREFERRED,
    InactiveReason.SECONDARY,
    InactiveReason.ROUTER_ID,
    InactiveReason.CLUSTER_LIST,
    InactiveReason.PEER_ADDRESS,
    InactiveReason.NO_DIFFERENCE,
)
_GROUP_STEPS = (
    *_STEPS[:_GROUP_FROM],
    InactiveReason.GROUP_MED,
    InactiveReason.GROUP_INTERIOR,
    InactiveReason.GROUP_IGP_METRIC,
    InactiveReason.GROUP_ACTIVE_PREFERRED,
    InactiveReason.GROUP_SECONDARY,
    InactiveReason.GROUP_ROUTER_ID,
    InactiveReason.GROUP_CLUSTER_LIST,
    InactiveReason.GROUP_PEER_ADDRESS,
    InactiveReason.GROUP_NO_DIFFERENCE,
)
_COMPARED_STEPS = (
    *_STEPS[:_GROUP_FROM],
    InactiveReason.ALWAYS_COMPARE_MED,
    *_STEPS[_BETWEEN_GROUPS:],
)


_IN_PAIRS_STEPS = (
    *_STEPS[:_GROUP_FROM],
    InactiveReason.CISCO_MED,
    *_STEPS[_BETWEEN_GROUPS:],
)


def tie_of(multipath: VpnMultipath) -> tuple[int, ...]:
    """The steps in which a path must tie with the best one of a VRF to share the load."""
    ignored: set[int] = set()
    if multipath.unequal_cost:
        ignored.add(_IGP_METRIC)
    if multipath.external_internal:
        ignored.add(_INTERIOR)
    return tuple(step for step in range(_MULTIPATH_FROM) if step not in ignored)


def select(
    routes: Sequence[Route], previous: Route | None = None, options: Options = DEFAULT
) -> Selection:
    """Choose among usable routes of one prefix; `previous` is the one that was active before."""
    if len(routes) == 1:
        return Selection((routes[0],), ())
    held = _held_router_id(routes, previous, options)
    candidates = [_Candidate(_rank(route, previous, held, options), route) for route in routes]
    contest = _Contest()
    survivors = contest.eliminate(candidates, range(_GROUP_FROM), _STEPS)
    if options.always_compare_med:
        [best] = contest.eliminate(survivors, range(_GROUP_FROM, len(_STEPS)), _COMPARED_STEPS)
    elif all(one.route.bgp is None for one in survivors):
        [best] = contest.eliminate(survivors, range(_GROUP_FROM, len(_STEPS)), _STEPS)
    elif options.non_deterministic:
        best = contest.last_standing(sorted(survivors, key=lambda one: _by_age(one, previous)))
    else:
        best = contest.best_of_groups(survivors)
    losers = sorted((one for one in candidates if one is not best), key=_by_rank)
    active = _share_load(best, losers, options)
    reasons = tuple(contest.inactive[one.route] for one in losers)
    return Selection((active, *(one.route for one in losers)), reasons)


class _Candidate(NamedTuple):
    rank: Rank
    route: Route


def _by_rank(candidate: _Candidate) -> Rank:
    return candidate.rank


class _Contest:
    """One selection under way: who lost where so far."""

    def __init__(self) -> None:
        self.inactive: dict[Route, InactiveReason] = {}

    def eliminate(
        self,
        survivors: Sequence[_Candidate],
        steps: Iterable[int],
        reasons: Sequence[InactiveReason],
    ) -> Sequence[_Candidate]:
        """Those that tie for best after the steps."""
        for step in steps:
            best = survivors[0].rank[step]
            for one in survivors:
                if one.rank[step] != best:
                    break
            else:
                continue
            best = min(one.rank[step] for one in survivors)
            for one in survivors:
                if one.rank[step] != best:
                    self.inactive[one.route] = reasons[step]
            survivors = [one for one in survivors if one.rank[step] == best]
        return survivors

    def best_of_groups(self, candidates: Sequence[_Candidate]) -> _Candidate:
        """Deterministic MED: the best of each neighbour AS, then the best of those."""
        groups: dict[int, list[_Candidate]] = {}
        for one in candidates:
            groups.setdefault(_neighbour_as(one.route), []).append(one)
        every_step = range(_GROUP_FROM, len(_STEPS))
        finalists = [
            winner
            for group in groups.values()
            for winner in self.eliminate(group, every_step, _GROUP_STEPS)
        ]
        [best] = self.eliminate(finalists, range(_BETWEEN_GROUPS, len(_STEPS)), _STEPS)
        return best

    def last_standing(self, candidates: Sequence[_Candidate]) -> _Candidate:
        """Compared two by two; a MED counts between paths from one neighbour AS."""
        best = candidates[0]
        for one in candidates[1:]:
            same_as = _neighbour_as(best.route) == _neighbour_as(one.route)
            first = _GROUP_FROM if same_as else _BETWEEN_GROUPS
            [best] = self.eliminate((best, one), range(first, len(_STEPS)), _IN_PAIRS_STEPS)
        return best


def _by_age(candidate: _Candidate, previous: Route | None) -> tuple[bool, float, Rank]:
    route = candidate.route
    return not _same(route, previous), -route.installed, candidate.rank


def _rank(route: Route, previous: Route | None, held: int | None, options: Options) -> Rank:
    """One number per step, the lowest of which survives it."""
    bgp = route.bgp
    if bgp is None:
        metric = route.metric or 0
        secondary = int(route.primary_table is not None)
        order = (route.preference, 0, 0, 0, metric, 0, 0, 0, secondary, _PLACE[route.protocol])
        return *order, 0, 0, route.source
    med = bgp.med or 0
    igp = route.metric2 or 0
    identifier = _router_id(route)
    ours = held is None or identifier == held or _same(route, previous)
    return (
        route.preference,
        -1 - (100 if bgp.local_preference is None else bgp.local_preference),
        0 if options.as_path_ignore else len(bgp.as_path),
        int(bgp.origin),
        med + igp if options.med_plus_igp else med,
        1 if route.peer_external else 2,
        igp,
        0 if ours else 1,
        0 if route.primary_table is None else 1,
        identifier,
        len(bgp.cluster_list),
        route.learned_from or 0,
        route.source,
    )


_PLACE = {protocol: place for place, protocol in enumerate(Protocol)}


def _router_id(route: Route) -> int:
    """ORIGINATOR_ID replaces the router ID (RFC 4456 section 9)."""
    bgp = route.bgp
    return (bgp and bgp.originator_id) or route.peer_id or 0


def _held_router_id(
    routes: Sequence[Route], previous: Route | None, options: Options
) -> int | None:
    """The router ID of an external route that is active already, which its equals cannot oust."""
    if previous is None or options.external_router_id or not previous.external:
        return None
    for route in routes:
        if _same(route, previous) and route.external:
            return _router_id(route)
    return None


def _same(route: Route, other: Route | None) -> bool:
    return other is not None and route.source == other.source and route.protocol is other.protocol


def _neighbour_as(route: Route) -> int:
    """Of a path that begins with a set, none (RFC 4271 section 9.1.2.2)."""
    first = route.bgp.as_path[0] if route.bgp is not None and route.bgp.as_path else 0
    return first if isinstance(first, int) else 0


def _share_load(best: _Candidate, losers: Sequence[_Candidate], options: Options) -> Route:
    """`multipath`: the active route goes out by the next hops of its equals as well.

    Equal is what ties up to the IGP metric.  A MED says nothing across neighbour ASes: there
    a path must have the least of its own AS.
    """
    vpn_tie = options.vpn_tie
    if best.route.bgp is None or (vpn_tie is None and best.route.multipath is Multipath.NONE):
        return best.route
    tie = [step for step in vpn_tie or range(_MULTIPATH_FROM) if step != _GROUP_FROM]
    equals = [one for one in losers if all(one.rank[step] == best.rank[step] for step in tie)]
    least = _least_meds([best, *losers], options)
    next_hops = list(best.route.next_hops)
    for rank, route in equals:
        least_med = rank[_GROUP_FROM] == least[_comparable(route, options)]
        if least_med and (vpn_tie is not None or _may_share(best.route, route)):
            next_hops.extend(hop for hop in route.next_hops if hop not in next_hops)
    if len(next_hops) == len(best.route.next_hops):
        return best.route
    return best.route._replace(next_hops=tuple(next_hops))


def _least_meds(candidates: Sequence[_Candidate], options: Options) -> dict[int, int | str]:
    """By neighbour AS, among those whose MED was asked for at all."""
    least: dict[int, int | str] = {}
    before_med = candidates[0].rank[:_GROUP_FROM]
    for rank, route in candidates:
        if rank[:_GROUP_FROM] == before_med:
            key, med = _comparable(route, options), rank[_GROUP_FROM]
            least[key] = min(least.get(key, med), med)
    return least


def _comparable(route: Route, options: Options) -> int:
    return 0 if options.always_compare_med else _neighbour_as(route)


def _may_share(best: Route, route: Route) -> bool:
    if route.multipath is Multipath.NONE:
        return False
    return best.multipath is Multipath.ANY_AS or _neighbour_as(best) == _neighbour_as(route)
