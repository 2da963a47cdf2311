"""How a finding is made of an expected and an actual value, and how values are written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import TYPE_CHECKING, TypeVar

from multihome.check.result import Finding, Level, Verdict
from multihome.intent.matcher import accepts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from multihome.intent.statement import Expectation
    from multihome.state.reply import Rows

T = TypeVar("T")


def words(value: object) -> str:
    """A value as people read it; nothing is `none`."""
    if value is None or value == "":
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, frozenset | set):
        return ", ".join(map(str, sorted(value, key=_order))) or "none"
    if isinstance(value, tuple | list):
        return ", ".join(words(each) for each in value) or "none"
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)


def _order(value: object) -> tuple[int, int, int, str]:
    """Addresses and prefixes as numbers, everything else as text."""
    if isinstance(value, IPv4Network | IPv6Network):
        return value.version, int(value.network_address), value.prefixlen, ""
    if isinstance(value, IPv4Address | IPv6Address):
        return value.version, int(value), 0, ""
    return 0, 0, 0, str(value)


def attribute_words(name: str) -> str:
    """`local_preference` as it is written in files and by routers."""
    return name.replace("_", "-")


@dataclass(frozen=True, slots=True)
class Judge:
    """Makes the findings of one expectation about one object."""

    expected: Expectation
    subject: str = ""
    next: str = ""
    """The command that shows the object."""

    def finding(self, attribute: str, expected: object, actual: object, *, holds: bool) -> Finding:
        """A finding whose verdict is already known."""
        return Finding(
            router=self.expected.router,
            subject=self.subject or self.expected.subject,
            attribute=attribute_words(attribute),
            expected=words(expected),
            actual=words(actual),
            verdict=Verdict.PASS if holds else Verdict.FAIL,
            origin=self.expected.origin,
            next="" if holds else self.next,
            level=Level(self.expected.level),
        )

    def unknown(self, attribute: str, expected: object, actual: object, why: str = "") -> Finding:
        """A finding that says that nothing could be found out."""
        result = self.finding(attribute, expected, actual, holds=False)
        return replace(result, verdict=Verdict.UNKNOWN, why=why)

    def compare(self, attribute: str, expected: object, actual: object) -> Finding:
        """Compare one value, exactly or as its matcher says."""
        return self.finding(attribute, expected, actual, holds=accepts(expected, actual))

    def each(self, wanted: Mapping[str, object], actual: Mapping[str, object]) -> Iterator[Finding]:
        """Compare every attribute that is asserted; what `actual` lacks is a bug, not a pass."""
        for name, value in wanted.items():
            yield self.compare(name, value, actual[name])

    def includes(
        self, attribute: str, wanted: AbstractSet[object], actual: AbstractSet[object]
    ) -> Finding:
        """Whether all wanted ones are there."""
        missing = wanted - actual
        got = actual if not missing else f"{words(actual)}; missing {words(missing)}"
        return self.finding(attribute, f"at least {words(wanted)}", got, holds=not missing)

    def excludes(
        self, attribute: str, unwanted: AbstractSet[object], actual: AbstractSet[object]
    ) -> Finding:
        """Whether none of the unwanted ones is there."""
        found = unwanted & actual
        return self.finding(
            attribute, f"without {words(unwanted)}", found or "none of them", holds=not found
        )

    def exactly_one(
        self, what: str, table: Rows[T], chosen: Callable[[T], bool]
    ) -> tuple[tuple[T, ...], Finding]:
        """The row that is meant, if there is exactly one, and the finding on that."""
        found = tuple(row for row in table if chosen(row))
        if len(found) == 1:
            return found, self.finding(what, "one", "one", holds=True)
        actual = f"{len(found)}; say which" if found else table.not_running or "none"
        return (), self.finding(what, "one", actual, holds=False)
