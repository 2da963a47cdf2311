"""The command line itself: help, usage errors, options before and after the verb."""

import subprocess
import sys
import time

import pytest

from multihome.cli import app


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


def test_every_verb_has_help(capsys):
    for words in (
        [],
        ["demo"],
        ["lab"],
        ["init"],
        ["render"],
        ["preflight"],
        ["trust"],
        ["plan"],
        ["apply"],
        ["status"],
        ["confirm"],
        ["rollback"],
        ["verify"],
        ["expect"],
        ["checks"],
        ["schema"],
        ["snapshot"],
        ["compare"],
        ["report"],
        ["drill"],
        ["show"],
    ):
        assert app.run([*words, "--help"]) == 0
        assert "Usage" in capsys.readouterr().out


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
@pytest.mark.timeout(120)
def test_the_demo_ends_proven_from_any_folder(tmp_path):
    start = time.monotonic()
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
    assert "192.168.1.3 > 192.168.1.2 > 4.0.0.46 > 4.0.0.98 > 10.0.0.3" in done.stdout
    assert max(len(line.rstrip()) for line in done.stdout.splitlines()) <= 200
    assert (tmp_path / "demo.html").stat().st_size > 10_000
    assert (tmp_path / "demo.xml").read_text().startswith("<?xml")
    assert time.monotonic() - start < 100
