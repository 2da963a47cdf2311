"""scrapli-netconf, over paramiko, asyncssh and OpenSSH, in both framings."""

import asyncio
import shutil

import pytest

from multihome.lab.embedded import embedded
from multihome.lab.order import Order, fresh

scrapli = pytest.importorskip(
    "scrapli_netconf.driver", reason="the extra `clients` is not installed"
)
pytestmark = [pytest.mark.clients, pytest.mark.filterwarnings("ignore")]
EDIT = (
    "<config><configuration><system><domain-name>{}</domain-name></system></configuration></config>"
)
NAME = "<configuration><system><domain-name/></system></configuration>"


@pytest.fixture(scope="module", params=["1.0", "1.1"])
def lab(request):
    chunked = request.param == "1.1"
    with embedded(Order(fresh(["r1"]), always_chunked=chunked)) as running:
        running.version = request.param
        yield running


@pytest.fixture
def login(lab):
    """What every driver is told of the router."""
    router = lab.router("r1")
    return {
        "host": router.host,
        "port": router.port,
        "auth_username": router.username,
        "auth_strict_key": False,
    }


@pytest.fixture(params=["paramiko", "system", "key"])
def driver(request, lab, login):
    transport = "system" if request.param == "key" else request.param
    if transport == "system" and shutil.which("ssh") is None:
        pytest.skip("OpenSSH's ssh is not installed")
    secret = {"auth_password": lab.router("r1").password}
    if request.param == "key":
        secret = {"auth_private_key": str(lab.private_key)}
    opened = scrapli.NetconfDriver(**login, transport=transport, **secret)
    opened.open()
    yield opened
    opened.close()


def done(*answers):
    """Every answer is a success."""
    for answer in answers:
        assert not answer.failed, answer.result


def texts(answer, name):
    """The texts of all elements of this name."""
    return [node.text.strip() for node in answer.xml_result.iter(f"{{*}}{name}")]


def names(answer):
    """The domain names of a configuration."""
    return texts(answer, "domain-name")


def test_the_framing_is_what_both_ends_can(driver, lab):
    assert driver.netconf_version.value == lab.version
    assert "http://xml.juniper.net/netconf/junos/1.0" in driver.server_capabilities


def test_a_change_by_the_base_protocol(driver):
    done(
        driver.lock(target="candidate"),
        driver.edit_config(config=EDIT.format("example.net"), target="candidate"),
        driver.validate(source="candidate"),
        driver.commit(),
        driver.unlock(target="candidate"),
    )
    running = driver.get_config(source="running", filter_=NAME)
    assert names(running) == ["example.net"]
    done(
        driver.edit_config(config=EDIT.format("other.example"), target="candidate"),
        driver.discard(),
        driver.get(filter_=NAME),
    )
    assert names(driver.get_config(source="candidate", filter_=NAME)) == ["example.net"]


def test_a_confirmed_commit_comes_back(driver, lab):
    done(
        driver.edit_config(config=EDIT.format("passing.example"), target="candidate"),
        driver.commit(confirmed=True, timeout=60),
    )
    assert names(driver.get_config(source="running")) == ["passing.example"]
    lab.advance(61)
    assert names(driver.get_config(source="running")) != ["passing.example"]


def test_a_database_is_emptied_and_copied_back(driver):
    done(driver.delete_config(target="candidate"))
    assert names(driver.get_config(source="candidate")) == []
    done(driver.copy_config(source="running", target="candidate"))
    assert "host-name" in driver.get_config(source="candidate").result
    done(driver.discard())


def test_juniper_s_own_rpcs(driver):
    answer = driver.rpc("<get-software-information/>")
    done(answer)
    assert "<product-model>mx104</product-model>" in answer.result
    text = driver.rpc('<command format="text">show version</command>')
    assert "Hostname: r1" in text.result
    large = "\n".join(f"set policy-options prefix-list p 10.{i}.0.0/16" for i in range(200))
    done(
        driver.rpc(
            '<load-configuration action="set" format="text"><configuration-set>'
            f"{large}</configuration-set></load-configuration>"
        )
    )
    assert driver.get_config(source="candidate").result.count("<prefix-list-item>") == 200
    done(driver.discard())


def test_errors(driver):
    unknown = driver.rpc("<get-nonsense/>")
    assert unknown.failed
    assert texts(unknown, "error-message") == ["syntax error"]
    refused = driver.edit_config(
        config=EDIT.format("x").replace("domain-name", "domain-nme"), target="candidate"
    )
    assert refused.failed
    assert texts(refused, "bad-element") == ["domain-nme"]
    done(driver.discard())


def test_a_lock_is_one_session_s(driver, login, lab):
    password = lab.router("r1").password
    with scrapli.NetconfDriver(**login, transport="paramiko", auth_password=password) as other:
        done(other.lock(target="candidate"))
        denied = driver.lock(target="candidate")
        assert denied.failed
        assert texts(denied, "error-message")[0].startswith("configuration database locked by")
        done(other.unlock(target="candidate"), driver.lock(target="candidate"))
        done(driver.unlock(target="candidate"))


def test_asyncio(login, lab):
    async def look():
        async with scrapli.AsyncNetconfDriver(
            **login, transport="asyncssh", auth_password=lab.router("r1").password
        ) as there:
            answers = [
                await there.lock(target="candidate"),
                await there.get_config(source="running", filter_=NAME),
                await there.rpc("<get-route-information/>"),
                await there.unlock(target="candidate"),
            ]
            done(*answers)

    asyncio.run(look())
