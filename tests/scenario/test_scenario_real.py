"""Real routers: the inventory's own addresses, no `--lab`. To the tool, the twin is just that."""

import re
import shutil
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest

from multihome.errors import ExitCode

README = Path(__file__).parents[2] / "README.md"
pytestmark = [pytest.mark.scenario, pytest.mark.xdist_group("scenario")]


@pytest.fixture
def real(operator, tmp_path, monkeypatch):
    """A project whose hosts.yaml names the routers' addresses, and an operator's environment."""
    folder = tmp_path / "mynet"
    assert operator("init", str(folder), lab=False).code == 0
    shutil.copy(operator.project / "inventory" / "ipvpn.yaml", folder / "inventory" / "ipvpn.yaml")
    hosts = folder / "inventory" / "hosts.yaml"
    text = hosts.read_text()
    for router in operator.lab.routers:
        text = re.sub(
            rf"^{router.name}: {{hostname: [\d.]+,",
            f"{router.name}: {{hostname: {router.host}, port: {router.port},",
            text,
            flags=re.MULTILINE,
        )
    hosts.write_text(text)
    secrets = tmp_path / "keys.yaml"
    shutil.copy(operator.state / "secrets.yaml", secrets)
    secrets.chmod(0o600)
    one = operator.lab.routers[0]
    monkeypatch.setenv("MULTIHOME_USERNAME", one.username)
    monkeypatch.setenv("MULTIHOME_PASSWORD", one.password)
    monkeypatch.setenv("MULTIHOME_SECRETS", str(secrets))
    monkeypatch.setenv("MULTIHOME_KNOWN_HOSTS", str(tmp_path / "known_hosts"))
    monkeypatch.delenv("MULTIHOME_LAB", raising=False)

    def run(*words):
        return operator("-i", str(folder), *words, lab=False)

    monkeypatch.chdir(folder)
    return run


def test_a_router_nobody_trusts_is_not_talked_to_until_somebody_does(real, operator):
    refused = real("verify", "-l", "luna")
    assert refused.code == 3
    assert "is not known" in refused.text
    assert "multihome trust luna" in refused.text
    assert real("trust", "luna", "--yes").code == 0
    assert real("verify", "-l", "luna").code == 0


def test_the_first_look_the_plan_and_the_checks_without_a_lab(real, operator):
    assert real("trust").code == 2
    assert real("trust", "--all", "--yes").code == 0
    again = real("trust", "luna", "-l", "juno")
    assert again.code == 0
    assert again.text.count("known already: ") == 2
    looked = real("preflight")
    assert looked.code == 0, looked.text
    planned = real("plan", "--detailed-exitcode")
    assert planned.code == 0, planned.text[-2000:]
    assert "no changes" in planned.out
    assert real("verify").code == 0
    assert real("apply", "--yes").code == 0
    drilled = real("drill", "run", "juno-luna", "--yes", "--confirm", "20m")
    assert drilled.code == 0, drilled.text[-3000:]


def test_the_script_of_the_readme_pushes_proves_and_drills(real, operator, monkeypatch):
    monkeypatch.setenv("MULTIHOME_KNOWN_HOSTS", str(operator.lab.known_hosts))
    text = README.read_text(encoding="utf-8").partition("<!-- python -->")[2]
    script = text.partition("```python\n")[2].partition("```")[0]
    patient = script.replace('comment="drill").', 'comment="drill", confirm_within=1200).', 1)
    done = subprocess.run(
        [sys.executable, "-c", patient], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert re.sub(r"\d+", "N", done.stdout) == (
        "steady PASS N of N\nprimary-session-down PASS N of N\nsteady PASS N of N\n"
        "luna [('master', N)]\norcus [('backup', N)]\n"
    )


@pytest.mark.parametrize(
    "answer",
    [
        "",
        pytest.param("no\n", marks=pytest.mark.deep),
        pytest.param("yes, all of them\n", marks=pytest.mark.deep),
    ],
)
def test_without_a_yes_nothing_is_changed(real, operator, monkeypatch, answer):
    for router in operator.lab.routers:
        assert real("trust", router.name, "--yes").code == 0
    intent = Path("inventory/ipvpn.yaml")
    intent.write_text(intent.read_text().replace("      hold-time: 10 ", "      hold-time: 20 "))
    before = operator.lab.log()
    for words in (("apply",), ("drill", "run", "juno-luna")):
        monkeypatch.setattr("sys.stdin", StringIO(answer))
        refused = real(*words)
        if answer:
            assert refused.code == ExitCode.CHANGES_PENDING, refused.text
        else:
            assert refused.code == ExitCode.USAGE, refused.text
            assert "no terminal to answer at; give `--yes` to agree beforehand" in refused.text
    assert not [line for line in operator.lab.log()[len(before) :] if "commit" in line]
