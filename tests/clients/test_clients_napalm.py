"""NAPALM's Junos driver."""

import pytest

napalm = pytest.importorskip("napalm", reason="the extra `clients` is not installed")
pytestmark = [pytest.mark.clients, pytest.mark.filterwarnings("ignore")]
CHANGE = "set system domain-name example.net\n"


@pytest.fixture
def driver(edge):
    options = {"port": edge.port, "config_lock": True}
    with napalm.get_network_driver("junos")(
        edge.host, edge.username, edge.password, optional_args=options
    ) as opened:
        yield opened


def test_facts(driver, pair):
    pair.advance(60)
    facts = driver.get_facts()
    assert (facts["hostname"], facts["vendor"], facts["os_version"], facts["model"]) == (
        "edge",
        "Juniper",
        "21.4R3.15",
        "MX104",
    )
    assert facts["uptime"] >= 60
    assert "xe-0/0/0" in facts["interface_list"]


def test_bgp_neighbors(driver):
    known = driver.get_bgp_neighbors()["global"]
    assert known["router_id"] == "10.0.0.1"
    peer = known["peers"]["192.0.2.2"]
    assert (peer["is_up"], peer["remote_as"], peer["description"]) == (True, 65002, "customer")
    assert peer["address_family"]["ipv4"]["received_prefixes"] == 2
    detail = driver.get_bgp_neighbors_detail()["global"][65002][0]
    assert detail["connection_state"] == "Established"


def test_route(driver):
    [route] = driver.get_route_to("10.0.0.2/32", protocol="bgp")["10.0.0.2/32"]
    assert (route["next_hop"], route["outgoing_interface"]) == ("192.0.2.2", "xe-0/0/0.5")
    assert (route["current_active"], route["preference"]) == (True, 170)
    assert route["protocol_attributes"]["as_path"].split()[0] == "65002"


def test_a_merge_is_compared_committed_with_a_way_back_and_confirmed(driver, pair):
    driver.load_merge_candidate(config=CHANGE)
    assert "+  domain-name example.net;" in driver.compare_config()
    driver.commit_config(message="try", revert_in=60)
    assert driver.has_pending_commit()
    driver.confirm_commit()
    assert not driver.has_pending_commit()
    pair.advance(120)
    assert "example.net" in driver.get_config()["running"]
    driver.rollback()


def test_what_is_not_confirmed_comes_back(driver, pair):
    driver.load_merge_candidate(config=CHANGE)
    driver.commit_config(revert_in=60)
    pair.advance(61)
    assert "example.net" not in driver.get_config()["running"]
    assert not driver.has_pending_commit()


def test_a_replacement_takes_out_what_it_leaves_out(driver):
    whole = driver.get_config()["running"]
    driver.load_replace_candidate(config=whole.replace("description customer;", ""))
    assert "description customer" in driver.compare_config()
    driver.discard_config()
    assert driver.compare_config() == ""


def test_a_bad_word_is_refused_by_name(driver):
    exception = napalm.base.exceptions.MergeConfigException
    with pytest.raises(exception, match="domain-nme"):
        driver.load_merge_candidate(config="set system domain-nme x\n")


def test_packets(driver):
    assert driver.ping("10.0.0.2", source="10.0.0.1")["success"]["packet_loss"] == 0
    assert "error" in driver.ping("198.51.100.1")
    hops = driver.traceroute("10.0.0.2")["success"]
    assert hops[1]["probes"][1]["ip_address"] == "10.0.0.2"
