"""The mark that a run leaves in a router's commit history, and finds there again."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multihome.device.session import CommitRecord

_SIGNED = re.compile(r"\bmultihome (?P<verb>[\w-]+) (?P<run>[0-9a-f]{6,})\b(?P<rest>.*)")
_TICKET = re.compile(r" ticket (.*?)(?= intent |$)")
_INTENT = re.compile(r" intent ([0-9a-f]+)$")
DRILL = "drill"
"""The verb of what is undone, never confirmed."""
RUN_ID = re.compile(r"[0-9a-f]{6}")
_UNSAFE = re.compile(r"[^\w .,:/#@+-]")
"""Junos's log takes any text, but not every client shows quotes and newlines as they were."""


def new_run_id() -> str:
    """Six hexadecimal digits: short enough to type at night."""
    return secrets.token_hex(3)


@dataclass(frozen=True, slots=True)
class CommitComment:
    """Who changes, why and to what: what every commit of a run says of itself."""

    run: str
    ticket: str = ""
    intent: str = ""
    """A digest of the intent; its first 12 characters are enough to distinguish two."""

    def comment(self, verb: str) -> str:
        """`multihome apply 1a2b3c ticket CHG-7 intent 0123456789ab`."""
        words = ["multihome", verb, self.run]
        if self.ticket:
            words += ["ticket", _UNSAFE.sub("-", self.ticket)[:60]]
        if self.intent:
            words += ["intent", self.intent[:12]]
        return " ".join(words)


def signed(record: CommitRecord, run: str) -> str | None:
    """The verb by which this run committed the record; None if it did not."""
    for text in (record.comment, record.note):
        if (found := _SIGNED.search(text)) and found["run"] == run:
            return found["verb"]
    return None


def remembered(record: CommitRecord, run: str = "") -> CommitComment | None:
    """The mark that a commit bears, as far as it was written there; of any run, or of this one."""
    for text in (record.comment, record.note):
        if (found := _SIGNED.search(text)) and run in ("", found["run"]):
            ticket, intent = (word.search(found["rest"]) for word in (_TICKET, _INTENT))
            return CommitComment(
                found["run"], ticket[1] if ticket else "", intent[1] if intent else ""
            )
    return None


def owner(record: CommitRecord) -> str:
    """Who made a commit, for people: `ops by cli`, with the run if it was one of ours."""
    who = " by ".join(word for word in (record.user or "an unknown user", record.client) if word)
    found = _SIGNED.search(record.comment)
    return f"{who} (run {found['run']})" if found else who


def waits(record: CommitRecord, effect: str = "") -> str:
    """What is said of a commit that is still to be confirmed: whose it is, and until when.

    Last, the commands that finish it if it is of one of our runs: `status` says which of them
    is possible.
    """
    until = f" until {record.deadline:%H:%M:%S %Z}" if record.deadline else ""
    found = _SIGNED.search(record.comment)
    commands = ""
    if found:
        confirm = "" if found["verb"] == DRILL else f"`multihome confirm {found['run']}` or "
        commands = f": `multihome status {found['run']}`, then {confirm}`multihome rollback {found['run']}`"
    return f"a commit of {owner(record)} waits to be confirmed{until}{effect}{commands}"
