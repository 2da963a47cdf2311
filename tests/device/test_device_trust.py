"""Offered host keys against what files know: new, known, changed, revoked, and many at once."""

import base64

import pytest

from multihome.device.known_hosts import HostKey
from multihome.errors import HostKeyMismatch, Unreachable, UsageError
from multihome.inventory.target import Target
from multihome.runbook import keys

KEY = HostKey("ssh-ed25519", b"the one")
OTHER = HostKey("ssh-ed25519", b"another")


def line(name, key, mark=""):
    return f"{mark}{name} {key.kind} {base64.b64encode(key.blob).decode()}\n"


@pytest.fixture
def world(tmp_path, monkeypatch):
    """A router that offers KEY; the files of its own, of the user and of the machine."""
    own, user, machine = (tmp_path / name for name in ("own", "user", "machine"))
    monkeypatch.setattr(keys, "offered_key", lambda _, **__: KEY)
    monkeypatch.setattr(keys, "default_known_hosts", lambda: user)
    monkeypatch.setattr(keys, "SYSTEM_WIDE", machine)
    return own, user, machine


def offer(own):
    (found,) = keys.offers([Target("pe7", "192.0.2.7", "ops", known_hosts=own)]).offers
    return found


def test_a_new_key_is_said_to_be_new_and_how_to_compare_it(world):
    found = offer(world[0])
    assert found.is_new
    assert found.refusal is None
    assert found.remarks[0] == f"no key is known in {world[0]}"
    assert "show system ssh host-keys" in found.remarks[-1]


def test_a_known_key_is_said_to_be_known_and_where(world):
    world[0].write_text("# ours\n" + line("192.0.2.7", KEY))
    found = offer(world[0])
    assert not found.is_new
    assert found.remarks == (f"known already: {world[0]}:2",)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (line("192.0.2.7", OTHER), "another key is known: {own}:1 ssh-ed25519 SHA256:"),
        (line("192.0.2.7", KEY, "@revoked "), "this key is revoked: {own}:1"),
    ],
)
def test_what_must_not_be_recorded_is_refused_with_its_line(world, text, why):
    world[0].write_text(text)
    found = offer(world[0])
    assert not found.is_new
    assert why.format(own=world[0]) in str(found.refusal)
    with pytest.raises(HostKeyMismatch):
        keys.remember(found.target, found.key)
    assert world[0].read_text() == text


def test_other_files_of_the_machine_are_compared_with(world):
    own, user, machine = world
    user.write_text(line("192.0.2.7", KEY))
    machine.write_text(line("192.0.2.7", OTHER))
    said = offer(own).remarks
    assert f"the same key is in {user}:1" in said
    assert f"NOT the key in {machine}:1 {OTHER}" in said


def test_a_file_that_is_compared_with_and_is_ours_counts_once(world):
    world[1].write_text(line("192.0.2.7", KEY))
    assert offer(world[1]).others == ()


def test_routers_that_do_not_answer_keep_no_other_from_it(world, monkeypatch):
    def answer(target, **_):
        if target.name == "gone":
            raise Unreachable("gone", "no answer")
        return KEY

    monkeypatch.setattr(keys, "offered_key", answer)
    names = ("a", "gone", "b")
    found = keys.offers(
        [Target(name, f"{name}.example", "x", known_hosts=world[0]) for name in names]
    )
    assert [each.target.name for each in found.offers] == ["a", "b"]
    assert [error.router for error in found.silent] == ["gone"]


def test_a_file_that_cannot_be_read_is_named(world):
    world[0].mkdir()
    with pytest.raises(UsageError, match=r"cannot read .*own"):
        offer(world[0])
