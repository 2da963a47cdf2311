"""A network twice: in the twin's memory, and as FRR's daemons."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from multihome.twin.config.draft import Draft
from multihome.twin.config.inherit import effective
from multihome.twin.config.set_format import Commands
from multihome.twin.junos.build.router import build
from multihome.twin.network import Network

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HERE = Path(__file__).parent
MODULES = (
    *("frr_statements", "frr_policy", "frr_world", "frr_config"),
    *("frr_daemon", "frr_compare", "frr_draw"),
)
ARTICLE = HERE.parent / "render" / "golden"
"""What the project's templates make of the project's intent."""


def _load(name: str) -> None:
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)


for each in MODULES:
    _load(each)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = sys.modules["frr_daemon"].executable() is None
    skip = pytest.mark.skip(reason="no bgpd of Debian's frr here (apt-get install frr)")
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.frr)
            if missing:
                item.add_marker(skip)


@pytest.fixture(scope="session")
def article() -> dict[str, str]:
    """The set commands of every router of the article's network."""
    return {path.stem: path.read_text() for path in sorted(ARTICLE.glob("*.set"))}


@pytest.fixture(scope="session")
def twin() -> Callable[[Mapping[str, str]], Network]:
    """A network in the twin, at rest."""

    def of(texts: Mapping[str, str]) -> Network:
        network = Network()
        for name, text in texts.items():
            draft = Draft()
            problems = Commands(draft).run(text)
            assert not problems, (name, problems)
            network.add(name, build(effective(draft.finish()))[""])
        network.converge()
        return network

    return of
