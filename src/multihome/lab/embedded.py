"""A lab inside this process, for tests: everything over real SSH, and the network within reach."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from multihome.lab.boot import boot
from multihome.lab.controller import Controller
from multihome.lab.place import Place, Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from multihome.lab.boot import Running
    from multihome.lab.order import Order
    from multihome.lab.place import LabRouter
    from multihome.twin.chassis import Chassis
    from multihome.twin.config.database import Database
    from multihome.twin.network import Network

T = TypeVar("T")


class EmbeddedLab(Controller):
    """The levers of a lab, and the twin behind them.

    Touch `network`, `chassis` and `database` only inside `call`: the servers run in a thread
    of their own.
    """

    def __init__(self, running: Running, place: Place) -> None:
        super().__init__(running)
        self._place = place

    @property
    def known_hosts(self) -> Path:
        """The routers' host keys, in OpenSSH's format."""
        return self._place.known_hosts

    @property
    def private_key(self) -> Path:
        """A key that every router accepts for the lab's user."""
        return self._place.private_key

    @property
    def network(self) -> Network:
        """The network itself."""
        return self._running.network

    def router(self, name: str) -> LabRouter:
        """How to reach one router."""
        return next(router for router in self.routers if router.name == name)

    def chassis(self, name: str) -> Chassis:
        """One router's chassis."""
        return self._farm.fleet[name]

    def database(self, name: str) -> Database:
        """One router's configuration."""
        return self.chassis(name).database

    def call(self, action: Callable[[], T]) -> T:
        """Run something on the twin's own thread, between two requests."""
        return self._farm.call(action)


@contextmanager
def embedded(order: Order) -> Iterator[EmbeddedLab]:
    """A lab for the body of the `with`; its files are in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="multihome-") as folder:
        place = Place(Path(folder))
        running = boot(order, place)
        try:
            place.write(Record(0, "", "", str(place.folder / "none"), running.routers))
            yield EmbeddedLab(running, place)
        finally:
            running.farm.stop()
