"""The provider's core: routers, links between them, and the protocols that hold it together."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from multihome.intent.key_chain import Signed
from multihome.intent.words import (
    Address,
    AutonomousSystem,
    Description,
    HoldTime,
    HostAddress,
    InterfaceAddress,
    Loopback,
    Metric,
    Milliseconds,
    Name,
    NetworkEntity,
    Port,
    Seconds,
    Vlan,
)
from multihome.inventory.validation import FileModel


class LoopbackAddress(FileModel):
    """The address by which a router is known."""

    interface: Loopback
    address: HostAddress


class Router(FileModel):
    """Facts of one router that hold whatever it is used for."""

    loopback: LoopbackAddress
    iso: NetworkEntity | None = None
    """Of the routers that speak IS-IS."""
    title: Name | None = None
    """How descriptions on its neighbours call it; its name with a capital unless given."""


class End(FileModel):
    """One router's side of a link."""

    interface: Port
    address: InterfaceAddress
    description: Description | None = None
    """The other side's name unless given."""
    metric: Annotated[int, Field(ge=1, le=0xFFFFFE)] | None = None
    """Of the IGP (RFC 5305 section 3.7); the protocol's default unless given."""


class Link(FileModel):
    """Two ends, or one if the other side belongs to another operator."""

    vlan: Vlan | None = None
    ends: Annotated[Mapping[Name, End], Field(min_length=1, max_length=2)]


class Isis(Signed):
    """IS-IS level 2 with wide metrics on every core link, point to point."""

    lsp_lifetime: Annotated[int, Field(ge=350, le=65535)] | None = Field(None, alias="lsp-lifetime")
    spf_delay: Annotated[int, Field(ge=50, le=8000)] | None = Field(None, alias="spf-delay")
    overload_timeout: Annotated[int, Field(ge=60, le=1800)] | None = Field(
        None, alias="overload-timeout"
    )
    ldp_synchronization: Seconds | None = Field(None, alias="ldp-synchronization")
    bfd_interval: Milliseconds | None = Field(None, alias="bfd-interval")
    ipv6_routing: tuple[Name, ...] = Field((), alias="ipv6-routing")
    """The routers that carry IPv6 in IS-IS too."""


class Ldp(Signed):
    """LDP on every core link."""

    synchronization_holddown: Seconds | None = Field(None, alias="synchronization-holddown")


class Reflection(Signed):
    """Internal BGP between the PEs; without reflectors, each PE with each."""

    group: Name = "reflector"
    hold_time: HoldTime | None = Field(None, alias="hold-time")
    bfd_interval: Milliseconds | None = Field(None, alias="bfd-interval")
    reflectors: Mapping[Name, Address] = {}
    """Route reflector -> its cluster (RFC 4456)."""


class Core(FileModel):
    """AS, IGP, labels and internal BGP."""

    managed: bool = True
    """False: known for the expectations, configured by others."""
    autonomous_system: AutonomousSystem = Field(alias="autonomous-system")
    propagate_ttl: bool = Field(default=True, alias="propagate-ttl")
    isis: Isis = Isis.model_construct()
    ldp: Ldp = Ldp.model_construct()
    bgp: Reflection = Reflection.model_construct()
    links: tuple[Link, ...] = ()


DEFAULT_METRIC: Metric = 10
"""Of an IS-IS interface with wide metrics."""
