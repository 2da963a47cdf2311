"""The verb: what it prints, and how it ends."""

import stat

import pytest
from pydantic import SecretStr

from multihome.cli import app
from multihome.intent.load import load_intent
from multihome.inventory.project import default_project
from multihome.inventory.targets import read_inventory
from multihome.render.render import render
from multihome.render.secrets import Secrets

KEYS = ("isis", "ldp", "ibgp", "pe-cpe", "cpe-cpe")


@pytest.fixture
def found(tmp_path):
    project = default_project()
    intent = load_intent(project.intent, read_inventory(project).roles)
    secrets = Secrets({name: SecretStr(f"the {name} key") for name in KEYS})
    folder = tmp_path / "found"
    folder.mkdir()
    for router in intent.routers:
        lines = render(project, intent, router, secrets).statements
        (folder / f"{router}.set").write_text("\n".join(lines) + "\n")
    return folder


def ask(found, tmp_path, *more):
    return app.run(["adopt", str(tmp_path / "mine"), "--from", str(found), *more])


def test_a_network_of_our_own_is_equal(found, tmp_path, capsys):
    assert ask(found, tmp_path) == 0
    assert "15 of 15 routers equal; exit 0" in capsys.readouterr().out
    file = tmp_path / "mine-secrets.yaml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    words = ["-i", str(tmp_path / "mine"), "--secrets", str(file)]
    assert app.run([*words, "validate"]) == 0
    assert app.run([*words, "render", "juno"]) == 0


def test_differences_and_what_is_left_alone_are_printed(found, tmp_path, capsys):
    file = found / "luna.set"
    text = file.read_text().replace("set protocols bgp group pe-connection log-updown\n", "")
    file.write_text('set snmp community "hush hush" authorization read-only\n' + text)
    assert ask(found, tmp_path) == 6
    out = " ".join(capsys.readouterr().out.split())
    assert "luna does not have: set protocols bgp group pe-connection log-updown" in out
    assert "luna.set:1: left alone: set snmp community" in out
    assert "hush hush" not in out
    assert "14 of 15 routers equal" in out


def test_a_question_is_asked_before_anything_is_written(found, tmp_path, capsys):
    file = found / "mars.set"
    file.write_text(file.read_text().replace("spf-options delay 50", "spf-options delay 80"))
    assert ask(found, tmp_path) == 2
    assert "core isis spf-delay: " in capsys.readouterr().err
    assert not (tmp_path / "mine").exists()
    answers = tmp_path / "answers.yaml"
    answers.write_text("core isis spf-delay: 50\n")
    assert ask(found, tmp_path, "--answers", str(answers)) == 6
    assert "mars does not have" in capsys.readouterr().out


def test_without_a_folder_it_says_what_to_name(tmp_path, capsys):
    assert app.run(["adopt", str(tmp_path / "mine")]) == 2
    assert "--from" in capsys.readouterr().err
