"""Routers in memory for every test of this room."""

import importlib.util
import sys
from pathlib import Path

import pytest


def _load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


_load(Path(__file__).parent / "change_time.py")
memory = _load(Path(__file__).parent / "change_memory.py")
_load(Path(__file__).parent / "change_wire.py")
_load(Path(__file__).parent / "change_wired.py")
_load(Path(__file__).parent / "change_operator.py")

BASE = """set system host-name %s
set policy-options policy-statement keep-me then accept
set routing-options static route 10.9.0.0/16 discard
"""
OWNED = "policy-options policy-statement ours"


def script(*terms):
    lines = [f"delete {OWNED}", *(f"set {OWNED} term {t} then reject" for t in terms)]
    return "\n".join(lines) + "\n"


@pytest.fixture
def world():
    return memory.World(("ceres", "juno", "luna"), BASE)


@pytest.fixture
def runs(tmp_path):
    return tmp_path / "runs"


@pytest.fixture(autouse=True)
def quick_disk(request, monkeypatch):
    """A thousand runs of the same code need not wait for the disk each time."""
    if "durable" not in request.node.name:
        monkeypatch.setattr("os.fsync", lambda _: None)
