"""What an operator does at 3 am, over the real command line, and what is true afterwards."""

import gzip
import json
import re
import signal
import subprocess
import sys
import tempfile

import pytest
from change_operator import PATIENCE, SCREEN, Site

from multihome.cli import app
from multihome.errors import ExitCode, LockDenied
from multihome.values.secret import obfuscate

pytestmark = [
    pytest.mark.scenario,
    pytest.mark.xdist_group("transaction"),
    pytest.mark.timeout(1200),
]


NEVER = """
checks:
  - check: configuration
    name: never
    router: luna
    under: protocols bgp group pe-connection
    present: [hold-time 10]
"""


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    made = Site(tmp_path_factory.mktemp("site"))
    try:
        made.deployed = made.up(10, "--batch", "2")
        yield made
    finally:
        if made.lab is not None:
            made.do("lab", "down", lab=False)


@pytest.fixture
def site(network):
    """With hold times of 10 s on both CPEs, before the test and after it; nothing still runs."""
    yield network
    network.reap()
    network.want_hold_time(10)
    if network.hold_times() != (10, 10):
        assert network.do("apply", "--yes")[0] == 0


@pytest.fixture
def waiting(site):
    """A change that is committed everywhere and never proven: a check asks for what it replaces."""
    catalogue = site.project / "checks" / "never.yaml"

    def begin(hold_time):
        catalogue.write_text(NEVER)
        site.want_hold_time(hold_time)
        typed = site.type("apply", "--yes", "--wait", "30m").until("commit     luna")
        return typed.until("checks hold: ")

    yield begin
    catalogue.unlink(missing_ok=True)
    site.reap()
    site.lab.converge()


def test_a_network_that_has_nothing_yet_is_deployed_batch_by_batch(network):
    screen = network.deployed.text
    for batch in (
        "batch 1 of 4: apollo, jupiter, mars, sol",
        "batch 2 of 4: ceres, juno, luna, orcus, saturn",
        "batch 3 of 4: genius, liber, mercury",
    ):
        assert batch in screen
    assert "4 batches confirmed" in screen
    assert re.search(r"PASS, ran (\d+) of \1,", screen)


@pytest.mark.parametrize(
    "number",
    [
        signal.SIGINT,
        pytest.param(signal.SIGTERM, marks=pytest.mark.deep),
        pytest.param(signal.SIGHUP, marks=pytest.mark.deep),
    ],
)
def test_interrupted_once_all_is_as_before(site, waiting, number):
    typed = waiting(11)
    assert typed.signal(number).end() == 130
    assert "rolled back on luna, orcus, the network is as before" in typed.text
    assert site.hold_times() == (10, 10)


def test_interrupted_between_two_legs_it_shows_what_it_saw_of_the_changed_network(site):
    site.want_hold_time(12)
    typed = site.type("apply", "--yes", "--hold", "30m").until("checks hold, for 0 of 1800 s")
    assert typed.signal().end() == 130
    assert "seen before it was undone" in typed.text
    assert "hold-time expected 12" not in typed.text  # as it was before anything was changed
    assert "rolled back on orcus, the network is as before" in typed.text
    assert site.hold_times() == (10, 10)


def test_interrupted_twice_it_says_what_is_left_and_how_to_finish(site, waiting):
    typed = waiting(13)
    site.lab.fault("router", "luna", "frozen")
    try:
        typed.signal().until("undo       interrupted")
        assert typed.signal().end() == ExitCode.NEEDS_HUMAN
    finally:
        site.lab.fault("router", "luna", "frozen", on=False)
    assert "NOT UNDONE: luna" in typed.text
    times = r"\S+( to \S+)?"  # orcus too, if it had no time to be undone
    assert re.search(rf"luna(, orcus)?: rolls back by itself at {times} UTC by its", typed.text)
    assert f"multihome status {typed.run} then: multihome rollback {typed.run}" in typed.text
    assert site.do("rollback", typed.run)[0] == ExitCode.ROLLED_BACK
    assert site.hold_times() == (10, 10)


def test_everything_is_said_before_anything_is_committed(site):
    site.want_hold_time(14)
    code, typed = site.do("apply", "--yes", "--ticket", "CHG-7")
    assert code == 0, typed.screen
    before, _, after = typed.screen.partition("commit     orcus")
    for words in (
        f"run        {typed.run}: apply on luna, orcus",
        "configure exclusive",
        "rollback 1",
        f'commit comment "multihome rollback {typed.run} ticket CHG-7',
        "undo.txt",
    ):
        assert words in before
    assert re.search(r"by router clock, in 1\d\d\d s: orcus rolls back alone", after)
    assert max(map(len, typed.screen.splitlines())) <= SCREEN or "undo.txt" in typed.screen
    assert site.hold_times() == (14, 14)


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("run        ", marks=pytest.mark.deep),
        pytest.param("by hand    ", marks=pytest.mark.deep),
        pytest.param("commit     orcus", marks=pytest.mark.deep),
        "commit     luna",
        pytest.param("reach      ", marks=pytest.mark.deep),
    ],
)
def test_killed_at_any_moment_a_run_is_named_and_finished(site, words):
    site.want_hold_time(15)
    typed = site.type("apply", "--yes").until(words)
    typed.signal(signal.SIGKILL).end()
    code, listed = site.do("status")
    assert typed.run in listed.screen
    if code == 0:  # it was at its end already
        assert site.hold_times() == (15, 15)
        return
    code, where = site.do("status", typed.run)
    assert code in (0, ExitCode.NEEDS_HUMAN)
    pending = where.screen.count("pending confirm")
    if pending:
        code, again = site.do("apply", "--yes")
        assert code == ExitCode.REFUSED, again.screen
        assert f"(run {typed.run}) waits to be confirmed until" in again.text
    if pending == 2:
        code, done = site.do("confirm", typed.run)
        assert code == 0, done.screen
        assert re.search(r"; (\d+) of \1 checks hold", done.text)
        assert site.hold_times() == (15, 15)
    else:
        assert site.do("rollback", typed.run)[0] == ExitCode.ROLLED_BACK
        assert site.hold_times() == (10, 10)
    assert site.do("status", typed.run)[0] == 0
    assert site.do("status")[0] == 0


def test_a_run_is_finished_from_another_machine_and_its_own_sees_that(site, tmp_path):
    elsewhere = {"MULTIHOME_RUNS": str(tmp_path / "runs")}
    site.want_hold_time(23)
    typed = site.type("apply", "--yes", "--hold", "30m", "--ticket", "CHG-9")
    typed.until("checks hold, for 0 of 1800 s").signal(signal.SIGKILL).end()
    for verb, expected, said in (
        ("status", ExitCode.NEEDS_HUMAN, "ticket CHG-9"),
        ("rollback", ExitCode.ROLLED_BACK, "rolled back on orcus"),
    ):
        code, there = site.do(verb, typed.run, environ=elsewhere)
        assert (code, said in there.text) == (expected, True), there.screen
    assert site.hold_times() == (10, 10)
    assert site.do("status")[0] == ExitCode.NEEDS_HUMAN
    code, here = site.do("status", typed.run)
    assert (code, "finished: nothing is left of it" in here.text) == (0, True), here.screen
    assert site.do("status")[0] == 0


def test_what_is_confirmed_and_not_verified_is_not_called_proven(site):
    site.want_hold_time(25)
    code, typed = site.do("apply", "--yes")
    assert code == 0, typed.screen
    assert site.do("rollback", typed.run)[0] == ExitCode.ROLLED_BACK
    site.want_hold_time(26)
    code, again = site.do("confirm", typed.run)
    assert code == ExitCode.NOTHING_TESTED
    assert "confirmed on luna, orcus; not verified: the intent is not what it was" in again.text


def test_of_two_operators_one_wins_and_the_other_is_told_who_and_since_when(site, waiting):
    typed = waiting(16)
    code, other = site.do("apply", "--yes")
    assert code == ExitCode.REFUSED, other.screen
    assert f"a commit of lab by netconf (run {typed.run}) waits to be confirmed" in other.text
    assert "nothing was changed" in other.text
    code, looked = site.do("preflight")
    assert code == ExitCode.REFUSED, "it says another thing than apply"
    assert "locked by lab (pid " in looked.text
    assert " since 20" in looked.text
    code, refused = site.do("rollback", typed.run)
    assert code == ExitCode.REFUSED
    assert "the run is still running" in refused.text
    assert typed.signal().end() == 130, typed.screen
    assert site.hold_times() == (10, 10)


@pytest.mark.deep
def test_two_operators_at_the_same_instant_do_not_both_win(site):
    site.want_hold_time(17)
    both = [site.type("apply", "--yes") for _ in range(2)]
    codes = sorted(typed.end() for typed in both)
    assert codes[0] == 0, [typed.screen for typed in both]
    assert codes[1] in (0, ExitCode.REFUSED)  # 0: "no changes", a moment later
    assert site.hold_times() == (17, 17)


def evicting(site, router, number):
    """Somebody who ends our session, takes the lock and commits."""
    with site.session(router) as session:
        for _ in range(20):
            try:
                session.lock()
                break
            except LockDenied as denied:
                session.evict(denied.holder)
        session.load(f"set system domain-name somebody{number}.else\n")
        session.commit(comment="somebody else")
        session.unlock()


def test_a_foreign_commit_is_shouted(site, waiting):
    typed = waiting(18)
    evicting(site, "orcus", 1)
    typed.until("orcus: ANOTHER USER COMMITTED and so confirmed this change: lab by")
    assert typed.signal().end() == ExitCode.NEEDS_HUMAN, typed.screen
    assert "NOT UNDONE: orcus: confirmed" in typed.text
    assert "`show system rollback compare 1 0` there" in typed.text
    assert "rolls back by itself" not in typed.text
    assert "multihome rollback" not in typed.text.partition("NOT UNDONE")[2]
    code, told = site.do("status", typed.run)
    assert code == ExitCode.NEEDS_HUMAN
    assert "fix it, then run apply to close this run" in told.text
    assert site.do("rollback", typed.run)[0] == ExitCode.REFUSED
    with site.session("orcus") as session:
        assert "somebody1.else" in session.configuration()
        session.load("delete system domain-name\n")
        session.commit(comment="mended")
    (site.project / "checks" / "never.yaml").unlink()
    site.lab.converge()
    assert site.do("status")[0] == ExitCode.NEEDS_HUMAN
    assert site.do("apply", "--yes")[0] == 0
    assert site.do("status")[0] == 0
    assert site.do("status", typed.run)[0] == 0


def test_no_changes_take_no_lock_and_make_no_commit(site):
    before = site.lab.log()
    code, typed = site.do("apply", "--yes")
    assert (code, "no changes" in typed.screen) == (0, True)
    assert not [line for line in site.lab.log()[len(before) :] if "commit" in line]


@pytest.mark.parametrize("words", [("plan",), ("apply", "--dry-run", "--yes")])
def test_a_dry_run_commits_nothing(site, words):
    site.want_hold_time(19)
    before = site.lab.log()
    code, typed = site.do(*words)
    assert code == 0
    assert "+    hold-time 19;" in typed.screen
    assert not [line for line in site.lab.log()[len(before) :] if "commit" in line]
    assert site.hold_times() == (10, 10)


def test_a_reader_who_goes_away_changes_nothing(site):
    site.want_hold_time(21)
    words = [sys.executable, "-m", "multihome", "-i", site.project, "--lab", "apply", "--yes"]
    with subprocess.Popen(
        words, env=site.environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as typed:
        try:
            typed.stdout.readline()
            typed.stdout.close()
            assert typed.wait(PATIENCE) == 0
        finally:
            typed.kill()
    assert site.hold_times() == (21, 21)


CANARY = "c4n4ry"
KEYS = {
    "pe-cpe": f"plain-{CANARY}&<here>",
    "cpe-cpe": obfuscate(f"hidden-{CANARY}", salt="cpe-cpe"),
}


@pytest.fixture
def planted(site, tmp_path, monkeypatch):
    """Secrets wherever a secret can be; whatever is written goes under one folder."""
    keys = tmp_path / "keys.yaml"
    keys.write_text("".join(f"{name}: {json.dumps(value)}\n" for name, value in KEYS.items()))
    keys.chmod(0o600)
    written = tmp_path / "written"
    written.mkdir()
    environ = {
        "MULTIHOME_SECRETS": str(keys),
        "MULTIHOME_RUNS": str(written / "runs"),
        "MULTIHOME_LOG_FILE": str(written / "log"),
        "MULTIHOME_VERBOSE": "1",
        "TMPDIR": str(written),
    }
    for name, value in environ.items():
        monkeypatch.setitem(site.environ, name, value)

    def type_it(*words, lab=True):
        code, typed = site.do(*words, lab=lab)
        (written / f"{len(list(written.iterdir()))}.screen").write_text(typed.screen)
        return code, typed

    yield type_it, written
    for name in environ:
        del site.environ[name]
    assert site.do("apply", "--yes", "--accept-outage")[0] == 0


def leaks(written):
    """Every file under a folder in which a secret stands, in clear or in Junos's own form."""
    secret = re.compile(rb"\$9\$\w|" + CANARY.encode())
    files = [path for path in written.rglob("*") if path.is_file()]
    assert files
    return [str(path) for path in files if secret.search(unpacked(path))]


def unpacked(path):
    """What a file says, also if it says it in fewer bytes."""
    if path.suffix == ".gz":
        return gzip.decompress(path.read_bytes())
    if path.suffix == ".parquet":
        return repr(pytest.importorskip("pyarrow.parquet").read_table(path).to_pylist()).encode()
    return path.read_bytes()


def reports(written, name):
    kinds = ("json", "junit", "md", "html")
    return [word for kind in kinds for word in (f"--{kind}", str(written / f"{name}.{kind}"))]


def test_no_secret_is_in_anything_that_any_verb_says_or_writes(site, planted):
    do, written = planted
    assert do("render")[0] == 0
    assert do("plan")[0] == ExitCode.REFUSED  # other keys at both ends: an outage
    assert do("plan", "--accept-outage")[0] == 0
    code, typed = do("apply", "--yes", "--accept-outage", *reports(written, "apply"))
    assert code == 0, typed.screen
    assert "SECRET-DATA" in typed.screen
    for words in (
        ("report", typed.run, "--html", str(written / "again.html")),
        ("status", typed.run),
        ("rollback", typed.run),
        ("confirm", typed.run),
        ("report", typed.run, "--html", str(written / "again.html")),
        ("drill", "run", "juno-luna", *reports(written, "drill")),
        ("snapshot", str(written / "pre")),
        ("show", "bgp"),
        ("preflight",),
    ):
        assert do(*words)[0] in (0, ExitCode.ROLLED_BACK), words
    assert leaks(written) == []


def test_no_secret_is_in_a_refusal_or_a_crash(site, planted, monkeypatch, capsys):
    do, written = planted
    template = site.project / "templates" / "bgp-site.j2"
    before = template.read_text()
    line = "set protocols bgp group cpe-connection nonsense {{ secret('cpe-cpe') }}\n"
    template.write_text(before.removesuffix("{% endif %}\n") + line + "{% endif %}\n")
    try:
        code, typed = do("apply", "--yes", "--accept-outage")
    finally:
        template.write_text(before)
    assert code == ExitCode.ROLLED_BACK, typed.screen
    assert "nonsense" in typed.screen
    for name, value in site.environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(tempfile, "tempdir", str(written))

    def defect(*_, **__):
        raise RuntimeError(f"a defect with {' and '.join(KEYS.values())} in its hands")

    monkeypatch.setattr("multihome.change.preflight.plan.plan", defect)
    assert app.run(["-i", str(site.project), "--lab", "plan"]) == ExitCode.INTERNAL
    seen = capsys.readouterr()
    (written / "crash.screen").write_text(seen.out + seen.err)
    crash = next(written.glob("multihome-crash-*"))
    assert "RuntimeError" in crash.read_text()
    assert leaks(written) == []


def test_a_foreign_statement_beside_ours_is_left_alone(site):
    beside = (
        "policy-options prefix-list theirs 203.0.113.0/24",
        "system domain-name untouched.example",
    )
    with site.session("orcus") as session:
        session.load("".join(f"set {line}\n" for line in beside))
        session.commit(comment="somebody")
    site.want_hold_time(24)
    code, typed = site.do("plan", "--detailed-exitcode")
    assert code == ExitCode.CHANGES_PENDING, typed.screen
    assert "hold-time 24" in typed.screen
    assert not re.search(r"^\s*[-+].*(theirs|domain-name)", typed.screen, re.MULTILINE)
    assert site.do("apply", "--yes")[0] == 0
    with site.session("orcus") as session:
        text = session.configuration()
        assert all(line in text for line in beside)
        session.load("".join(f"delete {line}\n" for line in beside))
        session.commit(comment="mended")


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--confirm", "0", "--confirm 0: at least 60s"),
        ("--confirm", "2000h", "--confirm 2000h: at most 1092h"),
        ("--wait", "2y", "--wait 2y: expected a time such as 30s, 5m, 2h or 30d"),
        ("--hold", "1000h", "give --confirm 6000m or more"),
    ],
)
def test_a_time_that_cannot_be_is_refused_with_one_that_can(network, option, value, words):
    code, typed = network.do("apply", "--yes", option, value)
    assert code == ExitCode.USAGE
    assert words in typed.text
