"""Commands of the CLI: those that look are sent, and no others."""

import pytest
from lxml import etree

from multihome.errors import BadReply, UsageError
from multihome.state.command import Form, command


@pytest.mark.parametrize(
    "line",
    [
        "show bgp summary",
        "  show   version ",
        "show interfaces terse | match ge- | except down | no-more",
        'show log messages | match "save|append"',
        "show configuration | display set | match bgp",
        "ping 10.0.0.1 count 3",
        "traceroute 10.0.0.1 no-resolve",
        "file list /var/log",
        "test policy P 10.0.0.0/8",
    ],
)
def test_what_looks_is_sent_as_it_was_written(line):
    element = command(line, Form.TEXT).request.element()
    assert etree.tostring(element, encoding="unicode").startswith('<command format="text">')
    assert element.text == " ".join(line.split())


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("", "only commands that look"),
        ("request system reboot", "only commands that look"),
        ("clear bgp neighbor all", "only commands that look"),
        ("configure", "only commands that look"),
        ("set cli timestamp", "only commands that look"),
        ("start shell", "only commands that look"),
        ("file delete /var/tmp/x", "only commands that look"),
        ("test interface ge-0/0/0", "only commands that look"),
        ("showing off", "only commands that look"),
        ("sh version", "in full words"),
        ("monitor traffic", "only commands that look"),
        ("ping 10.0.0.1", "add `count N`"),
        ("show version | save /tmp/x", "behind a bar only"),
        ("show version|save /tmp/x", "behind a bar only"),
        ('show log messages | match "a" | append /tmp/x', "behind a bar only"),
        ("show version | tee x", "behind a bar only"),
        ("show version | request message all", "behind a bar only"),
        ("show interfaces | refresh 1", "behind a bar only"),
        ("show version |", "behind a bar only"),
        ('show log messages | match "a | save x', "a quote is not closed"),
        ("show version \x1b[2J", "cannot be printed"),
    ],
)
def test_what_does_more_than_look_is_never_sent(line, why):
    with pytest.raises(UsageError, match=why.replace("|", r"\|")):
        command(line, Form.TEXT)


def test_json_is_asked_for_before_any_filter():
    text = command('show log x | match "a|b"', Form.JSON).request.element().text
    assert text == 'show log x | display json | match "a|b"'


def test_a_second_line_is_part_of_the_first():
    text = command("show version\nrequest system reboot", Form.TEXT).request.element().text
    assert text == "show version request system reboot"


def test_elements_where_text_was_asked_for_are_no_answer():
    reply = etree.fromstring("<a><b><c>x</c></b></a>")
    with pytest.raises(BadReply, match="expected text"):
        command("show version", Form.TEXT).parse("r1", reply)
    assert "<c>x</c>" in command("show version", Form.XML).parse("r1", reply)


def test_text_keeps_its_layout():
    reply = etree.fromstring("<output>\n\n  a\n b\n</output>")
    assert command("show version", Form.TEXT).parse("r1", reply) == "\n  a\n b\n"
