"""The operator's whole path on a running twin: real processes, real SSH, real NETCONF."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from multihome.cli import app
from multihome.cli.context import overlay
from multihome.device.pyez import connect
from multihome.inventory.credentials import Credentials
from multihome.inventory.project import PARTS, default_project
from multihome.inventory.targets import load_targets
from multihome.lab import process

ROOT = Path(__file__).parents[2]
SPEED = "20"


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str

    @property
    def text(self):
        """Both streams with the line breaks of an 80-column screen taken out."""
        return " ".join((self.out + "\n" + self.err).split())

    @property
    def last(self):
        return self.out.strip().splitlines()[-1]


class Operator:
    """Types commands into the tool, on a twin of its own."""

    def __init__(self, project, state, capsys=None):
        self.project, self.state, self._capsys = project, state, capsys

    def __call__(self, *words, lab=True):
        front = ["-i", str(self.project), *(["--lab"] if lab else [])]
        self._capsys.readouterr()
        code = app.run([*front, *words])
        seen = self._capsys.readouterr()
        assert "Traceback" not in seen.out + seen.err
        return Result(code, seen.out, seen.err)

    @property
    def lab(self):
        return process.running(self.state)

    def session(self, router):
        """A NETCONF session beside the tool's."""
        project = default_project()
        where = overlay(project, self.lab)
        return connect(load_targets(project, Credentials(), overlay=where)[router])

    def sabotage(self, router, *statements):
        """Somebody else changes a router, for good."""
        with self.session(router) as session:
            session.load("\n".join(statements) + "\n")
            session.commit(comment="sabotage")
        self.lab.converge()

    def undo(self, router):
        with self.session(router) as session:
            session.rollback(1)
            session.commit(comment="mended")
        self.lab.converge()


@pytest.fixture(scope="session")
def project(tmp_path_factory):
    """A copy of the project, so that a test may change its files."""
    folder = tmp_path_factory.mktemp("project")
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part)
    return folder


@pytest.fixture(scope="session")
def deployed(project, tmp_path_factory):
    """A twin on which the service has been deployed by the tool itself."""
    state = tmp_path_factory.mktemp("lab")
    environ = {
        **os.environ,
        "MULTIHOME_LAB_DIR": str(state),
        "MULTIHOME_RUNS": str(state / "runs"),
        "MULTIHOME_HOLD": "0s",
    }
    base = [sys.executable, "-m", "multihome", "-i", str(project)]
    try:
        subprocess.run([*base, "lab", "up", "--speed", SPEED], env=environ, check=True, timeout=200)
        apply = [*base, "--lab", "apply", "--yes", "--wait", "60s", "--confirm", "20m"]
        done = subprocess.run(
            apply, check=False, env=environ, timeout=250, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        process.running(state).converge()
        yield state
    finally:
        process.stop(state)


@pytest.fixture
def operator(project, deployed, capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("MULTIHOME_LAB_DIR", str(deployed))
    monkeypatch.setenv("MULTIHOME_HOLD", "0s")  # a test that wants to wait says so
    monkeypatch.setenv("MULTIHOME_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    return Operator(project, deployed, capsys)


@pytest.fixture
def catalogue(operator):
    """Write one more file of checks, for one test."""
    path = operator.project / "checks" / "more.yaml"

    def write(text):
        path.write_text(text)

    yield write
    path.unlink(missing_ok=True)
