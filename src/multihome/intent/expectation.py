"""What can be expected of a network: one frozen model per kind of statement.

The intent derives these, the catalogue in `checks/` spells them in YAML, and the checks
hold them against what routers say.  An attribute that is left out is not asserted; one
that must not be there is `Absent()`.  In files every name has hyphens: `local-preference`.
"""

from typing import Annotated, ClassVar, Literal, Self, TypeAlias

from pydantic import Field, StrictBool, StrictInt, StrictStr, model_validator

from multihome.intent.matcher import Address, ExactAddress, ExactPrefix, Number, Text
from multihome.intent.statement import Expectation, Names, Statement


class RoutePath(Statement):
    """One path to a prefix."""

    protocol: Text | None = None
    """`BGP`, `Static`, `Direct`, `Local`, `IS-IS`, `LDP`, `OSPF`, `Aggregate`."""
    preference: Number | None = None
    med: Number | None = None
    """MED of a BGP path."""
    metric: Number | None = None
    """Metric of any other path."""
    local_preference: Number | None = None
    as_path: Text | None = None
    """With the origin letter: `65500 I`."""
    next_hop: Address | None = None
    """Where packets go: the selected gateway, and each of them if there are several."""
    interface: Text | None = None
    """The logical interface they leave by."""
    next_hop_type: Text | None = None
    """`Router`, `Indirect`, `Reject`, `Discard`, `Local`, ..."""
    protocol_next_hop: Address | None = None
    learned_from: Address | None = None
    """The neighbour that told the path."""
    label_action: Text | None = None
    """`Push`, `Swap` or `Pop`."""
    labels: tuple[Number, ...] | None = None
    """Labels of the action, bottom of the stack first, as Junos prints them."""
    vpn_label: Number | None = None
    communities: Names | None = None
    """Exactly these."""
    with_communities: Names | None = None
    """At least these."""
    without_communities: Names | None = None
    """None of these."""
    originator: Address | None = None
    cluster_list: tuple[ExactAddress, ...] | None = None
    route_distinguisher: Text | None = None
    inactive_reason: Text | None = None
    """Junos's word for why the path is not the active one."""

    @property
    def asserted(self) -> dict[str, object]:
        """Every attribute asserted, by its name in code."""
        values = {field: getattr(self, field) for field in type(self).model_fields}
        return {field: value for field, value in values.items() if value is not None}


class RouteExpectation(Expectation):
    """The paths of one prefix in one table."""

    about: ClassVar[tuple[str, ...]] = ("table", "prefix")

    check: Literal["route"] = "route"
    table: StrictStr
    prefix: ExactPrefix
    active: RoutePath | None = None
    """The path in use."""
    alternatives: tuple[RoutePath, ...] | None = None
    """Exactly these inactive paths, in any order."""
    includes: tuple[RoutePath, ...] | None = None
    """At least these paths, active or not."""
    count: Number | None = None
    """How many paths, hidden ones not counted."""
    absent: StrictBool | None = None
    """True: no path at all."""

    @model_validator(mode="after")
    def _something(self) -> Self:
        others = set(self.asserted) - {"absent"}
        if self.absent and others:
            raise ValueError(f"an absent route has no {', '.join(sorted(others))}")
        if not self.asserted:
            raise ValueError(
                "asserts nothing: give active, alternatives, includes, count or absent"
            )
        return self


class _Exchanged(Expectation):
    about: ClassVar[tuple[str, ...]] = ("peer", "table")

    peer: ExactAddress
    table: StrictStr = "inet.0"
    count: Number | None = None
    prefixes: frozenset[ExactPrefix] | None = None
    """Exactly these."""
    includes: frozenset[ExactPrefix] | None = None
    excludes: frozenset[ExactPrefix] | None = None
    active: frozenset[ExactPrefix] | None = None
    """Exactly these are in use."""
    each: RoutePath | None = None
    """What holds for every one of them."""

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.asserted:
            raise ValueError("asserts nothing")
        return self


class ReceivedRoutes(_Exchanged):
    """What a BGP neighbour told this router, before import policy."""

    check: Literal["received-routes"] = "received-routes"


class AdvertisedRoutes(_Exchanged):
    """What this router tells a BGP neighbour, after export policy."""

    check: Literal["advertised-routes"] = "advertised-routes"


class PrefixCounts(Statement):
    """Prefix counts of a BGP session in one table."""

    received: Number | None = None
    accepted: Number | None = None
    active: Number | None = None
    suppressed: Number | None = None
    advertised: Number | None = None


class BgpSession(Expectation):
    """One BGP neighbour."""

    about: ClassVar[tuple[str, ...]] = ("peer", "instance")

    check: Literal["bgp-session"] = "bgp-session"
    peer: ExactAddress
    instance: StrictStr | None = None
    """`master` or a routing instance; left out: whichever has the peer."""
    state: Text = "Established"
    absent: StrictBool | None = None
    """True: no such neighbour is configured; nothing else is looked at."""
    down: StrictBool | None = None
    """True: in no way established, be it trying, idle or not even configured."""
    type: Text | None = None
    """`External` or `Internal`."""
    group: Text | None = None
    peer_as: Number | None = None
    local_as: Number | None = None
    local_address: Address | None = None
    peer_id: Address | None = None
    description: Text | None = None
    hold_time: Number | None = None
    """Negotiated, in seconds."""
    flaps: Number | None = None
    authentication: StrictBool | None = None
    families: Names | None = None
    """Negotiated address families: `inet-unicast`, `inet-vpn-unicast`."""
    import_policies: tuple[StrictStr, ...] | None = None
    export_policies: tuple[StrictStr, ...] | None = None
    bfd: Text | None = None
    """Operational state of its BFD session: `up` or `down`."""
    last_error: Text | None = None
    tables: dict[StrictStr, PrefixCounts] | None = None


class Vrrp(Expectation):
    """One VRRP group on one interface."""

    about: ClassVar[tuple[str, ...]] = ("interface", "group", "family")

    check: Literal["vrrp"] = "vrrp"
    interface: StrictStr
    group: StrictInt
    family: Literal["inet", "inet6"] = "inet"
    state: Text | None = None
    """`master`, `backup` or `init`."""
    priority: Number | None = None
    """In force now, tracking costs subtracted."""
    configured_priority: Number | None = None
    master: Address | None = None
    master_priority: Number | None = None
    local_address: Address | None = None
    virtual_addresses: frozenset[ExactAddress] | None = None
    interface_state: Text | None = None
    preempt: StrictBool | None = None
    accept_data: StrictBool | None = None
    tracked: dict[StrictStr, Text] | None = None
    """State of each tracked interface or route."""


class Interface(Expectation):
    """One interface, physical or logical."""

    about: ClassVar[tuple[str, ...]] = ("interface",)

    check: Literal["interface"] = "interface"
    interface: StrictStr
    admin: Text | None = None
    oper: Text = "up"
    addresses: frozenset[StrictStr] | None = None
    """Exactly these, with length: `4.0.0.22/30`."""
    families: Names | None = None
    """At least these: `inet`, `iso`, `mpls`."""
    absent: StrictBool | None = None
    description: Text | None = None
    mtu: Number | None = None
    input_errors: Number | None = None
    output_errors: Number | None = None
    carrier_transitions: Number | None = None


class IsisAdjacency(Expectation):
    """One IS-IS adjacency."""

    about: ClassVar[tuple[str, ...]] = ("interface", "neighbor")

    check: Literal["isis-adjacency"] = "isis-adjacency"
    interface: StrictStr
    neighbor: StrictStr | None = None
    """The neighbour's system name; left out: any."""
    state: Text = "Up"
    isis_level: Number | None = None
    """1 or 2; 3 stands for both on a point-to-point link."""
    transitions: Number | None = None
    address: Address | None = None


class OspfNeighbor(Expectation):
    """One OSPF neighbour."""

    about: ClassVar[tuple[str, ...]] = ("interface", "neighbor", "instance")

    check: Literal["ospf-neighbor"] = "ospf-neighbor"
    interface: StrictStr
    neighbor: ExactAddress
    """The neighbour's interface address."""
    instance: StrictStr | None = None
    state: Text = "Full"
    router_id: Address | None = None
    priority: Number | None = None


class LdpSession(Expectation):
    """One LDP session."""

    about: ClassVar[tuple[str, ...]] = ("neighbor",)

    check: Literal["ldp-session"] = "ldp-session"
    neighbor: ExactAddress
    state: Text = "Operational"
    connection: Text | None = None
    authentication: StrictBool | None = None
    hold_time: Number | None = None


class Bfd(Expectation):
    """One BFD session."""

    about: ClassVar[tuple[str, ...]] = ("neighbor", "interface")

    check: Literal["bfd"] = "bfd"
    neighbor: ExactAddress
    interface: StrictStr | None = None
    state: Text = "Up"
    detection_time: Number | None = None
    """In seconds."""
    multiplier: Number | None = None
    clients: Names | None = None
    """At least these: `BGP`, `ISIS`."""


class Ping(Expectation):
    """Echo requests and their answers."""

    about: ClassVar[tuple[str, ...]] = ("target", "source", "instance")

    check: Literal["ping"] = "ping"
    target: ExactAddress
    source: ExactAddress | None = None
    instance: StrictStr | None = None
    count: Annotated[StrictInt, Field(ge=1, le=1000)] = 3
    """How many requests are sent."""
    size: Annotated[StrictInt, Field(ge=0, le=65468)] | None = None
    loss: Number = 0
    """Packets lost, in percent."""
    rtt: Number | None = None
    """Average round trip, in milliseconds."""


class Path(Expectation):
    """The routers a packet passes, by traceroute."""

    about: ClassVar[tuple[str, ...]] = ("target", "source", "instance")

    check: Literal["path"] = "path"
    target: ExactAddress
    source: ExactAddress | None = None
    instance: StrictStr | None = None
    hops: tuple[Address, ...] | None = None
    """Exactly these, one for each hop, the target last."""
    passes: tuple[ExactAddress, ...] | None = None
    """These in this order, others between them allowed."""
    avoids: frozenset[ExactAddress] | None = None
    reached: StrictBool = True


class ConfigStatement(Expectation):
    """Statements of the committed configuration."""

    about: ClassVar[tuple[str, ...]] = ("under",)

    check: Literal["configuration"] = "configuration"
    under: StrictStr | None = None
    """A path such as `protocols bgp` that stands before each statement."""
    present: frozenset[StrictStr] | None = None
    """Each is there, as `show | display set` prints it without `set`."""
    absent: frozenset[StrictStr] | None = None
    """None is there, nor anything below it."""

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.asserted:
            raise ValueError("asserts nothing: give present or absent")
        return self


class RpcXPath(Expectation):
    """Anything else: an RPC, an XPath into its reply, and what must be found there."""

    about: ClassVar[tuple[str, ...]] = ("rpc", "xpath")

    check: Literal["rpc"] = "rpc"
    rpc: Annotated[StrictStr, Field(pattern=r"^get-[a-z0-9-]+$")]
    """Only what reads: `get-...`."""
    arguments: dict[StrictStr, StrictStr | Literal[True]] = Field(default_factory=dict)
    xpath: StrictStr
    """Without namespaces: `//bgp-peer[peer-state='Established']`."""
    value: Text | Number | None = None
    """What each match says."""
    count: Number | None = None
    """How many matches; left out: at least one."""

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.value is None and self.count is None:
            raise ValueError("asserts nothing: give value or count")
        return self


AnyExpectation: TypeAlias = Annotated[
    RouteExpectation
    | ReceivedRoutes
    | AdvertisedRoutes
    | BgpSession
    | Vrrp
    | Interface
    | IsisAdjacency
    | OspfNeighbor
    | LdpSession
    | Bfd
    | Ping
    | Path
    | ConfigStatement
    | RpcXPath,
    Field(discriminator="check"),
]
