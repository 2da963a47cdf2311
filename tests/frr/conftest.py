"""A network twice: in the twin's memory, and as FRR's daemons."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import frr_daemon
import pytest

from multihome.twin.config.draft import Draft
from multihome.twin.config.formats.set_format import Commands
from multihome.twin.config.inherit import effective
from multihome.twin.junos.reader.router import build
from multihome.twin.network import Network

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HERE = Path(__file__).parent
ARTICLE = HERE.parent / "render" / "golden"
"""What the project's templates make of the project's intent."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = frr_daemon.executable() is None
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
