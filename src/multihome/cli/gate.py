"""Where text leaves this process: everything printed passes here, from whatever module.

Streams are replaced for the length of a command line, so that not even a library, a warning or
a traceback reaches the terminal around it.
"""

from __future__ import annotations

import io
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from multihome.values.printable import printable
from multihome.values.redaction import redact_known

if TYPE_CHECKING:
    from collections.abc import Iterator


def gated(text: str) -> str:
    """What may be shown of a text: no known secret, nothing that steers a terminal."""
    return printable(redact_known(text))


def emit(text: str) -> None:
    """Write to stdout what another program reads: a document, names, statements."""
    sys.stdout.write(text)


class Gate(io.TextIOBase):
    """A text stream that lets only readable text through to the stream behind it."""

    def __init__(self, stream: TextIO) -> None:
        self.rich_proxied_file = stream
        """What a rich console writes to: its own codes for colours and lines must pass, and it
        lets each text through the gate itself (`cli.console`)."""

    def write(self, text: str, /) -> int:
        """Write a text; the length of what was given."""
        self.rich_proxied_file.write(gated(text))
        return len(text)

    def flush(self) -> None:
        """Flush the stream behind; when a gate goes, that one may be closed already."""
        if not self.rich_proxied_file.closed:
            self.rich_proxied_file.flush()

    def isatty(self) -> bool:
        """Whether the stream behind is a terminal."""
        return self.rich_proxied_file.isatty()

    def fileno(self) -> int:
        """The file descriptor behind."""
        return self.rich_proxied_file.fileno()

    def writable(self) -> bool:
        """Nothing else is done with it."""
        return True

    @property
    def encoding(self) -> str:  # type: ignore[override]  # a mutable attribute there
        """As behind."""
        return self.rich_proxied_file.encoding

    @property
    def errors(self) -> str | None:  # type: ignore[override]  # a mutable attribute there
        """As behind."""
        return self.rich_proxied_file.errors


@contextmanager
def gate() -> Iterator[None]:
    """Put a gate before stdout and stderr for the body of the `with`."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (
        stream if isinstance(stream, Gate) else Gate(stream) for stream in before
    )
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before
