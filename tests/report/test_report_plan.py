"""What a change would do fits on a screen: one line a router, each cause once."""

from pathlib import Path

import pytest

from multihome.change.agreement.step_plan import Step, StepPlan
from multihome.change.preflight.plan import Planned
from multihome.render.ownership.changes import Conflict, StatementChanges
from multihome.render.ownership.folding import fold
from multihome.report.plan_summary import ONE_A_LINE, Verification, count, summary

GOLDEN = Path(__file__).parent / "golden"
CHECKS = Verification({"route": 251, "interface": 52, "bfd": 38, "ping": 7, "vrrp": 2}, 30.0)


def planned(router, plus, minus=0, **more):
    return Planned(router, "[edit x]\n" + "+  a;\n" * plus + "-  b;\n" * minus, **more)


def text(lines):
    return "".join(f"{line.text}\n" for line in lines)


def steps(*batches):
    return StepPlan(tuple(Step(batch, legs=("backup leg of x",)) for batch in batches))


def conflict(theirs):
    return Conflict("value", "vlan-id 5", theirs, "has another value")


def golden(name, found):
    path = GOLDEN / name
    if not path.exists():
        path.write_text(found)
        pytest.fail(f"{path} was not there and is written now")
    assert found == path.read_text()


def test_a_small_change():
    foreign = StatementChanges(
        "juno", foreign=("a", "b"), conflicts=(conflict("vlan-id 6"),), activate=("unit 5",)
    )
    same = StatementChanges("luna", foreign=("c",), conflicts=(conflict("vlan-id 6"),))
    change = [
        planned("juno", 4, 1, changes=foreign),
        planned("luna", 120, changes=same, warnings=("statement has no effect",)),
        Planned("ceres", ""),
    ]
    golden("plan.txt", text(summary(change, steps(("juno",), ("luna",)), CHECKS)))


def test_a_network_of_sixty_fits_on_a_screen_and_names_every_router():
    names = [f"edge-{number:02}" for number in range(60)]
    waits = "a commit of ops by netconf waits to be confirmed until 22:06:{:02} UTC"
    change = [planned(n, 9 + i, i % 3, waiting=waits.format(i)) for i, n in enumerate(names)]
    found = summary(change, steps(tuple(names)), CHECKS)
    golden("plan-60.txt", text(found))
    assert len(found) <= 24
    assert all(name in text(found) for name in names)
    routers = [line.text for line in found if line.indent == 2]
    assert max(map(len, routers)) <= 80


def test_routers_that_do_not_change_have_no_line():
    assert summary([Planned("juno", "")], StepPlan(), CHECKS) == ()


@pytest.mark.parametrize("number", [1, ONE_A_LINE, ONE_A_LINE + 1])
def test_few_routers_have_a_line_each(number):
    found = summary([planned(f"r{n}", 1) for n in range(number)], StepPlan(), None)
    assert (len(found) == number) is (number <= ONE_A_LINE)


def test_nothing_to_verify_is_said():
    (*_, last) = summary([planned("juno", 1)], StepPlan(), Verification())
    assert last.text == "verified afterwards: nothing"


def test_the_record_is_one_line_of_a_diff_and_is_not_counted():
    diff = (
        '[edit]\n+  apply-macro multihome-x {\n+      s1 "a";\n+      s2 "b";\n+  }\n'
        "[edit interfaces]\n+   lo0;\n-   ae1;\n"
    )
    assert "[record: 2 entries (multihome-x)]" in fold(diff)
    assert count(fold(diff)) == (1, 1)
