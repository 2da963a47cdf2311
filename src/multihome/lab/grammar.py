"""What the twin's grammar knows, for people."""

from __future__ import annotations

from multihome.twin.config.grammar import junos


def statements() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The statements the twin acts on, and those it accepts and only keeps."""
    return tuple(junos.statements(modelled=True)), tuple(junos.statements(modelled=False))
