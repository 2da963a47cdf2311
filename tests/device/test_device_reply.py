"""Replies: one parse, exact namespaces, Junos's oddities, complaints set apart."""

from pathlib import Path

import pytest
from lxml import etree
from ncclient.devices.junos import JunosDeviceHandler
from ncclient.xml_ import NCElement

from multihome.device.reply import HasDocumentType, parse, read

RECORDINGS = Path(__file__).parents[3] / "shared/reference/junos-replies"


class Raw(str):
    """What NCElement takes for a reply."""

    __slots__ = ()


def theirs(raw):
    return NCElement(
        Raw(raw), JunosDeviceHandler({"name": "junos"}).transform_reply()
    )._NCElement__doc


def shape(root):
    return [
        (element.tag, dict(element.attrib), (element.text or "").strip())
        for element in root.iter(etree.Element)
    ]


HARD = [
    '<r xmlns="urn:a" xmlns:x="urn:x"><a b="x > y:z" x:c="1">t &lt;b:c d="e"&gt;</a></r>',
    '<r xmlns="a"><x xmlns="b" y="1"/></r>',
    '<x:r xmlns:x=\'u:1\' x:a=\'2\'><x:b a="q:r">u:v="w" xmlns="text"</x:b></x:r>',
    '<r xmlns:ü="u:1"><ü:b ü:c="1"/></r>',
    '<a:r xmlns:a="u:1"><b xml:space="preserve" a:c=\'"\'/></a:r>',
    '<r><a x="1"\n  xmlns:j="u:j"\tj:y="2"/></r>',
    '<r xmlns="u:v"><![CDATA[<p:q xmlns="u:v" p:r="s"> & so on]]></r>',
]


@pytest.mark.parametrize("raw", HARD)
def test_namespaces_go_exactly_as_pyez_users_know_it(raw):
    assert shape(parse(raw.encode())) == shape(theirs(raw))


@pytest.mark.reference
def test_every_recording_that_ncclient_reads_comes_out_the_same():
    if not RECORDINGS.is_dir():
        pytest.skip("the recordings are not beside this checkout")
    compared = 0
    for path in sorted(RECORDINGS.rglob("*.xml")):
        raw = path.read_bytes()
        parsed = parse(raw)
        try:
            expected = theirs(raw.decode())
        except (ValueError, etree.XMLSyntaxError):
            continue
        assert shape(parsed) == shape(expected), path.name
        compared += 1
    assert compared > 50


def test_comments_between_elements_do_not_disturb():
    assert shape(parse(b'<r xmlns="u:1"><!-- <q xmlns="u:2"> --><a/></r>')) == [
        ("r", {}, ""),
        ("a", {}, ""),
    ]


UNCLOSED = (
    b"<commit-results><routing-engine><name>re0</name><commit-success/><ok/>",
    b'<routing-engine junos:style="show-name">\n<name>node1</name>\n<commit-check-success/>\n<nc:ok/>\n',
)


@pytest.mark.parametrize("body", UNCLOSED, ids=["dual RE", "cluster"])
def test_a_commit_reply_that_forgets_to_close_is_read(body):
    reply = read(parse(b'<nc:rpc-reply xmlns:nc="urn:x">%s</nc:rpc-reply>' % body))
    assert not reply.complaints
    assert reply.root.find(".//ok") is not None


def test_bytes_of_another_alphabet_hide_nothing_else():
    root = parse("<r><description>Zürich</description><name>x</name></r>".encode("latin-1"))
    assert root.findtext("name") == "x"


@pytest.mark.parametrize("raw", [b"", b"no xml", b"<a><b></a>"])
def test_what_is_no_xml_is_refused(raw):
    with pytest.raises(etree.XMLSyntaxError):
        parse(raw)


def test_entities_are_not_followed():
    raw = b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>'
    with pytest.raises(HasDocumentType):
        parse(raw)
    with pytest.raises(etree.XMLSyntaxError):
        parse(b"<r>&x;</r>")


def test_complaints_are_taken_out_and_the_payload_is_what_the_rpc_promised():
    reply = read(
        parse(
            b"<rpc-reply><rpc-error><error-severity>warning</error-severity><error-path>[edit x]"
            b"</error-path><error-message>\nmind   the gap\n</error-message></rpc-error>"
            b"<route-information/><cli/></rpc-reply>"
        )
    )
    assert reply.payload.tag == "route-information"
    assert [str(warning) for warning in reply.warnings] == ["[edit x]: mind the gap"]
    assert reply.errors == ()


def test_a_complaint_of_unknown_severity_is_an_error():
    reply = read(
        parse(b"<rpc-reply><rpc-error><error-message>hm</error-message></rpc-error></rpc-reply>")
    )
    assert [str(error) for error in reply.errors] == ["hm"]


def test_junoscript_errors_are_errors_too():
    reply = read(
        parse(
            b'<r><xnm:error xmlns="http://xml.juniper.net/xnm/1.1/xnm" '
            b'xmlns:xnm="http://xml.juniper.net/xnm/1.1/xnm"><edit-path>[edit a]</edit-path>'
            b"<statement>unit 2</statement><message>Only unit 0</message></xnm:error></r>"
        )
    )
    assert [str(error) for error in reply.errors] == ["[edit a] unit 2: Only unit 0"]


def test_a_reply_without_children_is_its_own_payload():
    assert (
        read(parse(b"<rpc-reply>error: device asdf not found</rpc-reply>")).payload.tag
        == "rpc-reply"
    )
