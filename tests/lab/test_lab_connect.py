"""The words that log in to a router of the lab."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from multihome.errors import UnknownName, Unreachable, UsageError
from multihome.lab import connect

ROUTER = SimpleNamespace(name="pe7", host="127.0.0.1", port=2207, username="ops")
LAB = SimpleNamespace(
    routers=(ROUTER,), known_hosts=Path("/a b/known_hosts"), private_key=Path("/a b/key")
)


def test_the_labs_own_key_and_host_keys_are_used_and_no_configuration():
    words = connect.command_line(LAB, "pe7")
    assert words[:7] == ("ssh", "-F", "none", "-i", "/a b/key", "-p", "2207")
    assert 'UserKnownHostsFile="/a b/known_hosts"' in words
    assert "StrictHostKeyChecking=yes" in words
    assert words[-3:] == ("-l", "ops", "127.0.0.1")


def test_a_name_that_is_no_router_of_the_lab():
    with pytest.raises(UnknownName, match="'pe8'; known: pe7"):
        connect.command_line(LAB, "pe8")


def test_a_machine_without_ssh_is_given_the_command(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match=r"no ssh on this machine's PATH.*127\.0\.0\.1"):
        connect.connect(LAB, "pe7")


@pytest.mark.parametrize(("code", "fails"), [(0, False), (1, False), (255, True)])
def test_only_a_connection_that_fails_is_a_failure(monkeypatch, tmp_path, code, fails):
    program = tmp_path / "ssh"
    program.write_text(f"#!/bin/sh\nexit {code}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    if fails:
        with pytest.raises(Unreachable, match="pe7: ssh could not connect"):
            connect.connect(LAB, "pe7")
    else:
        assert connect.connect(LAB, "pe7") == 0
