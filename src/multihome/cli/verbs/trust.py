"""`multihome trust`: the host keys that routers offer, against what is known of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from multihome.cli import completion
from multihome.cli.lines import print_as_is, print_line
from multihome.cli.options import Limit, chosen_routers
from multihome.cli.prompt import agreed
from multihome.cli.settings import settings_of
from multihome.cli.tables import print_silent
from multihome.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from multihome.cli.settings import Settings
    from multihome.runbook.keys import Offer

RouterNames = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="ROUTER",
        help="Whose host keys are to be trusted.",
        autocompletion=completion.routers,
    ),
]
Everyone = Annotated[bool, typer.Option("--all", help="Every router of the inventory.")]
Compared = Annotated[bool, typer.Option("--yes", "-y", help="The fingerprints have been compared.")]


def register(app: typer.Typer) -> None:
    """Mount this verb."""
    app.command()(trust)


def trust(
    ctx: typer.Context,
    routers: RouterNames = None,
    *,
    everyone: Everyone = False,
    limit: Limit = None,
    yes: Compared = False,
) -> int:
    """Show the host keys that routers offer, and record them.

    A router of which another key is known, or whose key is revoked, is never recorded: the line
    is named, and it must be deleted by hand first.
    """
    from multihome.cli.context import open_workspace
    from multihome.runbook.keys import offers, remember

    names = chosen_routers(ctx, routers, limit)
    if not names and not everyone:
        raise UsageError("name routers, or -l, or --all for every router of the inventory")
    settings = settings_of(ctx)
    targets = open_workspace(settings, () if everyone else names, ask=False).targets
    found = offers(targets.values())
    for each in found.offers:
        _show(each, settings)
    fresh = [each for each in found.offers if each.is_new]
    refused = [each.refusal for each in found.offers if each.refusal is not None]
    code = ExitCode(print_silent((*refused, *found.silent), settings))
    if not fresh:
        return code
    what = "this key" if len(fresh) == 1 else f"these {len(fresh)} keys"
    if not agreed(settings, f"Trust {what} from now on?", yes=yes):
        return ExitCode.worst((code, ExitCode.CHANGES_PENDING))
    files = dict.fromkeys(str(remember(each.target, each.key)) for each in fresh)
    print_line(settings.screen.err, f"recorded in {', '.join(files)}")
    return code


def _show(offer: Offer, settings: Settings) -> None:
    """Address, key, and what there is to compare it with."""
    screen, target = settings.screen.err, offer.target
    print_line(screen, f"{target.name} at {target.host}:{target.port} offers")
    print_as_is(screen, f"  {offer.key}")
    for line in offer.remarks:
        print_line(screen, f"  {line}", indent=4)
