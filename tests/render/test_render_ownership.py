"""The laws of ownership, on configurations that others work on too.

A router is the twin's configuration tree: what is loaded there is understood by another
implementation than the one that computed it.
"""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multihome.render.ownership.changes import Choice, StatementChanges
from multihome.render.render import render
from multihome.render.rendered import Rendered, withdrawn
from multihome.twin.config.formats.set_format import print_set
from multihome.twin.config.load import load, parse_set

Render = Callable[..., Rendered]
ROUTERS = ("juno", "luna", "apollo", "saturn", "genius")


def loaded(configuration: str, script: str) -> str:
    """The configuration after a `load set`."""
    outcome = load(parse_set(configuration), script, action="set", strict=False)
    assert outcome.ok, outcome.problems
    return print_set(outcome.root)


def applied(rendered: Rendered, configuration: str, choice: Choice | None = None) -> str:
    return loaded(configuration, rendered.changes(configuration, choice).script)


def lines(configuration: str) -> set[str]:
    return {line for line in configuration.splitlines() if " apply-macro " not in f" {line} "}


def nothing(changes: StatementChanges) -> bool:
    return not changes.script and not changes.conflicts


FOREIGN = (
    "set system host-name x",
    "set interfaces xe-2/0/1 unit 777 vlan-id 777",
    "set interfaces xe-2/0/1 unit 777 family inet address 172.16.7.1/30",
    "set interfaces xe-2/0/0 description theirs",
    "set protocols bgp group THEIRS type external",
    "set protocols bgp group THEIRS neighbor 172.16.7.2 peer-as 64999",
    "set protocols bgp group AAA neighbor 172.16.8.2 peer-as 64998",
    "set routing-options static route 172.20.0.0/16 next-hop 172.16.7.2",
    "set policy-options policy-statement theirs term a then accept",
    "set policy-options policy-statement theirs term b then reject",
    "set policy-options community theirs members 1:99",
    "set routing-instances ipvpn interface xe-2/0/1.777",
    "set routing-instances ipvpn routing-options static route 172.21.0.0/16 next-hop 172.16.7.2",
    "set routing-instances ipvpn protocols bgp group OTHER neighbor 172.16.7.2 peer-as 64999",
    "set routing-instances other instance-type vrf",
    "set routing-instances other route-distinguisher 1:99",
    "set protocols isis interface xe-9/0/0.0 point-to-point",
    "set protocols mpls interface xe-9/0/0.0",
    "deactivate protocols isis interface xe-9/0/0.0",
    "set snmp location attic",
)
"""Statements of others that stand beside ours and contradict none of them."""


def drawn(data: st.DataObject, rendered: Rendered) -> str:
    """A configuration in which somebody has some of ours and other things, in any order."""
    some = data.draw(st.lists(st.sampled_from(FOREIGN), unique=True))
    present = data.draw(st.lists(st.sampled_from(rendered.statements or ("",)), unique=True))
    mixed = data.draw(st.permutations([*some, *present]))
    lines = sorted(mixed, key=lambda line: line.startswith("deactivate"))
    return print_set(load(parse_set(""), "\n".join(lines) + "\n", action="set", strict=False).root)


@pytest.fixture(scope="module")
def everything(project, intent, secrets):
    return {router: render(project, intent, router, secrets) for router in ROUTERS}


@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.data())
def test_what_is_loaded_leaves_nothing_to_do_and_takes_nothing_of_others(everything, data):
    rendered = everything[data.draw(st.sampled_from(ROUTERS))]
    before = drawn(data, rendered)
    after = applied(rendered, before)
    assert nothing(rendered.changes(after)), rendered.changes(after).script
    assert lines(before) - {x for x in lines(before) if _shadowed(x, after)} <= lines(after)
    wanted = {line for line in rendered.statements if not _shadowed(line, after)}
    assert wanted <= lines(after)


def _shadowed(line: str, configuration: str) -> bool:
    """A container is printed by itself only while it is empty."""
    return f"\n{line} " in f"\n{configuration}"


@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.data())
def test_a_service_that_leaves_gives_back_what_it_found(everything, data):
    rendered = everything[data.draw(st.sampled_from(ROUTERS))]
    before = drawn(data, rendered)
    after = applied(rendered, before)
    back = applied(withdrawn(rendered.router, rendered.service), after)
    shared = {line for line in rendered.statements if line.endswith("vlan-tagging")}
    assert lines(back) - shared == lines(before) - shared
    assert "apply-macro" not in back
