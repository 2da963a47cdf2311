"""The command line: commands, pipes, configuration paths, and the RPC `command`."""

import json

import pytest
from lxml import etree

from multihome.twin.netconf.command import run_line
from multihome.twin.server.terminal import Terminal

MORE = """\
set system login user a class super-user
set interfaces xe-0/0/0 unit 0 family inet address 192.0.2.1/30
set interfaces xe-0/0/1 unit 0 description spare
set interfaces xe-0/0/1 disable
deactivate interfaces xe-0/0/1
"""


@pytest.fixture
def say(make_box):
    box = make_box(make_box.__init__.__defaults__[0] + MORE)
    return lambda line: run_line(box.chassis, "lab", line)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("show configuration system services", "netconf {\n    ssh;\n}\n"),
        ("sh conf system host-name", "host-name r1;\n"),
        (
            "show configuration interfaces xe-0/0/1",
            (
                "##\n## inactive: interfaces xe-0/0/1\n##\n"
                "disable;\nunit 0 {\n    description spare;\n}\n"
            ),
        ),
        (
            "show configuration interfaces xe-0/0/0 | display set",
            "set interfaces xe-0/0/0 unit 0 family inet address 192.0.2.1/30\n",
        ),
        ("show configuration protocols", ""),
        ("sh conf sys host", "host-name r1;\n"),
        ("sh conf s host", "error: syntax error: s\n"),
        ("show configuration | match host-name", "    host-name r1;\n"),
        ("show configuration interfaces | display set | count", "Count: 4 lines\n"),
        ("show configuration snmp | compare rollback 0", ""),
        (
            "show configuration interfaces xe-0/0/0 | display set relative",
            "set unit 0 family inet address 192.0.2.1/30\n",
        ),
        ("", ""),
        ("show nonsense", "error: syntax error: nonsense\n"),
        ("show configuration nonsense", "error: syntax error: nonsense\n"),
        ("show version | nonsense", "error: syntax error: nonsense\n"),
        ("set cli screen-length 0", None),
    ],
)
def test_a_line_prints(say, line, expected):
    if expected is None:
        assert say(line).startswith("error")
    else:
        assert say(line) == expected


def test_the_whole_configuration_has_a_heading(say):
    assert say("show configuration").startswith("## Last commit: 2026-01-01 00:00:00 UTC by root\n")


def test_displays_of_one_answer_agree(say):
    document = etree.fromstring(say("show version | display xml"))
    assert document.tag == "rpc-reply"
    assert document[0].findtext("host-name") == "r1"
    assert document[-1].tag == "cli"
    data = json.loads(say("show version | display json"))
    assert data["software-information"][0]["host-name"][0]["data"] == "r1"
    request = etree.fromstring(say("show route 10.0.0.0/8 exact | display xml rpc"))
    assert request.findtext("rpc/get-route-information/destination") == "10.0.0.0/8"
    shown = json.loads(say("show configuration | display json"))
    assert shown["configuration"]["system"]["host-name"] == "r1"
    tree = etree.fromstring(say("show configuration system | display xml"))
    assert tree.findtext(".//{*}host-name") == "r1"
    assert tree.find(".//{*}interfaces") is None


GROUPED = """\
set groups g interfaces <*> mtu 9000
set apply-groups g
set interfaces xe-0/0/0 unit 0
"""


def test_what_is_inherited_says_from_where(make_box):
    box = make_box(make_box.__init__.__defaults__[0] + GROUPED)
    path = "show configuration interfaces xe-0/0/0 | display inheritance"
    remark = "##\n## '9000' was inherited from group 'g'\n##\n"
    assert run_line(box.chassis, "lab", path) == f"{remark}mtu 9000;\nunit 0;\n"
    assert run_line(box.chassis, "lab", f"{path} no-comments") == "mtu 9000;\nunit 0;\n"
    client = box.client()
    for attributes, group in (("", None), ('groups="groups"', "g")):
        reply = client.ask(f'<get-configuration inherit="inherit" {attributes}/>')
        mtu = reply.find(".//interface/mtu")
        assert mtu.get(f"{{{box.chassis.style.junos}}}group") == group
        assert reply.find(".//groups") is None


def test_two_configurations_are_compared_as_elements(box):
    client = box.client()
    client.load("set system host-name r2\nset snmp location here")
    asked = '<get-configuration compare="rollback" rollback="0" format="xml"/>'
    reply = client.ask(asked)
    operation = "{urn:ietf:params:xml:ns:netconf:base:1.0}operation"
    found = [(each.tag, each.text, each.get(operation)) for each in reply.iter() if each.attrib]
    assert found[1:] == [
        ("host-name", None, "delete"),
        ("host-name", "r2", "create"),
        ("snmp", "\n        ", "create"),
    ]
    client.commit()
    assert len(client.ask(asked)) == 0
    shown = run_line(box.chassis, "lab", "show configuration snmp | compare rollback 1")
    assert shown == "[edit]\n+  snmp {\n+      location here;\n+  }\n"
    shown = run_line(box.chassis, "lab", "show configuration | compare rollback 1 | display xml")
    assert '<host-name nc:operation="create">r2</host-name>' in shown
    refused = run_line(box.chassis, "lab", "show configuration | compare rollback 9")
    assert refused == "error: rollback 9: No such file or directory\n"


@pytest.mark.parametrize(
    ("rpc", "expected"),
    [
        ('<command format="text">show version</command>', "Hostname: r1"),
        ("<command>show version</command>", "<host-name>r1</host-name>"),
        ("<command>show version | display json</command>", '"host-name" : ['),
        ('<command format="text">show version | match Host</command>', "Hostname: r1"),
        ("<command>show configuration system</command>", "<host-name>r1</host-name>"),
        ('<command format="text">show conf system host-name</command>', "host-name r1;"),
        ("<command>show route | display xml rpc</command>", "<get-route-information/>"),
        ("<command>show nonsense</command>", "<bad-element>nonsense</bad-element>"),
        ("<command/>", "syntax error"),
    ],
)
def test_the_command_rpc_answers_in_the_form_asked_for(box, rpc, expected):
    assert expected in box.client().raw(rpc)


def test_a_terminal_takes_lines_in_pieces_and_leaves_when_told(box):
    terminal = Terminal(box.chassis, "lab", "192.0.2.1", lambda: None)
    assert terminal.receive("show conf") == ""
    printed = terminal.receive("iguration system host-name\r\n\n")
    assert printed == "host-name r1;\n\nlab@r1> \nlab@r1> "
    assert terminal.receive("show nonsense\n") == ("             ^\nsyntax error.\n\nlab@r1> ")
    assert "unknown command." in terminal.receive("nonsense\n")
    assert terminal.receive("set cli screen-length 0\n").startswith("Screen length set to 0")
    assert len(box.chassis.logins()) == 1
    assert terminal.receive("exit\nshow version\n") == ""
    assert terminal.closed
    assert box.chassis.logins() == ()


def test_a_line_without_end_is_not_waited_for_for_ever(box):
    terminal = Terminal(box.chassis, "lab", "192.0.2.1", lambda: None)
    terminal.receive("x" * 70_000)
    assert terminal.closed
