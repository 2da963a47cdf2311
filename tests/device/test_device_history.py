"""The commit history of a router."""

from datetime import timedelta
from pathlib import Path

import pytest

from multihome.device.history import commit_history
from multihome.device.reply import parse, read
from multihome.errors import BadReply

RECORDINGS = Path(__file__).parents[3] / "shared/reference/junos-replies/get-commit-information"
ENTRY = (
    b"<commit-history><sequence-number>0</sequence-number><user>ops</user><client>netconf</client>"
    b'<date-time junos:seconds="1791237823">2026-10-05 22:03:43 UTC</date-time>%s</commit-history>'
)
PENDING = (
    b"<comment>commit confirmed, rollback in 5mins</comment><log>multihome apply 1a2b3c</log>"
    b"<commit-confirmed>rollback pending</commit-confirmed>"
)


def records(*entries):
    body = b"<rpc-reply><commit-information>%s</commit-information></rpc-reply>"
    return commit_history("juno", read(parse(body % b"".join(entries))).payload)


def test_a_pending_commit_tells_when_it_ends_by_the_routers_clock():
    (record,) = records(ENTRY % PENDING)
    assert (record.number, record.user, record.client) == (0, "ops", "netconf")
    assert record.comment == "multihome apply 1a2b3c"
    assert record.pending
    assert record.deadline == record.at + timedelta(minutes=5)
    assert record.at.isoformat() == "2026-10-05T22:03:43+00:00"


def test_a_commit_that_was_confirmed_keeps_its_note_and_has_no_deadline():
    (record,) = records(ENTRY % b"<comment>commit confirmed, rollback in 5mins</comment>")
    assert record.lease == timedelta(minutes=5)
    assert not record.pending
    assert record.deadline is None


@pytest.mark.parametrize(
    "entry",
    [
        (ENTRY % b"").replace(b"junos:seconds", b"junos:minutes"),
        (ENTRY % b"").replace(b">0<", b">zero<"),
        b"<commit-history/>",
    ],
    ids=["no seconds", "no number", "empty"],
)
def test_a_history_that_cannot_be_read_is_a_bad_reply(entry):
    with pytest.raises(BadReply, match="juno: get-commit-information"):
        records(entry)


def test_another_payload_is_a_bad_reply_and_none_is_no_history():
    with pytest.raises(BadReply, match="got <output>"):
        commit_history("juno", parse(b"<output>hm</output>"))
    assert commit_history("juno", parse(b"<rpc-reply/>")) == ()


@pytest.mark.reference
def test_every_recorded_history_is_read():
    if not RECORDINGS.is_dir():
        pytest.skip("the recordings are not beside this checkout")
    for path in RECORDINGS.glob("*.xml"):
        root = parse(path.read_bytes())
        payload = root if root.tag == "commit-information" else read(root).payload
        assert commit_history("juno", payload), path.name
