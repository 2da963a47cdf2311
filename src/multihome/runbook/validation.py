"""Every file of a project, judged offline: all errors of all files at once.

Inventory, intent, templates and checks are each read as far as they can be, also where another
of them is wrong. What may be meant and more often is a slip is a warning.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from multihome.check.catalogue import Names, load_catalogue, skipped
from multihome.check.contradiction import contradictions
from multihome.errors import InvalidFile, UsageError
from multihome.intent.expect import STATES, NetworkState, expectations
from multihome.intent.load import doubts, load_intent
from multihome.inventory.targets import read_inventory
from multihome.render.render import render
from multihome.render.secrets import MissingSecrets, Secrets
from multihome.render.template import template_problems

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from multihome.errors import Problem
    from multihome.intent.model import Intent
    from multihome.intent.statement import Expectation
    from multihome.inventory.project import Project
    from multihome.inventory.targets import Inventory

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Validation:
    """What is wrong in a project's files, and what of them could be read."""

    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    inventory: Inventory | None = None
    intent: Intent | None = None
    catalogue: tuple[Expectation, ...] = ()

    def sound(self) -> tuple[Inventory, Intent]:
        """Inventory and intent; raises InvalidFile with every error of every file."""
        if self.errors or self.inventory is None or self.intent is None:
            raise InvalidFile(self.errors)
        return self.inventory, self.intent


@dataclass(slots=True)
class _Found:
    """Errors and warnings so far, each once."""

    errors: dict[Problem, None] = field(default_factory=dict)
    warnings: dict[Problem, None] = field(default_factory=dict)

    def read(self, function: Callable[[], T]) -> T | None:
        """What a reader yields; its complaints are kept."""
        try:
            return function()
        except InvalidFile as error:
            self.errors |= dict.fromkeys(error.problems)
        return None


class _Anything(Collection[str]):
    """Every name is in it: for checks whose inventory cannot be read."""

    def __contains__(self, _name: object) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def validate(project: Project, *, deep: bool = True, whole: bool = True) -> Validation:
    """Read everything, and judge what the files say of each other.

    `deep` also holds the checks against what the intent implies, in steady state and in each
    state that a check names; without it, that is left to the caller that derives the expectations.
    Without `whole`, only inventory and intent are read.
    """
    found = _Found()
    inventory = found.read(lambda: read_inventory(project))
    roles = inventory.roles if inventory is not None else None
    intent = found.read(lambda: load_intent(project.intent, roles))
    if not whole:
        return Validation(tuple(found.errors), (), inventory, intent)
    malformed = template_problems(project.templates)
    found.errors |= dict.fromkeys(malformed)
    if inventory is not None and intent is not None and not malformed:
        _render(project, inventory, intent, found)
    known: Collection[str] = inventory.names if inventory is not None else _Anything()
    catalogue = found.read(lambda: load_catalogue(project.checks, Names(known, STATES))) or ()
    if deep and intent is not None:
        found.errors |= dict.fromkeys(_contradictions(project, intent, catalogue))
    found.warnings |= dict.fromkeys(skipped(project.checks))
    if intent is not None:
        found.warnings |= dict.fromkeys(doubts(project.intent, intent))
    return Validation(tuple(found.errors), tuple(found.warnings), inventory, intent, catalogue)


def _render(project: Project, inventory: Inventory, intent: Intent, found: _Found) -> None:
    """Fill every template for every router; secrets are made up, nothing is kept."""
    for member in inventory.members:
        if member.name not in intent.routers:
            continue
        found.read(lambda name=member.name: _filled(project, intent, name))  # type: ignore[misc]


def _filled(project: Project, intent: Intent, router: str) -> None:
    secrets = Secrets({})
    while True:
        try:
            render(project, intent, router, secrets)
        except MissingSecrets as error:
            secrets |= Secrets.generated(error.names)
        else:
            return


def _contradictions(
    project: Project, intent: Intent, catalogue: Iterable[Expectation]
) -> Iterator[Problem]:
    checks = tuple(catalogue)
    named = {state for each in checks for state in each.when}
    for state in sorted({NetworkState.STEADY.value, *named} if checks else ()):
        try:
            implied = expectations(intent, state)
        except UsageError:
            continue  # of several sites, one is named when the state is asserted
        now = [each for each in checks if not each.when or state in each.when]
        yield from contradictions(now, implied, project.root)
