"""What is set for a prompt, and a prompt that stands in a logical system."""

import pytest

from multihome.twin.server.terminal import Terminal

SYSTEMS = """\
set logical-systems A interfaces lo0 unit 1 family inet address 10.0.0.1/32
set logical-systems A routing-options static route 10.9.0.0/16 discard
set logical-systems B interfaces lo0 unit 2 family inet address 10.0.0.2/32
"""


@pytest.fixture
def terminal(make_box):
    box = make_box(make_box.__init__.__defaults__[0] + SYSTEMS)
    return Terminal(box.chassis, "lab", "192.0.2.1", lambda: None)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("set cli screen-length 0", "Screen length set to 0\n"),
        ("set cli screen-width 1024", "Screen width set to 1024\n"),
        ("set cli complete-on-space off", "Disabling complete-on-space\n"),
        ("set cli timestamp disable", "CLI timestamp disabled\n"),
        ("set cli idle-timeout 5", "Idle timeout set to 5 minutes\n"),
        ("set cli nonsense 1", "error: syntax error: nonsense\n"),
        ("set cli logical-system C", "error: logical-system C is not configured\n"),
        ("set system host-name x", "error: syntax error: set\n"),
    ],
)
def test_a_setting_is_answered_without_a_prompt_too(terminal, line, said):
    assert terminal.run(line) == said


def test_settings_are_shown(terminal):
    terminal.run("set cli screen-length 0")
    terminal.run("set cli timestamp")
    shown = terminal.run("show cli")
    assert "CLI screen-length set to 0\n" in shown
    assert "CLI timestamp set to: %b %d %H:%M:%S\n" in shown
    assert "CLI idle-timeout disabled\n" in shown


def test_a_prompt_stands_in_a_logical_system(terminal):
    said = terminal.receive("set cli logical-system A\n")
    assert said == "Logical system: A\n\nlab@r1:A> "
    assert "10.9.0.0/16        *[Static/5]" in terminal.receive("show route protocol static\n")
    shown = terminal.receive("show configuration routing-options | display set\n")
    assert shown.startswith("set routing-options static route 10.9.0.0/16 discard\n")
    assert "Hostname: r1" in terminal.receive("show version\n")
    other = terminal.receive("show route logical-system B terse\n")
    assert "10.0.0.2/32" in other
    assert "10.9.0.0/16" not in other
    said = terminal.receive("clear cli logical-system\n")
    assert said.endswith("Cleared default logical system\n\nlab@r1> ")
    assert "10.9.0.0/16" not in terminal.receive("show route\n")


def test_all_logical_systems_answer_one_after_the_other(terminal):
    shown = terminal.run("show route terse logical-system all")
    places = [shown.index(f"logical-system: {name}\n") for name in ("A", "B", "default")]
    assert places == sorted(places)
    assert places[0] < shown.index("10.9.0.0/16") < places[1]
    assert places[1] < shown.index("10.0.0.2/32") < places[2]
    assert "10.0.0.1/32" in terminal.run("show route logical-system A")
    assert terminal.run("show route logical-system default") == "\n"
