"""The words an intent is written in: addresses, interfaces, names, each with its own complaint."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from multihome.inventory.validation import named
from multihome.values.bgp import MAX_AS, as_number, community, route_distinguisher
from multihome.values.interface import InterfaceName


def _address(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return IPv4Address(value)
    except ValueError:
        raise ValueError(f"{value!r} is not an IPv4 address such as 192.168.1.1") from None


def _interface_address(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        if "/" in value:
            return IPv4Interface(value)
    except ValueError:
        pass
    raise ValueError(f"{value!r} is not an address with its length, such as 4.0.0.21/30") from None


def _prefix(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        if "/" in value:
            return IPv4Network(value)
    except ValueError as error:
        if "host bits" in str(error):
            near = IPv4Network(value, strict=False)
            raise ValueError(f"{value!r} has host bits set; the prefix is {near}") from None
    raise ValueError(f"{value!r} is not a prefix such as 192.168.1.0/24")


def _host_address(value: IPv4Interface) -> IPv4Interface:
    if value.network.prefixlen != 32:
        raise ValueError(f"{value} is not a /32")
    return value


def _autonomous_system(value: object) -> object:
    return as_number(value) if isinstance(value, str) else value


def _logical_interface(text: str) -> str:
    if InterfaceName.parse(text).unit is None:
        raise ValueError(f"{text!r} names no unit, as in {text}.0")
    return text


def _port(text: str) -> str:
    if text.startswith("lo"):
        raise ValueError(f"{text!r} is a loopback, not a port")
    return _logical_interface(text)


def _loopback(text: str) -> str:
    if not text.startswith("lo0."):
        raise ValueError(f"{text!r} is not a unit of lo0, as in lo0.7")
    return _logical_interface(text)


def _origin(text: str) -> str:
    if not text.startswith("origin:"):
        raise ValueError(f"{text!r} is not a site of origin such as origin:1000:1000")
    return community(text)


def _target(text: str) -> str:
    if not text.startswith("target:"):
        raise ValueError(f"{text!r} is not a route target such as target:1:1")
    return community(text)


def _network_entity(text: str) -> str:
    """ISO 10589: area of 1 to 13 bytes, system identifier of 6, selector 00."""
    if not re.fullmatch(r"[0-9a-f]{2}(\.[0-9a-f]{4}){0,6}(\.[0-9a-f]{4}){3}\.00", text):
        raise ValueError(
            f"{text!r} is not a network entity title such as 49.0001.0100.0000.0007.00"
        )
    return text


def _description(text: str) -> str:
    if not text.isprintable() or '"' in text or len(text) > 255:
        raise ValueError("must be one printable line of up to 255 characters without quotes")
    return text


Address = Annotated[IPv4Address, BeforeValidator(_address)]
InterfaceAddress = Annotated[IPv4Interface, BeforeValidator(_interface_address)]
HostAddress = Annotated[InterfaceAddress, AfterValidator(_host_address)]
Prefix = Annotated[IPv4Network, BeforeValidator(_prefix)]
AutonomousSystem = Annotated[int, BeforeValidator(_autonomous_system), Field(ge=1, le=MAX_AS)]
Port = Annotated[str, AfterValidator(_port)]
"""A logical interface that packets pass: `xe-2/0/1.105`."""
Loopback = Annotated[str, AfterValidator(_loopback)]
RouteDistinguisher = Annotated[str, AfterValidator(route_distinguisher)]
RouteTarget = Annotated[str, AfterValidator(_target)]
SiteOfOrigin = Annotated[str, AfterValidator(_origin)]
NetworkEntity = Annotated[str, AfterValidator(_network_entity)]
Description = Annotated[str, AfterValidator(_description)]
Name = Annotated[str, BeforeValidator(named), Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")]
"""Of a router, site or VPN, and of what is named after them on a router."""
Secret = Annotated[str, BeforeValidator(named), Field(pattern=r"^[A-Za-z0-9]+([_-][A-Za-z0-9]+)*$")]
"""The name of a secret, never its value."""
Vlan = Annotated[int, Field(ge=1, le=4094)]
Mtu = Annotated[int, Field(ge=576, le=9192)]
"""Of IP packets, in bytes; no host need accept fewer (RFC 791)."""
Metric = Annotated[int, Field(ge=0, le=0xFFFFFFFF)]
Seconds = Annotated[int, Field(ge=1, le=65535)]
Milliseconds = Annotated[int, Field(ge=1, le=255000)]


def _hold_time(value: int) -> int:
    """RFC 4271 section 4.2: zero, or at least three seconds."""
    if value in {1, 2}:
        raise ValueError("must be 0 (no keepalives) or at least 3 seconds")
    return value


HoldTime = Annotated[int, Field(ge=0, le=65535), AfterValidator(_hold_time)]
