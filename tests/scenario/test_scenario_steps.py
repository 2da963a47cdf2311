"""Keys that must be the same at both ends, changed on a running network."""

from datetime import UTC, datetime, timedelta

import pytest

from multihome.state.bgp import NEIGHBORS
from multihome.state.isis import ADJACENCIES
from multihome.state.request import Request

pytestmark = [pytest.mark.scenario, pytest.mark.xdist_group("scenario")]

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


@pytest.mark.deep
def test_keys_of_the_igp_need_no_consent_and_lose_no_adjacency(operator, new_keys):
    before = adjacencies(operator)
    new_keys("ISIS")
    done = operator("apply", "--wait", "60s", "--confirm", "20m")
    assert done.code == 0, done.text
    assert "step 1 of 1: keys of IS-IS, 8 routers together" in done.text
    assert adjacencies(operator) == before


@pytest.mark.deep
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


@pytest.mark.deep
def test_a_canary_takes_along_whom_it_must_agree_with(operator, new_keys):
    new_keys("PE_CPE")
    done = operator("apply", "--canary", "luna", "--wait", "60s")
    assert done.code == 9
    assert "luna must change together with juno" in done.text


CHAINS = ("isis", "ldp", "ibgp", "pe-cpe", "cpe-cpe")


@pytest.fixture
def chains(operator, monkeypatch):
    """Chains instead of keys, with one key or with a second that starts then."""
    path = operator.project / "inventory" / "ipvpn.yaml"
    before = path.read_text()

    def write(start=None):
        text = before.replace("authentication-key: ", "authentication-key-chain: ")
        lines = ["key-chains:"]
        for name in CHAINS:
            monkeypatch.setenv(f"MULTIHOME_SECRET_{name.replace('-', '_').upper()}_NEXT", "next")
            lines += [f"  {name}:", "    keys:"]
            lines += [f"      0: {{secret: {name}, start-time: 2020-01-01T00:00:00Z}}"]
            if start is not None:
                lines += [f"      1: {{secret: {name}-next, start-time: {start}}}"]
        path.write_text("\n".join([text, *lines, ""]))

    yield write
    path.write_text(before)
    back = operator("apply", "--accept-outage", "--wait", "60s", "--confirm", "20m")
    assert back.code == 0, back.text


@pytest.mark.deep
def test_keys_of_chains_roll_over_without_a_flap(operator, chains):
    chains()
    assert operator("apply", "--wait", "60s").code == 9  # a key and a chain do not fit
    done = operator("apply", "--accept-outage", "--wait", "60s", "--confirm", "20m")
    assert done.code == 0, done.text
    before = adjacencies(operator), flaps(operator)
    with operator.session("juno") as session:
        uptime = session.call(Request.of("get-system-uptime-information"))
    now = max(datetime.now(UTC), clock_of(uptime))
    chains((now + timedelta(hours=6)).strftime("%Y-%m-%dT%H:%M:%SZ"))
    done = operator("apply", "--wait", "60s", "--confirm", "20m")
    assert done.code == 0, done.text
    assert "keys of internal BGP: any order, no interruption" in done.text
    assert "step 2 of 2: primary leg of saturn, 2 routers: juno, luna" in done.text
    operator.lab.advance(7 * 3600)
    with operator.session("juno") as session:
        reply = session.call(Request.of("get-hakr-keychain-information"))
    sent = reply.xpath("//*[local-name()='hakr-keychain-active-send-key']/text()")
    assert set(sent) == {"1"}
    assert (adjacencies(operator), flaps(operator)) == before
    assert operator("verify").code == 0


def clock_of(uptime):
    [seconds] = uptime.xpath("//*[local-name()='current-time']/*[local-name()='date-time']/@*")
    return datetime.fromtimestamp(int(seconds), UTC)


def flaps(operator):
    """How often each BGP session went down, as both ends of a leg count."""
    found = {}
    for router in ("juno", "luna"):
        with operator.session(router) as session:
            rows = NEIGHBORS.parse(router, session.call(NEIGHBORS.request))
        found[router] = {row.peer: row.flaps for row in rows}
    return found


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
