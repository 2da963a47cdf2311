"""Options that several verbs share."""

from __future__ import annotations

from typing import Annotated

import typer

from multihome.cli import completion

Limit = Annotated[
    list[str] | None,
    typer.Option(
        "-l",
        "--limit",
        metavar="NAME",
        help="Only this router, group or role; may be given more than once.",
        envvar="MULTIHOME_LIMIT",
        autocompletion=completion.choices,
    ),
]
State = Annotated[
    str,
    typer.Option(
        metavar="STATE",
        help="The network state to assert; `checks states` lists them.",
        envvar="MULTIHOME_STATE",
        autocompletion=completion.states,
    ),
]
Site = Annotated[
    str | None,
    typer.Option(
        metavar="SITE",
        help="The multihomed site the state is about.",
        envvar="MULTIHOME_SITE",
        autocompletion=completion.sites,
    ),
]
Leg = Annotated[
    str | None,
    typer.Option(
        metavar="CPE",
        help="The backup leg the state is about, by its CPE; the first one unless given.",
        envvar="MULTIHOME_LEG",
        autocompletion=completion.legs,
    ),
]
Tags = Annotated[
    list[str] | None,
    typer.Option(
        "--tags",
        metavar="TAG",
        help="Only checks with this tag; may be given more than once.",
        envvar="MULTIHOME_TAGS",
        autocompletion=completion.tags,
    ),
]
Yes = Annotated[
    bool,
    typer.Option(
        "--yes",
        "-y",
        help="Do not ask for confirmation; on the twin no verb asks.",
        envvar="MULTIHOME_YES",
    ),
]
Wait = Annotated[
    str | None,
    typer.Option(
        metavar="TIME", help="How long checks may take to become true.", envvar="MULTIHOME_WAIT"
    ),
]


def chosen_routers(
    ctx: typer.Context, named: list[str] | None, limit: list[str] | None
) -> tuple[str, ...]:
    """Routers named as arguments together with `-l`; arguments count for more than the environment."""
    source = ctx.get_parameter_source("limit")
    if named and source is not None and source.name == "ENVIRONMENT":
        limit = None
    return tuple(dict.fromkeys((*(named or ()), *(limit or ()))))
