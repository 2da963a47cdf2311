"""What the shell may complete: names of the project at hand, of its runs and snapshots.

Only files are read, and a file that is wrong completes nothing: that is for the verb to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import typer

from multihome.errors import MultihomeError

if TYPE_CHECKING:
    from multihome.intent.site import Multihomed
    from multihome.inventory.project import Project

Complete: TypeAlias = Callable[[typer.Context, str], list[str]]


def starting(names: Callable[[typer.Context], Iterable[str]]) -> Complete:
    """The names that go on from what was typed."""

    def complete(ctx: typer.Context, incomplete: str) -> list[str]:
        try:
            return sorted({name for name in names(ctx) if name.startswith(incomplete)})
        except (MultihomeError, OSError):
            return []

    return complete


def _project(ctx: typer.Context) -> Project:
    """The project that the verb would use; `-i` counts if it comes before the verb."""
    from multihome.inventory.project import find_project

    given = ctx.find_root().params.get("inventory")
    return find_project(Path(given) if given else None)


def _routers(ctx: typer.Context) -> Iterable[str]:
    from multihome.inventory.targets import read_inventory

    return read_inventory(_project(ctx)).names


def _choices(ctx: typer.Context) -> Iterable[str]:
    from multihome.inventory.targets import read_inventory

    members = read_inventory(_project(ctx)).members
    return [word for each in members for word in (each.name, each.role.value, *each.groups)]


def _states(_: typer.Context) -> Iterable[str]:
    from multihome.intent.expect import STATES

    return STATES


def _kinds(_: typer.Context) -> Iterable[str]:
    from multihome.check.kinds.known import REGISTRY

    return [each.name for each in REGISTRY]


def _sites(ctx: typer.Context) -> Iterable[str]:
    return list(_multihomed(ctx))


def _legs(ctx: typer.Context) -> Iterable[str]:
    legs = (leg for site in _multihomed(ctx).values() for leg in site.legs)
    return [leg.cpe.router for leg in legs if leg.role == "backup"]


def _multihomed(ctx: typer.Context) -> Mapping[str, Multihomed]:
    from multihome.intent.load import load_intent
    from multihome.inventory.targets import read_inventory

    project = _project(ctx)
    intent = load_intent(project.intent, read_inventory(project).roles)
    return {name: site for _, name, site in intent.multihomed_sites()}


def _catalogue(ctx: typer.Context) -> Iterable[tuple[str, frozenset[str]]]:
    """Name and tags of every check of the catalogue."""
    from multihome.check.catalogue import Names, load_catalogue
    from multihome.intent.expect import STATES

    known = Names(list(_routers(ctx)), STATES)
    return [(each.name, each.tags) for each in load_catalogue(_project(ctx).checks, known)]


def _names(ctx: typer.Context) -> Iterable[str]:
    return [name for name, _ in _catalogue(ctx) if name]


def _tags(ctx: typer.Context) -> Iterable[str]:
    from multihome.intent.expect import expectations
    from multihome.intent.load import load_intent
    from multihome.inventory.targets import read_inventory

    project = _project(ctx)
    intent = load_intent(project.intent, read_inventory(project).roles)
    derived = [tag for each in expectations(intent) for tag in each.tags]
    return [*derived, *(tag for _, tags in _catalogue(ctx) for tag in tags)]


def _runs(_: typer.Context) -> Iterable[str]:
    from multihome.runbook.evidence import runs_folder

    return [path.name for path in runs_folder().glob("*-*-*") if path.is_dir()]


def _snapshots(_: typer.Context) -> Iterable[str]:
    from multihome.runbook.snapshots import known_snapshots

    return known_snapshots()


def _drills(ctx: typer.Context) -> Iterable[str]:
    from multihome.intent.load import load_intent
    from multihome.inventory.targets import read_inventory
    from multihome.runbook.drills import drills

    project = _project(ctx)
    return [
        each.name for each in drills(load_intent(project.intent, read_inventory(project).roles))
    ]


def _schemas(_: typer.Context) -> Iterable[str]:
    from multihome.runbook.schemas import SCHEMAS

    return SCHEMAS


routers = starting(_routers)
choices = starting(_choices)
states = starting(_states)
kinds = starting(_kinds)
sites = starting(_sites)
legs = starting(_legs)
names = starting(_names)
tags = starting(_tags)
runs = starting(_runs)
snapshots = starting(_snapshots)
schemas = starting(_schemas)
drills = starting(_drills)
