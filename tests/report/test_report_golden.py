"""Each report of one run, letter by letter.

To accept a change on purpose: MULTIHOME_GOLDEN=write pytest tests/report, then read the diff.
"""

import json
import os
from pathlib import Path

import pytest

from multihome.report import console, html, junit, markdown, store
from multihome.report.document import json_schema

GOLDEN = Path(__file__).parent / "golden"
FORMATS = {
    "drill.txt": lambda run: console.render_console(run, width=80),
    "drill-verbose.txt": lambda run: console.render_console(run, width=80, verbose=True),
    "drill.json": store.to_json,
    "drill.xml": junit.to_junit,
    "drill.md": markdown.to_markdown,
    "drill.html": html.to_html,
}


@pytest.mark.parametrize("name", FORMATS)
def test_the_report_is_the_golden_one(name, run):
    text = FORMATS[name](run)
    path = GOLDEN / name
    if os.environ.get("MULTIHOME_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_a_run_comes_back_from_its_file(run, good_run):
    assert store.from_json(store.to_json(run)) == run
    assert store.from_json(store.to_json(good_run)) == good_run


def test_a_file_may_say_more_than_this_version_knows(run):
    data = json.loads(store.to_json(run))
    data["weather"] = "fine"
    assert store.from_json(json.dumps(data)) == run


def test_the_schema_names_its_version():
    schema = json_schema()
    assert schema["properties"]["schema_version"]["const"] == "1.0"
    assert {"verdict", "phases", "routers"} <= set(schema["properties"])
