"""The `multihome` command: options in, exit code out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from multihome.cli.gate import gate
from multihome.cli.safe_stdout import drained, open_streams, replace_stdout
from multihome.cli.screen import Screen, complain, complain_internal, farewell
from multihome.cli.settings import Login, Settings
from multihome.cli.verbs import (
    adopt,
    after,
    before,
    change,
    check,
    demo,
    drill,
    looks,
    project,
    runs,
    snapshot,
    trust,
    validate,
)
from multihome.cli.verbs.lab import lab_app
from multihome.errors import ExitCode, MultihomeError, UsageError

app = typer.Typer(
    name="multihome",
    help="Change and prove a multihomed Juniper network without fear.",
    epilog="Exit codes: " + "; ".join(f"{code:d} {code.meaning}" for code in ExitCode) + ".",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

GLOBAL_FLAGS = frozenset({"--lab", "-v", "--verbose", "-q", "--quiet"})
GLOBAL_VALUES = frozenset(
    {
        "-i",
        "--inventory",
        "--log-file",
        "--max-reply",
        "--secrets",
        "--username",
        "--key",
        "--known-hosts",
    }
)
OnTwin = Annotated[
    bool,
    typer.Option("--lab", help="Talk to the running twin.", envvar="MULTIHOME_LAB"),
]
Inventory = Annotated[
    Path | None,
    typer.Option(
        "-i",
        "--inventory",
        metavar="DIR",
        help="The project: the folder that holds inventory/, templates/ and checks/.",
        envvar="MULTIHOME_INVENTORY",
    ),
]
SecretsFile = Annotated[
    Path | None,
    typer.Option(
        "--secrets",
        metavar="FILE",
        help="Values of the intent's keys; readable by you alone.",
        envvar="MULTIHOME_SECRETS",
    ),
]
Username = Annotated[
    str | None,
    typer.Option("--username", metavar="NAME", help="Who logs in.", envvar="MULTIHOME_USERNAME"),
]
Key = Annotated[
    Path | None,
    typer.Option("--key", metavar="FILE", help="A private key.", envvar="MULTIHOME_KEY"),
]
KnownHosts = Annotated[
    Path | None,
    typer.Option(
        "--known-hosts",
        metavar="FILE",
        help="Host keys that are trusted.",
        envvar="MULTIHOME_KNOWN_HOSTS",
    ),
]
Verbose = Annotated[
    bool, typer.Option("-v", "--verbose", help="Say more.", envvar="MULTIHOME_VERBOSE")
]
Quiet = Annotated[
    bool, typer.Option("-q", "--quiet", help="The verdict only.", envvar="MULTIHOME_QUIET")
]
LogFile = Annotated[
    Path | None,
    typer.Option(
        "--log-file", metavar="FILE", help="Write a log here.", envvar="MULTIHOME_LOG_FILE"
    ),
]
MaxReply = Annotated[
    str | None,
    typer.Option(
        "--max-reply",
        metavar="SIZE",
        help="The longest reply that is read, such as 64M or 1G.",
        envvar="MULTIHOME_MAX_REPLY",
    ),
]


def _tell_version(asked: bool) -> None:
    """What a report of a defect begins with."""
    if asked:
        from importlib.metadata import version

        typer.echo(f"multihome {version('multihome')}")
        raise typer.Exit


@app.callback()
def multihome(
    ctx: typer.Context,
    *,
    lab: OnTwin = False,
    inventory: Inventory = None,
    secrets: SecretsFile = None,
    username: Username = None,
    key: Key = None,
    known_hosts: KnownHosts = None,
    verbose: Verbose = False,
    quiet: Quiet = False,
    log_file: LogFile = None,
    max_reply: MaxReply = None,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_tell_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """Options that every verb shares; they may stand before or after the verb."""
    del version  # printed by its callback
    ctx.obj = Settings(
        lab=lab,
        project=inventory,
        secrets=secrets,
        login=Login(username, key, known_hosts),
        verbose=verbose,
        log_file=log_file,
        max_reply=max_reply,
        screen=Screen(quiet=quiet),
    )


app.add_typer(lab_app, name="lab")
for verbs in (
    demo,
    project,
    adopt,
    validate,
    before,
    trust,
    change,
    after,
    runs,
    check,
    snapshot,
    drill,
    looks,
):
    verbs.register(app)


def hoist(words: list[str]) -> list[str]:
    """Move the shared options before the verb, so that they may be typed anywhere."""
    front: list[str] = []
    rest: list[str] = []
    queue = iter(words)
    for word in queue:
        if word == "--":
            rest += [word, *queue]
        elif word in GLOBAL_FLAGS or word.partition("=")[0] in GLOBAL_VALUES - {word}:
            front.append(word)
        elif word in GLOBAL_VALUES:
            front += [word, *([value] if (value := next(queue, None)) is not None else [])]
        else:
            rest.append(word)
    return front + rest


def run(words: list[str]) -> int:
    """Run one command line; the exit code, never an exception."""
    with gate():
        return _run(words)


def _run(words: list[str]) -> int:
    try:
        outcome = app(args=hoist(words), prog_name="multihome", standalone_mode=False)
    except MultihomeError as error:
        code = complain(error)
    except TyperException as error:
        code = _usage(error)
    except (KeyboardInterrupt, typer.Abort):
        code = farewell(ExitCode.INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - the last line of defence: no user sees a traceback
        code = complain_internal(error)
    else:
        code = int(outcome or 0)
    return code


def _usage(error: TyperException) -> int:
    """Typer's own words; how its errors print themselves is not in its types."""
    show = getattr(error, "show", None)
    if callable(show):
        show()
    return farewell(ExitCode.USAGE)


def main() -> None:
    """The console script."""
    open_streams()
    outlet = replace_stdout()
    code = run(sys.argv[1:])
    if complaint := drained(outlet):
        with gate():
            code = complain(UsageError(complaint), code)
    sys.exit(code)
