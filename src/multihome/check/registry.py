"""The checks there are, each a pure function from an expectation and evidence to findings.

A check registers itself under the name of the expectation that it judges; its docstring is
what people read about it, the first line in every list.

    @check(BgpSession, needs=lambda expected: [bgp.NEIGHBORS])
    def bgp_session(expected: BgpSession, evidence: Evidence) -> Iterator[Finding]: ...
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from multihome.errors import UnknownName
from multihome.intent.statement import Expectation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from multihome.check.result import Finding
    from multihome.state.query import Evidence, Query

    Needs = Callable[[Any], Sequence[Query[object]]]
    Evaluate = Callable[[Any, Evidence], Iterable[Finding]]

E = TypeVar("E", bound=Expectation)
Judgement: TypeAlias = Callable[[E, "Evidence"], Iterator["Finding"]]


@dataclass(frozen=True, slots=True)
class Check:
    """One check: what it judges, what it asks the router, what it says."""

    name: str
    summary: str
    """The first line of its docstring."""
    description: str
    """The rest of it."""
    expectation: type[Expectation]
    needs: Needs
    evaluate: Evaluate


class Registry:
    """Checks by name."""

    def __init__(self) -> None:
        self._checks: dict[str, Check] = {}

    def add(self, expectation: type[Expectation], needs: Needs, function: Evaluate) -> None:
        """Take a check in; raises ValueError if it is not fit to be read or already there."""
        name = str(expectation.model_fields["check"].default)
        if name in self._checks:
            raise ValueError(f"check {name!r} is already registered")
        words = inspect.getdoc(function)
        if not words:
            raise ValueError(f"check {name!r} needs a docstring: it is what people read of it")
        summary, _, rest = words.partition("\n")
        self._checks[name] = Check(name, summary, rest.strip(), expectation, needs, function)

    def get(self, name: str) -> Check:
        """The check of that name; raises UnknownName."""
        if name not in self._checks:
            raise UnknownName("check", name, self._checks)
        return self._checks[name]

    def __iter__(self) -> Iterator[Check]:
        return iter(self._checks[name] for name in sorted(self._checks))

    def __len__(self) -> int:
        return len(self._checks)


REGISTRY = Registry()


def check(
    expectation: type[E], *, needs: Callable[[E], Sequence[Query[object]]]
) -> Callable[[Judgement[E]], Judgement[E]]:
    """Register a function as the judge of one kind of expectation, under that kind's name."""

    def register(function: Judgement[E]) -> Judgement[E]:
        REGISTRY.add(expectation, needs, function)
        return function

    return register
