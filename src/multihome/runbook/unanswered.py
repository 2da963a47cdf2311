"""Why routers could not be looked at: a cause that several routers share is said once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.change.preflight.holder import told
from multihome.values.grouping import lines, message

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from multihome.errors import MultihomeError
    from multihome.inventory.target import Target


def causes(failed: Mapping[str, MultihomeError], targets: Mapping[str, Target]) -> tuple[str, ...]:
    """`juno, luna: refuses the connection`, one line for each cause, most routers first.

    Errors that differ only in the router's own name and address are one cause.
    """
    return lines(
        message(router, text, _own(targets.get(router)))
        for router, error in failed.items()
        for text in told(error).split("\n")
    )


def _own(target: Target | None) -> Iterator[str]:
    """What only one router's errors may name."""
    if target is not None:
        yield f"{target.host}:{target.port}"
        yield target.host
