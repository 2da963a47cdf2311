"""The folder of runs: how large it is, and what may be deleted."""

import json
import os
import platform
from datetime import UTC, datetime, timedelta

import pytest

from multihome.cli import app
from multihome.cli.sizes import size_in_bytes, size_in_words
from multihome.errors import ExitCode, UsageError

NOW = datetime.now().astimezone()


@pytest.fixture
def runs(tmp_path, monkeypatch):
    folder = tmp_path / "runs"
    folder.mkdir()
    monkeypatch.setenv("MULTIHOME_RUNS", str(folder))
    monkeypatch.chdir(tmp_path)
    return folder


def add(runs, run, days=0, *, verb="apply", code=ExitCode.PROVEN, size=1000, pid=0, result=True):
    """A run that began some days ago; `code` None if it never came to an end."""
    began = NOW - timedelta(days=days, minutes=1)
    path = runs / f"{began:%Y%m%dT%H%M%S}-{verb}-{run}"
    path.mkdir()
    detail = {"routers": ["luna"], "pid": pid, "host": platform.node()}
    lines = []
    if verb != "verify":
        lines.append(entry(began, "run", detail))
    if code is not None:
        lines.append(entry(began, "end", {"code": int(code), "text": f"the end of {run}"}))
    elif verb == "verify":
        lines.append(entry(began, "verify", {"text": "state steady, 3 checks"}))
    (path / "journal.jsonl").write_text("".join(lines))
    if result:
        (path / "result.json").write_text("{}")
    (path / "replies").mkdir()
    (path / "replies" / "x.xml").write_bytes(b"x" * size)
    return path


def entry(at, step, detail):
    at = at.astimezone(UTC).isoformat()
    return (
        json.dumps({"at": at, "step": step, "moment": "note", "detail": detail, "router": ""})
        + "\n"
    )


def left(runs):
    return {path.name.rsplit("-", 1)[1] for path in runs.iterdir()}


def test_the_list_says_how_large_the_folder_is(runs, capsys):
    add(runs, "aaaaaa", size=5_000_000)
    add(runs, "bbbbbb", code=None)
    (runs / "snapshots").mkdir()
    (runs / "snapshots" / "x").write_bytes(b"x" * 2_000_000)
    assert app.run(["runs"]) == ExitCode.PROVEN
    seen = capsys.readouterr().out
    assert "the end of aaaaaa" in seen
    assert "4.8 MB" in seen
    assert "2 runs, 6.7 MB in " in " ".join(seen.split())
    assert "not finished: bbbbbb" in seen


def test_no_folder_is_no_failure(runs, capsys):
    runs.rmdir()
    assert app.run(["runs"]) == ExitCode.PROVEN
    assert "0 runs, 0 B" in capsys.readouterr().out
    assert app.run(["runs", "prune", "--older-than", "1d", "--yes"]) == ExitCode.PROVEN


def test_old_runs_go_and_no_other(runs, capsys):
    add(runs, "aaaaaa", 40)
    add(runs, "bbbbbb", 31, verb="verify", result=False)
    add(runs, "cccccc", 29)
    assert app.run(["runs", "prune", "--older-than", "30d", "--yes"]) == ExitCode.PROVEN
    assert left(runs) == {"cccccc"}
    assert "deleted 2 runs" in capsys.readouterr().out


def test_the_oldest_go_until_the_folder_is_small_enough(runs):
    for days, run in enumerate(("aaaaaa", "bbbbbb", "cccccc", "dddddd")):
        add(runs, run, days, size=100_000)
    assert app.run(["runs", "prune", "--keep-size", "250K", "--yes"]) == ExitCode.PROVEN
    assert left(runs) == {"aaaaaa", "bbbbbb"}


def test_both_limits_hold(runs):
    for days, run in ((1, "aaaaaa"), (2, "bbbbbb"), (50, "cccccc")):
        add(runs, run, days, size=100_000)
    words = ["--keep-size", "150K", "--older-than", "30d", "--yes"]
    assert app.run(["runs", "prune", *words]) == ExitCode.PROVEN
    assert left(runs) == {"aaaaaa"}


@pytest.mark.parametrize(
    "unfinished",
    [
        {"code": None},
        {"code": ExitCode.NEEDS_HUMAN},
        {"code": None, "verb": "drill"},
        {"code": None, "pid": os.getppid()},
    ],
    ids=["never ended", "needs a human", "drill", "still running"],
)
def test_a_run_that_needs_someone_stays_however_old_and_large(runs, unfinished, capsys):
    add(runs, "aaaaaa", 400, size=500_000, **unfinished)
    words = ["--older-than", "1d", "--keep-size", "1K", "--yes"]
    assert app.run(["runs", "prune", *words]) == ExitCode.PROVEN
    assert left(runs) == {"aaaaaa"}
    assert "these runs stay: aaaaaa" in capsys.readouterr().err


def test_a_run_whose_journal_cannot_be_read_stays(runs):
    path = add(runs, "aaaaaa", 400)
    (path / "journal.jsonl").write_text("{broken\n{broken\n")
    assert app.run(["runs", "prune", "--older-than", "1d", "--yes"]) == ExitCode.PROVEN
    assert left(runs) == {"aaaaaa"}


def test_a_look_that_has_no_result_yet_may_still_run(runs):
    add(runs, "aaaaaa", verb="verify", code=None, result=False)
    assert app.run(["runs", "prune", "--keep-size", "0", "--yes"]) == ExitCode.PROVEN
    assert left(runs) == {"aaaaaa"}


def test_what_is_no_run_is_never_touched(runs, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "x").write_text("x")
    (runs / "20200101T000000-apply-aaaaaa").symlink_to(elsewhere)
    (runs / "notes-of-mine").mkdir()
    (runs / "snapshots" / "pre").mkdir(parents=True)
    assert app.run(["runs", "prune", "--keep-size", "0", "--older-than", "1s", "--yes"]) == 0
    assert (elsewhere / "x").exists()
    assert len(list(runs.iterdir())) == 3


def test_a_dry_run_and_a_no_delete_nothing(runs, capsys, monkeypatch):
    add(runs, "aaaaaa", 40)
    words = ["runs", "prune", "--older-than", "30d"]
    assert app.run([*words, "--dry-run"]) == ExitCode.PROVEN
    assert "would delete 1 run, " in capsys.readouterr().out
    monkeypatch.setattr("sys.stdin.readline", lambda: "n\n", raising=False)
    assert app.run(words) == ExitCode.PROVEN
    assert "nothing was deleted" in capsys.readouterr().out
    assert left(runs) == {"aaaaaa"}


def test_no_limit_deletes_nothing(runs, capsys):
    add(runs, "aaaaaa", 400)
    assert app.run(["runs", "prune", "--yes"]) == ExitCode.USAGE
    assert "--older-than 30d, --keep-size 1G" in capsys.readouterr().err
    assert left(runs) == {"aaaaaa"}


@pytest.mark.parametrize(
    ("text", "size"),
    [("0", 0), ("1G", 1 << 30), ("1.5 GiB", 3 << 29), ("10k", 10240), ("7B", 7), ("2TB", 2 << 40)],
)
def test_sizes_are_read(text, size):
    assert size_in_bytes("--keep-size", text) == size


@pytest.mark.parametrize("text", ["", "G", "-1", "1P", "a lot", "1e9"])
def test_a_wrong_size_is_named(text):
    with pytest.raises(UsageError, match="--keep-size"):
        size_in_bytes("--keep-size", text)


@pytest.mark.parametrize(
    ("size", "words"), [(0, "0 B"), (999, "999 B"), (1000, "1.0 KB"), (3 << 30, "3.0 GB")]
)
def test_sizes_are_written(size, words):
    assert size_in_words(size) == words
