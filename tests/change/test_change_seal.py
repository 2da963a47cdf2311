"""What was altered after a run is no evidence any more, and is named."""

import json
import shutil

import pytest

from multihome.change.folder import RunFolder
from multihome.errors import InvalidFile
from multihome.runbook.evidence import read_result, recorded
from multihome.runbook.seal import seal, unaltered
from multihome.state.request import Request

VERSION = Request.of("get-software-information")
REPLY = "replies/luna/get-software-information.xml"


@pytest.fixture
def run(tmp_path):
    folder = RunFolder.create(tmp_path, "verify")
    folder.journal.write("verify", "note", text="begun")
    folder.write_json("result.json", '{"verdict": "fail"}')
    folder.write(REPLY, "<software-information/>")
    folder.write("configurations/luna.set", "set system host-name luna\n")
    seal(folder, "verify", "FAIL, 3 failed")
    return folder


def refusal(folder):
    with pytest.raises(InvalidFile) as caught:
        unaltered(folder)
    for read in (read_result, recorded):
        with pytest.raises(InvalidFile):
            read(folder)
    return str(caught.value)


def test_what_is_as_the_run_left_it_is_evidence(run):
    assert unaltered(run)
    recorded(run)({"luna": [VERSION]})
    run.journal.write("end", "note", text="finished later")
    assert unaltered(run)
    last = run.entries()[-2]
    assert (last.step, last.detail["text"]) == ("verify", "FAIL, 3 failed")


@pytest.mark.parametrize("name", ["result.json", REPLY, "configurations/luna.set"])
def test_every_file_that_was_altered_or_taken_away_is_named(run, name):
    file = run.path / name
    file.write_text(file.read_text().replace("fail", "pass") + " ")
    assert f"{file}: was altered" in refusal(run)
    file.unlink()
    assert f"{file}: is missing" in refusal(run)


def test_all_that_is_wrong_is_named_at_once(run):
    for name in ("result.json", REPLY):
        (run.path / name).write_text("other")
    (run.path / "replies/sol").mkdir()
    (run.path / "replies/sol/x.xml").write_text("<x/>")
    text = refusal(run)
    assert text.count("\n") == 2
    assert "replies/sol/x.xml: was added" in text


def test_the_list_and_the_journal_are_chained(run):
    shutil.copytree(run.path, run.path.parent / "20260101T000000-verify-abc123")
    copy = RunFolder.find(run.path.parent, "abc123")
    listed = copy.path / "seals/001.json"
    (copy.path / REPLY).write_text("<other/>")
    digests = json.loads(listed.read_text())
    digests[REPLY] = "0" * 64
    listed.write_text(json.dumps(digests))
    assert "seals/001.json: was altered" in refusal(copy)
    listed.unlink()
    assert "seals/001.json: is missing" in refusal(copy)
    journal = run.path / "journal.jsonl"
    journal.write_text(journal.read_text().replace("begun", "began"))
    assert "journal.jsonl: was altered" in refusal(run)
    journal.write_text("")
    assert "journal.jsonl: was altered: it holds no seal" in refusal(run)


def test_a_later_seal_covers_what_came_later(run):
    run.write("replies/sol/x.xml", "<x/>")
    refusal(run)
    seal(run)
    assert unaltered(run)
    (run.path / REPLY).write_text("<other/>")
    assert REPLY in refusal(run)


def test_a_run_of_before_there_were_seals_is_not_sealed(tmp_path):
    folder = RunFolder.create(tmp_path, "verify")
    folder.write(REPLY, "<software-information/>")
    assert not unaltered(folder)
    assert recorded(folder)


def test_a_line_that_a_crash_cut_short_is_no_alteration(run):
    journal = run.path / "journal.jsonl"
    with journal.open("a") as stream:
        stream.write('{"at": "20')
    seal(run)
    assert unaltered(run)


def test_a_secret_that_occurs_in_a_digest_alters_none(tmp_path):
    secrets = tuple(f"{number:04x}" for number in range(0, 65536, 7))
    folder = RunFolder.create(tmp_path, "verify", secrets)
    folder.write(REPLY, "<software-information/>")
    seal(folder)
    assert unaltered(folder)
