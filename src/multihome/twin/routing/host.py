"""What a routing process sees of the router it runs on, and of the network around that.

Processes import these Protocols and never the router or the network itself, so that the
arrows point one way: network -> router -> process -> tables.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

from multihome.errors import MultihomeError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from multihome.twin.addressing import Address, Prefix
    from multihome.twin.clock import Clock, Timer
    from multihome.twin.junos.model.interfaces import Unit
    from multihome.twin.junos.model.router import Router
    from multihome.twin.routing.label import DynamicLabels
    from multihome.twin.routing.rib import Rib


class Oscillation(MultihomeError):
    """The control plane never comes to rest; names what keeps changing."""


class End(NamedTuple):
    """One interface of one router, as an end of a link."""

    node: str
    interface: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reachability:
    """Where packets to an address end, and that answers come back."""

    node: str
    instance: str
    """The peer's instance that owns the address."""
    source: Address
    """The local address packets leave with."""
    interface: str
    """The local interface they leave by; empty for an address of the router itself."""
    hops: int
    """1 for a neighbour on the same link."""
    delay: float = field(compare=False)
    """One way, in seconds, when it was looked up."""
    incarnation: int
    """Grows each time the peer boots or its routing process restarts."""
    listening: bool = True
    """False: packets arrive, and TCP is refused, as no routing process runs there."""


class Watch(Protocol):
    """The path that a session depends on, kept up to date by the network."""

    @property
    def peer(self) -> Reachability | None:
        """What `Fabric.connect` said last; None while packets do not get there and back."""
        ...

    def cancel(self) -> None:
        """Watch no longer."""
        ...


class Fabric(Protocol):
    """The network, as a process may use it."""

    @property
    def clock(self) -> Clock:
        """The one clock."""
        ...

    def neighbors_on(self, node: str, interface: str) -> Sequence[End]:
        """The far ends whose packets arrive here and that ours arrive at, now."""
        ...

    def hears(self, node: str, interface: str) -> Sequence[End]:
        """The far ends whose packets arrive here, now."""
        ...

    def carries(self, sender: End, receiver: End) -> bool:
        """Whether what one end sends arrives at the other, now."""
        ...

    def send(self, node: str, interface: str, protocol: str, pdu: object) -> None:
        """A multicast on a link: `receive(interface, pdu, sender)` of that process of each listener."""
        ...

    def deliver(self, delay: float, target: str, action: Callable[[], None]) -> None:
        """A message in flight to a router; lost if it is not there any more when it arrives.

        The target settles after the action.  Ask `connect` or a `Watch` first whether it
        can get there.
        """
        ...

    def process(self, node: str, name: str) -> Process | None:
        """A process (`bgp`, `ldp`) of another router, for the action of a message to it."""
        ...

    def connect(
        self, node: str, instance: str, source: Address | None, target: Address
    ) -> Reachability | None:
        """Can packets really get there and back, hop by hop?  None if not."""
        ...

    def watch(
        self,
        node: str,
        instance: str,
        source: Address | None,
        target: Address,
        changed: Callable[[Reachability | None], None],
    ) -> Watch:
        """`connect` now, and `changed(peer)` on that router whenever its answer changes.

        Only a change of node, instance, source, interface, hops or incarnation counts.
        The first answer is in `Watch.peer`; `changed` is not called for it.
        """
        ...

    def resolver(self, node: str, interface: str, address: Address) -> End | None:
        """Who answers ARP for the address on that link: an owner, or a VRRP master."""
        ...

    def route_changed(self, node: str, table: str, prefix: Prefix) -> None:
        """Packets to these addresses go elsewhere than before."""
        ...

    def virtual_moved(self, node: str, interface: str) -> None:
        """A virtual address changed hands on that link."""
        ...


class Host(Protocol):
    """The router a process runs on."""

    name: str
    clock: Clock
    config: Router
    fabric: Fabric
    labels: DynamicLabels
    ribs: dict[str, Rib]
    started: float
    """When its processes began, on the network's clock; before zero if it was running already."""
    incarnation: int
    log: Callable[[str], None]
    """Writes a line into the router's log."""

    def rib(self, name: str) -> Rib:
        """The table of that name, made on demand."""
        ...

    def instance_of(self, interface: str) -> str:
        """The routing instance a logical interface is in."""
        ...

    def unit(self, interface: str) -> Unit | None:
        """The configured logical interface."""
        ...

    def up(self, interface: str) -> bool:
        """Whether a logical interface is operational."""
        ...

    def owns(self, address: Address, instance: str) -> bool:
        """Whether packets to the address end here, in that instance."""
        ...

    def claim_on(self, address: Address, instance: str) -> bool | None:
        """Of a VRRP virtual address this router is master of: whether it accepts data; else None."""
        ...

    def claim(self, interface: str, address: Address, *, accept: bool) -> None:
        """Answer ARP for a virtual address on a link from now on."""
        ...

    def release(self, interface: str, address: Address) -> None:
        """Answer for it no longer."""
        ...

    def address_on(self, interface: str, towards: Address | None = None) -> Address | None:
        """The local address of a logical interface: see `Unit.local_address`."""
        ...

    def router_id(self, instance: str) -> Address:
        """Configured, or the first loopback address, or the first address; 0.0.0.0 without any."""
        ...

    def after(self, delay: float, action: Callable[[], None], *, background: bool = False) -> Timer:
        """A timer of this router: forgotten when it reboots, late while it is frozen.

        The router settles after the action.
        """
        ...


class Process:
    """One routing process of one router; the router calls, the process never calls back up.

    What leaves a process cold it need not define: here nothing happens.
    """

    def configure(self, old: Router, new: Router) -> None:
        """Apply the difference; `old` is an empty router at boot."""

    def interface_changed(self, interface: str) -> None:
        """A logical interface came up, went down, or has other addresses."""

    def reach_changed(self, interface: str) -> None:
        """Other routers are heard on the link than before."""

    def receive(self, interface: str, pdu: object, sender: End) -> None:
        """A multicast on a link came in."""

    def flush(self) -> bool:
        """Do the work that changed tables left; whether there was any.

        Called while the router settles, whenever no table is dirty, in the order of the
        processes; a process that works on its tables' subscriptions alone returns False.
        """
        return False

    def kill(self) -> None:
        """The process is killed: nothing is said, what it held is let go."""

    def shutdown(self) -> None:
        """The process ends in good order: notify the neighbours (Cease, priority 0)."""
