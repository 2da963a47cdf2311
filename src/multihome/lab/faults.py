"""The kinds of faults that the lab can inject, with how each is asked for."""

from __future__ import annotations

from multihome.twin.fabric.faults import KINDS as FAULTS

__all__ = ["FAULTS"]
