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


# --- a network with much that depends on each other -------------------------------------------

CORE_END = """
    interfaces ge-0/0/0 unit 0 family inet address 10.0.0.{n}/24
    interfaces ge-0/0/0 unit 0 family iso
    interfaces ge-0/0/0 unit 0 family mpls
    interfaces lo0 unit 0 family inet address 7.7.7.{n}/32
    interfaces lo0 unit 0 family iso address 49.0001.0000.0000.000{n}.00
    protocols isis interface all
    protocols isis level 1 disable
    protocols isis export tell
    protocols ldp interface all
    protocols mpls interface all
    routing-options autonomous-system 1
    routing-options route-distinguisher-id 7.7.7.{n}
    protocols bgp group i type internal
    protocols bgp group i local-address 7.7.7.{n}
    protocols bgp group i local-preference 120
    protocols bgp group i family inet unicast
    protocols bgp group i family inet-vpn unicast
    routing-options static route 20.{n}.0.0/16 discard
    policy-options policy-statement tell term 1 from protocol static
    policy-options policy-statement tell term 1 to level 2
    policy-options policy-statement tell term 1 then metric 5
    policy-options policy-statement tell term 1 then accept
    """
PE_END = """
    interfaces xe-0/0/1 gigether-options 802.3ad ae0
    interfaces xe-0/0/2 gigether-options 802.3ad ae0
    interfaces ae0 aggregated-ether-options minimum-links 1
    interfaces ae0 unit {n}1 vlan-id {n}1
    interfaces ae0 unit {n}1 family inet address 172.16.{n}.1/30
    interfaces ae0 unit {n}2 vlan-id {n}2
    interfaces ae0 unit {n}2 family inet address 172.17.{n}.1/30
    routing-instances red instance-type vrf
    routing-instances red interface ae0.{n}1
    routing-instances red vrf-target target:1:1
    routing-instances red routing-options auto-export
    routing-instances red routing-options aggregate route 192.168.0.0/16
    routing-instances red protocols bgp group ce neighbor 172.16.{n}.2 peer-as 6500{n}
    routing-instances red protocols bgp group ce neighbor 172.16.{n}.2 as-override
    routing-instances red protocols bgp group ce family inet unicast prefix-limit maximum 4
    routing-instances red protocols bgp group ce family inet unicast prefix-limit teardown
    routing-instances red protocols bgp group ce export out
    routing-instances blue instance-type vrf
    routing-instances blue interface ae0.{n}2
    routing-instances blue vrf-import bluein
    routing-instances blue vrf-export blueout
    routing-instances blue routing-options auto-export
    routing-instances blue routing-options static route 10.{n}.0.0/16 next-hop 172.17.{n}.2
    routing-instances blue routing-options static route 10.{n}.0.0/16 bfd-liveness-detection minimum-interval 300
    routing-instances blue routing-options static route 10.{n}.0.0/16 passive
    routing-instances blue routing-options generate route 0.0.0.0/0 policy some
    policy-options policy-statement bluein term a from community [ red blue ]
    policy-options policy-statement bluein term a then accept
    policy-options policy-statement blueout term a from protocol [ static direct ]
    policy-options policy-statement blueout term a then community add blue
    policy-options policy-statement blueout term a then community add red
    policy-options policy-statement blueout term a then accept
    policy-options policy-statement out term a from protocol [ aggregate static direct ]
    policy-options policy-statement out term a then as-path-prepend "1 1"
    policy-options policy-statement out term a then accept
    policy-options policy-statement some from protocol static
    policy-options policy-statement some then accept
    policy-options community red members target:1:1
    policy-options community blue members target:1:2
    """
CE_END = """
    interfaces ge-0/0/1 unit {n}1 vlan-id {n}1
    interfaces ge-0/0/1 unit {n}1 family inet address 172.16.{n}.2/30
    interfaces lo0 unit 0 family inet address 192.168.{n}.1/32
    routing-options autonomous-system 6500{n}
    routing-options static route 192.168.{n}.128/25 discard
    protocols bgp group pe neighbor 172.16.{n}.1 peer-as 1
    protocols bgp group pe export d
    protocols bgp group pe remove-private all
    policy-options prefix-list own 192.168.{n}.1/32
    policy-options prefix-list own 192.168.{n}.128/25
    policy-options policy-statement d term 1 from prefix-list-filter own orlonger metric 7
    policy-options policy-statement d term 1 from prefix-list-filter own orlonger accept
    """
BLUE_END = """
    interfaces ge-0/0/1 unit {n}2 vlan-id {n}2
    interfaces ge-0/0/1 unit {n}2 family inet address 172.17.{n}.2/30
    interfaces lo0 unit 0 family inet address 10.{n}.0.1/32
    routing-options static route 0.0.0.0/0 next-hop 172.17.{n}.1
    routing-options static route 0.0.0.0/0 bfd-liveness-detection minimum-interval 300
    """


def edges() -> dict[str, str]:
    """Two VRFs that leak into each other, bundles, BFD of static routes, limits, aggregates."""
    mesh = "protocols bgp group i neighbor 7.7.7.{}\n"
    texts = {"rr": CORE_END.format(n=3) + "protocols bgp group i cluster 7.7.7.3\n"}
    texts["rr"] += mesh.format(1) + mesh.format(2)
    for n in (1, 2):
        texts[f"pe{n}"] = CORE_END.format(n=n) + PE_END.format(n=n) + mesh.format(3)
        texts[f"ce{n}"] = CE_END.format(n=n)
        texts[f"blue{n}"] = BLUE_END.format(n=n)
    return texts


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
@pytest.mark.parametrize("kind", ["chain", "site", "triangle", "edges"])
def test_the_way_to_a_configuration_leaves_no_trace(world, chain_texts, site_texts, kind, number):
    texts = {"chain": chain_texts, "site": site_texts, "triangle": triangle, "edges": edges}[kind]()
    world.add(**texts).settle()
    left = walk(world, texts, Random(number))
    fresh = type(world)().add(**left)
    assert everything(world.settle()) == everything(fresh.settle())
