"""`show system commit` as the commit history (get-commit-information)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from multihome.device.session import CommitRecord
from multihome.errors import BadReply
from multihome.state.request import Request

if TYPE_CHECKING:
    from lxml.etree import _Element

COMMITS = Request.of("get-commit-information")
_ANSWER = "commit-information"
_WRAPPERS = ("rpc-reply", "multi-routing-engine-results")


def commit_history(router: str, payload: _Element) -> tuple[CommitRecord, ...]:
    """The records, newest first; BadReply if a mandatory leaf is missing or unreadable.

    Routing engines that keep the same history are one. BadReply if they differ in their newest
    commit: which of them the next commit builds on is not known.
    """
    if payload.tag == "rpc-reply" and len(payload) == 0:
        return ()
    answers = [payload] if payload.tag == _ANSWER else list(payload.iter(_ANSWER))
    if payload.tag not in (_ANSWER, *_WRAPPERS) or not answers:
        raise BadReply(router, f"{COMMITS.rpc}: got <{payload.tag}>, not <{_ANSWER}>")
    histories = [
        tuple(_record(router, entry) for entry in answer.findall("commit-history"))
        for answer in answers
    ]
    if len({_newest(history) for history in histories}) > 1:
        raise BadReply(router, f"{COMMITS.rpc}: the routing engines differ in their newest commit")
    return histories[0]


def _newest(history: tuple[CommitRecord, ...]) -> tuple[str, bool] | None:
    """What two routing engines must agree on; user and second are those of each engine's own."""
    return (history[0].comment, history[0].pending) if history else None


def _record(router: str, entry: _Element) -> CommitRecord:
    note, log = _text(entry, "comment"), _text(entry, "log")
    return CommitRecord(
        number=int(_number(router, entry, "sequence-number")),
        user=_text(entry, "user"),
        client=_text(entry, "client"),
        at=_moment(router, entry),
        comment=log,
        pending=entry.find("commit-confirmed") is not None,
        note=note,
    )


def _moment(router: str, entry: _Element) -> datetime:
    """Seconds since 1970: the text beside them carries the router's own time zone by name only."""
    moment = entry.find("date-time")
    seconds = moment.get("seconds", "") if moment is not None else ""
    if not seconds.isdigit():
        raise BadReply(router, f"{COMMITS.rpc}: commit-history/date-time without its seconds")
    return datetime.fromtimestamp(int(seconds), tz=UTC)


def _number(router: str, entry: _Element, name: str) -> str:
    text = _text(entry, name)
    if not text.isdigit():
        raise BadReply(router, f"{COMMITS.rpc}: commit-history/{name} is {text!r}, not a number")
    return text


def _text(entry: _Element, name: str) -> str:
    return " ".join((entry.findtext(name) or "").split())
