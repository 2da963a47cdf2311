"""Who answers: names that are the same router, those that are not, and chassis seen before."""

import pytest
from lxml import etree

from multihome.device.identity import compare_serials, prove, same_name
from multihome.device.known_hosts import HostKey
from multihome.device.serials import Serials, forget, serials_file
from multihome.errors import (
    BadReply,
    ExitCode,
    RpcFailed,
    RpcTimeout,
    Unidentified,
    Unreachable,
    WrongRouter,
)
from multihome.inventory.target import Target

SYSTEM, SOFTWARE = "get-system-information", "get-software-information"
KEY, OTHER_KEY = HostKey("ssh-ed25519", b"one"), HostKey("ssh-ed25519", b"two")


class Answering:
    """A session that has an element, or an error, for each RPC."""

    router = "mars"

    def __init__(self, **answers):
        self.answers = {name.replace("_", "-"): answer for name, answer in answers.items()}
        self.asked = []

    def call(self, request):
        self.asked.append(request.rpc)
        answer = self.answers[request.rpc]
        if isinstance(answer, Exception):
            raise answer
        return answer


def system(*names, serial="JN1", tag="system-information"):
    def one(name):
        inner = f"<host-name>{name}</host-name>" if name is not None else ""
        return etree.fromstring(f"<{tag}><serial-number>{serial}</serial-number>{inner}</{tag}>")

    if len(names) == 1:
        return one(names[0])
    results = etree.Element("multi-routing-engine-results")
    for number, name in enumerate(names):
        item = etree.SubElement(results, "multi-routing-engine-item")
        etree.SubElement(item, "re-name").text = f"node{number}"
        item.append(one(name))
    return results


def target(**changes):
    return Target(**{"name": "mars", "host": "192.0.2.9", "username": "lab", **changes})


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ("mars", "mars"),
        ("mars", "MARS"),
        ("mars", "mars.example.net"),
        ("mars.example.net", "mars"),
        ("mars", "mars-re0"),
        ("mars", "mars-re1.example.net"),
        ("mars-re0", "mars"),
        ("mars", "re1-mars"),
        ("pe1.lon", "PE1.lon.example.net."),
        ("edge", "edge-node1"),
    ],
)
def test_a_name_is_the_same_whatever_the_case_the_domain_and_the_routing_engine(expected, said):
    assert same_name(expected, said)


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ("mars", "sol"),
        ("mars", "mars2"),
        ("mars2", "mars"),
        ("mars", "re0"),
        ("mars-re0", "mars-re1"),
        ("edge-node0", "edge-node1"),
        ("mars.a.net", "mars.b.net"),
        ("pe1.lon", "pe1.par"),
        ("mars", ""),
        ("mars", "-re0"),
    ],
)
def test_another_name_is_another_router(expected, said):
    assert not same_name(expected, said)


def test_the_right_router_is_asked_once():
    session = Answering(get_system_information=system("mars"))
    assert prove(session, target()).serials == ("JN1",)
    assert session.asked == [SYSTEM]


def test_another_router_is_refused_by_both_names():
    session = Answering(get_system_information=system("sol"))
    with pytest.raises(WrongRouter, match=r"192\.0\.2\.9 calls itself sol, not mars") as caught:
        prove(session, target())
    assert caught.value.exit_code is ExitCode.REFUSED
    with pytest.raises(WrongRouter, match=r"192\.0\.2\.9:8301 calls itself sol"):
        prove(session, target(port=8301))


def test_a_name_that_differs_on_purpose_is_the_one_that_counts():
    session = Answering(get_system_information=system("vmx-4711"))
    prove(session, target(host_name="vmx-4711"))
    with pytest.raises(WrongRouter, match="calls itself mars, not vmx-4711"):
        prove(
            Answering(get_system_information=system("mars")),
            target(host_name="vmx-4711"),
        )


@pytest.mark.parametrize("name", [None, "", "Amnesiac", "localhost"])
def test_a_router_without_a_name_is_refused_with_the_command_that_names_it(name):
    session = Answering(get_system_information=system(name))
    with pytest.raises(WrongRouter, match=r"no host name yet.*set system host-name mars"):
        prove(session, target())


def test_any_node_of_a_cluster_may_have_the_name():
    prove(Answering(get_system_information=system("mars-node0", "mars-node1")), target())
    with pytest.raises(WrongRouter, match="calls itself sol-node0 and sol-node1, not mars"):
        prove(Answering(get_system_information=system("sol-node0", "sol-node1")), target())


def test_a_release_that_knows_only_the_version_is_asked_for_it():
    session = Answering(
        get_system_information=RpcFailed("mars", "syntax error"),
        get_software_information=system("sol", tag="software-information"),
    )
    with pytest.raises(WrongRouter, match="calls itself sol"):
        prove(session, target())
    assert session.asked == [SYSTEM, SOFTWARE]


def test_a_name_that_cannot_be_found_out_is_not_taken_as_equal():
    session = Answering(
        get_system_information=RpcFailed("mars", "permission denied"),
        get_software_information=BadReply("mars", "nonsense"),
    )
    with pytest.raises(
        Unidentified, match=r"may be another.*permission denied; nonsense"
    ) as caught:
        prove(session, target())
    assert caught.value.exit_code is ExitCode.UNKNOWN


def test_a_router_that_is_silent_or_gone_is_not_asked_twice():
    for error in (Unreachable("mars", "lost"), RpcTimeout("mars", "slow")):
        session = Answering(get_system_information=error)
        with pytest.raises(type(error)):
            prove(session, target())
        assert session.asked == [SYSTEM]


def test_a_logical_system_has_its_devices_name_which_may_not_be_known():
    session = Answering(get_system_information=system("mx1"))
    prove(session, target(name="luna", logical_system="Luna"))
    prove(session, target(name="luna", logical_system="Luna", host_name="mx1"))
    with pytest.raises(WrongRouter, match="calls itself mx1, not mx2"):
        prove(session, target(name="luna", logical_system="Luna", host_name="mx2"))


def test_another_chassis_under_the_same_key_is_refused():
    compare_serials(target(), (), ("JN1",))
    compare_serials(target(), ("JN1",), ())
    compare_serials(target(), ("JN1", "JN2"), ("JN2",))
    with pytest.raises(WrongRouter, match=r"serial number JN2, not JN1 .*`multihome trust mars`"):
        compare_serials(target(), ("JN1",), ("JN2",))


def test_serials_are_kept_beside_the_host_key_they_were_seen_with(tmp_path):
    path = serials_file(tmp_path / "ssh" / "known_hosts")
    assert path.name == "known_hosts.serials"
    seen = Serials(path)
    seen.learn("192.0.2.9", 830, KEY, ["JN1"])
    seen.learn("192.0.2.9", 830, KEY, ["JN1"])
    seen.learn("192.0.2.9", 830, KEY, ["JN2"])
    seen.learn("192.0.2.13", 830, KEY, ["JN3"])
    again = Serials(path)
    assert again.about("192.0.2.9", 830, KEY) == {"JN1", "JN2"}
    assert again.about("192.0.2.9", 830, OTHER_KEY) == frozenset()
    assert again.about("192.0.2.9", 22, KEY) == frozenset()
    assert len(path.read_text().splitlines()) == 3
    forget(path, "192.0.2.9", 830)
    assert Serials(path).about("192.0.2.9", 830, KEY) == frozenset()
    assert Serials(path).about("192.0.2.13", 830, KEY) == {"JN3"}
    forget(tmp_path / "none", "192.0.2.9", 830)
