"""What must agree at both ends changes in one step; what cannot without an outage says so."""

import json
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from intent_networks import networks
from pydantic import SecretStr

from multihome.change.agreement.agreements import Moment
from multihome.change.agreement.keys import ALWAYS, Key, Keys, start_time
from multihome.change.agreement.schedule import Block, joined, schedule
from multihome.change.agreement.sites import sites
from multihome.change.agreement.statements import statements
from multihome.change.agreement.step_plan import Draft, step_plan
from multihome.change.agreement.words import lines, refusal
from multihome.errors import Refused
from multihome.intent.load import load_intent
from multihome.inventory.project import default_project
from multihome.inventory.targets import read_inventory
from multihome.render.render import render
from multihome.render.secrets import Secrets
from multihome.runbook.steps import refuse_to_part

NOW = datetime(2027, 3, 1, tzinfo=UTC)
MOMENT = Moment(NOW, timedelta(hours=1))
NAMES = ("isis", "ldp", "ibgp", "pe-cpe", "cpe-cpe")
PROJECT = default_project()
SOURCE = PROJECT.intent.read_text()
CORE = {"liber", "ceres", "juno", "janus", "mars", "sol", "apollo", "jupiter"}


def loaded(folder, text, roles=None):
    path = folder / "ipvpn.yaml"
    path.write_text(text)
    return load_intent(path, dict(read_inventory(PROJECT).roles) if roles is None else roles)


def configured(intent, changed=()):
    secrets = Secrets({n: SecretStr(f"{'new' if n in changed else 'old'} {n}") for n in NAMES})
    return {router: render(PROJECT, intent, router, secrets) for router in intent.routers}


def drafts(old, new, only=None):
    return {
        router: Draft(
            "\n".join(old[router].statements) if router in old else "", script_of(new[router], old)
        )
        for router in new
        if only is None or router in only
    }


def script_of(rendered, old):
    """Delete everything that is there, and set what is wanted: what a script comes to."""
    there = old[rendered.router].statements if rendered.router in old else ()
    gone = sorted({f"delete {line.split()[1]}" for line in there})
    return "\n".join([*gone, *rendered.statements])


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    return loaded(tmp_path_factory.mktemp("own"), SOURCE)


@pytest.fixture(scope="module")
def plan(own):
    old = configured(own)

    def planned(changed=(), only=None, intent=own):
        return step_plan(intent, drafts(old, configured(intent, changed), only), MOMENT)

    return planned


@pytest.fixture
def edited(own, plan, tmp_path):
    def planned(*pairs):
        text = SOURCE
        for one, other in pairs:
            assert one in text
            text = text.replace(one, other)
        return plan(intent=loaded(tmp_path, text))

    return planned


def test_nothing_to_change_has_no_step(plan):
    assert lines(plan()) == ()


def test_a_first_deployment_goes_by_legs_and_breaks_nothing(own):
    found = step_plan(own, drafts({}, configured(own)), MOMENT)
    assert [step.groups for step in found.steps] == [(), ()]
    assert found.batches[1] == ("juno", "luna")
    assert not found.costs


def test_keys_of_the_igp_change_together_within_the_hold_time(plan):
    found = plan(["isis"])
    [step] = found.steps
    assert set(step.routers) == CORE
    assert lines(found)[0].startswith("step 1 of 1: keys of IS-IS, 8 routers together: ")
    assert "no IS-IS adjacency is lost if all commit within 27 s" in lines(found)[1]
    assert not found.costs


def test_keys_of_a_leg_change_at_both_ends_and_leg_after_leg(plan):
    found = plan(["pe-cpe"])
    assert [set(batch) for batch in found.batches] == [{"ceres", "orcus"}, {"juno", "luna"}]
    assert not found.costs


def test_keys_between_the_cpes_interrupt_no_leg(plan):
    found = plan(["cpe-cpe"])
    assert found.batches == (("luna", "orcus"),)
    assert not found.costs


@pytest.mark.parametrize(
    ("key", "seconds"), [("ldp", "up to 25 s"), ("ibgp", "up to 120 s")], ids=["ldp", "ibgp"]
)
def test_keys_that_reset_all_sessions_of_the_core_are_an_outage(plan, key, seconds):
    found = plan([key])
    assert {outage.site for outage in found.steps[0].outages} >= {"genius", "saturn", "venus"}
    assert seconds in refusal(found)


def test_all_keys_at_once_are_one_step_and_an_outage(plan):
    found = plan(NAMES)
    [step] = found.steps
    assert set(step.routers) == CORE | {"luna", "orcus"}
    assert "--accept-outage" in refusal(found)


def test_logical_systems_of_one_device_are_one_step_and_no_refusal(own):
    found = step_plan(own, drafts({}, configured(own)), MOMENT, tied=[tuple(own.routers)])
    [step] = found.steps
    assert not found.costs
    assert not step.groups
    assert "logical systems of one device" in lines(found)[0]


def test_a_canary_is_not_parted_from_whom_it_must_agree_with(plan):
    found = plan(["pe-cpe"])
    refuse_to_part(found, ())
    refuse_to_part(found, ("luna", "juno"))
    refuse_to_part(found, ("mars",))
    with pytest.raises(Refused, match="luna must change together with juno"):
        refuse_to_part(found, ("luna",))


def test_what_changes_beside_the_keys_of_both_legs_may_be_wrong_on_both(edited, own, plan):
    found = edited(("med: 10\n", "med: 11\n"))
    assert not found.costs
    old, new = configured(own), configured(own, ["cpe-cpe"])
    both = drafts(old, new)
    extra = "\nset protocols bgp group pe-connection export another"
    both["luna"] = Draft(both["luna"].configuration, both["luna"].script + extra)
    found = step_plan(own, both, MOMENT)
    assert found.steps[0].torn == ("ipvpn saturn",)
    assert "all legs of saturn change at once" in " ".join(lines(found))


@pytest.mark.parametrize("router", ["luna", "juno"])
def test_one_end_alone_is_named_with_the_other(plan, router):
    found = plan(["pe-cpe"], only=[router])
    other = {"luna": "juno", "juno": "luna"}[router]
    assert [(b.router, b.other, b.unseen) for b in found.broken] == [(router, other, True)]
    assert f"change on {router} and not on {other}, not looked at" in " ".join(lines(found))
    assert refusal(found)


def test_one_cause_is_said_once_however_many_ends(plan):
    told = [line for line in lines(plan(["isis"], only=["mars", "sol"])) if "breaks" in line]
    assert len(told) == 1
    assert all(name in told[0] for name in ("liber", "janus", "ceres", "apollo", "jupiter"))


def test_an_end_that_has_the_new_key_already_is_repaired(own):
    old, new = configured(own), configured(own, ["pe-cpe"])
    both = drafts({**old, "juno": new["juno"]}, new)
    found = step_plan(own, both, MOMENT)
    assert not found.broken
    assert "luna" in {router for step in found.steps for router in step.routers}


@pytest.mark.parametrize(
    ("pairs", "words", "together"),
    [
        ([("4.0.0.22/30", "4.9.0.2/30"), ("4.0.0.21/30", "4.9.0.1/30")], "addresses", {"juno", "luna"}),
        ([("vlan: 105", "vlan: 405")], "VLAN", {"juno", "luna"}),
        ([("vlan: 150", "vlan: 450")], "VLAN", {"luna", "orcus", "saturn"}),
        ([("autonomous-system: 65500", "autonomous-system: 65501")], "AS numbers", {"ceres", "orcus", "juno", "luna"}),
        ([("target:1:1", "target:1:7")], "route target", {"liber", "ceres", "juno", "janus"}),
        ([("virtual-address: 192.168.1.1", "virtual-address: 192.168.1.7")], "virtual address", {"luna", "orcus", "saturn"}),
        ([("4.0.0.49/30", "4.9.0.1/30"), ("4.0.0.50/30", "4.9.0.2/30")], "subnet", {"liber", "sol"}),
        ([("192.168.1.254/24", "192.168.1.253/24")], "addresses of links", {"luna", "orcus", "saturn"}),
    ],
    ids=["addresses", "vlan", "lan", "as", "target", "gateway", "core-link", "customer"],
)  # fmt: skip
def test_whatever_must_be_the_same_changes_together(edited, pairs, words, together):
    found = edited(*pairs)
    [group] = found.groups
    assert set(group) == together
    assert words in " ".join(lines(found))
    assert not found.broken


def test_another_group_at_one_end_resets_its_sessions_and_joins_nothing(edited):
    found = edited(("group: CPE}", "group: OTHER}"))
    assert not found.groups
    assert not found.costs
    found = edited(("    group: reflector\n", "    group: mesh\n"))
    assert not found.groups
    assert "group of internal BGP" in found.steps[0].outages[0].causes


def test_one_core_link_of_several_is_no_outage(edited):
    found = edited(("4.0.0.49/30", "4.9.0.1/30"), ("4.0.0.50/30", "4.9.0.2/30"))
    assert not found.costs


def test_a_site_with_one_connection_has_no_other_way(edited):
    found = edited(("4.0.0.98/30", "4.9.0.2/30"), ("4.0.0.97/30", "4.9.0.1/30"))
    assert [outage.site for step in found.steps for outage in step.outages] == ["genius"]


def test_the_order_of_statements_and_inactive_ones_do_not_matter():
    text = 'set a b 1\nset a c\ndeactivate a c\nset d "two words"\n'
    assert statements(text).lines() == {("a", "b", "1"), ("d", "two words")}
    assert statements(text, "delete a b\nactivate a c").lines() == {("a", "c"), ("d", "two words")}
    below = statements("set logical-systems x a b\nset a c", "", "x")
    assert below.lines() == {("a", "b")}
    shared = statements("set logical-systems x a b\nset security c", "", "x")
    assert shared.lines() == {("a", "b"), ("security", "c")}


# --- keys that roll over ----------------------------------------------------------------


def test_a_key_that_starts_later_is_at_both_ends_by_then():
    one = Keys((Key(ALWAYS, "a"),), chain=True)
    two = Keys((Key(ALWAYS, "a"), Key(NOW + timedelta(days=1), "b")), chain=True)
    assert one.apart(two, NOW) == NOW + timedelta(days=1)
    assert two.apart(two, NOW) is None
    assert two.active(NOW) == ("a", "md5")
    assert two.active(NOW + timedelta(days=2)) == ("b", "md5")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2027-1-1.00:00:00 +0000", datetime(2027, 1, 1, tzinfo=UTC)),
        ("2027-01-01.02:30 +0200", datetime(2027, 1, 1, 0, 30, tzinfo=UTC)),
        ("2027-1-2", datetime(2027, 1, 2, tzinfo=UTC)),
        ("soon", ALWAYS),
    ],
    ids=["utc", "zone", "day", "unread"],
)
def test_start_times_are_read_as_junos_writes_them(text, moment):
    assert start_time(text) == moment


def chained(routers, *keys):
    """The statements of a chain of IS-IS keys."""
    name = "security authentication-key-chains key-chain core key"
    return {
        router: "\n".join(
            [
                "set protocols isis level 2 authentication-key-chain core",
                *(f'set {name} {n} secret {secret}\nset {name} {n} start-time "{start}"' for n, secret, start in keys),
            ]
        )
        for router in routers
    }  # fmt: skip


def rolled(own, routers, new):
    old = configured(own)
    first = chained(routers, (0, "a", "2020-1-1.00:00:00 +0000"))
    base = {
        r: "\n".join(line for line in old[r].statements if "isis level 2 auth" not in line)
        for r in old
    }
    return step_plan(
        own,
        {r: Draft(f"{base[r]}\n{first.get(r, '')}", new.get(r, "")) for r in old},
        MOMENT,
    )


def test_the_next_key_of_a_chain_comes_leg_by_leg_and_interrupts_nothing(own):
    nxt = chained(CORE, (1, "b", "2027-4-1.00:00:00 +0000"))
    found = rolled(own, CORE, nxt)
    assert not found.groups
    assert not found.costs
    assert found.hitless == ("keys of IS-IS",)
    assert [set(batch) for batch in found.batches] == [CORE - {"juno"}, {"juno"}]


def test_a_key_of_a_chain_that_starts_at_once_comes_together(own):
    found = rolled(own, CORE, chained(CORE, (1, "b", "2027-2-1.00:00:00 +0000")))
    assert set(found.groups[0]) == CORE


def test_a_key_of_a_chain_at_some_ends_breaks_when_it_starts(own):
    found = rolled(own, CORE, chained(CORE - {"mars"}, (1, "b", "2027-4-1.00:00:00 +0000")))
    assert {breach.other for breach in found.broken} == {"mars"}
    assert "down from 2027-04-01 00:00:00 UTC on" in " ".join(lines(found))


# --- any network ------------------------------------------------------------------------


@cache
def generated(text, roles, folder):
    return loaded(folder, text, dict(roles))


@settings(max_examples=settings().max_examples // 4)
@given(network=networks(), changed=st.sets(st.sampled_from(NAMES), min_size=1))
def test_in_any_network_no_session_waits_for_its_other_end(tmp_path_factory, network, changed):
    made = json.loads(network.text())
    made["core"] |= {"isis": {"authentication-key": "isis"}, "ldp": {"authentication-key": "ldp"}}
    made["core"]["bgp"]["authentication-key"] = "ibgp"
    for vpn in made["vpns"].values():
        for site in vpn["multihomed"].values():
            site["authentication-key"] = "pe-cpe"
            site["inter-cpe"] = {"authentication-key": "cpe-cpe"}
    roles = tuple(network.roles().items())
    intent = generated(json.dumps(made), roles, tmp_path_factory.mktemp("any"))
    found = step_plan(intent, drafts(configured(intent), configured(intent, changed)), MOMENT)
    step_of = {router: n for n, batch in enumerate(found.batches) for router in batch}
    assert sum(map(len, found.batches)) == len(step_of)
    assert not found.broken
    pairs = []
    for link in made["core"]["links"]:
        pairs += [tuple(link["ends"])] * bool(changed & {"isis", "ldp"})
    for vpn in made["vpns"].values():
        for site in vpn["multihomed"].values():
            ends = [(leg["pe"]["router"], leg["cpe"]["router"]) for leg in site["legs"]]
            pairs += ends * ("pe-cpe" in changed)
            cpes = [cpe for _, cpe in ends]
            pairs += list(pairwise(cpes)) * ("cpe-cpe" in changed)
    if "ibgp" in changed:
        pairs += [(r, peer) for r in intent.bgp_speakers for peer in intent.bgp_neighbors(r)]
    assert all(step_of[one] == step_of[other] for one, other in pairs)


@settings(max_examples=settings().max_examples // 4)
@given(network=networks())
def test_in_any_network_legs_are_parted_unless_they_share_a_router(tmp_path_factory, network):
    roles = tuple(network.roles().items())
    intent = generated(network.text(), roles, tmp_path_factory.mktemp("legs"))
    found = step_plan(intent, drafts({}, configured(intent)), MOMENT)
    assert not found.groups
    for site in sites(intent):
        for batch in found.batches:
            assert len({site.place_of[r] for r in batch if r in site.place_of}) < 2
    assert {r for batch in found.batches for r in batch} == set(intent.routers)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 1)), min_size=1, max_size=8))
def test_sites_that_wait_for_each_other_are_changed_all_the_same(legs):
    waiting = [
        Block((f"r{n}",), {f"s{site}": frozenset({leg}), f"s{site + 1}": frozenset({1 - leg})})
        for n, (site, leg) in enumerate(legs)
    ]
    steps = schedule(waiting)
    assert sorted(b.routers for step in steps for b in step) == sorted(b.routers for b in waiting)


def test_groups_that_share_a_router_are_one():
    assert joined("abcde", [("a", "c"), ("c", "e"), ("x", "b")]) == (
        ("a", "c", "e"),
        ("b",),
        ("d",),
    )
