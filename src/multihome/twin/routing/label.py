"""MPLS labels as keys of `mpls.0`, and the label space of one router.

RFC 3032 section 2.1 reserves 0-15.  Junos gives LDP labels from 299776 in steps of 16,
and to `vrf-table-label` instances the lowest free ones from 16.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from multihome.twin.routing.route import label_prefix

if TYPE_CHECKING:
    from multihome.twin.addressing import Prefix

EXPLICIT_NULL: Final = 0
IMPLICIT_NULL: Final = 3
_FIRST: Final = 299776
_STEP: Final = 16
_INNERMOST: Final = 1 << 20


def inner_prefix(label: int) -> Prefix:
    """The key of a label that has more labels below it: `299776(S=0)`.

    A penultimate hop has one beside the plain key, as its pop leaves an MPLS packet then.
    """
    return label_prefix(label | _INNERMOST)


def label_text(prefix: Prefix) -> str:
    """A key of `mpls.0` as `show route table mpls.0` prints it: `299776`, `299776(S=0)`."""
    label = prefix.network & (_INNERMOST - 1)
    return f"{label}(S=0)" if prefix.network & _INNERMOST else str(label)


class DynamicLabels:
    """The labels one router hands out for LDP FECs and VPN next hops; freed ones come back."""

    def __init__(self) -> None:
        self._next = _FIRST
        self._freed: list[int] = []

    def take(self) -> int:
        """The lowest label that is free."""
        if self._freed:
            lowest = min(self._freed)
            self._freed.remove(lowest)
            return lowest
        label, self._next = self._next, self._next + _STEP
        return label

    def free(self, label: int) -> None:
        """Give a label back."""
        self._freed.append(label)
