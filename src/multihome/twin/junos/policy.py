"""`policy-options` as frozen values; `multihome.twin.routing.policy.evaluation` evaluates them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from multihome.twin.addressing import Prefix

if TYPE_CHECKING:
    from collections.abc import Mapping

    from multihome.twin.addressing import Address
    from multihome.twin.junos.aspath import AsPathPattern
    from multihome.twin.junos.community import Community


class Disposition(StrEnum):
    """Where evaluation goes after a term that matched."""

    ACCEPT = "accept"
    REJECT = "reject"
    NEXT_TERM = "next term"
    NEXT_POLICY = "next policy"


class Amend(StrEnum):
    """How an action changes a number."""

    SET = "set"
    ADD = "add"
    SUBTRACT = "subtract"
    IGP = "igp"
    MINIMUM_IGP = "minimum-igp"


class NextHopAction(StrEnum):
    """`then next-hop` other than an address."""

    SELF = "self"
    PEER_ADDRESS = "peer-address"
    REJECT = "reject"
    DISCARD = "discard"


@dataclass(frozen=True, slots=True)
class Change:
    """`metric add 10`: how, and by how much."""

    how: Amend
    value: int = 0


@dataclass(frozen=True, slots=True)
class RouteFilter:
    """`route-filter P ...`: prefixes inside P whose length lies between two bounds.

    `through` narrows that to the prefixes on the way from P down to another one.  With
    `address-mask` the bits of the mask alone must be P's, wherever they are.
    """

    prefix: Prefix
    shortest: int
    longest: int
    through: Prefix | None = None
    mask: int | None = None
    actions: Actions | None = None
    """Given with the filter itself: they take the place of the term's."""

    def matches(self, prefix: Prefix) -> bool:
        """Whether the prefix is inside, and of a length in the range."""
        if self.mask is not None:
            differs = (prefix.network ^ self.prefix.network) & self.mask
            return prefix.length == self.prefix.length and not differs
        if not (self.shortest <= prefix.length <= self.longest and self.prefix.covers(prefix)):
            return False
        return self.through is None or prefix.covers(self.through)

    @property
    def asked_of(self) -> Prefix:
        """The prefix a route lies in for the filter to be asked at all: under a mask, its head."""
        if self.mask is None:
            return self.prefix
        head = 32 - (0xFFFFFFFF ^ self.mask).bit_length()
        return Prefix.of(self.prefix.network, min(head, self.prefix.length))


@dataclass(frozen=True, slots=True)
class PrefixListFilter:
    """`prefix-list-filter LIST exact|longer|orlonger`."""

    name: str
    match: str
    actions: Actions | None = None
    """As with a route filter; a `prefix-list` that has some is an exact filter."""


@dataclass(frozen=True, slots=True)
class Count:
    """`community-count 5 orhigher`: of what there must be how many."""

    what: str
    number: int
    how: str
    """`equal`, `orhigher` or `orlower`."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """`from`: every kind that is given must match; of one kind, any value may.

    Prefix lists, prefix-list filters and route filters are one kind together.
    """

    protocols: tuple[str, ...] = ()
    route_filters: tuple[RouteFilter, ...] = ()
    prefix_lists: tuple[str, ...] = ()
    prefix_list_filters: tuple[PrefixListFilter, ...] = ()
    communities: tuple[str, ...] = ()
    as_paths: tuple[str, ...] = ()
    as_path_groups: tuple[str, ...] = ()
    neighbors: tuple[Address, ...] = ()
    next_hops: tuple[Address, ...] = ()
    interfaces: tuple[str, ...] = ()
    state: str | None = None
    metric: int | None = None
    local_preference: int | None = None
    preference: int | None = None
    tags: tuple[int, ...] = ()
    origin: str | None = None
    family: str | None = None
    rib: str | None = None
    instances: tuple[str, ...] = ()
    level: int | None = None
    route_type: str | None = None
    policies: tuple[str, ...] = ()
    """Names or expressions of policies that must accept the route."""
    counts: tuple[Count, ...] = ()
    unjudged: tuple[str, ...] = ()
    """Kinds of conditions that are configured and cannot be judged: the term never matches."""


@dataclass(frozen=True, slots=True)
class Actions:
    """`then`: changes in the order of this class, then where to go."""

    metric: Change | None = None
    local_preference: Change | None = None
    preference: Change | None = None
    tag: Change | None = None
    communities: tuple[tuple[str, str], ...] = ()
    """`(add|delete|set, name)` in the order given."""
    as_path_prepend: tuple[int, ...] = ()
    as_path_expand: tuple[int, ...] = ()
    """AS numbers given for `as-path-expand`."""
    as_path_repeat: int = 0
    """`as-path-expand last-as`: how often the first AS number of the path is repeated."""
    origin: str | None = None
    external_type: int | None = None
    """Of OSPF externals."""
    next_hop: Address | NextHopAction | None = None
    disposition: Disposition | None = None
    default: Disposition | None = None
    """`default-action`: what the chain ends with if nothing else does."""


@dataclass(frozen=True, slots=True)
class Term:
    """One term; the statements outside any term are one without a name."""

    name: str
    conditions: Conditions
    actions: Actions
    to: Conditions | None = None
    """Where the route is going: protocol, instance, table and level of its destination."""


@dataclass(frozen=True, slots=True)
class Policy:
    """One `policy-statement`."""

    name: str
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Policies:
    """Everything below `policy-options`; frozen, so that two of them can be compared."""

    statements: Mapping[str, Policy] = field(default_factory=dict)
    prefix_lists: Mapping[str, tuple[Prefix, ...]] = field(default_factory=dict)
    communities: Mapping[str, Community] = field(default_factory=dict)
    as_paths: Mapping[str, AsPathPattern] = field(default_factory=dict)
    as_path_groups: Mapping[str, tuple[AsPathPattern, ...]] = field(default_factory=dict)


# --- policy expressions ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Name:
    """A policy by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class Not:
    """`!policy`."""

    term: Expression


@dataclass(frozen=True, slots=True)
class Both:
    """`a && b`."""

    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Either:
    """`a || b`."""

    left: Expression
    right: Expression


Expression = Name | Not | Both | Either


def parse_expression(text: str) -> Expression:
    """Read one element of a policy chain; raises ValueError for an expression cut short.

    Source: Junos OS Routing Policies User Guide, "Understanding Policy Expressions".
    """
    tokens = _tokens(text)
    expression = _either(tokens)
    if tokens:
        raise ValueError(f"{text!r} is not a policy expression at {tokens[0]!r}")
    return expression


def names_in(expression: Expression) -> tuple[str, ...]:
    """The policies an expression speaks of."""
    match expression:
        case Name(name):
            return (name,)
        case Not(term):
            return names_in(term)
        case Both(left, right) | Either(left, right):
            return names_in(left) + names_in(right)


def _tokens(text: str) -> list[str]:
    spaced = text
    for operator in ("(", ")", "&&", "||", "!"):
        spaced = spaced.replace(operator, f" {operator} ")
    return spaced.split()


def _either(tokens: list[str]) -> Expression:
    left = _both(tokens)
    while tokens and tokens[0] == "||":
        tokens.pop(0)
        left = Either(left, _both(tokens))
    return left


def _both(tokens: list[str]) -> Expression:
    left = _single(tokens)
    while tokens and tokens[0] == "&&":
        tokens.pop(0)
        left = Both(left, _single(tokens))
    return left


def _single(tokens: list[str]) -> Expression:
    if not tokens:
        raise ValueError("a policy expression is cut short")
    word = tokens.pop(0)
    if word == "!":
        return Not(_single(tokens))
    if word == "(":
        inner = _either(tokens)
        if not tokens or tokens.pop(0) != ")":
            raise ValueError("a parenthesis of a policy expression is not closed")
        return inner
    return Name(word)
