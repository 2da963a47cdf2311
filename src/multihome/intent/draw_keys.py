"""Key chains as a router has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.intent.blueprint import Chain, Key

if TYPE_CHECKING:
    from datetime import datetime

    from multihome.intent.model import Intent

_ALGORITHMS = {
    "md5": ("md5", "md5", "basic"),
    "sha-1": ("hmac-sha-1-96", "hmac-sha-1", "isis-enhanced"),
}


def chain(intent: Intent, name: str | None) -> Chain | None:
    """The chain of this name, its keys in the order of their start."""
    if name is None:
        return None
    meant = intent.key_chains[name]
    tcp, igp, options = _ALGORITHMS[meant.algorithm]
    ordered = sorted(meant.keys.items(), key=lambda item: item[1].start_time)
    keys = tuple(Key(number, key.secret, _written(key.start_time)) for number, key in ordered)
    return Chain(name, keys, tcp, igp, options, meant.tolerance)


def _written(moment: datetime) -> str:
    """As `show configuration` prints it, so that a second plan finds no difference."""
    return f"{moment.year}-{moment.month}-{moment.day}.{moment:%H:%M:%S} +0000"
