"""PyEZ: its facts, the tables and views it ships, and its ways to change a configuration."""

import json
import os
from pathlib import Path

import jnpr.junos.op
import pytest
from jnpr.junos import Device
from jnpr.junos.exception import (
    CommitError,
    ConfigLoadError,
    ConnectAuthError,
    LockError,
    RpcError,
    RpcTimeoutError,
    UnlockError,
)
from jnpr.junos.factory import loadyaml
from jnpr.junos.utils.config import Config
from lxml import etree

pytestmark = [pytest.mark.clients, pytest.mark.filterwarnings("ignore")]
OP = Path(jnpr.junos.op.__file__).parent
CHANGE = "set system domain-name example.net"


def connect(router, **options):
    return Device(
        host=router.host,
        port=router.port,
        user=router.username,
        password=router.password,
        gather_facts=False,
        **options,
    )


@pytest.fixture(scope="module")
def devices(site):
    """An open device of each router of the site."""
    opened = {router.name: connect(router).open() for router in site.routers}
    yield opened
    for device in opened.values():
        device.close()


@pytest.fixture
def device(edge):
    with connect(edge) as opened:
        yield opened


def table(device, file, name, **arguments):
    """The rows of one of PyEZ's own tables."""
    found = loadyaml(os.fspath(OP / f"{file}.yml"))[name](device)
    return found.get(**arguments)


# --- facts -------------------------------------------------------------------------------


def test_facts(devices):
    facts = devices["pe1"].facts
    assert {
        name: facts[name]
        for name in ("hostname", "fqdn", "domain", "model", "version", "personality", "ifd_style")
    } == {
        "hostname": "pe1",
        "fqdn": "pe1",
        "domain": None,
        "model": "MX104",
        "version": "21.4R3.15",
        "personality": "MX",
        "ifd_style": "CLASSIC",
    }
    assert (facts["2RE"], facts["master"], facts["current_re"]) == (False, "RE0", ["master", "re0"])
    assert facts["version_info"].major == (21, 4)
    assert facts["RE0"]["status"] == "OK"
    assert (facts["switch_style"], facts["vc_capable"], facts["virtual"], facts["srx_cluster"]) == (
        "BRIDGE_DOMAIN",
        False,
        False,
        None,
    )
    assert facts["HOME"] == "/var/home/lab"
    assert len({device.facts["serialnumber"] for device in devices.values()}) == len(devices)


def test_every_fact_there_is_can_be_had(devices):
    facts = devices["ce1"].facts
    assert set(dict(facts)) == set(facts)


def test_the_uptime_grows_with_the_twin_s_clock(device, pair):
    before = device.uptime
    pair.advance(100)
    assert device.uptime == before + 100


# --- tables and views --------------------------------------------------------------------


def test_routes(devices):
    rows = table(devices["ce1"], "routes", "RouteTable")
    assert rows["203.0.113.0/24"].protocol == "Static"
    assert rows["192.0.2.0/24"].via == "xe-0/0/1.100"
    learned = rows["198.51.100.0/24"]
    assert (learned.protocol, learned.nexthop, learned.via) == ("BGP", "10.11.0.1", "xe-0/0/0.11")
    assert learned.age > 0


def test_routes_of_one_destination_and_of_one_table(devices):
    rows = table(devices["pe1"], "routes", "RouteTable", destination="192.0.2.0/24")
    assert rows.keys() == ["192.0.2.0/24"]
    rows = table(devices["pe1"], "routes", "RouteTable", protocol="bgp", table="blue.inet.0")
    assert rows.keys() == ["10.22.0.0/30", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"]
    assert rows["203.0.113.0/24"].nexthop == "10.11.0.2"


def test_route_summary(devices):
    summary = table(devices["pe1"], "routes", "RouteSummaryTable")
    blue = summary["blue.inet.0"]
    assert (blue.dests, blue.total, blue.active, blue.hidden) == (6, 7, 6, 0)
    assert blue.proto["BGP"].count == 5


def test_bgp(devices):
    rows = table(devices["pe1"], "bgp", "bgpTable")
    assert rows.keys() == ["10.255.0.2", "10.255.1.1"]
    customer = rows["10.255.1.1"]
    assert (customer.local_as, customer.peer_as) == ("65000", "65100")
    assert customer.local_address.partition("+")[0] == "10.11.0.1"
    assert customer.route_received == "2"


def test_isis(devices):
    rows = table(devices["p"], "isis", "IsisAdjacencyTable")
    assert rows.keys() == [("xe-0/0/0.10", "pe1"), ("xe-0/0/0.20", "pe2")]
    row = rows[("xe-0/0/0.10", "pe1")]
    assert (row.level, row.adjacency_state, row.ip_address) == ("2", "Up", "10.10.0.1")
    assert [log.state for log in row.adjacency_log][-1] == "Up"


def test_ldp(devices):
    rows = table(devices["p"], "ldp", "LdpNeighborTable")
    row = rows[("xe-0/0/0.20", "10.20.0.1")]
    assert (row.label_space_id, row.holdtime, row.hello_interval) == ("10.255.0.2:0", "15", "5")
    assert row.transport_address == "10.255.0.2"


def test_bfd(devices):
    rows = table(devices["p"], "bfd", "BfdSessionTable")
    row = rows["10.10.0.1"]
    assert (row.state, row.interface, row.detection_time) == ("Up", "xe-0/0/0.10", "0.900")
    assert [client.client_name for client in row.bfd_client] == ["ISIS L2"]


def test_ospf(devices):
    rows = table(devices["ce1"], "ospf", "OspfNeighborTable")
    row = rows[("xe-0/0/1.100", "10.255.1.2")]
    assert (row.ospf_neighbor_state, row.neighbor_address) == ("Full", "192.0.2.3")
    interfaces = table(devices["ce1"], "ospf", "OspfInterfaceTable")
    assert interfaces["xe-0/0/1.100"].neighbor_count == "1"
    [area] = table(devices["ce1"], "ospf", "ospfTable")
    assert area.router_id == "10.255.1.1"


def test_ports(devices):
    rows = table(devices["ce1"], "phyport", "PhyPortTable")
    assert rows.keys() == ["xe-0/0/0", "xe-0/0/1"]
    assert (rows["xe-0/0/0"].oper, rows["xe-0/0/0"].admin) == ("up", "up")
    assert rows["xe-0/0/0"].speed == "10Gbps"
    assert table(devices["ce1"], "phyport", "PhyPortTable", interface_name="xe-0/0/1").keys() == [
        "xe-0/0/1"
    ]
    assert table(devices["ce1"], "ethport", "EthPortTable")["xe-0/0/0"].running
    assert table(devices["ce1"], "phyport", "PhyPortStatsTable")["xe-0/0/0"].rx_bytes == 0
    errors = table(devices["ce1"], "phyport", "PhyPortErrorTable")["xe-0/0/1"]
    assert (errors.rx_err_input, errors["tx_err_carrier-transitions"]) == (0, 0)


def test_arp_shows_the_virtual_router_s_address(devices):
    owner, rows = devices["ce1"], table(devices["ce2"], "arp", "ArpTable")
    assert rows["00:00:5e:00:01:0a"].ip_address == "192.0.2.1"
    port = table(owner, "phyport", "PhyPortTable")["xe-0/0/1"]
    assert rows[port.macaddr].ip_address == "192.0.2.2"


def test_the_chassis(devices):
    assert table(devices["ce1"], "fpc", "FpcHwTable").keys() == ["FPC 0"]
    assert table(devices["ce1"], "fpc", "FpcInfoTable")["0"].state == "Online"
    assert len(table(devices["ce1"], "xcvr", "XcvrTable")) == 2
    assert "Routing Engine 0" in [
        row.jname for row in table(devices["ce1"], "inventory", "ModuleTable")
    ]
    assert len(table(devices["ce1"], "intopticdiag", "PhyPortDiagTable")) == 2
    [storage] = table(devices["ce1"], "systemstorage", "SystemStorageTable")
    assert "/" in [row.mounted_on for row in storage.filesystems]


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("lldp", "LLDPNeighborTable"),
        ("nd", "NdTable"),
        ("lacp", "LacpPortTable"),
    ],
)
def test_what_is_not_there_is_an_empty_table(devices, file, name):
    assert len(table(devices["ce1"], file, name)) == 0


VRRP = """
---
VrrpTable:
  rpc: get-vrrp-information
  args: {summary: True}
  item: vrrp-interface
  key: [interface, group]
  view: VrrpView
VrrpView:
  fields:
    state: vrrp-state
    virtual: virtual-ip-address
"""
USERS = """
---
Users:
  get: system/login/user
  view: UserView
UserView:
  fields:
    level: class
"""


def own(text, name, device):
    """A table that an engineer would write."""
    from jnpr.junos.factory.factory_loader import FactoryLoader  # noqa: PLC0415
    from yaml import safe_load  # noqa: PLC0415

    return FactoryLoader().load(safe_load(text))[name](device)


def test_tables_of_one_s_own(devices):
    for name, state in (("ce1", "master"), ("ce2", "backup")):
        rows = own(VRRP, "VrrpTable", devices[name]).get()
        row = rows[("xe-0/0/1.100", "10")]
        assert (row.state, row.virtual) == (state, "192.0.2.1")
    assert own(USERS, "Users", devices["ce1"]).get()["lab"].level == "super-user"


# --- RPCs --------------------------------------------------------------------------------


def test_answers_as_text_json_and_elements(devices):
    rpc = devices["pe1"].rpc
    assert "Hostname: pe1" in rpc.get_software_information({"format": "text"}).text
    answer = rpc.get_bgp_summary_information({"format": "json"})
    [information] = answer["bgp-information"]
    assert information["peer-count"] == [{"data": "2"}]
    terse = rpc.get_interface_information(interface_name="lo0", terse=True)
    assert terse.findtext("physical-interface/name").strip() == "lo0"
    terse = rpc.get_interface_information(interface_name="lo0", terse=True, normalize=True)
    assert terse.findtext("physical-interface/name") == "lo0"


def test_commands(devices):
    device = devices["pe1"]
    assert "\nGroups: 2 Peers: 2 " in device.cli("show bgp summary", warning=False)
    assert (
        device.cli("show route 192.0.2.0/24", format="xml", warning=False).tag
        == "route-information"
    )
    assert device.cli("show version", format="json", warning=False)["software-information"]
    shown = device.cli("show configuration system services | display set", warning=False)
    assert shown.strip() == "set system services netconf ssh"
    assert device.display_xml_rpc("show bgp summary").tag == "get-bgp-summary-information"
    assert device.cli_to_rpc_string("show isis adjacency detail") == (
        "rpc.get_isis_adjacency_information(detail=True)"
    )


def test_errors_name_the_bad_element(devices):
    with pytest.raises(RpcError) as unknown:
        devices["pe1"].rpc.get_nonsense()
    assert (unknown.value.message, unknown.value.errs[0]["bad_element"]) == (
        "syntax error",
        "get-nonsense",
    )
    with pytest.raises(RpcError, match="missing mandatory argument"):
        devices["pe1"].rpc.ping()


def test_ping_and_traceroute(devices):
    rpc = devices["ce1"].rpc
    answer = rpc.ping(host="198.51.100.1", source="192.0.2.2", count="2")
    assert answer.findtext("target-ip").strip() == "198.51.100.1"
    assert answer.find("ping-failure") is not None
    answer = rpc.ping(host="10.255.1.2", count="2", normalize=True)
    assert answer.findtext("probe-results-summary/packet-loss") == "0"
    hops = rpc.traceroute(host="10.22.0.2", no_resolve=True, normalize=True).findall("hop")
    assert hops[-1].findtext("last-ip-address") == "10.22.0.2"


def test_the_configuration_in_every_format_and_in_part(devices):
    rpc = devices["pe1"].rpc
    whole = rpc.get_config()
    assert whole.findtext("routing-instances/instance/route-distinguisher/rd-type") == "65000:1"
    part = rpc.get_config(filter_xml="system/services")
    assert [child.tag for child in part] == ["system"]
    assert [child.tag for child in part.find("system")] == ["services"]
    wanted = etree.XML("<configuration><protocols><ldp/></protocols></configuration>")
    part = rpc.get_config(
        filter_xml=wanted, options={"database": "committed", "inherit": "inherit"}
    )
    assert [each.text for each in part.iter("name")] == ["xe-0/0/0.10", "lo0.0"]
    assert "route-distinguisher 65000:1;" in rpc.get_config(options={"format": "text"}).text
    lines = rpc.get_config(options={"format": "set"}).text
    assert "set routing-instances blue route-distinguisher 65000:1" in lines
    data = rpc.get_config(options={"format": "json"})
    assert data["configuration"]["system"]["host-name"] == "pe1"


def test_everything_by_the_base_protocol(devices):
    rpc = devices["pe1"].rpc
    assert rpc.get().findtext("configuration/system/host-name") == "pe1"
    with pytest.raises(RpcError, match="syntax error"):
        rpc.get(filter_select="bgp")


# --- changes -----------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["exclusive", "private", "batch", None])
def test_a_change_in_each_mode(device, mode):
    if mode is None:
        config = Config(device)
        config.lock()
        change(config)
        config.unlock()
    else:
        with Config(device, mode=mode) as config:
            change(config)
    assert (
        device.rpc.get_config(filter_xml="system/domain-name").findtext("system/domain-name")
        == "example.net"
    )


def change(config):
    config.load(CHANGE, format="set")
    assert config.diff() == "\n[edit system]\n+  domain-name example.net;\n"
    assert config.pdiff() is None
    assert config.commit_check()
    assert config.commit(comment="by PyEZ")


@pytest.mark.parametrize(
    ("data", "options"),
    [
        ("set system domain-name example.net", {"format": "set"}),
        ("system { domain-name example.net; }", {"format": "text", "merge": True}),
        ("system { replace: domain-name example.net; }", {"format": "text"}),
        (
            "<system><domain-name>example.net</domain-name></system>",
            {"format": "xml", "merge": True},
        ),
        (
            '{"configuration": {"system": {"domain-name": "example.net"}}}',
            {"format": "json", "merge": True},
        ),
        ("[edit system]\n+  domain-name example.net;\n", {"format": "text", "patch": True}),
    ],
    ids=["set", "text", "replace", "xml", "json", "patch"],
)
def test_a_change_in_each_format(device, data, options):
    with Config(device, mode="exclusive") as config:
        config.load(data, **options)
        assert config.diff() == "\n[edit system]\n+  domain-name example.net;\n"
        config.rollback()
        assert config.diff() is None


def test_a_template_and_a_file(device, tmp_path):
    (tmp_path / "name.conf").write_text("system { domain-name {{ name }}; }")
    (tmp_path / "name.set").write_text(CHANGE)
    with Config(device, mode="private") as config:
        config.load(template_path=str(tmp_path / "name.conf"), template_vars={"name": "a.example"})
        assert "a.example" in config.diff()
        config.load(path=str(tmp_path / "name.set"))
        assert "example.net" in config.diff()


@pytest.mark.parametrize("how", ["overwrite", "update"])
def test_a_whole_configuration_takes_the_place_of_the_old_one(device, how):
    whole = device.rpc.get_config(options={"format": "text"}).text
    changed = whole.replace("description customer;", "")
    assert changed != whole
    with Config(device, mode="exclusive") as config:
        config.load(changed, format="text", **{how: True})
        difference = config.diff()
        assert difference.count("\n-") == 1
        assert "-     description customer;" in difference
        config.rollback(0)


def test_warnings_are_raised_unless_they_are_expected(device):
    config = Config(device)
    with config, pytest.raises(ConfigLoadError) as raised:
        config.load("delete snmp", format="set")
    assert [(each["severity"], each["message"]) for each in raised.value.errs] == [
        ("warning", "statement not found")
    ]
    with Config(device, mode="exclusive") as config:
        config.load("delete snmp\n" + CHANGE, format="set", ignore_warning="statement not found")
        assert "example.net" in config.diff()
        config.rollback()


def test_errors_of_a_load_say_where(device):
    with Config(device, mode="exclusive") as config, pytest.raises(ConfigLoadError) as raised:
        config.load("set system host-nme x\nset system domain-nme y", format="set")
    assert [error["bad_element"] for error in raised.value.errs] == ["host-nme", "domain-nme"]


def test_a_commit_that_fails_says_why(device):
    with Config(device, mode="exclusive") as config:
        config.load("set protocols bgp group customer import nowhere", format="set")
        with pytest.raises(CommitError) as raised:
            config.commit_check()
        assert "nowhere" in str(raised.value)
        with pytest.raises(CommitError):
            config.commit()
        config.rollback()


def test_a_confirmed_commit_is_rolled_back_unless_it_is_confirmed(device, pair):
    def name():
        return device.rpc.get_config(filter_xml="system/domain-name").findtext("system/domain-name")

    with Config(device, mode="exclusive") as config:
        config.load(CHANGE, format="set")
        assert config.commit(confirm=2)
    assert name() == "example.net"
    pair.advance(121)
    assert name() is None
    with Config(device, mode="exclusive") as config:
        config.load(CHANGE, format="set")
        assert config.commit(confirm=True)
        assert config.commit(sync=True, detail=False)
    pair.advance(700)
    assert name() == "example.net"


def test_rollback_and_rescue(device):
    config = Config(device)
    assert config.rescue("get") is None
    assert config.rescue("save")
    with config:
        config.load(CHANGE, format="set")
        config.commit(comment="first")
    assert "host-name edge;" in config.rescue("get", format="text")
    with config:
        config.rescue("reload")
        assert "-  domain-name example.net;" in config.diff()
        config.rollback(0)
        config.rollback(1)
        assert "-  domain-name example.net;" in config.diff()
        config.commit()
    assert config.rescue("delete")
    history = device.rpc.get_commit_information()
    assert history.findtext("commit-history/user") == "lab"
    assert [entry.findtext("log") for entry in history][1] == "first"
    assert "domain-name" in device.rpc.get_rollback_information(
        rollback="0", compare="1", format="text"
    ).findtext(".//configuration-output")


def test_one_session_s_lock_is_another_one_s_error(device, edge):
    with connect(edge) as other:
        holder, waiting = Config(device), Config(other)
        holder.lock()
        with pytest.raises(LockError, match=r"(?s)configuration database locked by:.*lab terminal"):
            waiting.lock()
        with pytest.raises(ConfigLoadError, match="database locked"):
            waiting.load(CHANGE, format="set")
        holder.unlock()
        with pytest.raises(UnlockError):
            holder.unlock()
        waiting.lock()
        waiting.unlock()


def test_a_dirty_database_cannot_be_locked(device, edge):
    with connect(edge) as other:
        Config(other).load(CHANGE, format="set")
        with pytest.raises(LockError, match="configuration database modified"):
            Config(device).lock()
        Config(other).rollback()
        assert Config(device).lock()


def test_a_wrong_password(edge):
    with pytest.raises(ConnectAuthError):
        Device(host=edge.host, port=edge.port, user="lab", password="no").open()


def test_a_session_that_is_closed_leaves_nothing_behind(edge):
    with connect(edge) as first, connect(edge) as second:
        Config(first).lock()
        Config(first).load(CHANGE, format="set")
        first.close()
        assert Config(second).lock()
        assert Config(second).diff() is None


def test_data_survive_json(devices):
    answer = devices["ce1"].rpc.get_vrrp_information({"format": "json"}, summary=True)
    assert json.loads(json.dumps(answer))["vrrp-information"][0]["vrrp-interface"]


def test_a_request_with_a_short_timeout_is_answered_in_time(devices):
    try:
        assert devices["ce1"].rpc.get_route_information(dev_timeout=10) is not None
    except RpcTimeoutError:
        pytest.fail("the whole table takes more than ten seconds")
