"""All routers of a lab behind their SSH servers: one event loop, in a thread of its own.

Another thread that looks at the network or breaks it does so through
`Farm.call`, which runs on the loop; so the twin itself needs no locks.
"""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import asyncssh

from multihome.twin.server.gate import Gate
from multihome.twin.server.pump import Pump
from multihome.twin.server.ssh import Login

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from multihome.twin.chassis import Chassis
    from multihome.twin.journal import Journal
    from multihome.twin.network import Network
    from multihome.twin.server.gate import Credentials

T = TypeVar("T")

LOOPBACK = "127.0.0.1"
START_LIMIT = 60.0
"""Seconds that a thousand routers may take to listen."""
CALL_LIMIT = 120.0
"""Seconds that a call from another thread may take, convergence included."""
STOP_LIMIT = 2.0
"""Seconds that clients are given to notice that their router is gone."""
KEEPALIVE = 15.0
"""Seconds after which a silent client is asked whether it lives; three silences end it."""
LOGIN_LIMIT = 60.0
"""Seconds that a client may take to authenticate."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where one router listens; `host_key` is its public key, as in `known_hosts`."""

    name: str
    host: str
    port: int
    host_key: str
    fingerprint: str


class Farm:
    """The servers of a lab; nothing listens before `start`, nothing after `stop`."""

    def __init__(
        self,
        network: Network,
        fleet: Sequence[Chassis],
        credentials: Credentials,
        journal: Journal,
        host: str = LOOPBACK,
    ) -> None:
        self.network = network
        self.fleet = {chassis.name: chassis for chassis in fleet}
        self._journal = journal
        self._credentials = credentials
        self._host = host
        self._endpoints: tuple[Endpoint, ...] = ()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop
        self._pump: Pump
        self._gates: dict[str, Gate]
        self._ended: asyncio.Event

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Where each router listens."""
        return self._endpoints

    def start(self, speed: float | None) -> None:
        """Listen on every router's port; raises OSError if that cannot be."""
        ready: Future[None] = Future()
        self._thread = threading.Thread(
            target=self._run, args=(ready, speed), name="twin", daemon=True
        )
        self._thread.start()
        try:
            ready.result(START_LIMIT)
        except BaseException:
            self._thread = None  # it has ended, or is not to be waited for
            raise

    def stop(self) -> None:
        """Close every session and every port. Harmless twice."""
        if self._thread is not None:
            self._loop.call_soon_threadsafe(self._ended.set)
            self._thread.join()
            self._thread = None

    def call(self, action: Callable[[], T], limit: float = CALL_LIMIT) -> T:
        """Run `action` between two requests, at the present moment; its result or exception."""
        outcome: Future[T] = Future()

        def run() -> None:
            try:
                self._pump.catch_up()
                outcome.set_result(action())
            except BaseException as error:  # noqa: BLE001 - it belongs to the caller's thread
                outcome.set_exception(error)
            finally:
                self._pump.arm()

        self._loop.call_soon_threadsafe(run)
        try:
            return outcome.result(limit)
        except TimeoutError as error:
            raise TimeoutError(f"the network was busy for more than {limit:g} s") from error

    @property
    def speed(self) -> float | None:
        """Simulated seconds per real second; None: time does not pass unless advanced."""
        return self._pump.speed

    def set_speed(self, speed: float | None) -> None:
        """Change how fast time passes."""
        self.call(lambda: self._pump.set_speed(speed))

    def advance(self, seconds: float) -> None:
        """Let that much time pass at once."""
        self.call(lambda: self._pump.advance(seconds))

    def converge(self, limit: float) -> float:
        """Let time pass until the network is at rest; the simulated seconds it took."""

        def run() -> float:
            try:
                return self.network.converge(limit)
            finally:
                self._pump.resume()

        return self.call(run)

    def power_changed(self) -> None:
        """A router may have lost its power, or got it back; to be called inside `call`."""
        for gate in self._gates.values():
            gate.power_changed()

    # --- on the loop's thread ----------------------------------------------------------

    def _run(self, ready: Future[None], speed: float | None) -> None:
        try:
            asyncio.run(self._serve(ready, speed))
        except BaseException as error:  # noqa: BLE001 - the thread that started us must learn of it
            if not ready.done():
                ready.set_exception(error)

    async def _serve(self, ready: Future[None], speed: float | None) -> None:
        self._loop = asyncio.get_running_loop()
        self._ended = asyncio.Event()
        self._pump = Pump(self.network.clock, self._loop, self._event_failed)
        self._gates = {
            name: Gate(chassis, self._credentials, self._pump)
            for name, chassis in self.fleet.items()
        }
        listeners: list[asyncssh.SSHAcceptor] = []
        try:
            for gate in self._gates.values():
                listeners.append(await self._listen(gate))  # noqa: PERF401 - each is to be closed
            self._pump.set_speed(speed)
            ready.set_result(None)
            await self._ended.wait()
        finally:
            self._pump.stop()
            for listener in listeners:
                listener.close()
            await _disconnect([conn for gate in self._gates.values() for conn in gate.connections])

    async def _listen(self, gate: Gate) -> asyncssh.SSHAcceptor:
        key = asyncssh.generate_private_key("ssh-ed25519")
        listener = await asyncssh.create_server(
            lambda: Login(gate),
            self._host,
            0,
            server_host_keys=[key],
            encoding=None,
            allow_scp=False,
            agent_forwarding=False,
            compression_algs=None,
            keepalive_interval=KEEPALIVE,
            login_timeout=LOGIN_LIMIT,
            gss_host=None,
        )
        public = key.convert_to_public()
        endpoint = Endpoint(
            gate.chassis.name,
            self._host,
            listener.get_port(),
            public.export_public_key().decode().strip(),
            public.get_fingerprint(),
        )
        self._endpoints = (*self._endpoints, endpoint)
        return listener

    def _event_failed(self) -> None:
        """An event of the network raised: note it where the operator of the lab looks."""
        self._journal.write_failure("", "an event of the network")


async def _disconnect(connections: Sequence[asyncssh.SSHServerConnection]) -> None:
    """End every connection, and wait a little for the ends to be noticed."""
    for connection in connections:
        connection.close()
    waits = [asyncio.ensure_future(connection.wait_closed()) for connection in connections]
    if waits:
        await asyncio.wait(waits, timeout=STOP_LIMIT)
