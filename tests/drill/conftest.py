"""Routers in memory, as the tests of changes have them."""

import importlib.util
import sys
from pathlib import Path

import pytest

PATH = Path(__file__).parents[1] / "change"

for name in ("change_time", "change_memory"):
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, PATH / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)


@pytest.fixture(autouse=True)
def quick_disk(request, monkeypatch):
    """A thousand runs of the same code need not wait for the disk each time."""
    if "durable" not in request.node.name:
        monkeypatch.setattr("os.fsync", lambda _: None)
