"""What is learnt from live state holds against that state, and says what it left out."""

from pathlib import Path

from lxml import etree
from ruamel.yaml import YAML

from multihome.check.catalogue import Names, load_file
from multihome.check.engine import evaluate, plan
from multihome.check.learn import learn
from multihome.check.result import Verdict
from multihome.errors import Unreachable
from multihome.state.query import Evidence

CASES = Path(__file__).parent / "cases"
INSTANCES = (
    "<instance-information><instance-core><instance-name>red</instance-name>"
    "<instance-type>vrf</instance-type><instance-rib><irib-name>red.inet.0</irib-name>"
    "</instance-rib><instance-rib><irib-name>red.mdt.0</irib-name></instance-rib>"
    "</instance-core></instance-information>"
)
NOT_RUNNING = "<rpc-reply><output>it is not running</output></rpc-reply>"


def answers():
    known = {"get-instance-information detail": INSTANCES}
    for path in CASES.glob("*.yaml"):
        known |= YAML(typ="safe").load(path.read_text())["replies"]
    return known


def collect(asks):
    known = answers()
    found = {}
    for router, request in asks:
        if router == "r2":
            found[router, request] = Unreachable("r2", "no route to host")
        else:
            found[router, request] = etree.fromstring(known.get(str(request), NOT_RUNNING))
    return found


def test_what_is_learnt_holds_and_what_is_not_is_told(tmp_path):
    path = tmp_path / "learnt.yaml"
    learnt = learn(["r1", "r2"], collect)
    path.write_text(learnt.catalogue)
    found = load_file(path, Names({"r1"}, set()))
    kinds = {each.check_name for each in found}
    assert kinds >= {"interface", "bgp-session", "vrrp", "isis-adjacency", "ldp-session", "bfd"}
    assert "route" in kinds
    results = evaluate(found, Evidence(collect(plan(found))))
    assert {each.verdict for each in results} == {Verdict.PASS}
    text = path.read_text()
    assert "# not learnt: r1: BGP session with 10.7.0.2 is Idle" in text
    assert text.count("# not learnt: r2: no route to host") == 1
    assert [str(error) for error in learnt.unasked] == ["r2: no route to host"]
