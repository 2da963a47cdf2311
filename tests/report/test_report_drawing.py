"""The picture of any network: nothing overlaps, no line runs behind a router that it does not join."""

import random
import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from itertools import combinations, pairwise

import pytest
from lxml import etree

from multihome.check.result import CheckResult, Finding, RunResult, Verdict
from multihome.errors import ExitCode
from multihome.report.damage import damage
from multihome.report.drawing import Drawing, Scene, drawn_routers
from multihome.report.fitting import fitted, width_of
from multihome.report.gallery import gallery
from multihome.report.lines import crosses
from multihome.report.model import (
    Cable,
    End,
    Member,
    Phase,
    Run,
    Topology,
    TracedPath,
    lan_name,
)

SVG = "{http://www.w3.org/2000/svg}"
LONG = "edge-router-with-a-very-long-name.at.a-distant-place.example.net"
RADIUS = 7


def network(seed, *, cores=4, pes=4, vpns=1, single=3, several=2, legs=2, long=False, links=None):  # noqa: C901, PLR0915 - one line a part of a network
    """A network that is none of the known ones; its routers and links depend on the seed."""
    rng = random.Random(seed)
    mark = (lambda name: f"{LONG}-{name}") if long else (lambda name: name)
    core = [mark(f"p{n}") for n in range(cores)]
    edge = [mark(f"pe{n}") for n in range(pes)]
    nodes = [(name, "p") for name in core] + [(name, "pe") for name in edge]
    cables, members = [], []
    backbone = core + edge
    wired = set()
    for name in backbone[1:]:
        wired.add(frozenset((name, rng.choice(backbone[: backbone.index(name)]))))
    for _ in range(links if links is not None else len(backbone)):
        if len(backbone) > 1:
            wired.add(frozenset(rng.sample(backbone, 2)))
    for number, pair in enumerate(sorted(sorted(each) for each in wired)):
        cables.append(cable(pair, number))
    sites = [
        (vpn, kind, n)
        for vpn in range(vpns)
        for kind in ("s", "m")
        for n in range(single if kind == "s" else several)
    ]
    for vpn, kind, n in sites if edge else ():
        site, scope = mark(f"{kind}{vpn}x{n}"), f"vpn{vpn}"
        if kind == "s":
            cpe = mark(f"ce{vpn}x{n}")
            nodes.append((cpe, "cpe"))
            members.append(Member(cpe, site, scope))
            cables.append(cable((rng.choice(edge), cpe), len(cables)))
            continue
        cpes = [mark(f"c{vpn}x{n}x{leg}") for leg in range(legs)]
        nodes += [(cpe, "cpe") for cpe in cpes]
        for number, cpe in enumerate(cpes):
            role = "primary" if number == 0 else "backup"
            marks = (f"local-preference {rng.choice((10, 150, 4294967295))}", f"MED {10 + number}")
            members.append(Member(cpe, site, scope, role, marks))
            cables.append(cable((rng.choice(edge), cpe), len(cables), role))
        ends = [End(cpe, "ge-0/0/1", f"10.{vpn}.{n}.{at + 2}/24") for at, cpe in enumerate(cpes)]
        if rng.random() < 0.8:
            customer = mark(f"cust{vpn}x{n}")
            nodes.append((customer, "customer"))
            members.append(Member(customer, site, scope))
            ends.append(End(customer, "ge-0/0/0", f"10.{vpn}.{n}.9/24"))
        cables.append(
            Cable(tuple(ends), "lan", lan_name(site), f"10.{vpn}.{n}.0/24, gateway 10.{vpn}.{n}.1")
        )
    rng.shuffle(nodes)
    pairs = [
        tuple(sorted(pair))
        for each in cables
        for pair in combinations([end.router for end in each.ends], 2)
    ]
    return Topology(tuple(nodes), tuple(dict.fromkeys(pairs)), tuple(members), tuple(cables))


def cable(pair, number, kind="link"):
    ends = (
        End(router, f"xe-0/0/{number}", f"172.16.{number}.{at + 1}/30")
        for at, router in enumerate(pair)
    )
    return Cable(tuple(ends), kind, about=f"VLAN {number}")


NETWORKS = {
    "nothing but one router": Topology((("only", "pe"),)),
    "two without a link": Topology((("one", "p"), ("two", "cpe"))),
    "an older result": Topology(
        (("a", "pe"), ("b", "pe"), ("c", "cpe"), ("d", "cpe"), ("e", "customer")),
        (("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"), ("c", "e"), ("d", "e")),
    ),
    "single-homed only": network(1, several=0, single=9),
    "multihomed only": network(2, single=0, several=5),
    "no core": network(3, cores=0),
    "one PE for all": network(4, pes=1, single=6, several=3),
    "several VPNs": network(5, vpns=3),
    "many legs": network(6, several=2, legs=7, single=1),
    "long names": network(7, long=True),
    "forty routers": network(8, cores=8, pes=8, single=9, several=5),
    "a full mesh": network(9, cores=6, pes=6, links=100),
    **{
        f"seed {seed}": network(
            seed,
            cores=seed % 7,
            pes=1 + seed % 5,
            vpns=1 + seed % 2,
            single=seed % 4,
            several=seed % 3,
            legs=2 + seed % 3,
        )
        for seed in range(20, 30)
    },
}
CASES = [
    pytest.param(topology, narrow, id=f"{name}, {'narrow' if narrow else 'wide'}")
    for name, topology in NETWORKS.items()
    for narrow in (True, False)
]


@cache
def drawn(topology, *, narrow):
    """Each network is laid out once."""
    return Drawing(topology, narrow=narrow)


def walk(topology, seed=0):
    """A way of packets over links that there are, as far as it goes."""
    rng = random.Random(seed)
    near = {}
    for one, other in topology.links:
        near.setdefault(one, []).append(other)
        near.setdefault(other, []).append(one)
    way = [rng.choice(sorted(near))] if near else [topology.nodes[0][0]]
    while len(way) < 8 and (after := [each for each in near.get(way[-1], ()) if each not in way]):
        way.append(rng.choice(after))
    return TracedPath("steady", way[0], "10.0.0.1", tuple(way[1:]), tuple(way))


def overlaps(one, other):
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def within(inner, outer):
    return (
        outer.x <= inner.x
        and outer.y <= inner.y
        and inner.x + inner.width <= outer.x + outer.width
        and inner.y + inner.height <= outer.y + outer.height
    )


@pytest.mark.parametrize(("topology", "narrow"), CASES)
def test_nothing_overlaps_and_all_is_inside(topology, narrow):
    plan = drawn(topology, narrow=narrow).plan
    assert set(plan.routers) == {name for name, _ in topology.nodes}
    solid = [*plan.boxes.values(), *(frame.heading for frame in plan.frames)]
    assert [(a, b) for a, b in combinations(solid, 2) if overlaps(a, b)] == []
    frames = [frame.box for frame in plan.frames]
    assert [(a, b) for a, b in combinations(frames, 2) if overlaps(a, b)] == []
    for box in (*solid, *frames):
        assert box.x >= 0
        assert box.y >= 0
        assert box.x + box.width <= plan.width
        assert box.y + box.height <= plan.height
    for box in plan.boxes.values():
        assert all(within(box, frame) or not overlaps(box, frame) for frame in frames)
    assert plan.width <= (350 if narrow else 1120)


@pytest.mark.parametrize(("topology", "narrow"), CASES)
def test_no_line_runs_behind_a_router_that_it_does_not_join(topology, narrow):
    drawing = drawn(topology, narrow=narrow)
    steps = dict(step for seed in range(3) for step in drawing.steps(walk(topology, seed)))
    pairs = {*drawing.lines, *steps}
    assert pairs or len(topology.links) == 0
    for pair in pairs:
        line = drawing.line(pair)
        for name, box in drawing.plan.boxes.items():
            if name not in pair:
                assert not any(crosses(a, b, box, 1) for a, b in pairwise(line)), (pair, name)
        for frame in drawing.plan.frames:
            assert not any(crosses(a, b, frame.heading) for a, b in pairwise(line)), pair
        for end, name in zip((line[0], line[-1]), sorted(pair), strict=True):
            box = drawing.plan.boxes[name]
            assert box.x <= end[0] <= box.x + box.width
            assert box.y <= end[1] <= box.y + box.height


@pytest.mark.parametrize(("topology", "narrow"), CASES)
def test_every_text_fits_its_box(topology, narrow):
    drawing = drawn(topology, narrow=narrow)
    root = etree.fromstring(drawing.svg(Scene(walk(topology))))
    shown = 0
    for group in root.iter("g"):
        rect = group.find("rect")
        if rect is None:
            continue
        for text in group.findall("text"):
            size = float(text.get("font-size", "11"))
            bold = text.get("class") in (None, "name")
            assert width_of(text.text, size, bold=bold) <= float(rect.get("width"))
            assert (
                float(rect.get("y"))
                < float(text.get("y"))
                < float(rect.get("y")) + float(rect.get("height"))
            )
            shown += 1
    assert shown >= len(topology.nodes)


def test_names_that_differ_only_at_their_end_are_told_in_full_to_who_points_at_them():
    topology = NETWORKS["long names"]
    root = etree.fromstring(drawn(topology, narrow=True).svg(Scene()))
    titles = {title.text.partition(",")[0] for title in root.iter("title")}
    assert {name for name, _ in topology.nodes} <= titles


def test_a_topology_of_nothing_has_no_picture():
    assert gallery(run_of(Topology())).pictures == ()


def test_a_narrow_picture_has_three_routers_abreast_on_a_phone():
    star = Topology(tuple((f"n{number}", "p") for number in range(12)))
    plan = drawn(star, narrow=True).plan
    assert len({box.x for box in plan.routers.values()}) == 3
    assert plan.width <= 358  # what a phone of 390 leaves


@pytest.mark.parametrize("text", ["", "x", LONG, "路由器" * 20, "W" * 40, "é" * 40, "a b" * 30])
def test_what_is_cut_fits(text):
    for room in (10, 50, 90, 130):
        assert width_of(fitted(text, room, 12), 12) <= room or fitted(text, room, 12) == "…"


def test_the_way_across_a_lan_goes_over_the_lan():
    topology = NETWORKS["multihomed only"]
    lan = next(each for each in topology.cables if each.kind == "lan")
    one, other = lan.ends[0].router, lan.ends[1].router
    path = TracedPath("steady", one, other, (), (one, other))
    steps = [pair for pair, _ in drawn(topology, narrow=False).steps(path)]
    assert steps == [frozenset((one, lan.name)), frozenset((lan.name, other))]


def test_a_hop_that_is_not_known_is_a_dashed_step_over_no_router():
    topology = NETWORKS["forty routers"]
    names = sorted(name for name, _ in topology.nodes)
    linked = {frozenset(link) for link in topology.links}
    pairs = [pair for pair in combinations(names, 2) if frozenset(pair) not in linked][:25]
    drawing = drawn(topology, narrow=True)
    for pair in pairs:
        path = TracedPath("x", *pair, (), pair)
        assert list(drawing.steps(path)) == [(frozenset(pair), False)]
        line = drawing.line(frozenset(pair))
        others = [box for name, box in drawing.plan.boxes.items() if name not in pair]
        assert not any(crosses(a, b, box) for a, b in pairwise(line) for box in others)


def failure(router, kind, subject, attribute="state", *, follows=False, verdict=Verdict.FAIL):
    finding = Finding(router, subject, attribute, "up", "down", verdict=verdict, follows=follows)
    return CheckResult(f"{router}-{kind}", router, (finding,), frozenset(), kind, subject)


def run_of(topology, *results, **more):
    phase = Phase("verify", "steady", RunResult(len(results), results, 1.0, 1))
    return Run(
        "verify",
        datetime(2026, 1, 1, tzinfo=UTC),
        1.0,
        ExitCode.FAILED,
        phases=(phase,),
        topology=topology,
        **more,
    )


def test_what_failed_is_red_by_address_by_interface_and_by_name():
    topology = NETWORKS["forty routers"]
    leg = next(each for each in topology.cables if each.kind == "primary")
    link = next(each for each in topology.cables if each.kind == "link")
    lan = next(each for each in topology.cables if each.kind == "lan")
    other = next(each for each in topology.cables if each.kind == "link" and each is not link)
    pe, cpe = leg.ends
    found = damage(
        run_of(
            topology,
            failure(pe.router, "bgp-session", f"{cpe.address.split('/')[0]} vpn0"),
            failure(link.ends[0].router, "isis-adjacency", f"{link.ends[0].interface} x"),
            failure(lan.ends[0].router, "vrrp", f"{lan.ends[0].interface} group 1"),
            failure(other.ends[0].router, "ldp-session", other.ends[1].router),
            failure("p0", "route", "10.0.0.0/8"),
            failure("p1", "bgp-session", "192.0.2.1", follows=True),
        ),
        "verify",
    )
    assert found.links == {
        frozenset((pe.router, cpe.router)),
        frozenset(end.router for end in link.ends),
        frozenset((lan.ends[0].router, lan.name)),
        frozenset(end.router for end in other.ends),
    }
    assert found.failed["p0"] >= 1
    root = etree.fromstring(drawn(topology, narrow=False).svg(Scene(damage=found)))
    assert len([each for each in root.iter("path") if "broken" in each.get("class", "")]) == 4
    red = [each for each in root.iter("g") if "failed" in each.get("class", "").split()]
    assert len(red) == len(found.failed)


def test_a_session_between_routers_without_a_link_is_drawn_around_the_others():
    topology = NETWORKS["forty routers"]
    linked = {frozenset(link) for link in topology.links}
    pes = sorted(name for name, role in topology.nodes if role == "pe")
    pair = next(each for each in combinations(pes, 2) if frozenset(each) not in linked)
    found = damage(run_of(topology, failure(pair[0], "bgp-session", pair[1])), "verify")
    assert found.sessions == {frozenset(pair)}


def test_a_warning_and_what_was_not_asked_are_not_red():
    topology = NETWORKS["single-homed only"]
    unknown = failure("p0", "isis-adjacency", "p1", verdict=Verdict.UNKNOWN)
    found = damage(run_of(topology, unknown), "verify")
    assert (found.failed, found.links) == ({}, frozenset())


@pytest.mark.parametrize("narrow", [True, False])
@pytest.mark.parametrize("name", ["multihomed only", "forty routers", "many legs"])
def test_the_fault_is_marked_on_its_link_and_behind_no_box(name, narrow):
    topology = NETWORKS[name]
    drawing = drawn(topology, narrow=narrow)
    for cable in topology.cables:
        ends = tuple(end.router for end in cable.ends)[:2]
        fault = ends if cable.kind != "lan" else (ends[0], cable.name)
        root = etree.fromstring(drawing.svg(Scene(fault=fault)))
        circle = next(each for each in root.iter("g") if each.get("class") == "fault").find(
            "circle"
        )
        x, y = float(circle.get("cx")), float(circle.get("cy"))
        hidden = [
            box
            for box in drawing.plan.boxes.values()
            if box.x < x < box.x + box.width and box.y < y < box.y + box.height
        ]
        assert hidden == [] or cable.kind == "lan"


def test_a_large_network_is_drawn_as_far_as_it_matters():
    topology = network(11, cores=12, pes=10, single=60, several=30)
    wanted = {member.router for member in topology.members[-6:]}
    chosen = drawn_routers(topology, wanted, 64)
    assert len(chosen.nodes) <= 64
    assert wanted <= {name for name, _ in chosen.nodes}
    assert {name for name, role in topology.nodes if role in ("p", "pe")} <= {
        name for name, _ in chosen.nodes
    }
    shown = gallery(run_of(topology, failure(topology.members[-1].router, "route", "x")))
    assert shown.left_out == len(topology.nodes) - 64
    assert len(shown.pictures) == 1


def test_rounds_are_side_by_side_and_the_fault_is_in_the_middle_one(run):
    topology = NETWORKS["multihomed only"]
    leg = next(each for each in topology.cables if each.kind == "primary")
    ends = tuple(end.router for end in leg.ends)
    sound = RunResult(1, (), 1.0, 1)
    phases = tuple(
        Phase(title, state, sound)
        for title, state in (
            ("before", "steady"),
            ("during", "primary-session-down"),
            ("after", "steady"),
        )
    )
    paths = tuple(TracedPath(phase.title, ends[0], "x", (), ends) for phase in phases)
    shown = gallery(
        replace(run, topology=topology, phases=phases, paths=paths, fault=ends, routers=())
    )
    assert [each.state for each in shown.pictures] == ["before", "during", "after"]
    assert ["fault" in re.findall(r'class="(\w+)"', each.narrow) for each in shown.pictures] == [
        False,
        True,
        False,
    ]
    assert {each.wide for each in shown.pictures} == {""}
    assert shown.legend == ("link", "primary", "backup", "lan", "way", "fault")
