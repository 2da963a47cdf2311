"""Progress is drawn on a terminal and nowhere else."""

import io

from rich.console import Console

from multihome.cli.progress import progress
from multihome.fleet.event import Event, Moment


def console(**more):
    return Console(file=io.StringIO(), width=80, legacy_windows=False, **more)


def test_nothing_is_drawn_where_nobody_looks(monkeypatch):
    for screen, quiet in ((console(), False), (console(force_terminal=True), True)):
        with progress(screen, quiet=quiet) as listeners:
            assert listeners == []
        assert screen.file.getvalue() == ""


def test_a_terminal_sees_how_many_are_done_and_who_is_not():
    screen = console(force_terminal=True, force_interactive=True, color_system=None)
    with progress(screen) as (listen,):
        for router in ("luna", "juno"):
            listen(Event("collect", router, Moment.STARTED))
        listen(Event("collect", "luna", Moment.FINISHED))
        listen(Event("close", "luna", Moment.STARTED))
    drawn = screen.file.getvalue()
    assert "collect" in drawn
    assert "1/2" in drawn
    assert "waiting for juno" in drawn
    assert "close" not in drawn
