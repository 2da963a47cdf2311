"""A stdout that may be closed, go away or fill up while there is work to do on routers."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import Buffer


class Outlet(io.FileIO):
    """A file descriptor that takes everything, and remembers what it could not pass on."""

    trouble: OSError | None = None

    def write(self, data: Buffer, /) -> int:
        """Pass on what can be; never raises OSError, and nothing follows what was lost."""
        left = memoryview(data).cast("B")
        size = len(left)
        try:
            while left and self.trouble is None:
                left = left[super().write(left) or 0 :]
        except OSError as error:
            self.trouble = error
        return size

    @property
    def complaint(self) -> str | None:
        """Why not all could be printed; a reader that has seen enough (`| head`) is no reason."""
        if self.trouble is None or isinstance(self.trouble, BrokenPipeError):
            return None
        return f"cannot write to stdout: {self.trouble.strerror}"


def open_streams() -> None:
    """Open stdin, stdout and stderr if the parent process closed them.

    Otherwise the first connection to a router would be one of them.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            lowest_free = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, os.fdopen(lowest_free, mode, closefd=False))


def replace_stdout() -> Outlet:
    """Make sys.stdout write through an outlet."""
    outlet = Outlet(sys.stdout.fileno(), "w", closefd=False)
    sys.stdout = io.TextIOWrapper(
        io.BufferedWriter(outlet),
        encoding=sys.stdout.encoding,
        errors="backslashreplace",
        line_buffering=outlet.isatty(),
    )
    return outlet


def drained(outlet: Outlet) -> str | None:
    """Pass on what waits; why not all that was printed has arrived, if so."""
    with suppress(OSError):
        sys.stdout.flush()
    return outlet.complaint
