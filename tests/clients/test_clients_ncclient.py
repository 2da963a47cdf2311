"""Plain ncclient, with its handlers for Junos and for anything, over NETCONF 1.0 and 1.1."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from lxml import etree
from ncclient import manager
from ncclient.operations.errors import MissingCapabilityError
from ncclient.operations.rpc import RPCError
from ncclient.transport.errors import AuthenticationError, TransportError

from multihome.lab.embedded import embedded
from multihome.lab.order import Order, RouterOrder

pytestmark = [pytest.mark.clients, pytest.mark.filterwarnings("ignore")]
DRIVE = Path(__file__).with_name("ncclient_drive.py")
ROUTER = """\
set version 21.4R3.15
set system host-name r1
set system root-authentication encrypted-password "*"
set system services netconf ssh
set routing-options static route 203.0.113.0/24 discard
"""
MODES = {
    "1.0": (False, ""),
    "1.1": (True, ""),
    "rfc-compliant": (False, "set system services netconf rfc-compliant\n"),
    "rfc-compliant-1.1": (
        False,
        "set system services netconf rfc-compliant\nset system services netconf version-1.1\n",
    ),
}
CHANGE = "set system domain-name example.net"
NETCONF = "urn:ietf:params:xml:ns:netconf:base:1.0"


@pytest.fixture(scope="module", params=MODES)
def twin(request):
    """A router in each of the ways it may speak NETCONF."""
    always_chunked, more = MODES[request.param]
    order = Order((RouterOrder("r1", ROUTER + more),), speed=None, always_chunked=always_chunked)
    with embedded(order) as lab:
        lab.mode = request.param
        yield lab


@pytest.fixture
def router(twin):
    """The router without sessions, as it was booted."""

    def clean():
        chassis = twin.chassis("r1")
        for session in list(chassis._logins):
            chassis.kill(session)
        chassis.boot(ROUTER + MODES[twin.mode][1], "set")

    twin.call(clean)
    return twin.router("r1")


def connect(router, handler="junos", **options):
    options = {"password": router.password, **options}
    return manager.connect(
        host=router.host,
        port=router.port,
        username=router.username,
        hostkey_verify=False,
        allow_agent=False,
        look_for_keys=False,
        device_params={"name": handler},
        **options,
    )


def pythons():
    """This one, and one with the newest ncclient if it has been prepared."""
    yield pytest.param(sys.executable, id="pinned")
    prepared = os.environ.get("MULTIHOME_CLIENTS")
    newest = Path(prepared or "", "ncclient", "bin", "python")
    missing = pytest.mark.skipif(not prepared, reason="MULTIHOME_CLIENTS names no environments")
    yield pytest.param(str(newest), id="newest", marks=missing)


@pytest.mark.parametrize("python", [*pythons()])
@pytest.mark.parametrize("handler", ["junos", "default"])
def test_the_base_protocol(router, twin, handler, python):
    login = {name: getattr(router, name) for name in ("host", "port", "username", "password")}
    done = subprocess.run(
        [python, str(DRIVE)],
        input=json.dumps({**login, "handler": handler}),
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    seen = json.loads(done.stdout)
    assert seen["base 1.1"] == twin.mode.endswith("1.1")
    assert seen["edited"] == [["a.example"], ["b.example"]]
    assert seen["get"] == ["b.example"]
    assert seen["unknown"] == ["operation-failed", "syntax error"]
    assert seen["misspelt"][1] == "syntax error"
    tag, message = seen["locked"]
    assert tag == "lock-denied"
    assert message.startswith("configuration database locked by: lab terminal")
    assert seen["routes"]


def test_junos_s_own_operations(router):
    with connect(router) as session:
        session.lock()
        session.load_configuration(action="set", config=[CHANGE])
        difference = session.compare_configuration()
        assert "+  domain-name example.net;" in difference.tostring.decode()
        assert "commit-check-success" in str(session.commit(check=True))
        session.commit(confirmed=True, timeout="90", comment="by ncclient")
        history = session.rpc("<get-commit-information/>")
        assert history.xpath("//comment")[0].text == "commit confirmed, rollback in 2mins"
        assert history.xpath("//log")[0].text == "by ncclient"
        session.commit()
        session.unlock()
        session.rollback(2)
        assert "-  domain-name example.net;" in session.compare_configuration().tostring.decode()
        session.discard_changes()
    assert not session.connected


@pytest.mark.parametrize(
    ("form", "config"),
    [
        ("text", "system { domain-name example.net; }"),
        ("xml", etree.XML("<system><domain-name>example.net</domain-name></system>")),
        ("json", '{"configuration": {"system": {"domain-name": "example.net"}}}'),
    ],
    ids=["text", "xml", "json"],
)
def test_loads_in_each_format(router, form, config):
    with connect(router) as session:
        session.load_configuration(format=form, config=config)
        assert "domain-name example.net" in str(session.get_configuration(format="text"))
        assert f"{CHANGE}\n" in str(session.get_configuration(format="set"))
        chosen = etree.XML("<configuration><system><domain-name/></system></configuration>")
        found = session.get_configuration(filter=chosen)
        assert [each.text for each in found.xpath("//domain-name")] == ["example.net"]
        assert not found.xpath("//routing-options")
        session.discard_changes()


def test_commands_in_each_format(router):
    with connect(router) as session:
        xml = session.command("show route 203.0.113.1")
        assert xml.xpath("//rt-destination")[0].text == "203.0.113.0/24"
        text = session.command("show route 203.0.113.1", format="text")
        assert "*[Static/5]" in text.xpath("//output")[0].text
        found = session.command("show route 203.0.113.1", format="json").tostring.decode()
        assert '"rt-destination"' in found


def test_errors_are_those_of_a_router(router):
    with connect(router) as session:
        with pytest.raises(RPCError) as raised:
            session.load_configuration(action="set", config="set system domain-nme x")
        assert (raised.value.tag, raised.value.severity) == ("operation-failed", "error")
        assert "domain-nme" in raised.value.info
        session.load_configuration(action="set", config="set protocols bgp group g import nowhere")
        with pytest.raises(RPCError, match="nowhere"):
            session.commit()
        session.discard_changes()
        with pytest.raises(RPCError, match="Configuration database is not open"):
            session.unlock()
        with pytest.raises(RPCError, match="syntax error"):
            session.get_config(source="startup")


def test_what_the_router_does_not_offer_is_not_even_asked(router):
    with connect(router, "default") as session:
        for option in ({"test_option": "test-only"}, {"error_option": "rollback-on-error"}):
            with pytest.raises(MissingCapabilityError):
                session.edit_config("<config/>", target="candidate", **option)


@pytest.mark.parametrize(
    ("operation", "kept"), [("delete", []), ("remove", []), ("replace", ["b.example"])]
)
def test_edits_with_operations(router, operation, kept):
    def edit(session, name, attribute=""):
        text = (
            f'<config xmlns:nc="{NETCONF}"><configuration><system>'
            f"<domain-name{attribute}>{name}</domain-name></system></configuration></config>"
        )
        session.edit_config(config=text, target="candidate", test_option="test-then-set")

    with connect(router, "default") as session:
        edit(session, "a.example")
        edit(session, "b.example" if kept else "", f' nc:operation="{operation}"')
        found = session.get_config("candidate").data_xml
        root = etree.fromstring(found.encode())
        assert [node.text for node in root.iter("{*}domain-name")] == kept
        session.discard_changes()


def test_a_confirmed_commit_ends_with_its_time(router, twin):
    with connect(router, "default") as session:
        session.edit_config(
            config="<config><configuration><system><domain-name>a.example</domain-name></system>"
            "</configuration></config>",
            target="candidate",
        )
        session.commit(confirmed=True, timeout="60")
        assert "a.example" in session.get_config("running").data_xml
        twin.advance(61)
        assert "a.example" not in session.get_config("running").data_xml


def test_namespaces_are_those_of_the_mode(router, twin):
    with connect(router, "default") as session:
        reply = session.get_config("running").xml
        compliant = twin.mode.startswith("rfc-compliant")
        assert reply.startswith("<nc:rpc-reply" if compliant else "<rpc-reply")
        expected = "http://yang.juniper.net/junos/conf/root" if compliant else "xnm/1.1/xnm"
        assert expected in reply


def test_a_session_is_killed_and_its_lock_with_it(router):
    with connect(router) as session:
        victim = connect(router)
        victim.lock()
        with pytest.raises(RPCError, match="configuration database locked by"):
            session.lock()
        session.kill_session(victim.session_id)
        session.lock()
        session.unlock()
        with pytest.raises((TransportError, RPCError)):
            victim.lock()


def test_a_connection_that_dies_takes_its_lock_and_its_changes_with_it(router):
    dying = connect(router)
    dying.lock()
    dying.load_configuration(action="set", config=CHANGE)
    dying._session._transport.sock.close()
    with connect(router) as session:
        for _ in range(200):
            try:
                session.lock()
                break
            except RPCError:
                time.sleep(0.01)
        assert "domain-name" not in str(session.compare_configuration())
        session.unlock()


def test_a_key_is_as_good_as_a_password_and_a_wrong_password_is_none(router, twin):
    with connect(router, password=None, key_filename=str(twin.private_key)) as session:
        assert session.connected
    with pytest.raises(AuthenticationError):
        connect(router, password="wrong")


def test_requests_one_after_the_other_without_waiting(router):
    with connect(router) as session:
        session.async_mode = True
        asked = [session.rpc("<get-route-information/>") for _ in range(10)]
        for each in asked:
            assert each.event.wait(120)
            assert "203.0.113.0/24" in each.reply.xml
        session.async_mode = False


def test_a_large_configuration(router):
    lines = [f"set policy-options prefix-list p 10.{i // 250}.{i % 250}.0/24" for i in range(3000)]
    with connect(router, "default") as session:
        session.dispatch(
            etree.XML(
                '<load-configuration action="set" format="text"><configuration-set>'
                f"{chr(10).join(lines)}</configuration-set></load-configuration>"
            )
        )
        found = session.get_config("candidate").data_xml
        assert found.count("<prefix-list-item>") == 3000
        session.discard_changes()
