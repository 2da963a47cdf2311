"""What is broken in one round of checks, as a picture can show it: routers, links, LANs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from multihome.report.model import standing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from multihome.check.result import CheckResult, Finding
    from multihome.report.model import Cable, Run, Topology

LINK_KINDS = frozenset(
    {"interface", "isis-adjacency", "ospf-neighbor", "ldp-session", "bfd", "bgp-session", "vrrp"}
)
"""Kinds of checks that are about a link, or about what runs over one."""


@dataclass(frozen=True, slots=True)
class Damage:
    """What is not as it must be."""

    failed: Mapping[str, int] = field(default_factory=dict)
    """Failed checks by router; a warning is none."""
    silent: frozenset[str] = frozenset()
    """Routers that could not be asked."""
    links: frozenset[frozenset[str]] = frozenset()
    """Pairs of routers, or of a router and a LAN, between which something is down."""
    sessions: frozenset[frozenset[str]] = frozenset()
    """Pairs of routers without a link of their own, whose session is down."""


def damage(run: Run, title: str) -> Damage:
    """What the round of that title found; the last round, if none is called so."""
    silent = frozenset(router.name for router in run.routers if router.problem)
    phases = [phase for phase in run.phases if title in (phase.title, phase.state)]
    if not (phases or run.phases):
        return Damage(silent=silent)
    results = (phases or run.phases)[-1].result.results
    failed = Counter(each.router for each in results if standing(each) == "fail")
    links: set[frozenset[str]] = set()
    sessions: set[frozenset[str]] = set()
    known = _Ends(run.topology)
    for check, finding in _failures(results):
        found = known.pair(check, finding)
        if found is not None:
            (links if found in known.pairs else sessions).add(found)
    return Damage(dict(failed), silent, frozenset(links), frozenset(sessions))


def _failures(results: tuple[CheckResult, ...]) -> Iterator[tuple[CheckResult, Finding]]:
    """What failed of itself; what may follow from something else is not where it is broken."""
    for check in results:
        if check.kind in LINK_KINDS and standing(check) == "fail":
            for finding in check.findings:
                if finding.verdict.name == "FAIL" and not finding.follows:
                    yield check, finding


class _Ends:
    """Which link an address, an interface or a name of a check's subject belongs to."""

    def __init__(self, topology: Topology) -> None:
        self._names = {name for name, _ in topology.nodes}
        self._addresses: dict[str, tuple[str, Cable]] = {}
        self._interfaces: dict[tuple[str, str], Cable] = {}
        self.pairs = {frozenset(link) for link in topology.links if not _is_lan(topology, link)}
        for cable in topology.cables:
            for end in cable.ends:
                self._interfaces[end.router, end.interface] = cable
                self._addresses[end.address.partition("/")[0]] = (end.router, cable)
                if cable.kind == "lan":
                    self.pairs.add(frozenset((end.router, cable.name)))

    def pair(self, check: CheckResult, finding: Finding) -> frozenset[str] | None:
        """The ends of what a finding is about; None where that is not known."""
        router = finding.router
        words = f"{check.subject} {finding.subject}".replace(",", " ").split()
        for word in words:
            if word in self._addresses and self._addresses[word][0] != router:
                other, cable = self._addresses[word]
                return _between(router, other, cable)
        for word in words:
            if (router, word) in self._interfaces:
                return _along(router, self._interfaces[router, word])
        named = [word for word in words if word in self._names and word != router]
        return frozenset((router, named[0])) if named else None


def _is_lan(topology: Topology, link: tuple[str, str]) -> bool:
    return any(
        cable.kind == "lan" and set(link) <= {end.router for end in cable.ends}
        for cable in topology.cables
    )


def _between(router: str, other: str, cable: Cable) -> frozenset[str]:
    """On a LAN, a session between two routers is the trouble of the one that says so."""
    return frozenset((router, cable.name if cable.kind == "lan" else other))


def _along(router: str, cable: Cable) -> frozenset[str]:
    if cable.kind == "lan":
        return frozenset((router, cable.name))
    return frozenset((router, *(end.router for end in cable.ends if end.router != router)))
