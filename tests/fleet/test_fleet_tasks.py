"""The tasks, from a Nornir of somebody's own, with the inventory files that Nornir reads."""

import os
from base64 import b64decode

import pytest
from nornir import InitNornir

from multihome.device.known_hosts import HostKey
from multihome.device.serials import serials_file
from multihome.errors import (
    ConfigurationRefused,
    HostKeyMismatch,
    LockDenied,
    MultihomeError,
    WrongRouter,
)
from multihome.fleet.tasks import change, collector, confirm, push, show, undo
from multihome.inventory.credentials import credentials
from multihome.inventory.targets import target_of
from multihome.lab.embedded import embedded
from multihome.lab.order import Order, fresh
from multihome.render.rendered import Rendered
from multihome.runbook.keys import remember
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


def test_another_router_at_a_hosts_address_is_not_talked_to(nornir, lab):
    juno, luna = nornir.inventory.hosts["juno"], nornir.inventory.hosts["luna"]
    juno.port, luna.port = luna.port, juno.port
    commits = {
        name: lab.call(lambda n=name: len(lab.database(n).history)) for name in ("juno", "luna")
    }
    for task, words in (
        (change, {"statements": LINE, "comment": "x"}),
        (show, {"query": COMMITS}),
    ):
        with pytest.raises(WrongRouter, match="calls itself luna, not juno"):
            do(nornir, "juno", task, **words)
    answers = collector(nornir)({"luna": [SOFTWARE.request]})
    assert isinstance(answers["luna", SOFTWARE.request], WrongRouter)
    assert {n: lab.call(lambda n=n: len(lab.database(n).history)) for n in commits} == commits
    luna.data["host_name"] = "juno"
    assert do(nornir, "luna", show, query=SOFTWARE).result.host_name == "juno"


def test_a_chassis_is_known_again_by_its_serial_number(nornir, lab):
    file = serials_file(lab.known_hosts)
    do(nornir, "juno", show, query=SOFTWARE)
    nornir.close_connections()
    address = f"[127.0.0.1]:{lab.router('juno').port} "
    (line,) = (each for each in file.read_text().splitlines() if each.startswith(address))
    assert line.split()[1] == lab.router("juno").fingerprint
    assert do(nornir, "juno", show, query=SOFTWARE).result.host_name == "juno"
    assert file.read_text().count(address) == 1
    nornir.close_connections()
    kept = file.read_text()
    try:
        file.write_text(kept.replace(line, f"{line.rsplit(' ', 1)[0]} JN0000"))
        with pytest.raises(WrongRouter, match="not JN0000 as before"):
            do(nornir, "juno", show, query=SOFTWARE)
        remember(target_of(nornir.inventory.hosts["juno"], credentials(os.environ)), _key(lab))
        assert do(nornir, "juno", show, query=SOFTWARE).result.host_name == "juno"
    finally:
        file.write_text(kept)


def _key(lab):
    kind, blob = lab.router("juno").host_key.split()[:2]
    return HostKey(kind, b64decode(blob))
