"""A verb of `show` for each listing, made when `show` is first looked into."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from multihome.cli import completion
from multihome.cli.lines import print_line, print_table
from multihome.cli.options import Limit, chosen_routers
from multihome.cli.settings import settings_of
from multihome.errors import ExitCode, UsageError
from multihome.report.model import verdict_word
from multihome.values.grouping import Message, lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rich.table import Table

    from multihome.cli.settings import Settings
    from multihome.errors import DeviceError
    from multihome.runbook.looks import Look
    from multihome.state.listing import Listing

AsJson = Annotated[bool, typer.Option("--json", help="As JSON, on stdout.")]
Routers = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="ROUTER",
        help="Only these routers, groups or roles.",
        autocompletion=completion.choices,
        show_default=False,
    ),
]
Words = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="PREFIX|ROUTER",
        help="Only routes to this prefix or address; only these routers, groups or roles.",
        autocompletion=completion.choices,
        show_default=False,
    ),
]
TableName = Annotated[
    str | None,
    typer.Option(
        "--table",
        metavar="NAME",
        help="One table, such as inet.0 or ipvpn.inet.0.",
        envvar="MULTIHOME_TABLE",
    ),
]


class ListingGroup(TyperGroup):
    """The verbs that are written, and one for each listing that `state` declares."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401 - typer's own type is private
        """Every verb, those of listings too."""
        self._fill()
        return sorted(super().list_commands(ctx))

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401 - as above
        """One verb by its name; None if it does not exist."""
        self._fill()
        return super().get_command(ctx, cmd_name)

    def _fill(self) -> None:
        from multihome.state.listing import listings

        for verb, listing in listings().items():
            if verb not in self.commands:
                self.commands[verb] = get_command(_application(listing))


def _application(listing: Listing[Any]) -> typer.Typer:
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    make = _narrowed if listing.narrow else _whole
    app.command(listing.verb, help=listing.help)(make(listing))
    return app


def _whole(listing: Listing[Any]) -> Callable[..., int]:
    def show(
        ctx: typer.Context,
        routers: Routers = None,
        *,
        limit: Limit = None,
        as_json: AsJson = False,
    ) -> int:
        return _shown(ctx, listing, chosen_routers(ctx, routers, limit), as_json=as_json)

    return show


def _narrowed(listing: Listing[Any]) -> Callable[..., int]:
    def show(
        ctx: typer.Context,
        words: Words = None,
        *,
        table: TableName = None,
        limit: Limit = None,
        as_json: AsJson = False,
    ) -> int:
        from multihome.runbook.looks import is_destination

        prefixes = [word for word in words or () if is_destination(word)]
        if len(prefixes) > 1:
            raise UsageError(f"one prefix or address at a time, not {', '.join(prefixes)}")
        names = [word for word in words or () if word not in prefixes]
        routers = chosen_routers(ctx, names, limit)
        return _shown(ctx, listing, routers, table, *prefixes, as_json=as_json)

    return show


def _shown(
    ctx: typer.Context,
    listing: Listing[Any],
    routers: Iterable[str],
    table: str | None = None,
    destination: str | None = None,
    *,
    as_json: bool,
) -> int:
    from multihome.cli.context import open_workspace
    from multihome.runbook.looks import look
    from multihome.runbook.runs import fleet_of

    settings = settings_of(ctx)
    with fleet_of(open_workspace(settings, routers)) as fleet:
        found = look(fleet, listing, table, destination)
    return _print(found, settings, as_json=as_json)


def _print(look: Look, settings: Settings, *, as_json: bool) -> int:
    """Print rows; a router that did not answer is named, and makes the look incomplete."""
    if as_json:
        document = {
            "rows": look.records,
            "not_running": look.idle,
            "unknown": {error.router: error.reason for error in look.silent},
        }
        settings.screen.data(json.dumps(document, indent=2) + "\n")
    else:
        print_table(settings.screen.out, _table(look))
        for line in lines(Message(router, words) for router, words in look.idle.items()):
            print_line(settings.screen.err, line)
    return print_silent(look.silent, settings)


def print_silent(errors: Iterable[DeviceError], settings: Settings) -> int:
    """Name the routers that did not answer, those with one reason together; the exit code."""
    found = tuple(errors)
    for code in dict.fromkeys(error.exit_code for error in found):
        same = (Message(each.router, each.reason) for each in found if each.exit_code is code)
        for line in lines(same):
            print_line(settings.screen.err, f"{verdict_word(code)} {line}", style="red")
    return ExitCode.worst(error.exit_code for error in found)


def _table(look: Look) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for column in look.columns:
        table.add_column(column, overflow="fold")
    for row in look.rows:
        table.add_row(*(Text(cell) for cell in row))
    return table
