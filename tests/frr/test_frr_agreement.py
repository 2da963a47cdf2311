"""Another maker's BGP is asked the same question, and gives the same answer, path by path.

FRR's configuration is made from Junos's by code that shares nothing with the twin, so that
one wrong belief cannot cancel out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from frr_compare import differences, of_frr, of_twin
from frr_daemon import running
from frr_draw import internet, vpn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from multihome.twin.network import Network

    Twin = Callable[[Mapping[str, str]], Network]


def both(texts: Mapping[str, str], twin: Twin, folder: Path) -> tuple[int, list[str]]:
    """How many paths the twin knows, and what it and FRR see differently."""
    network = twin(texts)
    with running(texts, folder) as daemons:
        known = of_twin(network, daemons.world)
        return len(known), differences(known, of_frr(daemons))


def test_of_the_articles_network(article: dict[str, str], twin: Twin, tmp_path: Path) -> None:
    """VPNv4 with two reflectors, a site with two legs, keys on every session."""
    count, found = both(article, twin, tmp_path)
    assert not found, "\n".join(found)
    assert count > 200


@pytest.mark.parametrize("number", [3, 17, 24, 31, 46])
def test_of_ases_that_nobody_drew(number: int, twin: Twin, tmp_path: Path) -> None:
    """Selection, loops, MED, communities, local AS, reflection and policies in between."""
    count, found = both(internet(number), twin, tmp_path)
    assert not found, "\n".join(found)
    assert count > 40


@pytest.mark.parametrize("number", [6, 9, 17, 38])
def test_of_vpns_that_nobody_drew(number: int, twin: Twin, tmp_path: Path) -> None:
    """Distinguishers, targets, site of origin, as-override, CEs with two PEs."""
    count, found = both(vpn(number), twin, tmp_path)
    assert not found, "\n".join(found)
    assert count > 40


# --- and what is wrong on one side is seen -----------------------------------------------

SABOTAGE = {
    "another MED": ("juno", "set metric 10\n", "set metric 11\n"),
    "another preference": ("ceres", "set local-preference 10\n", "set local-preference 11\n"),
    "no site of origin": ("orcus", "set extcommunity soo 1000:1000", "set origin igp"),
    "another target": ("liber", "rt vpn both 1:1", "rt vpn both 1:2"),
    "another next hop": ("luna", "set ip next-hop 192.168.1.3", "set ip next-hop 192.168.1.9"),
    "another cluster": ("janus", "bgp cluster-id 10.0.0.4", "bgp cluster-id 10.0.0.44"),
}


@pytest.mark.parametrize("mistake", SABOTAGE)
def test_a_mistake_in_the_other_configuration_shows(
    mistake: str, article: dict[str, str], twin: Twin, tmp_path: Path
) -> None:
    culprit, right, wrong = SABOTAGE[mistake]

    def spoil(name: str, config: str) -> str:
        assert name != culprit or right in config
        return config.replace(right, wrong) if name == culprit else config

    network = twin(article)
    with running(article, tmp_path, spoil) as daemons:
        assert differences(of_twin(network, daemons.world), of_frr(daemons))


def test_as_override_left_out_shows(twin: Twin, tmp_path: Path) -> None:
    texts = vpn(9)
    network = twin(texts)

    def spoil(_: str, config: str) -> str:
        return "\n".join(line for line in config.splitlines() if "as-override" not in line)

    with running(texts, tmp_path, spoil) as daemons:
        assert differences(of_twin(network, daemons.world), of_frr(daemons))
