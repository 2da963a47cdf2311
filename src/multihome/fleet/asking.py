"""Operational requests and their answers: every request gets one, an element or an error."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from multihome.device.recorded import keep
from multihome.errors import DeviceError, MultihomeError, RpcTimeout, Unreachable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from lxml.etree import _Element

    from multihome.device.session import Session
    from multihome.fleet.outcome import Outcome
    from multihome.state.request import Request

    Answer: TypeAlias = _Element | DeviceError
    Answers: TypeAlias = dict[tuple[str, Request], Answer]


def ask(session: Session, requests: tuple[Request, ...]) -> dict[Request, Answer]:
    """Ask one after the other; after a timeout or a lost session the rest fails likewise.

    A router that does not answer once would be waited for once per request otherwise.
    """
    answers: dict[Request, Answer] = {}
    giving_up: DeviceError | None = None
    for request in requests:
        if giving_up is None:
            answers[request] = answer = _call(session, request)
            if isinstance(answer, RpcTimeout):
                giving_up = RpcTimeout(session.router, f"not asked: {answer.reason}")
            elif not session.alive:
                giving_up = Unreachable(session.router, "not asked: the session was lost")
        else:
            answers[request] = giving_up
    return answers


def lost(outcomes: Mapping[str, Outcome[dict[Request, Answer]]]) -> dict[str, tuple[Request, ...]]:
    """What a new session may still answer: the requests that only a lost one kept from it."""
    found = {
        router: tuple(r for r, answer in outcome.get().items() if type(answer) is Unreachable)
        for router, outcome in outcomes.items()
        if outcome.ok
    }
    return {router: requests for router, requests in found.items() if requests}


def answers_of(
    wanted: Mapping[str, tuple[Request, ...]],
    outcomes: Mapping[str, Outcome[dict[Request, Answer]]],
) -> Answers:
    """Every request with its answer; a router that could not be opened fails all of its own."""
    answers: Answers = {}
    for router, requests in wanted.items():
        outcome = outcomes[router]
        failure = _as_device_error(router, outcome.error)
        for request in requests:
            answers[router, request] = failure or outcome.get()[request]
    return answers


def keep_all(folder: Path, answers: Answers) -> None:
    """Write every element where it can be judged again."""
    for (router, request), answer in answers.items():
        if not isinstance(answer, DeviceError):
            keep(folder, router, request, answer)


def _as_device_error(router: str, error: MultihomeError | None) -> DeviceError | None:
    """An opening may fail for reasons that are not the router's: an unusable key file."""
    if error is None or isinstance(error, DeviceError):
        return error
    return Unreachable(router, str(error))


def _call(session: Session, request: Request) -> Answer:
    try:
        return session.call(request)
    except DeviceError as error:
        return error
