"""Laws: the order of events does not matter, shortest paths are shortest, links are mutual."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from multihome.twin.routing.linkstate.spf import UNREACHABLE, Key, Vertex, graph_of, tree_of

RELAXED = settings(
    max_examples=settings().max_examples // 2,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
FAULTS = [
    ("link", "pe1", "cpe1"),
    ("link", "pe1", "pe2"),
    ("link", "pe2", "pe3", "silent"),
    ("interface", "cpe1", "ge-0/0/1.150"),
    ("router", "pe1"),
    ("router", "cpe2", "frozen"),
    ("process", "pe3", "isis"),
    ("session", "cpe1", "192.168.1.2"),
]


@RELAXED
@given(order=st.permutations(["pe1", "pe2", "pe3", "far", "cpe1", "cpe2", "customer"]),
       pauses=st.lists(st.floats(0, 20), min_size=7, max_size=7))  # fmt: skip
def test_routers_may_come_in_any_order_at_any_time(site_texts, world, order, pauses):
    texts = site_texts()
    world = type(world)()
    for name, pause in zip(order, pauses, strict=True):
        world.add(**{name: texts[name]})
        world.network.clock.advance_to(world.network.clock.now + pause)
    reference = type(world)().add(**texts).settle()
    assert world.settle().tables() == reference.tables()


def orders(faults, least):
    """Some faults, in the order they come and in the order they go or come another time."""
    some = st.lists(st.sampled_from(faults), min_size=least, max_size=4, unique=True)
    return some.flatmap(lambda one: st.tuples(st.just(one), st.permutations(one)))


ONE_ROUTER = [("router", "pe1"), ("link", "pe1", "cpe1"), ("link", "pe1", "pe2")]
"""Its power and its cables: once it mattered which of them came first, and which last."""

CONFUSED = [
    ("link", "pe1", "pe3"),
    ("process", "pe3", "isis"),
    ("router", "pe1"),
    ("link", "pe1", "pe2"),
    ("link", "pe1", "cpe1"),
]
"""Boots with an LSP of the same number as the one that pe2 still holds of its earlier life."""


@RELAXED
@given(order=orders(FAULTS, 1), pauses=st.lists(st.floats(0, 30), min_size=8, max_size=8))
@example(order=(ONE_ROUTER, [*ONE_ROUTER[1:], ONE_ROUTER[0]]), pauses=[0, 0, 20, 30, 30, 0])
@example(order=(CONFUSED, [CONFUSED[n] for n in (0, 4, 2, 3, 1)]),
         pauses=[10, 24, 0, 1, 0, 0, 1, 0.05, 0, 0])  # fmt: skip
def test_what_breaks_and_is_repaired_leaves_no_trace(site_texts, world, order, pauses):
    leaves_no_trace(type(world)().add(**site_texts()).settle(), *order, pauses)


def leaves_no_trace(world, faults, repairs, pauses):
    before, waits, clock = world.tables(), iter(pauses), world.network.clock
    for on, those in ((True, faults), (False, repairs)):
        for fault in those:
            world.network.fault(*fault, on=on)
            clock.advance_to(clock.now + next(waits))
    assert world.settle().tables() == before


@pytest.mark.deep
@pytest.mark.parametrize("faults", [*permutations(ONE_ROUTER)], ids=str)
@pytest.mark.parametrize("repairs", [*permutations(ONE_ROUTER)], ids=str)
def test_a_router_and_its_cables_break_and_are_repaired_in_any_order(
    site_texts, world, faults, repairs
):
    leaves_no_trace(world.add(**site_texts()).settle(), faults, repairs, (0, 0, 20, 30, 30, 0))


STANDING = [fault for fault in FAULTS if "frozen" not in fault]
"""A frozen router keeps the tables of the moment it froze at, so its order does matter."""


@RELAXED
@given(order=orders(STANDING, 2))
@example(
    order=(
        [*ONE_ROUTER, ("process", "pe3", "isis")],
        [("process", "pe3", "isis"), *ONE_ROUTER[1:], ONE_ROUTER[0]],
    )
)
def test_what_is_broken_in_any_order_is_equally_broken(site_texts, world, order):
    one, another = (broken(type(world)().add(**site_texts()), faults) for faults in order)
    assert one == another


def broken(world, faults):
    world.settle()
    for fault in faults:
        world.network.fault(*fault)
        world.settle()
    return world.tables()


@pytest.mark.deep
def test_one_router_and_a_process_are_equally_broken_in_every_order(site_texts, world):
    faults = [*ONE_ROUTER, ("process", "pe3", "isis")]
    tables = [broken(type(world)().add(**site_texts()), each) for each in permutations(faults)]
    assert all(each == tables[0] for each in tables)


CORE = ["pe1", "p1", "p2", "pe2"]
PAUSES = st.sampled_from([0.0, 0.01, 0.05, 1.0, 20.0, 200.0])


@st.composite
def exchanges(draw):
    """Pairs of routers: whole configurations or identities alone, and when each is committed."""
    pairs = st.permutations(CORE).map(lambda order: tuple(order[:2]))
    some = st.tuples(pairs, st.booleans(), PAUSES, PAUSES)
    return draw(st.lists(some, min_size=1, max_size=3))


@settings(RELAXED, max_examples=settings().max_examples // 4)
@given(exchanged=exchanges())
@example(exchanged=[(("p2", "pe1"), False, 20.0, 0.05)])
@example(exchanged=[(("p2", "pe2"), True, 0.0, 1.0)])
@example(exchanged=[(("p2", "pe1"), True, 0.05, 1.0), (("p2", "pe2"), True, 20.0, 1.0)])
@example(
    exchanged=[
        (("p1", "pe1"), True, 0.0, 0.0),
        (("pe2", "p1"), False, 0.01, 0.05),
        (("pe2", "p1"), True, 0.0, 0.0),
    ]
)
def test_routers_that_exchange_what_they_are_leave_no_trace(chain_texts, world, exchanged):
    texts, clock = chain_texts(), (world := type(world)()).network.clock
    world.add(**texts).settle()
    for (one, other), whole, *pauses in exchanged:
        texts = exchange(texts, one, other, whole=whole)
        for name, pause in zip((one, other), pauses, strict=True):
            world.configure(name, texts[name])
            clock.advance_to(clock.now + pause)
    fresh = type(world)().add(**texts).settle()
    assert filled(world.settle()) == filled(fresh)


def exchange(texts, one, other, *, whole):
    if whole:
        return {**texts, one: texts[other], other: texts[one]}
    lines = {name: texts[name].splitlines() for name in (one, other)}
    who = {
        name: [line for line in lines[name] if line.startswith(("interfaces lo0", "routing-options router-id"))]
        for name in lines
    }  # fmt: skip
    swapped = {
        name: [*(line for line in lines[name] if line not in who[name]), *who[far]]
        for name, far in ((one, other), (other, one))
    }
    return {**texts, **{name: "\n".join(text) for name, text in swapped.items()}}


def filled(world):
    """Tables with routes in them: one that a router no longer needs may stay, empty."""
    return {name: routes for name, routes in world.tables().items() if routes}


@st.composite
def graphs(draw):
    """Vertices with edges said by both ends, some overloaded, one perhaps a LAN."""
    count = draw(st.integers(2, 8))
    pairs = [(a, b) for a in range(count) for b in range(a)]
    edges = {
        pair: (draw(st.integers(1, 9)), draw(st.integers(1, 9)))
        for pair in draw(st.lists(st.sampled_from(pairs), unique=True))
    }
    links = {n: {} for n in range(count)}
    for (a, b), (there, back) in edges.items():
        links[a][b], links[b][a] = there, back
    overloaded = draw(st.sets(st.integers(0, count - 1)))
    return links, overloaded


def _key(number):
    return Key(f"{number:04}")


@given(graphs())
def test_distances_are_those_of_every_path_tried(drawn):
    links, overloaded = drawn
    vertices = frozenset(
        Vertex(
            _key(n), tuple(sorted((_key(far), m) for far, m in links[n].items())), n in overloaded
        )
        for n in links
    )
    graph = graph_of(vertices)
    tree = tree_of(graph, graph.index[_key(0)])
    expected, first = _by_relaxation(links, overloaded)
    for n in links:
        number = graph.index[_key(n)]
        assert tree.distance[number] == expected.get(n, UNREACHABLE)
        if n in expected and n != 0:
            hops = {graph.keys[hop.neighbor] for hop in tree.hops(tree.mask[number])}
            assert hops == {_key(hop) for hop in first[n]}


def _by_relaxation(links, overloaded):
    """Distances and first hops from vertex 0, by relaxing every edge until nothing changes."""
    edges = [
        (n, far, metric)
        for n in links
        if n == 0 or n not in overloaded
        for far, metric in links[n].items()
    ]
    distance = {0: 0}
    for n, far, metric in edges * len(links):
        if n in distance:
            distance[far] = min(distance.get(far, UNREACHABLE), distance[n] + metric)
    first = {n: set() for n in links}
    for n, far, metric in edges * len(links):
        if far != 0 and n in distance and distance[far] == distance[n] + metric:
            first[far] |= {far} if n == 0 else first[n]
    return distance, first


def test_a_link_one_end_denies_is_none():
    vertices = frozenset(
        [
            Vertex(_key(0), ((_key(1), 1),)),
            Vertex(_key(1), ((_key(0), 1), (_key(2), 1))),
            Vertex(_key(2), ()),
        ]
    )
    graph = graph_of(vertices)
    tree = tree_of(graph, graph.index[_key(0)])
    assert tree.distance == [0, 1, UNREACHABLE]
