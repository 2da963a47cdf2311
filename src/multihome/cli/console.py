"""A screen that shows text as text, and that may go away while there is work to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.segment import Segment

from multihome.cli.gate import gated

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import ConsoleOptions, RenderableType
    from rich.text import Text


class Screenwriter(Console):
    """A console whose every text passes the gate: no markup, no emoji codes, no escapes.

    Rich ends the program when no one reads any more; a change on routers must come to its end.
    """

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - rich's own
        super().__init__(markup=False, emoji=False, highlight=False, **options)

    def render_str(self, text: str, **options: Any) -> Text:  # noqa: ANN401 - rich's own
        """Pass a string through the gate before it is laid out."""
        return super().render_str(gated(text), **options)

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Pass what is laid out through the gate; rich's own control codes stay."""
        for segment in super().render(renderable, options):
            if segment.control:
                yield segment
            else:
                yield Segment(gated(segment.text), segment.style)

    def on_broken_pipe(self) -> None:
        """Be silent from now on."""
        self.quiet = True
