"""known_hosts, as OpenSSH reads it."""

import base64
import hashlib
import hmac

import pytest

from multihome.device.known_hosts import HostKey, KnownHosts, Trust, record

KEY = HostKey("ssh-ed25519", b"the key")
OTHER = HostKey("ssh-ed25519", b"another key")


def line(hosts, key=KEY):
    return f"{hosts} {key.kind} {base64.b64encode(key.blob).decode()}\n"


@pytest.fixture
def known(tmp_path):
    def write(*lines):
        path = tmp_path / "known_hosts"
        path.write_text("".join(lines))
        return KnownHosts.read(path)

    return write


def hashed(name):
    salt = b"0123456789abcdefghij"
    digest = hmac.new(salt, name.encode(), hashlib.sha1).digest()
    return f"|1|{base64.b64encode(salt).decode()}|{base64.b64encode(digest).decode()}"


@pytest.mark.parametrize(
    "hosts",
    [
        "[juno.example]:830",
        "JUNO.example",
        "10.0.0.5,juno.example",
        "*.example",
        "juno.?xample",
        hashed("[juno.example]:830"),
        hashed("juno.example"),
    ],
)
def test_a_key_is_found_under_every_way_to_write_its_host(known, hosts):
    assert known(line(hosts)).judge("juno.example", 830, KEY) is Trust.TRUSTED


@pytest.mark.parametrize(
    "hosts",
    [
        "[juno.example]:831",
        "uno.example",
        "*.example,!juno.example",
        hashed("luna.example"),
        "|1|damaged",
        "# juno.example",
        "@cert-authority juno.example",
    ],
)
def test_a_line_about_somebody_else_proves_nothing(known, hosts):
    assert known(line(hosts)).judge("juno.example", 830, KEY) is Trust.UNKNOWN


def test_a_bare_name_does_not_speak_for_another_daemon_of_the_host(known):
    assert known(line("127.0.0.1")).judge("127.0.0.1", 24000, KEY) is Trust.UNKNOWN


def test_another_key_has_changed_and_an_additional_one_is_trusted(known):
    assert known(line("juno", OTHER)).judge("juno", 830, KEY) is Trust.CHANGED
    assert known(line("juno", OTHER), line("juno")).judge("juno", 830, KEY) is Trust.TRUSTED


def test_a_revoked_key_is_refused_whatever_else_is_known(known):
    hosts = known("@revoked " + line("*"), line("juno"))
    assert hosts.judge("juno", 830, KEY) is Trust.REVOKED
    assert hosts.judge("juno", 830, OTHER) is Trust.CHANGED


def test_known_kinds_are_asked_for_first_and_none_is_left_out(known):
    rsa = known(line("juno", HostKey("ssh-rsa", b"r"))).algorithms("juno", 830)
    assert rsa[:2] == ("rsa-sha2-512", "rsa-sha2-256")
    assert set(rsa) == set(KnownHosts().algorithms("juno", 830))


def test_a_missing_file_knows_nobody_and_a_damaged_one_what_it_can(known, tmp_path):
    assert KnownHosts.read(tmp_path / "none").entries == ()
    assert known("juno ssh-ed25519 %%%\n", "juno\n", line("luna")).entries[0].line == 3


def test_recording_appends_and_trusts(tmp_path):
    path = tmp_path / "new" / "known_hosts"
    record(path, "10.0.0.5", 830, KEY)
    path.write_text(path.read_text().rstrip("\n"))
    record(path, "Juno", 22, OTHER)
    hosts = KnownHosts.read(path)
    assert hosts.judge("10.0.0.5", 830, KEY) is Trust.TRUSTED
    assert hosts.judge("juno", 22, OTHER) is Trust.TRUSTED


def test_a_thousand_hosts_are_looked_up_without_reading_them_all(known):
    hosts = known(*(line(f"[host{number}]:830") for number in range(2000)))
    assert all(hosts.judge(f"host{number}", 830, KEY) is Trust.TRUSTED for number in range(2000))
