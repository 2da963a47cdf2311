"""Verbs about the project's own files: init and render."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from multihome.cli import completion
from multihome.cli.settings import settings_of

if TYPE_CHECKING:
    from multihome.render.rendered import Rendered
Routers = Annotated[
    list[str] | None,
    typer.Argument(metavar="ROUTER", help="Without any: all.", autocompletion=completion.routers),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "-o",
        "--output",
        metavar="DIR",
        help="A file per router, secrets and all.",
        envvar="MULTIHOME_OUTPUT",
    ),
]


def register(app: typer.Typer) -> None:
    """Mount these verbs."""
    app.command()(init)
    app.command()(render)


def init(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to; made if need be.")],
) -> None:
    """Start a project of your own.

    Copies inventory, templates and checks into a folder.
    """
    from multihome.inventory.project import init_project

    project = init_project(folder)
    settings_of(ctx).screen.err.print(
        f"{project.root} holds inventory/, templates/ and checks/ now; "
        "begin with inventory/README.md",
        highlight=False,
        soft_wrap=True,
    )


def render(
    ctx: typer.Context,
    routers: Routers = None,
    *,
    output: Output = None,
) -> None:
    """Print the configuration of routers as `set` lines.

    Secrets are hidden, and no router is asked.
    """
    from multihome.cli.context import open_workspace
    from multihome.render.secrets import Secrets

    settings = settings_of(ctx)
    workspace = open_workspace(settings, routers or (), ask=False)
    if output is None:  # what is hidden need not be known
        made_up = Secrets.generated(workspace.missing_secrets())
        workspace = replace(workspace, secrets=made_up | workspace.secrets)
    for name in workspace.configured:
        rendered = workspace.rendered(name)
        if output is not None:
            file = _write(rendered, output)
            settings.screen.err.print(f"{file}: {len(rendered.statements)} lines", highlight=False)
        else:
            settings.screen.data("\n".join((f"# {name}", *rendered.redacted, "")))


def _write(rendered: Rendered, folder: Path) -> Path:
    """Readable by its owner alone, before there is anything in it."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{rendered.router}.set"
    file.touch(mode=0o600)
    file.write_text("\n".join((*rendered.statements, "")), encoding="utf-8")
    return file
