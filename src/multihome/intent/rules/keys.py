"""Key chains: those that are named exist, and their keys follow each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.intent.rules.flaw import Flaw

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.intent.key_chain import Signed
    from multihome.intent.model import Intent
    from multihome.inventory.document import Loc


def key_chains(intent: Intent) -> Iterator[Flaw]:
    """A chain that does not exist, or one beside a key."""
    for loc, holder in _holders(intent):
        name = holder.authentication_key_chain
        where: Loc = (*loc, "authentication-key-chain")
        if name is None:
            continue
        if name not in intent.key_chains:
            known = ", ".join(intent.key_chains) or "none"
            yield Flaw(where, f"unknown key chain {name!r}; known under `key-chains`: {known}")
        if holder.authentication_key is not None:
            yield Flaw(where, "is given beside `authentication-key`; give only one of the two")


def start_times(intent: Intent) -> Iterator[Flaw]:
    """Two keys of a chain that start at the same time: none of them follows the other."""
    for name, chain in intent.key_chains.items():
        taken: dict[object, int] = {}
        for number, key in chain.keys.items():
            if (other := taken.setdefault(key.start_time, number)) != number:
                loc: Loc = ("key-chains", name, "keys", str(number), "start-time")
                yield Flaw(loc, f"is key {other}'s start time already")


def _holders(intent: Intent) -> Iterator[tuple[Loc, Signed]]:
    core = intent.core
    yield ("core", "isis"), core.isis
    yield ("core", "ldp"), core.ldp
    yield ("core", "bgp"), core.bgp
    for vpn, name, site in intent.multihomed_sites():
        loc: Loc = ("vpns", vpn, "multihomed", name)
        yield loc, site
        yield (*loc, "inter-cpe"), site.inter_cpe
