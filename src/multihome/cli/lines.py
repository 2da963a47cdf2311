"""Long lines, broken where the screen ends and set off from those that follow."""

from __future__ import annotations

import sys
import textwrap
from typing import TYPE_CHECKING

from multihome.report.text import safe
from multihome.values.redaction import redact

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table


def print_line(console: Console, text: str, *, style: str = "", indent: int = 4) -> None:
    """One line of text; what does not fit goes on below, further in. No word is broken."""
    for part in textwrap.wrap(
        safe(redact(text)),
        console.width,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    ):
        print_as_is(console, part, style=style)


def print_as_is(console: Console, line: str, *, style: str = "") -> None:
    """A line that is laid out already, perhaps to be copied: never broken."""
    console.print(line, style=style, markup=False, highlight=False, soft_wrap=True)


def print_table(console: Console, table: Table) -> None:
    """A table; where the screen is too narrow for its words, each row as lines of its own."""
    from rich.measure import Measurement

    unlimited = console.options.update(width=sys.maxsize)
    if Measurement.get(console, unlimited, table).minimum <= console.width:
        console.print(table)
        return
    headings = [str(column.header) for column in table.columns]
    for row in zip(*(column.cells for column in table.columns), strict=True):
        for heading, cell in zip(headings, row, strict=True):
            if words := str(cell):
                print_line(console, f"{heading}: {words}" if heading else words)
        print_as_is(console, "")
