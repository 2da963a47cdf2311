"""What of a row lasts while nothing happens to the network: not what a router numbers by itself.

Labels above 15 are handed out anew whenever a session or a routing instance begins (RFC 3032
section 2.1 reserves the others), and so are the units of `lsi`. A route of `mpls.0` under such a
label is a router's own matter; that it serves anyone is seen in the routes and bindings that
lead to it. Addresses of a link alone and its multicast groups come and go with protocols.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from multihome.state.snapshot.row import Kind

if TYPE_CHECKING:
    from multihome.state.snapshot.row import Row

_NUMBER = re.compile(r"\d+")
_INTERNAL = re.compile(r"\b(lsi|vt-\d+/\d+/\d+|pime|pimd|mt-\d+/\d+/\d+)\.\d+")
_OWN = re.compile(r"(\S*inet\d?\.\d (224\.0\.0\.|ff02::|fe80:)|\S*iso\.\d )")
_SIGNALLED = frozenset({"LDP", "VPN", "MPLS", "RSVP", "BGP", "L-ISIS", "L-OSPF", "SPRING-TE"})
"""Protocols whose labels are handed out; those of others are configured."""
_LAST_RESERVED = 15
_LABELS = 8
"""The column of a route's labels."""


def lasting(row: Row) -> Row | None:
    """The row as it may be compared, or None if it is no one's but the router's."""
    match row.kind:
        case Kind.ROUTE:
            handed_out = row.key.startswith("mpls.0 ") and row.values[0] in _SIGNALLED
            return None if handed_out or _OWN.match(row.key) else _route(row)
        case Kind.LABEL:
            return row._replace(values=tuple(map(_masked, row.values)))
        case Kind.INTERFACE:
            return None if _INTERNAL.match(row.key) else row
    return row


def _route(row: Row) -> Row:
    values = list(row.values)
    values[_LABELS] = _masked(values[_LABELS])
    return row._replace(values=tuple(_INTERNAL.sub(r"\1", value) for value in values))


def _masked(text: str) -> str:
    """Labels that mean something by themselves stay, the others are only there."""
    return _NUMBER.sub(lambda found: found[0] if int(found[0]) <= _LAST_RESERVED else "n", text)
