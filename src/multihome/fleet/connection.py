"""Nornir's connection plugin `multihome`: nornir-pyez's, with our Session as the connection.

It has a name of its own, so that a script may use nornir-pyez's `pyez` beside it: that one
has no option to verify host keys, and its tasks log what they are given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nornir.core.plugins.connections import ConnectionPluginRegister
from nornir_pyez.plugins.connections import Pyez

if TYPE_CHECKING:
    from nornir.core.configuration import Config

NAME = "multihome"


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
    ConnectionPluginRegister.register(NAME, PyezConnection)
