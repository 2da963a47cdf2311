"""What the twin promises about speed, with room for a slow machine."""

from __future__ import annotations

import runpy
import time
from pathlib import Path

import pytest

from multihome.twin.network import Network

BENCHMARK = Path(__file__).parents[1] / "benchmarks" / "twin_scale.py"


@pytest.fixture(scope="module")
def models():
    scale = runpy.run_path(str(BENCHMARK))
    return scale["routers"](scale["configurations"](2, shared=True))


def test_sixteen_routers_converge_from_cold_in_a_third_of_a_second(models):
    start = time.process_time()
    network = Network()
    for name, router in models.items():
        network.add(name, router)
    network.converge()
    assert time.process_time() - start < 0.3
    assert len(network.nodes) == 16


@pytest.mark.parametrize(
    "fault", [("link", "pe0a", "cpe0a"), ("link", "pe0a", "p0"), ("router", "rr0")]
)
def test_one_change_takes_less_than_fifty_milliseconds(models, fault):
    network = Network()
    for name, router in models.items():
        network.add(name, router)
    network.converge()
    start = time.process_time()
    network.fault(*fault)
    network.converge()
    assert time.process_time() - start < 0.05
