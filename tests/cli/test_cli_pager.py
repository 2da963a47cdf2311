"""Diffs go through the operator's pager on a terminal, and nowhere else."""

import io
import os
import pty
import subprocess
import sys

import pytest

from multihome.cli import pager
from multihome.cli.console import Screenwriter


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({}, ["less"]),
        ({"PAGER": "more -d"}, ["more", "-d"]),
        ({"PAGER": ""}, []),
        ({"PAGER": "cat"}, []),
        ({"PAGER": "'open"}, []),
    ],
)
def test_which_pager_is_started(environ, words):
    assert pager.command(environ) == words


def test_no_pager_is_started_where_stdout_is_no_terminal(monkeypatch):
    monkeypatch.setattr(pager, "_show", lambda *_: pytest.fail("a pager was started"))
    seen = io.StringIO()
    console = Screenwriter(file=seen)
    pager.paged(console, lambda: console.print("+ a"))
    assert seen.getvalue() == "+ a\n"


SCRIPT = """
from multihome.cli import pager
from multihome.cli.console import Screenwriter
console = Screenwriter()
pager.paged(console, lambda: [console.print(f"+ line {n}") for n in range(5000)], wanted=WANTED)
print("after")
"""


def on_a_terminal(script, **environ):
    """What a process writes to a terminal of its own."""
    leader, follower = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=follower,
        stdout=follower,
        stderr=follower,
        env={**os.environ, "TERM": "xterm", **environ},
    ) as process:
        os.close(follower)
        found = b""
        while True:
            try:
                piece = os.read(leader, 65536)
            except OSError:
                break
            if not piece:
                break
            found += piece
        process.wait(30)
    os.close(leader)
    assert process.returncode == 0, found
    return found.decode()


def test_on_a_terminal_the_pager_gets_the_text_and_may_end_early():
    seen = on_a_terminal(SCRIPT.replace("WANTED", "True"), PAGER="sed -e s/^/paged:/ -e 3q")
    assert seen.count("paged:") == 3
    assert seen.endswith("after\r\n")


def test_no_pager_prints_the_text():
    seen = on_a_terminal(SCRIPT.replace("WANTED", "False"), PAGER="sed s/^/paged:/")
    assert "paged:" not in seen
    assert seen.count("+ line ") == 5000


def test_a_pager_that_does_not_exist_costs_no_line():
    seen = on_a_terminal(SCRIPT.replace("WANTED", "True"), PAGER="/nowhere/pager")
    assert seen.count("+ line ") == 5000
