"""Where runs are kept, and what each keeps: everything that was seen, to be judged again.

    result.json                   the verdict with every finding
    journal.jsonl                 what was done, line by line
    replies/ROUTER/REQUEST.xml    what each router said, word for word
    replies/unanswered.json       what could not be asked, and why
    configurations/ROUTER.set     what each router was configured to do
    seals/NUMBER.json             digests of all these files, chained into the journal

A run of several rounds has a folder for each in `replies/`: `before`, `during`, `after`.
Secrets are taken out of all of it.
"""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from multihome import errors
from multihome.change.folder import RunFolder
from multihome.device.recorded import RecordedSession
from multihome.errors import DeviceError, UsageError
from multihome.fleet.asking import keep_all
from multihome.fleet.event import Moment
from multihome.report.store import from_json, to_json
from multihome.runbook.seal import UNSEALED, unaltered
from multihome.state.configuration import STATEMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import TypeAlias

    from lxml.etree import _Element

    from multihome.fleet.event import Event
    from multihome.report.model import Run
    from multihome.state.query import Replies
    from multihome.state.request import Request

    Collect: TypeAlias = Callable[[Mapping[str, Iterable[Request]]], Replies]

RUNS = "MULTIHOME_RUNS"
RESULT = "result.json"
REPLIES = "replies"
UNANSWERED = "unanswered.json"
CONFIGURATIONS = "configurations"


def runs_folder() -> Path:
    """`$MULTIHOME_RUNS`, or `runs` in the working directory."""
    return Path(os.environ.get(RUNS) or "runs")


def find_run(name: str) -> RunFolder:
    """A run by its id, its folder's name or its path; raises UnknownName."""
    path = Path(name)
    if path.is_dir():
        return RunFolder.find(path.resolve().parent, path.resolve().name)
    return RunFolder.find(runs_folder(), name)


def keep_result(folder: RunFolder, run: Run) -> None:
    """Write the result beside the evidence."""
    folder.write_json(RESULT, to_json(run))


def read_result(folder: RunFolder) -> Run:
    """A run as it ended; a note says if it was never sealed.

    Raises:
        InvalidFile: the run's files are not as it left them, or cannot be read.
        UsageError: it came to no result.
    """
    file, sealed = folder.path / RESULT, unaltered(folder)
    if not file.is_file():
        raise UsageError(f"{folder.path} holds no {RESULT}: the run did not come to a result")
    run = from_json(file.read_text(encoding="utf-8"), file)
    return run if sealed else replace(run, notes=(*run.notes, UNSEALED))


@contextmanager
def as_far_as_possible() -> Iterator[list[str]]:
    """Keep what can be kept: a full disk or an impatient operator changes no verdict any more.

    Yields a list that says afterwards what was missed.
    """
    missed: list[str] = []
    try:
        yield missed
    except KeyboardInterrupt:
        missed.append("the evidence is not complete: interrupted")
    except (OSError, errors.MultihomeError) as error:
        missed.append(f"the evidence is not complete: {error}")


class Diary:
    """A listener of fleets that writes what they do into the run's journal."""

    def __init__(self, folder: RunFolder) -> None:
        self._journal = folder.journal

    def __call__(self, event: Event) -> None:
        """Take one event; a step is recorded when it ends, with its seconds."""
        if event.moment is Moment.STARTED:
            return
        on = [event.router] if event.router else [""]
        if event.moment is Moment.NOTE:
            self._journal.write(event.step, "note", on, text=event.text)
        elif event.error is not None:
            self._journal.write(event.step, "failed", on, error=str(event.error))
        else:
            self._journal.write(event.step, "done", on, seconds=round(event.seconds, 3))


def keep_replies(folder: RunFolder, replies: Replies, moment: str = "") -> None:
    """Write what every router said, and why it did not; `moment` is the round it was said in."""
    place = folder.path / REPLIES / moment
    keep_all(place, dict(replies))
    failed: dict[str, dict[str, list[str]]] = {}
    for (router, request), reply in replies.items():
        if isinstance(reply, DeviceError):
            failed.setdefault(router, {})[str(request)] = [type(reply).__name__, reply.reason]
    if failed:
        name = str(Path(REPLIES) / moment / UNANSWERED)
        folder.write_json(name, json.dumps(failed))


def keep_configurations(folder: RunFolder, collect: Collect, routers: Iterable[str]) -> None:
    """Ask each router what it is configured to do, and write it; a silent one is left out."""
    asks = {router: [STATEMENTS.request] for router in routers}
    for (router, _), reply in collect(asks).items():
        if not isinstance(reply, DeviceError):
            text = "".join(map(str, reply.itertext())).strip()
            folder.write(f"{CONFIGURATIONS}/{router}.set", f"{text}\n")


def recorded(folder: RunFolder, moment: str = "") -> Collect:
    """Answers every request from the kept replies; a request not made then stays unknown.

    Raises:
        InvalidFile: they are not as the run left them.
        UsageError: the run kept no replies.
    """
    place = folder.path / REPLIES / moment
    if not place.is_dir():
        raise UsageError(f"{folder.path} holds no replies to judge again")
    unaltered(folder)
    file = place / UNANSWERED
    failed = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}

    def collect(requests: Mapping[str, Iterable[Request]]) -> Replies:
        return {
            (router, request): _answer(place, router, request, failed)
            for router, asked in requests.items()
            for request in asked
        }

    return collect


def moments(folder: RunFolder) -> tuple[str, ...]:
    """The rounds of which a run kept replies; one without a name if it had but one."""
    place = folder.path / REPLIES
    names = [each.name for each in sorted(place.glob("*")) if any(each.glob("*/*.xml"))]
    return tuple(names) or ("",)


def _answer(
    place: Path, router: str, request: Request, failed: Mapping[str, Mapping[str, list[str]]]
) -> _Element | DeviceError:
    """A recorded reply, or the error that stood in its place."""
    if (told := failed.get(router, {}).get(str(request))) is not None:
        kind: type[DeviceError] = getattr(errors, told[0], DeviceError)
        return kind(router, told[1])
    try:
        return RecordedSession(router, place).call(request)
    except DeviceError as error:
        return error
