"""Whatever a client sends, it is answered in NETCONF, and never by a defect."""

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from multihome.twin.netconf.dispatch import OPERATIONS
from multihome.twin.server.terminal import Terminal
from multihome.twin.show.registry import operations

KNOWN = sorted({*OPERATIONS, *operations()} - {"close-session", "request-end-session"})
ARGUMENTS = sorted(
    {name for each in operations().values() for item in each.arguments for name in item.names}
    | {"source", "target", "config", "filter", "configuration", "check", "confirmed", "private"}
    | {"candidate", "running", "confirm-timeout", "configuration-text", "configuration-set"}
)
VALUES = st.sampled_from(
    [
        "",
        "0",
        "1",
        "-1",
        "99999999999",
        "x",
        "10.0.0.1",
        "10.0.0.0/8",
        "300.1.1.1",
        "inet.0",
        "lo0.0",
        "xe-0/0/0",
        "master",
        "all",
        "{",
        "set system",
        "ü",
        "a b",
    ]
)
ATTRIBUTES = st.dictionaries(
    st.sampled_from(["format", "action", "rollback", "compare", "database", "inherit", "type"]),
    st.sampled_from(["text", "xml", "json", "set", "0", "60", "x", "patch", "committed", "xpath"]),
    max_size=3,
)
LEAVES = st.builds(
    lambda tag, text: (tag, {}, text, ()),
    st.sampled_from(ARGUMENTS),
    VALUES,
)
BRANCHES = st.builds(
    lambda tag, attributes, children: (tag, attributes, "", tuple(children)),
    st.sampled_from(ARGUMENTS),
    ATTRIBUTES,
    st.lists(LEAVES, max_size=2),
)
REQUESTS = st.builds(
    lambda tag, attributes, text, children: (tag, attributes, text, tuple(children)),
    st.sampled_from(KNOWN),
    ATTRIBUTES,
    VALUES,
    st.lists(st.one_of(LEAVES, BRANCHES), max_size=3),
)
CONFIGURATION = """\
set system host-name r1
set interfaces xe-0/0/0 unit 0 family inet address 10.0.0.1/24 vrrp-group 1 virtual-address 10.0.0.9
set interfaces lo0 unit 0 family inet address 10.9.9.9/32
set protocols bgp group g type external neighbor 10.0.0.2 peer-as 2
set protocols isis interface xe-0/0/0.0
set protocols ldp interface xe-0/0/0.0
set routing-options autonomous-system 1
"""


def build(parts):
    tag, attributes, text, children = parts
    element = etree.Element(tag, attributes)
    element.text = text or None
    element.extend(map(build, children))
    return element


@given(requests=st.lists(REQUESTS, max_size=4))
def test_any_known_rpc_with_any_arguments_is_answered_without_a_defect(make_box, requests):
    box = make_box(CONFIGURATION)
    client = box.client()
    for request in requests:
        root = client.ask(etree.tostring(build(request), encoding="unicode"))
        assert root.tag == "rpc-reply"
        errors = [line for line in box.journal.lines() if "internal error" in line.message]
        assert not errors, errors[0].message


@given(st.lists(st.binary(max_size=80), max_size=8), st.booleans())
def test_any_bytes_leave_the_session_open_or_closed_but_not_broken(make_box, pieces, chunked):
    client = make_box(CONFIGURATION).client()
    client.session._deframer.chunked = chunked
    for piece in pieces:
        for reply in client.session.receive(piece):
            assert reply


@given(st.lists(st.text(max_size=60), max_size=5))
def test_any_line_at_the_prompt_prints_something_or_an_error(make_box, lines):
    box = make_box(CONFIGURATION)
    terminal = Terminal(box.chassis, "lab", "", lambda: None)
    for line in lines:
        terminal.receive(f"{line}\n")
    assert not [line for line in box.journal.lines() if "internal error" in line.message]
