"""What NAPALM's Junos driver gathers of a site, in the shapes that NAPALM promises."""

import pytest

napalm = pytest.importorskip("napalm", reason="the extra `clients` is not installed")
from napalm.base import models  # noqa: E402 - it is there now
from napalm.base.exceptions import CommandErrorException  # noqa: E402
from napalm.base.test.helpers import test_model as fits  # noqa: E402

pytestmark = [pytest.mark.clients, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def drivers(site):
    """An open driver for each router of the site."""
    opened = {}
    for router in site.routers:
        driver = napalm.get_network_driver("junos")(
            router.host, router.username, router.password, optional_args={"port": router.port}
        )
        driver.open()
        opened[router.name] = driver
    yield opened
    for driver in opened.values():
        driver.close()


@pytest.fixture(scope="module")
def pe(drivers):
    return drivers["pe1"]


@pytest.fixture(scope="module")
def ce(drivers):
    return drivers["ce1"]


def test_it_is_alive(pe):
    assert pe.is_alive() == {"is_alive": True}


def test_facts_of_every_router(drivers):
    for name, driver in drivers.items():
        facts = driver.get_facts()
        assert fits(models.FactsDict, facts)
        assert (facts["hostname"], facts["fqdn"]) == (name, name)
        assert "lo0" in facts["interface_list"]


def test_interfaces(ce):
    found = ce.get_interfaces()
    assert all(fits(models.InterfaceDict, each) for each in found.values())
    port = found["xe-0/0/0"]
    assert (port["is_up"], port["is_enabled"], port["speed"], port["mtu"]) == (
        True,
        True,
        10000.0,
        1518,
    )
    assert found["xe-0/0/0.11"]["mac_address"] == port["mac_address"]
    assert all(
        fits(models.InterfaceCounterDict, each) for each in ce.get_interfaces_counters().values()
    )


def test_addresses(ce):
    found = ce.get_interfaces_ip()
    assert found["xe-0/0/0.11"] == {"ipv4": {"10.11.0.2": {"prefix_length": 30}}}
    assert found["lo0.0"] == {"ipv4": {"10.255.1.1": {"prefix_length": 32}}}
    assert found["xe-0/0/1.100"]["ipv4"]["192.0.2.2"] == {"prefix_length": 24}


def test_the_environment(ce):
    found = ce.get_environment()
    for kind, model in (
        ("fans", models.FanDict),
        ("power", models.PowerDict),
        ("temperature", models.TemperatureDict),
        ("cpu", models.CPUDict),
    ):
        assert found[kind]
        assert all(fits(model, each) for each in found[kind].values())
    assert fits(models.MemoryDict, found["memory"])
    assert ce.get_optics()["xe-0/0/0"]["physical_channels"]["channel"]


def test_bgp_neighbors_by_instance(pe):
    found = pe.get_bgp_neighbors()
    assert set(found) == {"global", "blue"}
    for instance, peer, received, sent in (
        ("global", "10.255.0.2", 0, 0),
        ("blue", "10.11.0.2", 2, 2),
    ):
        assert found[instance]["router_id"]
        each = found[instance]["peers"][peer]
        assert fits(models.PeerDict, each)
        assert (each["is_up"], each["is_enabled"]) == (True, True)
        counts = each["address_family"]["ipv4"]
        assert (counts["received_prefixes"], counts["sent_prefixes"]) == (received, sent)
    assert found["blue"]["peers"]["10.11.0.2"]["description"] == "ce1"


def test_bgp_neighbors_in_detail(pe):
    found = pe.get_bgp_neighbors_detail()
    for instance, number in (("global", 65000), ("blue", 65100)):
        [each] = found[instance][number]
        assert fits(models.PeerDetailsDict, each)
        assert (each["connection_state"], each["routing_table"]) == ("Established", instance)
        assert (each["holdtime"], each["keepalive"], each["flap_count"]) == (90, 30, 0)
    assert found["global"][65000][0]["local_address_configured"]
    [one] = pe.get_bgp_neighbors_detail("10.11.0.2")["blue"][65100]
    assert (one["received_prefix_count"], one["advertised_prefix_count"]) == (2, 2)


def test_the_configuration_of_bgp(pe, ce):
    group = pe.get_bgp_config()["core"]
    assert fits(models.BGPConfigGroupDict, group)
    assert (group["type"], group["local_address"], group["local_as"]) == (
        "internal",
        "10.255.0.1",
        65000,
    )
    assert fits(models.BGPConfigNeighborDict, group["neighbors"]["10.255.0.2"])
    assert ce.get_bgp_config("pe")["pe"]["export_policy"] == "site"


def test_a_route_with_two_paths(pe):
    best, other = pe.get_route_to("192.0.2.0/24", protocol="bgp")["192.0.2.0/24"]
    assert fits(models.RouteDict, best)
    assert (best["next_hop"], best["outgoing_interface"], best["routing_table"]) == (
        "10.11.0.2",
        "xe-0/0/1.11",
        "blue.inet.0",
    )
    assert (best["current_active"], other["current_active"]) == (True, False)
    assert best["protocol_attributes"]["communities"] == ["65100:1"]
    assert best["protocol_attributes"]["as_path"] == "65100"
    assert other["inactive_reason"]


def test_routes_of_other_protocols(ce, pe):
    [route] = ce.get_route_to("192.0.2.0/24", protocol="connected")["192.0.2.0/24"]
    assert (route["protocol"], route["outgoing_interface"]) == ("Direct", "xe-0/0/1.100")
    assert pe.get_route_to("10.255.0.2")["10.255.0.2/32"][0]["outgoing_interface"] == "xe-0/0/0.10"
    with pytest.raises(CommandErrorException):
        ce.get_route_to("192.0.2.0/24", protocol="nonsense")


def test_neighbors_on_the_links(ce):
    found = ce.get_arp_table()
    assert all(fits(models.ARPTableDict, each) for each in found)
    assert {(each["interface"], each["ip"]) for each in found} >= {
        ("xe-0/0/0.11", "10.11.0.1"),
        ("xe-0/0/1.100", "192.0.2.3"),
    }


def test_what_is_not_there_is_empty(ce):
    assert ce.get_lldp_neighbors() == {}
    assert ce.get_lldp_neighbors_detail() == {}
    assert ce.get_ipv6_neighbors_table() == []
    assert ce.get_mac_address_table() == []
    assert ce.get_vlans() == {}
    assert ce.get_ntp_stats() == []
    assert ce.get_ntp_servers() == ce.get_ntp_peers() == {}
    assert ce.get_snmp_information() == {}
    assert ce.get_probes_config() == ce.get_probes_results() == {}


def test_instances(pe):
    found = pe.get_network_instances()
    assert found["blue"] == {
        "name": "blue",
        "type": "L3VRF",
        "state": {"route_distinguisher": "65000:1"},
        "interfaces": {"interface": {"xe-0/0/1.11": {}}},
    }
    assert found["default"]["type"] == "DEFAULT_INSTANCE"


def test_users(ce):
    found = ce.get_users()
    assert all(fits(models.UsersDict, each) for each in found.values())
    assert found["lab"]["level"] == 15


@pytest.mark.parametrize("form", ["text", "set"])
def test_the_configuration_in_each_format(ce, form):
    found = ce.get_config(format=form)
    assert fits(models.ConfigDict, found)
    assert "ce1" in found["running"]
    assert ce.get_config(retrieve="candidate")["running"] == ""


def test_packets_within_an_instance(pe):
    answer = pe.ping("192.0.2.1", vrf="blue", count=3)["success"]
    assert fits(models.PingDict, answer)
    assert (answer["probes_sent"], answer["packet_loss"]) == (3, 0)
    assert pe.ping("192.0.2.1") == {"error": "Packet loss 100"}
    hops = pe.traceroute("10.22.0.2", vrf="blue")["success"]
    assert hops[max(hops)]["probes"][1]["ip_address"] == "10.22.0.2"


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [("text", "Groups: 2 Peers: 2"), ("xml", "<peer-count>2</peer-count>"), ("json", "peer-count")],
)
def test_commands(pe, encoding, expected):
    shown = pe.cli(["show bgp summary"], encoding=encoding)["show bgp summary"]
    assert expected in str(shown)


def test_commands_with_pipes(pe):
    commands = ["show version | match Hostname", "show interfaces terse | count"]
    shown = pe.cli(commands)
    assert shown[commands[0]].strip() == "Hostname: pe1"
    assert shown[commands[1]].startswith("Count: ")


def test_a_report_of_compliance(ce, tmp_path):
    (tmp_path / "wanted.yml").write_text(
        "- get_facts: {hostname: ce1, vendor: Juniper}\n"
        "- get_interfaces_ip: {xe-0/0/1.100: {ipv4: {192.0.2.2: {prefix_length: 24}}}}\n"
        "- ping: {_name: gateway, _kwargs: {destination: 192.0.2.3}, success: {packet_loss: 0}}\n"
    )
    assert ce.compliance_report(str(tmp_path / "wanted.yml"))["complies"]
