"""Sessions: who comes up with whom, with what agreed, and what ends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from multihome.twin.addressing import Address, Prefix
from multihome.twin.routing.bgp.fsm import TABLE, Effect, Event, State, transition

if TYPE_CHECKING:
    from collections.abc import Callable

    from multihome.twin.junos.model.router import Router
    from multihome.twin.network import Network
    from multihome.twin.routing.node import VirtualRouter
    from multihome.twin.views import BgpPeerView

LEFT = """
set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/30
set interfaces lo0 unit 0 family inet address 1.1.1.1/32
set routing-options autonomous-system 1
set routing-options static route 5.0.0.0/8 discard
set policy-options policy-statement statics from protocol static
set policy-options policy-statement statics then accept
set protocols bgp group g type external
set protocols bgp group g peer-as 2
set protocols bgp group g export statics
set protocols bgp group g neighbor 10.0.0.2
"""
RIGHT = """
set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.2/30
set interfaces lo0 unit 0 family inet address 2.2.2.2/32
set routing-options autonomous-system 2
set protocols bgp group g type external
set protocols bgp group g peer-as 1
set protocols bgp group g neighbor 10.0.0.1
"""
FIVE = Prefix.parse("5.0.0.0/8")


def peer(node: VirtualRouter, place: int = 0) -> BgpPeerView:
    return node.bgp.peers()[place]


def states(network: Network) -> set[str]:
    return {view.state for node in network.nodes.values() for view in node.bgp.peers()}


def test_the_table_of_states_has_no_way_out_but_idle_or_active() -> None:
    for (state, event), (following, effects) in TABLE.items():
        if Effect.CLOSE in effects:
            assert following in (State.IDLE, State.ACTIVE)
        else:
            assert following >= state or event is Event.CONNECTED


def test_a_pair_the_table_does_not_list_is_an_error() -> None:
    with pytest.raises(KeyError):
        transition(State.IDLE, Event.KEEPALIVE)


def test_two_speakers_come_up_and_exchange_routes(network: Callable[..., Network]) -> None:
    made = network(left=LEFT, right=RIGHT)
    assert states(made) == {"Established"}
    route = made.nodes["right"].rib("inet.0").active(FIVE)
    assert route.bgp.as_path == (1,)
    assert str(route.next_hops[0].to) == "10.0.0.1"


@pytest.mark.parametrize("passive", ["left", "right"])
def test_one_passive_end_is_enough(network: Callable[..., Network], passive: str) -> None:
    texts = {"left": LEFT, "right": RIGHT}
    texts[passive] += "set protocols bgp group g passive"
    assert states(network(**texts)) == {"Established"}


def test_passive_on_both_ends_never_comes_up(network: Callable[..., Network]) -> None:
    extra = "set protocols bgp group g passive"
    made = network(left=LEFT + extra, right=RIGHT + extra)
    assert states(made) == {"Active"}
    made.clock.advance_to(made.clock.now + 3600)
    assert states(made) == {"Active"}


KEY = "set protocols bgp group g authentication-key {}\n"


@pytest.mark.parametrize(
    ("left", "right", "up"),
    [
        (KEY.format("a"), KEY.format("a"), True),
        (KEY.format("a"), KEY.format("b"), False),
        (KEY.format("a"), "", False),
        ("", KEY.format("a"), False),
        (KEY.format("a"), KEY.format('"$9$RRKSlv"'), False),
    ],
)
def test_keys_must_match(
    network: Callable[..., Network], left: str, right: str, *, up: bool
) -> None:
    found = states(network(left=LEFT + left, right=RIGHT + right))
    assert found == {"Established"} if up else "Established" not in found


def test_a_key_mended_at_one_end_brings_the_session_up(
    network: Callable[..., Network], router: Callable[[str], Router]
) -> None:
    for passive in ("", "set protocols bgp group g passive\n"):
        made = network(left=LEFT + KEY.format("a") + passive, right=RIGHT + KEY.format("b"))
        assert "Established" not in states(made)
        made.configure("left", router(LEFT + KEY.format("b") + passive))
        made.converge()
        assert states(made) == {"Established"}


def test_a_wrong_peer_as_is_a_bad_open_at_both_ends(network: Callable[..., Network]) -> None:
    made = network(left=LEFT.replace("peer-as 2", "peer-as 3"), right=RIGHT)
    assert "Established" not in states(made)
    errors = {peer(node).last_error for node in made.nodes.values()}
    assert errors == {"Open Message Error"}


def test_without_a_family_in_common_there_is_no_session(network: Callable[..., Network]) -> None:
    only = "set protocols bgp group g family inet-vpn unicast\n"
    made = network(left=LEFT + only, right=RIGHT)
    assert "Established" not in states(made)


@pytest.mark.parametrize(
    ("left", "right", "agreed"), [(None, None, 90), (30, None, 30), (10, 0, 0), (9, 12, 9)]
)
def test_the_lower_hold_time_holds_and_zero_is_none(
    network: Callable[..., Network], left: int | None, right: int | None, agreed: int
) -> None:
    texts = {"left": LEFT, "right": RIGHT}
    for name, value in (("left", left), ("right", right)):
        if value is not None:
            texts[name] += f"set protocols bgp group g hold-time {value}\n"
    made = network(**texts)
    for node in made.nodes.values():
        assert peer(node).active_hold_time == agreed
        assert peer(node).keepalive == agreed // 3


LAN = """
set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.3/29
"""


def on_a_lan(text: str) -> str:
    return text.replace("/30", "/29")


def test_a_silent_peer_is_lost_when_its_hold_time_has_run_out(
    network: Callable[..., Network],
) -> None:
    hold = "set protocols bgp group g hold-time 30\n"
    made = network(left=on_a_lan(LEFT + hold), right=on_a_lan(RIGHT), third=LAN)
    made.fault("router", "left")
    made.clock.advance_to(made.clock.now + 29)
    right = made.nodes["right"]
    assert peer(right).state == "Established"
    assert right.rib("inet.0").active(FIVE) is not None
    made.clock.advance_to(made.clock.now + 2)
    assert peer(right).state != "Established"
    assert peer(right).last_error == "Hold Timer Expired Error"
    assert right.rib("inet.0").active(FIVE) is None
    made.fault("router", "left", on=False)
    made.converge()
    assert states(made) == {"Established"}
    assert peer(right).flaps == 1


@pytest.mark.parametrize("later", [0.0, 4.0, 9.5])
def test_the_hold_time_runs_from_the_last_keepalive(
    network: Callable[..., Network], later: float
) -> None:
    """RFC 4271 section 4.4: a third of the hold time between keepalives, so up to a third less."""
    hold = "set protocols bgp group g hold-time 30\n"
    made = network(left=on_a_lan(LEFT + hold), right=on_a_lan(RIGHT), third=LAN)
    right, clock = made.nodes["right"], made.clock
    clock.advance_to(peer(right).since + 60 + later)
    made.fault("router", "left")
    clock.advance_to(clock.now + 30 - later - 0.1)
    assert peer(right).state == "Established"
    clock.advance_to(clock.now + 0.2)
    assert peer(right).state != "Established"


def test_without_a_hold_time_a_silent_peer_is_never_lost(network: Callable[..., Network]) -> None:
    hold = "set protocols bgp group g hold-time 0\n"
    made = network(left=on_a_lan(LEFT + hold), right=on_a_lan(RIGHT), third=LAN)
    made.fault("router", "left")
    made.clock.advance_to(made.clock.now + 3600)
    assert peer(made.nodes["right"]).state == "Established"


def test_a_dead_link_ends_an_external_session_at_once(network: Callable[..., Network]) -> None:
    made = network(left=LEFT, right=RIGHT)
    made.fault("interface", "left", "ge-0/0/0.0")
    made.clock.advance_to(made.clock.now + 0.01)
    assert "Established" not in states(made)
    made.fault("interface", "left", "ge-0/0/0.0", on=False)
    made.converge()
    assert states(made) == {"Established"}


def test_a_deactivated_neighbor_takes_its_leave(
    network: Callable[..., Network], router: Callable[[str], Router]
) -> None:
    made = network(left=LEFT, right=RIGHT)
    made.configure("left", router(LEFT + "deactivate protocols bgp group g neighbor 10.0.0.2"))
    made.clock.advance_to(made.clock.now + 0.1)
    right = peer(made.nodes["right"])
    assert right.state != "Established"
    assert (right.last_error, right.flaps) == ("Cease", 1)
    assert made.nodes["left"].bgp.peers() == ()
    made.configure("left", router(LEFT))
    made.converge()
    assert states(made) == {"Established"}


def test_a_peer_that_is_shut_down_stays_idle(
    network: Callable[..., Network], router: Callable[[str], Router]
) -> None:
    made = network(left=LEFT, right=RIGHT)
    made.configure("left", router(LEFT + "set protocols bgp group g neighbor 10.0.0.2 shutdown"))
    made.converge()
    assert peer(made.nodes["left"]).state == "Idle"
    assert peer(made.nodes["right"]).state != "Established"


@pytest.mark.parametrize(
    ("statement", "flaps"),
    [
        ("description other", 0),
        ("export nothing", 0),
        ("import everything", 0),
        ("metric-out 7", 0),
        ("as-override", 0),
        ("hold-time 60", 1),
        ("authentication-key x", 1),
        ("local-as 77", 1),
    ],
)
def test_only_what_the_opens_agreed_on_restarts_a_session(
    network: Callable[..., Network], router: Callable[[str], Router], statement: str, flaps: int
) -> None:
    made = network(left=LEFT, right=RIGHT)
    policies = """
    set policy-options policy-statement nothing then reject
    set policy-options policy-statement everything then accept
    """
    changed = LEFT + policies + f"set protocols bgp group g neighbor 10.0.0.2 {statement}\n"
    made.configure("left", router(changed))
    made.converge()
    assert peer(made.nodes["right"]).flaps == flaps


def test_a_killed_process_is_noticed_at_once(network: Callable[..., Network]) -> None:
    made = network(left=LEFT, right=RIGHT)
    made.fault("process", "left", "bgp")
    made.clock.advance_to(made.clock.now + 0.1)
    assert peer(made.nodes["right"]).state != "Established"
    assert made.nodes["right"].rib("inet.0").active(FIVE) is None
    made.fault("process", "left", "bgp", on=False)
    made.converge()
    assert states(made) == {"Established"}


def test_a_broken_session_comes_back(network: Callable[..., Network]) -> None:
    made = network(left=LEFT, right=RIGHT)
    made.fault("session", "left", "10.0.0.2")
    made.clock.advance_to(made.clock.now + 100)
    assert "Established" not in states(made)
    made.fault("session", "left", "10.0.0.2", on=False)
    made.converge()
    assert states(made) == {"Established"}


def test_what_was_said_while_the_path_was_broken_arrives_when_it_is_mended(
    network: Callable[..., Network], router: Callable[[str], Router]
) -> None:
    made = network(left=LEFT, right=RIGHT)
    made.fault("session", "left", "10.0.0.2")
    made.configure("left", router(LEFT + "set routing-options static route 6.0.0.0/8 discard"))
    made.clock.advance_to(made.clock.now + 10)
    six = Prefix.parse("6.0.0.0/8")
    assert made.nodes["right"].rib("inet.0").active(six) is None
    made.fault("session", "left", "10.0.0.2", on=False)
    made.converge()
    assert made.nodes["right"].rib("inet.0").active(six) is not None
    assert peer(made.nodes["right"]).flaps == 0


LOOPBACKS = {
    "left": LEFT.replace("neighbor 10.0.0.2", "neighbor 2.2.2.2")
    + "set protocols bgp group g local-address 1.1.1.1\n"
    + "set routing-options static route 2.2.2.2/32 next-hop 10.0.0.2\n",
    "right": RIGHT.replace("neighbor 10.0.0.1", "neighbor 1.1.1.1")
    + "set protocols bgp group g local-address 2.2.2.2\n"
    + "set routing-options static route 1.1.1.1/32 next-hop 10.0.0.1\n",
}


def test_external_peers_on_loopbacks_need_multihop(network: Callable[..., Network]) -> None:
    assert "Established" not in states(network(**LOOPBACKS))
    made = network(
        **{k: v + "set protocols bgp group g multihop ttl 2\n" for k, v in LOOPBACKS.items()}
    )
    assert states(made) == {"Established"}
    assert str(peer(made.nodes["left"]).local_address) == "1.1.1.1"


def test_a_peer_addressed_by_another_local_address_is_refused(
    network: Callable[..., Network],
) -> None:
    texts = {k: v + "set protocols bgp group g multihop\n" for k, v in LOOPBACKS.items()}
    texts["left"] = texts["left"].replace("set protocols bgp group g local-address 1.1.1.1\n", "")
    texts["right"] += "set protocols bgp group g passive\n"
    assert "Established" not in states(network(**texts))


def test_an_end_with_a_local_address_answers_at_no_other(network: Callable[..., Network]) -> None:
    way = "set routing-options static route 2.2.2.2/32 next-hop 10.0.0.2\n"
    group = "set protocols bgp group g"
    texts = {"left": LEFT + way, "right": RIGHT}
    texts = {name: f"{text}{group} multihop\n" for name, text in texts.items()}
    assert states(network(**texts)) == {"Established"}
    texts["right"] += f"{group} local-address 2.2.2.2\n"
    assert "Established" not in states(network(**texts))


def test_an_end_without_a_local_address_has_the_one_that_was_called(
    network: Callable[..., Network],
) -> None:
    texts = {k: v + "set protocols bgp group g multihop\n" for k, v in LOOPBACKS.items()}
    texts["left"] = texts["left"].replace("set protocols bgp group g local-address 1.1.1.1\n", "")
    left = peer(network(**texts).nodes["left"])
    assert (left.state, str(left.local_address)) == ("Established", "1.1.1.1")


def test_an_internal_session_goes_over_routers_between(network: Callable[..., Network]) -> None:
    end = """
    set interfaces ge-0/0/0 unit 0 family inet address 10.0.{net}.1/30
    set interfaces lo0 unit 0 family inet address {own}/32
    set routing-options autonomous-system 1
    set routing-options static route 0.0.0.0/0 next-hop 10.0.{net}.2
    set protocols bgp group i type internal
    set protocols bgp group i local-address {own}
    set protocols bgp group i neighbor {far}
    """
    middle = """
    set interfaces ge-0/0/0 unit 0 family inet address 10.0.1.2/30
    set interfaces ge-0/0/1 unit 0 family inet address 10.0.2.2/30
    set routing-options static route 1.1.1.1/32 next-hop 10.0.1.1
    set routing-options static route 2.2.2.2/32 next-hop 10.0.2.1
    """
    made = network(
        one=end.format(net=1, own="1.1.1.1", far="2.2.2.2"),
        two=end.format(net=2, own="2.2.2.2", far="1.1.1.1"),
        middle=middle,
    )
    assert states(made) == {"Established"}


def test_crossing_connections_leave_one_session(network: Callable[..., Network]) -> None:
    made = network(left=LEFT, right=RIGHT)
    for node in made.nodes.values():
        assert peer(node).flaps == 0
        [neighbor] = node.bgp.neighbors.values()
        assert len(neighbor._connections) == 1


def test_colliding_connections_are_resolved_by_the_higher_identifier(
    network: Callable[..., Network],
) -> None:
    made = network(left=LEFT, right=RIGHT)
    ends = [next(iter(node.bgp.neighbors.values())) for node in made.nodes.values()]
    for end in ends:
        end.stop(end.last_error)
    for end in ends:
        end.start()
        end._retry.cancel()
    for end in ends:
        end._attempt()
    made.converge()
    assert states(made) == {"Established"}
    initiators = [end.session.initiated for end in ends]
    assert initiators == [False, True]  # 2.2.2.2 is the higher identifier


def test_keepalives_are_counted_by_the_clock(network: Callable[..., Network]) -> None:
    made = network(left=LEFT, right=RIGHT)
    before = peer(made.nodes["left"]).input_messages
    made.clock.advance_to(made.clock.now + 90)
    assert peer(made.nodes["left"]).input_messages == before + 3


def test_a_bfd_failure_ends_the_session(network: Callable[..., Network]) -> None:
    bfd = "set protocols bgp group g bfd-liveness-detection minimum-interval 300\n"
    made = network(left=on_a_lan(LEFT + bfd), right=on_a_lan(RIGHT + bfd), third=LAN)
    assert peer(made.nodes["right"]).bfd == "enabled, up"
    made.fault("router", "left")
    made.clock.advance_to(made.clock.now + 2)
    assert peer(made.nodes["right"]).state != "Established"


def test_views_say_what_is_configured(network: Callable[..., Network]) -> None:
    made = network(left=LEFT + KEY.format("a"), right=RIGHT + KEY.format("a"))
    view = peer(made.nodes["left"])
    assert (view.group, view.peer_as, view.local_as, view.authentication) == ("g", 2, 1, True)
    assert view.export_policies == ("statics",)
    assert view.tables["inet.0"].advertised == 1
    assert view.peer_id == Address.parse("2.2.2.2")
