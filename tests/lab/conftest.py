"""A lab in a folder of its own, ended whatever the test does."""

import pytest

from multihome.lab import process


@pytest.fixture
def place(tmp_path):
    folder = tmp_path / "state"
    yield folder
    process.stop(folder)
