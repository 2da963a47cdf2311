"""Reports in files: what cannot be written is known before, and takes no verdict away after."""

from dataclasses import replace
from pathlib import Path

import pytest

from multihome.cli.reports import Reports, finish
from multihome.cli.screen import Screen
from multihome.cli.settings import Login, Settings
from multihome.errors import ExitCode, UsageError

FULL = Path("/dev/full")
SETTINGS = Settings(
    lab=False,
    project=None,
    secrets=None,
    login=Login(),
    verbose=False,
    log_file=None,
    screen=Screen(quiet=True),
)


@pytest.mark.parametrize(
    ("where", "reason"),
    [("missing/x.html", "No such file or directory"), (".", "Is a directory")],
)
def test_a_file_that_cannot_be_made_is_refused_before_there_is_a_run(tmp_path, where, reason):
    with pytest.raises(UsageError, match=f"cannot write .*: {reason}"):
        Reports(html=tmp_path / where)


@pytest.mark.skipif(not FULL.exists(), reason="no /dev/full here")
def test_a_full_disk_keeps_no_other_report_and_no_verdict_back(good_run, tmp_path, capsys):
    code = finish(good_run, SETTINGS, Reports(json=FULL, md=tmp_path / "x.md"))
    seen = capsys.readouterr()
    assert seen.out.startswith("PASS")
    assert (tmp_path / "x.md").read_text(encoding="utf-8")
    assert "cannot write /dev/full: No space left on device" in seen.err
    assert code == ExitCode.USAGE


@pytest.mark.skipif(not FULL.exists(), reason="no /dev/full here")
def test_a_change_that_needs_a_human_is_not_called_a_wrong_command(run, capsys):
    stuck = replace(run, exit_code=ExitCode.NEEDS_HUMAN)
    assert finish(stuck, SETTINGS, Reports(json=FULL)) == ExitCode.NEEDS_HUMAN
    last = capsys.readouterr().err.splitlines()[-1]
    assert last == f"exit 8: {ExitCode.NEEDS_HUMAN.meaning}"
