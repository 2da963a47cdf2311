"""`multihome lab`: the virtual routers as a background service."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from multihome.cli import completion
from multihome.cli.lines import print_table
from multihome.cli.settings import settings_of
from multihome.cli.verbs import export
from multihome.errors import UsageError
from multihome.lab import process
from multihome.lab.faults import FAULTS
from multihome.lab.order import Order, RouterOrder, fresh, from_folder, read_links
from multihome.lab.place import default_state_dir

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.table import Table

    from multihome.lab.place import LabRouter
    from multihome.lab.process import Lab

lab_app = typer.Typer(
    name="lab",
    help="Virtual routers on this machine: start, look, break, stop. Or real Junos: export.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
BY_HAND = "hand"
Routers = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="ROUTER",
        help="Which; without any, all of the inventory or of --configs.",
        autocompletion=completion.routers,
    ),
]
Configs = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="Boot one router per NAME.set, .conf, .xml or .json, configured as it says.",
        envvar="MULTIHOME_LAB_CONFIGS",
    ),
]
Links = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Links, a line each: ROUTER:INTERFACE ROUTER:INTERFACE. Without it, interfaces "
        "of one subnet and VLAN are linked.",
        envvar="MULTIHOME_LAB_LINKS",
    ),
]
Speed = Annotated[
    str,
    typer.Option(
        metavar="FACTOR",
        help="Simulated seconds per real second; 'hand': time passes only when advanced.",
        envvar="MULTIHOME_LAB_SPEED",
    ),
]
Cold = Annotated[
    bool,
    typer.Option(
        "--cold",
        help="Accept logins before convergence.",
        envvar="MULTIHOME_LAB_COLD",
    ),
]
StrictNetconf = Annotated[
    bool,
    typer.Option(
        "--strict-netconf",
        help="Offer NETCONF 1.1 as Junos does: only where rfc-compliant and version-1.1 "
        "are configured.",
        envvar="MULTIHOME_LAB_STRICT_NETCONF",
    ),
]


@lab_app.command()
def up(
    ctx: typer.Context,
    routers: Routers = None,
    *,
    configs: Configs = None,
    links: Links = None,
    speed: Speed = "1",
    cold: Cold = False,
    strict_netconf: StrictNetconf = False,
) -> None:
    """Start the lab in the background.

    Returns when every router answers.
    """
    orders = from_folder(configs) if configs else fresh(routers or _inventory(ctx))
    if configs and routers:
        orders = _chosen(orders, routers)
    cables = read_links(links, [order.name for order in orders]) if links else ()
    lab = process.start(
        Order(
            orders,
            cables,
            speed=_speed(speed),
            settle=not cold,
            always_chunked=not strict_netconf,
        )
    )
    screen = settings_of(ctx).screen
    if not screen.quiet:
        print_table(screen.err, _table(lab))
    for line in _not_acted_on(lab.routers):
        screen.err.print(line, highlight=False)
    screen.err.print(
        f"{len(lab.routers)} routers up; `multihome lab status --json` has their login",
        highlight=False,
    )


def _not_acted_on(routers: Iterable[LabRouter]) -> Iterator[str]:
    """One line for each router whose configuration the twin does not carry out in full."""
    for router in routers:
        counts = (
            (router.unknown, "unknown"),
            (router.unmodelled, "known and not modelled"),
        )
        words = ", ".join(f"{count} {what}" for count, what in counts if count)
        if words:
            yield (
                f"{router.name}: statements without effect here: {words}; "
                f"`multihome lab log {router.name}` names them"
            )


@lab_app.command()
def down(ctx: typer.Context) -> None:
    """Stop the lab and forget everything about it."""
    left = process.died()
    stopped = process.stop()
    words = "the lab is down" if stopped else "no lab is running"
    if left is not None and not stopped:
        words = f"the lab of process {left.pid} had died; its traces are gone now"
    settings_of(ctx).screen.err.print(words, highlight=False)


@lab_app.command()
def status(
    ctx: typer.Context,
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Everything another client needs, passwords included.")
    ] = False,
) -> None:
    """Which routers there are and how to reach them."""
    lab = _lab()
    if as_json:
        settings_of(ctx).screen.data(_document(lab))
    else:
        state = lab.status()
        screen = settings_of(ctx).screen
        print_table(screen.out, _table(lab))
        pace = "by hand" if state["speed"] is None else f"x{state['speed']:g}"
        screen.out.print(
            f"process {lab.record.pid}, since {lab.record.started}, "
            f"clock {state['clock']:.1f} s ({pace})",
            highlight=False,
        )
        for fault in state["faults"]:
            screen.out.print(f"broken: {fault}", highlight=False)


@lab_app.command()
def connect(
    ctx: typer.Context,
    router: Annotated[
        str,
        typer.Argument(
            metavar="ROUTER", help="To whose command line.", autocompletion=completion.routers
        ),
    ],
) -> int:
    """Log in to a router of the lab, with the system's ssh.

    The router's host key is checked, and the lab's own key logs in.
    """
    from multihome.lab.connect import connect as log_in

    del ctx
    return log_in(_lab(), router)


@lab_app.command(
    help="\n\n".join(
        ("Inject a fault that no configuration shows, or remove it.", *FAULTS.values())
    )
)
def fault(
    ctx: typer.Context,
    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND",
            help=f"{', '.join(FAULTS)}: see above.",
            autocompletion=completion.starting(lambda _: FAULTS),
        ),
    ],
    names: Annotated[
        list[str],
        typer.Argument(metavar="NAME", help="What: see above.", autocompletion=completion.routers),
    ],
    *,
    restore: Annotated[bool, typer.Option("--restore", help="Remove the fault.")] = False,
) -> None:
    """Break or restore; the help is made from the kinds that there are."""
    settings_of(ctx).screen.err.print(_lab().fault(kind, *names, on=not restore), highlight=False)


@lab_app.command()
def clock(
    ctx: typer.Context,
    speed: Annotated[
        str | None,
        typer.Option(metavar="FACTOR", help="Simulated seconds per real second, or 'hand'."),
    ] = None,
    advance: Annotated[
        float | None, typer.Option(metavar="SECONDS", help="Let so much time pass at once.")
    ] = None,
    *,
    converge: Annotated[
        bool, typer.Option("--converge", help="Let time pass until the network is at rest.")
    ] = False,
) -> None:
    """Read, speed up or move on the network's clock."""
    lab = _lab()
    if speed is not None:
        lab.set_speed(_speed(speed))
    if advance is not None:
        lab.advance(advance)
    screen = settings_of(ctx).screen
    if converge:
        screen.err.print(f"converged in {lab.converge():.1f} s", highlight=False)
    screen.out.print(f"{lab.status()['clock']:.3f}", highlight=False)


@lab_app.command()
def log(
    ctx: typer.Context,
    router: Annotated[
        str | None,
        typer.Argument(
            metavar="ROUTER", help="Lines of this router only.", autocompletion=completion.routers
        ),
    ] = None,
) -> None:
    """What happened, oldest first.

    Logins, commits, faults, and statements that are known and not modelled.
    """
    for line in _lab().log(router):
        settings_of(ctx).screen.data(f"{line}\n")


@lab_app.command()
def grammar(ctx: typer.Context) -> None:
    """The statements the virtual routers know.

    Those they act on, and those they accept and only keep.
    """
    from multihome.lab.grammar import statements

    modelled, kept = statements()
    for title, paths in (("modelled", modelled), ("known, not modelled", kept)):
        settings_of(ctx).screen.data("\n".join((f"# {title}", *paths, "")))


export.register(lab_app)


# --- what the verbs share --------------------------------------------------------------


def _lab() -> Lab:
    lab = process.running()
    if lab is not None:
        return lab
    left = process.died()
    if left is not None:
        raise UsageError(
            f"the lab of process {left.pid} has died or does not answer; `multihome lab down` "
            f"clears it away, {default_state_dir() / 'service.log'} may say why"
        )
    raise UsageError("no lab is running; `multihome lab up` starts one")


def _inventory(ctx: typer.Context) -> list[str]:
    """The routers of the project's inventory."""
    from multihome.inventory.facts import validated
    from multihome.inventory.project import find_project

    hosts, _, _ = validated(find_project(settings_of(ctx).project))
    return list(hosts)


def _chosen(orders: tuple[RouterOrder, ...], names: list[str]) -> tuple[RouterOrder, ...]:
    unknown = sorted(set(names) - {order.name for order in orders})
    if unknown:
        raise UsageError(f"no configuration of {', '.join(unknown)} in that folder")
    return tuple(order for order in orders if order.name in names)


def _speed(word: str) -> float | None:
    if word == BY_HAND:
        return None
    try:
        speed = float(word)
    except ValueError:
        speed = 0.0
    if not 0 < speed < float("inf"):
        raise UsageError(f"--speed {word}: expected a factor above 0, or {BY_HAND!r}")
    return speed


def _document(lab: Lab) -> str:
    routers = [asdict(router) for router in lab.routers]
    document = {
        "pid": lab.record.pid,
        "started": lab.record.started,
        "known_hosts": str(lab.known_hosts),
        "private_key": str(lab.private_key),
        **lab.status(),
        "routers": routers,
    }
    return json.dumps(document, indent=2) + "\n"


def _table(lab: Lab) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for column in ("router", "address", "host key"):
        table.add_column(column, overflow="fold")
    for router in lab.routers:
        table.add_row(router.name, f"{router.host}:{router.port}", router.fingerprint)
    return table
