"""Every check there is: importing this module imports every other one here, which registers it."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from multihome.check import kinds
from multihome.check.registry import REGISTRY

MODULES = tuple(
    import_module(f"{kinds.__name__}.{each.name}")
    for each in pkgutil.iter_modules(kinds.__path__)
    if each.name != __name__.rpartition(".")[2]
)

__all__ = ["MODULES", "REGISTRY"]
