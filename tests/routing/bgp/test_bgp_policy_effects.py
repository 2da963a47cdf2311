"""What policy does to routes on their way through a router, measured on vJunos 25.4 and vQFX 17.4.

s (AS 64512) originates 9.9.0.0/16, dut (64513) imports and exports it, c (64514) collects it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from multihome.twin.addressing import Prefix

if TYPE_CHECKING:
    from collections.abc import Callable

    from multihome.twin.network import Network

TARGET = Prefix.parse("9.9.0.0/16")
THEN = "set policy-options policy-statement p term 1 then "
IMPORT = "set protocols bgp group s import p\n"


def link(unit: int, host: int) -> str:
    base = f"set interfaces ge-0/0/0 unit {unit}"
    return f"{base} vlan-id {unit}\n{base} family inet address 10.0.{unit}.{host}/30\n"


def sender(policy: str = "") -> str:
    return f"""
    {link(12, 1)}
    set routing-options autonomous-system 64512
    set routing-options static route {TARGET} discard
    {policy}
    set policy-options policy-statement x then accept
    set protocols bgp group dut type external export x
    set protocols bgp group dut neighbor 10.0.12.2 peer-as 64513
    """


def dut(policy: str, *, collector: int = 64514) -> str:
    return f"""
    {link(12, 2)}
    {link(23, 1)}
    set routing-options autonomous-system 64513
    set protocols bgp group s type external
    set protocols bgp group s neighbor 10.0.12.1 peer-as 64512
    set protocols bgp group c type external
    set protocols bgp group c neighbor 10.0.23.2 peer-as {collector}
    {policy}
    """


def collector(own: str = "64514") -> str:
    return f"""
    {link(23, 2)}
    set routing-options autonomous-system {own}
    set protocols bgp group dut type external
    set protocols bgp group dut neighbor 10.0.23.1 peer-as 64513
    """


def paths(
    network: Callable[..., Network], policy: str, *, tagged: str = "", far: str = "64514"
) -> tuple[tuple[int, ...] | None, tuple[int, ...] | None]:
    """The AS path of the usable route at the router under test, and at the collector."""
    made = network(
        s=sender(tagged),
        dut=dut(policy, collector=int(far.split(maxsplit=1)[0])),
        c=collector(far),
    )
    found = []
    for node in ("dut", "c"):
        route = made.nodes[node].rib("inet.0").active(TARGET)
        found.append(None if route is None or route.bgp is None else route.bgp.as_path)
    return found[0], found[1]


@pytest.mark.parametrize("order", [("accept", "next term"), ("next term", "accept")])
def test_next_term_beats_accept(network, order):
    policy = "".join(f"{THEN}{action}\n" for action in order)
    policy += "set policy-options policy-statement p term 2 then reject\n" + IMPORT
    assert paths(network, policy) == (None, None)


def test_next_term_beats_reject(network):
    policy = f"{THEN}reject\n{THEN}next term\n"
    policy += "set policy-options policy-statement p term 2 then accept\n" + IMPORT
    assert paths(network, policy) == ((64512,), (64513, 64512))


def test_next_policy_beats_accept(network):
    policy = f"{THEN}accept\n{THEN}next policy\n"
    policy += "set policy-options policy-statement q then reject\n"
    policy += "set protocols bgp group s import [ p q ]\n"
    assert paths(network, policy) == (None, None)


@pytest.mark.parametrize(
    ("actions", "front"),
    [
        (("as-path-expand 64999",), (64999,)),
        (('as-path-expand "64999 64998"',), (64999, 64998)),
        (("as-path-prepend 64999", "as-path-expand 64998"), (64998, 64999)),
        (("as-path-expand 64998", "as-path-prepend 64999"), (64998, 64999)),
        (("as-path-prepend 64999", "as-path-expand last-as count 2"), (64999, 64999, 64999)),
        (("as-path-expand last-as count 2",), (64512, 64512)),
    ],
)
def test_an_expansion_on_import_comes_after_a_prepend(network, actions, front):
    policy = "".join(f"{THEN}{action}\n" for action in (*actions, "accept")) + IMPORT
    assert paths(network, policy) == ((*front, 64512), (64513, *front, 64512))


def test_an_expansion_on_export_is_behind_the_local_as(network):
    policy = f"{THEN}as-path-prepend 64999\n{THEN}as-path-expand last-as count 2\n{THEN}accept\n"
    policy += "set protocols bgp group c export p\n"
    assert paths(network, policy)[1] == (64999, 64513, 64512, 64512, 64512)


@pytest.mark.parametrize(
    "community", ["no-export", "no-advertise", "no-export-subconfed", "65535:65281"]
)
@pytest.mark.parametrize("members", ['".*:.*"', '"*:*"', '"^65535:.*$"'])
def test_a_wildcard_deletes_well_known_communities_too(network, community, members):
    tagged = f"set policy-options community W members {community}\n"
    tagged += "set policy-options policy-statement x then community add W\n"
    policy = f"set policy-options community ALL members {members}\n"
    policy += f"{THEN}community delete ALL\n{THEN}accept\n" + IMPORT
    assert paths(network, policy, tagged=tagged)[1] == (64513, 64512)


@pytest.mark.parametrize("members", ["no-export", "65535:65281"])
def test_a_well_known_community_is_one_by_name_and_by_number(network, members):
    tagged = f"set policy-options community W members {members}\n"
    tagged += "set policy-options policy-statement x then community add W\n"
    assert paths(network, "", tagged=tagged) == ((64512,), None)


@pytest.mark.parametrize(
    ("policy", "arrives"),
    [
        ("", None),
        (f"{THEN}as-path-prepend 64999\n{THEN}accept\n{IMPORT}", (64513, 64999, 64512)),
        ("set protocols bgp group c advertise-peer-as\n", (64513, 64512)),
    ],
)
def test_only_the_first_as_keeps_a_route_from_its_own_as(network, policy, arrives):
    assert paths(network, policy, far="64512 loops 2")[1] == arrives


ONLY = "set policy-options policy-statement p term 1 from {}\n" + f"{THEN}accept\n"
ONLY += "set policy-options policy-statement p term 2 then reject\n" + IMPORT


@pytest.mark.parametrize(
    "condition",
    [
        "condition c",
        "color 7",
        "metric2 77",
        "tag2 5",
        "preference2 9",
        "validation-database valid",
        "source-address-filter 10.0.0.0/8 orlonger",
        "multicast-scope 3",
        "external",
        "next-hop-type merged",
    ],
)
def test_a_term_that_cannot_be_judged_matches_no_route(network, router, condition):
    policy = ONLY.format(condition)
    policy += "set policy-options condition c if-route-exists 203.0.113.0/24 table inet.0\n"
    assert paths(network, policy) == (None, None)
    made = router(dut(policy))
    word = condition.partition(" ")[0]
    assert any(f"from {word}: not judged" in line for line in made.warnings)


@pytest.mark.parametrize(
    ("condition", "matches"),
    [
        ("community-count 0 equal", True),
        ("community-count 1 orhigher", False),
        ("as-path-calc-length 1 equal", True),
        ("as-path-calc-length 2 orhigher", False),
        ("as-path-unique-count 1 orlower", True),
        ("as-path-unique-count 9 orhigher", False),
    ],
)
def test_communities_and_as_numbers_are_counted(network, condition, matches):
    assert (paths(network, ONLY.format(condition))[0] is not None) is matches
