"""What came of asking one router: a value or an error, never nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

    from multihome.errors import MultihomeError

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T_co]):
    """One router's part of a task; `seconds` is how long it took, opening included."""

    router: str
    value: T_co | None = None
    error: MultihomeError | None = None
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether there is a value, which may well be None."""
        return self.error is None

    def get(self) -> T_co:
        """The value; raises the error if that is what came of it."""
        if self.error is not None:
            raise self.error
        return cast("T_co", self.value)


def values(outcomes: Mapping[str, Outcome[T]]) -> dict[str, T]:
    """The values of those that have one."""
    return {router: outcome.get() for router, outcome in outcomes.items() if outcome.ok}


def errors(outcomes: Mapping[str, Outcome[T]]) -> dict[str, MultihomeError]:
    """The errors of those that have one."""
    return {router: o.error for router, o in outcomes.items() if o.error is not None}
