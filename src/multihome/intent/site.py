"""Sites of a VPN: with one connection, or with several and a gateway in front of them."""

from collections.abc import Mapping
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from multihome.intent.key_chain import Signed
from multihome.intent.words import (
    Address,
    AutonomousSystem,
    HoldTime,
    InterfaceAddress,
    Metric,
    Name,
    Port,
    Prefix,
    SiteOfOrigin,
    Vlan,
)
from multihome.inventory.validation import FileModel

Prefixes = Annotated[tuple[Prefix, ...], Field(min_length=1)]
Priority = Annotated[int, Field(ge=1, le=254)]
"""VRRP's; 255 is the address owner's (RFC 5798 section 5.2.4)."""


class Attachment(FileModel):
    """One router's side of a connection."""

    router: Name
    interface: Port
    address: InterfaceAddress


class Connection(FileModel):
    """A PE and a CPE on one link."""

    vlan: Vlan | None = None
    pe: Attachment
    cpe: Attachment


class SingleHomed(Connection):
    """The PE has static routes to the site, the CPE a default route to the PE."""

    prefixes: Prefixes
    default_route: bool = Field(default=True, alias="default-route")


class Leg(Connection):
    """One of several connections, with BGP."""

    role: Literal["primary", "backup"]
    local_preference: Metric = Field(alias="local-preference")
    """Of the site's routes inside the VPN: the highest leg gets the traffic to the site."""
    med: Metric
    """Of the VPN's routes at the site: the lowest leg gets the traffic from the site."""


class InterCpe(Signed):
    """Internal BGP between the site's CPEs, across the gateway's LAN."""

    hold_time: HoldTime | None = Field(None, alias="hold-time")


class GatewayRouter(FileModel):
    """One CPE's side of the LAN."""

    interface: Port
    address: InterfaceAddress
    priority: Priority


class Gateway(FileModel):
    """The one address that the customer's router sends to (VRRP)."""

    subnet: Prefix
    vlan: Vlan | None = None
    group: Annotated[int, Field(ge=0, le=255)]
    virtual_address: Address = Field(alias="virtual-address")
    routers: Mapping[Name, GatewayRouter]


class Customer(FileModel):
    """What is behind the gateway."""

    router: Name | None = None
    """In the inventory, if it is ours to configure."""
    interface: Port | None = None
    address: InterfaceAddress
    prefixes: Prefixes
    default_route: bool = Field(default=True, alias="default-route")


class Names(FileModel):
    """What the site's parts are called on its routers; made of the site's name unless given."""

    policy: Name | None = None
    community: Name | None = None
    group: Name | None = None

    def of(self, site: str) -> "GivenNames":
        """The names in force for a site of this name."""
        return GivenNames(
            self.policy or f"multihomed-{site}",
            self.community or f"{site}-originated-route",
            self.group or f"CPE-{site}",
        )


class GivenNames(NamedTuple):
    """Of policies (with suffixes), of the community that marks its routes, of its BGP group."""

    policy: str
    community: str
    group: str


class Options(FileModel):
    """What can be had beyond the plain service."""

    track_uplink: Annotated[int, Field(ge=1, le=254)] | None = Field(None, alias="track-uplink")
    advertise_inactive: bool = Field(default=False, alias="advertise-inactive")


class Multihomed(Signed):
    """Several legs, one of them primary, and a gateway."""

    autonomous_system: AutonomousSystem = Field(alias="autonomous-system")
    site_of_origin: SiteOfOrigin = Field(alias="site-of-origin")
    """Marks the site's routes, so that no PE gives them back to it."""
    hold_time: HoldTime | None = Field(None, alias="hold-time")
    names: Names = Names()
    legs: Annotated[tuple[Leg, ...], Field(min_length=2)]
    inter_cpe: InterCpe = Field(InterCpe.model_construct(), alias="inter-cpe")
    gateway: Gateway
    customer: Customer
    options: Options = Options.model_construct()
