"""The form of a result file: a versioned JSON document.

The version grows in its first number when a reader of the older form would go wrong, in its
second when something is added.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

from multihome.report.model import ResultStatus

VERSION: Literal["1.0"] = "1.0"


VerdictName: TypeAlias = Literal["pass", "fail", "unknown"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", from_attributes=True)


class FindingPart(_Part):
    """One comparison."""

    router: str
    subject: str
    attribute: str
    expected: str
    actual: str
    verdict: VerdictName
    level: Literal["error", "warning"] = "error"
    origin: str = ""
    why: str = ""
    cause: str = ""
    follows: bool = False
    next: str = ""


class ResultPart(_Part):
    """One check on one router."""

    check: str
    kind: str
    router: str
    subject: str
    verdict: ResultStatus
    tags: tuple[str, ...] = ()
    findings: tuple[FindingPart, ...]


class PhasePart(_Part):
    """One round of checks in one network state."""

    title: str
    state: str
    planned: int
    seconds: float
    rpcs: int
    results: tuple[ResultPart, ...]


class RouterPart(_Part):
    """One router of the run."""

    name: str
    role: str = ""
    host: str = ""
    model: str = ""
    version: str = ""
    problem: str = ""


class DiffPart(_Part):
    """What changes on one router."""

    router: str
    text: str


class EventPart(_Part):
    """One thing that happened, in seconds from the start."""

    at: float
    what: str
    router: str = ""
    kind: str = "step"


class PathPart(_Part):
    """The way of packets in one state."""

    state: str
    source: str
    target: str
    hops: tuple[str, ...]
    routers: tuple[str, ...] = ()


class MemberPart(_Part):
    """A router at a site."""

    router: str
    site: str
    vpn: str = ""
    leg: str = ""
    preferences: tuple[str, ...] = ()


class EndPart(_Part):
    """Where a link or LAN ends."""

    router: str
    interface: str = ""
    address: str = ""


class CablePart(_Part):
    """A link between two routers, or the LAN of a site."""

    ends: tuple[EndPart, ...]
    kind: str = "link"
    name: str = ""
    about: str = ""


class TopologyPart(_Part):
    """Routers and links."""

    nodes: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    members: tuple[MemberPart, ...] = ()
    cables: tuple[CablePart, ...] = ()


class VerdictPart(_Part):
    """How it ended."""

    word: str
    exit_code: int
    meaning: str
    planned: int
    ran: int
    passed: int
    failed: int
    warned: int
    unknown: int


class NetworkPart(_Part):
    """The network that it was made on."""

    kind: str
    inventory: str
    host_keys: str = ""


class Document(_Part):
    """A whole run."""

    schema_version: Literal["1.0"] = VERSION
    verb: str
    subject: str = ""
    run_id: str = ""
    started: datetime
    seconds: float
    verdict: VerdictPart
    routers: tuple[RouterPart, ...] = ()
    phases: tuple[PhasePart, ...] = ()
    diffs: tuple[DiffPart, ...] = ()
    timeline: tuple[EventPart, ...] = ()
    paths: tuple[PathPart, ...] = ()
    topology: TopologyPart = TopologyPart()
    notes: tuple[str, ...] = ()
    network: NetworkPart | None = None
    operator: str = ""
    ticket: str = ""
    version: str = ""
    fault: tuple[str, ...] = ()


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a result."""
    return Document.model_json_schema(mode="serialization")
