"""Checks of a VPN that is shared with sites which the intent does not know.

The intent counts what it knows. Where its VPN carries more, "exactly these prefixes" is asked
as "at least these", and what holds for each of them is left to the checks of single routes:
that nothing came in or went away is seen in the snapshots.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.intent.expectation import (
    AdvertisedRoutes,
    BgpSession,
    PrefixCounts,
    ReceivedRoutes,
)
from multihome.intent.matcher import AtLeast

if TYPE_CHECKING:
    from collections.abc import Iterable

    from multihome.intent.statement import Expectation

_DERIVED = "intent: "
"""How the origin of what follows from the intent begins; the operator's own checks stay."""


def at_least(checks: Iterable[Expectation]) -> tuple[Expectation, ...]:
    """The same checks, in the same order; what they say of single routes stays exact."""
    return tuple(_loosened(each) if each.origin.startswith(_DERIVED) else each for each in checks)


def _loosened(check: Expectation) -> Expectation:
    match check:
        case BgpSession() if check.tables is not None:
            tables = {table: _counts(counts) for table, counts in check.tables.items()}
            return check.model_copy(update={"tables": tables})
        case ReceivedRoutes() | AdvertisedRoutes():
            known = frozenset(
                {*(check.prefixes or ()), *(check.includes or ()), *(check.active or ())}
            )
            update = {
                "prefixes": None,
                "active": None,
                "includes": known or None,
                "count": _least(check.count),
                "each": None,
            }
            return check.model_copy(update=update)
    return check


def _counts(counts: PrefixCounts) -> PrefixCounts:
    found = {name: _least(getattr(counts, name)) for name in PrefixCounts.model_fields}
    return counts.model_copy(update=found)


def _least(value: object) -> object:
    return AtLeast(at_least=value) if isinstance(value, int | float) else value
