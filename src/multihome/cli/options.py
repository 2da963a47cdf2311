"""Options that several verbs share."""

from __future__ import annotations

from typing import Annotated

import typer

Limit = Annotated[
    list[str] | None,
    typer.Option(
        "-l",
        "--limit",
        metavar="NAME",
        help="Only this router, group or role; may be given more than once.",
        envvar="MULTIHOME_LIMIT",
    ),
]
State = Annotated[
    str,
    typer.Option(help="The network state to assert.", envvar="MULTIHOME_STATE"),
]
Site = Annotated[
    str | None,
    typer.Option(help="The multihomed site the state is about.", envvar="MULTIHOME_SITE"),
]
Tags = Annotated[
    list[str] | None,
    typer.Option(
        "--tags", metavar="TAG", help="Only checks with this tag.", envvar="MULTIHOME_TAGS"
    ),
]
Wait = Annotated[
    float | None,
    typer.Option(
        metavar="SECONDS", help="How long checks may take to become true.", envvar="MULTIHOME_WAIT"
    ),
]
