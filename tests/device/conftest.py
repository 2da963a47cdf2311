"""A minimal NETCONF-over-SSH server: says what a test tells it to, stalls where it is told to."""

import asyncio
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import asyncssh
import pytest
from pydantic import SecretStr

from multihome.device.known_hosts import KnownHosts, record
from multihome.device.pyez import connect
from multihome.device.session import Timeouts
from multihome.device.transport import HostKey
from multihome.inventory.target import Target

PATIENT = Timeouts()
HELLO = (
    b'<hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><capabilities>'
    b"<capability>urn:ietf:params:netconf:base:1.0</capability>%s"
    b"</capabilities><session-id>4711</session-id></hello>]]>]]>"
)
BASE_11 = b"<capability>urn:ietf:params:netconf:base:1.1</capability>"
USER, PASSWORD = "lab", "open sesame"


@dataclass
class Script:
    """How the server behaves; `answer` gets a request's text and returns the reply's body."""

    answer: Callable[[str], bytes | None] = lambda _: b"<ok/>"
    stall: str = ""
    chunked: bool = False
    authorized: asyncssh.SSHKey | None = None
    requests: list[str] = field(default_factory=list)
    connections: list[asyncssh.SSHServerConnection] = field(default_factory=list)


class _Login(asyncssh.SSHServer):
    def __init__(self, script: Script):
        self._script = script

    def connection_made(self, conn):
        self._script.connections.append(conn)

    async def begin_auth(self, _username):
        if self._script.stall == "login":
            await asyncio.sleep(3600)
        return True

    def password_auth_supported(self):
        return True

    def validate_password(self, username, password):
        return (username, password) == (USER, PASSWORD)

    def public_key_auth_supported(self):
        return self._script.authorized is not None

    def validate_public_key(self, _username, key):
        return key.public_data == self._script.authorized.public_data


@dataclass
class Server:
    script: Script
    port: int
    key: asyncssh.SSHKey
    stop: Callable[[], None]

    def host_key(self) -> HostKey:
        return HostKey(self.key.get_algorithm(), self.key.public_data)

    def known(self) -> KnownHosts:
        return self._file_with(self.host_key())

    def _file_with(self, key) -> KnownHosts:
        path = self.folder / "known_hosts"
        record(path, "127.0.0.1", self.port, key)
        return KnownHosts.read(path)

    folder: Path = Path()

    def target(self, **changes) -> Target:
        facts = {
            "name": "juno",
            "host": "127.0.0.1",
            "port": self.port,
            "username": USER,
            "password": SecretStr(PASSWORD),
        }
        return Target(**{**facts, **changes})


async def _converse(process: asyncssh.SSHServerProcess, script: Script) -> None:
    if script.stall == "hello":
        await asyncio.sleep(3600)
    if script.stall == "hello without end":
        while not process.stdout.is_closing():
            process.stdout.write(b"<capability>x</capability>" * 1000)
            await process.stdout.drain()
        return
    process.stdout.write(HELLO % (BASE_11 if script.chunked else b""))
    buffer, chunked = b"", False
    while data := await process.stdin.read(65536):
        buffer += data
        end = b"\n##\n" if chunked else b"]]>]]>"
        while end in buffer:
            message, _, buffer = buffer.partition(end)
            text = re.sub(r"\n#\d+\n", "", message.decode())
            if "<nc:hello" in text:
                chunked = script.chunked
                end = b"\n##\n" if chunked else b"]]>]]>"
                continue
            if not await _reply(process, script, text, chunked):
                return
    process.exit(0)


async def _reply(process, script, text, chunked) -> bool:
    script.requests.append(text)
    if "close-session" in text:
        body = b"<ok/>"
    else:
        body = await asyncio.get_running_loop().run_in_executor(None, script.answer, text)
    if body is None:
        process.exit(1)
        return False
    number = re.search(r'message-id="([^"]*)"', text)[1].encode()
    if not body.startswith(b"RAW"):
        body = (
            b'<rpc-reply xmlns="urn:ietf:params:xml:ns:netconf:base:1.0" '
            b'xmlns:junos="http://xml.juniper.net/junos/18.1R1/junos" message-id="%s">%s</rpc-reply>'
            % (number, body)
        )
    body = body.removeprefix(b"RAW")
    process.stdout.write(b"\n#%d\n%s\n##\n" % (len(body), body) if chunked else body + b"]]>]]>")
    return True


def _serve(script: Script, folder: Path, algorithm: str) -> Server:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    key = asyncssh.generate_private_key(algorithm)

    async def start():
        return await asyncssh.listen(
            "127.0.0.1",
            0,
            server_factory=lambda: _Login(script),
            server_host_keys=[key],
            process_factory=lambda process: _converse(process, script),
            encoding=None,
            line_editor=False,
        )

    acceptor = asyncio.run_coroutine_threadsafe(start(), loop).result(10)

    async def shut():
        acceptor.close()
        for connection in script.connections:
            connection.abort()
        await asyncio.gather(*(c.wait_closed() for c in script.connections), return_exceptions=True)
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def stop():
        asyncio.run_coroutine_threadsafe(shut(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()

    return Server(script, acceptor.get_port(), key, stop, folder)


@pytest.fixture
def serve(tmp_path):
    """Start servers that end with the test: `serve(answer=..., stall=..., chunked=...)`."""
    servers = []

    def start(algorithm="ssh-ed25519", **script):
        server = _serve(Script(**script), tmp_path / str(len(servers)), algorithm)
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def session(serve):
    opened = []

    def start(answer, timeouts=PATIENT, **script):
        server = serve(answer=answer, **script)
        opened.append(connect(server.target(), known=server.known(), timeouts=timeouts))
        return opened[-1]

    yield start
    for each in opened:
        each.close()
