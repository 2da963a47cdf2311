"""What a session ends with when the router sends what cannot be read."""

from __future__ import annotations

from ncclient.transport import errors as nc_errors


class GarbledReply(nc_errors.TransportError):  # type: ignore[misc]  # ncclient is untyped
    """The router sent what is not NETCONF; the session cannot go on."""


class OversizedReply(GarbledReply):
    """The router sent more than a reply may hold; what follows was not read."""
