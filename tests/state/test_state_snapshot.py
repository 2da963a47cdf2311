"""Snapshots: rows on disk, read as they come, compared by what they mean."""

import io
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_interface

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from multihome.errors import BadReply, InvalidFile, RpcFailed, Unreachable
from multihome.state import bgp, ldp, ospf
from multihome.state.query import Evidence
from multihome.state.snapshot import archive, take
from multihome.state.snapshot.compare import Blind, Change, compare, differences
from multihome.state.snapshot.protocols import READERS, label_rows, ospf_rows
from multihome.state.snapshot.routes import stream_routes
from multihome.state.snapshot.row import COLUMNS, Kind, Row, prefix_order
from multihome.state.snapshot.sorting import in_order

NOW = datetime(2026, 1, 2, tzinfo=UTC)
FORMATS = [archive.Lines()]
try:
    from multihome.state.snapshot.columns import Columns
except ImportError:
    Columns = None
else:
    FORMATS.append(Columns())


def route(prefix, *, hop="10.1.0.2", med=10, active="*", preference=100, age=5):
    return (
        f"<rt><rt-destination>{prefix}</rt-destination><rt-entry><active-tag>{active}</active-tag>"
        f"<protocol-name>BGP</protocol-name><preference>170</preference><age seconds='{age}'>x</age>"
        f"<med>{med}</med><local-preference>{preference}</local-preference>"
        f"<as-path>1 I\n</as-path><nh><selected-next-hop/><to>{hop}</to><via>ge-0.0</via></nh>"
        "</rt-entry></rt>"
    )


def reply(*routes, table="inet.0", namespace=""):
    xmlns = f" xmlns='{namespace}'" if namespace else ""
    return (
        f"<rpc-reply><route-information{xmlns}><!-- keepalive --><route-table>"
        f"<table-name>{table}</table-name>{''.join(routes)}</route-table></route-information>"
        "<cli><banner/></cli></rpc-reply>"
    )


def streamed(text):
    return list(stream_routes("r1", io.BytesIO(text.encode())))


def test_a_reply_becomes_rows_whatever_its_namespaces():
    routes = (route("10.0.0.0/8"), route("10.1.0.0/16"))
    rows = streamed(reply(*routes, namespace="http://x/junos-routing"))
    assert rows == streamed(reply(*routes))
    assert rows[0].key == "inet.0 10.0.0.0/8"
    said = dict(zip(COLUMNS[Kind.ROUTE], rows[0].values, strict=True))
    assert said == {
        "protocol": "BGP",
        "preference": "170",
        "next-hop": "10.1.0.2",
        "interface": "ge-0.0",
        "learned-from": "",
        "med": "10",
        "local-preference": "100",
        "as-path": "1 I",
        "labels": "",
        "communities": "",
        "alternatives": "",
    }


def test_detail_and_brief_say_the_same():
    detail = (
        "<rt><rt-destination>10.0.0.0</rt-destination><rt-prefix-length>8</rt-prefix-length>"
        "<rt-entry><active-tag>*</active-tag><protocol-name>BGP</protocol-name>"
        "<preference>170</preference><gateway>10.1.0.2</gateway><nh><to>10.1.0.2</to><via>ge-0.0"
        "</via><selected-next-hop/></nh><metric>10</metric><as-path>AS path: 1 I\nAS path: Recorded"
        "</as-path><local-preference>100</local-preference></rt-entry></rt>"
    )
    (one,), (other,) = streamed(reply(detail)), streamed(reply(route("10.0.0.0/8")))
    assert one.order == other.order
    learned = COLUMNS[Kind.ROUTE].index("learned-from")
    assert one.values[learned] == "10.1.0.2"
    assert one.values[:learned] == other.values[:learned]
    assert one.values[learned + 1 :] == other.values[learned + 1 :]


@pytest.mark.parametrize(
    "text",
    [
        "<rpc-reply/>",
        "<route-information>",
        reply("<rt><rt-destination>10.0.0.0/8</rt-destination></rt>"),
        reply("<rt><rt-entry><active-tag>*</active-tag></rt-entry></rt>"),
        reply(route("10.0.0.0/8", active="?")),
    ],
)
def test_what_is_no_table_is_a_bad_reply(text):
    with pytest.raises(BadReply):
        streamed(text)


def test_the_routers_own_tables_are_left_out():
    assert streamed(reply(route("10.0.0.0/8"), table="__juniper_private1__.inet.0")) == []


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.suffix)
def test_rows_come_back_from_their_file(form, tmp_path):
    rows = streamed(reply(*(route(f"10.{n}.0.0/16") for n in range(50))))
    path = tmp_path / f"{Kind.ROUTE}{form.suffix}"
    assert form.write(path, iter(rows)) == 50
    assert list(form.read(path, Kind.ROUTE)) == rows
    assert form.write(path, iter([])) == 0
    assert list(form.read(path, Kind.ROUTE)) == []


PREFIXES = st.ip_addresses().flatmap(
    lambda address: st.integers(0, address.max_prefixlen).map(lambda n: f"{address}/{n}")
)


@given(st.lists(PREFIXES, unique=True))
def test_prefixes_sort_by_family_address_and_length(prefixes):
    def natural(text):
        found = ip_interface(text)
        return found.version, int(found.ip), found.network.prefixlen

    assert sorted(prefixes, key=prefix_order) == sorted(prefixes, key=natural)


@given(st.lists(st.text(max_size=3), max_size=40), st.integers(1, 7))
def test_more_rows_than_a_run_holds_are_sorted(orders, run):
    rows = [Row(Kind.BFD, order, order, ("Up", "")) for order in orders]
    assert list(in_order(iter(rows), run=run)) == sorted(rows, key=lambda row: row.order)


def rows(*texts):
    return streamed(reply(*texts))


def changes(before, after):
    return [(each.change, each.key) for each in differences("r1", before, after)]


def test_what_differs_is_told_by_its_meaning():
    before = rows(*(route(f"10.{n}.0.0/16") for n in range(6)))
    after = rows(
        route("10.0.0.0/16", age=99),
        route("10.1.0.0/16", hop="10.9.0.2"),
        route("10.2.0.0/16", med=20),
        route("10.4.0.0/16"),
        route("10.5.0.0/16", active=" "),
        route("10.6.0.0/16"),
    )
    assert changes(before, after) == [
        (Change.MOVED, "inet.0 10.1.0.0/16"),
        (Change.CHANGED, "inet.0 10.2.0.0/16"),
        (Change.LOST, "inet.0 10.3.0.0/16"),
        (Change.MOVED, "inet.0 10.5.0.0/16"),
        (Change.GAINED, "inet.0 10.6.0.0/16"),
    ]
    med = list(differences("r1", before, after))[1]
    assert (med.before, med.after) == ("med 10", "med 20")


def test_ages_never_differ():
    assert changes(rows(route("10.0.0.0/8", age=1)), rows(route("10.0.0.0/8", age=9))) == []


def session(state="Established", flaps="0"):
    row = Row(Kind.BGP, "p", "p", (state, "1", "90", "inet-unicast", "signed", flaps))
    return [row]


def test_a_session_that_flapped_is_told_by_its_counter():
    assert changes(session(), session(flaps="2")) == [(Change.FLAPPED, "p")]
    assert changes(session(), session("Idle", "2")) == [(Change.CHANGED, "p")]


def test_mastership_that_went_elsewhere_is_a_move():
    one = [Row(Kind.VRRP, "a", "a", ("master", "250", "10.0.0.1", "10.0.0.3"))]
    other = [one[0]._replace(values=("backup", "250", "10.0.0.2", "10.0.0.3"))]
    assert changes(one, other) == [(Change.MOVED, "a")]


ROWS = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(["Up", "Down"]))


def as_rows(states):
    return [Row(Kind.BFD, key, key, (state, "")) for key, state in sorted(states.items())]


@given(ROWS, ROWS)
def test_a_comparison_is_the_difference_of_two_mappings(before, after):
    found = {d.key: d.change for d in differences("r1", as_rows(before), as_rows(after))}
    keys = set(before) | set(after)
    assert found.keys() == {key for key in keys if before.get(key) != after.get(key)}
    for key, change in found.items():
        gone, new = key not in after, key not in before
        assert change == (Change.LOST if gone else Change.GAINED if new else Change.CHANGED)


PEER = (
    "<bgp-information><bgp-peer><peer-address>10.0.0.1</peer-address><peer-as>1</peer-as>"
    "<peer-state>{}</peer-state><flap-count>{}</flap-count></bgp-peer></bgp-information>"
)
NOT_RUNNING = etree.fromstring("<rpc-reply><output>it is not running</output></rpc-reply>")
INTERFACES = etree.fromstring(
    "<interface-information><physical-interface><name>ge-0/0/1</name><admin-status>up"
    "</admin-status><oper-status>up</oper-status></physical-interface></interface-information>"
)


def answers(routes, peer=("Established", 0)):
    found = dict.fromkeys(take.asks(), NOT_RUNNING)
    found[READERS[Kind.INTERFACE][0].request] = INTERFACES
    found[bgp.NEIGHBORS.request] = etree.fromstring(PEER.format(*peer))
    return found, routes


def taken(path, answered, *, brief=False):
    found, routes = answered
    replies = {("r1", request): each for request, each in found.items()}
    with archive.writing(path, NOW, brief=brief) as writer:
        take.keep_router(writer, "r1", replies, told(routes))
    return archive.open_snapshot(path)


def told(routes):
    """The rows of some routes, as they come; an error comes in their place."""
    if isinstance(routes, list):
        yield from stream_routes("r1", io.BytesIO(reply(*routes).encode()))
    else:
        raise routes


def test_a_snapshot_is_taken_kept_and_compared(tmp_path):
    before = taken(tmp_path / "pre", answers([route("10.0.0.0/8"), route("10.1.0.0/16")]))
    after = taken(tmp_path / "post", answers([route("10.0.0.0/8")], ("Established", 3)))
    assert before.routers["r1"]["route"] == 2
    assert [(d.kind, d.change) for d in compare(before, after)] == [
        (Kind.ROUTE, Change.LOST),
        (Kind.BGP, Change.FLAPPED),
    ]
    assert list(compare(before, before)) == []


def test_rows_that_did_not_come_in_order_are_compared_in_order(tmp_path):
    before = taken(tmp_path / "pre", answers([route("10.1.0.0/16"), route("10.0.0.0/8")]))
    after = taken(tmp_path / "post", answers([route("10.0.0.0/8"), route("10.1.0.0/16")]))
    assert before.unsorted == {"r1/route"}
    assert list(compare(before, after)) == []


def test_what_could_not_be_seen_is_no_loss(tmp_path):
    before = taken(tmp_path / "pre", answers([route("10.0.0.0/8")]))
    silent = taken(tmp_path / "post", answers(Unreachable("r1", "session lost")))
    broken = taken(
        tmp_path / "bad", answers([route("10.0.0.0/8"), route("10.1.0.0/16", active="?")])
    )
    assert list(compare(before, silent)) == [Blind("r1", Kind.ROUTE, "after: session lost")]
    (blind,) = compare(before, broken)
    assert "active-tag" in blind.why
    absent = replace(before, routers={}, missing={})
    assert {type(each) for each in compare(before, absent)} == {Blind}


def test_a_router_that_said_nothing_is_missing_as_a_whole(tmp_path):
    with archive.writing(tmp_path / "pre", NOW) as writer:
        take.miss_router(writer, "r1", "no route to host")
    found = archive.open_snapshot(tmp_path / "pre")
    assert found.missing["r1"] == dict.fromkeys(Kind, "no route to host")


def test_a_refusal_is_told_in_the_routers_words():
    error = (
        "<rpc-error><error-severity>{}</error-severity>"
        "<error-message>\npermission denied\n</error-message></rpc-error>"
    )
    with pytest.raises(RpcFailed, match="permission denied"):
        streamed(f"<rpc-reply>{error.format('error')}</rpc-reply>")
    warned = reply(route("10.0.0.0/8")).replace("<cli>", error.format("warning") + "<cli>")
    assert len(streamed(warned)) == 1


OSPF = """<ospf-neighbor-information-all><ospf-instance-neighbor>
<ospf-instance-name>{}</ospf-instance-name><ospf-neighbor><neighbor-address>10.0.0.2</neighbor-address>
<interface-name>ge-0.0</interface-name><ospf-neighbor-state>Full</ospf-neighbor-state>
<neighbor-id>10.0.0.2</neighbor-id></ospf-neighbor></ospf-instance-neighbor>
</ospf-neighbor-information-all>"""


def test_ospf_neighbors_of_every_instance_are_told_apart():
    evidence = Evidence({("r1", ospf.EVERYWHERE.request): etree.fromstring(OSPF.format("red"))})
    assert [row.key for row in ospf_rows("r1", evidence)] == ["ge-0.0 10.0.0.2 red"]
    evidence = Evidence({("r1", ospf.EVERYWHERE.request): etree.fromstring(OSPF.format("master"))})
    assert [row.key for row in ospf_rows("r1", evidence)] == ["ge-0.0 10.0.0.2"]


LABELS = """<ldp-database-information><ldp-database>
<ldp-database-type>{} label database</ldp-database-type>
<ldp-session-id>10.0.0.1:0--10.0.0.2:0</ldp-session-id><ldp-binding><ldp-label>{}</ldp-label>
<ldp-prefix>10.0.0.3/32</ldp-prefix></ldp-binding></ldp-database></ldp-database-information>"""


def labels(*words):
    reply = etree.fromstring(LABELS.format(*words))
    return list(label_rows("r1", Evidence({("r1", ldp.DATABASE.request): reply})))


def test_a_label_that_changed_is_a_difference_of_its_session_and_prefix():
    before, after = labels("Input", 299776), labels("Input", 299792)
    (found,) = differences("r1", before, after)
    assert (found.kind, found.change) == (Kind.LABEL, Change.CHANGED)
    assert found.key == "10.0.0.1:0--10.0.0.2:0 received 10.0.0.3/32"
    assert (found.before, found.after) == ("label 299776", "label 299792")
    assert labels("Output", 3)[0].key.split()[1] == "advertised"
    with pytest.raises(BadReply, match="ldp-database-type"):
        labels("Sideways", 3)


def test_a_snapshot_in_brief_is_not_compared_with_one_in_full(tmp_path):
    full = taken(tmp_path / "pre", answers([route("10.0.0.0/8")]))
    assert [type(each) for each in compare(full, replace(full, brief=True))] == [Blind]


def test_a_snapshot_cut_short_is_none(tmp_path):
    with suppress(ZeroDivisionError), archive.writing(tmp_path / "cut", NOW) as writer:
        writer.add("r1", Kind.ROUTE, iter(rows(route("10.0.0.0/8"))))
        raise ZeroDivisionError
    with pytest.raises(InvalidFile, match="no complete snapshot"):
        archive.open_snapshot(tmp_path / "cut")


def test_a_snapshot_is_never_overwritten(tmp_path):
    taken(tmp_path / "pre", answers([]))
    with pytest.raises(InvalidFile, match="there already"):
        taken(tmp_path / "pre", answers([]))


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"taken": 1}'])
def test_an_index_that_is_none_is_refused(tmp_path, text):
    (tmp_path / "snapshot.json").write_text(text)
    with pytest.raises(InvalidFile, match="is no index"):
        archive.open_snapshot(tmp_path)


FULL_TABLE = """
import io, resource, sys
from pathlib import Path
from datetime import UTC, datetime
from ipaddress import ip_address
from multihome.state.snapshot import archive, compare
from multihome.state.snapshot.routes import stream_routes
from multihome.state.snapshot.row import Kind

class Feed(io.RawIOBase):
    '''A reply of any length that is made while it is read.'''
    def __init__(self, count, med):
        self.pieces, self.rest = self.make(count, med), b""
    def make(self, count, med):
        yield b"<route-information><route-table><table-name>inet.0</table-name>"
        for n in range(count):
            yield (f"<rt><rt-destination>{ip_address((1 << 24) + n * 256)}/24</rt-destination><rt-entry>"
                f"<active-tag>*</active-tag><protocol-name>BGP</protocol-name><med>{med if n % 1000 == 7 else 10}"
                f"</med><as-path>1299 {n % 5000} I</as-path><nh><to>10.0.0.{n % 9 + 1}</to><via>et-0/0/1.0</via></nh>"
                "</rt-entry></rt>").encode()
        yield b"</route-table></route-information>"
    def read(self, size=-1):
        while len(self.rest) < size:
            piece = next(self.pieces, None)
            if piece is None:
                break
            self.rest += piece
        out, self.rest = self.rest[:size], self.rest[size:]
        return out

count, folder = int(sys.argv[1]), Path(sys.argv[2])
for name, med in (("pre", 10), ("post", 20)):
    with archive.writing(folder / name, datetime.now(UTC)) as writer:
        writer.add("r1", Kind.ROUTE, stream_routes("r1", Feed(count, med)))
        assert writer.counts["r1"]["route"] == count
pre, post = (archive.open_snapshot(folder / name) for name in ("pre", "post"))
print(sum(1 for _ in compare.compare(pre, post)), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def measured(count, folder):
    done = subprocess.run(
        [sys.executable, "-c", FULL_TABLE, str(count), str(folder)],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    found, peak = map(int, done.stdout.split())
    return found, peak / 1024


@pytest.mark.deep
def test_memory_does_not_grow_with_the_table(tmp_path):
    _, small = measured(1_000, tmp_path / "small")
    found, large = measured(100_000, tmp_path / "large")
    assert found == 100
    assert large - small < 120  # MB: batches of columns, if pyarrow is there, never the table


def test_every_kind_has_columns_and_a_reader():
    assert set(COLUMNS) == set(Kind)
    assert set(READERS) == set(Kind) - {Kind.ROUTE}
