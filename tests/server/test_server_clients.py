"""Clients that nobody here wrote, over real SSH."""

import shutil
import socket
import subprocess
import threading
import time

import paramiko
import pytest
from jnpr.junos import Device
from jnpr.junos.exception import CommitError, ConfigLoadError, ConnectAuthError, LockError, RpcError
from jnpr.junos.utils.config import Config
from ncclient import NCClientError, manager
from ncclient.operations.errors import TimeoutExpiredError
from ncclient.operations.rpc import RPCError
from ncclient.transport.errors import SSHError

from multihome.lab.embedded import embedded
from multihome.lab.order import Order, RouterOrder, fresh

SSH = shutil.which("ssh")
CHANGE = "set interfaces xe-0/0/0 unit 0 family inet address 192.0.2.1/30"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    """ncclient sleeps so long before it sends each request; it is only waiting."""
    monkeypatch.setattr("ncclient.transport.session.TICK", 0.001)


def connect(router, **options):
    return manager.connect(
        host=router.host,
        port=router.port,
        username=router.username,
        password=router.password,
        hostkey_verify=False,
        allow_agent=False,
        look_for_keys=False,
        device_params={"name": "junos"},
        **options,
    )


@pytest.fixture(params=["1.0", "1.1"])
def router(request, lab):
    """A router that speaks only NETCONF 1.0, and one that is offered 1.1 and takes it."""
    if request.param == "1.1":
        yield lab.router("r1")
        return
    with embedded(Order(fresh(["old"]), always_chunked=False)) as running:
        yield running.router("old")


def test_ncclient_changes_a_router_in_either_framing(router):
    with connect(router) as session:
        with session.locked("candidate"):
            session.load_configuration(action="set", config=[CHANGE])
            assert "+  interfaces {" in str(session.compare_configuration())
            session.commit(confirmed=True, timeout="120", comment="try")
            pending = session.rpc("<get-commit-information/>")
            assert "rollback pending" in str(pending)
            session.commit()
        running = session.get_config("running", filter=("subtree", "<configuration/>"))
        assert "192.0.2.1/30" in str(running)
        routes = session.rpc("<get-route-information/>")
        assert routes.xpath("//rt-destination")[0].text == "192.0.2.0/30"
        with pytest.raises(RPCError, match="syntax error"):
            session.rpc("<get-nonsense/>")
        large = "\n".join(f"set policy-options prefix-list p 10.{i}.0.0/16" for i in range(200))
        session.load_configuration(action="set", config=large)
        assert str(session.get_configuration(format="set")).count("prefix-list p") == 200
        session.discard_changes()


def test_ncclient_falls_back_to_a_command_where_the_subsystem_is_not_there(lab):
    router = lab.router("r1")
    with connect(router, nc_params={}) as session:
        assert session.connected
    client = subprocess_netconf(lab, router, ["xml-mode netconf need-trailer"])
    assert "<session-id>" in client


@pytest.fixture
def device(lab):
    router = lab.router("r2")
    session = Device(
        host=router.host,
        port=router.port,
        user=router.username,
        password=router.password,
        gather_facts=False,
    )
    with session:
        yield session


def test_pyez_gathers_its_facts(device):
    facts = device.facts
    assert facts["hostname"] == "r2"
    assert facts["version"] == "21.4R3.15"
    assert facts["model"] == "MX104"
    assert facts["serialnumber"]
    assert facts["personality"] == "MX"


def test_pyez_makes_a_confirmed_change_and_takes_it_back(device):
    with Config(device, mode="exclusive") as config:
        config.load(CHANGE, format="set")
        assert "192.0.2.1/30" in config.diff()
        assert config.commit_check()
        assert config.commit(confirm=5, comment="try")
        assert config.commit()
        assert config.diff() is None
        config.rollback(2)
        assert config.commit()
    assert device.rpc.get_config(filter_xml="interfaces").find("interfaces") is None


def test_pyez_works_with_a_router_that_is_rfc_compliant():
    configuration = (
        "set system host-name strict\n"
        'set system root-authentication encrypted-password "*"\n'
        "set system services netconf rfc-compliant\n"
        "set system services netconf flatten-commit-results\n"
    )
    with embedded(Order((RouterOrder("strict", configuration),))) as running:
        router = running.router("strict")
        with (
            Device(
                host=router.host,
                port=router.port,
                user=router.username,
                password=router.password,
                gather_facts=False,
            ) as device,
            Config(device, mode="exclusive") as config,
        ):
            config.load(CHANGE, format="set")
            assert "192.0.2.1/30" in config.diff()
            assert config.commit_check()
            assert config.commit(confirm=1)
            assert config.commit()
            config.load("set protocols bgp group g neighbor 192.0.2.2 description x", format="set")
            with pytest.raises(CommitError, match="check-out failed"):
                config.commit()
            config.rollback()
            assert device.rpc.get_route_information().findtext(".//rt-destination")


def test_pyez_hears_of_errors_as_from_a_router(device, lab):
    config = Config(device)
    with pytest.raises(ConfigLoadError) as refused:
        config.load("set system host-nme x", format="set")
    assert (refused.value.errs[0]["bad_element"], refused.value.errs[0]["severity"]) == (
        "host-nme",
        "error",
    )
    with pytest.raises(RpcError, match="syntax error"):
        device.rpc.get_nonsense()
    router = lab.router("r2")
    with connect(router) as other:
        other.lock()
        with pytest.raises(
            LockError, match=rf"(?s)lab terminal.*pid {other.session_id}\b.*exclusive"
        ):
            config.lock()
    for _ in range(100):
        try:
            assert config.lock()
            break
        except LockError:
            time.sleep(0.01)
    config.unlock()


def test_a_wrong_password_is_refused_and_logged(lab):
    router = lab.router("r1")
    with pytest.raises(ConnectAuthError):
        Device(host=router.host, port=router.port, user="lab", password="no").open()
    assert "login of lab from 127.0.0.1 failed" in lab.log("r1")[-1]


def test_a_connection_that_dies_frees_the_lock(lab):
    router = lab.router("r1")
    dying = connect(router)
    dying.lock()
    dying._session._transport.sock.shutdown(socket.SHUT_RDWR)
    with connect(router) as session:
        for _ in range(100):
            try:
                session.lock()
                break
            except RPCError:
                time.sleep(0.01)
        session.unlock()


def test_a_router_without_power_drops_its_clients_and_starts_afresh(lab):
    router = lab.router("r2")
    session = connect(router)
    session.lock()
    lab.fault("router", "r2")
    with pytest.raises((NCClientError, EOFError)):
        session.get_configuration()
    with pytest.raises((SSHError, EOFError)):
        connect(router)
    lab.advance(100)
    lab.fault("router", "r2", on=False)
    with connect(router) as again:
        again.lock()
        uptime = again.rpc("<get-system-uptime-information/>")
        assert int(uptime.xpath("//up-time/@seconds")[0]) < 90


def test_a_frozen_router_is_silent_until_it_thaws(lab):
    router = lab.router("r2")
    with connect(router) as session:
        session.timeout = 0.2
        lab.fault("router", "r2", "frozen")
        with pytest.raises(TimeoutExpiredError):
            session.rpc("<get-software-information/>")
        assert session.connected
        late = threading.Thread(target=lambda: connect(router).close_session())
        late.start()
        time.sleep(0.1)
        assert late.is_alive()
        lab.fault("router", "r2", "frozen", on=False)
        late.join(60)
        assert not late.is_alive()
        assert "software-information" in str(session.rpc("<get-software-information/>"))


def subprocess_netconf(lab, router, words):
    """What OpenSSH prints of a NETCONF session that closes itself."""
    close = '<rpc message-id="9"><close-session/></rpc>]]>]]>'
    return ssh(lab, router, words, close)


def ssh(lab, router, words, typed="", options=()):
    if SSH is None:
        pytest.skip("OpenSSH's ssh is not installed")
    done = subprocess.run(
        [
            SSH,
            *("-F", "none", "-i", str(lab.private_key), "-p", str(router.port)),
            *("-o", f"UserKnownHostsFile={lab.known_hosts}", "-o", "BatchMode=yes"),
            *("-o", "IdentitiesOnly=yes", *options),
            f"{router.username}@{router.host}",
            *words,
        ],
        input=typed,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("options", "words"),
    [
        pytest.param(("-s",), ["netconf"], id="subsystem"),
        pytest.param((), ["netconf"], id="command"),
    ],
)
def test_openssh_speaks_netconf_with_a_key_and_a_known_host(lab, options, words):
    asked = '<rpc message-id="1"><get-software-information/></rpc>]]>]]>'
    typed = f'{asked}<rpc message-id="9"><close-session/></rpc>]]>]]>'
    said = ssh(lab, lab.router("r1"), words, typed, options)
    assert "<product-model>mx104</product-model>" in said
    assert 'message-id="9"' in said


def test_openssh_runs_one_command(lab):
    said = ssh(lab, lab.router("r1"), ["show", "version", "|", "match", "Hostname"])
    assert said == "Hostname: r1\n"


def test_openssh_gets_a_prompt(lab):
    typed = "show configuration system services\n\nshow nonsense\nexit\n"
    said = ssh(lab, lab.router("r1"), [], typed)
    assert (
        "lab@r1> netconf {\n    ssh;\n}\n\nlab@r1> \nlab@r1>              ^\nsyntax error.\n"
        in said
    )


def test_openssh_gets_a_terminal_with_an_echo(lab):
    said = ssh(lab, lab.router("r1"), [], "show version\nexit\n", ("-tt",))
    assert "Hostname: r1" in said


def test_a_host_key_that_is_not_the_routers_is_noticed(lab):
    first, second = lab.router("r1"), lab.router("r2")
    assert first.host_key != second.host_key
    assert f"[{first.host}]:{first.port} {first.host_key}" in lab.known_hosts.read_text()


HELLO = (
    b"<hello><capabilities><capability>urn:ietf:params:netconf:base:1.0</capability>"
    b"</capabilities></hello>]]>]]>"
)
LOCK = b'<rpc message-id="1"><lock><target><candidate/></target></lock></rpc>]]>]]>'


def spoken(channel, until):
    """What comes until a text is in it; the channel's timeout bounds the wait."""
    heard = b""
    while until not in heard:
        piece = channel.recv(65536)
        if not piece:
            break
        heard += piece
    return heard


def opened(router):
    transport = paramiko.Transport((router.host, router.port))
    transport.connect(username=router.username, password=router.password)
    channel = transport.open_session()
    channel.settimeout(30)
    channel.invoke_subsystem("netconf")
    spoken(channel, b"]]>]]>")
    channel.sendall(HELLO + LOCK)
    return transport, channel, spoken(channel, b"</rpc-reply>")


def test_the_end_of_input_ends_a_session_and_frees_its_lock(router):
    """RFC 4254 section 5.3: no more data from the client; sshd then closes the channel."""
    first, channel, answer = opened(router)
    second = None
    try:
        assert b"<ok/>" in answer
        channel.shutdown_write()
        assert channel.recv_exit_status() == 0
        second, _, answer = opened(router)
        assert b"<ok/>" in answer
    finally:
        first.close()
        if second is not None:
            second.close()
