"""Committing: Junos's `commit-configuration` and the base protocol's `commit` and `validate`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from multihome.twin.config.history import DEFAULT_CONFIRM, CommitRequest, Scheduled
from multihome.twin.config.problem import Problem, syntax_error
from multihome.twin.netconf.messages import (
    Refused,
    child,
    has,
    name_of,
    rpc_error,
    text_of,
)

if TYPE_CHECKING:
    from collections.abc import Container

    from lxml.etree import _Element

    from multihome.twin.config.history import CommitOutcome
    from multihome.twin.netconf.exchange import Exchange
    from multihome.twin.netconf.messages import Style

_ARGUMENTS = frozenset(
    {
        *("at-time", "check", "confirmed", "confirm-timeout", "log"),
        *("synchronize", "force-synchronize", "peers-synchronize", "full", "fast-synchronize"),
    }
)
"""What `commit-configuration` takes; nothing is left to do for a second engine, or in full."""
_LONGEST_CONFIRM = 65535
"""Minutes; the highest confirm-timeout that Junos takes."""


def commit_configuration(exchange: Exchange, rpc: _Element) -> str:
    """`commit-configuration`; its `confirm-timeout` is in minutes."""
    refuse_others(rpc, _ARGUMENTS)
    if (at_time := text_of(rpc, "at-time")) != "":
        return _commit_later(exchange, rpc, at_time)
    request = CommitRequest(
        comment=text_of(rpc, "log"),
        confirmed_seconds=_confirm_seconds(rpc, unit=60),
        check_only=has(rpc, "check"),
    )
    return _commit(exchange, request)


def commit(exchange: Exchange, rpc: _Element) -> str:
    """`commit` of the base protocol (RFC 6241 section 8.3); `confirm-timeout` is in seconds.

    It offers `confirmed-commit:1.0`, which knows neither `persist` nor `persist-id`.
    """
    refuse_others(rpc, _ARGUMENTS)
    request = CommitRequest(
        comment=text_of(rpc, "log"), confirmed_seconds=_confirm_seconds(rpc, unit=1)
    )
    outcome = _accepted(exchange, request)
    warnings = "" if exchange.style.compliant else _said(exchange.style, outcome)
    results = f"<commit-results>\n{warnings}</commit-results>\n" if warnings else ""
    return results + exchange.style.ok


def validate(exchange: Exchange, _: _Element) -> str:
    """`validate` (RFC 6241 section 8.6) of the candidate."""
    return _commit(exchange, CommitRequest(check_only=True))


def cancel_commit(exchange: Exchange, rpc: _Element) -> str:
    """`cancel-commit` (RFC 6241 section 8.4.4.1): roll a confirmed commit back now."""
    refuse_others(rpc, ())
    host = exchange.host
    if host.database.cancel(host.now()) is None:
        raise Refused(Problem("no pending confirmed commit", tag="invalid-value"))
    host.watch_confirmation()
    return exchange.style.ok


def _commit(exchange: Exchange, request: CommitRequest) -> str:
    outcome = _accepted(exchange, request)
    style = exchange.style
    if style.flat:
        return style.ok
    warnings = "" if style.compliant else _said(style, outcome)
    if outcome.private and outcome.commit is None and not outcome.checked:
        return f"<commit-results>\n{warnings}</commit-results>\n{style.ok}"
    verdict = "commit-check-success" if outcome.checked else "commit-success"
    warnings = _merged(outcome) + warnings
    engine = (
        '<routing-engine junos:style="normal">\n'
        f"<name>re0</name>\n<{verdict}/>\n</routing-engine>\n"
    )
    return f"<commit-results>\n{warnings}{engine}</commit-results>\n{style.ok}"


def _accepted(exchange: Exchange, request: CommitRequest) -> CommitOutcome:
    """Commit; raises Refused, or CommitRefused where the checks have failed."""
    host = exchange.host
    outcome = host.database.commit(exchange.session, request, host.now())
    host.watch_confirmation()
    if outcome.ok:
        _note(exchange, outcome)
        return outcome
    if any(problem.session is not None for problem in outcome.problems):
        raise Refused(*outcome.problems)
    within = "" if exchange.style.flat else "commit-results"
    raise Refused(*outcome.problems, within=within, before=_merged(outcome))


def _merged(outcome: CommitOutcome) -> str:
    """A private copy is loaded on top of what is committed, and that is reported too."""
    return "<load-success/>\n" if outcome.private else ""


def _note(exchange: Exchange, outcome: CommitOutcome) -> None:
    """What the log says of a commit; of a mere check, only that it confirmed one."""
    words = []
    if outcome.confirmed:
        words.append("confirmed the pending commit")
    if outcome.commit is not None:
        entry = outcome.commit
        notes = [note for note in (entry.comment, entry.log) if note]
        words.append("committed" + (f" ({'; '.join(notes)})" if notes else ""))
    if words:
        exchange.host.log(f"{exchange.user} {' and '.join(words)}")


def _said(style: Style, outcome: CommitOutcome) -> str:
    return "".join(rpc_error(style, problem) for problem in outcome.problems)


def _confirm_seconds(rpc: _Element, *, unit: int) -> int | None:
    """After how many seconds to roll back; None: never."""
    timeout = child(rpc, "confirm-timeout")
    if not has(rpc, "confirmed"):
        return None
    if timeout is None:
        return DEFAULT_CONFIRM
    text = (timeout.text or "").strip()
    if not text.isdecimal() or not 0 < int(text) * unit <= _LONGEST_CONFIRM * 60:
        raise Refused(
            Problem(
                f"Value {text or 'missing'} is not within range (1..{_LONGEST_CONFIRM})",
                element="confirm-timeout",
                tag="invalid-value",
            )
        )
    return int(text) * unit


def refuse_others(rpc: _Element, known: Container[str]) -> None:
    """Raise Refused with the first argument that is not known."""
    for element in rpc:
        if name_of(element) not in known:
            raise Refused(syntax_error(name_of(element)))


def clear_system_commit(exchange: Exchange, _: _Element) -> str:
    """`clear-system-commit`: forget a commit that waits for its hour."""
    database = exchange.host.database
    scheduled, database.scheduled = database.scheduled, None
    if scheduled is None:
        return "<output>\nNo commit scheduled.\n</output>\n"
    scheduled.cancel()
    return "<output>\nPending commit cleared.\n</output>\n"


def _commit_later(exchange: Exchange, rpc: _Element, at_time: str) -> str:
    """`at-time`: check now, commit then, whichever sessions exist by that time."""
    host = exchange.host
    when = _moment(at_time, host.now())
    answer = _commit(exchange, CommitRequest(check_only=True))
    request = CommitRequest(comment=text_of(rpc, "log"))

    def then() -> None:
        host.database.scheduled = None
        outcome = host.database.commit(exchange.session, request, host.now())
        words = "; ".join(problem.message for problem in outcome.problems)
        host.log(f"commit at {at_time}: {'done' if outcome.ok else words}")
        host.watch_confirmation()

    if host.database.scheduled is not None:
        host.database.scheduled.cancel()
    delay = (when - host.now()).total_seconds()
    timer = host.clock.after(delay, then, background=True)
    host.database.scheduled = Scheduled(when, exchange.user, request.comment, timer.cancel)
    return answer


def _moment(text: str, now: datetime) -> datetime:
    """`hh:mm[:ss]`, today or tomorrow, or `yyyy-mm-dd hh:mm[:ss]`."""
    date, _, time = text.rpartition(" ")
    try:
        wanted = datetime.fromisoformat(f"{date or now.date().isoformat()}T{time}")
    except ValueError:
        raise Refused(
            Problem("invalid time specification", element=text, tag="invalid-value")
        ) from None
    wanted = wanted.replace(tzinfo=now.tzinfo)
    if not date and wanted <= now:
        wanted += timedelta(days=1)
    if wanted <= now:
        raise Refused(Problem("time is in the past", element=text, tag="invalid-value"))
    return wanted
