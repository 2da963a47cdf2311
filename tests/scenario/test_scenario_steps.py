"""Keys that must be the same at both ends, changed on a running network."""

import pytest

from multihome.state.isis import ADJACENCIES

pytestmark = pytest.mark.scenario

NAMES = ("ISIS", "LDP", "IBGP", "PE_CPE", "CPE_CPE")


@pytest.fixture
def new_keys(operator, monkeypatch):
    """Other values for some keys, and the old ones again after the test."""

    def new(*names):
        for name in names:
            monkeypatch.setenv(f"MULTIHOME_SECRET_{name}", f"another-{name.lower()}")

    yield new
    for name in NAMES:
        monkeypatch.delenv(f"MULTIHOME_SECRET_{name}", raising=False)
    back = operator("apply", "--accept-outage", "--wait", "60s", "--confirm", "20m")
    assert back.code == 0, back.text


def test_all_keys_at_once_land_together_once_the_outage_is_accepted(operator, new_keys):
    new_keys(*NAMES)
    plan = operator("plan")
    assert plan.code == 9
    assert "step 1 of 1: keys of IS-IS" in plan.text
    assert "10 routers together" in plan.text
    refused = operator("apply", "--wait", "60s")
    assert refused.code == 9
    assert "outage of" in refused.text
    assert "up to 120 s" in refused.text
    assert "--accept-outage" in refused.text
    assert operator("plan", "--accept-outage", "--detailed-exitcode").code == 6
    done = operator("apply", "--accept-outage", "--wait", "60s", "--confirm", "20m")
    assert done.code == 0, done.text


def test_keys_of_the_igp_need_no_consent_and_lose_no_adjacency(operator, new_keys):
    before = adjacencies(operator)
    new_keys("ISIS")
    done = operator("apply", "--wait", "60s", "--confirm", "20m")
    assert done.code == 0, done.text
    assert "step 1 of 1: keys of IS-IS, 8 routers together" in done.text
    assert adjacencies(operator) == before


def test_keys_of_the_legs_go_leg_after_leg(operator, new_keys):
    new_keys("PE_CPE")
    done = operator("apply", "--wait", "60s", "--confirm", "20m")
    assert done.code == 0, done.text
    assert "step 1 of 2: keys of BGP to the sites, backup leg of saturn, 2 routers" in done.text
    assert "step 2 of 2: keys of BGP to the sites, primary leg of saturn, 2 routers" in done.text


def test_a_key_at_one_end_alone_is_refused_by_name(operator, new_keys):
    new_keys("PE_CPE")
    done = operator("apply", "-l", "luna", "--wait", "60s")
    assert done.code == 9
    assert "keys of BGP to the sites change on luna and not on juno, not looked at" in done.text


def test_a_canary_takes_along_whom_it_must_agree_with(operator, new_keys):
    new_keys("PE_CPE")
    done = operator("apply", "--canary", "luna", "--wait", "60s")
    assert done.code == 9
    assert "luna must change together with juno" in done.text


def adjacencies(operator):
    """How often each adjacency went up or down, as the router counts."""
    found = {}
    for router in ("mars", "juno"):
        with operator.session(router) as session:
            reply = session.call(ADJACENCIES.request)
        rows = ADJACENCIES.parse(router, reply)
        found[router] = {(row.neighbor, row.interface): row.transitions for row in rows}
    assert all(found.values())
    return found
