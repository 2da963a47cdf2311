"""The tasks, from a Nornir of somebody's own, with the inventory files that Nornir reads."""

import pytest
from nornir import InitNornir

from multihome.errors import ConfigurationRefused, HostKeyMismatch, LockDenied, MultihomeError
from multihome.fleet.tasks import change, collector, confirm, push, show, undo
from multihome.lab.embedded import embedded
from multihome.lab.order import Order, fresh
from multihome.render.rendered import Rendered
from multihome.state.query import Evidence
from multihome.state.system import COMMITS, SOFTWARE

pytestmark = pytest.mark.scenario
LINE = "set routing-options router-id 10.0.0.5"


@pytest.fixture(scope="module")
def lab():
    with embedded(Order(fresh(["juno", "luna"]), speed=None)) as running:
        yield running


@pytest.fixture
def nornir(lab, tmp_path, monkeypatch):
    one = lab.router("juno")
    monkeypatch.setenv("MULTIHOME_USERNAME", one.username)
    monkeypatch.setenv("MULTIHOME_PASSWORD", one.password)
    monkeypatch.setenv("MULTIHOME_KNOWN_HOSTS", str(lab.known_hosts))
    hosts = tmp_path / "hosts.yaml"
    lines = (f"{each.name}: {{hostname: {each.host}, port: {each.port}}}" for each in lab.routers)
    hosts.write_text("\n".join(lines) + "\n")
    made = InitNornir(inventory={"options": {"host_file": str(hosts)}}, logging={"enabled": False})
    yield made
    made.close_connections()


def do(nornir, host, task, **words):
    """The one result of a task on a host, its failure raised."""
    nornir.data.reset_failed_hosts()
    (one,) = nornir.filter(name=host).run(task=task, **words)[host]
    if one.exception:
        raise one.exception
    return one


def test_what_is_pushed_is_confirmed_undone_and_pushed_no_second_time(nornir):
    wanted = {name: Rendered(name, (LINE,)) for name in ("juno", "luna")}
    pushed = do(nornir, "juno", push, rendered=wanted, comment="one")
    assert pushed.changed
    assert "+      router-id 10.0.0.5;" in pushed.diff
    assert "one" in str(do(nornir, "juno", show, query=COMMITS).result)
    do(nornir, "juno", confirm, comment="one")
    assert not do(nornir, "juno", push, rendered=wanted, comment="two").changed
    for comment in ("one", "two"):
        assert do(nornir, "luna", push, rendered=wanted, comment=comment).changed
        do(nornir, "luna", undo, comment=comment)


def test_a_refused_change_leaves_no_lock_and_no_candidate(nornir):
    with pytest.raises(ConfigurationRefused):
        do(nornir, "juno", change, statements="set protocols bgpp", comment="x")
    assert do(nornir, "juno", change, statements="set system domain-name x", comment="x").changed
    with pytest.raises(LockDenied, match="waits to be confirmed"):
        do(nornir, "juno", change, statements="set system domain-name y", comment="y")
    with pytest.raises(ConfigurationRefused, match="the newest commit is 'x' by lab"):
        do(nornir, "juno", confirm, comment="y")
    do(nornir, "juno", undo, comment="x")


def test_a_host_whose_key_nobody_trusts_is_not_talked_to(nornir, monkeypatch, tmp_path):
    monkeypatch.setenv("MULTIHOME_KNOWN_HOSTS", str(tmp_path / "none"))
    answers = collector(nornir)({"juno": [SOFTWARE.request]})
    assert isinstance(answers["juno", SOFTWARE.request], HostKeyMismatch)
    with pytest.raises(MultihomeError, match="is not known"):
        do(nornir, "luna", show, query=SOFTWARE)


def test_what_is_collected_is_evidence(nornir):
    evidence = Evidence(collector(nornir)({"juno": [SOFTWARE.request], "luna": []}))
    assert evidence.table("juno", SOFTWARE).host_name == "juno"
