"""What can be expected of a network: one frozen model per kind of statement.

The intent derives these, the catalogue in `checks/` spells them in YAML, and the checks
hold them against what routers say.  An attribute that is left out is not asserted; one
that must not be there is `Absent()`.  In files every name has hyphens: `local-preference`.
"""

from typing import Annotated, ClassVar, Literal, Self, TypeAlias

from lxml.etree import XPath, XPathSyntaxError
from pydantic import Field, StrictBool, StrictInt, StrictStr, field_validator, model_validator

from multihome.intent.expected_neighbors import (
    Bfd,
    BgpSession,
    IsisAdjacency,
    LdpSession,
    OspfNeighbor,
    PrefixCounts,
)
from multihome.intent.expected_routes import (
    AdvertisedRoutes,
    ReceivedRoutes,
    RouteExpectation,
    RoutePath,
)
from multihome.intent.matcher import Address, ExactAddress, Number, Text, among
from multihome.intent.statement import Expectation, Names
from multihome.state import interface, vrrp

__all__ = [
    "AdvertisedRoutes",
    "AnyExpectation",
    "Bfd",
    "BgpSession",
    "ConfigStatement",
    "Interface",
    "IsisAdjacency",
    "LdpSession",
    "OspfNeighbor",
    "Path",
    "Ping",
    "PrefixCounts",
    "ReceivedRoutes",
    "RouteExpectation",
    "RoutePath",
    "RpcXPath",
    "Vrrp",
]


class Vrrp(Expectation):
    """One VRRP group on one interface."""

    about: ClassVar[tuple[str, ...]] = ("interface", "group", "family")

    check: Literal["vrrp"] = "vrrp"
    interface: StrictStr
    """The logical interface: `xe-2/0/1.150`."""
    group: StrictInt
    """Its number."""
    family: Literal["inet", "inet6"] = "inet"
    """`inet` or `inet6`: both may have a group of one number."""
    state: Annotated[Text, among(vrrp.STATES)] | None = None
    """`master`, `backup` or `init`."""
    priority: Number | None = None
    """In force now, tracking costs subtracted."""
    configured_priority: Number | None = None
    """As configured, whatever is tracked."""
    master: Address | None = None
    """Who is master, by its own address."""
    master_priority: Number | None = None
    """What the master advertises."""
    local_address: Address | None = None
    """The router's own address."""
    virtual_addresses: frozenset[ExactAddress] | None = None
    """Exactly these."""
    interface_state: Annotated[Text, among(vrrp.INTERFACE_STATES)] | None = None
    """`up` or `down`."""
    preempt: StrictBool | None = None
    """Whether a higher priority takes over from a lower."""
    accept_data: StrictBool | None = None
    """Whether it answers packets to the virtual address."""
    advertisement_interval: Number | None = None
    """Between two advertisements, in seconds; a backup ignores a master whose interval differs."""
    tracked: dict[StrictStr, Text] | None = None
    """State of each tracked interface or route; others may be tracked too."""
    tracking: Names | None = None
    """Exactly these interfaces and routes are tracked."""


class Interface(Expectation):
    """One interface, physical or logical."""

    about: ClassVar[tuple[str, ...]] = ("interface",)

    check: Literal["interface"] = "interface"
    interface: StrictStr
    """Physical or logical: `xe-2/0/1` or `xe-2/0/1.150`."""
    admin: Annotated[Text, among(interface.ADMIN)] | None = None
    """`up`, or `down` if it is disabled."""
    oper: Annotated[Text, among(interface.OPER)] = "up"
    """`up` or `down`."""
    addresses: frozenset[StrictStr] | None = None
    """Exactly these, with length: `4.0.0.22/30`."""
    families: Names | None = None
    """At least these: `inet`, `iso`, `mpls`."""
    absent: StrictBool | None = None
    """True: there is no such interface."""
    description: Text | None = None
    """As configured."""
    mtu: Number | None = None
    """In bytes; of a logical interface that of its first protocol."""
    vlan: Number | None = None
    """The tag of its frames."""
    mpls: Text | None = None
    """`Up` if it takes and sends labelled packets."""
    input_errors: Number | None = None
    """The counter; say a bound: `{at most: 5}`."""
    output_errors: Number | None = None
    """The counter."""
    carrier_transitions: Number | None = None
    """The counter."""


class Ping(Expectation):
    """Echo requests and their answers."""

    about: ClassVar[tuple[str, ...]] = ("target", "source", "instance")

    check: Literal["ping"] = "ping"
    target: ExactAddress
    """Where to."""
    source: ExactAddress | None = None
    """Where from, as the packets say."""
    instance: StrictStr | None = None
    """The routing instance; left out: the main one."""
    count: Annotated[StrictInt, Field(ge=1, le=1000)] = 3
    """How many requests are sent."""
    size: Annotated[StrictInt, Field(ge=0, le=65468)] | None = None
    """Bytes of data."""
    loss: Number = 0
    """Packets lost, in percent."""
    rtt: Number | None = None
    """Average round trip, in milliseconds."""


class Path(Expectation):
    """The routers a packet passes, by traceroute."""

    about: ClassVar[tuple[str, ...]] = ("target", "source", "instance")

    check: Literal["path"] = "path"
    target: ExactAddress
    """Where to."""
    source: ExactAddress | None = None
    """Where from, as the packets say."""
    instance: StrictStr | None = None
    """The routing instance; left out: the main one."""
    hops: tuple[Address, ...] | None = None
    """Exactly these, one for each hop, the target last."""
    passes: tuple[ExactAddress, ...] | None = None
    """These in this order, others between them allowed."""
    avoids: frozenset[ExactAddress] | None = None
    """None of these."""
    reached: StrictBool = True
    """Whether the target answers."""


class ConfigStatement(Expectation):
    """Statements of the committed configuration."""

    about: ClassVar[tuple[str, ...]] = ("under",)

    check: Literal["configuration"] = "configuration"
    under: StrictStr | None = None
    """A path such as `protocols bgp` that precedes each statement."""
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
    """The RPC's arguments; `true` means an empty element."""
    xpath: StrictStr
    """Without namespaces: `//bgp-peer[peer-state='Established']`."""
    value: Text | Number | None = None
    """What each match says."""
    count: Number | None = None
    """How many matches; left out: at least one."""

    @field_validator("xpath")
    @classmethod
    def _an_expression(cls, value: str) -> str:
        try:
            XPath(value)
        except XPathSyntaxError as error:
            raise ValueError(f"not an XPath: {error}") from None
        return value

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
