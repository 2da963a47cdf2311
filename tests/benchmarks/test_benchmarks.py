"""The benchmarks run, at their smallest: what they measure may be renamed one day."""

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.mark.parametrize(
    ("script", "size", "words"),
    [
        ("twin_scale.py", ["15"], "yes"),
        pytest.param(
            "snapshot_full_table.py", ["--routes", "2000"], "PASS", marks=pytest.mark.deep
        ),
        pytest.param("verbs.py", [], "drill", marks=pytest.mark.deep),
        pytest.param(
            "verify_rpcs.py", ["--rounds", "1", "--bound", "0"], "PASS", marks=pytest.mark.deep
        ),
    ],
)
def test_a_benchmark_prints_its_table(script, size, words):
    command = [sys.executable, str(HERE / script), *size]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert words in done.stdout


def test_every_benchmark_is_explained():
    told = (HERE / "README.md").read_text()
    scripts = {each.name for each in HERE.glob("[!_]*.py")} - {Path(__file__).name}
    assert {name for name in scripts if f"`{name}" not in told} == set()
