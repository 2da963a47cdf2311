"""The database: sessions, locks, commits that wait, rollbacks, and what others are told."""

from datetime import UTC, datetime, timedelta

import pytest

from multihome.twin.config.database import Database
from multihome.twin.config.formats.set_format import print_set
from multihome.twin.config.history import CommitRequest
from multihome.twin.config.load import parse
from multihome.twin.config.problem import Problem

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ROOT = "set system root-authentication encrypted-password x\n"


class Daemons:
    """Stands for the router: refuses the host name `bad`, remembers what it was given."""

    def __init__(self):
        self.active = []

    def validate(self, root):
        name = root.get("system").leaf("host-name") if root.has("system") else None
        if name == "bad":
            return (Problem("bad name", ("system",), "host-name bad", daemon="mgd"),)
        if name == "odd":
            return (Problem("odd name", severity="warning"),)
        return ()

    def names(self):
        return [root.get("system").leaf("host-name") for root in self.active]


@pytest.fixture
def daemons():
    return Daemons()


@pytest.fixture
def database(daemons):
    made = Database(daemons.validate, daemons.active.append)
    made.boot(parse(ROOT + "set system host-name r0", "set").root, NOW)
    made.open(1, "ann", NOW)
    made.open(2, "bob", NOW, tty="p0", client="cli")
    return made


def name(database, session, host_name, now=NOW):
    return database.load(session, f"set system host-name {host_name}", now, action="set")


def committed(database):
    return database.committed.get("system").leaf("host-name")


# --- commit and history ------------------------------------------------------------------


def test_a_commit_makes_the_candidate_active_and_remembers_who(database, daemons):
    name(database, 1, "r1")
    outcome = database.commit(1, CommitRequest(comment="change 7"), NOW + MINUTE)
    assert outcome.ok
    assert daemons.names() == ["r0", "r1"]
    entry = database.history[0]
    assert (entry.user, entry.client, entry.log, entry.when) == (
        "ann",
        "netconf",
        "change 7",
        NOW + MINUTE,
    )
    assert database.diff(1) == ""
    assert database.diff(1, 1) == "[edit system]\n-  host-name r0;\n+  host-name r1;\n"


def test_fifty_configurations_are_kept(database):
    for number in range(1, 60):
        name(database, 1, f"r{number}")
        database.commit(1, CommitRequest(), NOW)
    assert len(database.history) == 50
    assert database.rollback(1, 49, NOW) is None
    assert database.candidate(1).get("system").leaf("host-name") == "r10"
    assert database.rollback(1, 50, NOW).message == "Value 50 is not within range (0..49)"


def test_a_check_changes_nothing(database, daemons):
    name(database, 1, "r1")
    outcome = database.check(1, NOW)
    assert (outcome.ok, outcome.checked, outcome.commit) == (True, True, None)
    assert committed(database) == "r0"
    assert len(daemons.active) == 1


def test_a_refusal_names_the_cause_and_then_the_check_out(database, daemons):
    name(database, 1, "bad")
    outcome = database.commit(1, CommitRequest(), NOW)
    assert not outcome.ok
    assert [each.message for each in outcome.problems] == [
        "bad name",
        "configuration check-out failed",
    ]
    assert outcome.problems[0].edit_path == "[edit system]"
    assert (committed(database), len(database.history), len(daemons.active)) == ("r0", 1, 1)


def test_a_warning_stops_nothing(database):
    name(database, 1, "odd")
    outcome = database.commit(1, CommitRequest(), NOW)
    assert outcome.ok
    assert [each.message for each in outcome.problems] == ["odd name"]


def test_root_authentication_cannot_be_lost(database):
    database.load(1, "delete system root-authentication", NOW, action="set")
    outcome = database.commit(1, CommitRequest(), NOW)
    assert [each.message for each in outcome.problems] == [
        "mgd: Missing mandatory statement: 'root-authentication'",
        "configuration check-out failed: (missing mandatory statements)",
    ]
    assert outcome.problems[0].edit_path == "[edit]"


@pytest.mark.parametrize(
    ("line", "path", "element", "missing"),
    [
        ("system login user bob uid 2001", "[edit system login]", "user bob", "class"),
        ("policy-options community c", "[edit policy-options]", "community c", "members"),
        (
            "logical-systems A policy-options community c",
            "[edit logical-systems A policy-options]",
            "community c",
            "members",
        ),
    ],
)
def test_a_statement_that_must_stand_below_another_is_missed(
    database, line, path, element, missing
):
    database.load(1, f"set {line}", NOW, action="set")
    found, check_out = database.check(1, NOW).problems
    assert found.message == f"mgd: Missing mandatory statement: '{missing}'"
    assert (found.edit_path, found.element) == (path, element)
    assert check_out.message == "configuration check-out failed: (missing mandatory statements)"


def test_a_group_that_nobody_defined_is_refused(database):
    database.load(1, "set system login apply-groups nowhere", NOW, action="set")
    problem = database.check(1, NOW).problems[0]
    assert (problem.edit_path, problem.element) == ("[edit system login]", "apply-groups nowhere")


def test_the_rescue_configuration(database):
    assert database.load_rescue(1, NOW) is not None
    database.save_rescue("ann", "netconf", NOW)
    name(database, 1, "r1")
    database.commit(1, CommitRequest(), NOW)
    assert database.load_rescue(1, NOW) is None
    assert database.candidate(1).get("system").leaf("host-name") == "r0"


# --- confirmed commits -------------------------------------------------------------------


def confirmed(database, host_name, seconds=300, now=NOW):
    name(database, 1, host_name, now)
    return database.commit(1, CommitRequest(confirmed_seconds=seconds), now)


def test_what_nobody_confirms_is_rolled_back(database, daemons):
    outcome = confirmed(database, "r1")
    assert outcome.pending.deadline == NOW + 5 * MINUTE
    assert database.history[0].comment == "commit confirmed, rollback in 5mins"
    assert database.expire(NOW + 4 * MINUTE) is None
    entry = database.expire(NOW + 5 * MINUTE)
    assert (entry.user, entry.client) == ("root", "other")
    assert daemons.names() == ["r0", "r1", "r0"]
    assert (committed(database), database.pending) == ("r0", None)
    assert database.diff(1) == ""


@pytest.mark.parametrize("how", ["commit", "check", "confirm"])
def test_a_commit_or_even_a_check_confirms(database, how):
    confirmed(database, "r1")
    if how == "commit":
        assert database.commit(2, CommitRequest(), NOW + MINUTE).confirmed
    elif how == "check":
        assert database.check(2, NOW + MINUTE).confirmed
    else:
        assert database.confirm()
    assert database.pending is None
    assert database.expire(NOW + 60 * MINUTE) is None
    assert committed(database) == "r1"


def test_a_refused_commit_confirms_nothing(database):
    confirmed(database, "r1")
    name(database, 1, "bad")
    database.commit(1, CommitRequest(), NOW)
    assert database.pending is not None


def test_a_further_confirmed_commit_puts_the_deadline_off_and_keeps_the_way_back(database):
    confirmed(database, "r1")
    confirmed(database, "r2", 300, NOW + 4 * MINUTE)
    assert database.expire(NOW + 6 * MINUTE) is None
    database.expire(NOW + 9 * MINUTE)
    assert committed(database) == "r0"


def test_a_confirmed_commit_can_be_cancelled_at_once(database):
    confirmed(database, "r1")
    database.cancel(NOW)
    assert (committed(database), database.pending) == ("r0", None)


def test_a_rollback_by_the_timer_keeps_what_somebody_is_editing(database):
    confirmed(database, "r1")
    database.load(2, "set system domain-name d", NOW, action="set")
    database.expire(NOW + 5 * MINUTE)
    assert database.diff(2) == "[edit system]\n+  domain-name d;\n"


# --- locks -------------------------------------------------------------------------------


def test_a_lock_keeps_others_out_and_names_its_holder(database):
    assert database.lock(2, NOW) is None
    denied = database.lock(1, NOW + timedelta(hours=1, seconds=51))
    assert (denied.tag, denied.session) == ("lock-denied", 2)
    assert denied.message == (
        "configuration database locked by:\n"
        "  bob terminal p0 (pid 2) on since 2026-03-01 12:00:00 UTC, idle 01:00:51\n"
        "      exclusive "
    )
    assert name(database, 1, "x").problems[0].tag == "lock-denied"
    assert not database.commit(1, CommitRequest(), NOW).ok
    assert database.rollback(1, 0, NOW).tag == "lock-denied"


def test_a_netconf_holder_has_no_terminal(database):
    database.lock(1, NOW)
    assert "  ann terminal  (pid 1) on since" in database.lock(2, NOW).message


def test_what_a_lock_protected_is_gone_when_it_ends_before_a_commit(database):
    for end in (database.unlock, database.end):
        assert database.lock(1, NOW) is None
        name(database, 1, "x")
        end(1)
        assert database.diff(2) == ""


def test_locks_twice_and_unlocks_of_nothing(database):
    database.lock(1, NOW)
    assert database.lock(1, NOW).message == "Configuration database is already open"
    assert database.unlock(2).message == "Configuration database is not open"


def test_a_modified_candidate_cannot_be_locked(database):
    name(database, 2, "x")
    assert database.lock(1, NOW).message == "configuration database modified"
    assert database.open_private(1, NOW)[0].message == "shared configuration database modified"


def test_the_shared_candidate_survives_its_session(database):
    name(database, 1, "x")
    database.end(1)
    assert database.candidate(2).get("system").leaf("host-name") == "x"


# --- private copies ----------------------------------------------------------------------


def test_a_private_copy_is_seen_by_nobody_else_and_ends_with_its_session(database):
    warning = database.open_private(1, NOW)
    assert [each.message for each in warning] == ["uncommitted changes will be discarded on exit"]
    assert warning[0].severity == "warning"
    name(database, 1, "x")
    assert database.diff(2) == ""
    database.end(1)
    database.open(1, "ann", NOW)
    assert database.diff(1) == ""


def test_private_commits_join_what_others_committed_meanwhile(database):
    database.open_private(1, NOW)
    database.open_private(2, NOW)
    name(database, 1, "r1")
    database.load(2, "set system domain-name d", NOW, action="set")
    assert database.commit(1, CommitRequest(), NOW).ok
    assert database.commit(2, CommitRequest(), NOW).ok
    assert "set system domain-name d\nset system host-name r1" in "\n".join(
        sorted(print_set(database.committed).splitlines())
    )


def test_private_commits_that_contradict_each_other_are_refused(database):
    database.load(1, "set protocols bgp group g type internal", NOW, action="set")
    database.commit(1, CommitRequest(), NOW)
    database.open_private(1, NOW)
    database.open_private(2, NOW)
    database.load(1, "delete protocols bgp group g", NOW, action="set")
    database.load(2, "set protocols bgp group g hold-time 30", NOW, action="set")
    assert database.commit(1, CommitRequest(), NOW).ok
    outcome = database.commit(2, CommitRequest(), NOW)
    assert [each.message for each in outcome.problems] == ["statement does not match patch"]


def test_closing_drops_a_private_copy(database):
    database.open_private(1, NOW)
    name(database, 1, "x")
    assert database.close_configuration(1) is None
    assert database.diff(1) == ""
    assert database.close_configuration(1).message == "Configuration database is not open"


# --- comparing ---------------------------------------------------------------------------


def test_two_former_configurations_are_compared(database):
    for host_name in ("r1", "r2"):
        name(database, 1, host_name)
        database.commit(1, CommitRequest(), NOW)
    assert database.compare(2, 1) == "[edit system]\n-  host-name r0;\n+  host-name r1;\n"
    with pytest.raises(IndexError):
        database.compare(9, 0)
