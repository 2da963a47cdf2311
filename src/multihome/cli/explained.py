"""One kind of check, explained on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.cli.lines import print_as_is, print_line

if TYPE_CHECKING:
    from rich.console import Console

    from multihome.check.guide import Guide

_COLUMN = 24


def print_guide(out: Console, found: Guide) -> None:
    """What it asserts, its keys, what it asks, an example to copy."""
    print_line(out, f"{found.name}: {found.summary}", style="bold", indent=2)
    for paragraph in found.description.split("\n\n"):
        if paragraph:
            out.print()
            print_line(out, paragraph, indent=0)
    _heading(out, "keys")
    for key, words in found.fields:
        print_line(out, f"  {key:<{_COLUMN - 2}} {words}", indent=_COLUMN + 1)
    for holders, keys in found.parts:
        _heading(out, f"keys of {holders}")
        for key, words in keys:
            print_line(out, f"  {key:<{_COLUMN - 2}} {words}", indent=_COLUMN + 1)
    _heading(out, "asks the router")
    for request in found.requests:
        print_line(out, f"  {request}")
    _heading(out, "example")
    for line in found.example.rstrip().splitlines():
        print_as_is(out, line)


def _heading(out: Console, text: str) -> None:
    out.print()
    print_line(out, text, style="bold")
