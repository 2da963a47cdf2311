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


CANARY = "c4nary"
LEAKING = [
    # SNMP
    "set snmp community c4nary authorization read-only",
    "set groups <*> snmp community c4nary clients 10.0.0.0/8",
    "snmp {\n    community c4nary {\n        authorization read-only;\n    }\n}",
    "[edit snmp]\n+   community c4nary {\n+       clients {\n+           10.0.0.0/8;\n+       }\n+   }",
    "[edit snmp community c4nary]\n-   authorization read-only;\n+   authorization read-write;",
    "edit snmp\nset community c4nary view all",
    "inactive: snmp {\n inactive: community c4nary;\n}",
    "<snmp><community><name>c4nary</name><view>all</view></community></snmp>",
    '{"configuration": {"snmp": {"community": [{"name": "c4nary", "view": "all"}]}}}',
    '{"snmp": [{"community": [{"name": [{"data": "c4nary"}], "view": [{"data": "all"}]}]}]}',
    "set snmp v3 usm local-engine user u authentication-md5 authentication-key c4nary",
    "set snmp v3 usm local-engine user u authentication-sha256 authentication-password c4nary",
    "authentication-md5 {\n    authentication-key c4nary; ## SECRET-DATA\n}",
    "set snmp v3 usm remote-engine 80:00 user u privacy-aes128 privacy-key c4nary",
    "privacy-des {\n  privacy-key c4nary;\n}",
    # addresses with passwords
    'set system archival configuration archive-sites "ftp://user:c4nary@host/x"',
    "archive-sites {\n    scp://user:c4n@ry@host/dir password c4nary;\n}",
    "set system archival configuration archive-sites user:c4nary@host",
    "cannot fetch https://user:c4nary@host:8080/a/b?x=1",
    "see http://host/a?b=1&token=c4nary",
    # licences, also over several lines
    'set system license keys key "JUNOS1 c4nary c4nary"',
    'license {\n    keys {\n        key "JUNOS1 c4nary\n c4nary\n c4nary";\n    }\n}',
    "<system><license><keys><key><name>JUNOS1 c4nary</name></key></keys></license></system>",
    # what the list of one release and one platform does not have
    "set security ike policy p pre-shared-key ascii-text c4nary",
    "set security ike policy p pre-shared-key hexadecimal c4nary",
    (
        "set security ipsec security-association s manual direction inbound authentication key "
        "ascii-text c4nary"
    ),
    "set security macsec connectivity-association c pre-shared-key cak c4nary",
    "set security macsec connectivity-association c fallback-key cak c4nary",
    "set protocols newthing peer 1.2.3.4 new-password c4nary",
    "set system services rest control vendor-secret c4nary",
    "anything new c4nary; ## SECRET-DATA",
    # free names
    "set apply-macro login password c4nary",
    "set groups g apply-macro login api-key c4nary",
    "apply-macro login {\n    user me;\n    password c4nary;\n}",
    (
        "<apply-macro><name>login</name><data><name>password</name><value>c4nary</value></data>"
        "</apply-macro>"
    ),
    '{"apply-macro": [{"name": "m", "data": [{"name": "psk", "value": "c4nary"}]}]}',
    "set event-options policy p then event-script s arguments password value c4nary",
    # one form inside another
    "<configuration-set>set snmp community c4nary view all</configuration-set>",
    "<configuration-output>[edit snmp]\n+  community c4nary;</configuration-output>",
    "<configuration-text><![CDATA[snmp { community c4nary; }]]></configuration-text>",
    '{"output": "[edit snmp]\\n+   community c4nary {\\n+   }"}',
    '<json>{"snmp": {"community": [{"name": "c4nary"}]}}</json>',
    "<a:snmp xmlns:a='x'><a:community><a:name>c4nary</a:name></a:community></a:snmp>",
    # fragments and sentences
    "luna# set system radius-server 192.0.2.1 secret c4nary",
    "luna: error: syntax error: secret c4nary",
    "<rpc-error><bad-element>secret c4nary</bad-element></rpc-error>",
    "authentication-key c4nary",
    'secret "c4nary',
    'secret "with a \\" c4nary";',
    "secret is_c4nary; password c4nary;",
    "set system root-authentication plain-text-password-value c4nary",
    "-----BEGIN RSA PRIVATE KEY-----\nc4nary\n-----END RSA PRIVATE KEY-----",
]
INTACT = [
    "set policy-options community secret members 65000:1",
    "set policy-options community password members origin:1:1",
    "set policy-options policy-statement p term secret from community c",
    "set system authentication-order [ radius password tacplus ]",
    "authentication-order [ radius password tacplus ];",
    "set system login password minimum-length 10",
    "login {\n    password {\n        format sha512;\n    }\n}",
    "set system login user u authentication plain-text-password",
    "set groups password system host-name x",
    "set interfaces ge-0/0/0 description password\nset system host-name x",
    'set interfaces ge-0/0/0 description "the password is on the wall"',
    "set system ntp authentication-key 1 type md5",
    "set system ntp server 192.0.2.1 key 1",
    "set interfaces gr-0/0/0 unit 0 tunnel key 7",
    "set security authentication-key-chains key-chain secret key 1 start-time 2026-01-01.00:00:00",
    "set protocols bgp group g authentication-key-chain secret",
    "set apply-macro multihome 3 hello",
    "set snmp trap-group g targets 192.0.2.1",
    "policy-options {\n    community public members 65000:1;\n}",
    "<policy-options><community><name>public</name></community></policy-options>",
    '{"policy-options": {"community": [{"name": "public", "members": ["65000:1"]}]}}',
    "https://host:8080/a@b",
    "the password is wrong; a secret of the router has no value",
    "inventory/hosts.yaml:3: password: unknown key",
    "set security pki ca-profile p enrollment url http://host/x",
    "authentication-md5 {\n}",
    "secret $9$(hidden)",
]


@pytest.mark.parametrize("text", LEAKING)
def test_what_a_statement_says_is_secret_goes(text):
    masked = redact(text)
    assert CANARY not in masked
    assert MASK in masked
    assert redact(masked) == masked


@pytest.mark.parametrize("text", INTACT)
def test_what_only_looks_like_a_secret_stays(text):
    assert redact(text) == text


def test_keywords_beside_a_secret_stay():
    text = "authentication-md5 {\n    authentication-key c4nary; ## SECRET-DATA\n}"
    assert redact(text) == text.replace(CANARY, MASK)


def test_masked_json_stays_json():
    text = json.dumps({"system": {"radius-server": [{"name": "1", "secret": CANARY, "port": 5}]}})
    assert json.loads(redact(text)) == {
        "system": {"radius-server": [{"name": "1", "secret": MASK, "port": 5}]}
    }


def test_a_long_configuration_takes_no_long():
    lines = [f"set snmp community c{n} clients 10.0.{n % 256}.0/24" for n in range(20_000)]
    assert "community c" not in redact("\n".join(lines))
