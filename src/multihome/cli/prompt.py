"""Asking the operator, who must be there to answer."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from multihome.errors import UsageError

if TYPE_CHECKING:
    from multihome.cli.settings import Settings

YES = frozenset({"y", "yes"})


def agreed(settings: Settings, question: str, *, yes: bool) -> bool:
    """Whether the operator says yes, at the terminal or beforehand; anything else is a no.

    Raises:
        UsageError: stdin is closed, so no answer can come.
    """
    if yes:
        return True
    settings.screen.err.print(f"{question} [y/N]: ", end="", highlight=False, markup=False)
    answer = sys.stdin.readline()
    if not answer:
        settings.screen.err.print()
        raise UsageError("no terminal to answer at; give `--yes` to agree beforehand")
    return answer.strip().lower() in YES
