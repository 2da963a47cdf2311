"""What a router is for: the four places a router can have in the service."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """As groups.yaml says it, in `data: {role: ...}` of a group."""

    PE = "pe"
    """Provider edge: holds the VRFs, speaks BGP with the CPEs and the route reflectors."""
    P = "p"
    """Provider core: switches labels, knows no customer."""
    CPE = "cpe"
    """The provider's router at a customer's site."""
    CUSTOMER = "customer"
    """The customer's own router behind the gateway."""
