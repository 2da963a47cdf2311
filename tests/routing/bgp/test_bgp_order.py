"""Whatever the order of events, the same tables; and a policy loop is named, not endless."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multihome.twin.addressing import Prefix
from multihome.twin.network import Network
from multihome.twin.routing.host import Oscillation

if TYPE_CHECKING:
    from collections.abc import Callable

    from multihome.twin.junos.model.router import Router

LINKS = (
    ("exit1", "r1"),
    ("exit2", "r2"),
    ("exit3", "r3"),
    ("r1", "r2"),
    ("r2", "r3"),
    ("r3", "r1"),
    ("r1", "r4"),
    ("r3", "r4"),
)
INSIDE = {"r1": 1, "r2": 2, "r3": 3, "r4": 4}
OUTSIDE = {"exit1": 65001, "exit2": 65001, "exit3": 65002}
CLIENTS = {"r1": ("r2", "r3", "r4"), "r3": ("r2", "r4")}
"""Two reflectors."""


def texts() -> dict[str, str]:
    """Three exits of two neighbouring ASes to the same prefixes, two reflectors, one mesh."""
    lines: dict[str, list[str]] = {name: [] for name in (*INSIDE, *OUTSIDE)}
    for name, number in INSIDE.items():
        lines[name] += inside(number)
    for place, (left, right) in enumerate(LINKS):
        for end, name in enumerate((left, right), start=1):
            here = f"interfaces ge-0/0/{place} unit 0 family inet"
            lines[name].append(f"{here} address 10.0.{place}.{end}/30")
            if left in INSIDE and name in INSIDE:
                ospf = f"protocols ospf area 0 interface ge-0/0/{place}.0 metric {place + 1}"
                lines[name].append(ospf)
    for place, (name, number) in enumerate(OUTSIDE.items()):
        lines[name] += outside(place, number)
        neighbor = f"protocols bgp group x neighbor 10.0.{place}.1 peer-as {number}"
        lines[f"r{place + 1}"].append(neighbor)
    for reflector, clients in CLIENTS.items():
        for client in clients:
            lines[reflector] += session(reflector, client)
            lines[client] += session(client, reflector)
    return {name: "\n".join(f"set {line}" for line in found) for name, found in lines.items()}


def inside(number: int) -> list[str]:
    return [
        f"interfaces lo0 unit 0 family inet address 1.1.1.{number}/32",
        "routing-options autonomous-system 1",
        "protocols ospf area 0 interface lo0.0 passive",
        "protocols bgp path-selection external-router-id",
        "policy-options policy-statement nhs then next-hop self",
    ]


def outside(place: int, number: int) -> list[str]:
    return [
        f"interfaces lo0 unit 0 family inet address 2.2.2.{place + 1}/32",
        f"routing-options autonomous-system {number}",
        *(f"routing-options static route 5.{n}.0.0/16 discard" for n in range(3)),
        f"routing-options static route 5.{place}.0.0/16 metric {place}",
        "policy-options policy-statement e from protocol static",
        "policy-options policy-statement e then accept",
        f"protocols bgp group x neighbor 10.0.{place}.2 peer-as 1",
        "protocols bgp group x export e",
    ]


def session(here: str, far: str) -> list[str]:
    to_client = here in CLIENTS and far not in CLIENTS
    group = f"protocols bgp group {'clients' if to_client else 'mesh'}"
    lines = [
        f"{group} type internal",
        f"{group} local-address 1.1.1.{INSIDE[here]}",
        f"{group} neighbor 1.1.1.{INSIDE[far]}",
        f"{group} export nhs",
    ]
    return [*lines, f"{group} cluster 1.1.1.{INSIDE[here]}"] if to_client else lines


def tables(network: Network) -> dict[str, list[object]]:
    return {
        f"{name} {rib.name}": [
            (
                entry.prefix,
                [(r.protocol, r.source, r.bgp, r.next_hops, r.hidden) for r in entry.routes],
                tuple(entry.inactive.values()),
            )
            for entry in rib.entries()
        ]
        for name, node in sorted(network.nodes.items())
        for rib in node.ribs.values()
    }


@pytest.fixture(scope="module")
def routers(router: Callable[[str], Router]) -> dict[str, Router]:
    return {name: router(text) for name, text in texts().items()}


@pytest.fixture(scope="module")
def expected(routers: dict[str, Router]) -> dict[str, list[object]]:
    network = Network()
    for name, config in routers.items():
        network.add(name, config)
    network.converge()
    assert len(network.nodes["r4"].rib("inet.0").entry(Prefix.parse("5.0.0.0/16")).routes) == 2
    return tables(network)


@given(
    order=st.permutations([*INSIDE, *OUTSIDE]),
    pauses=st.lists(st.sampled_from([0.0, 0.003, 0.02, 0.15, 1.1, 7.0]), min_size=7, max_size=7),
    reset=st.lists(st.sampled_from([*INSIDE, *OUTSIDE]), max_size=3),
)
def test_the_order_of_messages_does_not_show_in_the_tables(
    routers: dict[str, Router],
    expected: dict[str, list[object]],
    order: list[str],
    pauses: list[float],
    reset: list[str],
) -> None:
    network = Network()
    for name, pause in zip(order, pauses, strict=True):
        network.add(name, routers[name])
        network.clock.advance_to(network.clock.now + pause)
    for name in reset:
        bgp = network.nodes[name].bgp
        bgp.clear(bgp.neighbors)
        network.clock.advance_to(network.clock.now + 0.4)
    network.converge()
    assert tables(network) == expected


def test_a_policy_loop_is_a_named_error(router: Callable[[str], Router]) -> None:
    """BAD GADGET (Griffin and Wilfong): each of three prefers the way through the next."""
    network = Network()
    for name, text in bad_gadget().items():
        network.add(name, router(text))
    with pytest.raises(Oscillation) as raised:
        network.converge(limit=10)
    assert "5.0.0.0/8" in str(raised.value)


def bad_gadget() -> dict[str, str]:
    lines: dict[str, list[str]] = {
        "zero": [
            "routing-options autonomous-system 100",
            "routing-options static route 5.0.0.0/8 discard",
            "policy-options policy-statement e from protocol static",
            "policy-options policy-statement e then accept",
        ]
    }
    for n in (1, 2, 3):
        following = n % 3 + 1
        lines[f"r{n}"] = [
            f"routing-options autonomous-system {n}",
            # Prefer the neighbour's direct way, and take nothing longer.
            f'policy-options as-path direct "{following} 100"',
            "policy-options policy-statement i term a from as-path direct",
            "policy-options policy-statement i term a then local-preference 200",
            "policy-options policy-statement i term a then accept",
            "policy-options policy-statement i term b then reject",
        ]
    for n in (1, 2, 3):
        following = n % 3 + 1
        lines["zero"] += [
            f"interfaces ge-0/0/{n} unit 0 family inet address 10.0.{n}.1/30",
            f"protocols bgp group g neighbor 10.0.{n}.2 peer-as {n}",
            f"protocols bgp group g neighbor 10.0.{n}.2 export e",
        ]
        lines[f"r{n}"] += [
            f"interfaces ge-0/0/0 unit 0 family inet address 10.0.{n}.2/30",
            f"protocols bgp group up neighbor 10.0.{n}.1 peer-as 100",
            f"interfaces ge-0/0/1 unit 0 family inet address 10.1.{n}.1/30",
            f"protocols bgp group next neighbor 10.1.{n}.2 peer-as {following}",
            f"protocols bgp group next neighbor 10.1.{n}.2 import i",
        ]
        lines[f"r{following}"] += [
            f"interfaces ge-0/0/2 unit 0 family inet address 10.1.{n}.2/30",
            f"protocols bgp group before neighbor 10.1.{n}.1 peer-as {n}",
            f"protocols bgp group before neighbor 10.1.{n}.1 import none",
            "policy-options policy-statement none then reject",
        ]
    return {
        name: "\n".join(f"set {line}" for line in found)
        + f"\nset interfaces lo0 unit 0 family inet address 9.9.9.{place}/32"
        for place, (name, found) in enumerate(lines.items(), start=1)
    }


def test_a_flapping_route_does_not_outlive_its_cause(
    routers: dict[str, Router], expected: dict[str, list[object]]
) -> None:
    network = Network()
    for name, config in routers.items():
        network.add(name, config)
    network.converge()
    for _ in range(3):
        for name in ("exit1", "r1", "r3"):
            network.fault("router", name)
            network.clock.advance_to(network.clock.now + 3)
            network.fault("router", name, on=False)
            network.clock.advance_to(network.clock.now + 0.3)
    network.converge()
    found: dict[str, Any] = tables(network)
    assert found == expected
