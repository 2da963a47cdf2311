"""Routers in memory, as the tests of changes have them."""

import pytest


@pytest.fixture(autouse=True)
def quick_disk(request, monkeypatch):
    """A thousand runs of the same code need not wait for the disk each time."""
    if "durable" not in request.node.name:
        monkeypatch.setattr("os.fsync", lambda _: None)
