"""Long output through `$PAGER`, on a terminal only."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from multihome.cli.gate import gated

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rich.console import Console

DEFAULT = "less"
_LESS = "FRX"
"""Unless `$LESS` is set: quit if it fits on the screen, show colours, leave the screen as it is."""


def command(environ: Mapping[str, str]) -> list[str]:
    """The words of the pager to start; empty: none, as with `PAGER=` or `PAGER=cat`.

    A value that is no command line counts as none.
    """
    try:
        words = shlex.split(environ.get("PAGER", DEFAULT))
    except ValueError:
        return []
    return [] if words == ["cat"] else words


def paged(console: Console, write: Callable[[], None], *, wanted: bool = True) -> None:
    """Let `write` print to the console: through a pager if wanted and stdout is a terminal."""
    words = command(os.environ) if wanted and console.is_terminal and sys.stdin.isatty() else []
    if not words:
        write()
        return
    console.file.flush()
    with console.capture() as captured:
        write()
    if not _show(words, captured.get()):
        write()


def _show(words: list[str], text: str) -> bool:
    """Whether a pager took the text; one that is closed early has taken enough."""
    environ = {"LESS": _LESS, "LV": "-c", **os.environ}
    try:
        pager = subprocess.Popen(words, stdin=subprocess.PIPE, env=environ)  # noqa: S603 - the operator's own
    except OSError:
        return False
    with pager:
        with suppress(BrokenPipeError):
            pager.communicate(_readable(text).encode())
        while True:
            # Ctrl-C in a pager stops a search there, and is none of ours.
            with suppress(KeyboardInterrupt):
                pager.wait()
                return True


def _readable(text: str) -> str:
    """Text that passed the gate when it was laid out; only rich's own colour codes are added."""
    return text if "\x1b[" in text else gated(text)
