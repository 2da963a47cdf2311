"""Which of the two texts a `bgp-information` is: the summary, or neighbours in detail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.show.bgp.neighbor_text import neighbor_lines
from multihome.twin.show.bgp.summary import summary_lines
from multihome.twin.show.registry import prints

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.show.element import Element


@prints("bgp-information")
def bgp_text(information: Element) -> Iterator[str]:
    """A summary begins with its totals."""
    lines = summary_lines if information.has("group-count") else neighbor_lines
    return lines(information)
