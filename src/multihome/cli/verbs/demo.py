"""The whole story on a twin of its own: `demo` from factory-fresh routers, `rehearse` from real ones."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from multihome.cli import completion
from multihome.cli.reports import Reports, ended, reporting
from multihome.cli.screen import Screen
from multihome.cli.settings import Settings, settings_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.lab.order import RouterOrder
    from multihome.lab.process import Lab
    from multihome.report.model import Run
Drills = Annotated[
    list[str] | None,
    typer.Option(
        "--drill",
        metavar="NAME",
        help="Instead of the first leg's session; may be given more than once.",
        autocompletion=completion.drills,
        envvar="MULTIHOME_DRILL",
    ),
]


def register(app: typer.Typer) -> None:
    """Mount these verbs."""
    app.command()(demo)
    app.command()(rehearse)


@reporting
def demo(
    ctx: typer.Context,
    *,
    reports: Reports,
) -> int:
    """See the whole story on virtual routers, in seconds.

    Boot them, deploy the service, verify it, fail it over, and give a verdict.
    """
    from multihome.cli.context import lab_workspace
    from multihome.cli.verbs.story import Story
    from multihome.intent.load import load_intent
    from multihome.inventory.project import find_project
    from multihome.inventory.targets import read_inventory
    from multihome.lab.order import fresh

    settings = _told(settings_of(ctx), reports)
    project = find_project(settings.project)
    inventory = read_inventory(project)
    load_intent(project.intent, inventory.roles)
    orders = fresh(inventory.names)
    settings.screen.step(f"1. Boot {len(orders)} virtual Junos routers, factory-fresh")
    with _own_lab(orders, settings) as lab:
        run = Story(lab_workspace(project, lab), settings, lab.set_speed).tell()
    return _end(run, settings, reports)


@reporting
def rehearse(
    ctx: typer.Context,
    *,
    drill: Drills = None,
    reports: Reports,
) -> int:
    """Try tonight's change and its drills on a twin.

    It boots with the routers' running configurations.
    """
    from multihome.cli.context import on_twin, open_workspace
    from multihome.cli.verbs.story import Story
    from multihome.lab.order import RouterOrder
    from multihome.runbook.running import running_configurations

    settings = _told(settings_of(ctx), reports)
    workspace = open_workspace(settings)
    running = running_configurations(workspace, settings.listeners())
    orders = tuple(RouterOrder(name, text, "text") for name, text in running.items())
    settings.screen.step(f"1. Boot {len(orders)} virtual routers with running configurations")
    with _own_lab(orders, settings) as lab:
        twin = on_twin(workspace, lab)
        run = Story(twin, settings, lab.set_speed, tuple(drill or ()), verb="rehearse").tell()
    return _end(run, settings, reports)


def _told(settings: Settings, reports: Reports) -> Settings:
    """The story goes to stderr where a report has stdout to itself."""
    if not reports.on_stdout:
        return settings
    return replace(settings, screen=Screen(quiet=settings.screen.quiet, aside=True))


def _end(run: Run, settings: Settings, reports: Reports) -> int:
    """The reports, then the verdict as the last line."""
    from multihome.report.console import verdict

    failure = reports.write(run)
    settings.screen.out.print(verdict(run), highlight=False, soft_wrap=True)
    return ended(run, failure)


@contextmanager
def _own_lab(orders: tuple[RouterOrder, ...], settings: Settings) -> Iterator[Lab]:
    """A twin for this run alone, beside any in the background; gone when it ends, however it does."""
    from multihome.lab import process
    from multihome.lab.order import Order

    with tempfile.TemporaryDirectory(prefix="multihome-twin-") as folder:
        place = Path(folder)
        try:
            lab = process.start(Order(orders, owner=os.getpid()), place)
            for router in lab.routers:
                settings.screen.say(
                    f"  {router.name:<8} {router.host}:{router.port}  {router.fingerprint}"
                )
            yield lab
        finally:
            process.stop(place)
