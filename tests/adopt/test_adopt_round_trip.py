"""Render, forget the intent, read it back from the configurations, render again: equal."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from intent_networks import Network, networks
from pydantic import SecretStr

from multihome.adopt.draft import Draft, draft
from multihome.adopt.judgement import Undecided
from multihome.adopt.proof import Proof, prove
from multihome.adopt.source import Source, read_source
from multihome.intent.load import load_intent
from multihome.intent.model import Intent
from multihome.inventory.project import default_project
from multihome.inventory.role import Role
from multihome.inventory.targets import read_inventory
from multihome.render.render import render
from multihome.render.secrets import Secrets

FOREIGN = (
    "set system services ssh",
    'set snmp community "a b" authorization read-only',
    "set routing-options static route 203.0.113.0/24 discard",
    "set interfaces fxp0 unit 0 family inet address 198.51.100.7/24",
    "set protocols bgp group other-team type external",
    "set protocols bgp group other-team neighbor 198.51.100.1 peer-as 64999",
    "set policy-options policy-statement other-team then reject",
)
KEYS = ("isis", "ldp", "ibgp", "pe-cpe", "cpe-cpe")


class Found(NamedTuple):
    first: Intent
    sources: list[Source]
    adopted: Draft
    second: Intent
    proofs: list[Proof]


def write(folder: Path, intent: Intent, secrets: Secrets, extra: tuple[str, ...] = ()) -> None:
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for router in intent.routers:
        lines = render(default_project(), intent, router, secrets).statements
        (folder / f"{router}.set").write_text("\n".join((*extra, *lines)) + "\n")


def read(folder: Path) -> list[Source]:
    return [read_source(file.stem, file) for file in sorted(folder.iterdir())]


def again(folder: Path, first: Intent, secrets: Secrets, extra: tuple[str, ...] = ()) -> Found:
    write(folder / "found", first, secrets, extra)
    sources = read(folder / "found")
    adopted = draft(sources, first.service)
    second = load(folder / "adopted.yaml", adopted.intent, adopted.roles)
    proofs = [
        prove(source, render(default_project(), second, source.router, adopted.secrets))
        for source in sources
    ]
    return Found(first, sources, adopted, second, proofs)


def load(file: Path, data: object, roles: Mapping[str, Role]) -> Intent:
    file.write_text(json.dumps(data))
    return load_intent(file, roles)


@pytest.fixture(scope="session")
def lab() -> Intent:
    project = default_project()
    return load_intent(project.intent, read_inventory(project).roles)


@pytest.fixture(scope="session")
def secrets() -> Secrets:
    return Secrets({name: SecretStr(f"the {name} key") for name in KEYS})


def test_the_lab_comes_back_as_it_was(tmp_path: Path, lab: Intent, secrets: Secrets):
    found = again(tmp_path, lab, secrets)
    assert [(p.router, p.missing, p.left_alone) for p in found.proofs if p.missing] == []
    assert [left for proof in found.proofs for left in proof.left_alone] == []
    assert found.adopted.roles == read_inventory(default_project()).roles
    assert [p.router for p in found.proofs] == sorted(lab.routers)
    was, now = lab.vpns["ipvpn"].multihomed["saturn"], found.second.vpns["ipvpn"].multihomed
    assert now["saturn"].model_dump(exclude={"authentication_key", "inter_cpe"}) == (
        was.model_dump(exclude={"authentication_key", "inter_cpe"})
    )


def test_foreign_statements_are_listed_by_file_and_line(
    tmp_path: Path, lab: Intent, secrets: Secrets
):
    found = again(tmp_path, lab, secrets, FOREIGN)
    for proof in found.proofs:
        assert proof.missing == ()
        assert [left.line for left in proof.left_alone] == [*range(1, len(FOREIGN) + 1)]
        assert str(proof.left_alone[0]).endswith(f"{proof.router}.set:1: set system services ssh")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(network=networks())
def test_any_network_comes_back(tmp_path: Path, network: Network):
    first = load(tmp_path / "first.yaml", json.loads(network.text()), network.roles())
    found = again(tmp_path, first, Secrets({}), FOREIGN)
    for proof in found.proofs:
        assert proof.missing == ()
        assert [left.line for left in proof.left_alone] == [*range(1, len(FOREIGN) + 1)]
    assert _legs(found.second) == _legs(first)


def _legs(intent: Intent) -> set[tuple[object, ...]]:
    """All that traffic hangs on, without the sites' names, which no router holds."""
    return {
        (vpn, site.site_of_origin, leg.role, leg.med, leg.local_preference, leg.pe, leg.cpe)
        for vpn, _, site in intent.multihomed_sites()
        for leg in site.legs
    }


@pytest.fixture
def change(tmp_path: Path, lab: Intent, secrets: Secrets) -> Callable[..., list[Source]]:
    """The lab's configurations, with a text of one router replaced."""

    def changed(router: str, old: str, new: str) -> list[Source]:
        write(tmp_path / "found", lab, secrets)
        file = tmp_path / "found" / f"{router}.set"
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))
        return read(tmp_path / "found")

    return changed


def test_two_readings_are_a_question_with_an_answer(change: Callable[..., list[Source]]):
    sources = change("mars", "lsp-lifetime 3600", "lsp-lifetime 1800")
    with pytest.raises(Undecided) as caught:
        draft(sources, "ipvpn")
    assert set(caught.value.questions) == {"core isis lsp-lifetime"}
    assert set(caught.value.questions["core isis lsp-lifetime"]) == {"3600", "1800"}
    chosen = draft(sources, "ipvpn", {"core isis lsp-lifetime": "1800"})
    assert chosen.intent["core"]["isis"]["lsp-lifetime"] == 1800


def test_a_leg_that_lacks_a_part_is_named(change: Callable[..., list[Source]]):
    sources = change("juno", "neighbor 4.0.0.21 metric-out 10", "neighbor 4.0.0.21 passive")
    found = draft(sources, "ipvpn")
    assert any("juno" in r and "4.0.0.21 has no metric-out" in r for r in found.remarks)
    assert found.intent["vpns"]["ipvpn"]["multihomed"] == {}


def test_a_second_static_connection_of_a_cpe_is_named(
    tmp_path: Path, lab: Intent, secrets: Secrets
):
    write(tmp_path / "found", lab, secrets)
    more = {
        "liber": "set interfaces ae9 unit 9 family inet address 4.9.9.1/30\n"
        "set routing-instances ipvpn interface ae9.9\n"
        "set routing-instances ipvpn routing-options static route 10.9.9.9/32 next-hop 4.9.9.2\n",
        "genius": "set interfaces ae9 unit 9 family inet address 4.9.9.2/30\n",
    }
    for router, lines in more.items():
        file = tmp_path / "found" / f"{router}.set"
        file.write_text(file.read_text() + lines)
    found = draft(read(tmp_path / "found"), "ipvpn")
    assert found.intent["vpns"]["ipvpn"]["single-homed"]["genius"]["vlan"] == 124
    assert [r for r in found.remarks if r.startswith("liber ae9.9: genius has a static connection")]


def test_no_secret_is_shown(change: Callable[..., list[Source]]):
    sources = change("luna", "set interfaces", "set interfaces")
    found = draft(sources, "ipvpn")
    assert "$9$" not in json.dumps(found.intent) + repr(found) + "".join(found.remarks)


def test_what_is_deactivated_is_missing_and_left_alone(
    tmp_path: Path, lab: Intent, secrets: Secrets
):
    found = again(tmp_path, lab, secrets)
    file = tmp_path / "found" / "luna.set"
    file.write_text(file.read_text() + "deactivate protocols bgp group pe-connection\n")
    source = read_source("luna", file)
    rendered = render(default_project(), found.second, "luna", found.adopted.secrets)
    proof = prove(source, rendered)
    assert proof.missing
    assert all("bgp group pe-connection" in line for line in proof.missing)
    assert len(proof.left_alone) == len(proof.missing)
