"""CSV, and templates of the operator's own."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from multihome.cli.reports import OPTIONS, Reports, reporting
from multihome.errors import InvalidFile, UsageError
from multihome.report.custom import custom_form
from multihome.report.spreadsheet import COLUMNS, to_csv

TEMPLATE = """\
{{ verb }}: {{ verdict.exit_code }}
{% for phase in phases %}
{% for each in phase.results %}
{{ each.router }};{{ each.check }}
{% endfor %}
{% endfor %}
"""


@pytest.fixture
def template(tmp_path):
    def write(text, name="own.j2"):
        path = tmp_path / name
        path.write_text(text)
        return path

    return write


def test_csv_has_a_line_for_each_finding(run):
    head, *rows = csv.reader(io.StringIO(to_csv(run), newline=""))
    assert tuple(head) == COLUMNS
    findings = [f for p in run.phases for r in p.result.results for f in r.findings or (None,)]
    assert len(rows) == len(findings)
    verdicts = {row[COLUMNS.index("verdict")] for row in rows}
    assert {"pass", "fail"} <= verdicts


@pytest.mark.parametrize(
    ("text", "shown"),
    [("=1+1", "'=1+1"), ("@x", "'@x"), ("-5", "-5"), ("+x", "'+x"), ('a,"b"', 'a,"b"')],
)
def test_no_text_of_a_router_is_a_formula(run, text, shown):
    phase = run.phases[0]
    first = phase.result.results[0]
    finding = replace(first.findings[0], actual=text)
    result = replace(phase.result, results=(replace(first, findings=(finding,)),))
    changed = replace(run, phases=(replace(phase, result=result),))
    _, row = csv.reader(io.StringIO(to_csv(changed), newline=""))
    assert row[COLUMNS.index("actual")] == shown


def test_a_template_is_filled_from_the_keys_of_the_json_result(run, template):
    text = custom_form(template(TEMPLATE))(run)
    first, *rows = text.splitlines()
    assert first == f"{run.verb}: {int(run.exit_code)}"
    expected = [f"{r.router};{r.check}" for p in run.phases for r in p.result.results]
    assert rows == expected


def test_a_template_may_include_others_of_its_folder(run, template):
    template("{{ verb }}!", "part.j2")
    assert custom_form(template("{% include 'part.j2' %}"))(run) == f"{run.verb}!"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a\n{% if %}", ":2: "),
        ("a\n\n{% for x in y %}", ":3: "),
    ],
)
def test_what_is_no_template_is_refused_before_anything_is_asked(template, text, why):
    path = template(text)
    with pytest.raises(InvalidFile, match=f"own.j2{why}"):
        Reports(template=path, output=Path("-"))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a\n{{ nothing }}", "own.j2:2: 'nothing' is undefined"),
        ("a\n\n{{ verb.nothing }}", "own.j2:3: "),
        ("{{ 1 / 0 }}", "own.j2:1: division by zero"),
        ("{{ ''.__class__.__mro__ }}", "own.j2:1: access to attribute '__class__'"),
        ("{% include '../../etc/passwd' %}", "own.j2:1: "),
        ("{{ phases.append(1) }}", "own.j2:1: "),
    ],
)
def test_what_a_template_does_wrong_has_its_line(run, template, text, why):
    with pytest.raises(InvalidFile) as caught:
        custom_form(template(text))(run)
    assert why in str(caught.value)


def test_a_template_that_fails_keeps_no_other_form_from_being_written(run, template, tmp_path):
    reports = Reports(
        csv=tmp_path / "x.csv", template=template("{{ nothing }}"), output=tmp_path / "x.txt"
    )
    failure = reports.write(run)
    assert isinstance(failure, UsageError)
    assert (tmp_path / "x.csv").read_text().startswith("phase,")
    assert not (tmp_path / "x.txt").exists()


def test_template_and_output_need_each_other(template):
    for alone in ({"template": template("x")}, {"output": Path("-")}):
        with pytest.raises(UsageError, match="need each other"):
            Reports(**alone)


def test_every_verb_with_reports_has_all_forms():
    seen = []

    @reporting
    def verb(name: str, *, reports: Reports) -> int:
        seen.append((name, reports))
        return 0

    app = typer.Typer()
    app.command()(verb)
    done = CliRunner().invoke(app, ["x", "--csv", "-", "--json", "-"])
    assert done.exit_code == 0
    assert seen == [("x", Reports(csv=Path("-"), json=Path("-")))]
    assert {f"--{name}" for name in OPTIONS} <= set(
        CliRunner().invoke(app, ["--help"]).output.replace("=", " ").split()
    )
