"""Nothing from outside steers the terminal, a log or a report."""

import ast
import io
import json
import logging
import re
import socket
import sys
import threading
from pathlib import Path

import pytest
from rich.table import Table
from rich.text import Text

import multihome
from multihome.cli import app
from multihome.cli.console import Screenwriter
from multihome.cli.gate import gate
from multihome.cli.lines import print_line, print_table
from multihome.cli.log import LogFile
from multihome.cli.progress_events import Narration
from multihome.cli.screen import Screen, complain
from multihome.errors import ExitCode, MultihomeError
from multihome.fleet.event import Event, Moment
from multihome.values.printable import is_readable, printable, printable_json

SOURCE = Path(multihome.__file__).parent
STEERING = "\x1b]0;owned\x07\x1b[2J\x9b31m\x9d8;;http://x\x9c\u202eevil\u2066\u200b\u00ad\ufeff\U000e0041\x7f\x00\r\b"
BANNER = f"{STEERING}\r\n".encode("utf-8", "surrogatepass")


def is_quiet(text):
    return all(char in "\n\t" or is_readable(char) for char in text)


def without_colours(text):
    """What rich itself writes for colours, and nothing else that begins with ESC."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def test_a_character_is_seen_as_itself_or_as_an_escape():
    shown = printable(
        "".join(map(chr, [*range(0x3000), *range(0xD000, 0x10000), *range(0xE0000, 0xE1000)]))
    )
    assert is_quiet(shown)
    assert "\\u202e" in shown
    assert is_quiet(printable(STEERING))
    assert printable("Zürich, 東京, \u00a0, \N{GREEK SMALL LETTER PI}\n\tx") == (
        "Zürich, 東京, \u00a0, \N{GREEK SMALL LETTER PI}\n\tx"
    )


def test_json_keeps_its_values():
    text = json.dumps({"x": STEERING + "\U000e0041ü"}, ensure_ascii=False)
    assert is_quiet(printable_json(text))
    assert json.loads(printable_json(text)) == json.loads(text)


@pytest.mark.parametrize("colours", [True, False])
def test_a_console_lets_no_text_through_unread(colours):
    stream = io.StringIO()
    console = Screenwriter(file=stream, force_terminal=colours, width=200)
    table = Table(f"head {STEERING}", title=STEERING)
    table.add_row(STEERING)
    table.add_row(Text(STEERING, "red"))
    console.print(table)
    console.print(STEERING, style="bold", soft_wrap=True)
    console.print(Text(STEERING))
    console.print("[link=http://x]y[/link] [red]z[/red] :smile:")
    print_line(console, STEERING, style="red")
    print_table(console, table)
    Narration(console)(Event("luna", "plan", Moment.NOTE, text=f"{STEERING}\n{STEERING}"))
    written = stream.getvalue()
    assert is_quiet(without_colours(written) if colours else written)
    assert "[link=http://x]y[/link] [red]z[/red] :smile:" in without_colours(written)


def test_streams_are_gated_for_libraries_and_warnings_too(capsys):
    with gate():
        print(STEERING)
        print(STEERING, file=sys.stderr)
        sys.stderr.writelines([STEERING, STEERING])
        logging.getLogger("somewhere").error(STEERING)
        Screen().data(STEERING)
        Screen().err.print(STEERING)
        complain(MultihomeError(f"{STEERING}\nexit 0: everything proven"))
    seen = capsys.readouterr()
    assert is_quiet(seen.out)
    assert is_quiet(seen.err)
    assert "\\x1b]0;owned\\x07" in seen.out
    assert seen.err.count("error: exit 0") == 1


def test_the_log_is_lines_without_escapes(tmp_path):
    log = LogFile(tmp_path / "log")
    log(Event("luna", STEERING, Moment.NOTE, text=f"{STEERING}\nforged line"))
    text = (tmp_path / "log").read_text()
    assert is_quiet(text)
    assert len(text.splitlines()) == 2


class Hostile:
    """A socket in the place of a router: a banner with escapes, and no SSH."""

    def __init__(self, greeting):
        self._greeting = greeting
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.2)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    @property
    def port(self):
        return self._listener.getsockname()[1]

    def _serve(self):
        while not self._over.is_set():
            try:
                client, _ = self._listener.accept()
            except TimeoutError:
                continue
            with client:
                client.settimeout(2)
                try:
                    client.sendall(self._greeting)
                    client.recv(4096)
                except OSError:
                    pass

    def close(self):
        self._over.set()
        self._thread.join()
        self._listener.close()


@pytest.fixture(
    scope="module",
    params=[BANNER * 40, b"SSH-2.0-" + BANNER, b"SSH-2.0-x\r\n" + BANNER, b"SSH-1.5" + BANNER],
    ids=["banner", "version", "after the version", "old version"],
)
def hostile(request):
    served = Hostile(request.param)
    yield served
    served.close()


@pytest.fixture
def project(tmp_path, monkeypatch, hostile):
    root = tmp_path / "project"
    assert app.run(["init", str(root)]) == ExitCode.PROVEN
    hosts = root / "inventory" / "hosts.yaml"
    before = hosts.read_text()
    after = re.sub(
        r"(?m)^liber: \{hostname: \S+,",
        f"liber: {{hostname: 127.0.0.1, port: {hostile.port},",
        before,
    )
    assert after != before
    hosts.write_text(after)
    for name in ("MULTIHOME_USERNAME", "MULTIHOME_PASSWORD"):
        monkeypatch.setenv(name, "someone")
    known = tmp_path / "known_hosts"
    known.write_text("")
    monkeypatch.setenv("MULTIHOME_KNOWN_HOSTS", str(known))
    monkeypatch.chdir(tmp_path)
    return root


@pytest.mark.parametrize(
    "words",
    [
        ("trust", "liber"),
        ("show", "bgp", "-l", "liber"),
        ("preflight", "-l", "liber"),
        ("plan", "-l", "liber"),
        ("verify", "-l", "liber", "--json", "-"),
        ("verify", "-l", "liber", "--md", "r.md", "--html", "r.html", "--junit", "r.xml"),
        ("snapshot", "x", "-l", "liber"),
    ],
    ids=" ".join,
)
def test_what_answers_in_a_routers_place_steers_nothing(words, project, tmp_path, capfd):
    log = tmp_path / "log.txt"
    app.run(["-i", str(project), "--log-file", str(log), *words])
    seen = capfd.readouterr()
    assert is_quiet(seen.out)
    assert is_quiet(seen.err)
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    written = [path for path in written if project not in path.parents]
    for path in written:
        assert is_quiet(path.read_text(encoding="utf-8")), path
    for path in written:
        if "runs" in path.parts:
            assert path.stat().st_mode & 0o077 == 0, path


ALLOWED = {
    # where text leaves the process
    ("cli/gate.py", "sys.stdout"),
    ("cli/gate.py", "sys.stderr"),
    ("cli/safe_stdout.py", "sys.stdout"),
    ("cli/app.py", "typer.echo"),
    # a text of its own, which is printed later
    ("report/console.py", "Console"),
    # the twin in the background: what it says is read by a process of ours
    ("lab/service.py", "sys.stdout"),
    ("lab/service.py", "sys.stderr"),
}
WAYS_OUT = {"print", "sys.stdout", "sys.stderr", "typer.echo", "Console", "typer.secho", "pprint"}


def ways_out(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{node.value.id}.{node.attr}"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id


def test_no_module_prints_around_the_gate():
    found = {
        (str(path.relative_to(SOURCE)), way)
        for path in SOURCE.rglob("*.py")
        if "twin" not in path.relative_to(SOURCE).parts
        for way in ways_out(path)
        if way in WAYS_OUT
    }
    assert found - ALLOWED == set()
    assert ALLOWED - found == set()
