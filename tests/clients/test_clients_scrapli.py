"""scrapli-netconf, over paramiko and over OpenSSH, in both framings."""

import shutil

import pytest

from multihome.lab.embedded import embedded
from multihome.lab.order import Order, fresh

scrapli = pytest.importorskip(
    "scrapli_netconf.driver", reason="the extra `clients` is not installed"
)
pytestmark = [pytest.mark.clients, pytest.mark.filterwarnings("ignore")]
EDIT = (
    "<config><configuration><system><domain-name>example.net</domain-name></system>"
    "</configuration></config>"
)


@pytest.fixture(params=[False, True], ids=["1.0", "1.1"])
def lab(request):
    with embedded(Order(fresh(["r1"]), always_chunked=request.param)) as running:
        yield running


@pytest.fixture(params=["paramiko", "system"])
def driver(request, lab):
    if request.param == "system" and shutil.which("ssh") is None:
        pytest.skip("OpenSSH's ssh is not installed")
    router = lab.router("r1")
    secret = {"auth_password": router.password}
    if request.param == "system":
        secret = {"auth_private_key": str(lab.private_key)}
    opened = scrapli.NetconfDriver(
        host=router.host,
        port=router.port,
        auth_username=router.username,
        auth_strict_key=False,
        transport=request.param,
        **secret,
    )
    opened.open()
    yield opened
    opened.close()


def test_a_change_by_the_base_protocol(driver):
    for answer in (
        driver.lock(target="candidate"),
        driver.edit_config(config=EDIT, target="candidate"),
        driver.validate(source="candidate"),
        driver.commit(),
        driver.unlock(target="candidate"),
    ):
        assert not answer.failed, answer.result
    assert "example.net" in driver.get_config(source="running").result
    assert driver.rpc("<get-nonsense/>").failed
