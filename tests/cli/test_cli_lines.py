"""Lines and tables on screens of any width."""

import io

import pytest
from rich.console import Console
from rich.table import Table
from rich.text import Text

from multihome.cli.lines import print_table

ROW = ("hamburg", "gold.inet.0", "172.21.0.0/16", "localpref 200, from 172.16.0.4", "")


def printed(width):
    table = Table(box=None, pad_edge=False)
    for heading in ("router", "table", "prefix", "attributes", "note"):
        table.add_column(heading, overflow="fold")
    table.add_row(*map(Text, ROW))
    table.add_row("kiel", "UNKNOWN")
    screen = io.StringIO()
    print_table(Console(file=screen, width=width), table)
    return screen.getvalue()


@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_no_word_of_a_table_is_broken_or_cut(width):
    text = printed(width)
    assert {word for cell in ROW for word in cell.split()} <= set(text.split())
    assert "UNKNOWN" in text
    assert "…" not in text


def test_a_narrow_screen_shows_each_row_below_the_other():
    assert printed(40).splitlines() == [
        "router: hamburg",
        "table: gold.inet.0",
        "prefix: 172.21.0.0/16",
        "attributes: localpref 200, from",
        "    172.16.0.4",
        "",
        "router: kiel",
        "table: UNKNOWN",
        "",
    ]
    assert printed(80).splitlines()[0].split() == [
        "router",
        "table",
        "prefix",
        "attributes",
        "note",
    ]
