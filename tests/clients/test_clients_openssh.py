"""OpenSSH: NETCONF typed by hand, commands, and a terminal."""

import json
import subprocess

import pytest
from lxml import etree

pytestmark = pytest.mark.clients
BASE = "urn:ietf:params:xml:ns:netconf:base:1.0"
HELLO = (
    f'<hello xmlns="{BASE}"><capabilities><capability>urn:ietf:params:netconf:base:1.{{}}'
    "</capability></capabilities></hello>]]>]]>\n"
)


@pytest.fixture
def ssh(site, program):
    """Runs OpenSSH's client on a router of the site, with its key and the routers' host keys."""

    def run(name, *words, typed="", options=(), code=0):
        router = site.router(name)
        done = subprocess.run(
            [
                *(program("ssh"), "-F", "none", "-i", str(site.private_key)),
                *("-p", str(router.port), "-o", f"UserKnownHostsFile={site.known_hosts}"),
                *("-o", "BatchMode=yes", "-o", "IdentitiesOnly=yes", *options),
                f"{router.username}@{router.host}",
                *words,
            ],
            input=typed,
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )
        assert done.returncode == code, done.stderr
        return done.stdout

    return run


def rpc(number, operation):
    return f'<rpc xmlns="{BASE}" message-id="{number}">{operation}</rpc>'


REQUESTS = (
    rpc(1, "<get-vrrp-information><summary/></get-vrrp-information>"),
    rpc(2, "<get-config><source><running/></source></get-config>"),
    rpc(3, "<get-nonsense/>"),
    rpc(4, "<close-session/>"),
)


def check(replies):
    """The four replies, in order."""
    roots = [etree.fromstring(reply.encode()) for reply in replies]
    assert [root.get("message-id") for root in roots] == ["1", "2", "3", "4"]
    vrrp, configuration, refused, closed = roots
    assert vrrp.findtext(".//{*}vrrp-state") == "master"
    assert configuration.findtext(".//{*}host-name") == "ce1"
    assert refused.findtext(".//{*}bad-element") == "get-nonsense"
    assert closed.find("{*}ok") is not None


@pytest.mark.parametrize(
    ("options", "words"), [(("-s",), ["netconf"]), ((), ["netconf"])], ids=["subsystem", "command"]
)
def test_netconf_1_0(ssh, options, words):
    typed = HELLO.format(0) + "".join(f"{request}\n]]>]]>\n" for request in REQUESTS)
    hello, *replies, farewell = ssh("ce1", *words, typed=typed, options=options).split("]]>]]>")
    assert "<session-id>" in hello
    check(replies)
    assert farewell.strip().startswith("<!-- session end at ")


def test_netconf_1_1(ssh):
    typed = HELLO.format(1) + "".join(f"\n#{len(each)}\n{each}\n##\n" for each in REQUESTS)
    _, chunks = ssh("ce1", "netconf", typed=typed, options=("-s",)).split("]]>]]>")
    check([unchunked(part) for part in chunks.split("\n##\n") if part.strip()])


def unchunked(text):
    """A message without the sizes of its chunks."""
    message = ""
    while text:
        size, _, text = text.lstrip("\n#").partition("\n")
        message, text = message + text[: int(size)], text[int(size) :]
    return message


def test_no_hello_is_needed(ssh):
    """As for scripts that only ever type requests."""
    typed = "".join(f"{request}]]>]]>" for request in REQUESTS)
    _, *replies, _ = ssh("ce1", "netconf", typed=typed, options=("-s",)).split("]]>]]>")
    check(replies)


def test_lines_end_where_junos_ends_them(ssh):
    typed = f"{REQUESTS[0]}]]>]]>{REQUESTS[3]}]]>]]>"
    lines = ssh("ce2", "netconf", typed=typed, options=("-s",)).splitlines()
    assert "<vrrp-state>backup</vrrp-state>" in lines


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("show vrrp summary", "master"),
        ("show route 198.51.100.1 | match BGP", "*[BGP/170]"),
        ("show configuration protocols ospf | display set", "area 0.0.0.0 interface lo0.0 passive"),
        ("show interfaces terse | count", "Count: "),
        ("ping 192.0.2.3 count 1 rapid", "1 packets received"),
        ("traceroute 10.11.0.1 no-resolve", "10.11.0.1"),
        ("show version | display xml", "<host-name>ce1</host-name>"),
        ("show nonsense", "syntax error"),
    ],
)
def test_one_command(ssh, command, expected):
    assert expected in ssh("ce1", command)


def test_json_is_json(ssh):
    shown = json.loads(ssh("ce1", "show ospf neighbor | display json"))
    [information] = shown["ospf-neighbor-information"]
    assert information["ospf-neighbor"][0]["ospf-neighbor-state"] == [{"data": "Full"}]


def test_a_terminal(ssh):
    shown = ssh("pe2", typed="show version | match Hostname\nexit\n", options=("-tt",))
    assert "lab@pe2> " in shown
    assert "Hostname: pe2" in shown


def test_a_login_that_is_not_allowed(site, program):
    router = site.router("p")
    options = ("-F", "none", "-o", "BatchMode=yes", "-o", "IdentityAgent=none")
    done = subprocess.run(
        [
            *(program("ssh"), *options, "-o", f"UserKnownHostsFile={site.known_hosts}"),
            *("-i", "/dev/null", "-p", str(router.port), f"{router.username}@{router.host}", "x"),
        ],
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 255
    assert "Permission denied" in done.stderr
