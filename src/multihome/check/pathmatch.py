"""One expected path against one actual path, and many against many."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from multihome.check.judge import attribute_words, words
from multihome.intent.matcher import accepts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from multihome.check.judge import Judge
    from multihome.check.result import Finding
    from multihome.intent.expectation import RoutePath as Expected
    from multihome.state.path import LabelAction, NextHop, RoutePath

_EVERY_HOP = frozenset({"next_hop", "interface", "label_action"})
_OUTLINE = frozenset(
    {"protocol", "med", "local_preference", "next_hop", "interface", "learned_from"}
)


def attributes(path: RoutePath) -> Mapping[str, object]:
    """The attributes of a path under the names that expectations use.

    Of several next hops all count, not the selected one alone: another may be selected next.
    """
    hops = path.next_hops
    return {
        "protocol": path.protocol,
        "preference": path.preference,
        "med": path.med,
        "metric": path.metric,
        "local_preference": path.local_preference,
        "as_path": path.as_path,
        "next_hop": tuple(hop.to for hop in hops),
        "interface": tuple(hop.via for hop in hops),
        "next_hop_type": path.next_hop_type,
        "protocol_next_hop": next(iter(path.protocol_next_hops), None),
        "learned_from": path.learned_from,
        "label_action": tuple(hop.labels.action if hop.labels else None for hop in hops),
        "labels": tuple(_labels(hop) for hop in hops),
        "vpn_label": _vpn_label(path),
        "communities": path.communities,
        "with_communities": path.communities,
        "without_communities": path.communities,
        "originator": path.originator,
        "cluster_list": path.cluster_list,
        "route_distinguisher": path.rd,
        "inactive_reason": path.inactive_reason,
    }


def path_findings(judge: Judge, wanted: Expected, path: RoutePath) -> Iterator[Finding]:
    """One finding for each attribute asserted of a path."""
    actual = attributes(path)
    for name, value in wanted.asserted.items():
        finding = _finding(judge, name, value, actual[name])
        yield (
            finding
            if finding.verdict == 0
            else replace(finding, actual=f"{finding.actual}{_from(path, name)}")
        )


def fits(wanted: Expected, path: RoutePath) -> bool:
    """Whether a path has every attribute asserted."""
    actual = attributes(path)
    return all(agrees(name, value, actual[name]) for name, value in wanted.asserted.items())


def matched(wanted: Sequence[Expected], paths: Sequence[RoutePath]) -> dict[int, int]:
    """As many expectations as possible, each with a path of its own, by their numbers.

    An expectation that says little must not take the only path of one that says much, so
    this is a maximum matching (by augmenting paths), not the first that fits.
    """
    fitting = {
        number: [place for place, path in enumerate(paths) if fits(each, path)]
        for number, each in enumerate(wanted)
    }
    taken: dict[int, int] = {}

    def place(number: int, tried: set[int]) -> bool:
        for spot in fitting[number]:
            if spot in tried:
                continue
            tried.add(spot)
            if spot not in taken or place(taken[spot], tried):
                taken[spot] = number
                return True
        return False

    for number in fitting:
        place(number, set())
    return {number: spot for spot, number in taken.items()}


def describe(wanted: Expected) -> str:
    """An expected path in a few words: `protocol BGP, med 10`."""
    return ", ".join(f"{attribute_words(k)} {words(v)}" for k, v in wanted.asserted.items())


def outline(wanted: Expected) -> str:
    """A path that is not there at all: which one is meant, and not each of its attributes."""
    shown = {name: value for name, value in wanted.asserted.items() if name in _OUTLINE}
    if not shown:
        return describe(wanted)
    return ", ".join(f"{attribute_words(name)} {words(value)}" for name, value in shown.items())


def actual_words(path: RoutePath) -> str:
    """An actual path in a few words: `BGP from 10.0.0.4, local-preference 150, to 4.0.0.18`."""
    shown = [path.protocol or "path"]
    if path.learned_from:
        shown[0] += f" from {path.learned_from}"
    if path.med is not None:
        shown.append(f"med {path.med}")
    if path.local_preference is not None:
        shown.append(f"local-preference {path.local_preference}")
    shown += [f"to {hop.to or hop.via}" for hop in path.used[:2]]
    return ", ".join(shown)


def _finding(judge: Judge, name: str, value: object, actual: object) -> Finding:
    if name == "with_communities":
        return judge.includes("communities", _set(value), _set(actual))
    if name == "without_communities":
        return judge.excludes("communities", _set(value), _set(actual))
    return judge.finding(name, value, _shown(actual), holds=agrees(name, value, actual))


def agrees(name: str, value: object, actual: object) -> bool:
    """Whether the actual value of an attribute satisfies the expected one."""
    if name == "with_communities":
        return _set(value) <= _set(actual)
    if name == "without_communities":
        return not _set(value) & _set(actual)
    if name in _EVERY_HOP:
        return _every(value, actual)
    if name == "labels":
        return _stacks(value, actual)
    return accepts(value, actual)


def _every(value: object, actual: object) -> bool:
    """Each next hop agrees, and no next hop at all is nothing."""
    return isinstance(actual, tuple) and all(accepts(value, each) for each in actual or (None,))


def _stacks(value: object, actual: object) -> bool:
    if not isinstance(value, tuple) or not isinstance(actual, tuple):
        return False
    return all(
        len(stack) == len(value)
        and all(accepts(want, label) for want, label in zip(value, stack, strict=True))
        for stack in actual or ((),)
    )


def _set(value: object) -> frozenset[str]:
    return value if isinstance(value, frozenset) else frozenset()


def _shown(actual: object) -> object:
    """Equal values of several next hops are shown once."""
    if isinstance(actual, tuple):
        once = tuple(dict.fromkeys(actual))
        return once[0] if len(once) == 1 else once
    return actual


def _from(path: RoutePath, name: str) -> str:
    return f" from {path.learned_from}" if path.learned_from and name != "learned_from" else ""


def _labels(hop: NextHop) -> tuple[int, ...]:
    action: LabelAction | None = hop.labels
    return action.labels if action else ()


def _vpn_label(path: RoutePath) -> int | None:
    """What is said, or the bottom of the stack that is pushed."""
    if path.vpn_label is not None:
        return path.vpn_label
    return next((labels[0] for hop in path.used if (labels := _labels(hop))), None)
