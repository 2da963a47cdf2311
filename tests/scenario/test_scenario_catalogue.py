"""What operators add by hand, on a live network: levels, tags, states, both ends, waiting, holding."""

import threading

import pytest
from ruamel.yaml import YAML

from multihome.errors import ExitCode

pytestmark = [pytest.mark.scenario, pytest.mark.xdist_group("scenario")]


def test_a_warning_is_told_and_counted_and_fails_nothing(operator, catalogue):
    catalogue(
        "defaults: {level: warning, tags: [mine]}\n"
        "checks:\n"
        "  - {check: vrrp, router: luna, interface: xe-2/0/1.150, group: 1, state: backup}\n"
        "  - {check: ping, router: saturn, target: 10.0.0.3, source: 10.0.0.12}\n"
    )
    result = operator("verify", "--tags", "mine")
    assert result.code == 0
    assert "WARNING luna xe-2/0/1.150 1 inet: state expected backup" in result.text
    assert "ran 2 of 2, 1 warning" in result.last


def test_tags_choose_and_states_decide(operator, catalogue):
    catalogue(
        "defaults: {tags: [mine]}\n"
        "checks:\n"
        "  - {check: ping, name: always, router: saturn, target: 10.0.0.3, source: 10.0.0.12}\n"
        "  - {check: ping, name: broken-only, router: saturn, target: 10.0.0.3, source: 10.0.0.12,\n"
        "     when: [primary-session-down]}\n"
    )
    assert "ran 1 of 1" in operator("verify", "--tags", "mine").last
    assert (
        "ran 2 of 2" in operator("verify", "--tags", "mine", "--state", "primary-session-down").last
    )
    only = operator("verify", "--check", "broken-only")
    assert only.code == ExitCode.NOTHING_TESTED


def test_both_ends_are_judged_each_by_itself(operator, catalogue):
    catalogue(
        "checks:\n"
        "  - {check: bgp-session, name: leg, tags: [mine], router: juno, peer: 4.0.0.21,\n"
        "     instance: ipvpn, hold-time: 10,\n"
        "     other-end: {router: luna, peer: 4.0.0.22, instance: master, flaps: 999}}\n"
    )
    result = operator("verify", "--tags", "mine")
    assert result.code == ExitCode.FAILED
    assert "luna 4.0.0.22 master: flaps expected 999 (checks/more.yaml:4), got " in result.text
    assert "juno 4.0.0.21" not in result.text
    assert "ran 2 of 2, 1 failed" in result.last


def test_what_is_waited_for_may_come_late_but_must_come(operator, catalogue):
    catalogue(
        "checks:\n"
        "  - {check: interface, tags: [mine], router: luna, interface: xe-2/0/0.105, wait: 20s}\n"
    )
    operator.lab.fault("link", "juno", "luna")
    mend = threading.Timer(1.5, lambda: operator.lab.fault("link", "juno", "luna", on=False))
    mend.start()
    try:
        late = operator("verify", "--tags", "mine")
    finally:
        mend.join()
        operator.lab.converge()
    assert late.code == 0, late.text


def test_what_must_hold_is_looked_at_until_it_has(operator, catalogue):
    catalogue(
        "checks:\n"
        "  - {check: interface, tags: [mine], router: luna, interface: xe-2/0/0.105, hold: 4s}\n"
    )
    steady = operator("verify", "--tags", "mine")
    assert steady.code == 0
    broken = threading.Timer(1.5, lambda: operator.lab.fault("link", "juno", "luna"))
    broken.start()
    try:
        gone = operator("verify", "--tags", "mine")
    finally:
        broken.join()
        operator.lab.fault("link", "juno", "luna", on=False)
        operator.lab.converge()
    assert gone.code == ExitCode.FAILED
    assert "oper expected up (checks/more.yaml:2), got down" in gone.text


def test_an_unreachable_router_makes_each_of_its_checks_unknown_by_name(operator):
    operator.lab.fault("router", "vulcan")
    try:
        result = operator("verify", "-v", "-l", "vulcan", "-l", "liber")
    finally:
        operator.lab.fault("router", "vulcan", on=False)
        operator.lab.converge()
    assert result.code == ExitCode.UNKNOWN
    planned = operator("verify", "-v", "-l", "vulcan").out.count("PASS") - 1
    assert f"{planned} unknown" in result.last
    assert result.text.count("UNKNOWN vulcan") == planned


def test_what_cannot_be_asked_is_not_learnt_and_not_passed_over(operator):
    operator.lab.fault("router", "vulcan")
    try:
        result = operator("checks", "learn", "-l", "vulcan", "-l", "mercury")
    finally:
        operator.lab.fault("router", "vulcan", on=False)
        operator.lab.converge()
    assert result.code == ExitCode.UNKNOWN
    assert "UNKNOWN vulcan: " in result.err
    assert result.out.count("# not learnt: vulcan: ") == 1
    assert {each["router"] for each in YAML(typ="safe").load(result.out)["checks"]} == {"mercury"}


@pytest.mark.parametrize(
    ("state", "cause"),
    [
        ("primary-session-down", "BGP session juno - luna is up"),
        pytest.param("inter-cpe-down", "BGP session luna - orcus is up", marks=pytest.mark.deep),
        pytest.param("primary-lan-down", "luna xe-2/0/1.150 is up", marks=pytest.mark.deep),
    ],
)
def test_a_state_that_has_not_come_about_is_told_by_what_still_works(operator, state, cause):
    result = operator("verify", "--state", state)
    assert result.code == ExitCode.FAILED
    assert cause in result.text
    assert result.text.count(" next: ") < 4


@pytest.mark.deep
def test_redundancy_that_is_lost_is_a_failure_though_traffic_flows(operator):
    operator.lab.fault("link", "ceres", "orcus")
    try:
        operator.lab.converge()
        flows = operator("verify", "--tags", "forwarding")
        result = operator("verify")
        broken = operator("verify", "--state", "backup-session-down")
    finally:
        operator.lab.fault("link", "ceres", "orcus", on=False)
        operator.lab.converge()
    assert flows.code == 0
    assert result.code == ExitCode.FAILED
    assert "│ steady │ saturn > 192.168.1.3 > 4.0.0.22 >" in flows.text
    assert "│ not steady │ saturn > 192.168.1.3 > 4.0.0.22 >" in result.text
    assert "│ not backup-session-down │" in broken.text
    assert "link ceres xe-2/0/1.111 - orcus xe-2/0/0.111 is down" in result.text
    assert "next: show interfaces xe-2/0/1 extensive (on ceres)" in result.text


def test_what_is_learnt_holds_now_and_fails_when_something_changes(operator, catalogue):
    learnt = operator("checks", "learn").out
    kinds = {entry["check"] for entry in YAML(typ="safe").load(learnt)["checks"]}
    assert {
        "interface",
        "bgp-session",
        "vrrp",
        "isis-adjacency",
        "ldp-session",
        "bfd",
        "route",
    } <= kinds
    catalogue(learnt.replace("checks:\n", "defaults: {tags: [learnt]}\nchecks:\n", 1))
    assert operator("verify", "--tags", "learnt").code == 0
    operator.sabotage(
        "juno",
        "set routing-instances ipvpn protocols bgp group CPE neighbor 4.0.0.21 metric-out 20",
    )
    try:
        result = operator("verify", "--tags", "learnt")
    finally:
        operator.undo("juno")
    assert result.code == ExitCode.FAILED
    assert "med expected 10 (checks/more.yaml:" in result.text
