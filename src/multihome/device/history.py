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


def commit_history(router: str, payload: _Element) -> tuple[CommitRecord, ...]:
    """The records, newest first; BadReply if a mandatory leaf is missing or unreadable."""
    if payload.tag != "commit-information":
        if payload.tag == "rpc-reply" and len(payload) == 0:
            return ()
        raise BadReply(router, f"{COMMITS.rpc}: got <{payload.tag}>, not <commit-information>")
    return tuple(_record(router, entry) for entry in payload.findall("commit-history"))


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
