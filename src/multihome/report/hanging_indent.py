"""A labelled text on a terminal: what does not fit on the line goes on below, set off."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text

from multihome.report.text import safe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console, ConsoleOptions

_NARROWEST = 24
"""Columns of text, however small the screen is."""


@dataclass(frozen=True, slots=True)
class Hanging:
    """`label text`, broken between words only; a command to be copied is not broken at all."""

    text: str
    label: str = ""
    style: str = ""
    """Of the label, or of the text if there is none."""
    start: int = 0
    """Columns before the label."""
    indent: int = 2
    """How much further in the lines below begin than the label."""
    whole: bool = False

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        """Lines for rich, which is to leave them as they are."""
        lead, below = " " * self.start, " " * (self.start + self.indent)
        label = f"{self.label} " if self.label else ""
        words = f"{label}{safe(self.text)}"
        for number, line in enumerate([words] if self.whole else self._broken(words, options)):
            text = Text(lead if number == 0 else below, no_wrap=True, overflow="ignore")
            if number == 0 and label:
                text.append(self.label, self.style)
                text.append(line[len(self.label) :])
            else:
                text.append(line, "" if self.label else self.style)
            yield text

    def _broken(self, words: str, options: ConsoleOptions) -> list[str]:
        width = max(_NARROWEST, options.max_width - self.start)
        first, *rest = textwrap.wrap(
            words,
            width,
            subsequent_indent=" " * self.indent,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [""]
        return [first, *(line[self.indent :] for line in rest)]
