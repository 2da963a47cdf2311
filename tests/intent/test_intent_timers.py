"""How long a change must be watched: the slowest timer of the network, never none."""

import pytest

from multihome.intent.load import load_intent
from multihome.intent.timers import BGP_HOLD, slowest_timer
from multihome.inventory.project import default_project
from multihome.inventory.targets import read_inventory


@pytest.fixture(scope="module")
def intent():
    project = default_project()
    return load_intent(project.intent, read_inventory(project).roles)


def with_core(intent, **changes):
    return intent.model_copy(update={"core": intent.core.model_copy(update=changes)})


def with_site(intent, **changes):
    vpns = {}
    for name, vpn in intent.vpns.items():
        sites = {key: site.model_copy(update=changes) for key, site in vpn.multihomed.items()}
        vpns[name] = vpn.model_copy(update={"multihomed": sites})
    return intent.model_copy(update={"vpns": vpns})


def test_it_follows_the_hold_times(intent):
    quiet = with_core(intent, links=())
    assert slowest_timer(with_site(quiet, hold_time=77)) == 77
    assert slowest_timer(with_site(intent, hold_time=200)) == 200


def test_a_session_without_one_has_that_of_junos(intent):
    assert slowest_timer(with_site(intent, hold_time=None)) == BGP_HOLD
    bgp = intent.core.bgp.model_copy(update={"hold_time": None})
    assert slowest_timer(with_core(intent, bgp=bgp)) == BGP_HOLD


def test_it_is_never_none(intent):
    alone = with_core(intent, links=()).model_copy(update={"vpns": {}})
    bgp = alone.core.bgp.model_copy(update={"hold_time": 0, "bfd_interval": None, "reflectors": {}})
    assert slowest_timer(with_core(alone, bgp=bgp)) == BGP_HOLD
