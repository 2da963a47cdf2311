"""IS-IS: adjacencies, keys, levels, LANs, overload, redistribution."""

from __future__ import annotations

import pytest

from multihome.twin.routing.host import Oscillation


def router(number: int, *lines: str, area: str = "49.0001") -> str:
    return "\n".join(
        [
            f"system host-name r{number}",
            f"interfaces lo0 unit 0 family inet address 1.1.1.{number}/32",
            f"interfaces lo0 unit 0 family iso address {area}.0000.0000.000{number}.00",
            "protocols isis interface lo0.0 passive",
            *lines,
        ]
    )


def p2p(port: int, address: str, *options: str) -> list[str]:
    name = f"ge-0/0/{port}"
    return [
        f"interfaces {name} unit 0 family inet address {address}",
        f"interfaces {name} unit 0 family iso",
        f"protocols isis interface {name}.0 point-to-point",
        *(f"protocols isis {option}" for option in options),
    ]


L2 = ["protocols isis level 1 disable", "protocols isis level 2 wide-metrics-only"]


def triangle(**extra: str) -> dict[str, str]:
    """r1 - r2 - r3 - r1, all level 2; `extra` adds lines to a router."""
    texts = {
        "r1": router(1, *L2, *p2p(0, "10.0.12.1/30"), *p2p(1, "10.0.13.1/30")),
        "r2": router(2, *L2, *p2p(0, "10.0.12.2/30"), *p2p(1, "10.0.23.1/30")),
        "r3": router(3, *L2, *p2p(0, "10.0.23.2/30"), *p2p(1, "10.0.13.2/30")),
    }
    return {name: text + "\n" + extra.get(name, "") for name, text in texts.items()}


def states(world, node):
    views = world.network.nodes[node].isis.adjacencies()
    return {view.system_name: view.state for view in views}


def test_the_shortest_path_wins_and_equal_ones_share(world):
    world.add(**triangle()).settle()
    route = world.route("r1", "1.1.1.2/32")
    assert (route.protocol, route.preference, route.metric) == ("IS-IS", 18, 10)
    assert world.via("r1", "10.0.23.0/30") == [
        ("10.0.12.2", "ge-0/0/0.0"), ("10.0.13.2", "ge-0/0/1.0")
    ]  # fmt: skip
    assert world.route("r1", "10.0.12.0/30").protocol == "Direct"


def test_a_metric_moves_traffic(world):
    metric = "protocols isis interface ge-0/0/0.0 level 2 metric 100"
    world.add(**triangle(r1=metric)).settle()
    assert world.via("r1", "1.1.1.2/32") == [("10.0.13.2", "ge-0/0/1.0")]
    assert world.via("r2", "1.1.1.1/32") == [("10.0.12.1", "ge-0/0/0.0")]


def test_narrow_metrics_end_at_63(world):
    texts = triangle(r1="protocols isis interface ge-0/0/0.0 level 2 metric 1000")
    texts["r1"] = texts["r1"].replace("protocols isis level 2 wide-metrics-only", "")
    world.add(**texts).settle()
    views = world.network.nodes["r1"].isis.interfaces()
    assert [view.metric for view in views if view.name == "ge-0/0/0.0"] == [63]


def test_nobody_goes_through_an_overloaded_router(world):
    metric = "protocols isis interface ge-0/0/0.0 level 2 metric 100"
    world.add(**triangle(r1=metric, r3="protocols isis overload")).settle()
    assert world.via("r1", "1.1.1.2/32") == [("10.0.12.2", "ge-0/0/0.0")]
    assert world.via("r1", "1.1.1.3/32") == [("10.0.13.2", "ge-0/0/1.0")]
    [lsp] = [v for v in world.network.nodes["r1"].isis.database() if v.lsp_id == "r3.00-00"]
    assert lsp.overload


def test_overload_with_a_timeout_ends_so_long_after_boot(world):
    metric = "protocols isis interface ge-0/0/0.0 level 2 metric 100"
    world.add(**triangle(r1=metric, r3="protocols isis overload timeout 300")).settle()
    clock, start = world.network.clock, world.network.clock.now
    assert world.via("r1", "1.1.1.2/32") == [("10.0.13.2", "ge-0/0/1.0")]
    world.network.fault("router", "r3")
    world.network.fault("router", "r3", on=False)
    clock.advance_to(start + 100)
    assert world.via("r1", "1.1.1.2/32") == [("10.0.12.2", "ge-0/0/0.0")]
    clock.advance_to(start + 310)
    assert world.via("r1", "1.1.1.2/32") == [("10.0.13.2", "ge-0/0/1.0")]


KEYED = [
    "protocols isis level 2 authentication-type md5",
    'protocols isis level 2 authentication-key "one"',
]


def test_keys_must_match(world):
    texts = triangle(r1="\n".join(KEYED), r2="\n".join(KEYED), r3="\n".join(KEYED))
    texts["r3"] = texts["r3"].replace("one", "two")
    world.add(**texts).settle()
    assert states(world, "r1") == {"r2": "Up"}
    assert world.route("r1", "1.1.1.3/32") is None
    world.configure("r3", texts["r3"].replace("two", "one")).settle()
    assert states(world, "r1") == {"r2": "Up", "r3": "Up"}


HELLO_KEY = """\
protocols isis interface ge-0/0/{port}.0 level 2 hello-authentication-type md5
protocols isis interface ge-0/0/{port}.0 level 2 hello-authentication-key "{key}"
"""


@pytest.mark.parametrize("left_out", ["authentication-type", "authentication-key"])
def test_a_key_without_its_type_signs_nothing(world, left_out):
    plain = "\n".join(line for line in KEYED if left_out not in line)
    world.add(**triangle(r1="\n".join(KEYED), r2="\n".join(KEYED), r3=plain)).settle()
    assert states(world, "r1") == {"r2": "Up"}
    world.configure("r1", triangle(r1=plain)["r1"]).settle()
    assert states(world, "r1")["r3"] == "Up"
    assert states(world, "r1").get("r2") != "Up"


@pytest.mark.parametrize(("key", "state"), [("same", "Up"), ("other", None)])
def test_hello_keys_must_match_on_a_link(world, key, state):
    extra = {"r1": HELLO_KEY.format(port=0, key="same"), "r2": HELLO_KEY.format(port=0, key=key)}
    world.add(**triangle(**extra)).settle()
    assert states(world, "r1").get("r2") == state
    assert states(world, "r1")["r3"] == "Up"


def test_lsps_of_another_key_are_not_believed(world):
    ports = {"r1": (0, 1), "r2": (0, 1), "r3": (0, 1)}
    hellos = {
        name: "\n".join(HELLO_KEY.format(port=port, key="hello") for port in found)
        for name, found in ports.items()
    }
    keys = {name: "\n".join(KEYED) for name in ports}
    keys["r3"] = keys["r3"].replace("one", "two")
    world.add(**triangle(**{name: hellos[name] + "\n" + keys[name] for name in ports})).settle()
    assert states(world, "r1") == {"r2": "Up", "r3": "Up"}
    assert world.route("r1", "1.1.1.3/32") is None
    assert world.via("r1", "1.1.1.2/32") == [("10.0.12.2", "ge-0/0/0.0")]


def test_routes_follow_after_the_spf_delay(world):
    slow = "protocols isis spf-options delay 3000"
    world.add(**triangle(r1=slow)).settle()
    start = world.network.clock.now
    world.network.fault("link", "r1", "r2")
    world.network.clock.advance_to(start + 2.9)
    assert world.via("r1", "1.1.1.2/32") == [("10.0.12.2", "ge-0/0/0.0")]
    assert not world.reaches("r1", "1.1.1.2")
    world.network.clock.advance_to(start + 3.1)
    assert world.via("r1", "1.1.1.2/32") == [("10.0.13.2", "ge-0/0/1.0")]
    assert world.reaches("r1", "1.1.1.2")


def test_after_three_rapid_runs_spf_is_held_down(world):
    world.add(**triangle()).settle()
    clock = world.network.clock
    clock.advance_to(clock.now + 60)
    for number in range(4):
        world.network.fault("link", "r2", "r3", on=number % 2 == 0)
        clock.advance_to(clock.now + 1)
    world.network.fault("link", "r1", "r2")
    clock.advance_to(clock.now + 1)
    assert world.via("r1", "1.1.1.2/32") == [("10.0.12.2", "ge-0/0/0.0")]
    clock.advance_to(clock.now + 5)
    assert world.via("r1", "1.1.1.2/32") == [("10.0.13.2", "ge-0/0/1.0")]


def test_two_routers_of_one_name_never_rest_and_the_error_says_so(world):
    texts = triangle()
    texts["r3"] = texts["r3"].replace("0000.0003", "0000.0002")
    with pytest.raises(Oscillation, match=r"not at rest after .* busy: r\d, r\d"):
        world.add(**texts).network.converge(limit=30)


def test_a_key_changed_at_one_end_ends_the_adjacency_after_the_hold_time(world):
    texts = triangle(**{name: "\n".join(KEYED) for name in ("r1", "r2", "r3")})
    world.add(**texts).settle()
    clock, start = world.network.clock, world.network.clock.now
    world.configure("r3", texts["r3"].replace("one", "two"))
    clock.advance_to(start + 20)
    assert states(world, "r1") == {"r2": "Up", "r3": "Up"}
    clock.advance_to(start + 30)
    assert states(world, "r1") == {"r2": "Up"}


def test_a_protocol_removed_at_one_end_is_noticed_after_the_hold_time(world):
    texts = triangle()
    world.add(**texts).settle()
    start = world.network.clock.now
    world.configure(
        "r3", texts["r3"].replace("protocols isis interface ge-0/0/1.0 point-to-point", "")
    )
    world.network.clock.advance_to(start + 26)
    assert states(world, "r1") == {"r2": "Up", "r3": "Up"}
    world.settle()
    assert states(world, "r1") == {"r2": "Up"}
    assert world.via("r1", "1.1.1.3/32") == [("10.0.12.2", "ge-0/0/0.0")]


def test_point_to_point_and_lan_do_not_meet(world):
    texts = triangle()
    texts["r2"] = texts["r2"].replace("protocols isis interface ge-0/0/0.0 point-to-point",
                                      "protocols isis interface ge-0/0/0.0")  # fmt: skip
    world.add(**texts).settle()
    assert states(world, "r1")["r3"] == "Up"
    assert states(world, "r1").get("r2") != "Up"


def test_without_family_iso_nobody_greets(world):
    texts = triangle()
    texts["r2"] = texts["r2"].replace("interfaces ge-0/0/0 unit 0 family iso", "")
    world.add(**texts).settle()
    assert states(world, "r1")["r3"] == "Up"
    assert states(world, "r1").get("r2") != "Up"


def test_a_hello_that_does_not_fit_the_port_is_not_heard(world):
    """It is padded to the sender's own MTU: the other way it gets through."""
    texts = triangle(r2="interfaces ge-0/0/0 mtu 1400")
    world.add(**texts).settle()
    assert states(world, "r1") == {"r2": "Initializing", "r3": "Up"}
    assert states(world, "r2") == {"r3": "Up"}
    world.configure("r1", texts["r1"] + "\ninterfaces ge-0/0/0 mtu 1400").settle()
    assert states(world, "r1") == {"r2": "Up", "r3": "Up"}


def test_passive_announces_and_does_not_greet(world):
    world.add(**triangle(r2="protocols isis interface ge-0/0/0.0 passive")).settle()
    assert states(world, "r1")["r3"] == "Up"
    assert states(world, "r1").get("r2") != "Up"
    assert world.via("r3", "10.0.12.0/30")


def lan(*numbers: int, **options: str) -> dict[str, str]:
    return {
        f"r{n}": router(
            n,
            *L2,
            f"interfaces ge-0/0/0 unit 0 family inet address 10.0.0.{n}/24",
            "interfaces ge-0/0/0 unit 0 family iso",
            "protocols isis interface ge-0/0/0.0",
            options.get(f"r{n}", "protocols isis interface ge-0/0/0.0"),
        )
        for n in numbers
    }


def pseudonodes(world, node):
    views = world.network.nodes[node].isis.database()
    return [view for view in views if not view.lsp_id.endswith(".00-00")]


def test_one_router_speaks_for_a_lan(world):
    priority = "protocols isis interface ge-0/0/0.0 level 2 priority 100"
    world.add(**lan(1, 2, 3, 4, r2=priority)).settle()
    [lsp] = pseudonodes(world, "r4")
    assert lsp.lsp_id.startswith("r2.")
    assert lsp.neighbors == (("r1.00", 0), ("r2.00", 0), ("r3.00", 0), ("r4.00", 0))
    assert world.via("r1", "1.1.1.4/32") == [("10.0.0.4", "ge-0/0/0.0")]
    assert world.route("r1", "1.1.1.4/32").metric == 10


def test_another_takes_over_when_it_goes(world):
    priority = "protocols isis interface ge-0/0/0.0 level 2 priority 100"
    world.add(**lan(1, 2, 3, r2=priority)).settle()
    world.network.fault("router", "r2", "frozen")
    world.settle()
    alive = [view for view in pseudonodes(world, "r1") if not view.lsp_id.startswith("r2.")]
    assert len(alive) == 1
    assert world.via("r1", "1.1.1.3/32") == [("10.0.0.3", "ge-0/0/0.0")]
    assert world.route("r1", "1.1.1.2/32") is None


def test_a_new_priority_elects_again(world):
    texts = lan(1, 2, 3, r2="protocols isis interface ge-0/0/0.0 level 2 priority 100")
    world.add(**texts).settle()
    better = texts["r1"] + "\nprotocols isis interface ge-0/0/0.0 level 2 priority 120"
    world.configure("r1", better).settle()
    assert [view.lsp_id.partition(".")[0] for view in pseudonodes(world, "r3")] == ["r1"]
    assert world.via("r3", "1.1.1.2/32") == [("10.0.0.2", "ge-0/0/0.0")]


@pytest.mark.parametrize("node", ["r2", "r3"])
def test_a_new_address_is_the_new_next_hop(world, node):
    texts = triangle()
    world.add(**{name: text.replace("/30", "/29") for name, text in texts.items()}).settle()
    far = {"r2": "10.0.12.5", "r3": "10.0.13.5"}[node]
    old = {"r2": "10.0.12.2", "r3": "10.0.13.2"}[node]
    world.configure(node, texts[node].replace("/30", "/29").replace(old, far)).settle()
    assert far in [hop for hop, _ in world.via("r1", f"1.1.1.{node[1]}/32")]
    assert world.reaches("r1", f"1.1.1.{node[1]}")


def test_level_1_needs_one_area_and_wins_over_level_2(world):
    def both(number: int, area: str) -> str:
        return router(number, *p2p(0, f"10.0.12.{number}/30"), area=area)

    world.add(r1=both(1, "49.0001"), r2=both(2, "49.0001")).settle()
    route = world.route("r1", "1.1.1.2/32")
    assert (route.preference, route.level) == (15, 1)
    assert world.network.nodes["r1"].rib("inet.0").counts()[0:2] == (4, 4)
    assert [v.level for v in world.network.nodes["r1"].isis.adjacencies()] == [3]
    world.configure("r2", both(2, "49.0002")).settle()
    route = world.route("r1", "1.1.1.2/32")
    assert (route.preference, route.level) == (18, 2)
    assert {(v.level, v.state) for v in world.network.nodes["r1"].isis.adjacencies()} == {
        (1, "Rejected"), (2, "Up")
    }  # fmt: skip


def test_a_level_1_router_takes_the_default_route_to_another_area(world):
    world.add(
        r1=router(1, "protocols isis level 2 disable", *p2p(0, "10.0.12.1/30")),
        r2=router(2, *p2p(0, "10.0.12.2/30"), *p2p(1, "10.0.23.1/30")),
        r3=router(3, *L2, *p2p(0, "10.0.23.2/30"), area="49.0002"),
    ).settle()
    assert world.via("r1", "0.0.0.0/0") == [("10.0.12.2", "ge-0/0/0.0")]
    assert world.via("r3", "1.1.1.1/32") == [("10.0.23.1", "ge-0/0/0.0")]
    assert world.reaches("r1", "1.1.1.3")
    assert world.route("r2", "0.0.0.0/0") is None


def test_a_router_of_both_levels_that_knows_no_other_area_takes_the_default_route(world):
    """It runs level 2, but nobody there: it is not attached, so it goes to who is."""
    texts = {
        "r1": router(1, *p2p(0, "10.0.12.1/30", "interface ge-0/0/0.0 level 2 disable")),
        "r2": router(2, *p2p(0, "10.0.12.2/30"), *p2p(1, "10.0.23.1/30")),
        "r3": router(3, *p2p(0, "10.0.23.2/30"), area="49.0002"),
    }
    world.add(**texts).settle()
    assert world.via("r1", "0.0.0.0/0") == [("10.0.12.2", "ge-0/0/0.0")]
    assert world.reaches("r1", "1.1.1.3")
    assert world.route("r2", "0.0.0.0/0") is None
    assert world.route("r3", "0.0.0.0/0") is None
    world.configure("r2", texts["r2"] + "\nprotocols isis interface ge-0/0/1.0 disable").settle()
    assert world.route("r1", "0.0.0.0/0") is None


EXPORT = """
    routing-options static route 172.16.0.0/16 discard
    routing-options static route 172.17.0.0/16 discard
    policy-options policy-statement out term a from protocol static
    policy-options policy-statement out term a from route-filter 172.16.0.0/16 exact
    policy-options policy-statement out term a then metric 7
    policy-options policy-statement out term a then accept
    protocols isis export out"""


def test_an_export_policy_redistributes(world):
    world.add(**triangle(r3=EXPORT)).settle()
    route = world.route("r1", "172.16.0.0/16")
    assert (route.metric, route.preference) == (17, 18)
    assert world.route("r1", "172.17.0.0/16") is None
    world.configure("r3", triangle()["r3"]).settle()
    assert world.route("r1", "172.16.0.0/16") is None


def test_narrow_metrics_know_external_prefixes(world):
    texts = {name: text.replace("protocols isis level 2 wide-metrics-only", "") for name, text in
             triangle(r3=EXPORT).items()}  # fmt: skip
    world.add(**texts).settle()
    assert world.route("r1", "172.16.0.0/16").preference == 165


def test_the_database_outlives_a_reboot(world):
    world.add(**triangle()).settle()
    sequence = _sequence(world, "r1", "r3.00-00")
    world.network.fault("router", "r3")
    world.network.fault("router", "r3", on=False)
    world.settle()
    assert _sequence(world, "r1", "r3.00-00") > sequence
    assert world.via("r1", "1.1.1.3/32") == [("10.0.13.2", "ge-0/0/1.0")]


def _sequence(world, node, lsp_id):
    views = world.network.nodes[node].isis.database()
    return next(view.sequence for view in views if view.lsp_id == lsp_id)


def test_a_short_silence_is_forgiven_and_what_it_hid_is_said_again(world):
    world.add(**triangle()).settle()
    world.network.fault("link", "r1", "r3", "silent")
    world.network.fault("link", "r1", "r2", "silent")
    extra = triangle()["r2"] + "\ninterfaces lo0 unit 0 family inet address 9.9.9.9/32"
    world.configure("r2", extra)
    world.network.clock.advance_to(world.network.clock.now + 5)
    assert world.route("r1", "9.9.9.9/32") is None
    world.network.fault("link", "r1", "r3", "silent", on=False)
    world.network.fault("link", "r1", "r2", "silent", on=False)
    world.settle()
    assert world.via("r1", "9.9.9.9/32") == [("10.0.12.2", "ge-0/0/0.0")]
    assert {v.transitions for v in world.network.nodes["r1"].isis.adjacencies()} == {1}


@pytest.mark.parametrize("bfd", [True, False])
def test_bfd_notices_silence_before_the_hold_time_does(world, bfd):
    line = "protocols isis interface ge-0/0/1.0 bfd-liveness-detection minimum-interval 100"
    extra = {"r1": line, "r3": line} if bfd else {}
    world.add(**triangle(**extra)).settle()
    start = world.network.clock.now
    world.network.fault("link", "r1", "r3", "silent")
    world.network.clock.advance_to(start + 1)
    assert (states(world, "r1")["r3"] == "Up") is not bfd
    expected = "ge-0/0/0.0" if bfd else "ge-0/0/1.0"
    assert world.via("r1", "1.1.1.3/32")[0][1] == expected
