"""A network that was there before the tool keeps everything that the tool does not know.

It runs without a record; the intent knows one site of it, and not the core. The operator looks,
applies, and looks again, over SSH.
"""

import os
import shutil
import subprocess
import sys
from ipaddress import IPv4Interface
from pathlib import Path

import pytest
from brownfield_networks import ROOT, SECRETS, brownfield
from pydantic import SecretStr

from multihome.cli import app
from multihome.cli.context import overlay
from multihome.device.pyez import connect
from multihome.intent.load import load_intent
from multihome.inventory.credentials import Credentials
from multihome.inventory.project import PARTS, Project
from multihome.inventory.role import Role
from multihome.inventory.targets import load_targets
from multihome.lab import process
from multihome.render.render import render
from multihome.render.secrets import Secrets
from multihome.state.ping import ping

pytestmark = pytest.mark.scenario
SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.deep) for seed in range(1, 20))]


class Site:
    """A project whose intent knows one site, and a lab of the whole network."""

    def __init__(self, folder: Path, seed: int):
        self.field, self.folder, self.state = brownfield(seed), folder / "project", folder / "lab"
        for part in PARTS:
            shutil.copytree(ROOT / part, self.folder / part)
        for file in (self.folder / "checks").glob("*.yaml"):
            file.unlink()
        inventory = self.folder / "inventory"
        inventory.joinpath("hosts.yaml").write_text(
            "".join(
                f"{name}: {{hostname: 192.0.2.{number}, groups: [{role}]}}\n"
                for number, (name, role) in enumerate(self.field.roles.items(), start=1)
            )
        )
        secrets = Secrets({name: SecretStr(f"the {name} key") for name in SECRETS})
        self.secrets = folder / "secrets.yaml"
        secrets.save(self.secrets)
        self.intent = inventory / "ipvpn.yaml"
        self.intent.write_text(self.field.everything)
        roles = {name: Role(role) for name, role in self.field.roles.items()}
        self.whole = load_intent(self.intent, roles)
        self.configurations = folder / "configurations"
        self.configurations.mkdir()
        for name in self.whole.routers:
            made = [*render(Project(self.folder), self.whole, name, secrets).statements]
            lines = [f"set system host-name {name}", *self.field.disturbed(name, made)]
            self.configurations.joinpath(f"{name}.set").write_text("\n".join(lines) + "\n")
        self.intent.write_text(self.field.known)

    def read(self, look):
        """Look at every router through a session of its own."""
        where = overlay(Project(self.folder), process.running(self.state))
        targets = load_targets(Project(self.folder), Credentials(), overlay=where)
        found = {}
        for name in self.whole.routers:
            with connect(targets[name]) as session:
                found[name] = look(session)
        return found

    def configured(self):
        return self.read(lambda session: session.configuration(style="set").splitlines())

    def pings(self):
        """Who reaches whose loopback, from those that are not the core."""
        loopbacks = {
            n: IPv4Interface(str(r.loopback.address)).ip for n, r in self.whole.routers.items()
        }

        def look(session):
            if self.field.roles[session.router] in ("pe", "p"):
                return {}
            source = loopbacks[session.router]
            asked = {
                n: ping(to, source=source, count=1) for n, to in loopbacks.items() if to != source
            }
            return {
                n: q.parse(session.router, session.call(q.request)).received
                for n, q in asked.items()
            }

        return {(a, b): bool(n) for a, found in self.read(look).items() for b, n in found.items()}


@pytest.fixture
def site(request, tmp_path, monkeypatch):
    made = Site(tmp_path, request.param)
    for name, value in (
        ("LAB_DIR", made.state), ("RUNS", tmp_path / "runs"), ("SECRETS", made.secrets),
    ):  # fmt: skip
        monkeypatch.setenv(f"MULTIHOME_{name}", str(value))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("NO_COLOR", "1")
    up = [sys.executable, "-m", "multihome", "-i", str(made.folder), "lab", "up", "--speed", "20"]
    try:
        subprocess.run(
            [*up, "--configs", str(made.configurations)],
            env={**os.environ},
            check=True,
            timeout=200,
        )
        process.running(made.state).converge()
        yield made
    finally:
        process.stop(made.state)


@pytest.mark.parametrize("site", SEEDS, indirect=True)
def test_what_the_tool_does_not_know_stays_and_goes_on_working(site, capsys):
    def run(*words):
        capsys.readouterr()
        code = app.run(["-i", str(site.folder), "--lab", *words])
        seen = capsys.readouterr()
        return code, seen.out + seen.err

    before, reached = site.configured(), site.pings()
    assert sum(reached.values()) > 5
    code, shown = run("plan")
    assert code == 0, shown[-3000:]
    assert "not ours, left alone: " in shown
    assert not [line for line in shown.splitlines() if line.startswith("-")], shown
    code, shown = run("apply", "--yes", "--confirm", "20m")
    assert code == 0, shown[-4000:]
    after = site.configured()
    for name, lines in before.items():
        assert set(lines) - set(after[name]) == set(), name
    assert {pair for pair, got in reached.items() if got} <= {
        p for p, got in site.pings().items() if got
    }
    code, shown = run("plan", "--detailed-exitcode")
    assert (code, "no changes" in shown) == (0, True), shown[-2000:]
