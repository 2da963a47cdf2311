"""Every network state that the design promises to survive, brought about behind the tool's back.

The commands are those that an operator types; the intent is deployed as it is, and once more
with each of its options on.
"""

import pytest

from multihome.errors import ExitCode
from multihome.intent.expect import STATES

pytestmark = [
    pytest.mark.scenario,
    pytest.mark.slow,
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
OPTIONS = {
    "plain": {},
    "tracking, inactive routes advertised": {
        "track-uplink: null": "track-uplink: 120",
        "advertise-inactive: false": "advertise-inactive: true",
    },
}


@pytest.fixture(params=OPTIONS)
def deployed_with(request, operator):
    """The service with these options, and as it was again afterwards, whatever happens."""
    path = operator.project / "inventory" / "ipvpn.yaml"
    before = text = path.read_text()
    for old, new in OPTIONS[request.param].items():
        assert old in text
        text = text.replace(old, new, 1)
    try:
        _deploy(operator, path, text)
        yield operator
    finally:
        _deploy(operator, path, before)


def _deploy(operator, path, text):
    if path.read_text() == text:
        return
    path.write_text(text)
    applied = operator("apply", "--yes", "--wait", "60s", "--confirm", "20m")
    assert applied.code == 0, applied.text[-3000:]


def test_each_state_is_proven_and_is_not_taken_for_steady(deployed_with):
    operator = deployed_with
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
