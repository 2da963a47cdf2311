"""netconf-client, which speaks the base protocol and knows nothing of Junos."""

import pytest
from lxml import etree

from multihome.lab.embedded import embedded
from multihome.lab.order import Order, fresh

connect = pytest.importorskip(
    "netconf_client.connect", reason="the extra `clients` is not installed"
)
from netconf_client.error import RpcError  # noqa: E402 - it is there now
from netconf_client.ncclient import Manager  # noqa: E402

pytestmark = [pytest.mark.clients, pytest.mark.filterwarnings("ignore")]
EDIT = (
    "<config><configuration><system><domain-name>example.net</domain-name></system>"
    "</configuration></config>"
)
NAME = (
    '<filter type="subtree"><configuration><system><domain-name/></system></configuration></filter>'
)


@pytest.fixture(scope="module", params=["1.0", "1.1"])
def lab(request):
    chunked = request.param == "1.1"
    with embedded(Order(fresh(["r1"]), speed=None, always_chunked=chunked)) as running:
        yield running


@pytest.fixture
def manager(lab):
    router = lab.router("r1")
    session = connect.connect_ssh(
        host=router.host,
        port=router.port,
        username=router.username,
        password=router.password,
    )
    with Manager(session, timeout=20) as opened:
        yield opened


def names(reply):
    root = etree.fromstring(reply.data_xml)
    return [node.text for node in root.iter("{*}domain-name")]


def test_a_change(manager, lab):
    manager.lock("candidate")
    manager.edit_config(EDIT, target="candidate")
    manager.validate(source="candidate")
    assert names(manager.get_config(source="candidate", filter=NAME)) == ["example.net"]
    manager.commit(confirmed=True, confirm_timeout=60)
    assert names(manager.get_config(source="running", filter=NAME)) == ["example.net"]
    lab.advance(61)
    assert names(manager.get_config(source="running", filter=NAME)) == []
    manager.discard_changes()
    manager.unlock("candidate")


def test_rpcs_and_errors(manager):
    reply = manager.dispatch("<get-software-information/>")
    assert "<product-model>mx104</product-model>" in str(reply.xml)
    with pytest.raises(RpcError, match="syntax error"):
        manager.dispatch("<get-nonsense/>")
    with pytest.raises(RpcError, match="Configuration database is not open"):
        manager.unlock("candidate")
