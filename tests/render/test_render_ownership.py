"""The laws of ownership, on configurations that others work on too.

A router is the twin's configuration tree: what is loaded there is understood by another
implementation than the one that computed it.
"""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multihome.errors import Refused
from multihome.render.ownership.changes import Choice, StatementChanges, path_of
from multihome.render.render import render
from multihome.render.rendered import Rendered, withdrawn
from multihome.twin.config.formats.set_format import print_set
from multihome.twin.config.load import load, parse_set
from multihome.values.secret import obfuscate

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


def service(name: str, *statements: str, shared: tuple[str, ...] = ()) -> Rendered:
    return Rendered("r", tuple(f"set {line}" for line in statements), shared, None, name)


STATIC = "routing-options static route 172.16.0.0/16 next-hop 10.0.0.1"
PEER = "protocols bgp group g neighbor 10.0.0.1 peer-as 65001"


def test_a_statement_of_two_services_goes_with_the_last_of_them():
    one, two = service("one", STATIC, PEER), service("two", PEER)
    both = applied(two, applied(one, ""))
    alone = applied(withdrawn("r", "one"), both)
    assert f"set {PEER}" in alone.splitlines()
    assert STATIC not in alone
    assert not two.changes(alone).script
    assert applied(withdrawn("r", "two"), alone) == ""


def test_no_service_overwrites_or_takes_over_what_another_one_wrote():
    one = service("one", "routing-options router-id 10.0.0.1")
    two = service("two", "routing-options router-id 10.0.0.2")
    before = applied(one, "")
    path = path_of("routing-options router-id")
    for choice in (None, Choice(take_over=(path,))):
        changes = two.changes(before, choice)
        [conflict] = changes.conflicts
        assert "of the service 'one'" in conflict.why
        assert "set routing-options router-id 10.0.0.1" in loaded(before, changes.script)


def test_one_more_statement_renumbers_no_other_entry():
    one, more = service("x", PEER), service("x", STATIC, PEER)
    changes = more.changes(applied(one, ""))
    assert changes.set == (STATIC,)
    assert [line.split(" ", 3)[3] for line in changes.recorded] == [
        f'"{STATIC}"',
        '"routing-options static route 172.16.0.0/16"',
    ]
    assert not changes.forgotten


def test_a_container_with_something_of_others_is_never_deleted():
    before = applied(service("x", PEER), "")
    theirs = "set protocols bgp group g neighbor 10.0.0.1 description theirs\n"
    changes = withdrawn("r", "x").changes(loaded(before, theirs))
    assert changes.delete == ("protocols bgp group g neighbor 10.0.0.1 peer-as",)
    assert applied(withdrawn("r", "x"), loaded(before, theirs)) == theirs


def test_a_value_that_somebody_changed_since_is_put_right_or_left_but_not_deleted():
    before = applied(service("x", PEER), "")
    changed = loaded(before, "set protocols bgp group g neighbor 10.0.0.1 peer-as 65009\n")
    assert service("x", PEER).changes(changed).set == (PEER,)
    assert withdrawn("r", "x").changes(changed).delete == ()


def test_a_value_that_was_there_comes_back_when_the_service_lets_go_of_its_own():
    before = "set protocols isis lsp-lifetime 1200\n"
    found = applied(service("x", "protocols isis lsp-lifetime 1200"), before)
    own = applied(service("x", "protocols isis lsp-lifetime 3600"), found)
    assert "lsp-lifetime 3600" in own
    assert applied(withdrawn("r", "x"), own) == before


OLD = (
    'set apply-macro multihome 1 "protocols bgp group g"\n'
    'set apply-macro multihome 2 "apply-macro multihome"\n'
)


def test_a_record_of_earlier_versions_proves_only_what_is_equal_to_ours():
    theirs = "set protocols bgp group g neighbor 10.9.9.9 peer-as 65099\n"
    before = f"set {PEER}\n{theirs}{OLD}"
    changes = service("x", PEER).changes(before)
    assert (changes.set, changes.delete, changes.adopted) == ((), (), ())
    assert changes.foreign == (theirs.removeprefix("set ").strip(),)
    after = loaded(before, changes.script)
    assert "multihome 1 " not in after
    assert applied(withdrawn("r", "x"), after) == theirs


def test_a_router_that_left_keeps_what_only_a_record_of_earlier_versions_names():
    changes = withdrawn("r", "x").changes(f"set {PEER}\n{OLD}")
    assert not changes.script
    assert changes.foreign == (PEER,)


@pytest.mark.parametrize(
    "line", ['s0123456789ab "system root-authentication"', 'x1 "system"', "s1"]
)
def test_a_record_that_another_hand_altered_is_not_followed(line: str):
    forged = f"set apply-macro multihome-x {line}\n"
    with pytest.raises(Refused, match="did not write like that"):
        service("x", PEER).changes(forged)


INACTIVE = (
    "interfaces xe-0/0/1",
    "interfaces xe-0/0/1 vlan-tagging",
    "interfaces xe-0/0/1 unit 5",
    "interfaces xe-0/0/1 unit 5 vlan-id",
    "protocols",
    "protocols bgp group g",
    "routing-instances v",
    "apply-macro multihome-x",
)


@pytest.mark.parametrize("path", INACTIVE)
def test_what_is_deactivated_of_ours_or_around_ours_is_activated(path: str):
    wanted = service(
        "x",
        "interfaces xe-0/0/1 vlan-tagging",
        "interfaces xe-0/0/1 unit 5 vlan-id 5",
        PEER,
        "routing-instances v interface xe-0/0/1.5",
        shared=("interfaces xe-0/0/1 vlan-tagging",),
    )
    done = applied(wanted, "set interfaces xe-0/0/1 unit 6 vlan-id 6\n")
    off = loaded(done, f"deactivate {path}\n")
    changes = wanted.changes(off)
    assert changes.activate == (path,)
    assert changes.script == f"activate {path}\n"
    assert bool(changes.revived) is (path == "interfaces xe-0/0/1")
    assert loaded(off, changes.script) == done


def test_what_others_deactivated_of_theirs_stays_so():
    done = applied(service("x", PEER), "")
    off = loaded(
        done,
        "set protocols bgp group g neighbor 10.9.9.9 peer-as 1\n"
        "deactivate protocols bgp group g neighbor 10.9.9.9\n",
    )
    assert not service("x", PEER).changes(off).script


def test_a_shared_statement_is_set_and_never_recorded_nor_deleted():
    tagging = "interfaces xe-0/0/1 vlan-tagging"
    wanted = service("x", tagging, shared=(tagging,))
    done = applied(wanted, "")
    assert done == f"set {tagging}\n"
    assert applied(withdrawn("r", "x"), done) == done


def test_one_secret_in_two_forms_is_the_same():
    key = "protocols bgp group g authentication-key"
    clear, salted = obfuscate("the key", salt="a"), obfuscate("the key", salt="b")
    assert clear != salted
    changes = service("x", f'{key} "{clear}"').changes(f'set {key} "{salted}"\n')
    assert not changes.set
    assert not changes.conflicts
    assert "$9$" not in "".join(changes.recorded)
