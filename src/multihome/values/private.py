"""Files that are their owner's alone from the moment they exist."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def private(path: str, flags: int) -> int:
    """An opener for `open`; what was there before with wider rights is narrowed.

    Raises:
        OSError: as `os.open` does, or the file is another user's.
    """
    descriptor = os.open(path, flags, 0o600)
    os.chmod(path, 0o600)  # noqa: PTH101 - an opener is given a text
    return descriptor


def make_private(path: Path) -> None:
    """Let a file exist for its owner alone, before a library writes it; raises OSError."""
    os.close(private(str(path), os.O_WRONLY | os.O_CREAT))
