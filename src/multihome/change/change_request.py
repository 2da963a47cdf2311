"""The input of a transaction: the configuration per router, the order, the timeouts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from multihome.change.verification import Patience
from multihome.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from multihome.device.session import RouterWarning, Session
    from multihome.inventory.network import Network
    from multihome.render.ownership.changes import StatementChanges

MINUTE = 60


@dataclass(frozen=True, slots=True)
class Former:
    """Former configurations to load instead of scripts: how a run is undone or brought back."""

    run: str
    """The run that is undone or brought back; a pending commit of it may be replaced."""
    load: Callable[[Session], tuple[RouterWarning, ...]]
    """Loads one into the candidate, and proves that it is the one that is wanted."""
    at_once: frozenset[str] = frozenset()
    """Routers on which that run's own commit is pending.

    Their timers lead to the same configuration, so they are committed for good and not undone.
    """
    sessions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """That run's own sessions, which may still hold a lock."""
    guard: Callable[[], Iterable[str]] | None = None
    """Asked under all locks: why not to go on, if there is a reason."""


@dataclass(frozen=True, slots=True)
class Order:
    """A change of one or many routers, complete before the first of them is touched.

    Raises:
        UsageError: the batches are not exactly the routers that have a script.
    """

    scripts: Mapping[str, str] = field(repr=False)
    """Router name to load script; empty where nothing is to be done."""
    batches: tuple[tuple[str, ...], ...]
    """Who commits together; a batch is proven good before the next is committed."""
    verb: str = "apply"
    ticket: str = ""
    intent: str = ""
    """A digest of the intent, for the commit comment."""
    lease: int = 5 * MINUTE
    """Seconds until a router undoes the change by itself; whole minutes, rounded up."""
    patience: Patience = field(default_factory=Patience)
    strict_warnings: bool = False
    """A warning of a router is a refusal."""
    changes: Mapping[str, StatementChanges] = field(default_factory=dict)
    """Router name to what its script does, statement by statement; where that is known."""
    network: Network | None = None
    """The network that it is made on; None: not recorded."""
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """Values to mask in whatever is shown or written, besides those known by their form."""
    former: Former | None = None
    """Load these configurations; then `scripts` only say so, for people."""

    def __post_init__(self) -> None:
        ordered = [router for batch in self.batches for router in batch]
        if len(set(ordered)) != len(ordered) or set(ordered) != set(self.scripts):
            raise UsageError(
                f"the order of the change names {_list(ordered)}, "
                f"its configurations are for {_list(self.scripts)}"
            )

    @property
    def at_once(self) -> frozenset[str]:
        """Routers that are committed for good, without a timer; none of an ordinary change."""
        return self.former.at_once if self.former is not None else frozenset()

    @property
    def window(self) -> int:
        """The lease in seconds as the router will grant it."""
        return max(1, -(-self.lease // MINUTE)) * MINUTE


def only(order: Order, routers: Collection[str]) -> Order:
    """The order for these routers, in the same sequence."""
    batches = tuple(
        kept for batch in order.batches if (kept := tuple(r for r in batch if r in routers))
    )
    scripts = {router: script for router, script in order.scripts.items() if router in routers}
    return replace(order, scripts=scripts, batches=batches)


def _list(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
