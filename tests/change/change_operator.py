"""An operator at a terminal: the real command line in a process of its own, on a real twin."""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from multihome.device.pyez import connect
from multihome.inventory.credentials import Credentials
from multihome.inventory.project import PARTS, default_project
from multihome.inventory.targets import load_targets
from multihome.lab import process

ROOT = Path(__file__).parents[2]
SCREEN = 80


class Typed:
    """One command that was typed and may still run; its screen is read as it comes."""

    def __init__(self, words, environ):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "multihome", *words],
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._lines = []
        self._more = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            with self._more:
                self._lines.append(line)
                self._more.notify_all()
        self.process.stdout.close()

    @property
    def screen(self):
        with self._more:
            return "".join(self._lines)

    @property
    def text(self):
        """Without the line breaks of the screen."""
        return " ".join(self.screen.split())

    @property
    def run(self):
        """The id that the tool gave to its run."""
        return re.search(r"run +([0-9a-f]{6}): ", self.screen)[1]

    def until(self, words, seconds=30.0):
        """Wait until the screen says so."""
        end = time.monotonic() + seconds
        with self._more:
            while words not in "".join(self._lines):
                assert self._more.wait(max(0.0, end - time.monotonic())), self.screen
                assert time.monotonic() < end, "".join(self._lines)
        return self

    def signal(self, number=signal.SIGINT):
        self.process.send_signal(number)
        return self

    def end(self, seconds=60.0):
        """Wait for the exit code."""
        code = self.process.wait(seconds)
        self._reader.join(5)
        assert "Traceback" not in self.screen, self.screen
        return code


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
        }
        self.hold = 10

    def type(self, *words, lab=True, environ=None):
        front = ["-i", str(self.project), *(["--lab"] if lab else [])]
        return Typed([*front, *words], self.environ | (environ or {}))

    def do(self, *words, lab=True):
        """Type and wait; the exit code and the screen."""
        typed = self.type(*words, lab=lab)
        return typed.end(), typed

    def up(self, speed):
        code, typed = self.do("lab", "up", "--speed", str(speed), lab=False)
        assert code == 0, typed.screen
        code, typed = self.do("apply", "--yes", "--confirm", "20m")
        assert code == 0, typed.screen
        self.lab.converge()

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
        lab = self.lab
        where = next(each for each in lab.routers if each.name == router)
        overlay = {
            router: {
                "host": where.host,
                "port": where.port,
                "username": where.username,
                "key_file": lab.private_key,
                "known_hosts": lab.known_hosts,
            }
        }
        return connect(load_targets(default_project(), Credentials(), overlay=overlay)[router])

    def hold_times(self):
        """What luna and orcus have, if nothing is left of any change on them."""
        found = []
        for router in ("luna", "orcus"):
            with self.session(router) as session:
                session.lock()  # refused if somebody holds it, or left a candidate
                session.unlock()
                assert not session.history()[0].pending, router
                text = session.configuration()
            found.append(re.search(r"group pe-connection hold-time (\d+)", text)[1])
        return tuple(map(int, found))
