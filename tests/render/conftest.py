"""The project's own intent and templates, with one known secret for every key."""

from collections.abc import Callable

import pytest
from pydantic import SecretStr

from multihome.intent.load import load_intent
from multihome.intent.model import Intent
from multihome.inventory.project import Project, default_project
from multihome.inventory.targets import read_inventory
from multihome.render.render import render
from multihome.render.rendered import Rendered
from multihome.render.secrets import Secrets

Render = Callable[..., Rendered]
NAMES = ("isis", "ldp", "ibgp", "pe-cpe", "cpe-cpe")


@pytest.fixture(scope="session")
def project() -> Project:
    return default_project()


@pytest.fixture(scope="session")
def intent(project: Project) -> Intent:
    return load_intent(project.intent, read_inventory(project).roles)


@pytest.fixture(scope="session")
def secrets() -> Secrets:
    return Secrets({name: SecretStr(f"the {name} key") for name in NAMES})


@pytest.fixture(scope="session")
def rendered(project: Project, intent: Intent, secrets: Secrets) -> Render:
    def of(router: str, logical_system: str | None = None) -> Rendered:
        return render(project, intent, router, secrets, logical_system=logical_system)

    return of
