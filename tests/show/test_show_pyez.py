"""PyEZ's own facts and tables, fed with what the twin answers, cut as ncclient cuts it."""

import importlib

import pytest
from jnpr.junos.exception import RpcError as PyezError
from jnpr.junos.op.bfd import BfdSessionTable
from jnpr.junos.op.bgp import bgpTable
from jnpr.junos.op.inventory import ModuleTable
from jnpr.junos.op.isis import IsisAdjacencyTable
from jnpr.junos.op.ldp import LdpNeighborTable
from jnpr.junos.op.ospf import OspfInterfaceTable, OspfNeighborTable
from jnpr.junos.op.phyport import PhyPortStatsTable, PhyPortTable
from jnpr.junos.op.routes import RouteSummaryTable, RouteTable
from jnpr.junos.op.xcvr import XcvrTable
from lxml import etree

from multihome.twin.show.answer import answer
from multihome.twin.show.commands import rpc_of
from multihome.twin.show.reply import RpcError

FACTS = (
    "iri_mapping",
    "is_linux",
    "get_virtual_chassis_information",
    "get_chassis_cluster_status",
    "current_re",
    "get_software_information",
    "get_route_engine_information",
    "get_chassis_inventory",
    "personality",
    "ifd_style",
    "file_list",
    "ethernet_mac_table",
    "vmhost",
    "get_jnu_satellites_information",
)


def stripped(element):
    """ncclient's reply transform: no namespaces, on tags or on attributes."""
    copy = etree.Element(etree.QName(element).localname)
    copy.text, copy.tail = element.text, element.tail
    for name, value in element.attrib.items():
        copy.set(etree.QName(name).localname, value)
    for child in element.iterchildren("*"):
        copy.append(stripped(child))
    return copy


class Rpc:
    def __init__(self, device):
        self._device = device

    def __getattr__(self, name):
        def call(**arguments):
            request = etree.Element(name.replace("_", "-"))
            for key, value in arguments.items():
                if key not in ("normalize", "format", "dev_timeout"):
                    child = etree.SubElement(request, key.replace("_", "-"))
                    child.text = None if value is True else value
            return self._send(request)

        return call

    def cli(self, command, format="text", **_):
        request = rpc_of(command.split())
        request.set("format", format)
        return self._send(request)

    def _send(self, request):
        try:
            reply = answer(self._device, request, user="admin")
        except RpcError as error:
            raise PyezError(cmd=request, rsp=stripped(error.element())) from None
        envelope = etree.Element("rpc-reply")
        envelope.text = reply.text
        envelope.extend([stripped(element) for element in reply.elements])
        return envelope[0] if len(envelope) else envelope


class Pyez:
    """As much of jnpr.junos.Device as its facts use."""

    def __init__(self, device):
        self.rpc = Rpc(device)
        self.facts = {}


@pytest.fixture
def facts(chassis):
    pyez = Pyez(chassis)
    # The facts ask for one another; none of those they ask for early is in the way here.
    pyez.facts["srx_cluster_id"] = None
    for name in FACTS:
        module = importlib.import_module(f"jnpr.junos.facts.{name}")
        pyez.facts.update(module.get_facts(pyez))
    return pyez.facts


def test_every_fact_of_an_mx_is_gathered(facts):
    assert facts["hostname"] == "Luna"
    assert facts["model"] == "MX104"
    assert facts["version"] == "18.2R3.4"
    assert facts["version_info"].major == (18, 2)
    assert facts["serialnumber"] == "JN1ABCDEF"
    assert facts["personality"] == "MX"
    assert facts["ifd_style"] == "CLASSIC"
    assert facts["switch_style"] == "BRIDGE_DOMAIN"
    assert facts["HOME"] == "/var/home/admin"


def test_the_one_routing_engine_is_the_master(facts):
    assert facts["current_re"] == ["master", "re0"]
    assert facts["2RE"] is False
    assert facts["master"] == "RE0"
    assert facts["RE0"]["status"] == "OK"
    assert facts["RE0"]["up_time"] == "8 days, 32 minutes, 28 seconds"
    assert facts["re_info"]["default"]["0"]["mastership_state"] == "master"
    assert facts["hostname_info"] == {"re0": "Luna"}
    assert facts["version_RE0"] == "18.2R3.4"
    assert facts["version_RE1"] is None
    assert facts["RE_hw_mi"] is False


def test_what_an_mx_is_not_is_refused_or_denied(facts):
    assert facts["_is_linux"] is False
    assert facts["vc_capable"] is False
    assert facts["srx_cluster"] is None
    assert facts["vmhost"] is False
    assert facts["virtual"] is False
    assert facts["jnu_satellite"] is False


def table(kind, device, tmp_path, line):
    """A PyEZ table over the saved answer of a command."""
    [payload] = answer(device, rpc_of(line.split())).elements
    file = tmp_path / "reply.xml"
    file.write_bytes(etree.tostring(stripped(payload)))
    return kind(path=str(file)).get()


def test_the_route_table_reads_protocol_way_and_age(chassis, tmp_path):
    routes = table(RouteTable, chassis, tmp_path, "show route")
    assert routes["10.0.0.3/32"].protocol == "BGP"
    assert routes["10.0.0.3/32"].nexthop == "4.0.0.22"
    assert routes["10.0.0.3/32"].via == "xe-2/0/0.105"
    assert routes["10.0.0.3/32"].age == 693148
    assert routes["4.0.0.21/32"].via == "xe-2/0/0.105"


def test_the_route_summary_reads_counts(chassis, tmp_path):
    tables = table(RouteSummaryTable, chassis, tmp_path, "show route summary")
    assert tables["inet.0"].dests == 4
    assert tables["inet.0"].proto["BGP"].active == 1


def test_the_bgp_table_reads_neighbors(chassis, tmp_path):
    peers = table(bgpTable, chassis, tmp_path, "show bgp neighbor 4.0.0.22")
    assert peers["10.0.0.5"].peer_as == "1"
    assert peers["10.0.0.5"].route_received == "14"


def test_the_port_tables_read_state_and_counters(chassis, tmp_path):
    ports = table(PhyPortTable, chassis, tmp_path, "show interfaces [efgx][et]-*")
    assert list(ports.keys()) == ["xe-2/0/0", "xe-2/0/1", "xe-2/0/2"]
    assert ports["xe-2/0/2"].oper == "down"
    assert ports["xe-2/0/0"].mtu == 1518
    counted = table(PhyPortStatsTable, chassis, tmp_path, "show interfaces xe-2/0/0 extensive")
    assert counted["xe-2/0/0"].rx_packets == 0


def test_the_inventory_table_reads_modules(chassis, tmp_path):
    modules = table(ModuleTable, chassis, tmp_path, "show chassis hardware")
    kinds = {module.jname: module.type for module in modules}
    assert kinds["Routing Engine 0"] == "RE-MX-104"
    assert kinds["FPC 2"] == "MPC BUILTIN"
    assert kinds["MIC 0"] == kinds["PIC 0"] == "4x 10GE(LAN) SFP+"
    optics = table(XcvrTable, chassis, tmp_path, "show chassis hardware")
    assert optics[("FPC 2", "PIC 0", "Xcvr 0")].type == "SFP+-10G-SR"


def test_the_tables_of_the_core_protocols_read_their_sessions(core, tmp_path):
    isis = table(IsisAdjacencyTable, core, tmp_path, "show isis adjacency extensive")
    assert isis[("xe-2/0/0.114", "Liber")].adjacency_state == "Up"
    ldp = table(LdpNeighborTable, core, tmp_path, "show ldp neighbor extensive")
    assert ldp[("xe-2/0/0.114", "4.0.0.57")].label_space_id == "10.0.0.7:0"
    bfd = table(BfdSessionTable, core, tmp_path, "show bfd session extensive")
    assert (bfd["4.0.0.57"].state, bfd["4.0.0.57"].remote_state) == ("Up", "Up")
    ospf = table(OspfNeighborTable, core, tmp_path, "show ospf neighbor extensive")
    assert ospf[("xe-2/0/0.114", "10.0.0.7")].ospf_neighbor_state == "Full"
    assert table(OspfInterfaceTable, core, tmp_path, "show ospf interface")[0].neighbor_count == "1"
