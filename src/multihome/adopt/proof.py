"""What a rendered intent and a found configuration have in common, and where they differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from multihome.render.ownership.record import MACRO
from multihome.render.ownership.statement import join, meaning, split
from multihome.values.redaction import redact

if TYPE_CHECKING:
    from pathlib import Path

    from multihome.adopt.source import Source
    from multihome.render.ownership.statement import Words
    from multihome.render.rendered import Rendered


@dataclass(frozen=True)
class LeftAlone:
    """A statement that the intent does not express."""

    file: Path
    line: int
    statement: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.statement}"


@dataclass(frozen=True)
class Proof:
    """One router, as it is found and as the intent would have it."""

    router: str
    missing: tuple[str, ...]
    """What would be added; secrets hidden."""
    left_alone: tuple[LeftAlone, ...]
    """What is there and not expressed; secrets hidden."""

    @property
    def equal(self) -> bool:
        """Whether everything that is rendered is there already, and in effect."""
        return not self.missing


def prove(source: Source, rendered: Rendered) -> Proof:
    """Compare one router's configuration with what is rendered for it.

    What is deactivated counts as missing, and is listed as left alone.
    """
    wanted = [split(line.removeprefix("set ")) for line in rendered.statements]
    active = {meaning(words) for _, words in source.lines if source.is_active(words)}
    ours = {meaning(words) for words in wanted}
    return Proof(
        source.router,
        tuple(_shown(words) for words in wanted if meaning(words) not in active),
        tuple(
            LeftAlone(source.file, line, _shown(words))
            for line, words in source.lines
            if meaning(words) not in ours or not source.is_active(words)
            if not (words[0] == MACRO and words[1:2] and words[1].startswith("multihome"))
        ),
    )


def _shown(words: Words) -> str:
    """As a `set` line: other teams' secrets are recognized by where they are."""
    return redact(f"set {join(words)}")
