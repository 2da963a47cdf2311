"""One cause is said once, whatever routers it is said of and at whatever time."""

from pathlib import Path

import pytest

from multihome.errors import Problem
from multihome.values.grouping import (
    NAMED,
    Message,
    grouped,
    lines,
    message,
    on_routers,
    problem_lines,
    some,
)

WAITS = (
    "a commit of ops by netconf (run 7faa45) waits to be confirmed until 22:06:{:02} UTC; ours "
    "would confirm it: `multihome status 7faa45`, then `multihome confirm 7faa45` or "
    "`multihome rollback 7faa45`"
)


def names(count):
    return [f"edge{number}-x" for number in range(count)]


def test_many_routers_are_counted_and_listed_after_the_cause_and_the_commands_stay_last():
    (line,) = lines(Message(name, WAITS.format(n)) for n, name in enumerate(names(13)))
    assert line == (
        "13 routers: a commit of ops by netconf (run 7faa45) waits to be confirmed until 22:06:00 "
        "to 22:06:12 UTC; ours would confirm it (edge0-x, edge1-x, edge2-x, edge3-x, edge4-x, "
        "edge5-x and 7 more): `multihome status 7faa45`, then `multihome confirm 7faa45` or "
        "`multihome rollback 7faa45`"
    )


def test_few_routers_are_named_in_front():
    assert lines(Message(name, "no answer") for name in names(2)) == (
        "edge0-x, edge1-x: no answer",
    )


def test_what_is_said_of_one_router_keeps_every_word():
    text = "locked by ops (pid 9100) since 2026-01-01 00:00:00 UTC, idle 00:00:33"
    assert lines([Message("pe9", text)]) == (f"pe9: {text}",)


@pytest.mark.parametrize(
    ("one", "other", "shown"),
    [
        ("idle 00:00:33", "idle 00:01:40", "idle 00:00:33 to 00:01:40"),
        (
            "since 2026-01-01 23:59:00 UTC",
            "since 2026-01-02 00:01:00 UTC",
            "since 2026-01-01 23:59:00 to 2026-01-02 00:01:00 UTC",
        ),
        ("until 22:06 UTC", "until 22:07 UTC", "until 22:06 to 22:07 UTC"),
        (
            "its clock is 9 min behind",
            "its clock is 12 min behind",
            "its clock is 9 to 12 min behind",
        ),
        ("held (pid 9100)", "held (pid 77)", "held (pid 77 and others)"),
        (
            "see multihome preflight -l a",
            "see multihome preflight -l b",
            "see multihome preflight -l ROUTER",
        ),
    ],
)
def test_times_names_and_processes_do_not_part_a_cause(one, other, shown):
    assert lines([Message("a", one), Message("b", other)]) == (f"a, b: {shown}",)


def test_a_router_s_address_does_not_part_a_cause():
    said = (
        Message(f"r{n}", f"192.0.2.{n}:830 refuses", (f"192.0.2.{n}:830", f"192.0.2.{n}"))
        for n in (1, 12)
    )
    assert lines(said) == ("r1, r12: its address refuses",)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("target 10:20 is not there", "target 10:30 is not there"),
        ("run 7faa45 waits", "run 7faa46 waits"),
        ("65 lines are not committed", "66 lines are not committed"),
        ("AS 65500 expected", "AS 65501 expected"),
        ("02:00:00:00:00:01 is the MAC", "02:00:00:00:00:02 is the MAC"),
        ("2001:db8::1:22:33 refuses", "2001:db8::1:22:44 refuses"),
        ("until 22:06:00 UTC", "until 22:06:00 UTC, and more"),
    ],
)
def test_what_is_no_time_and_no_name_parts_causes(one, other):
    assert len(lines([Message("a", one), Message("b", other)])) == 2


def test_a_router_named_as_a_word_of_the_text_changes_nothing():
    said = [Message(name, "a commit waits, locked") for name in ("a", "commit", "waits", "pe1")]
    assert lines(said) == ("4 routers: a commit waits, locked (a, commit, waits, pe1)",)


def test_the_commonest_cause_comes_first_and_others_keep_their_order():
    said = [Message("a", "x"), Message("b", "y"), Message("c", "z"), Message("d", "z")]
    assert lines(said) == ("c, d: z", "a: x", "b: y")


def test_no_router_of_sixty_is_lost():
    (cause,) = grouped(Message(name, "locked") for name in names(60))
    assert list(cause.routers) == names(60)
    assert str(cause).endswith("edge5-x and 54 more)")


def test_a_router_is_listed_once_and_its_name_is_taken_from_the_front():
    assert lines([message("a", "a: no answer"), message("a", "no answer")]) == ("a: no answer",)


def test_names_in_a_sentence():
    assert some(["a", "b"]) == "a, b"
    assert on_routers(names(NAMED)) == ", ".join(names(NAMED))
    assert on_routers(names(NAMED + 1)).startswith(f"{NAMED + 1} routers (edge0-x, ")


def test_one_mistake_in_many_places_of_a_file_is_one_line_with_the_lines_of_the_file():
    file = Path("hosts.yaml")
    found = [Problem(file, n, f"r{n}.data.rol", "unknown key") for n in range(3, 18)]
    (line,) = problem_lines(found)
    lines_named = "3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14 and 3 more"
    assert line == f"hosts.yaml: rol: unknown key, in 15 places (lines {lines_named})"


def test_one_mistake_in_one_place_is_told_as_it_is_and_once():
    problem = Problem(Path("a.j2"), 7, "", "'portt' is undefined")
    other = Problem(Path("b.j2"), 7, "", "'portt' is undefined")
    assert problem_lines([problem, problem, other]) == (str(problem), str(other))
