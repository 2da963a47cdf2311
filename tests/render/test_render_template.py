"""What an operator can do wrong in a template, and what he is told."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from multihome.errors import InvalidFile
from multihome.intent.model import Intent
from multihome.inventory.project import Project
from multihome.render.render import render
from multihome.render.rendered import Rendered
from multihome.render.secrets import Secrets
from multihome.render.template import quoted

Fill = Callable[[str], Rendered]


@pytest.fixture
def with_template(project: Project, intent: Intent, secrets: Secrets, tmp_path: Path) -> Fill:
    def filled(text: str) -> Rendered:
        shutil.copytree(project.templates, tmp_path / "templates")
        (tmp_path / "templates" / "own.j2").write_text(text)
        return render(Project(tmp_path), intent, "luna", secrets)

    return filled


def test_an_operator_s_own_template_is_rendered_and_recorded(with_template: Fill):
    made = with_template("set snmp location {{ router.title | quoted }}\n")
    assert "set snmp location Luna" in made.statements
    assert any('"snmp location Luna"' in line for line in made.changes("").recorded)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("set x\n{% if %}\n", 2, "Expected an expression"),
        ("\n\n{% for x in y %}\n", 3, "end of template"),
        ("\n{{ router.titel }}\n", 2, "no attribute 'titel'"),
        ("\n\n{{ nothing }}\n", 3, "'nothing' is undefined"),
        ("{{ 1 / 0 }}\n", 1, "division by zero"),
        ("\n{{ router.title | upside_down }}\n", 2, "No filter named 'upside_down'"),
        ("{% include 'absent.j2' %}\n", 1, "absent.j2"),
        ("delete system\n", None, "renders 'delete system', which is no `set` statement"),
        ("{{ owns('snmp') }}\nset snmp location x\n", 1, "owns() is not needed any more"),
        ("set apply-macro multihome-x s1 y\n", None, "not a template's to write"),
        ("set\n", None, "no `set` statement"),
    ],
)
def test_a_slip_names_file_and_line(with_template: Fill, text: str, line: int | None, words: str):
    with pytest.raises(InvalidFile) as caught:
        with_template(text)
    [problem] = caught.value.problems
    assert (problem.file.name, problem.line) == ("own.j2", line)
    assert words in problem.message


def test_a_folder_without_templates_is_an_error(intent: Intent, secrets: Secrets, tmp_path: Path):
    (tmp_path / "templates").mkdir()
    with pytest.raises(InvalidFile, match=r"holds no \*\.j2 template"):
        render(Project(tmp_path), intent, "luna", secrets)


@pytest.mark.parametrize(
    ("value", "word"),
    [
        ("JUNO", "JUNO"),
        ("Saturn_Orcus", "Saturn_Orcus"),
        ("to Juno", '"to Juno"'),
        ('a "b"', '"a \\"b\\""'),
        ("x; delete", '"x; delete"'),
        ("", '""'),
        (7, "7"),
    ],
)
def test_a_value_is_one_word_for_junos(value: object, word: str):
    assert quoted(value) == word
