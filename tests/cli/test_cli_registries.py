"""What is listed for people is what there is: exit codes, variables, kinds of checks."""

import pkgutil
import re
from pathlib import Path

import pytest
from typer.main import get_command

from multihome.check import kinds
from multihome.check.kinds.known import MODULES, REGISTRY
from multihome.cli import app
from multihome.cli.tables import ListingGroup
from multihome.errors import ExitCode
from multihome.inventory import credentials
from multihome.state.snapshot.row import Kind

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BESIDE_OPTIONS = {credentials.PASSWORD: "a password is never an option"}
"""Variables of logging in that no option has."""
SECRET = "MULTIHOME_SECRET_"
"""Names of the keys that an intent speaks of follow."""


def test_the_readme_lists_every_exit_code_with_the_words_that_are_printed():
    table = README[README.index("| exit | means |") :]
    cells = re.findall(r"\| *(\d+) *\| *([^|]+?) *(?=\|)", table)
    said = {int(number): words for number, words in cells}
    assert set(said) == set(map(int, ExitCode))
    for code in ExitCode:
        assert said[code].startswith(code.meaning), code


@pytest.mark.parametrize("code", ExitCode)
def test_every_exit_code_has_its_place_among_the_others(code):
    assert ExitCode.worst([code, ExitCode.PROVEN]) is code
    assert code.meaning


def options(command):
    if isinstance(command, ListingGroup):
        command.list_commands(None)
    yield from (each for each in command.params if each.param_type_name == "option")
    for inner in getattr(command, "commands", {}).values():
        yield from options(inner)


def test_every_variable_that_the_readmes_name_is_read():
    known = {each.envvar for each in options(get_command(app.app))} | set(BESIDE_OPTIONS)
    source = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "src").rglob("*.py"))
    pages = (README, *(p.read_text(encoding="utf-8") for p in ROOT.glob("*/README.md")))
    named = {word for page in pages for word in re.findall(r"MULTIHOME_[A-Z_]+[A-Z]", page)}
    assert len(named) > 4
    assert {
        name for name in named - known if f'"{name}' not in source and not name.startswith(SECRET)
    } == set()


def test_every_module_of_checks_is_imported_and_every_kind_has_its_page():
    modules = {each.name for each in pkgutil.iter_modules(kinds.__path__)} - {"known"}
    assert {each.__name__.rpartition(".")[2] for each in MODULES} == modules
    guide = (ROOT / "checks" / "README.md").read_text(encoding="utf-8")
    assert [each.name for each in REGISTRY if f"`{each.name}`" not in guide] == []


def test_the_guide_lists_every_kind_of_row_that_compare_knows():
    guide = (ROOT / "checks" / "README.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"A kind is one of (.*)", guide)
    assert re.findall(r"`([^`]+)`", line) == [each.value for each in Kind]


def test_shared_options_are_hoisted_all_of_them():
    flags, values = set(), set()
    for each in get_command(app.app).params:
        if each.name != "version" and each.envvar:
            (flags if each.is_flag else values).update(each.opts)
    assert flags == set(app.GLOBAL_FLAGS)
    assert values == set(app.GLOBAL_VALUES)


def test_every_verb_has_help(capsys):
    def paths(command, words):
        yield words
        if isinstance(command, ListingGroup):
            command.list_commands(None)
        for name, inner in getattr(command, "commands", {}).items():
            yield from paths(inner, (*words, name))

    for words in paths(get_command(app.app), ()):
        assert app.run([*words, "--help"]) == 0
        shown = capsys.readouterr().out
        assert f"Usage: multihome {' '.join(words)}".rstrip() in shown
        assert len(shown.splitlines()) > 5
