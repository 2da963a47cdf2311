"""The pure parts of a change: marks, standings, verdicts, orders, journals, the step table."""

import json
import os
import resource
import signal
from datetime import UTC, datetime, timedelta

import pytest

from multihome.change.abort import Abort, AbortReason, abort_from
from multihome.change.change_request import Order
from multihome.change.commit_comment import CommitComment, owner, remembered, signed
from multihome.change.folder import RunFolder
from multihome.change.journal import Journal, read_journal
from multihome.change.manual_recovery import by_hand
from multihome.change.phase import STEPS, Phase
from multihome.change.router_status import Fingerprints, RouterStatus, position
from multihome.change.transaction_state import RouterState
from multihome.change.verdict import advice, judge
from multihome.device.session import CommitRecord
from multihome.errors import (
    ConfigurationRefused,
    ExitCode,
    InvalidFile,
    LockDenied,
    UnknownName,
    Unreachable,
    UsageError,
)

AT = datetime(2026, 1, 1, tzinfo=UTC)
KNOWN = Fingerprints("before", "after")


def record(comment="", *, pending=False, note=""):
    return CommitRecord(0, "ops", "cli", AT, comment, pending, note)


APPLY = "multihome apply abc123 intent 0123456789ab"
NOTE = "commit confirmed, rollback in 5mins"


def test_a_comment_says_who_why_and_to_what_and_is_found_again():
    comment = CommitComment("abc123", 'CHG "7"\n', "0123456789abcdef").comment("apply")
    assert comment == "multihome apply abc123 ticket CHG -7-- intent 0123456789ab"
    assert signed(record(comment), "abc123") == "apply"
    assert signed(record(comment), "abc124") is None
    assert owner(record(comment)) == "ops by cli (run abc123)"


def test_a_commit_remembers_its_run_for_whoever_has_nothing_else():
    mark = CommitComment("abc123", "CHG-7 and more", "0123456789ab")
    assert remembered(record(mark.comment("apply"))) == mark
    assert remembered(record(note=mark.comment("renew")), "abc123") == mark
    assert remembered(record(mark.comment("apply")), "abc124") is None
    assert remembered(record("multihome apply abc123 cut sho")) == CommitComment("abc123")
    assert remembered(record("by hand")) is None


@pytest.mark.parametrize(
    ("history", "current", "standing", "back", "forward"),
    [
        ([record("x")], "before", RouterStatus.UNTOUCHED, None, None),
        ([], "before", RouterStatus.UNTOUCHED, None, None),
        ([record("x")], "other", RouterStatus.UNTOUCHED, None, None),
        ([record("x")], "after", RouterStatus.FOREIGN, None, None),
        ([record("x")] * 50, "other", RouterStatus.FOREIGN, None, None),
        ([record(APPLY, pending=True, note=NOTE), record("x")], "", RouterStatus.PENDING, 1, 0),
        (
            [record("multihome renew abc123", pending=True), record(APPLY), record("x")],
            "",
            RouterStatus.PENDING,
            2,
            0,
        ),
        ([record(APPLY, pending=True)], "", RouterStatus.PENDING, 1, 0),
        ([record(APPLY, note=NOTE), record("x")], "after", RouterStatus.CONFIRMED, 1, 0),
        (
            [record("multihome confirm abc123"), record(APPLY), record("x")],
            "after",
            RouterStatus.CONFIRMED,
            2,
            0,
        ),
        ([record(""), record(APPLY), record("x")], "before", RouterStatus.ROLLED_BACK, None, 1),
        ([record(APPLY), record("x")], "before", RouterStatus.ROLLED_BACK, None, 0),
        (
            [record("multihome rollback abc123"), record(APPLY), record("x")],
            "before",
            RouterStatus.ROLLED_BACK,
            None,
            1,
        ),
        ([record("mine"), record(APPLY), record("x")], "other", RouterStatus.FOREIGN, None, 1),
        ([record("mine"), record(APPLY), record("x")], "after", RouterStatus.CONFIRMED, 2, 1),
        ([record("multihome apply ffffff"), record(APPLY)], "other", RouterStatus.FOREIGN, None, 1),
    ],
)
def test_where_a_router_stands_follows_from_history_and_configuration(
    history, current, standing, back, forward
):
    found = position("abc123", history, current, KNOWN)
    assert (found.standing, found.back, found.forward) == (standing, back, forward)


def test_a_pending_commit_has_its_deadline_and_a_foreign_one_its_owner():
    pending = position("abc123", [record(APPLY, pending=True, note=NOTE)], "", KNOWN)
    assert pending.deadline == AT + timedelta(minutes=5)
    foreign = position("abc123", [record("x"), record(APPLY)], "other", KNOWN)
    assert foreign.foreign == ("ops by cli",)


P, R, C = Phase.PENDING, Phase.RESTORED, Phase.CONFIRMED
REFUSED = Abort(AbortReason.REFUSED, "juno: no")
FAILED = Abort(AbortReason.FAILED, "juno: lost")
LOCKED_OUT = Abort(AbortReason.PRECONDITION, "locked by ops")
STOPPED = Abort(AbortReason.INTERRUPTED, "interrupted")


@pytest.mark.parametrize(
    ("phases", "reason", "code", "text"),
    [
        ([C, C], None, ExitCode.PROVEN, "confirmed on r0, r1"),
        ([Phase.UNCHANGED], None, ExitCode.PROVEN, "no changes"),
        ([Phase.LOCKED], REFUSED, ExitCode.ROLLED_BACK, "nothing was committed"),
        ([Phase.LOCKED], FAILED, ExitCode.UNKNOWN, "nothing was committed"),
        ([Phase.LOCKED], LOCKED_OUT, ExitCode.REFUSED, "nothing was committed"),
        ([R, Phase.CHECKED], FAILED, ExitCode.ROLLED_BACK, "rolled back on r0"),
        ([R], STOPPED, ExitCode.INTERRUPTED, "rolled back on r0"),
        ([Phase.LOADED], STOPPED, ExitCode.INTERRUPTED, "nothing was committed"),
        ([R, P], FAILED, ExitCode.NEEDS_HUMAN, "NOT UNDONE: r1: pending confirm"),
        ([C, R], FAILED, ExitCode.NEEDS_HUMAN, "NOT UNDONE: r0: confirmed"),
        ([R], Abort(AbortReason.BROKEN, "odd"), ExitCode.NEEDS_HUMAN, "odd"),
    ],
)
def test_a_verdict_is_what_is_left_not_what_was_meant(phases, reason, code, text):
    parts = [RouterState(f"r{number}", phase) for number, phase in enumerate(phases)]
    found, line = judge(parts, reason)
    assert found is code
    assert text in line


def test_advice_is_given_only_where_something_is_left():
    assert advice([RouterState("juno", R)], "abc123") == ()
    assert advice([RouterState("juno", P), RouterState("luna", C)], "abc123") == (
        "juno: rolls back by itself in time, unless another user commits",
        "luna: confirmed for good; no timer brings it back",
        "multihome status abc123    then: multihome rollback abc123",
    )


def test_no_timer_is_promised_to_a_router_that_may_be_confirmed_for_good():
    lines = advice([RouterState("juno", Phase.RESTORING, lasting=True)], "abc123")
    assert lines[0] == "juno: perhaps confirmed for good; no timer brings it back"


def test_nobody_is_sent_to_undo_what_somebody_else_confirmed():
    lines = advice([RouterState("juno", C, foreign=("ops by cli",))], "abc123")
    assert lines[0].startswith("juno: confirmed by another user's commit, which is theirs to undo")
    assert lines[1:] == ("multihome status abc123    names what can be done from here",)
    mixed = advice(
        [RouterState("juno", C, foreign=("ops by cli",)), RouterState("luna", P)], "abc123"
    )
    assert "multihome rollback" not in " ".join(mixed), "it would be refused as a whole"


def test_a_mixture_of_refusals_and_losses_is_not_a_refusal():
    refused, lost = ConfigurationRefused("a", "no"), Unreachable("b", "gone")
    assert abort_from({"a": refused}).why is AbortReason.REFUSED
    assert abort_from({"b": lost, "a": refused}).why is AbortReason.FAILED
    assert abort_from({"b": lost, "a": refused}).text == "a: no; b: gone"
    assert abort_from({"a": LockDenied("a", "no")}).why is AbortReason.PRECONDITION
    assert abort_from({"a": LockDenied("a", "no"), "b": lost}).why is AbortReason.PRECONDITION


def test_the_lease_is_rounded_up_to_the_minutes_that_a_router_grants():
    scripts, batches = {"a": ""}, (("a",),)
    assert Order(scripts, batches, lease=0).window == 60
    assert Order(scripts, batches, lease=61).window == 120
    assert Order(scripts, batches).window == 300


def test_no_step_starts_in_a_phase_that_no_step_leads_to():
    reached = {Phase.UNTOUCHED} | {s.during for s in STEPS} | {s.done for s in STEPS}
    reached.add(Phase.UNCHANGED)
    for step in STEPS:
        assert step.start <= reached, step.name
    assert set(Phase) <= reached


def test_a_journal_is_read_up_to_where_it_was_cut(tmp_path):
    journal = Journal(tmp_path / "j", ["s3cret-word"])
    journal.write("lock", "begin", ["juno", "luna"])
    journal.write("look", "note", ["juno"], before="abc", why={"a": ["s3cret-word", 'key "$9$x"']})
    journal.write("look", "done", [])
    text = (tmp_path / "j").read_text()
    assert "s3cret" not in text
    assert "$9$" not in text
    (tmp_path / "j").write_text(text + '{"at": "2026')
    entries = read_journal(tmp_path / "j")
    assert [(e.router, e.step, e.moment) for e in entries] == [
        ("juno", "lock", "begin"),
        ("luna", "lock", "begin"),
        ("juno", "look", "note"),
    ]
    assert entries[2].detail["before"] == "abc"


def test_what_was_cut_is_taken_away_before_a_journal_goes_on(tmp_path):
    journal = Journal(tmp_path / "journal.jsonl")
    journal.write("lock", "begin", ["juno"])
    with journal.path.open("a") as stream:
        stream.write('{"at": "2026-')  # killed in the middle of a line
    journal.write("rollback", "begin", ["juno"])
    assert [entry.step for entry in read_journal(journal.path)] == ["lock", "rollback"]


def test_a_line_for_which_there_was_no_room_leaves_no_trace(tmp_path):
    journal = Journal(tmp_path / "journal.jsonl")
    journal.write("lock", "begin", ["juno"])
    size = journal.path.stat().st_size
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 20, before[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            journal.write("commit", "begin", ["juno"])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert journal.path.stat().st_size == size
    journal.write("restore", "begin", ["juno"])
    assert [entry.step for entry in read_journal(journal.path)] == ["lock", "restore"]


def test_a_durable_journal_is_on_disk_before_a_step_begins(tmp_path, monkeypatch):
    synced = []
    monkeypatch.setattr("os.fsync", lambda number: synced.append(os.fstat(number).st_size))
    journal = Journal(tmp_path / "j")
    journal.write("look", "note", ["juno"], before="abc")
    assert synced == []
    journal.write("commit", "begin", ["juno"])
    assert synced == [(tmp_path / "j").stat().st_size]


@pytest.mark.parametrize("line", ["no json", json.dumps({"at": "x"}), '{"detail": 1}'])
def test_a_damaged_journal_is_not_guessed_at(tmp_path, line):
    (tmp_path / "j").write_text(line + "\n" + line + "\n")
    with pytest.raises(InvalidFile, match="j:1"):
        read_journal(tmp_path / "j")


def test_a_run_is_found_by_its_id_or_its_folder(tmp_path):
    made = RunFolder.create(tmp_path, "drill-juno-luna")
    for name in (made.run, made.path.name):
        found = RunFolder.find(tmp_path, name)
        assert (found.path, found.run, found.verb) == (made.path, made.run, "drill-juno-luna")
    assert made.entries() == ()
    with pytest.raises(UnknownName, match="unknown run 'ffffff'; known: " + made.run):
        RunFolder.find(tmp_path, "ffffff")


def test_a_folder_that_cannot_be_made_is_a_usage_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot make"):
        RunFolder.create(tmp_path / "file", "apply")


def test_the_way_back_by_hand_names_every_router_and_the_run():
    text = by_hand(CommitComment("abc123"), {"juno": ["7001"], "luna": ["7002", "7003"]})
    assert text.count("    configure exclusive") == 2
    assert text.count("request system logout pid") == 3
    assert text.count("    rollback N") == 2
    assert 'commit comment "multihome rollback abc123"' in text
