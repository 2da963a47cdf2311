"""`then`: each action as an edit of the route under evaluation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.junos.community import in_order
from multihome.twin.junos.policy import Amend
from multihome.twin.routing.route import Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from multihome.twin.junos.community import Community
    from multihome.twin.junos.policy import Actions, Change, Policies
    from multihome.twin.routing.policy.subject import Subject

_MOST = 0xFFFFFFFF


def compile_actions(actions: Actions, policies: Policies) -> tuple[Callable[[Subject], None], ...]:
    """The edits, in the order they apply; where to go next is not one of them."""
    return tuple(_edits(actions, policies))


def _edits(actions: Actions, policies: Policies) -> Iterator[Callable[[Subject], None]]:
    for attribute in ("metric", "local_preference", "preference", "tag"):
        change: Change | None = getattr(actions, attribute)
        if change is not None:
            yield _number(attribute, change)
    for how, name in actions.communities:
        if name in policies.communities:
            yield _COMMUNITY_EDITS[how](policies.communities[name])
    yield from _assignments(actions)
    if actions.as_path_prepend:
        yield _prepend(actions.as_path_prepend)
    if actions.as_path_expand or actions.as_path_repeat:
        yield _expand(actions.as_path_expand, actions.as_path_repeat)


def _assignments(actions: Actions) -> Iterator[Callable[[Subject], None]]:
    origin = None if actions.origin is None else Origin[actions.origin.upper()]
    for attribute, value in (
        ("origin", origin),
        ("next_hop", actions.next_hop),
        ("external_type", actions.external_type),
    ):
        if value is not None:
            yield _assign(attribute, value)


def _assign(attribute: str, value: object) -> Callable[[Subject], None]:
    return lambda subject: setattr(subject, attribute, value)


def _number(attribute: str, change: Change) -> Callable[[Subject], None]:
    """A sum stays within 32 bits: Junos keeps to the bound instead of wrapping round."""
    start = 100 if attribute == "local_preference" else 0
    edits_metric = attribute == "metric"

    def edit(subject: Subject) -> None:
        before = getattr(subject, attribute)
        value = _AMENDS[change.how](subject, start if before is None else before, change.value)
        setattr(subject, attribute, max(0, min(_MOST, value)))
        subject.metric_edited |= edits_metric

    return edit


_AMENDS: dict[Amend, Callable[[Subject, int, int], int]] = {
    Amend.SET: lambda _, __, value: value,
    Amend.ADD: lambda _, before, value: before + value,
    Amend.SUBTRACT: lambda _, before, value: before - value,
    Amend.IGP: lambda subject, _, value: (subject.igp_metric or 0) + value,
    Amend.MINIMUM_IGP: lambda subject, _, value: (subject.minimum_igp or 0) + value,
}


def _prepend(numbers: tuple[int, ...]) -> Callable[[Subject], None]:
    def edit(subject: Subject) -> None:
        subject.as_path = numbers + subject.as_path
        subject.prepended += len(numbers)

    return edit


def _expand(numbers: tuple[int, ...], repeat: int) -> Callable[[Subject], None]:
    """After a prepend of the same term on import, whose numbers `last-as` repeats.

    On export the local AS comes between the two: numbers are prepended in front of it, and
    expanded behind it (Junos OS Routing Policies User Guide, `as-path-expand`).
    """

    def edit(subject: Subject) -> None:
        received = subject.destination is not None and subject.destination.received
        place = 0 if received else subject.prepended
        front, path = subject.as_path[:place], subject.as_path[place:]
        added = numbers + path[:1] * repeat
        subject.as_path = front + added + path
        subject.prepended += len(added) if received else 0

    return edit


def _add(community: Community) -> Callable[[Subject], None]:
    def edit(subject: Subject) -> None:
        subject.communities = in_order(subject.communities + community.literals)

    return edit


def _delete(community: Community) -> Callable[[Subject], None]:
    def edit(subject: Subject) -> None:
        subject.communities = tuple(one for one in subject.communities if not community.holds(one))

    return edit


def _set(community: Community) -> Callable[[Subject], None]:
    return _assign("communities", in_order(community.literals))


_COMMUNITY_EDITS: dict[str, Callable[[Community], Callable[[Subject], None]]] = {
    "add": _add,
    "delete": _delete,
    "set": _set,
}
