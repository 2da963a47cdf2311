"""Which network a run was made on: whose addresses, and the host keys that answered for them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

NOT_RECORDED = "network not recorded"
"""What is shown of a run whose folder does not say it."""


class NetworkKind(StrEnum):
    """What answers: a run on one kind says nothing of the state of another."""

    LIVE = "live"
    """The routers at the inventory's own addresses."""
    TWIN = "twin"
    """A twin that stays up."""
    REHEARSAL = "rehearsal"
    """A twin made from running configurations, gone with the rehearsal."""


@dataclass(frozen=True, slots=True)
class Network:
    """One network, as far as a run can be tied to it."""

    kind: NetworkKind
    inventory: str
    """The file that names the routers."""
    host_keys: str = ""
    """A digest of the routers' known host keys; empty if none is known."""

    def __str__(self) -> str:
        keys = f", host keys {self.host_keys}" if self.host_keys else ", no host key known"
        return f"{self.kind}: {self.inventory}{keys}"

    def document(self) -> dict[str, str]:
        """The form in which it is kept."""
        return {name: str(value) for name, value in asdict(self).items()}


def network_from(found: Mapping[str, object]) -> Network | None:
    """A network as it was kept; None if it is not one."""
    try:
        kind = NetworkKind(str(found["kind"]))
        return Network(kind, str(found["inventory"]), str(found.get("host_keys", "")))
    except (KeyError, ValueError):
        return None


def words(network: Network | None) -> str:
    """The network of a run, or that it is not recorded."""
    return NOT_RECORDED if network is None else str(network)
