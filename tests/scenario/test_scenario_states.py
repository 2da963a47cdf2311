"""Every network state that the design promises to survive, brought about behind the tool's back.

The commands are those that an operator types; the same with each option of the intent on is
tried in memory (tests/intent/test_intent_against_twin.py).
"""

import pytest

from multihome.errors import ExitCode
from multihome.intent.expect import STATES

pytestmark = [
    pytest.mark.scenario,
    pytest.mark.deep,
    pytest.mark.xdist_group("scenario"),
]

BREAKAGES = {
    "primary-session-down": ("session", "juno", "4.0.0.21"),
    "backup-session-down": ("session", "ceres", "4.0.0.45"),
    "primary-link-down": ("link", "juno", "luna"),
    "primary-cpe-down": ("router", "luna"),
    "backup-cpe-down": ("router", "orcus"),
    "primary-pe-down": ("router", "juno"),
    "primary-lan-down": ("interface", "luna", "xe-2/0/1.150"),
    "inter-cpe-down": ("session", "luna", "192.168.1.2"),
}


def test_each_state_is_proven_and_is_not_taken_for_steady(operator):
    assert {*BREAKAGES, "steady"} == set(STATES)
    assert operator("verify").code == 0
    for state, fault in BREAKAGES.items():
        operator.lab.fault(*fault)
        try:
            operator.lab.converge()
            proven = operator("verify", "--state", state)
            steady = operator("verify")
        finally:
            operator.lab.fault(*fault, on=False)
            operator.lab.converge()
        assert proven.code == 0, f"{state}: {proven.out[-3000:]}"
        assert steady.code in (ExitCode.FAILED, ExitCode.UNKNOWN), state
    assert operator("verify").code == 0
