"""Nornir's connection plugin `pyez`, with our Session as the connection.

It takes the place of nornir-pyez's own, whose options it cannot be told and whose tasks log
what they are given; whoever registers that one in the same process replaces ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nornir.core.plugins.connections import ConnectionPluginRegister
from nornir_pyez.plugins.connections import CONNECTION_NAME, Pyez

if TYPE_CHECKING:
    from nornir.core.configuration import Config

NAME: str = CONNECTION_NAME


class PyezConnection(Pyez):  # type: ignore[misc]  # nornir-pyez is untyped
    """Opens what the host's `connect` returns; closing is nornir-pyez's own."""

    def open(  # noqa: PLR0913, PLR0917  # the signature is Nornir's
        self,
        hostname: str | None,
        username: str | None,
        password: str | None,
        port: int | None,
        platform: str | None,
        extras: dict[str, Any] | None = None,
        configuration: Config | None = None,
    ) -> None:
        """Open a session; raises the errors of `multihome.device.pyez.connect`.

        Only `extras["connect"]` is used: an address and a password would be in every dump of
        the inventory.
        """
        del hostname, username, password, port, platform, configuration
        self.connection = (extras or {})["connect"]()


def register() -> None:
    """Make the name stand for this plugin in this process."""
    if ConnectionPluginRegister.available.get(NAME) is PyezConnection:
        return
    if NAME in ConnectionPluginRegister.available:
        ConnectionPluginRegister.deregister(NAME)
    ConnectionPluginRegister.register(NAME, PyezConnection)
