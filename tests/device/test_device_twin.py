"""Sessions to the twin: PyEZ as its users know it, on our transport."""

import pytest
from jnpr.junos.utils.config import Config
from pydantic import SecretStr

from multihome.device.pyez import connect
from multihome.errors import ConfigurationRefused, LockDenied, RpcFailed
from multihome.inventory.target import Target
from multihome.lab.embedded import embedded
from multihome.lab.order import Order, fresh
from multihome.state.request import Request

pytestmark = pytest.mark.scenario


@pytest.fixture(scope="module")
def lab():
    with embedded(Order(fresh(["juno"]), speed=None)) as running:
        yield running


@pytest.fixture
def target(lab):
    router = lab.router("juno")
    return Target(
        router.name,
        router.host,
        router.username,
        router.port,
        SecretStr(router.password),
        known_hosts=lab.known_hosts,
    )


@pytest.fixture
def session(target):
    with connect(target) as opened:
        yield opened


def test_pyez_itself_works_on_the_session(session):
    device = session.device
    assert device.facts["hostname"] == "juno"
    assert device.facts["version"]
    assert device.rpc.get_software_information(normalize=True).findtext("host-name") == "juno"
    with Config(device, mode="exclusive") as config:
        config.load("set system domain-name x", format="set")
        assert "domain-name x" in config.diff()
        config.rollback(0)


def test_a_key_logs_in_without_a_password(lab):
    router = lab.router("juno")
    target = Target(
        "juno",
        router.host,
        router.username,
        router.port,
        key_file=lab.private_key,
        known_hosts=lab.known_hosts,
    )
    with connect(target) as session:
        assert session.call(Request.of("get-software-information")).findtext("host-name") == "juno"


def test_a_configuration_is_edited_compared_checked_and_committed(session):
    session.lock()
    assert (
        session.load("delete policy-options policy-statement none\nset system domain-name x") == ()
    )
    assert "+" in session.diff()
    session.commit_check()
    session.commit_confirmed(seconds=90, comment="multihome apply abc123")
    top = session.history()[0]
    assert (top.pending, top.comment) == (True, "multihome apply abc123")
    assert (top.deadline - top.at).total_seconds() == 120
    session.commit(comment="multihome confirm abc123")
    assert not session.history()[0].pending
    assert "set system domain-name x" in session.configuration()
    session.rollback(2)
    assert "-" in session.diff()
    session.commit(comment="back")
    session.unlock()
    assert "domain-name" not in session.configuration()


def test_the_router_names_the_holder_of_a_lock_and_ends_a_session_on_demand(session, target):
    with connect(target) as other:
        other.lock()
        with pytest.raises(LockDenied, match="configuration database locked by") as denied:
            session.lock()
        assert denied.value.holder == other.identity
        session.evict(other.identity)
    session.lock()
    session.unlock()


def test_what_the_router_refuses_is_said_in_its_words(session):
    with pytest.raises(RpcFailed, match="get-nonsense"):
        session.call(Request.of("get-nonsense"))
    with pytest.raises(ConfigurationRefused, match="syntax error"):
        session.load("set no-such-statement x")
    session.discard()
    assert session.diff() == ""


def test_a_private_copy_is_gone_with_its_session(target):
    with connect(target) as session:
        session.open_private()
        session.load("set system domain-name private")
        assert "private" in session.diff()
        session.close_private()
        assert session.diff() == ""
