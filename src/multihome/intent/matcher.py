"""How an expected value meets an actual one: exactly, unless asked otherwise.

A plain value means equality.  Everything looser is spelt out as a mapping of one word:

    med: 10                                   exactly 10
    med: {at least: 10}                       10 or more
    med: {at most: 150}                       150 or less
    med: {between: [10, 20]}                  10 to 20, ends included
    rtt: {near: 5, tolerance: 2}              3 to 7
    state: {one of: [Established, OpenConfirm]}
    as-path: {matches: "1 .*I"}               the whole text, never a part of it
    next-hop: {within: 4.0.0.0/24}            an address of the network
    med: {absent: true}                       the attribute is not there
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Annotated, Generic, Literal, TypeAlias, TypeGuard, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StrictInt,
    StrictStr,
    Tag,
    field_validator,
)


def number(value: object) -> int | float:
    """Take a number as it is; text, and true or false, are none."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    raise ValueError(f"{value!r} is not a number")


def network(value: object) -> IPv4Network | IPv6Network:
    """Read a prefix strictly: text or a network, no host bits, no bare number."""
    if isinstance(value, IPv4Network | IPv6Network):
        return value
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not a prefix such as 10.0.0.0/24")  # noqa: TRY004 - pydantic collects ValueError only
    return ip_network(value)


def address(value: object) -> IPv4Address | IPv6Address:
    """Read an address strictly: text or an address, no bare number."""
    if isinstance(value, IPv4Address | IPv6Address):
        return value
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not an address such as 10.0.0.1")  # noqa: TRY004 - pydantic collects ValueError only
    return ip_address(value)


ExactNumber: TypeAlias = Annotated[int | float, BeforeValidator(number)]
ExactAddress: TypeAlias = Annotated[IPv4Address | IPv6Address, BeforeValidator(address)]
ExactPrefix: TypeAlias = Annotated[IPv4Network | IPv6Network, BeforeValidator(network)]


class Matcher(BaseModel):
    """What may stand in place of an exact value; one word says which."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    def accepts(self, actual: object) -> bool:
        """Whether the actual value is one of those meant; None is a value that is not there."""
        raise NotImplementedError


class Matches(Matcher):
    """A regular expression for the whole text."""

    matches: StrictStr

    @field_validator("matches")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from error
        return pattern

    def accepts(self, actual: object) -> bool:
        """Whether the text as a whole matches."""
        return actual is not None and re.fullmatch(self.matches, str(actual)) is not None

    def __str__(self) -> str:
        return f"text matching {self.matches!r}"


class AtLeast(Matcher):
    """A number and everything above it."""

    at_least: ExactNumber = Field(alias="at least")

    def accepts(self, actual: object) -> bool:
        """Whether it is a number not below."""
        return _is_number(actual) and actual >= self.at_least

    def __str__(self) -> str:
        return f"at least {self.at_least}"


class AtMost(Matcher):
    """A number and everything below it."""

    at_most: ExactNumber = Field(alias="at most")

    def accepts(self, actual: object) -> bool:
        """Whether it is a number not above."""
        return _is_number(actual) and actual <= self.at_most

    def __str__(self) -> str:
        return f"at most {self.at_most}"


class Between(Matcher):
    """Two numbers and what lies between, both ends included."""

    between: tuple[ExactNumber, ExactNumber]

    @field_validator("between")
    @classmethod
    def _in_order(cls, ends: tuple[float, float]) -> tuple[float, float]:
        if ends[0] > ends[1]:
            raise ValueError(f"the lower end {ends[0]} is above the upper end {ends[1]}")
        return ends

    def accepts(self, actual: object) -> bool:
        """Whether it is a number not outside."""
        low, high = self.between
        return _is_number(actual) and low <= actual <= high

    def __str__(self) -> str:
        return f"{self.between[0]} to {self.between[1]}"


class Near(Matcher):
    """A number give or take a tolerance in the same unit."""

    near: ExactNumber
    tolerance: ExactNumber

    @field_validator("tolerance")
    @classmethod
    def _not_negative(cls, tolerance: float) -> float:
        if tolerance < 0:
            raise ValueError("a tolerance is not negative")
        return tolerance

    def accepts(self, actual: object) -> bool:
        """Whether it is a number no farther away than the tolerance."""
        return _is_number(actual) and abs(actual - self.near) <= self.tolerance

    def __str__(self) -> str:
        return f"{self.near} ± {self.tolerance}"


T = TypeVar("T")


class OneOf(Matcher, Generic[T]):
    """Any of the values listed, compared exactly."""

    one_of: tuple[T, ...] = Field(alias="one of", min_length=1)

    def accepts(self, actual: object) -> bool:
        """Whether it equals one of them."""
        return actual in self.one_of

    def __str__(self) -> str:
        return "one of " + ", ".join(str(value) for value in self.one_of)


class Within(Matcher):
    """An address inside a network."""

    within: ExactPrefix

    def accepts(self, actual: object) -> bool:
        """Whether it is an address, and inside."""
        return isinstance(actual, IPv4Address | IPv6Address) and actual in self.within

    def __str__(self) -> str:
        return f"an address of {self.within}"


class Absent(Matcher):
    """The attribute is not there at all."""

    absent: Literal[True] = True

    def accepts(self, actual: object) -> bool:
        """Whether there is nothing."""
        return actual is None

    def __str__(self) -> str:
        return "none"


_WORDS = {
    "matches": "matches",
    "at least": "at least",
    "at_least": "at least",
    "at most": "at most",
    "at_most": "at most",
    "between": "between",
    "near": "near",
    "one of": "one of",
    "one_of": "one of",
    "within": "within",
    "absent": "absent",
}
_CLASSES: dict[type[Matcher], str] = {
    Matches: "matches",
    AtLeast: "at least",
    AtMost: "at most",
    Between: "between",
    Near: "near",
    Within: "within",
    Absent: "absent",
}


def _kind(value: object) -> str:
    """Which form a value has; an unknown word is no form at all."""
    if isinstance(value, OneOf):
        return "one of"
    if isinstance(value, Matcher):
        return _CLASSES[type(value)]
    if not isinstance(value, dict):
        return "exactly"
    return next((_WORDS[key] for key in value if key in _WORDS), "unknown")


_FORM = Discriminator(
    _kind,
    custom_error_type="matcher",
    custom_error_message=(
        "is neither a plain value nor one of: matches, at least, at most, between, near, "
        "one of, within, absent (as far as they make sense here)"
    ),
)

Number: TypeAlias = Annotated[
    Annotated[ExactNumber, Tag("exactly")]
    | Annotated[AtLeast, Tag("at least")]
    | Annotated[AtMost, Tag("at most")]
    | Annotated[Between, Tag("between")]
    | Annotated[Near, Tag("near")]
    | Annotated[OneOf[StrictInt], Tag("one of")]
    | Annotated[Absent, Tag("absent")],
    _FORM,
]
Text: TypeAlias = Annotated[
    Annotated[StrictStr, Tag("exactly")]
    | Annotated[Matches, Tag("matches")]
    | Annotated[OneOf[StrictStr], Tag("one of")]
    | Annotated[Absent, Tag("absent")],
    _FORM,
]
Address: TypeAlias = Annotated[
    Annotated[ExactAddress, Tag("exactly")]
    | Annotated[OneOf[ExactAddress], Tag("one of")]
    | Annotated[Within, Tag("within")]
    | Annotated[Absent, Tag("absent")],
    _FORM,
]


def among(words: frozenset[str]) -> AfterValidator:
    """For a text that a router says in one of these words: any other is a slip of the pen."""

    def known(value: object) -> object:
        said = value.one_of if isinstance(value, OneOf) else (value,)
        for word in said:
            if isinstance(word, str) and word not in words:
                near = get_close_matches(word, words, n=1, cutoff=0.5)
                meant = f"; did you mean {near[0]!r}?" if near else ""
                raise ValueError(f"{word!r} is none of {', '.join(sorted(words))}{meant}")
        return value

    return AfterValidator(known)


def accepts(expected: object, actual: object) -> bool:
    """Whether an actual value satisfies an expected one, exact or matcher."""
    if isinstance(expected, Matcher):
        return expected.accepts(actual)
    if _is_number(expected) and not _is_number(actual):
        return False
    return expected == actual


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
