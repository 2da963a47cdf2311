"""What a run leaves behind: enough to judge again, nothing that is secret."""

import errno
import json
import os
import shutil
from pathlib import Path

import pytest

from multihome.errors import ExitCode

pytestmark = [pytest.mark.scenario, pytest.mark.xdist_group("scenario")]


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """What one `verify` left, once there has been one."""
    return tmp_path_factory.mktemp("seen") / "runs"


@pytest.fixture
def verified(operator, seen, tmp_path):
    """The folder of a run of `verify`, the test's own to spoil."""
    if not seen.exists():
        assert operator("verify").code == 0
        shutil.copytree(tmp_path / "runs", seen)
    elif not (tmp_path / "runs").exists():
        shutil.copytree(seen, tmp_path / "runs")
    return last_run(tmp_path, "verify")


def last_run(tmp_path, verb):
    found = (tmp_path / "runs").glob(f"*-{verb}-*")
    return max(found, key=lambda path: path.stat().st_mtime_ns)


def test_a_full_disk_costs_the_evidence_and_not_the_verdict(operator, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("multihome.change.journal._append", full)
    monkeypatch.setattr("multihome.change.folder.RunFolder._write", full)
    result = operator("verify")
    assert result.code == ExitCode.PROVEN
    assert result.last.startswith("PASS, ran ")
    assert "the evidence is not complete: [Errno 28] No space left on device" in result.text


def test_a_run_keeps_result_replies_configurations_and_journal(operator, verified):
    folder = verified
    routers = {router.name for router in operator.lab.routers}
    assert json.loads((folder / "result.json").read_text())["schema_version"] == "1.0"
    assert {path.name for path in (folder / "replies").iterdir()} == routers
    assert {path.stem for path in (folder / "configurations").iterdir()} == routers
    journal = [json.loads(line) for line in (folder / "journal.jsonl").read_text().splitlines()]
    assert {line["router"] for line in journal if line["step"] == "collect"} == routers
    assert journal[-1]["detail"]["text"].startswith("PASS, ran ")


def test_no_file_of_a_run_holds_a_secret(operator, verified):
    with operator.session("juno") as session:
        configured = session.configuration(style="set")
    hidden = [word.strip('"') for word in configured.split() if word.startswith('"$9$')]
    assert hidden
    secrets = Path(operator.lab.state_dir / "secrets.yaml").read_text()
    plain = [
        line.split(":", 1)[1].strip().strip("'\"") for line in secrets.splitlines() if ":" in line
    ]
    for path in verified.rglob("*"):
        if path.is_file():
            text = path.read_text()
            assert not [each for each in (*hidden, *plain) if len(each) > 4 and each in text], path


def test_a_run_is_judged_again_without_any_router(operator, verified):
    journal = (verified / "journal.jsonl").read_text().splitlines()
    live = json.loads(journal[-1])["detail"]["text"]
    again = operator("verify", "--from", verified.name, lab=False)
    assert (again.code, again.last.split(",")[1]) == (0, live.split(",")[1])


def test_a_newer_catalogue_judges_old_replies(operator, catalogue, verified):
    run = verified.name
    catalogue(
        "checks:\n"
        "  - {check: route, name: seen-then, router: liber, table: ipvpn.inet.0,\n"
        "     prefix: 10.0.0.12/32, active: {preference: 171}}\n"
        "  - {check: route, name: not-asked-then, router: luna, table: other.inet.0,\n"
        "     prefix: 10.0.0.0/8, count: 1}\n"
    )
    seen = operator("verify", "--from", run, "--check", "seen-then", lab=False)
    assert seen.code == ExitCode.FAILED
    assert "preference expected 171 (checks/more.yaml:2), got 170" in seen.text
    missing = operator("verify", "--from", run, "--check", "not-asked-then", lab=False)
    assert missing.code == ExitCode.UNKNOWN
    assert "no recorded reply" in missing.text


@pytest.mark.deep
def test_what_was_unknown_then_is_unknown_now_for_the_same_reason(operator, tmp_path):
    operator.lab.fault("router", "vulcan")
    try:
        live = operator("verify")
    finally:
        operator.lab.fault("router", "vulcan", on=False)
        operator.lab.converge()
    again = operator("verify", "--from", last_run(tmp_path, "verify").name, lab=False)
    assert (live.code, again.code) == (ExitCode.UNKNOWN, ExitCode.UNKNOWN)
    for result in (live, again):
        assert "vulcan could not be asked" in result.text
        assert "next: multihome preflight -l vulcan" in result.text


@pytest.mark.deep
def test_a_drill_is_judged_again_in_each_state_that_it_saw(operator, tmp_path):
    assert operator("drill", "run", "ceres-orcus", "--confirm", "20m").code == 0
    run = last_run(tmp_path, "drill").name
    for state in ("steady", "backup-session-down"):
        again = operator("verify", "--from", run, "--state", state, lab=False)
        assert again.code == 0, again.text[-2000:]
    never = operator("verify", "--from", run, "--state", "inter-cpe-down", lab=False)
    assert never.code == ExitCode.USAGE
    assert "states seen: backup-session-down, steady" in never.err


def test_a_report_is_shown_again_in_any_form(operator, verified, tmp_path):
    run = verified.name
    files = {form: tmp_path / f"report.{form}" for form in ("json", "junit", "md", "html")}
    words = [word for form, path in files.items() for word in (f"--{form}", str(path))]
    shown = operator("report", run, *words, lab=False)
    assert shown.code == 0
    assert all(path.stat().st_size > 1000 for path in files.values())
    stored = verified / "result.json"
    assert files["json"].read_text() == stored.read_text()
    assert operator("report", run[-6:], lab=False).code == 0


def test_a_run_without_replies_says_so(operator, verified):
    shutil.rmtree(verified / "replies")
    result = operator("verify", "--from", verified.name, lab=False)
    assert result.code == ExitCode.USAGE
    assert "holds no replies" in result.err


def test_evidence_that_was_altered_is_refused_by_name(operator, tmp_path):
    assert operator("verify").code == 0
    folder = last_run(tmp_path, "verify")
    again = operator("verify", "--from", str(folder))
    assert again.code == ExitCode.PROVEN
    assert "not sealed" not in again.text
    assert operator("report", str(folder)).code == ExitCode.PROVEN
    reply = next((folder / "replies" / "luna").iterdir())
    reply.write_text(reply.read_text().replace("4.0.0", "4.0.1") + "\n")
    for words in (("verify", "--from", str(folder)), ("report", str(folder))):
        refused = operator(*words)
        assert refused.code == ExitCode.USAGE
        assert reply.name.split()[0] in refused.text
        assert "was altered" in refused.text


def test_a_run_without_digests_is_shown_as_not_sealed(operator, tmp_path):
    assert operator("verify").code == 0
    folder = last_run(tmp_path, "verify")
    shutil.rmtree(folder / "seals")
    journal = folder / "journal.jsonl"
    lines = [line for line in journal.read_text().splitlines() if '"seal"' not in line]
    journal.write_text("\n".join(lines) + "\n")
    for words in (("verify", "--from", str(folder)), ("report", str(folder))):
        shown = operator(*words)
        assert shown.code == ExitCode.PROVEN
        assert "not sealed" in shown.text
