"""The command line itself: help, usage errors, options before and after the verb."""

import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from typer.main import get_command

from multihome.cli import app
from multihome.cli.screen import Screen
from multihome.cli.tables import ListingGroup
from multihome.errors import ExitCode

README = Path(__file__).parents[2] / "README.md"


@pytest.mark.parametrize(
    "words",
    [
        ["verify", "--bogus"],
        ["nonsense"],
        ["lab", "fault"],
        ["apply", "--confirm", "soon"],
        ["apply", "--confirm", "10s"],
        ["schema", "nonsense"],
        ["-i", "/nowhere", "render"],
    ],
)
def test_a_wrong_command_is_exit_2_with_one_clear_message(words, capsys):
    assert app.run(words) == 2
    seen = capsys.readouterr()
    assert "Traceback" not in seen.err
    assert "exit 2" in seen.err
    assert seen.out == ""


def test_shared_options_may_stand_before_or_after_the_verb():
    before = app.hoist(["--lab", "-i", "x", "verify", "-l", "luna"])
    after = app.hoist(["verify", "-l", "luna", "--lab", "-i", "x"])
    assert before == after == ["--lab", "-i", "x", "verify", "-l", "luna"]
    assert app.hoist(["verify", "--inventory=x"]) == ["--inventory=x", "verify"]
    assert app.hoist(["a", "--", "--lab"]) == ["a", "--", "--lab"]


def test_who_imports_it_gets_its_types():
    assert (Path(app.__file__).parents[1] / "py.typed").exists()


@pytest.mark.parametrize("words", [[], ["lab"], ["checks"], ["drill"], ["show"]])
def test_no_verb_is_told_in_half_a_sentence(words, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert app.run([*words, "--help"]) == 0
    verbs = capsys.readouterr().out.partition("Commands:")[2].splitlines()
    assert len(verbs) > 2
    assert [line for line in verbs if line.endswith("...")] == []


def test_the_version_is_that_of_the_package(capsys):
    assert app.run(["--version"]) == ExitCode.PROVEN
    assert capsys.readouterr().out == f"multihome {version('multihome')}\n"


def test_help_imports_none_of_the_heavy_libraries():
    code = (
        "import sys; from multihome.cli import app; app.run(['--help']); "
        "heavy = {'jnpr.junos', 'ncclient', 'nornir', 'paramiko', 'asyncssh', 'lxml'} & set(sys.modules); "
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.scenario
@pytest.mark.xdist_group("demo")
def test_the_demo_ends_proven_from_any_folder(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "multihome", "demo", "--html", "demo.html", "--junit", "demo.xml"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    last = done.stdout.strip().splitlines()[-1]
    assert last.startswith("PASS, ran "), last
    assert "exit 0" in last
    shown = [line.rstrip() for line in done.stdout.splitlines()]
    for part in excerpts():
        assert part in [shown[n : n + len(part)] for n in range(len(shown))], part
    assert "192.168.1.3 > 192.168.1.2 > 4.0.0.46 > 4.0.0.98 > 10.0.0.3" in done.stdout
    assert max(map(len, shown)) <= 200
    assert (tmp_path / "demo.html").stat().st_size > 10_000
    assert (tmp_path / "demo.xml").read_text().startswith("<?xml")


def excerpts():
    """What the README says that the demo shows; `...` is left out, and the numbers of the end."""
    text = README.read_text().partition("```text\n4. ")[2].partition("```")[0]
    *parts, verdict = f"4. {text}".rstrip().split("  ...\n")
    assert re.fullmatch(r"PASS, ran (\d+) of \1, [\d.]+ s; exit 0: everything proven", verdict)
    return [part.splitlines() for part in parts]


def test_what_is_shown_is_shown_as_it_stands(capsys):
    screen = Screen()
    screen.step("1. [bold]")
    screen.show("[edit interfaces]\n+   " + 30 * "word ")
    screen.say("  " + 30 * "word ")
    step, edit, added, *said = capsys.readouterr().out.splitlines()[1:]
    assert (step, edit) == ("1. [bold]", "[edit interfaces]")
    assert added.count("word") == 30
    assert len(said) > 1
    assert said[1].startswith("    word")


def test_a_report_on_stdout_has_it_to_itself(capsys):
    screen = Screen(aside=True)
    screen.say("a story")
    seen = capsys.readouterr()
    assert (seen.out, seen.err) == ("", "a story\n")


MOMENTARY = {
    ("lab", "clock"): "moves the clock once",
    ("lab", "fault"): "mends once",
    ("trust",): "nobody but the one who compared the fingerprint may say so",
}
FLAGS = {"--help", "--version", "--json", "--xml", "--install-completion", "--show-completion"}
FLAGS |= {"--only"}
"""`--json` without a file is a form of what is shown; with one it has its variable. `--only` names
routers of one run that is left behind: never a habit."""


def verbs(command, path=()):
    if isinstance(command, ListingGroup):
        command.list_commands(None)  # its verbs are made when it is looked into
    inner = getattr(command, "commands", {})
    yield path, command
    for name, each in inner.items():
        yield from verbs(each, (*path, name))


def test_every_option_has_its_variable():
    lacking = [
        (" ".join(path), option.opts[0])
        for path, command in verbs(get_command(app.app))
        for option in command.params
        if option.param_type_name == "option"
        and not option.envvar
        and not FLAGS & set(option.opts)
        and path not in MOMENTARY
    ]
    assert lacking == []


def test_the_examples_in_help_and_readme_are_commands_that_there_are(capsys):
    blocks = re.findall(r"```sh\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    shown = [line for block in blocks for line in block.splitlines()]
    for _, command in verbs(get_command(app.app)):
        shown += re.findall(r"For example: (.*)", command.help or "")
    typed = [line.split() for line in shown if line.startswith("multihome ")]
    assert len(typed) > 12
    assert [words for words in typed if app.run([*words[1:], "--help"]) != 0] == []


def test_what_is_to_be_pasted_is_the_same_in_every_shell():
    """Typed into zsh, a comment is more arguments, and what it quotes is run."""
    blocks = re.findall(r"```sh\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert [line for block in blocks for line in block.splitlines() if set("#`") & set(line)] == []


def test_a_variable_means_the_same_to_every_verb():
    meanings = {}
    for _, command in verbs(get_command(app.app)):
        for option in command.params:
            if option.param_type_name == "option" and option.envvar:
                meanings.setdefault(option.envvar, set()).add((option.metavar, option.multiple))
    assert {name: found for name, found in meanings.items() if len(found) > 1} == {}


def test_a_name_is_judged_before_a_password_is_asked_for(monkeypatch, capsys):
    def ask(words):
        raise AssertionError(words)

    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", ask)
    assert app.run(["verify", "-l", "lunaa"]) == 2
    assert "did you mean 'luna'?" in capsys.readouterr().err


def test_a_key_without_value_is_named_where_it_would_be_written(capsys, monkeypatch, tmp_path):
    for name in [name for name in os.environ if name.startswith("MULTIHOME_SECRET")]:
        monkeypatch.delenv(name)
    assert app.run(["render", "luna"]) == 0
    assert "authentication-key" in capsys.readouterr().out
    assert app.run(["render", "luna", "-o", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "the key 'pe-cpe' has no value: set MULTIHOME_SECRET_PE_CPE" in said


def test_the_readme_tells_every_exit_code():
    told = dict(re.findall(r"\| (\d+) \| ([^|`(]+?) (?=[|(])", README.read_text()))
    assert told == {str(int(code)): code.meaning for code in ExitCode}


def test_a_snapshot_that_nobody_took_is_an_unknown_name(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("MULTIHOME_RUNS", str(tmp_path))
    (tmp_path / "snapshots" / "pre").mkdir(parents=True)
    assert app.run(["compare", "pree", "post"]) == ExitCode.USAGE
    assert "unknown snapshot 'pree'; known: pre; did you mean 'pre'?" in capsys.readouterr().err
