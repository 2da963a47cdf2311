"""CLI words to RPC, and the namespaces of a release."""

import pytest
from lxml import etree

from multihome.twin.show import registry
from multihome.twin.show.as_xml import junos_namespace, module_namespace, to_xml
from multihome.twin.show.commands import rpc_of
from multihome.twin.show.element import Element, junos
from multihome.twin.show.reply import RpcError


def said(line):
    rpc = rpc_of(line.split())
    return rpc.tag, {child.tag: child.text for child in rpc}


@pytest.mark.parametrize(
    ("line", "rpc", "arguments"),
    [
        ("show route", "get-route-information", {}),
        (
            "show route table ipvpn.inet.0 10.0.0.12 active-path detail",
            "get-route-information",
            {
                "table": "ipvpn.inet.0",
                "destination": "10.0.0.12",
                "active-path": None,
                "detail": None,
            },
        ),
        (
            "show route receive-protocol bgp 4.0.0.46",
            "get-route-information",
            {"receive-protocol-name": "bgp", "peer": "4.0.0.46"},
        ),
        (
            "show route exact 10.0.0.3/32",
            "get-route-information",
            {"exact": None, "destination": "10.0.0.3/32"},
        ),
        ("show route summary", "get-route-summary-information", {}),
        ("show route instance ipvpn", "get-instance-information", {"instance-name": "ipvpn"}),
        ("show bgp summary instance ipvpn", "get-bgp-summary-information", {"instance": "ipvpn"}),
        ("show bgp neighbor 4.0.0.22", "get-bgp-neighbor-information", {"neighbor-address": "4.0.0.22"}),
        ("show vrrp track", "get-vrrp-track-interfaces", {}),
        (
            "show vrrp interface xe-2/0/1.150 detail",
            "get-vrrp-interface-information",
            {"interface-name": "xe-2/0/1.150", "detail": None},
        ),
        (
            "show interfaces xe-2/0/0 terse",
            "get-interface-information",
            {"interface-name": "xe-2/0/0", "terse": None},
        ),
        ("sh ro 10.0.0.3 det", "get-route-information", {"destination": "10.0.0.3", "detail": None}),
        ("sho bg sum", "get-bgp-summary-information", {}),
        ("show isis adj ext", "get-isis-adjacency-information", {"extensive": None}),
        ("show int ter", "get-interface-information", {"terse": None}),
        ("show sys up", "get-system-uptime-information", {}),
        (
            "ping 10.0.0.3 source 10.0.0.12 rapid count 3",
            "ping",
            {"host": "10.0.0.3", "source": "10.0.0.12", "rapid": None, "count": "3"},
        ),
        ("show version invoke-on all-routing-engines", "get-software-information",
         {"invoke-on": "all-routing-engines"}),
    ],
)  # fmt: skip
def test_a_command_is_its_rpc(line, rpc, arguments):
    assert said(line) == (rpc, arguments)


@pytest.mark.parametrize(
    ("line", "message", "element"),
    [
        ("show nonsense", "syntax error", "nonsense"),
        ("show", "syntax error", "show"),
        ("destroy everything", "syntax error", "destroy"),
        ("show bgp", "syntax error", "bgp"),
        ("show bgp nonsense", "syntax error", "nonsense"),
        ("show route table", "syntax error", "table"),
        ("show bgp summary nonsense", "syntax error", "nonsense"),
        ("show route 10.0.0.3 10.0.0.4", "syntax error", "10.0.0.4"),
        ("show i", "'i' is ambiguous.", "i"),
        ("show ch", "syntax error", "ch"),
        ("show route 10.0.0.3 e", "'e' is ambiguous.", "e"),
    ],
)
def test_a_command_that_is_none_names_the_word(line, message, element):
    with pytest.raises(RpcError) as raised:
        rpc_of(line.split())
    assert (raised.value.message, raised.value.bad_element) == (message, element)


def test_every_command_leads_to_its_own_rpc():
    for command, operation in registry.commands().items():
        required = [item for item in operation.arguments if item.required]
        words = [*command.split(), *(["x"] if required else [])]
        assert rpc_of(words).tag == operation.rpc


def test_every_rpc_has_its_own_text(chassis):
    printed = {
        "get-commit-revision-information",
        "get-rollback-information",
    }
    for rpc, operation in registry.operations().items():
        if rpc in printed or any(item.required for item in operation.arguments):
            continue
        element = operation.render(registry.Query(chassis, rpc))
        assert registry.printer(element.tag) is not None, rpc


@pytest.mark.parametrize(
    ("text", "destinations"),
    [
        ("10/8", ["10.0.0.3/32", "10.0.0.12/32"]),
        ("4/8", ["4.0.0.20/30", "4.0.0.21/32"]),
        ("4.0.0.20/30", ["4.0.0.20/30", "4.0.0.21/32"]),
        ("2001:db8::1", []),
    ],
)
def test_a_destination_may_be_short_or_of_another_family(chassis, text, destinations):
    information = chassis.element(rpc_of(["show", "route", text]))
    found = [
        rt.value("rt-destination")
        for table in information.all("route-table")
        for rt in table.all("rt")
    ]
    assert found == destinations


@pytest.mark.parametrize(
    ("version", "outer", "inner"),
    [
        ("12.3X48-D40.5", "12.3X48", "12.3X48"),
        ("15.1F6.9", "15.1F6", "15.1F6"),
        ("18.2R3.4", "18.2R3", "18.2R3"),
        ("19.4R3.11", "19.4R0", "19.4R0"),
        ("21.4R3.15", "21.4R0", "21.4R0"),
        ("23.2R1.14", "23.2R1.14", "23.2R0"),
        ("23.4R2-S3.9", "23.4R2-S3.9", "23.4R0"),
    ],
)
def test_namespaces_carry_the_release_as_recordings_have_it(version, outer, inner):
    assert junos_namespace(version) == f"http://xml.juniper.net/junos/{outer}/junos"
    inner = f"http://xml.juniper.net/junos/{inner}/junos-routing"
    assert module_namespace("junos-routing", version) == inner


def test_an_answer_inside_a_reply_declares_what_the_reply_has_not():
    answer = Element("route-information", attributes=junos(style="x"), module="junos-routing")
    answer.add("age", "00:00:22", junos(seconds=22))
    reply = etree.Element("rpc-reply", nsmap={"junos": junos_namespace("18.2R3.4")})
    reply.append(to_xml(answer, "18.2R3.4"))
    text = etree.tostring(reply, encoding="unicode")
    assert text.count("xmlns:junos=") == 1
    assert '<age junos:seconds="22">00:00:22</age>' in text


def test_an_rfc_compliant_session_gets_plain_answers_without_a_namespace():
    assert to_xml(Element("software-information"), "18.2R3.4", None).tag == "software-information"
