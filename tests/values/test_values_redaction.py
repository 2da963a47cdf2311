"""No secret in what people read; everything else is left alone."""

import html
import json

import pytest

from multihome.values import redaction
from multihome.values.redaction import MASK, guard, redact

SECRET = "c4nary-s3cret"


@pytest.mark.parametrize(
    "line",
    [
        'set protocols bgp group CPE neighbor 4.0.0.21 authentication-key "$9$c4nary-s3cret"',
        "set protocols isis level 2 authentication-key c4nary-s3cret",
        'hello-authentication-key "c4nary-s3cret"; ## SECRET-DATA',
        '+   encrypted-password "$6$salt$c4nary-s3cret";',
        "set system radius-server 1.2.3.4 secret c4nary-s3cret",
        'set security ike policy x pre-shared-key ascii-text "c4nary-s3cret and more"',
        "plain-text-password-value c4nary-s3cret;",
        "-  privacy-password c4nary-s3cret;",
        "<key>$9$c4nary-s3cret</key>",
    ],
)
def test_a_secret_goes_and_its_place_is_seen(line):
    text = redact(line)
    assert SECRET not in text
    assert MASK in text


def test_a_known_secret_goes_wherever_it_stands():
    assert redact("the router said c4nary-s3cret", [SECRET]) == f"the router said {MASK}"


@pytest.mark.parametrize("secret", ["a&b<c>d", 'quo"ted', "slash\\ed", "pl\u00e4in"])
def test_a_known_secret_goes_from_xml_and_json_as_well(secret):
    for written in (html.escape(secret), html.escape(secret, quote=False), json.dumps(secret)):
        assert redact(f"<x>{written}</x>", [secret]).count(MASK) == 1


def test_what_is_guarded_goes_whoever_writes(monkeypatch):
    monkeypatch.setattr(redaction, "_guarded", set())
    guard([SECRET])
    assert redact(f"the router said {SECRET}") == f"the router said {MASK}"


@pytest.mark.parametrize(
    "line",
    [
        "set policy-options community site members origin:1000:1000",
        "set protocols bgp group CPE authentication-algorithm md5",
        "set system login user x authentication ssh-ed25519",
        "set security authentication-key-chains key-chain x",
        "metric 10; local-preference 150;",
    ],
)
def test_what_is_no_secret_stays(line):
    assert redact(line) == line


def test_redacting_twice_changes_nothing_more():
    once = redact('authentication-key "$9$abc"; secret hidden')
    assert redact(once) == once
