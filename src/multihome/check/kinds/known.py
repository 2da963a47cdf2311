"""Every check there is: importing this module imports each module beside it, which registers."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from multihome.check import kinds
from multihome.check.registry import REGISTRY

MODULES = tuple(
    import_module(f"{kinds.__name__}.{found.name}")
    for found in iter_modules(kinds.__path__)
    if found.name != "known"
)
"""A new module in this folder is found by being there."""

__all__ = ["MODULES", "REGISTRY"]
