"""Whatever the topology: traffic takes the leg that the values say, in every state."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from intent_networks import Network, Values, networks

from multihome.errors import UsageError
from multihome.intent.expect import STATES, expectations
from multihome.intent.expectation import Path as Way
from multihome.intent.expectation import RouteExpectation, Vrrp
from multihome.intent.model import Intent
from multihome.intent.site import Leg, Multihomed

Load = Callable[..., Intent]


def alive(site: Multihomed, state: str) -> list[Leg]:
    """The legs whose PE and CPE speak with each other."""
    primary = next(leg for leg in site.legs if leg.role == "primary")
    backup = next(leg for leg in site.legs if leg.role == "backup")
    gone = {
        "primary-session-down": lambda leg: leg is primary,
        "primary-link-down": lambda leg: leg is primary,
        "backup-session-down": lambda leg: leg is backup,
        "primary-cpe-down": lambda leg: leg is primary,
        "backup-cpe-down": lambda leg: leg is backup,
        "primary-pe-down": lambda leg: leg.pe.router == primary.pe.router,
        "primary-lan-down": lambda leg: leg is primary,
    }
    return [leg for leg in site.legs if not gone.get(state, lambda _: False)(leg)]


def check_ways(intent: Intent, site: Multihomed, state: str, found: list[Any]) -> None:
    """The way out ends at the leg of the lowest MED, the way back at that of the highest preference."""
    legs = alive(site, state)
    out = min(legs, key=lambda leg: leg.med)
    back = max(legs, key=lambda leg: leg.local_preference)
    ways = [item for item in found if isinstance(item, Way)]
    mine = [way for way in ways if way.router == site.customer.router]
    target = intent.routers[site.customer.router].loopback.address.ip
    assert mine or state != "steady"
    for way in mine:
        assert out.pe.address.ip in way.hops
        assert not {leg.pe.address.ip for leg in site.legs if leg is not out} & set(way.hops[:-2])
    for way in ways:
        if way.target == target:
            assert back.cpe.address.ip == way.hops[-2]


@given(network=networks(), state=st.sampled_from(sorted(STATES)), data=st.data())
def test_traffic_follows_the_values_in_every_state(
    load: Load, network: Network, state: str, data: st.DataObject
):
    intent = load(network.text(), network.roles())
    vpn = intent.vpns[data.draw(st.sampled_from(sorted(intent.vpns)))]
    name = data.draw(st.sampled_from(sorted(vpn.multihomed)))
    found = list(expectations(intent, state, site=name))
    site = vpn.multihomed[name]
    if state != "inter-cpe-down" and alive(site, state):
        check_ways(intent, site, state, found)
    assert len({item.identity for item in found}) == len(found)


@given(network=networks(), state=st.sampled_from(sorted(STATES)), data=st.data())
def test_there_is_one_master_and_no_route_of_another_vpn(
    load: Load, network: Network, state: str, data: st.DataObject
):
    intent = load(network.text(), network.roles())
    sites = [name for vpn in intent.vpns.values() for name in vpn.multihomed]
    found = expectations(intent, state, site=data.draw(st.sampled_from(sites)))
    groups = [item for item in found if isinstance(item, Vrrp)]
    for vpn in intent.vpns.values():
        for site in vpn.multihomed.values():
            members = [item for item in groups if item.router in site.gateway.routers]
            assert [item.state for item in members].count("master") == 1
    for vpn_name, vpn in intent.vpns.items():
        theirs = {
            p
            for other in intent.vpns.values()
            if other is not vpn
            for s in other.single_homed.values()
            for p in s.prefixes
        }
        table = [
            item
            for item in found
            if isinstance(item, RouteExpectation) and item.table == f"{vpn_name}.inet.0"
        ]
        assert not theirs & {item.prefix for item in table}


def test_a_state_needs_a_site_where_there_is_a_choice(load: Load):
    site = (Values(0, 10, 150, 250), Values(1, 150, 10, 150))
    network = Network(2, (), ((site, site),))
    intent = load(network.text(), network.roles())
    assert expectations(intent, "steady")
    with pytest.raises(UsageError, match="name one of: site0x0, site0x1"):
        expectations(intent, "primary-session-down")
