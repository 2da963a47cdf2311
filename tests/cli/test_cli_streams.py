"""Whoever reads what is printed may go away, or never have been there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from multihome.errors import ExitCode

FULL = Path("/dev/full")


def tool(*words, closing="", **streams):
    """The tool as a shell starts it, perhaps with streams that are closed."""
    command = 'exec "$0" -m multihome "$@"' + closing
    return subprocess.run(
        ["sh", "-c", command, sys.executable, *words],
        check=False,
        text=True,
        stderr=subprocess.PIPE,
        **streams,
    )


@pytest.mark.parametrize(
    "words",
    [
        ["render"],
        pytest.param(["expect"], marks=pytest.mark.deep),
        pytest.param(["schema", "intent"], marks=pytest.mark.deep),
        pytest.param(["drill", "list"], marks=pytest.mark.deep),
    ],
)
def test_a_reader_that_has_seen_enough_is_no_failure(words):
    reading, writing = os.pipe()
    os.close(reading)
    done = tool(*words, stdout=writing)
    os.close(writing)
    assert (done.returncode, done.stderr) == (ExitCode.PROVEN, "")


@pytest.mark.skipif(not FULL.exists(), reason="no /dev/full here")
def test_a_full_disk_behind_stdout_is_told():
    with FULL.open("w") as full:
        done = tool("render", "luna", stdout=full)
    assert done.returncode == ExitCode.USAGE
    assert "cannot write to stdout: No space left on device" in done.stderr
    assert done.stderr.splitlines()[-1] == f"exit 2: {ExitCode.USAGE.meaning}"


@pytest.mark.parametrize("closing", [">&-", "<&-", "<&- >&-"])
def test_streams_that_were_closed_before_are_no_failure(closing):
    done = tool("render", "luna", closing=f" {closing}", stdout=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (ExitCode.PROVEN, "")


def test_nobody_at_a_closed_keyboard_agrees_to_anything():
    done = tool("trust", "luna", closing=" <&-", stdout=subprocess.PIPE)
    assert "multihome itself failed" not in done.stderr
