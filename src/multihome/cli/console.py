"""A screen that may go away while there is work to do."""

from __future__ import annotations

from rich.console import Console


class Enduring(Console):
    """Rich ends the program when nobody reads any more; a change on routers must come to its end."""

    def on_broken_pipe(self) -> None:
        """Be silent from now on."""
        self.quiet = True
