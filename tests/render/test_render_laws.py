"""Laws of rendering that hold for whatever is in the intent."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from multihome.errors import UnknownName
from multihome.intent.load import load_intent
from multihome.intent.model import Intent
from multihome.inventory.project import Project
from multihome.inventory.targets import read_inventory
from multihome.render.render import render
from multihome.render.rendered import Rendered
from multihome.render.secrets import MissingSecrets, Secrets

Render = Callable[..., Rendered]
Change = Callable[..., Intent]


@pytest.fixture(scope="session")
def change(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Change:
    """The project's intent with some of its text replaced."""
    path = tmp_path_factory.mktemp("changed") / "ipvpn.yaml"
    source, roles = project.intent.read_text(), read_inventory(project).roles

    def changed(**replaced: str) -> Intent:
        text = source
        for old, new in replaced.items():
            assert old.replace("_", "-") in text
            text = text.replace(old.replace("_", "-"), new, 1)
        path.write_text(text)
        return load_intent(path, roles)

    return changed


def words(rendered: Rendered) -> set[str]:
    return {line.removeprefix("set ") for line in rendered.statements}


def test_equal_inputs_give_equal_bytes(project: Project, intent: Intent, secrets: Secrets):
    for router in intent.routers:
        first = render(project, intent, router, secrets)
        assert first == render(project, intent, router, secrets)
        assert first.changes("").script == first.changes("").script


def test_every_line_sets_something_once(intent: Intent, rendered: Render):
    for router in intent.routers:
        lines = rendered(router).statements
        assert all(line.startswith("set ") and line == line.strip() for line in lines)
        assert len(set(lines)) == len(lines)


def test_every_line_but_the_shared_ones_is_recorded(intent: Intent, rendered: Render):
    for router in intent.routers:
        made = rendered(router)
        recorded = "\n".join(made.changes("").recorded)
        for line in made.statements:
            kept = line.removeprefix("set ").partition(' "$9$')[0].replace('"', '\\"')
            assert (f' "{kept}"' in recorded) != line.endswith(" vlan-tagging"), line


def test_a_logical_system_has_the_same_under_its_name(intent: Intent, rendered: Render):
    for router in intent.routers:
        inside, whole = rendered(router, "LS"), rendered(router)
        assert all(line.startswith("set logical-systems LS ") for line in inside.statements)
        for line in inside.changes("").script.splitlines():
            assert line.startswith("set logical-systems LS ")
        there = {line.removeprefix("logical-systems LS ") for line in words(inside)}
        plain = {line for line in words(whole) if not line.endswith("vlan-tagging")}
        assert {line.replace('"logical-systems LS ', '"') for line in there} == plain


@given(
    med=st.integers(0, 0xFFFFFFFF),
    preference=st.integers(0, 0xFFFFFFFF),
    hold=st.integers(3, 65535),
)
def test_values_of_the_intent_appear_where_they_belong(
    project: Project, secrets: Secrets, change: Change, med: int, preference: int, hold: int
):
    med += med == 150
    preference += preference == 10
    intent = change(
        **{
            "med: 10\n": f"med: {med}\n",
            "local_preference: 150": f"local-preference: {preference}",
            "hold_time: 10           #": f"hold-time: {hold} #",
        }
    )
    juno = words(render(project, intent, "juno", secrets))
    group = "routing-instances ipvpn protocols bgp group CPE"
    assert f"{group} neighbor 4.0.0.21 metric-out {med}" in juno
    policy = "policy-options policy-statement multihomed-ipvpn-primary"
    assert f"{policy} then local-preference {preference}" in juno
    luna = words(render(project, intent, "luna", secrets))
    assert f"protocols bgp group pe-connection hold-time {hold}" in luna
    ceres = words(render(project, intent, "ceres", secrets))
    assert f"{group} neighbor 4.0.0.45 metric-out 150" in ceres


def test_tracking_is_of_the_cpe_s_own_uplink(project: Project, secrets: Secrets, change: Change):
    intent = change(**{"track_uplink: null": "track-uplink: 120"})
    group = "family inet address 192.168.1.3/24 vrrp-group 1"
    wanted = f"interfaces xe-2/0/1 unit 150 {group} track interface xe-2/0/0.105 priority-cost 120"
    assert wanted in words(render(project, intent, "luna", secrets))


def test_inactive_paths_are_told_to_the_other_cpe(
    project: Project, secrets: Secrets, change: Change, rendered: Render
):
    intent = change(**{"advertise_inactive: false": "advertise-inactive: true"})
    orcus = render(project, intent, "orcus", secrets)
    added = [line for line in orcus.statements if line not in rendered("orcus").statements]
    term = "set policy-options policy-statement cpe-connection term inactive"
    assert added == [
        "set protocols bgp group cpe-connection advertise-external",
        "set protocols bgp group cpe-connection advertise-inactive",
        f"{term} from state inactive",
        f"{term} then next-hop self",
        f"{term} then accept",
    ]


def test_a_core_that_is_not_ours_is_left_alone(project: Project, change: Change):
    intent = change(**{"managed: true": "managed: false"})
    secrets = Secrets({name: SecretStr("x") for name in ("pe-cpe", "cpe-cpe")})
    juno = words(render(project, intent, "juno", secrets))
    assert not {line for line in juno if line.startswith(("protocols", "routing-options"))}
    assert "interfaces lo0 unit 50 family inet address 10.0.0.5/32" in juno
    assert not {line for line in juno if line.startswith("interfaces lo0 unit 5 ")}
    assert not {line for line in juno if "unit 114" in line}


def test_a_router_that_is_not_in_the_intent_is_named(rendered: Render):
    with pytest.raises(UnknownName, match="unknown router 'nemo'"):
        rendered("nemo")


def test_all_missing_secrets_are_told_at_once(project: Project, intent: Intent):
    with pytest.raises(MissingSecrets) as caught:
        render(project, intent, "luna", Secrets({}))
    assert caught.value.names == ("cpe-cpe", "pe-cpe")
    assert "set MULTIHOME_SECRET_PE_CPE" in str(caught.value)


def test_a_rendering_never_shows_a_secret_but_in_its_statements(rendered: Render):
    luna = rendered("luna")
    assert "$9$" not in repr(luna)
    assert not any("$9$" in line and "hidden" not in line for line in luna.redacted)
    assert sum("$9$" in line for line in luna.statements) == 2
