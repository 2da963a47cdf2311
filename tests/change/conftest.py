"""Routers in memory for every test of this room."""

import change_memory as memory
import pytest

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
