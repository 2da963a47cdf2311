"""What a change does to a router statement by statement, and what it leaves alone, for the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from multihome.cli.lines import print_line
from multihome.render.ownership.changes import Choice, path_of, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from multihome.cli.settings import Settings
    from multihome.render.ownership.changes import StatementChanges

FEW = 3
"""Foreign statements that are listed without `-v`."""
ADVICE = (
    "apply refuses until each conflict is decided: put it into the intent (adopt), leave it as it "
    "is (--exclude 'PATH'), or let ours replace it (--take-over 'PATH')"
)
TakeOver = Annotated[
    list[str] | None,
    typer.Option(
        "--take-over",
        metavar="PATH",
        help="Foreign statements at or below PATH are replaced by ours, or deleted.",
        envvar="MULTIHOME_TAKE_OVER",
    ),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option(
        "--exclude",
        metavar="PATH",
        help="Conflicts with foreign statements at or below PATH are accepted; theirs stay.",
        envvar="MULTIHOME_EXCLUDE",
    ),
]


def choice_of(take_over: Iterable[str] | None, exclude: Iterable[str] | None) -> Choice | None:
    """The operator's options; None if there are none."""
    taken, left = (tuple(map(path_of, paths or ())) for paths in (take_over, exclude))
    return Choice(taken, left) if taken or left else None


def show_statements(changes: StatementChanges | None, settings: Settings) -> None:
    """What one router's diff does not show by itself."""
    if changes is None or settings.screen.quiet:
        return
    for line, style in _lines(changes, everything=settings.verbose):
        print_line(settings.screen.out, line, style=style)


def show_advice(contradicted: Iterable[StatementChanges], settings: Settings) -> None:
    """What to do about conflicts, once."""
    if count := sum(len(changes.conflicts) for changes in contradicted):
        text = f"refused: {count} conflict{'s' if count > 1 else ''}; {ADVICE}"
        print_line(settings.screen.err, text, style="red")


def has_news(changes: StatementChanges | None) -> bool:
    """Whether there is anything to show beside the diff."""
    return changes is not None and bool(
        changes.activate or changes.conflicts or changes.unjudged or changes.foreign
    )


def _lines(changes: StatementChanges, *, everything: bool) -> Iterator[tuple[str, str]]:
    for path in changes.activate:
        yield f"  activate {path}", "green"
    yield from _listed("not ours, activated with it", changes.revived, everything=True)
    yield from _listed("taken over, deleted or replaced", changes.taken, everything=True)
    adopted = "equal to ours, recorded from now on"
    yield from _listed(adopted, changes.adopted, everything=everything)
    yield from _listed("not ours, left alone", changes.foreign, everything=everything)


def _listed(
    heading: str, statements: tuple[str, ...], *, everything: bool
) -> Iterator[tuple[str, str]]:
    """A heading with the number, and the statements if there are few or all are wanted."""
    if not statements:
        return
    count = len(statements)
    listed = everything or count <= FEW
    hint = "" if listed else " (-v lists them)"
    yield f"  {heading}: {count} statement{'s' if count > 1 else ''}{hint}", "bold"
    if listed:
        yield from ((f"    {shown(text)}", "") for text in statements)
