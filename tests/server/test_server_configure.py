"""The configuration mode of the prompt."""

import pytest

from multihome.twin.server.terminal import Terminal

PROMPT = "[edit{}]\nlab@r1# "


@pytest.fixture
def box(make_box):
    return make_box()


@pytest.fixture
def at_prompt(box):
    terminal = Terminal(box.chassis, "lab", "192.0.2.9", lambda: None)
    return lambda *lines: [terminal.receive(f"{line}\n") for line in lines][-1]


def committed(box, *path):
    return box.chassis.database.committed.has(*path)


def test_a_change_is_made_looked_at_and_committed(at_prompt, box):
    assert at_prompt("configure") == "Entering configuration mode\n\n" + PROMPT.format("")
    assert at_prompt("set system location building b") == "\n" + PROMPT.format("")
    assert at_prompt("show system location") == "building b;\n\n" + PROMPT.format("")
    assert "+       building b;\n" in at_prompt("show | compare")
    assert at_prompt("show system location | display set").startswith(
        "set system location building b\n"
    )
    assert at_prompt("commit check").startswith("configuration check succeeds\n")
    assert not committed(box, "system", "location")
    assert at_prompt('commit comment "why not"').startswith("commit complete\n")
    assert committed(box, "system", "location")
    assert box.chassis.database.history[0].log == "why not"
    assert at_prompt("exit") == "Exiting configuration mode\n\nlab@r1> "


def test_one_moves_and_edits_where_one_is(at_prompt, box):
    at_prompt("configure")
    assert at_prompt("edit interfaces et-0/0/0").endswith(PROMPT.format(" interfaces et-0/0/0"))
    at_prompt("set description here", "edit unit 0")
    assert at_prompt("up").endswith(PROMPT.format(" interfaces et-0/0/0"))
    assert at_prompt("show").startswith("description here;\n")
    assert at_prompt("top set system location floor 3").endswith(
        PROMPT.format(" interfaces et-0/0/0")
    )
    assert at_prompt("top").endswith(PROMPT.format(""))
    at_prompt("deactivate interfaces et-0/0/0", "commit and-quit")
    assert committed(box, "system", "location")
    assert box.chassis.database.committed.get("interfaces", ("interface", "et-0/0/0")).inactive


def test_uncommitted_changes_are_asked_about(at_prompt, box):
    at_prompt("configure private", "set system location floor 9")
    assert at_prompt("exit").endswith("Exit with uncommitted changes? [yes,no] (yes) ")
    assert at_prompt("no").endswith(PROMPT.format(""))
    at_prompt("exit")
    assert at_prompt("yes").endswith("Exiting configuration mode\n\nlab@r1> ")
    assert not box.chassis.database.modified


def test_an_exclusive_session_keeps_others_out(box):
    first = Terminal(box.chassis, "ann", "192.0.2.1", lambda: None)
    second = Terminal(box.chassis, "bob", "192.0.2.2", lambda: None)
    assert "Entering" in first.receive("configure exclusive\n")
    assert "locked by" in second.receive("configure\n")
    assert second.prompt == "bob@r1> "
    first.receive("exit\n")
    assert "Entering" in second.receive("configure\n")


def test_a_confirmed_commit_waits_and_is_confirmed(at_prompt, box):
    at_prompt("configure", "set system location floor 1")
    said = at_prompt("commit confirmed 7")
    assert "automatically rolled back in 7 minutes" in said
    assert box.chassis.database.pending.seconds == 420
    at_prompt("commit")
    assert box.chassis.database.pending is None


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("set nonsense 1", "syntax error."),
        ("nonsense", "unknown command."),
        ("commit nonsense", "syntax error."),
        ("rollback 44", "No such file or directory"),
        ('set system location building "open', "unbalanced quotes"),
        ("show | compare rollback 44", "No such file or directory"),
        ("load merge /var/tmp/x", "No such file or directory"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_changed(at_prompt, box, line, words):
    assert words in at_prompt("configure", line)
    assert not box.chassis.database.modified


def test_a_commit_that_the_router_refuses_says_where(at_prompt, box):
    at_prompt("configure", "set protocols bgp group g neighbor 192.0.2.7")
    said = at_prompt("commit")
    assert said.startswith("[edit protocols]\n  'bgp'\n")
    assert "commit complete" not in said
    assert box.chassis.database.modified
    assert at_prompt("rollback 0").startswith("load complete\n")
    assert not box.chassis.database.modified


def test_text_is_loaded_from_the_terminal(at_prompt, box):
    at_prompt("configure")
    assert at_prompt("load merge terminal") == "[Type ^D at a new line to end input]\n"
    at_prompt("system {", "    location floor 5;", "}")
    assert "load complete\n\n" + PROMPT.format("") in at_prompt("\x04")
    at_prompt("load set terminal", "set system domain-name a.example")
    at_prompt("\x04")
    at_prompt("commit")
    assert committed(box, "system", "location")
    assert committed(box, "system", "domain-name")
