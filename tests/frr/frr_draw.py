"""Networks nobody drew: a few ASes with policies between them, or a VPN with some customers.

Everything comes from the number they are drawn by.  Left out is what `bgpd` alone cannot
know (the state of interfaces, unequal IGP metrics) and what depends on who came first; local
preferences differ in one AS only, so that the network has one outcome.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMUNITIES = ("64999:1", "64999:2", "65010:77")
SPACES = ("50.0.0.0/8", "50.1.0.0/16", "50.2.0.0/15", "60.0.0.0/16")
MATCHES = ("exact", "orlonger", "longer", "upto /24", "prefix-length-range /20-/24")


class Draft:
    """The set commands of each router, as they grow."""

    def __init__(self) -> None:
        self.lines: dict[str, list[str]] = {}

    def add(self, router: str, *lines: str) -> None:
        self.lines.setdefault(router, []).extend(f"set {line}" for line in lines)

    def port(self, router: str, unit: int, address: str) -> str:
        """An interface; its name."""
        name = f"interfaces ge-0/0/0 unit {unit}"
        self.add(router, f"{name} vlan-id {unit}", f"{name} family inet address {address}")
        return f"ge-0/0/0.{unit}"

    def texts(self) -> dict[str, str]:
        return {name: "\n".join(lines) + "\n" for name, lines in self.lines.items()}


# --- the internet ------------------------------------------------------------------------


def internet(number: int) -> dict[str, str]:
    """Three or four ASes of one to three routers."""
    dice, draft = Random(number), Draft()
    systems = {
        asn: [f"r{asn}-{n}" for n in range(1, dice.randint(1, 3) + 1)]
        for asn in dice.sample((101, 202, 303, 64704, 65505), dice.randint(3, 4))
    }
    choosy = dice.choice([*systems])
    compare = dice.random() < 0.3
    for place, (asn, routers) in enumerate(systems.items(), 1):
        _system(dice, draft, asn, place, routers)
        for router in routers:
            if compare:
                draft.add(router, "protocols bgp path-selection always-compare-med")
    for place, (left, right) in enumerate(_links(dice, systems), 1):
        _link(dice, draft, place, left, right, choosy)
    return draft.texts()


def _system(dice: Random, draft: Draft, asn: int, place: int, routers: list[str]) -> None:
    """One AS: a LAN, a mesh or a reflector on it, routes of its own."""
    reflector = routers[0] if len(routers) == 3 and dice.random() < 0.5 else ""
    through_self = dice.random() < 0.5
    for host, router in enumerate(routers, 1):
        draft.add(
            router,
            f"interfaces lo0 unit 0 family inet address 10.{place}.255.{host}/32",
            f"routing-options autonomous-system {asn}",
            f"routing-options router-id 10.{place}.255.{host}",
            "protocols bgp path-selection external-router-id",
            "protocols ospf area 0 interface all passive",
            *_definitions(dice),
            *_own_routes(dice, place, host),
        )
        if len(routers) > 1:
            port = draft.port(router, 10 + place, f"10.{place}.0.{host}/24")
            draft.add(router, f"protocols ospf area 0 interface {port} priority 1")
        for far, neighbor in enumerate(routers, 1):
            if router == neighbor or (reflector and reflector not in (router, neighbor)):
                continue
            group = "protocols bgp group inside"
            draft.add(
                router,
                f"{group} type internal",
                f"{group} neighbor 10.{place}.0.{far}",
                f"{group} export [ own {'nhs' if through_self else 'plain'} ]",
            )
            if router == reflector:
                draft.add(router, f"{group} cluster 10.{place}.255.{host}")


def _definitions(dice: Random) -> Iterator[str]:
    """Names that policies may use."""
    options = "policy-options"
    for index, member in enumerate(COMMUNITIES):
        yield f"{options} community c{index} members {member}"
    yield f"{options} community any members 64999:*"
    yield f"{options} prefix-list some 60.0.1.0/24"
    yield f"{options} prefix-list some 50.1.1.0/24"
    far = dice.choice((101, 202, 303, 64704, 65505))
    yield f'{options} as-path through ".* {far} .*"'
    yield f'{options} as-path from "{far} .*"'
    yield f'{options} as-path near ". .?"'
    own = f"{options} policy-statement own term own"
    yield f"{own} from protocol [ static aggregate ]"
    yield f"{own} then accept"
    yield f"{options} policy-statement nhs then next-hop self"
    yield f"{options} policy-statement plain then origin igp"


def _own_routes(dice: Random, place: int, host: int) -> Iterator[str]:
    static = "routing-options static route"
    for third in range(1, dice.randint(1, 3) + 1):
        prefix = f"50.{place}.{third + 8 * host}.0/24"
        yield f"{static} {prefix} discard"
        if dice.random() < 0.5:
            yield f"{static} {prefix} metric {dice.randint(0, 40)}"
        if dice.random() < 0.4:
            yield f"{static} {prefix} community {dice.choice((*COMMUNITIES, 'no-export'))}"
    for shared in dice.sample(range(4), 2):
        yield f"{static} 60.0.{shared}.0/24 discard"
    if dice.random() < 0.5:
        yield f"routing-options aggregate route 50.{place}.0.0/16 metric {dice.randint(0, 9)}"


def _links(dice: Random, systems: dict[int, list[str]]) -> list[tuple[str, str]]:
    """A tree over the ASes and two links more, no two between the same routers."""
    numbers = [*systems]
    pairs = [(numbers[n], dice.choice(numbers[:n])) for n in range(1, len(numbers))]
    pairs += [tuple(dice.sample(numbers, 2)) for _ in range(2)]
    found: dict[frozenset[str], tuple[str, str]] = {}
    for left, right in pairs:
        ends = (dice.choice(systems[left]), dice.choice(systems[right]))
        found.setdefault(frozenset(ends), ends)
    return [*found.values()]


def _link(dice: Random, draft: Draft, place: int, left: str, right: str, choosy: int) -> None:
    """An external session, with policies at both ends."""
    ends = {left: f"10.200.{place}.1", right: f"10.200.{place}.2"}
    shown = {name: int(name[1:].partition("-")[0]) for name in ends}
    disguised = left if dice.random() < 0.25 else ""
    key = f"key{place}" if dice.random() < 0.4 else ""
    for here, there in ((left, right), (right, left)):
        group = f"protocols bgp group x{place}"
        draft.port(here, 500 + place, f"{ends[here]}/30")
        peer_as = 64900 + place if there == disguised else shown[there]
        draft.add(
            here,
            f"{group} type external",
            f"{group} neighbor {ends[there]} peer-as {peer_as}",
            f"{group} export [ out{place} own ]",
            f"{group} import in{place}",
            *_terms(dice, f"out{place}", (*_OUT, *_prepends(shown[here], here == disguised))),
            *_terms(dice, f"in{place}", (*_IN, *(_PREFERENCE if shown[here] == choosy else ()))),
        )
        if key:
            draft.add(here, f"{group} authentication-key {key}")
        if here == disguised:
            private = dice.choice(("", " private"))
            draft.add(here, f"{group} local-as {64900 + place}{private}")
        if dice.random() < 0.3:
            draft.add(here, f"{group} metric-out {dice.randint(1, 50)}")
    if dice.random() < 0.2:
        draft.add(right, f"protocols bgp group x{place} passive")


_IN = (
    "metric 12",
    "metric add 7",
    "community add c0",
    "community delete any",
    "origin egp",
    "community set c2",
)
_OUT = (*_IN, "metric 30")
_PREFERENCE = ("local-preference 150", "local-preference 80", "local-preference add 5")
_CONDITIONS = (
    "community c0",
    "community [ c1 c2 ]",
    "community any",
    "as-path through",
    "as-path from",
    "as-path near",
    "prefix-list some",
    "protocol bgp",
)
_ENDS = ("accept", "accept", "reject", "next term", "next policy", "")


def _prepends(own: int, disguised: bool) -> tuple[str, ...]:  # noqa: FBT001 - a fact
    """The own number alone: FRR puts it in front of what policy prepends, Junos behind."""
    return () if disguised else (f'as-path-prepend "{own} {own}"',)


def _terms(dice: Random, name: str, actions: tuple[str, ...]) -> Iterator[str]:
    """Up to three terms: a condition or two, an action, and where to go."""
    policy = f"policy-options policy-statement {name}"
    yield f"{policy} term last then next policy"
    for number in range(dice.randint(0, 3)):
        term = f"{policy} term t{number}"
        if dice.random() < 0.5:
            condition = f"route-filter {dice.choice(SPACES)} {dice.choice(MATCHES)}"
            yield f"{term} from {condition}"
        if dice.random() < 0.6:
            yield f"{term} from {dice.choice(_CONDITIONS)}"
        yield f"{term} then {dice.choice(actions)}"
        end = dice.choice(_ENDS)
        if end and not (end == "accept" and name.startswith("out")):
            yield f"{term} then {end}"


# --- a VPN -------------------------------------------------------------------------------


def vpn(number: int) -> dict[str, str]:
    """Two to four PEs on a LAN, one VPN, customers of one AS or several."""
    dice, draft = Random(number), Draft()
    edges = [f"pe{n}" for n in range(1, dice.randint(2, 4) + 1)]
    reflectors = edges[: dice.choice((0, 1, 2))] if len(edges) > 2 else []
    same_name = dice.random() < 0.5
    for host, edge in enumerate(edges, 1):
        _edge(draft, edge, host, rd="65000:1" if same_name else f"10.255.0.{host}:1")
        for far, other in enumerate(edges, 1):
            if edge != other and (not reflectors or {edge, other} & {*reflectors}):
                client = edge in reflectors and other not in reflectors
                _mesh(draft, edge, host, far, client=client)
        if dice.random() < 0.5:
            vrf = f"routing-instances red routing-options static route 70.{host}.0.0/16"
            draft.add(edge, f"{vrf} discard")
    place = 0
    for customer in range(1, dice.randint(2, 4) + 1):
        # FRR tells of paths that are not the VRF's best, and a name for each PE lets them through.
        _customer(dice, draft, customer, shared=dice.randint(0, 1) if same_name else customer + 1)
        for edge in dice.sample(edges, dice.choice((1, 1, 2)) if same_name else 1):
            place += 1
            _attach(dice, draft, edge, customer, place)
    return draft.texts()


def _edge(draft: Draft, edge: str, host: int, rd: str) -> None:
    port = draft.port(edge, 9, f"10.0.9.{host}/24")
    draft.add(
        edge,
        "interfaces ge-0/0/0 unit 9 family mpls",
        f"interfaces lo0 unit 0 family inet address 10.255.0.{host}/32",
        f"interfaces lo0 unit 1 family inet address 10.254.0.{host}/32",
        "protocols ospf area 0 interface lo0.0 passive",
        f"protocols ospf area 0 interface {port} priority 1",
        f"protocols ldp interface {port}",
        f"protocols mpls interface {port}",
        "routing-options autonomous-system 65000",
        f"routing-options router-id 10.255.0.{host}",
        "protocols bgp path-selection external-router-id",
        "routing-instances red instance-type vrf",
        "routing-instances red interface lo0.1",
        f"routing-instances red route-distinguisher {rd}",
        "routing-instances red vrf-target target:65000:1",
        "routing-instances red vrf-table-label",
        "routing-instances red protocols bgp path-selection external-router-id",
        "policy-options community c0 members 64999:1",
        "policy-options community soo members origin:65000:5",
    )


def _mesh(draft: Draft, edge: str, host: int, far: int, *, client: bool) -> None:
    group = f"protocols bgp group {'clients' if client else 'mesh'}"
    draft.add(
        edge,
        f"{group} type internal",
        f"{group} local-address 10.255.0.{host}",
        f"{group} family inet-vpn unicast",
        f"{group} neighbor 10.255.0.{far}",
    )
    if client:
        draft.add(edge, f"{group} cluster 10.255.0.{host}")


def _customer(dice: Random, draft: Draft, customer: int, *, shared: int) -> None:
    asn = dice.choice((65101, 65101, 65102))
    draft.add(
        f"ce{customer}",
        f"interfaces lo0 unit 0 family inet address 10.253.0.{customer}/32",
        f"routing-options autonomous-system {asn}",
        f"routing-options router-id 10.253.0.{customer}",
        "protocols bgp path-selection external-router-id",
        f"routing-options static route 50.{customer}.0.0/24 discard",
        f"routing-options static route 50.{customer}.0.0/24 metric {dice.randint(0, 30)}",
        f"routing-options static route 60.0.{shared}.0/24 discard",
        "policy-options policy-statement out from protocol [ static direct ]",
        "policy-options policy-statement out then accept",
    )


def _attach(dice: Random, draft: Draft, edge: str, customer: int, place: int) -> None:
    ce = f"ce{customer}"
    asn = next(line.split()[-1] for line in draft.lines[ce] if "autonomous-system" in line)
    port = draft.port(edge, 600 + place, f"10.201.{place}.1/30")
    draft.port(ce, 600 + place, f"10.201.{place}.2/30")
    draft.add(
        ce,
        "protocols bgp group pe type external",
        "protocols bgp group pe export out",
        f"protocols bgp group pe neighbor 10.201.{place}.1 peer-as 65000",
    )
    group = f"routing-instances red protocols bgp group ce{place}"
    policy = f"policy-options policy-statement in{place}"
    draft.add(
        edge,
        f"routing-instances red interface {port}",
        f"{group} type external",
        f"{group} neighbor 10.201.{place}.2 peer-as {asn}",
        f"{group} import in{place}",
        f"{policy} term t then {dice.choice(('community add soo', 'community add c0', 'metric 5', 'local-preference 120'))}",
        f"{policy} term t then accept",
    )
    if dice.random() < 0.7:
        draft.add(edge, f"{group} as-override")
    if dice.random() < 0.5:
        draft.add(edge, f"{group} metric-out {dice.randint(1, 60)}")
    if dice.random() < 0.5:
        draft.add(
            edge,
            f"{group} export out{place}",
            f"policy-options policy-statement out{place} term t from community soo",
            f"policy-options policy-statement out{place} term t then reject",
        )
