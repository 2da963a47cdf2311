"""Of several paths to one prefix of a VRF: which can be used, which share the load."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from vpn_texts import CORE, VRF, V, at

from multihome.twin.routing.route import Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from multihome.twin.network import Network

REFLECTOR_WITHOUT_LABELS = {
    "rr": CORE.format(n=3, far=1)
    + """
    delete protocols ldp
    set interfaces ge-0/0/1 unit 0 family inet address 10.0.1.3/24
    delete interfaces ge-0/0/0
    set protocols ospf area 0.0.0.0 interface ge-0/0/1.0
    set protocols bgp group i neighbor 2.2.2.2
    set protocols bgp group i cluster 3.3.3.3
    """,
    **{
        f"pe{n}": CORE.format(n=n, far=3)
        + VRF.format(n=n)
        + f"""
        set interfaces ge-0/0/5 unit 0 family inet address 10.0.1.{n}/24
        set protocols ospf area 0.0.0.0 interface ge-0/0/5.0
        """
        for n in (1, 2)
    },
}


def triangle() -> dict[str, str]:
    """Three PEs on one LAN, each with a session to each."""
    texts = {}
    for n in (1, 2, 3):
        far, other = {1, 2, 3} - {n}
        core = CORE.format(n=n, far=far).replace(f"10.0.0.{n}/30", f"10.0.0.{n}/24")
        mesh = f"set protocols bgp group i neighbor {other}.{other}.{other}.{other}\n"
        texts[f"pe{n}"] = core + VRF.format(n=n) + mesh
    return texts


@pytest.mark.parametrize(
    ("statement", "works"),
    [
        ("", False),
        ("set routing-options rib inet.3 static route 0.0.0.0/0 discard\n", True),
        ("set routing-options resolution rib bgp.l3vpn.0 resolution-ribs inet.0\n", True),
    ],
)
def test_a_reflector_without_labels_must_resolve_some_other_way(
    network: Callable[..., Network], statement: str, *, works: bool
) -> None:
    texts = REFLECTOR_WITHOUT_LABELS | {"rr": REFLECTOR_WITHOUT_LABELS["rr"] + statement}
    made = network(**texts)
    assert (at(made, "pe2", "9.9.9.1/32") is not None) is works
    hidden = made.nodes["rr"].rib("bgp.l3vpn.0").counts()[4]
    assert (hidden == 0) is works


VRF_MULTIPATH = f"{V} routing-options multipath"


@pytest.mark.parametrize(
    ("names", "statement", "metric", "ways"),
    [
        ((1, 1), "", 1, 2),
        ((1, 2), "", 1, 1),
        ((1, 2), VRF_MULTIPATH, 1, 2),
        ((1, 2), VRF_MULTIPATH, 9, 1),
        ((1, 2), f"{VRF_MULTIPATH} vpn-unequal-cost", 9, 2),
    ],
)
def test_paths_share_load_under_one_name_or_as_the_vrf_says(
    network: Callable[..., Network],
    names: tuple[int, int],
    statement: str,
    metric: int,
    ways: int,
) -> None:
    """Junos OS Layer 3 VPNs User Guide: between distinguishers the VRF needs its own `multipath`."""
    shared = f"{V} routing-options static route 7.0.0.0/8 next-hop 172.16.{{n}}.2\n"
    texts = triangle()
    for n, name in zip((1, 2), names, strict=True):
        named = f"route-distinguisher 1:{name}"
        texts[f"pe{n}"] = texts[f"pe{n}"].replace(f"route-distinguisher 1:{n}", named)
        texts[f"pe{n}"] += shared.format(n=n)
    texts["pe3"] += f"set protocols bgp group i multipath\n{statement}\n"
    if metric > 1:
        texts["pe2"] += f"set protocols ospf area 0.0.0.0 interface lo0.0 metric {metric}\n"
    texts["pe3"] += "set protocols ldp track-igp-metric\n"
    assert len(at(network(**texts), "pe3", "7.0.0.0/8").next_hops) == ways


OSPF_CE = """
set interfaces ge-0/0/1 unit 0 family inet address 172.16.1.2/30
set interfaces ge-0/0/2 unit 0 family inet address 172.16.2.2/30
set interfaces lo0 unit 0 family inet address 192.168.7.1/32
set protocols ospf area 0.0.0.0 interface all
"""
OSPF_PE = """
set routing-instances v protocols ospf area 0.0.0.0 interface ge-0/0/1.0
set routing-instances v protocols ospf export backbone
set policy-options policy-statement backbone from protocol bgp
set policy-options policy-statement backbone then accept
"""


def test_a_pe_does_not_learn_from_a_ce_what_another_pe_told_it(
    network: Callable[..., Network],
) -> None:
    """A site on two PEs hands round what they know of a third: the DN bit stops that."""
    texts = triangle()
    for n in (1, 2):
        texts[f"pe{n}"] += OSPF_PE
    made = network(**texts, site=OSPF_CE)
    for broken in (True, False):  # who comes late hears the CE first
        made.fault("session", "pe1", "3.3.3.3", on=broken)
        made.converge()
    for n in (1, 2):
        assert at(made, f"pe{n}", "192.168.7.1/32").protocol is Protocol.OSPF
        assert at(made, f"pe{n}", "192.168.3.0/24").protocol is Protocol.BGP
    far = at(made, "site", "192.168.3.0/24", "inet.0")
    assert sorted(str(hop.to) for hop in far.next_hops) == ["172.16.1.1", "172.16.2.1"]
