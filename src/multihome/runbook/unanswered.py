"""Why routers could not be looked at: a cause that several routers share is said once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.change.preflight.holder import told

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from multihome.errors import MultihomeError
    from multihome.inventory.target import Target

NAMED = 6
"""Routers of one cause that are named; of more, the rest is counted."""


def causes(failed: Mapping[str, MultihomeError], targets: Mapping[str, Target]) -> tuple[str, ...]:
    """`juno, luna: refuses the connection`, one line for each cause, most routers first.

    Errors that differ only in the router's own name and address are one cause.
    """
    groups: dict[str, dict[str, str]] = {}
    for router, error in failed.items():
        text = told(error).removeprefix(f"{router}: ")
        groups.setdefault(_common(text, router, targets.get(router)), {})[router] = text
    ordered = sorted(groups.items(), key=lambda item: -len(item[1]))
    return tuple(_line(common, texts) for common, texts in ordered)


def _common(text: str, router: str, target: Target | None) -> str:
    """The text without what differs from router to router."""
    if target is None:
        return text
    for own, word in (
        (f"{target.host}:{target.port}", "its address"),
        (target.host, "its address"),
        (f"trust {router}`", "trust ROUTER`"),
    ):
        text = text.replace(own, word)
    return text


def _line(common: str, texts: Mapping[str, str]) -> str:
    words = common if len(texts) > 1 else next(iter(texts.values()))
    return f"{some(texts)}: {words}"


def some(names: Iterable[str]) -> str:
    """Names in their order; many are counted."""
    known = list(names)
    more = len(known) - NAMED
    return ", ".join(known[:NAMED]) + (f" and {more} more" if more > 0 else "")
