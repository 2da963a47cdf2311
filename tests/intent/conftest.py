"""The project's own intent: as text to mutate, and as it is read."""

from collections.abc import Callable

import pytest

from multihome.intent.load import load_intent
from multihome.intent.model import Intent
from multihome.inventory.project import default_project
from multihome.inventory.role import Role
from multihome.inventory.targets import read_inventory

Load = Callable[[str], Intent]


@pytest.fixture(scope="session")
def source() -> str:
    return default_project().intent.read_text()


@pytest.fixture(scope="session")
def roles() -> dict[str, Role]:
    return dict(read_inventory(default_project()).roles)


@pytest.fixture(scope="session")
def load(roles: dict[str, Role], tmp_path_factory: pytest.TempPathFactory) -> Load:
    folder = tmp_path_factory.mktemp("intent")

    def loaded(text: str, known: dict[str, Role] | None = None) -> Intent:
        path = folder / "ipvpn.yaml"
        path.write_text(text)
        return load_intent(path, roles if known is None else known)

    return loaded


@pytest.fixture(scope="session")
def intent(source: str, load: Load) -> Intent:
    return load(source)
