"""One run that has everything a report can show."""

from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime

import pytest

from multihome.check.result import CheckResult, Finding, Level, RunResult, Verdict
from multihome.errors import ExitCode
from multihome.inventory.network import Network, NetworkKind
from multihome.report.model import (
    Cable,
    Diff,
    End,
    Event,
    Member,
    Phase,
    Router,
    Run,
    Topology,
    TracedPath,
    exit_code,
)


def finding(router, subject, attribute, expected, actual, **more):
    more.setdefault("verdict", Verdict.FAIL)
    return Finding(router, subject, attribute, expected, actual, **more)


def result(check, router, kind, *findings):
    fine = finding(router, check, "state", "up", "up", verdict=Verdict.PASS)
    return CheckResult(
        check, router, findings or (fine,), frozenset({"service"}), kind, f"subject of {check}"
    )


def broken():
    cause = "BGP session juno - luna"
    silent = {"verdict": Verdict.UNKNOWN, "why": "no TCP connection", "cause": "mars: silent"}
    return RunResult(
        8,
        (
            result("liber-loopback", "liber", "route"),
            result("liber-janus", "liber", "bgp-session"),
            result("juno-ceres", "juno", "bgp-session"),
            result(
                "liber-to-saturn",
                "liber",
                "route",
                finding(
                    "liber",
                    "ipvpn.inet.0 10.0.0.12/32",
                    "local-preference",
                    "150",
                    "10 from 10.0.0.2",
                    origin="intent: site saturn, primary leg",
                    why="never received: 10.0.0.5 (juno) does not advertise 10.0.0.12/32",
                    next="show route receive-protocol bgp 10.0.0.2 10.0.0.12/32",
                    cause=cause,
                ),
            ),
            result(
                "juno-luna",
                "juno",
                "bgp-session",
                finding(
                    "juno",
                    "4.0.0.21 ipvpn",
                    "state",
                    "Established",
                    "Active, last error Hold Timer Expired Error",
                    why="state Active, last error Hold Timer Expired Error, last event Start",
                    next="show bgp neighbor 4.0.0.21",
                    cause=cause,
                ),
            ),
            result(
                "luna-errors",
                "luna",
                "interface",
                finding(
                    "luna", "xe-2/0/0.105", "input-errors", "at most 5", "7", level=Level.WARNING
                ),
            ),
            result(
                "mars-sol",
                "mars",
                "isis-adjacency",
                finding("mars", "xe-2/0/0.128 sol", "evidence", "an answer", "none", **silent),
            ),
            result(
                "mars-liber",
                "mars",
                "isis-adjacency",
                finding("mars", "xe-2/0/1.113 liber", "evidence", "an answer", "none", **silent),
            ),
        ),
        seconds=2.5,
        rpcs=40,
    )


def sound():
    return RunResult(1, (result("saturn-to-genius", "saturn", "path"),), 1.0, 3)


TOPOLOGY = Topology(
    nodes=(
        ("liber", "pe"),
        ("juno", "pe"),
        ("ceres", "pe"),
        ("luna", "cpe"),
        ("orcus", "cpe"),
        ("saturn", "customer"),
        ("genius", "cpe"),
        ("island", "p"),
    ),
    links=(
        ("liber", "juno"),
        ("liber", "genius"),
        ("juno", "luna"),
        ("ceres", "orcus"),
        ("luna", "orcus"),
        ("luna", "saturn"),
        ("orcus", "saturn"),
    ),
    members=(
        Member("luna", "saturn", "ipvpn", "primary", ("local-preference 150", "MED 10")),
        Member("orcus", "saturn", "ipvpn", "backup", ("local-preference 10", "MED 150")),
        Member("saturn", "saturn", "ipvpn"),
        Member("genius", "genius", "ipvpn"),
    ),
    cables=(
        Cable((End("liber", "xe-0/0/1", "10.1.0.1/30"), End("juno", "xe-0/0/1", "10.1.0.2/30"))),
        Cable((End("liber", "xe-0/0/2", "4.0.0.97/30"), End("genius", "xe-0/0/0", "4.0.0.98/30"))),
        Cable(
            (End("juno", "xe-0/0/0", "4.0.0.22/30"), End("luna", "xe-2/0/0", "4.0.0.21/30")),
            "primary",
            about="VLAN 105",
        ),
        Cable(
            (End("ceres", "xe-0/0/0", "4.0.0.46/30"), End("orcus", "xe-2/0/0", "4.0.0.45/30")),
            "backup",
        ),
        Cable(
            (
                End("luna", "xe-2/0/1", "192.168.1.3/24"),
                End("orcus", "xe-2/0/1", "192.168.1.2/24"),
                End("saturn", "xe-2/0/0", "192.168.1.4/24"),
            ),
            "lan",
            "LAN of saturn",
            "192.168.1.0/24, gateway 192.168.1.1",
        ),
    ),
)


@pytest.fixture(scope="session")
def run():
    phases = (Phase("before", "steady", broken()), Phase("during", "primary-session-down", sound()))
    return Run(
        network=Network(NetworkKind.TWIN, "inventory/hosts.yaml", "0a1b2c3d4e5f"),
        verb="drill",
        subject="juno-luna",
        run_id="20260102T030405-drill",
        started=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        seconds=12.34,
        exit_code=exit_code(*(phase.result for phase in phases)),
        routers=(
            Router("liber", "pe", "192.0.2.7", "mx104", "23.4R2"),
            Router("mars", "p", "192.0.2.9", problem="no TCP connection"),
        ),
        phases=phases,
        diffs=(
            Diff(
                "juno",
                "[edit routing-instances ipvpn protocols bgp group CPE]\n"
                "!     inactive: neighbor 4.0.0.21 { ... }\n-    hold-time 30;\n+    hold-time 10;",
            ),
        ),
        timeline=(
            Event(0.0, "started"),
            Event(2.2, "session to luna deactivated", "juno", "fault"),
            Event(9.1, "restored, the steady state holds", "juno", "good"),
        ),
        paths=(
            TracedPath(
                "steady",
                "saturn",
                "10.0.0.3",
                ("192.168.1.3", "4.0.0.22", "4.0.0.98", "10.0.0.3"),
                ("saturn", "luna", "juno", "liber", "genius"),
            ),
            TracedPath(
                "primary-session-down",
                "saturn",
                "10.0.0.3",
                ("192.168.1.3", "192.168.1.2", "4.0.0.46", "4.0.0.98", "10.0.0.3"),
                ("saturn", "luna", "orcus", "ceres", "liber", "genius"),
            ),
        ),
        topology=TOPOLOGY,
        notes=("The drill was rehearsed on the twin.",),
        operator="ann@noc",
        ticket="CHG-4711",
        version="multihome 1.2.3",
        fault=("juno", "luna"),
    )


@pytest.fixture(scope="session")
def good_run(run):
    return replace(
        run,
        verb="verify",
        subject="",
        exit_code=ExitCode.PROVEN,
        phases=(Phase("verify", "steady", sound()),),
        diffs=(),
        timeline=(),
        paths=(),
        notes=(),
    )


HOSTILE = (
    "\x1b[31m\x00<script>alert(1)</script>\"'><img src=x onerror=y>`|[a](b)\u202e]]>&{{7*7}}\ufffe"
)


def poisoned(value):
    """The same run with hostile text in every text that is not one of our own words."""
    own = {"kind", "state", "level", "verdict", "exit_code", "run_id", "started"}
    if isinstance(value, str):
        return f"{value}{HOSTILE}" if value else ""
    if isinstance(value, tuple):
        return tuple(poisoned(each) for each in value)
    if is_dataclass(value):
        changes = {
            field.name: poisoned(getattr(value, field.name))
            for field in fields(value)
            if field.name not in own
        }
        return replace(value, **changes)
    return value


@pytest.fixture(scope="session")
def evil(run):
    return poisoned(run)
