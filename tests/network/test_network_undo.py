"""Whatever is taken out of a configuration and put back, the network is as it was.

Every statement at every level of every router of a small network goes once, alone, and
comes back: what `deactivate` and `activate` do.
"""

from __future__ import annotations

import re
from random import Random

import pytest


def paths(text: str) -> list[str]:
    """Every statement path, from `interfaces` down to the last word."""
    found = set()
    for line in text.splitlines():
        words = line.split()
        found |= {" ".join(words[:count]) for count in range(1, len(words) + 1)}
    return sorted(found)


def without(text: str, path: str) -> str:
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line != path and not line.startswith(f"{path} "))


OSPF = {
    "r1": "12.1 13.1",
    "r2": "12.2 23.1",
    "r3": "13.2 23.2",
}


def triangle() -> dict[str, str]:
    """OSPF with LDP on two sides and a LAN with an election on the third."""
    texts = {}
    for number, (name, ends) in enumerate(OSPF.items(), 1):
        lines = [
            f"interfaces lo0 unit 3 family inet address 6.6.6.{number}/32",
            "protocols ospf area 0 interface lo0.3 passive",
            "protocols ospf export s",
            f"routing-options static route 66.{number}.0.0/16 discard",
            "policy-options policy-statement s term t from protocol static",
            "policy-options policy-statement s term t then metric 7",
            "policy-options policy-statement s term t then accept",
        ]
        for end in ends.split():
            link, host = end.split(".")
            lines += [
                f"interfaces xe-0/1/0 unit {link} vlan-id {link}",
                f"interfaces xe-0/1/0 unit {link} family inet address 10.6.{link}.{host}/29",
                f"interfaces xe-0/1/0 unit {link} family mpls",
                f"protocols ospf area 0 interface xe-0/1/0.{link} metric {link}",
                f"protocols ldp interface xe-0/1/0.{link}",
                f"protocols mpls interface xe-0/1/0.{link}",
            ]
            if link != "23":
                lines.append(f"protocols ospf area 0 interface xe-0/1/0.{link} interface-type p2p")
        texts[name] = "\n".join(lines)
    return texts


def check(world, texts, names):
    world.add(**texts).settle()
    before = world.tables()
    for name in names:
        for path in paths(texts[name]):
            world.configure(name, without(texts[name], path)).settle()
            world.configure(name, texts[name]).settle()
            assert world.tables() == before, (name, path)


@pytest.mark.parametrize("name", ["p1", "pe2"])
def test_of_a_core_with_isis_ldp_and_a_vpn(world, chain_texts, name):
    check(world, chain_texts(), [name])


@pytest.mark.parametrize("name", ["pe1", "cpe1", "customer"])
def test_of_a_multihomed_site(world, site_texts, name):
    check(world, site_texts(), [name])


def test_of_a_core_with_ospf_and_ldp(world):
    check(world, triangle(), ["r1", "r2"])


def test_an_lsr_that_takes_another_name_and_back_leaves_no_session_behind(world):
    """RFC 5036 section 2.5.3: a session belongs to the LSR that said hello, not to its address."""
    texts = triangle()
    world.add(**texts).settle()
    for _ in range(2):
        world.configure("r1", without(texts["r1"], "interfaces lo0")).settle()
        world.configure("r1", texts["r1"]).settle()
    nodes = world.network.nodes
    for name in ("r2", "r3"):
        lsrs = {str(view.peer) for view in nodes[name].ldp.databases()}
        assert "6.6.6.1" in lsrs
        assert len(nodes[name].ldp.sessions()) == 2
        [known] = [v for v in nodes[name].ldp.databases() if str(v.peer) == "6.6.6.1"]
        [said] = [v for v in nodes["r1"].ldp.databases() if str(v.peer) == f"6.6.6.{name[1]}"]
        assert (known.received, known.advertised) == (said.advertised, said.received)


# --- however a network came to a configuration, it is as if it had booted with it -----------


def everything(world) -> dict[object, object]:
    """Tables, and who talks to whom; which dynamic label is whose depends on the way."""
    found: dict[object, object] = {
        key: [re.sub(r"vpn_label=\d{6}", "", row) for row in rows]
        for key, rows in world.tables().items()
        if rows
    }
    for name, node in world.network.nodes.items():
        found[name, "bgp"] = sorted((v.instance, v.address, v.state) for v in node.bgp.peers())
        found[name, "ldp"] = [(v.address, v.state) for v in node.ldp.sessions()]
        found[name, "isis"] = [(v.interface, v.system_id, v.state) for v in node.isis.adjacencies()]
        found[name, "ospf"] = [(v.address, v.state) for v in node.ospf.neighbors()]
        found[name, "bfd"] = [(v.address, v.up) for v in node.bfd.sessions()]
        found[name, "vrrp"] = [(v.interface, v.state) for v in node.vrrp.groups()]
    return found


def walk(world, texts, dice) -> dict[str, str]:
    """Some commits with some time between them, each without a few statements; what is left."""
    now = dict(texts)
    clock = world.network.clock
    for _ in range(dice.randint(2, 6)):
        name = dice.choice([*texts])
        now[name] = texts[name]
        for _ in range(dice.randint(0, 2)):
            words = dice.choice(texts[name].splitlines()).split()
            if words:
                now[name] = without(now[name], " ".join(words[: dice.randint(2, len(words))]))
        world.configure(name, now[name])
        clock.advance_to(clock.now + dice.choice([0.0, 0.0, 0.02, 0.5, 3.0, 12.0, 40.0]))
    return now


@pytest.mark.parametrize("number", range(12))
@pytest.mark.parametrize("kind", ["chain", "site", "triangle"])
def test_the_way_to_a_configuration_leaves_no_trace(world, chain_texts, site_texts, kind, number):
    texts = {"chain": chain_texts, "site": site_texts, "triangle": triangle}[kind]()
    world.add(**texts).settle()
    left = walk(world, texts, Random(number))  # noqa: S311 - a draw, not a secret
    fresh = type(world)().add(**left)
    assert everything(world.settle()) == everything(fresh.settle())
