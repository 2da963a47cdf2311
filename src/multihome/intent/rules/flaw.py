"""What a rule finds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from multihome.inventory.document import Loc


class Flaw(NamedTuple):
    """Something that does not agree with the rest, and where it is written."""

    loc: Loc
    message: str
