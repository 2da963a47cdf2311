"""`multihome lab export`: the same network as a lab of real Junos."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from multihome.cli.lines import print_as_is
from multihome.cli.settings import settings_of
from multihome.errors import UsageError

if TYPE_CHECKING:
    from pydantic import SecretStr
Kind = Annotated[
    str,
    typer.Option(
        metavar="KIND",
        help="juniper_vjunosrouter, juniper_vmx or juniper_vsrx.",
        envvar="MULTIHOME_LAB_KIND",
    ),
]
Image = Annotated[
    str | None,
    typer.Option(
        metavar="IMAGE", help="The container image, with its tag.", envvar="MULTIHOME_LAB_IMAGE"
    ),
]
Name = Annotated[
    str,
    typer.Option(metavar="NAME", help="What the lab is called.", envvar="MULTIHOME_LAB_NAME"),
]
PublicKey = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Let in who has this OpenSSH key, as --username or admin.",
        envvar="MULTIHOME_LAB_PUBLIC_KEY",
    ),
]
WithPassword = Annotated[
    bool,
    typer.Option(
        "--with-password",
        help="Write MULTIHOME_PASSWORD into the startup configurations.",
        envvar="MULTIHOME_LAB_WITH_PASSWORD",
    ),
]


def register(lab_app: typer.Typer) -> None:
    """Put the verb under `lab`."""
    lab_app.command("export")(export)


def export(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to; made if need be.")],
    *,
    kind: Kind = "juniper_vjunosrouter",
    image: Image = None,
    name: Name = "multihome",
    public_key: PublicKey = None,
    with_password: WithPassword = False,
) -> None:
    """Write a containerlab topology of real Junos.

    For vJunos-router, vMX or vSRX, with the project that fits it. Nothing is started, and no router is asked.
    """
    from multihome.inventory.project import find_project
    from multihome.lab.export import Login, Wanted
    from multihome.lab.export import export as exported
    from multihome.lab.folder import read_source, read_text, write
    from multihome.lab.virtual import USERNAME, kind_of

    settings, chosen = settings_of(ctx), kind_of(kind)
    login = Login(
        settings.login.username or USERNAME,
        read_text(public_key) if public_key else None,
        _password() if with_password else None,
    )
    wanted = Wanted(name, chosen, image or f"{chosen.repository}:latest", login)
    made = exported(read_source(find_project(settings.project)), wanted)
    write(made, folder)
    said = [f"note: {note}" for note in made.notes]
    begin = folder / "README.md"
    for line in (*said, f"{folder} holds {name}.clab.yml and its project now; begin with {begin}"):
        print_as_is(settings.screen.err, line)


def _password() -> SecretStr:
    """From the environment, or from the terminal."""
    from pydantic import SecretStr

    from multihome.inventory.credentials import PASSWORD

    given = os.environ.get(PASSWORD)
    if not given and sys.stdin.isatty():
        given = typer.prompt("Password for the routers", hide_input=True, err=True)
    if not given:
        raise UsageError(f"--with-password: set {PASSWORD}")
    return SecretStr(given)
