"""A Nornir processor that reports events to listeners, and no data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.fleet.event import Event, Moment
from multihome.fleet.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nornir.core.inventory import Host
    from nornir.core.task import AggregatedResult, MultiResult, Task

    from multihome.fleet.event import Listener


class Narrator:
    """Nornir's six events, of which two are reported; arguments and results are not."""

    def __init__(self, listeners: Iterable[Listener]) -> None:
        self._listeners = tuple(listeners)

    def task_started(self, task: Task) -> None:
        """Before any router."""

    def task_completed(self, task: Task, result: AggregatedResult) -> None:
        """After all routers."""

    def task_instance_started(self, task: Task, host: Host) -> None:
        """One router starts."""
        self._tell(Event(task.name, host.name, Moment.STARTED))

    def task_instance_completed(self, task: Task, host: Host, result: MultiResult) -> None:
        """One router is done, with an outcome of ours or an exception of a bug of ours."""
        outcome = result[0].result
        if isinstance(outcome, Outcome):
            moment = Moment.FINISHED if outcome.ok else Moment.FAILED
            self._tell(Event(task.name, host.name, moment, outcome.seconds, outcome.error))
        else:
            self._tell(Event(task.name, host.name, Moment.FAILED))

    def subtask_instance_started(self, task: Task, host: Host) -> None:
        """There are no subtasks here."""

    def subtask_instance_completed(self, task: Task, host: Host, result: MultiResult) -> None:
        """There are no subtasks here."""

    def _tell(self, event: Event) -> None:
        for listener in self._listeners:
            listener(event)
