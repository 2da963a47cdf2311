"""`multihome demo`: the whole story on a twin of its own, from factory-fresh routers to a verdict."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from multihome.cli.reports import Html, Json, Junit, Markdown, Reports
from multihome.cli.settings import Settings, settings_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.inventory.project import Project
    from multihome.lab.process import Lab


def register(app: typer.Typer) -> None:
    """Mount the verb."""
    app.command()(demo)


def demo(
    ctx: typer.Context,
    *,
    json_file: Json = None,
    junit: Junit = None,
    md: Markdown = None,
    html: Html = None,
) -> int:
    """Boot virtual routers, deploy the service, verify it, fail it over, and give a verdict."""
    from multihome.cli.context import lab_workspace  # noqa: PLC0415 - keeps --help quick
    from multihome.cli.story import Story  # noqa: PLC0415
    from multihome.inventory.project import find_project  # noqa: PLC0415
    from multihome.report.console import verdict  # noqa: PLC0415

    settings = settings_of(ctx)
    project = find_project(settings.project)
    with _own_lab(project, settings) as lab:
        run = Story(lab_workspace(project, lab), settings, lab.set_speed).tell()
    Reports(json_file, junit, md, html).write(run)
    settings.screen.out.print(verdict(run), highlight=False, soft_wrap=True)
    return int(run.exit_code)


@contextmanager
def _own_lab(project: Project, settings: Settings) -> Iterator[Lab]:
    """A twin for this demo alone, beside any that runs in the background; gone when it ends."""
    from multihome.inventory.targets import read_inventory  # noqa: PLC0415
    from multihome.lab import process  # noqa: PLC0415
    from multihome.lab.order import Order, fresh  # noqa: PLC0415

    names = read_inventory(project).names
    settings.screen.step(f"1. Boot {len(names)} virtual Junos routers, factory-fresh")
    with tempfile.TemporaryDirectory(prefix="multihome-demo-") as folder:
        place = Path(folder)
        try:
            lab = process.start(Order(fresh(names)), place)
            for router in lab.routers:
                settings.screen.say(
                    f"  {router.name:<8} {router.host}:{router.port}  {router.fingerprint}"
                )
            yield lab
        finally:
            process.stop(place)
