"""`from`: each kind of condition as a predicate over the route under evaluation."""

from __future__ import annotations

from dataclasses import replace
from operator import eq, ge, le
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from multihome.twin.addressing import Prefix
    from multihome.twin.junos.policy import (
        Conditions,
        Count,
        Policies,
        PrefixListFilter,
        RouteFilter,
    )
    from multihome.twin.routing.policy.subject import Subject


def compile_conditions(
    conditions: Conditions, policies: Policies
) -> tuple[Callable[[Subject], bool], ...]:
    """The predicates that must all hold; none for a term without `from`."""
    return tuple(_predicates(conditions, policies))


def compile_destination(
    conditions: Conditions | None, policies: Policies
) -> tuple[Callable[[Subject], bool], ...]:
    """The predicates of `to`: where the route goes; of its attributes, what `from` says of them.

    The neighbour is the one that sent the route; it is ignored where BGP exports.
    """
    if conditions is None:
        return ()
    directed = [
        (attribute, frozenset(wanted))
        for attribute, wanted in (
            ("protocol", conditions.protocols),
            ("rib", () if conditions.rib is None else (conditions.rib,)),
            ("instance", conditions.instances),
            ("level", () if conditions.level is None else (conditions.level,)),
        )
        if wanted
    ]
    plain = replace(
        conditions, protocols=(), rib=None, instances=(), level=None, neighbors=(), policies=()
    )

    def goes_there(subject: Subject) -> bool:
        destination = subject.destination
        if destination is None:
            return not directed
        asked = destination.received and conditions.neighbors
        if asked and subject.neighbor not in asked:
            return False
        return all(getattr(destination, name) in wanted for name, wanted in directed)

    return (goes_there, *_predicates(plain, policies))


def _predicates(conditions: Conditions, policies: Policies) -> Iterator[Callable[[Subject], bool]]:
    if conditions.protocols:
        yield _one_of("protocol", conditions.protocols)
    if conditions.route_filters or conditions.prefix_lists or conditions.prefix_list_filters:
        yield _addresses(conditions, policies)
    yield from _attributes(conditions)
    if conditions.communities:
        named = [
            policies.communities[n] for n in conditions.communities if n in policies.communities
        ]
        yield lambda subject: any(one.matches(subject.communities) for one in named)
    if conditions.as_paths or conditions.as_path_groups:
        yield _as_paths(conditions, policies)
    if conditions.next_hops:
        yield lambda subject: any(hop in conditions.next_hops for hop in _next_hops(subject))
    if conditions.interfaces:
        yield lambda subject: any(
            hop.via in conditions.interfaces for hop in subject.route.next_hops
        )


def _attributes(conditions: Conditions) -> Iterator[Callable[[Subject], bool]]:
    """The kinds that compare one attribute with what is configured."""
    if conditions.unjudged:
        yield lambda _: False  # accepting everything would be the worse guess
    for count in conditions.counts:
        yield _counted(count)
    for attribute in ("state", "metric", "local_preference", "preference", "family", "rib"):
        wanted = getattr(conditions, attribute)
        if wanted is not None:
            yield _one_of(attribute, (wanted,))
    for attribute, choices in (
        ("neighbor", conditions.neighbors),
        ("tag", conditions.tags),
        ("instance", conditions.instances),
    ):
        if choices:
            yield _one_of(attribute, choices)
    yield from _of_the_route(conditions)


def _of_the_route(conditions: Conditions) -> Iterator[Callable[[Subject], bool]]:
    if conditions.origin is not None:
        word = conditions.origin
        yield lambda subject: subject.origin.name.lower() == word
    if conditions.level is not None:
        yield lambda subject: subject.route.level == conditions.level
    if conditions.route_type is not None:
        external = conditions.route_type == "external"
        yield lambda subject: subject.route.external is external


def _counted(count: Count) -> Callable[[Subject], bool]:
    """A set of AS numbers counts as one (RFC 4271 section 9.1.2.2); repetitions count once each."""
    size = _SIZES[count.what]
    compare = {"equal": eq, "orhigher": ge, "orlower": le}[count.how]
    return lambda subject: compare(size(subject), count.number)


_SIZES: dict[str, Callable[[Subject], int]] = {
    "community-count": lambda subject: len(subject.communities),
    "as-path-calc-length": lambda subject: len(subject.as_path),
    "as-path-unique-count": lambda subject: len(set(subject.as_path)),
}


def _one_of(attribute: str, wanted: Iterable[object]) -> Callable[[Subject], bool]:
    values = frozenset(wanted)
    return lambda subject: getattr(subject, attribute) in values


def _next_hops(subject: Subject) -> Iterator[object]:
    if subject.route.bgp is not None:
        yield subject.route.bgp.next_hop
    for hop in subject.route.next_hops:
        yield hop.to


def _as_paths(conditions: Conditions, policies: Policies) -> Callable[[Subject], bool]:
    patterns = [policies.as_paths[n] for n in conditions.as_paths if n in policies.as_paths]
    for name in conditions.as_path_groups:
        patterns.extend(policies.as_path_groups.get(name, ()))
    return lambda subject: any(pattern.matches(subject.as_path) for pattern in patterns)


def _addresses(conditions: Conditions, policies: Policies) -> Callable[[Subject], bool]:
    """Prefix lists and route filters are alternatives to each other."""
    exact = frozenset(
        prefix for name in conditions.prefix_lists for prefix in policies.prefix_lists.get(name, ())
    )
    looser = tuple(
        matches
        for one in conditions.prefix_list_filters
        for matches in list_matchers(one, policies.prefix_lists)
    )
    matching = filter_matcher(conditions.route_filters)

    def holds(subject: Subject) -> bool:
        prefix = subject.prefix
        if prefix in exact or any(matches(prefix) for matches in looser):
            return True
        return matching(prefix) is not None

    return holds


def filter_matcher(filters: Iterable[RouteFilter]) -> Callable[[Prefix], RouteFilter | None]:
    """Which route filter a prefix matches, if any.

    The one with the longest prefix that covers the route is the only one asked: if its
    match type fails, a shorter one does not get its turn.
    """
    by_prefix: dict[Prefix, list[RouteFilter]] = {}
    for one in filters:
        by_prefix.setdefault(one.asked_of, []).append(one)
    longest_first = sorted(by_prefix, key=lambda prefix: -prefix.length)

    def match(prefix: Prefix) -> RouteFilter | None:
        for covering in longest_first:
            if covering.covers(prefix):
                return next((one for one in by_prefix[covering] if one.matches(prefix)), None)
        return None

    return match


def list_matchers(
    one: PrefixListFilter, lists: Mapping[str, tuple[Prefix, ...]]
) -> Iterator[Callable[[Prefix], bool]]:
    """A predicate for each prefix of a filter's list."""
    for listed in lists.get(one.name, ()):
        yield _PREFIX_LIST_FILTER[one.match](listed)


_PREFIX_LIST_FILTER: dict[str, Callable[[Prefix], Callable[[Prefix], bool]]] = {
    "exact": lambda listed: lambda prefix: prefix == listed,
    "orlonger": lambda listed: listed.covers,
    "longer": lambda listed: lambda prefix: prefix != listed and listed.covers(prefix),
}
