"""Two addresses mixed up, keys and logins right: every verb notices who answers."""

import json
from itertools import chain

import pytest

from multihome.errors import ExitCode

pytestmark = [pytest.mark.scenario, pytest.mark.xdist_group("scenario")]
WHERE = ("host", "port", "host_key", "fingerprint")
TOLD = "calls itself sol, not mars"


@pytest.fixture
def swapped(deployed):
    """The record of the twin with the addresses of two routers exchanged."""
    file = deployed / "lab.json"
    right = file.read_text()
    record = json.loads(right)
    routers = {router["name"]: router for router in record["routers"]}
    mars, sol = routers["mars"], routers["sol"]
    for key in WHERE:
        mars[key], sol[key] = sol[key], mars[key]
    file.write_text(json.dumps(record))
    yield
    file.write_text(right)


VERBS = (
    ("preflight",),
    ("plan",),
    ("apply", "--yes"),
    ("apply", "--yes", "-l", "mars"),
    ("verify",),
    ("verify", "-l", "mars"),
    ("snapshot", "wrong"),
    ("show", "route", "10.0.0.5/32", "-l", "mars"),
    ("show", "bgp"),
    ("drill", "run", "juno-luna", "--yes"),
)


@pytest.mark.parametrize("words", VERBS, ids=" ".join)
def test_a_router_at_anothers_address_is_refused_by_every_verb(operator, swapped, words):
    before = {name: _commits(operator, name) for name in ("mars", "sol")}
    found = operator(*words)
    assert TOLD in found.text
    assert found.code == ExitCode.REFUSED, found.text
    assert {name: _commits(operator, name) for name in ("mars", "sol")} == before


def test_a_name_that_changed_behind_the_tools_back_is_noticed(operator):
    operator.sabotage("vulcan", "set system host-name vsrx14")
    try:
        for words in (("preflight",), ("verify",), ("plan",)):
            found = operator(*words)
            assert "calls itself vsrx14, not vulcan" in found.text
            assert found.code == ExitCode.REFUSED
    finally:
        operator.undo("vulcan")
    assert operator("preflight").code == ExitCode.PROVEN


def _commits(operator, name):
    with operator.session(name) as session:
        return [record.at for record in chain(session.history())]
