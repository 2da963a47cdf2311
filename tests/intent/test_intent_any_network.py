"""Whatever the topology: traffic takes the leg that the values say, in every state.

The networks are ones that nobody drew: rings of PEs, sites with any number of legs.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multihome.errors import UsageError
from multihome.intent.expect import STATES, expectations
from multihome.intent.expectation import Path as Way
from multihome.intent.expectation import RouteExpectation, Vrrp
from multihome.intent.model import Intent
from multihome.intent.site import Leg, Multihomed
from multihome.inventory.role import Role

Load = Callable[..., Intent]


@dataclass(frozen=True)
class Values:
    pe: int
    med: int
    preference: int
    priority: int


@dataclass(frozen=True)
class Network:
    """`pes` routers in a ring; per VPN its multihomed sites, and one single-homed site."""

    pes: int
    reflectors: tuple[int, ...]
    vpns: tuple[tuple[tuple[Values, ...], ...], ...]

    def text(self) -> str:
        return json.dumps(_Builder(self).intent())

    def roles(self) -> dict[str, Role]:
        names = json.loads(self.text())["routers"]
        kinds = {"pe": Role.PE, "ce": Role.CPE, "cu": Role.CUSTOMER}
        return {name: kinds[name[:2]] for name in names}


def _distinct(low: int, high: int, count: int) -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(low, high), min_size=count, max_size=count, unique=True)


@st.composite
def networks(draw: st.DrawFn) -> Network:
    pes = draw(st.integers(2, 5))

    def site() -> tuple[Values, ...]:
        count = draw(st.integers(2, 3))
        return tuple(
            Values(*values)
            for values in zip(
                draw(st.lists(st.integers(0, pes - 1), min_size=count, max_size=count)),
                draw(_distinct(0, 500, count)),
                draw(_distinct(0, 500, count)),
                draw(_distinct(1, 254, count)),
                strict=True,
            )
        )

    vpns = tuple(
        tuple(site() for _ in range(draw(st.integers(1, 2))))
        for _ in range(draw(st.integers(1, 2)))
    )
    reflectors = tuple(draw(st.lists(st.integers(0, pes - 1), max_size=2, unique=True)))
    return Network(pes, reflectors, vpns)


class _Builder:
    def __init__(self, network: Network) -> None:
        self._network = network
        self._routers: dict[str, Any] = {}
        self._links = 0

    def intent(self) -> dict[str, Any]:
        network = self._network
        for number in range(network.pes):
            self._router(f"pe{number}", iso=True)
        vpns = {
            f"vpn{number}": self._vpn(number, sites) for number, sites in enumerate(network.vpns)
        }
        ring = [
            {"vlan": 10 + n, "ends": dict([self._end(f"pe{n}", 10 + n, 1), self._end(f"pe{(n + 1) % network.pes}", 10 + n, 2)])}
            for n in range(network.pes if network.pes > 2 else 1)
        ]  # fmt: skip
        reflectors = {f"pe{n}": f"10.255.0.{n + 1}" for n in network.reflectors}
        core = {"autonomous-system": 1, "propagate-ttl": False, "bgp": {"reflectors": reflectors}}
        return {"routers": self._routers, "core": core | {"links": ring}, "vpns": vpns}

    def _router(self, name: str, *, iso: bool = False) -> str:
        number = len(self._routers) + 1
        loopback = {"interface": f"lo0.{number}", "address": f"10.0.0.{number}/32"}
        title = {"iso": f"49.0001.0000.0000.{number:04d}.00"} if iso else {}
        self._routers[name] = {"loopback": loopback} | title
        return name

    def _end(self, router: str, vlan: int, host: int) -> tuple[str, dict[str, str]]:
        return router, {"interface": f"ge-0/0/{host}.{vlan}", "address": f"4.1.{vlan}.{host}/24"}

    def _connection(self, pe: str, cpe: str) -> dict[str, Any]:
        self._links += 1
        vlan = 100 + self._links
        ends = {
            side: {
                "router": router,
                "interface": f"ge-0/0/0.{vlan}",
                "address": f"4.0.{self._links}.{host}/30",
            }
            for side, router, host in (("pe", pe, 1), ("cpe", cpe, 2))
        }
        return {"vlan": vlan, **ends}

    def _vpn(self, number: int, sites: tuple[tuple[Values, ...], ...]) -> dict[str, Any]:
        cpe = self._router(f"ce{number}s")
        single = self._connection("pe0", cpe) | {
            "prefixes": [self._routers[cpe]["loopback"]["address"]]
        }
        return {
            "route-distinguisher": f"1:{number}",
            "vrf-target": f"target:1:{number}",
            "single-homed": {f"branch{number}": single},
            "multihomed": {
                f"site{number}x{index}": self._site(f"{number}x{index}", legs)
                for index, legs in enumerate(sites)
            },
        }

    def _site(self, label: str, legs: tuple[Values, ...]) -> dict[str, Any]:
        lan = f"192.168.{len(self._routers)}"
        made, members = [], {}
        for index, leg in enumerate(legs):
            cpe = self._router(f"ce{label}l{index}")
            made.append(
                self._connection(f"pe{leg.pe}", cpe)
                | {
                    "role": "backup" if index else "primary",
                    "med": leg.med,
                    "local-preference": leg.preference,
                }
            )
            members[cpe] = {
                "interface": "ge-0/0/1.5",
                "address": f"{lan}.{index + 2}/24",
                "priority": leg.priority,
            }
        customer = self._router(f"cu{label}")
        return {
            "autonomous-system": 65000,
            "site-of-origin": f"origin:1:{len(self._routers)}",
            "legs": made,
            "gateway": {
                "subnet": f"{lan}.0/24",
                "vlan": 5,
                "group": 1,
                "virtual-address": f"{lan}.1",
                "routers": members,
            },
            "customer": {
                "router": customer,
                "interface": "ge-0/0/1.5",
                "address": f"{lan}.254/24",
                "prefixes": [self._routers[customer]["loopback"]["address"]],
            },
        }


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


@settings(max_examples=25, deadline=None)
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


@settings(max_examples=25, deadline=None)
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
