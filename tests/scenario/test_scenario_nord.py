"""A network of somebody else's: other names, two sites, and nobody's customer router to ask."""

import shutil
from pathlib import Path

import pytest

from multihome.cli import app
from multihome.errors import ExitCode

pytestmark = [pytest.mark.scenario, pytest.mark.xdist_group("nord")]
NORD = Path(__file__).parent / "nord"


@pytest.fixture
def nord(tmp_path, capsys, monkeypatch):
    """What `multihome init` gives, with files of one's own in it."""
    monkeypatch.setenv("MULTIHOME_RUNS", str(tmp_path / "runs"))
    folder = tmp_path / "nord"
    assert app.run(["init", str(folder)]) == 0
    for file in (folder / "checks").glob("*.yaml"):
        file.unlink()
    for file in NORD.iterdir():
        shutil.copy(file, folder / "inventory")
    capsys.readouterr()
    return folder


@pytest.mark.deep
def test_the_demo_deploys_it_and_drills_without_a_router_to_probe_from(nord, capsys):
    code = app.run(["-i", str(nord), "demo"])
    shown = capsys.readouterr().out
    assert code == ExitCode.PROVEN, shown[-2000:]
    assert "Drill hamburg-werk-a" in shown
    assert "outage not measured" in shown
    assert "traced paths" not in shown


def test_a_slip_in_the_intent_is_told_before_a_router_is_booted(nord, capsys):
    intent = nord / "inventory" / "ipvpn.yaml"
    intent.write_text(intent.read_text().replace(" med:", " mad:"))
    assert app.run(["-i", str(nord), "demo"]) == ExitCode.USAGE
    seen = capsys.readouterr()
    assert "did you mean 'med'" in seen.err
    assert "Boot" not in seen.out
