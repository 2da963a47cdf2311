"""What an operator does at 3 am, over the real command line, and what is true afterwards."""

import signal
import subprocess
import sys
import time

import pytest
from change_operator import SCREEN, Site

from multihome.errors import ExitCode, LockDenied

pytestmark = [
    pytest.mark.scenario,
    pytest.mark.xdist_group("transaction"),
    pytest.mark.timeout(120),
]


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    made = Site(tmp_path_factory.mktemp("site"))
    try:
        made.up(speed=10)
        yield made
    finally:
        if made.lab is not None:
            made.do("lab", "down", lab=False)


@pytest.fixture
def site(network):
    """With hold times of 10 s on both CPEs, before the test and after it."""
    yield network
    network.want_hold_time(10)
    if network.hold_times() != (10, 10):
        assert network.do("apply", "--yes")[0] == 0


def changing(site, hold_time, *words):
    """A change that waits in its hold window, pending on luna and orcus."""
    site.want_hold_time(hold_time)
    typed = site.type("apply", "--yes", "--hold", "2s", *words)
    return typed.until("437 of 437 checks hold, for 0 of 2 s")


def test_interrupted_once_all_is_as_before(site):
    typed = changing(site, 11)
    assert typed.signal().end() == 130
    assert "rolled back on luna, orcus, the network is as before" in typed.text
    assert site.hold_times() == (10, 10)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_lost_terminal_is_an_interruption(site, number):
    typed = changing(site, 12)
    assert typed.signal(number).end() == 130
    assert site.hold_times() == (10, 10)


def test_interrupted_twice_it_says_what_is_left_and_how_to_finish(site):
    typed = changing(site, 13)
    site.lab.fault("router", "luna", "frozen")
    try:
        typed.signal().until("undo       interrupted")
        time.sleep(1)
        assert typed.signal().end(20) == ExitCode.NEEDS_HUMAN
    finally:
        site.lab.fault("router", "luna", "frozen", on=False)
    assert "NOT UNDONE: luna" in typed.text
    assert f"multihome status {typed.run}" in typed.text
    assert f"{typed.run}/undo.txt" in typed.text or "undo.txt" in typed.text
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
    assert "by router clock, in 300 s: orcus rolls back alone" in after
    assert max(map(len, typed.screen.splitlines())) <= SCREEN or "undo.txt" in typed.screen
    assert site.hold_times() == (14, 14)


KILLED = (9, 19, 29)
"""Tenths of a second after the command was typed."""


@pytest.mark.parametrize("moment", KILLED)
def test_killed_at_any_moment_a_run_is_named_and_finished(site, moment):
    site.want_hold_time(15)
    typed = site.type("apply", "--yes", "--hold", "1s")
    time.sleep(moment / 10)
    typed.signal(signal.SIGKILL).end()
    code, listed = site.do("status", lab=False)
    if "run        " not in typed.screen:
        assert site.hold_times() == (10, 10)
        return
    assert typed.run in listed.screen
    finished = code == 0
    code, where = site.do("status", typed.run)
    if finished:
        assert code == 0
        return
    assert code in (0, ExitCode.NEEDS_HUMAN)
    whole = where.screen.count("pending confirm") == 2
    if whole and moment % 2:
        code, done = site.do("confirm", typed.run)
        assert code == 0, done.screen
        assert "437 of 437 checks hold" in done.text
        assert site.hold_times() == (15, 15)
    else:
        assert site.do("rollback", typed.run)[0] == ExitCode.ROLLED_BACK
        assert site.hold_times() == (10, 10)
    assert site.do("status", typed.run)[0] == 0
    assert site.do("status", lab=False)[0] == 0


def test_of_two_operators_one_wins_and_the_other_is_told_who_and_since_when(site):
    typed = changing(site, 16)
    code, other = site.do("apply", "--yes")
    assert code == ExitCode.UNKNOWN, other.screen
    assert "locked by lab (pid " in other.text
    assert " since 20" in other.text
    assert f"a commit of lab by netconf (run {typed.run}) waits to be confirmed" in other.text
    assert "nothing was changed" in other.text
    code, refused = site.do("rollback", typed.run)
    assert code == ExitCode.NEEDS_HUMAN
    assert "the run is still at it" in refused.text
    assert typed.end() == 0, typed.screen
    assert site.hold_times() == (16, 16)


def test_two_operators_at_the_same_instant_do_not_both_win(site):
    site.want_hold_time(17)
    both = [site.type("apply", "--yes") for _ in range(2)]
    codes = sorted(typed.end() for typed in both)
    assert codes[0] == 0, [typed.screen for typed in both]
    assert codes[1] in (0, ExitCode.UNKNOWN)  # 0: "no changes", a moment later
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


def test_a_foreign_commit_is_shouted(site):
    typed = changing(site, 18)
    evicting(site, "orcus", 1)
    code = typed.end()
    assert "SOMEBODY ELSE" in typed.screen
    assert "root by other" not in typed.screen
    assert code in (0, ExitCode.NEEDS_HUMAN), typed.screen
    with site.session("orcus") as session:
        assert "somebody1.else" in session.configuration()
        session.load("delete system domain-name\n")
        session.commit(comment="mended")


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


def test_nobody_at_the_terminal_is_told_to_agree_beforehand(site):
    site.want_hold_time(20)
    code, typed = site.do("apply")
    assert code == ExitCode.USAGE
    assert "nobody is there to answer; `--yes` agrees beforehand" in typed.text
    assert site.hold_times() == (10, 10)


def test_a_reader_who_goes_away_changes_nothing(site):
    site.want_hold_time(21)
    words = [sys.executable, "-m", "multihome", "-i", site.project, "--lab", "apply", "--yes"]
    typed = subprocess.Popen(
        words, env=site.environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    typed.stdout.readline()
    typed.stdout.close()
    assert typed.wait(60) == 0
    assert site.hold_times() == (21, 21)


def test_a_foreign_statement_in_what_is_ours_is_shown_and_taken_away(site):
    foreign = "set protocols bgp group pe-connection neighbor 4.0.0.46 description mine"
    beside = "set system domain-name untouched.example"
    with site.session("orcus") as session:
        session.load(f"{foreign}\n{beside}\n")
        session.commit(comment="somebody")
    code, typed = site.do("plan", "--detailed-exitcode")
    assert code == ExitCode.CHANGES_PENDING
    assert "description mine" in typed.screen
    assert "domain-name" not in typed.screen
    assert site.do("apply", "--yes")[0] == 0
    with site.session("orcus") as session:
        text = session.configuration()
        assert foreign.removeprefix("set ") not in text
        assert beside in text
        session.load("delete system domain-name\n")
        session.commit(comment="mended")
