"""An operator at a terminal, on a real twin: what is typed runs here, or in a process of its own.

A process is for what happens to a process: it is interrupted, killed, or runs beside another.
"""

import io
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

from multihome.cli import app
from multihome.cli.context import overlay
from multihome.device.pyez import connect
from multihome.errors import LockDenied
from multihome.inventory.credentials import Credentials
from multihome.inventory.project import PARTS, default_project
from multihome.inventory.targets import load_targets
from multihome.lab import process

ROOT = Path(__file__).parents[2]
SCREEN = 80


PATIENCE = 300.0
"""Seconds that anything may take on the slowest machine; nothing waits for them to pass."""
AT_A_TERMINAL = """
import runpy, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
for number in (signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, signal.SIG_DFL)
sys.argv[0] = "multihome"
runpy.run_module("multihome", run_name="__main__", alter_sys=True)
"""
"""Signals as a terminal leaves them, whatever those who run the tests ignore."""


class Command:
    """What was typed, and its screen."""

    screen = ""

    @property
    def text(self):
        """Without the line breaks of the screen."""
        return " ".join(self.screen.split())

    @property
    def run(self):
        """The id that the tool gave to its run."""
        return re.search(r"run +([0-9a-f]{6}): ", self.screen)[1]


class Typed(Command):
    """One command in a process of its own that may still run; its screen is read as it comes."""

    def __init__(self, words, environ):
        self.process = subprocess.Popen(
            [sys.executable, "-c", AT_A_TERMINAL, *words],
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._lines = []
        self._ended = False
        self._more = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            with self._more:
                self._lines.append(line)
                self._more.notify_all()
        with self._more:
            self._ended = True
            self._more.notify_all()

    @property
    def screen(self):
        with self._more:
            return "".join(self._lines)

    def until(self, words):
        """Wait until the screen says so; if it never will, fail with what it says."""
        end = time.monotonic() + PATIENCE
        with self._more:
            while words not in "".join(self._lines):
                assert not self._ended, self.screen
                self._more.wait(end - time.monotonic())
                assert time.monotonic() < end, self.screen
        return self

    def signal(self, number=signal.SIGINT):
        self.process.send_signal(number)
        return self

    def end(self):
        """Wait for the exit code."""
        try:
            code = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.reap()
            raise AssertionError(f"it does not end:\n{self.screen}") from None
        self.reap()
        assert "Traceback" not in self.screen, self.screen
        return code

    def reap(self):
        """Nothing of it is left, whatever became of the test."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._reader.join()
        self.process.stdout.close()


class Site:
    """A deployed network, a project to change it with, and what is true at the routers."""

    def __init__(self, folder):
        self.state, self.project, self.folder = folder / "lab", folder / "project", folder
        for part in PARTS:
            shutil.copytree(ROOT / part, self.project / part)
        self.environ = {
            **os.environ,
            "MULTIHOME_LAB_DIR": str(self.state),
            "MULTIHOME_RUNS": str(folder / "runs"),
            "COLUMNS": str(SCREEN),
            "NO_COLOR": "1",
            "MULTIHOME_HOLD": "0s",  # half a minute of waiting; a test that wants it says so
            "MULTIHOME_CONFIRM": "20m",  # a router's clock is faster than this machine's
        }
        self.hold = 10
        self._typed = []

    def type(self, *words, lab=True, environ=None):
        front = ["-i", str(self.project), *(["--lab"] if lab else [])]
        self._typed.append(Typed([*front, *words], self.environ | (environ or {})))
        return self._typed[-1]

    def reap(self):
        """End whatever was typed and still runs."""
        for typed in self._typed:
            typed.reap()
        self._typed.clear()

    def do(self, *words, lab=True, environ=None):
        """Run a command here; the exit code and the screen."""
        front = ["-i", str(self.project), *(["--lab"] if lab else [])]
        done, screen = Command(), io.StringIO()
        around = _environ(self.environ | (environ or {}))
        with around, redirect_stdout(screen), redirect_stderr(screen):
            code = app.run([*front, *words])
        done.screen = screen.getvalue()
        assert "Traceback" not in done.screen, done.screen
        return code, done

    def up(self, speed, *how):
        """Boot, and deploy what is not there yet; the screen of that."""
        code, typed = self.do("lab", "up", "--speed", str(speed), lab=False)
        assert code == 0, typed.screen
        code, typed = self.do("apply", "--yes", *how)
        assert code == 0, typed.screen
        self.lab.converge()
        return typed

    @property
    def lab(self):
        return process.running(self.state)

    def edit(self, old, new, file="inventory/ipvpn.yaml"):
        path = self.project / file
        text = path.read_text()
        assert text.count(old) == 1, old
        path.write_text(text.replace(old, new))

    def want_hold_time(self, seconds):
        """What most tests change: on luna and orcus, one after the other."""
        self.edit(f"      hold-time: {self.hold} ", f"      hold-time: {seconds} ")
        self.hold = seconds

    def session(self, router):
        """A NETCONF session beside the tool's."""
        project = default_project()
        where = overlay(project, self.lab)
        return connect(load_targets(project, Credentials(), overlay=where)[router])

    def hold_times(self):
        """What luna and orcus have, if nothing is left of any change on them."""
        found = []
        for router in ("luna", "orcus"):
            with self.session(router) as session:
                _lock_soon(session)  # refused if somebody holds it, or left a candidate
                session.unlock()
                assert not session.history()[0].pending, router
                text = session.configuration()
            found.append(re.search(r"group pe-connection hold-time (\d+)", text)[1])
        return tuple(map(int, found))


@contextmanager
def _environ(wanted):
    """For a while the environment is this, the folder for temporary files included."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(wanted)
    tempfile.tempdir = None
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        tempfile.tempdir = None


def _lock_soon(session):
    """A router needs a moment to notice that a session was killed."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return session.lock()
        except LockDenied:
            assert time.monotonic() < end, "the lock is not given back"
            time.sleep(0.05)
