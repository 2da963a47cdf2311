"""What others do to a router that the service is on: told apart, put right or left alone."""

import pytest

pytestmark = [pytest.mark.scenario, pytest.mark.xdist_group("scenario")]

PARENTS = (
    ("apollo", "interfaces xe-2/0/1"),
    ("juno", "routing-instances ipvpn protocols"),
    ("luna", "routing-options static"),
    ("orcus", "protocols"),
)


@pytest.mark.parametrize(
    ("router", "path"),
    [
        each if each[0] == "juno" else pytest.param(*each, marks=pytest.mark.deep)
        for each in PARENTS
    ],
)
def test_a_deactivated_parent_is_a_difference_and_apply_activates_it(operator, router, path):
    with operator.session(router) as session:
        before = session.configuration(style="set")
    operator.sabotage(router, f"deactivate {path}")
    try:
        seen = operator("plan", "--detailed-exitcode")
        assert seen.code == 6, seen.text
        assert f"activate {path}" in seen.text
        done = operator("apply", "--yes", "--wait", "60s", "--confirm", "20m")
        assert done.code == 0, done.text[-2000:]
        with operator.session(router) as session:
            assert session.configuration(style="set") == before
        assert operator("plan", "--detailed-exitcode").code == 0
    finally:
        with operator.session(router) as session:
            mended = session.configuration(style="set") == before
        if not mended:
            operator.undo(router)


def test_a_foreign_statement_beside_ours_stays_and_is_no_difference(operator):
    theirs = (
        "set protocols bgp group A-THEIRS type external",
        "set protocols bgp group A-THEIRS peer-as 64999",
        "set protocols bgp group A-THEIRS neighbor 172.31.7.2",
        "set interfaces xe-2/0/0 unit 3777 vlan-id 3777",
    )
    operator.sabotage("luna", *theirs)
    try:
        seen = operator("plan", "--detailed-exitcode")
        assert (seen.code, "no changes" in seen.text) == (0, True), seen.text
        assert "not ours, left alone: 4 statements (-v lists them)" in seen.text
        seen = operator("-v", "plan")
        assert "xe-2/0/0 unit 3777 vlan-id 3777" in seen.text
    finally:
        operator.undo("luna")


def test_a_contradiction_is_refused_until_it_is_excluded_or_taken_over(operator):
    path = "protocols bgp group pe-connection neighbor 4.0.0.22 hold-time"
    with operator.session("luna") as session:
        before = session.configuration(style="set")
    operator.sabotage("luna", f"set {path} 30")
    try:
        seen = operator("plan")
        assert seen.code == 9
        assert f"conflict (session): {path} 30" in seen.text
        assert "ours: protocols bgp group pe-connection hold-time 10" in seen.text
        refused = operator("apply", "--yes")
        assert refused.code == 9
        assert f"{path} 30" in refused.text
        assert operator("plan", "--exclude", path).code == 0
        lost = operator("plan", "--take-over", "protocols ospf")
        assert (lost.code, "'protocols ospf'" in lost.text) == (2, True)
        taken = operator("plan", "--take-over", f"set {path}", "--detailed-exitcode")
        assert taken.code == 6, taken.text
        assert "taken over, deleted or replaced: 1 statement" in taken.text
        done = operator("apply", "--yes", "--take-over", path, "--wait", "60s", "--confirm", "20m")
        assert done.code == 0, done.text[-2000:]
        with operator.session("luna") as session:
            assert session.configuration(style="set") == before
    finally:
        with operator.session("luna") as session:
            if f"{path} 30" in session.configuration(style="set"):
                session.load(f"delete {path}\n")
                session.commit(comment="mended")
        operator.lab.converge()
