"""From statements to the model: what groups and levels give to a neighbour, and what is left out."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multihome.twin.addressing import Address, Prefix
from multihome.twin.config.draft import Draft
from multihome.twin.config.formats.set_format import Commands
from multihome.twin.config.inherit import effective
from multihome.twin.junos.check.router import problems
from multihome.twin.junos.model.bgp import MetricOut
from multihome.twin.junos.model.igp import Bfd
from multihome.twin.junos.model.instances import RouteAction
from multihome.twin.junos.reader.router import build
from multihome.twin.network import Network
from multihome.twin.routing.bgp.config import Effect, effect_of, export_rules
from multihome.values.secret import obfuscate

if TYPE_CHECKING:
    from collections.abc import Callable

    from multihome.twin.junos.model.bgp import BgpNeighbor
    from multihome.twin.junos.model.router import Router

BASE = """
set routing-options autonomous-system 1
set protocols bgp group g type external
set protocols bgp group g neighbor 10.0.0.1 peer-as 2
"""


def neighbor(router: Callable[[str], Router], *statements: str) -> BgpNeighbor:
    made = router(BASE + "".join(f"set protocols bgp {each}\n" for each in statements))
    [found] = made.instances["master"].bgp.neighbors
    return found


LEVELS = ("", "group g ", "group g neighbor 10.0.0.1 ")


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    ("statement", "attribute", "value"),
    [
        ("hold-time 30", "hold_time", 30),
        ("passive", "passive", True),
        ("import [ a b ]", "import_policies", ("a", "b")),
        ("export a", "export_policies", ("a",)),
        ("metric-out 5", "metric_out", MetricOut("fixed", 5)),
        ("metric-out igp 5", "metric_out", MetricOut("igp", 5)),
        ("metric-out minimum-igp", "metric_out", MetricOut("minimum-igp", 0)),
        ("local-address 10.0.0.2", "local_address", Address.parse("10.0.0.2")),
        ("multihop", "multihop_ttl", 64),
        ("multihop ttl 3", "multihop_ttl", 3),
        ("family inet-vpn unicast", "families", ("inet-vpn-unicast",)),
        ("family inet any", "families", ("inet-unicast",)),
        ("cluster 1.1.1.1", "cluster", Address.parse("1.1.1.1")),
        ("local-as 7 loops 2 private", "local_as", 7),
        ("bfd-liveness-detection minimum-interval 250", "bfd", Bfd(0.25)),
        ("local-preference 77", "local_preference", 77),
        ("preference 9", "preference", 9),
        ("multipath multiple-as", "multipath_multiple_as", True),
        ("keep all", "keep_all", True),
        ("out-delay 4", "out_delay", 4.0),
        ("authentication-key secret", "authentication_key", "secret"),
        (f'authentication-key "{obfuscate("secret")}"', "authentication_key", "secret"),
    ],
)
def test_a_statement_counts_at_every_level(
    router: Callable[[str], Router], level: str, statement: str, attribute: str, value: object
) -> None:
    assert getattr(neighbor(router, level + statement), attribute) == value


def test_the_nearest_level_counts_whole(router: Callable[[str], Router]) -> None:
    found = neighbor(
        router,
        "export [ a b ]",
        "group g export c",
        "family inet unicast",
        "family inet-vpn unicast",
        "group g family inet-vpn unicast",
        "advertise-peer-as",
        "group g no-advertise-peer-as",
    )
    assert found.export_policies == ("c",)
    assert found.families == ("inet-vpn-unicast",)
    assert not found.advertise_peer_as


def test_a_group_without_a_type_goes_by_the_numbers(router: Callable[[str], Router]) -> None:
    text = """
    set routing-options autonomous-system 1
    set protocols bgp group g neighbor 10.0.0.1 peer-as {}
    """
    kinds = [
        router(text.format(number)).instances["master"].bgp.neighbors[0].external
        for number in (1, 2)
    ]
    assert kinds == [False, True]


@pytest.mark.parametrize(
    ("statements", "imports", "exports"),
    [
        (["vrf-target target:1:1"], ("target:1:1",), ("target:1:1",)),
        (["vrf-target import target:1:1"], ("target:1:1",), ()),
        (
            ["vrf-target import target:1:1", "vrf-target export target:1:2"],
            ("target:1:1",),
            ("target:1:2",),
        ),
    ],
)
def test_targets(
    router: Callable[[str], Router],
    statements: list[str],
    imports: tuple[str, ...],
    exports: tuple[str, ...],
) -> None:
    lines = ["instance-type vrf", "route-distinguisher 1:1", *statements]
    made = router("\n".join(f"set routing-instances v {line}" for line in lines))
    instance = made.instances["v"]
    assert (instance.vrf_target_import, instance.vrf_target_export) == (imports, exports)


def test_what_is_not_modelled_is_left_out_and_said(router: Callable[[str], Router]) -> None:
    made = router(
        """
        set routing-instances l instance-type vpls
        set protocols ospf area 1 interface ge-0/0/0.0
        set protocols ospf area 0 interface ge-0/0/1.0
        """
    )
    assert list(made.instances) == ["master"]
    assert [one.name for one in made.instances["master"].ospf.interfaces] == ["ge-0/0/1.0"]
    assert made.warnings == (
        "protocols ospf area 0.0.0.1: only the backbone area is modelled",
        "routing-instances l: instance-type vpls is not modelled",
    )


def test_what_words_mean_together_may_be_beyond_the_model(router: Callable[[str], Router]) -> None:
    made = router("""
    set routing-options autonomous-system 1
    set protocols bgp group x neighbor 10.0.0.2 peer-as 2
    set protocols bgp group x family inet-vpn unicast
    set protocols isis export leak
    set policy-options policy-statement leak from protocol isis
    set policy-options policy-statement leak then accept
    set routing-instances v instance-type vrf
    set routing-instances v protocols ospf export leak
    """)
    option_b, leak, domain = made.warnings
    assert "routing-instances v protocols ospf" in domain
    assert "neighbor 10.0.0.2" in option_b
    assert "isis export leak" in leak


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (
            """
            set protocols isis export "( x && leak )"
            set policy-options policy-statement leak term t from level 2
            set policy-options policy-statement leak term t to level 1
            set policy-options policy-statement leak term t then accept
            """,
            "protocols isis export ( x && leak ): levels do not leak by policy",
        ),
        (
            """
            set protocols bgp group a neighbor 10.0.0.2 peer-as 2
            set protocols bgp group b neighbor 10.0.0.2 peer-as 2
            """,
            "protocols bgp: neighbor 10.0.0.2 is in groups a, b: the last one's is modelled",
        ),
    ],
)
def test_what_is_beyond_the_model_is_said(
    router: Callable[[str], Router], statements: str, said: str
) -> None:
    assert router("set routing-options autonomous-system 1\n" + statements).warnings == (said,)


@pytest.mark.parametrize(
    ("statements", "mtu", "room"),
    [
        ("", None, 1500),
        ("set interfaces ge-0/0/0 mtu 9014", 9000, 9000),
        ("set interfaces ge-0/0/0 mtu 9018\nset interfaces ge-0/0/0 vlan-tagging", 9000, 9000),
        ("set interfaces ge-0/0/0 unit 0 family inet mtu 1400", 1400, 1500),
    ],
)
def test_ip_has_what_the_headers_leave_of_the_mtu(
    router: Callable[[str], Router], statements: str, mtu: int | None, room: int
) -> None:
    made = router(f"set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/30\n{statements}")
    unit = made.units["ge-0/0/0.0"]
    assert (unit.mtu, unit.room) == (mtu, room)


def test_interfaces(router: Callable[[str], Router]) -> None:
    made = router(
        """
        set interfaces xe-2/0/1 unit 150 description LAN
        set interfaces xe-2/0/1 unit 150 vlan-id 150
        set interfaces xe-2/0/1 unit 150 family inet mtu 1500
        set interfaces xe-2/0/1 unit 150 family inet address 10.0.0.3/24 vrrp-group 1 priority 250
        set interfaces xe-2/0/1 unit 150 family inet address 10.0.0.3/24 vrrp-group 1 virtual-address 10.0.0.1
        set interfaces xe-2/0/1 unit 150 family inet address 10.0.0.3/24 vrrp-group 1 preempt hold-time 5
        set interfaces xe-2/0/1 unit 150 family inet address 10.0.0.3/24 vrrp-group 1 track interface xe-2/0/0.105 priority-cost 120
        set interfaces xe-2/0/1 unit 150 family inet address 10.0.0.3/24 vrrp-group 1 track route 10.9.0.0/16 routing-instance default priority-cost 9
        set interfaces lo0 unit 0 family iso address 49.0001.0000.0000.0001.00
        set interfaces xe-2/0/2 disable
        """
    )
    unit = made.units["xe-2/0/1.150"]
    assert (unit.description, unit.vlan, unit.mtu) == ("LAN", 150, 1500)
    [address] = unit.addresses
    [group] = address.vrrp
    assert (group.priority, group.preempt_hold_time) == (250, 5.0)
    assert (group.track_interfaces[0].name, group.track_interfaces[0].priority_cost) == (
        "xe-2/0/0.105",
        120,
    )
    assert (group.track_routes[0].prefix, group.track_routes[0].instance) == (
        Prefix.parse("10.9.0.0/16"),
        "master",
    )
    assert made.units["lo0.0"].iso == ("49.0001.0000.0000.0001.00",)
    assert made.physicals["xe-2/0/2"].disabled


def test_static_routes(router: Callable[[str], Router]) -> None:
    made = router(
        """
        set routing-options static route 0.0.0.0/0 next-hop [ 10.0.0.1 10.0.0.2 ]
        set routing-options static route 5.0.0.0/8 discard
        set routing-options static route 6.0.0.0/8 next-table v.inet.0
        set routing-options rib inet.0 static route 7.0.0.0/8 reject
        """
    )
    default, five, six, seven = made.instances["master"].static
    assert [str(hop.to) for hop in default.next_hops] == ["10.0.0.1", "10.0.0.2"]
    assert five.action is RouteAction.DISCARD
    assert six.next_table == "v.inet.0"
    assert seven.action is RouteAction.REJECT


def test_each_logical_system_is_a_router() -> None:
    draft = Draft()
    Commands(draft).run(
        """
        set system host-name chassis
        set interfaces lo0 unit 0 family inet address 1.1.1.1/32
        set logical-systems A interfaces lo0 unit 1 family inet address 2.2.2.2/32
        set logical-systems B routing-options autonomous-system 7
        """
    )
    routers = build(effective(draft.finish()))
    assert list(routers) == ["", "A", "B"]
    assert list(routers["A"].units) == ["lo0.1"]
    assert routers["B"].instances["master"].autonomous_system == 7
    assert [made.host_name for made in routers.values()] == ["chassis", "A", "B"]


def test_every_field_of_a_neighbour_says_what_its_change_does(
    router: Callable[[str], Router],
) -> None:
    """A field that changes what is offered must tell groups apart."""
    plain = neighbor(router)
    for field in fields(plain):
        value = getattr(plain, field.name)
        changed = {bool: not value, int: 7, str: "x", tuple: ("x",), float: 9.0}.get(type(value), 5)
        other = type(plain)(
            **{one.name: getattr(plain, one.name) for one in fields(plain)} | {field.name: changed}
        )
        effect = effect_of(plain, other)
        assert effect_of(plain, plain) is Effect.NONE
        if effect is Effect.REOFFER:
            assert export_rules(plain) != export_rules(other), field.name


LINES = """
set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/24 vrrp-group 1 virtual-address 10.0.0.9
set policy-options policy-statement p term t from route-filter 10.0.0.0/8 upto /24
set policy-options policy-statement p term t from prefix-list-filter x orlonger
set policy-options policy-statement p term t from protocol [ bgp static ]
set policy-options policy-statement p term t from policy "( a && b )"
set policy-options policy-statement p term t then community add X
set policy-options policy-statement p term t then metric add 10
set policy-options policy-statement p term t then origin egp
set policy-options policy-statement p term t then next policy
set policy-options policy-statement p term t then default-action accept
set policy-options policy-statement p term t then as-path-expand last-as count 3
set policy-options policy-statement p term t then next-hop 10.0.0.1
set policy-options as-path A "1 .*"
set policy-options community X members [ 1:1 2:2 ]
set protocols bgp group g local-as 65000 loops 2 private
set protocols bgp group g metric-out igp 5
set protocols bgp group g export p
set protocols bgp group g neighbor 10.0.0.2 peer-as 2
set routing-options autonomous-system 1 loops 2
set routing-options aggregate route 10.0.0.0/8 policy p
set routing-options static route 1.0.0.0/8 qualified-next-hop 10.0.0.2 preference 7
set routing-instances v instance-type vrf
set routing-instances v route-distinguisher 1:1
set routing-instances v vrf-target import target:1:1
""".strip().splitlines()
JUNK = ["", "x", "-1", "99999999999", "10.0.0.0/99", "::1", "(", "[", "*", "$9$", "a b", "1.1"]


@given(
    st.lists(
        st.tuples(st.sampled_from(LINES), st.integers(2, 9), st.sampled_from(JUNK)), max_size=8
    )
)
def test_whatever_a_lenient_load_lets_through_makes_a_router(
    changes: list[tuple[str, int, str]],
) -> None:
    lines = list(LINES)
    for line, place, junk in changes:
        words = line.split()
        words[min(place, len(words) - 1)] = junk
        lines.append(" ".join(word for word in words if word))
    draft = Draft()
    Commands(draft, strict=False).run("\n".join(lines))
    root = effective(draft.finish())
    problems(root)
    Network().add("x", build(root)[""])
