"""Progress is drawn on a terminal and nowhere else."""

import io

from rich.console import Console

from multihome.cli import progress_events
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


def test_looks_that_differ_in_numbers_only_are_a_line_from_time_to_time(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(progress_events.time, "monotonic", lambda: now[0])
    seen = io.StringIO()
    narration = progress_events.Narration(Console(file=seen, width=200))
    for second in range(120):
        now[0] = float(second)
        text = (
            f"{second} of 448 checks hold: r{second} bgp: expected x, got y; {120 - second} s left"
        )
        narration(Event("verify", "", Moment.NOTE, text=text))
    narration(Event("verify", "", Moment.NOTE, text="448 of 448 checks hold, for 0 of 30 s"))
    lines = seen.getvalue().splitlines()
    assert len(lines) == 13
    assert "0 of 448 checks hold: r0 bgp" in lines[0]
    assert lines[-1].endswith("448 of 448 checks hold, for 0 of 30 s")
