"""Opening a session: who is let in, who is refused, and that nothing hangs."""

import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress

import asyncssh
import pytest
from pydantic import SecretStr

from multihome.device import credentials
from multihome.device.known_hosts import HostKey, KnownHosts, record
from multihome.device.pyez import connect
from multihome.device.session import Timeouts
from multihome.device.transport import offered_key
from multihome.errors import AuthenticationFailed, HostKeyMismatch, Unreachable, UsageError

SOON = Timeouts(open=0.4)


def opened(server, known=None, timeouts=None, **changes):
    with connect(
        server.target(**changes), known=known or server.known(), timeouts=timeouts
    ) as session:
        return session.identity


@pytest.fixture
def stranger():
    """Somebody who takes a connection, and is no SSH server."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def turn_away():
            with suppress(OSError):
                while True:
                    listener.accept()[0].close()

        threading.Thread(target=turn_away, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("look", ["connect(target)", "offered_key(target, timeout=20)"])
def test_a_port_of_something_else_is_told_in_one_line_and_not_in_a_library_s_traceback(
    stranger, look
):
    """In a process of its own: what logs when nobody has set up logging shows only there."""
    code = (
        "import sys\n"
        "from multihome.errors import Unreachable\n"
        "from multihome.inventory.target import Target\n"
        f"from multihome.device.{'pyez' if 'connect' in look else 'transport'} import *\n"
        f"target = Target('juno', '127.0.0.1', 'lab', {stranger})\n"
        f"try: {look}\n"
        "except Unreachable as error: print(error, file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"juno: 127.0.0.1:{stranger} answers, but no SSH comes of it")
    assert "is it the NETCONF port?" in line


@pytest.mark.parametrize("algorithm", ["ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa"])
def test_a_known_host_key_of_any_kind_is_accepted(serve, algorithm):
    assert opened(serve(algorithm)) == "4711"


def test_an_unknown_host_key_is_refused_with_its_fingerprint_and_what_to_do(serve):
    server = serve()
    with pytest.raises(HostKeyMismatch) as caught:
        opened(server, known=KnownHosts())
    text = str(caught.value)
    assert "is not known" in text
    assert server.key.get_fingerprint() in text
    assert "multihome trust juno" in text


def test_a_changed_host_key_is_refused_with_both_fingerprints_and_the_line(serve, tmp_path):
    server, other = serve(), asyncssh.generate_private_key("ssh-ed25519")
    path = tmp_path / "known"
    record(path, "127.0.0.1", server.port, HostKey("ssh-ed25519", other.public_data))
    with pytest.raises(HostKeyMismatch) as caught:
        opened(server, known=KnownHosts.read(path))
    text = str(caught.value)
    assert "HAS CHANGED" in text
    assert server.key.get_fingerprint() in text
    assert other.get_fingerprint() in text
    assert f"line 1) of {path}" in text


def test_a_host_key_of_another_kind_than_the_known_one_has_changed(serve, tmp_path):
    server, other = serve("ecdsa-sha2-nistp256"), asyncssh.generate_private_key("ssh-ed25519")
    path = tmp_path / "known"
    record(path, "127.0.0.1", server.port, HostKey("ssh-ed25519", other.public_data))
    with pytest.raises(HostKeyMismatch, match="HAS CHANGED"):
        opened(server, known=KnownHosts.read(path))


def test_the_offered_key_is_shown_without_a_login(serve):
    server = serve(stall="login")
    assert str(offered_key(server.target(), timeout=60)).endswith(server.key.get_fingerprint())


def test_a_wrong_password_is_told_and_not_repeated(serve):
    with pytest.raises(AuthenticationFailed, match="user 'lab' was refused") as caught:
        opened(serve(), password=SecretStr("canary"))
    assert "canary" not in str(caught.value)


def test_a_key_file_logs_in_without_the_password(serve, tmp_path):
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(tmp_path / "id")
    server = serve(authorized=key)
    assert opened(server, password=None, key_file=tmp_path / "id") == "4711"


def test_an_encrypted_key_is_opened_with_the_password(serve, tmp_path):
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(tmp_path / "id", passphrase="letmein", rounds=51)
    server = serve(authorized=key)
    assert opened(server, password=SecretStr("letmein"), key_file=tmp_path / "id") == "4711"


def test_a_refused_key_leaves_the_password_to_be_tried(serve, tmp_path):
    asyncssh.generate_private_key("ssh-ed25519").write_private_key(tmp_path / "id")
    server = serve(authorized=asyncssh.generate_private_key("ssh-ed25519"))
    assert opened(server, key_file=tmp_path / "id") == "4711"


def test_a_key_is_read_once(serve, tmp_path, monkeypatch):
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(tmp_path / "id")
    reads = []
    read = credentials._read_key
    monkeypatch.setattr(credentials, "_read_key", lambda *args: reads.append(1) or read(*args))
    server = serve(authorized=key)
    known = server.known()
    for _ in range(3):
        opened(server, known=known, password=None, key_file=tmp_path / "id")
    assert len(reads) == 1


@pytest.mark.parametrize("content", [None, "this is no key"], ids=["missing", "garbage"])
def test_a_key_file_that_cannot_be_used_is_a_usage_error(serve, tmp_path, content):
    path = tmp_path / "id"
    if content:
        path.write_text(content)
    with pytest.raises(UsageError, match=f"key file {path}"):
        opened(serve(), key_file=path)


def test_without_password_and_key_only_the_agent_and_default_keys_are_offered(
    serve, tmp_path, monkeypatch
):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    with pytest.raises(AuthenticationFailed, match="nothing: no password, no key, no agent"):
        opened(serve(), password=None)
    (tmp_path / ".ssh").mkdir()
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(tmp_path / ".ssh" / "id_ed25519")
    assert opened(serve(authorized=key), password=None) == "4711"


def test_ssh_config_cannot_send_a_session_elsewhere(serve, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".ssh").mkdir()
    (tmp_path / ".ssh" / "config").write_text(
        "Host *\n  Port 9\n  User nobody\n  ProxyCommand false\n"
    )
    assert opened(serve()) == "4711"


def test_ipv6_and_names_are_addresses_too(serve):
    server = serve()
    assert opened(server, host="localhost", known=_trusting(server, "localhost")) == "4711"
    with pytest.raises(Unreachable):
        opened(server, host="::1", timeouts=SOON)


def _trusting(server, host):
    path = server.folder / f"known_{host}"
    record(path, host, server.port, server.host_key())
    return KnownHosts.read(path)


def test_a_name_that_does_not_resolve_is_told_as_such(serve):
    with pytest.raises(Unreachable, match=r"the name 'no-such-host\.invalid' does not resolve"):
        opened(serve(), host="no-such-host.invalid")


def test_a_closed_port_is_told_as_such(serve):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(Unreachable, match="refuses the connection"):
        opened(serve(), port=port)


@pytest.mark.parametrize(
    ("stall", "stage"),
    [("login", "logging in as 'lab'"), ("hello", "waiting for the router's hello")],
)
def test_a_server_that_stops_talking_is_left_in_time(serve, stall, stage):
    server = serve(stall=stall)
    known = server.known()
    before = threading.active_count()
    with pytest.raises(Unreachable, match="no answer"):
        opened(server, known=known, timeouts=SOON)
    deadline = time.monotonic() + 60
    while threading.active_count() > before + 1 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() <= before + 1  # the watchdog may have been started


@pytest.mark.parametrize("banner", [b"", b"SSH-2.0-silence\r\n"], ids=["silent", "banner only"])
def test_a_peer_that_never_speaks_ssh_is_left_in_time(serve, banner):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        held = []

        def accept():
            connection, _ = silent.accept()
            connection.sendall(banner)
            held.append(connection)

        accepting = threading.Thread(target=accept)
        accepting.start()
        with pytest.raises(Unreachable, match="while agreeing on SSH keys"):
            opened(serve(), port=silent.getsockname()[1], timeouts=SOON)
        accepting.join()
        held[0].close()
