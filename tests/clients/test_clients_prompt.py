"""The command line as Netmiko and scrapli drive it, and as TextFSM's templates read it."""

import shutil

import pytest

netmiko = pytest.importorskip("netmiko", reason="the extra `clients` is not installed")
scrapli = pytest.importorskip("scrapli.driver.core", reason="the extra `clients` is not installed")
pytestmark = [pytest.mark.clients, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def connection(site):
    """A Netmiko connection to any router of the site."""
    opened = {}

    def to(name):
        if name not in opened:
            router = site.router(name)
            opened[name] = netmiko.ConnectHandler(
                device_type="juniper_junos",
                host=router.host,
                port=router.port,
                username=router.username,
                password=router.password,
            )
        return opened[name]

    yield to
    for each in opened.values():
        each.disconnect()


def test_netmiko_finds_the_prompt_and_runs_commands(connection):
    there = connection("pe1")
    assert there.find_prompt() == "lab@pe1>"
    assert there.send_command("show version").startswith("Hostname: pe1\nModel: mx104\n")
    shown = there.send_command("show route table blue.inet.0 | match BGP")
    assert shown.count("[BGP/170]") == 5
    shown = there.send_command("show configuration system host-name | display set")
    assert shown.strip() == ("set system host-name pe1")
    assert "2 packets received" in there.send_command("ping 10.255.0.2 count 2")
    assert "syntax error" in there.send_command("show nonsense")


@pytest.mark.parametrize(
    ("router", "command", "expected"),
    [
        (
            "pe1",
            "show version",
            {"hostname": "pe1", "model": "mx104", "junos_version": "21.4R3.15"},
        ),
        ("ce1", "show arp no-resolve", {"ip_address": "10.11.0.1", "interface": "xe-0/0/0.11"}),
        (
            "p",
            "show isis adjacency",
            {"interface": "xe-0/0/0.10", "system_id": "pe1", "type": "2", "state": "Up"},
        ),
        (
            "ce1",
            "show ospf neighbor",
            {"ip_address": "192.0.2.3", "neighbor_id": "10.255.1.2", "state": "Full"},
        ),
        (
            "ce1",
            "show route summary",
            {"table_name": "inet.0", "route_src": "Static", "routes": "1", "active_routes": "1"},
        ),
        ("ce1", "show system uptime", {"last_config_user": "root", "users": "1"}),
        ("ce1", "show chassis hardware", {"chassis_description": "MX104"}),
        ("ce1", "show chassis hardware", {"re_number": "0", "re_description": "RE-MX-104"}),
        (
            "ce1",
            "show interfaces xe-0/0/0",
            {"interface": "xe-0/0/0", "link_status": "Up", "mtu": "1518"},
        ),
    ],
)
def test_templates_read_what_is_shown(connection, router, command, expected):
    rows = connection(router).send_command(command, use_textfsm=True, raise_parsing_error=True)
    assert any(expected.items() <= row.items() for row in rows)


@pytest.mark.parametrize("transport", ["paramiko", "system"])
def test_scrapli_runs_commands(site, transport):
    if transport == "system" and shutil.which("ssh") is None:
        pytest.skip("OpenSSH's ssh is not installed")
    router = site.router("ce2")
    with scrapli.JunosDriver(
        host=router.host,
        port=router.port,
        auth_username=router.username,
        auth_password=router.password,
        auth_strict_key=False,
        transport=transport,
    ) as driver:
        assert driver.get_prompt() == "lab@ce2>"
        assert "198.51.100.0/24" in driver.send_command("show route protocol static").result
        [vrrp, ospf] = driver.send_commands(["show vrrp summary", "show ospf neighbor"])
        assert "backup" in vrrp.result
        assert ospf.textfsm_parse_output()[0]["state"] == "Full"
        refused = driver.send_command("show nonsense")
        assert refused.failed


def test_netmiko_configures_commits_and_leaves(connection):
    there = connection("ce1")
    there.send_config_set(["set system location floor 4"], exit_config_mode=False)
    assert there.check_config_mode()
    assert "configuration check succeeds" in there.commit(check=True)
    assert "commit complete" in there.commit(comment="moved in")
    there.send_config_set(["set system location floor 5"], exit_config_mode=False)
    assert "rolled back in 3 minutes" in there.commit(confirm=True, confirm_delay=3)
    there.send_config_set(["rollback 1", "set system location floor 6"], exit_config_mode=False)
    there.exit_config_mode()
    assert not there.check_config_mode()
    assert there.send_command("show configuration system location").strip() == "floor 5;"


@pytest.mark.parametrize("mode", ["configuration", "configuration_private"])
def test_scrapli_sends_configurations(site, mode):
    router = site.router("ce2")
    driver = scrapli.JunosDriver(
        host=router.host,
        port=router.port,
        auth_username=router.username,
        auth_password=router.password,
        auth_strict_key=False,
        transport="paramiko",
    )
    with driver as there:
        answers = there.send_configs(
            ["set system location floor 7", "show | compare", "commit"],
            privilege_level=mode,
        )
        assert "floor 7" in answers[1].result
        assert "commit complete" in answers[2].result
        shown = there.send_command("show configuration system location").result
        assert shown.strip() == "floor 7;"
        there.send_configs(["delete system location", "commit"], privilege_level=mode)
