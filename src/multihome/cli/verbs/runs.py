"""The verb for the folder of runs: what is in it, and pruning it."""

from __future__ import annotations

from datetime import datetime, timedelta
from textwrap import shorten
from typing import TYPE_CHECKING, Annotated

import typer

from multihome.cli.duration import seconds
from multihome.cli.lines import print_line, print_table
from multihome.cli.options import Yes
from multihome.cli.prompt import agreed
from multihome.cli.settings import Settings, settings_of
from multihome.cli.sizes import size_in_bytes, size_in_words
from multihome.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from multihome.runbook.pruning import Store, StoredRun

runs_app = typer.Typer(name="runs", help="The runs that are kept here, and pruning them.")
OlderThan = Annotated[
    str | None,
    typer.Option(
        "--older-than",
        metavar="TIME",
        help="Delete runs that began longer ago, such as 30d.",
        envvar="MULTIHOME_OLDER_THAN",
    ),
]
KeepSize = Annotated[
    str | None,
    typer.Option(
        "--keep-size",
        metavar="SIZE",
        help="Delete the oldest runs until the folder is no larger, such as 1G.",
        envvar="MULTIHOME_KEEP_SIZE",
    ),
]
DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run", help="Say what would go; delete nothing.", envvar="MULTIHOME_DRY_RUN"
    ),
]
BESIDE = 60
"""Columns that a run's other words take in the list."""
MIN_TEXT = 20


def register(app: typer.Typer) -> None:
    """Mount these verbs."""
    app.add_typer(runs_app)


@runs_app.callback(invoke_without_command=True)
def runs(ctx: typer.Context) -> None:
    """The runs that are kept here, how large each is, and pruning them."""
    if ctx.invoked_subcommand is None:
        _list(_store(), settings_of(ctx))


@runs_app.command()
def prune(
    ctx: typer.Context,
    *,
    older_than: OlderThan = None,
    keep_size: KeepSize = None,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> int:
    """Delete runs by age or by size.

    A run that is not finished, or that still runs, stays; so do snapshots.
    """
    from multihome.runbook.pruning import expendable, remove

    if older_than is None and keep_size is None:
        raise UsageError("say which runs may go: --older-than 30d, --keep-size 1G, or both")
    age = None if older_than is None else timedelta(seconds=seconds("--older-than", older_than))
    size = None if keep_size is None else size_in_bytes("--keep-size", keep_size)
    settings, store = settings_of(ctx), _store()
    gone = expendable(store, datetime.now().astimezone(), older_than=age, keep_size=size)
    freed = sum(each.size for each in gone)
    _table(gone, settings)
    _say_what_stays(store, size, freed, settings)
    words = f"{_count(gone)}, {size_in_words(freed)} of {size_in_words(store.size)}"
    if not gone or dry_run:
        settings.screen.out.print(f"would delete {words}" if gone else "no run to delete")
        return ExitCode.PROVEN
    if not agreed(settings, f"delete {words}?", yes=yes):
        settings.screen.out.print("nothing was deleted")
        return ExitCode.PROVEN
    if stayed := remove(gone):
        raise UsageError("\n".join(f"cannot delete {each.path}: {why}" for each, why in stayed))
    settings.screen.out.print(f"deleted {words}")
    return ExitCode.PROVEN


def _store() -> Store:
    from multihome.runbook.evidence import runs_folder
    from multihome.runbook.pruning import stored

    return stored(runs_folder())


def _list(store: Store, settings: Settings) -> None:
    _table(store.runs, settings)
    out = settings.screen.out
    besides = (
        f", {size_in_words(store.besides)} of it snapshots and others" if store.besides else ""
    )
    print_line(out, f"{_count(store.runs)}, {size_in_words(store.size)} in {store.path}{besides}")
    if needed := [each.run for each in store.runs if each.needed]:
        print_line(
            out, f"not finished: {', '.join(needed)}; `multihome status RUN` says what to do"
        )


def _say_what_stays(store: Store, size: int | None, freed: int, settings: Settings) -> None:
    """Why the folder is larger than it was asked to be."""
    if size is None or store.size - freed <= size:
        return
    left = size_in_words(store.size - freed)
    needed = [f"{each.run} ({each.needed})" for each in store.runs if each.needed]
    also = f"; these runs stay: {', '.join(needed)}" if needed else ""
    print_line(settings.screen.err, f"{left} are left{also}", style="yellow")


def _table(found: Iterable[StoredRun], settings: Settings) -> None:
    from rich.table import Table

    out = settings.screen.out
    table = Table("run", "began", "verb", "size", "how it ended", box=None, pad_edge=False)
    for each in found:
        ended = each.needed or each.ended
        table.add_row(
            each.run,
            f"{each.began:%Y-%m-%d %H:%M}",
            each.verb,
            size_in_words(each.size),
            shorten(ended, max(MIN_TEXT, out.width - BESIDE)),
        )
    if table.row_count:
        print_table(out, table)


def _count(found: Iterable[StoredRun]) -> str:
    count = len(list(found))
    return f"{count} run{'' if count == 1 else 's'}"
