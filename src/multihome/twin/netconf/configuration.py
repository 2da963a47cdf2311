"""Junos's own RPCs on the configuration database: open, lock, load, look, commit.

Source: Junos OS NETCONF XML Management Protocol Developer Guide and Junos XML Management
Protocol Developer Guide, "Summary of ... tag elements".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.config.inherit import inherited
from multihome.twin.config.problem import Problem, syntax_error
from multihome.twin.config.subtree import filtered
from multihome.twin.netconf.changed import CHANGED
from multihome.twin.netconf.commit import clear_system_commit, commit_configuration, refuse_others
from multihome.twin.netconf.messages import (
    NETCONF,
    Refused,
    has,
    name_of,
    namespace_of,
    rpc_error,
)
from multihome.twin.netconf.printing import (
    FORMATS,
    Stamp,
    compared,
    compared_elements,
    configuration_body,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lxml.etree import _Element

    from multihome.twin.config.database import Database, Source
    from multihome.twin.config.load import Action, Format
    from multihome.twin.config.locks import Mode
    from multihome.twin.config.tree import Node
    from multihome.twin.netconf.exchange import Exchange, Operation

_DATA: Mapping[str, Format] = {
    "configuration": "xml",
    "configuration-text": "text",
    "configuration-set": "set",
    "configuration-json": "json",
    "configuration-patch": "text",
}
"""What `load-configuration` may hold, and the format it is in."""
_ACTIONS: Mapping[str, Action] = {
    "merge": "merge",
    "replace": "replace",
    "override": "override",
    "overwrite": "override",
    "update": "update",
    "set": "set",
    "patch": "patch",
}


_OPENINGS = frozenset(
    {"private", "exclusive", "batch", "dynamic", "ephemeral", "ephemeral-instance"}
)
"""What `open-configuration` may hold; `batch` and `dynamic` edit what everybody shares."""


_OWN_NAMESPACES = ("", NETCONF)


def open_configuration(exchange: Exchange, rpc: _Element) -> str:
    """`open-configuration`: a private copy, the database alone, or what everybody shares."""
    refuse_others(rpc, _OPENINGS)
    for word in ("ephemeral", "ephemeral-instance"):
        if has(rpc, word):
            raise Refused(Problem("ephemeral database is not configured", element=word))
    mode: Mode = "private" if has(rpc, "private") else "shared"
    if has(rpc, "exclusive"):
        mode = "exclusive"
    host = exchange.host
    problems = host.database.open_configuration(exchange.session, mode, host.now())
    return "".join(rpc_error(exchange.style, problem) for problem in problems)


def close_configuration(exchange: Exchange, _: _Element) -> str:
    """`close-configuration`: what is not committed is gone, unless it was shared."""
    _granted(exchange.host.database.close_configuration(exchange.session))
    return ""


def lock_configuration(exchange: Exchange, _: _Element) -> str:
    """`lock-configuration`."""
    host = exchange.host
    _granted(host.database.lock(exchange.session, host.now()))
    return exchange.style.ok


def unlock_configuration(exchange: Exchange, _: _Element) -> str:
    """`unlock-configuration`."""
    _granted(exchange.host.database.unlock(exchange.session))
    return exchange.style.ok


def load_configuration(exchange: Exchange, rpc: _Element) -> str:
    """`load-configuration`: data in any format by any action, a rollback, or the rescue."""
    host, style = exchange.host, exchange.style
    problems: Sequence[Problem]
    if rpc.get("rescue") is not None:
        _granted(host.database.load_rescue(exchange.session, host.now()))
        problems = ()
    elif (number := rpc.get("rollback")) is not None:
        _granted(host.database.rollback(exchange.session, rollback_number(number), host.now()))
        problems = ()
    else:
        problems = _load(exchange, rpc)
    errors = sum(problem.severity == "error" for problem in problems)
    spared = style.compliant and not errors
    said = "" if spared else "".join(rpc_error(style, problem) for problem in problems)
    end = f"<load-error-count>{errors}</load-error-count>\n" if errors else style.ok
    return f"<load-configuration-results>\n{said}{end}</load-configuration-results>\n"


def get_configuration(exchange: Exchange, rpc: _Element) -> str:
    """`get-configuration`: either database, whole or in part, or what differs."""
    host, style = exchange.host, exchange.style
    committed = rpc.get("database") == "committed"
    if rpc.get("compare") is not None:
        return _difference(exchange, rpc, committed=committed)
    form = rpc.get("format", "xml").lower()
    if form not in FORMATS:
        raise Refused(syntax_error(form))
    database = host.database
    root = _wanted(database.configuration(exchange.session, source_of(committed=committed)), rpc)
    before = None
    if rpc.get(CHANGED) is not None:
        before = _wanted(_before(database, committed=committed), rpc)
    stamp = Stamp.of(database, committed=committed)
    return configuration_body(style, root, form, stamp, before)


def _before(database: Database, *, committed: bool) -> Node:
    """What a database's changes are counted from: the last commit, or the one before it."""
    return database.former(1) if committed and len(database.history) > 1 else database.committed


def _wanted(root: Node, rpc: _Element) -> Node:
    root = as_asked(root, rpc)
    for each in rpc:  # elements of another namespace are of a model that there is not
        if name_of(each) != "configuration" and namespace_of(each) in _OWN_NAMESPACES:
            raise Refused(syntax_error(name_of(each)))
    return part_of(root, rpc) if len(rpc) else root


def as_asked(root: Node, rpc: _Element) -> Node:
    """The tree with what it inherits, if the attribute `inherit` is there.

    `groups` and `interface-ranges` ask for the origin of each statement.
    """
    if rpc.get("inherit") is None:
        return root
    origins = rpc.get("groups") is not None or rpc.get("interface-ranges") is not None
    return inherited(root, origins=origins)


def part_of(root: Node, holder: _Element) -> Node:
    """What the `configuration` elements of a filter select; nothing where there are none."""
    try:
        return filtered(root, [each for each in holder if name_of(each) == "configuration"])
    except ValueError as why:
        raise Refused(syntax_error(name_of(holder))) from why


def source_of(*, committed: bool) -> Source:
    """Which of the two databases is read."""
    return "committed" if committed else "candidate"


def rollback_number(text: str) -> int:
    """The number of a former configuration; raises Refused unless it is one."""
    if not text.strip().isdecimal():
        raise Refused(Problem("invalid numeric value", element=text))
    return int(text)


def unreachable(url: str) -> Problem:
    """What is answered to a URL: a router of the twin reaches no server, and holds no file."""
    return Problem(f"error opening file: {url}: No such file or directory")


def _load(exchange: Exchange, rpc: _Element) -> Sequence[Problem]:
    action = _ACTIONS.get(rpc.get("action", "merge"))
    if action is None:
        raise Refused(syntax_error(rpc.get("action", "")))
    if (url := rpc.get("url")) is not None:
        raise Refused(unreachable(url))
    data = next((node for node in rpc if name_of(node) in _DATA), None)
    if data is None:
        raise Refused(
            Problem(
                "missing mandatory argument: configuration",
                element="configuration",
                tag="missing-element",
                type="application",
            )
        )
    form = _DATA[name_of(data)]
    if name_of(data) == "configuration-patch":
        action = "patch"
    content = data if form == "xml" else "".join(map(str, data.itertext()))
    host = exchange.host
    return host.database.load(
        exchange.session, content, host.now(), format=form, action=action
    ).problems


def _difference(exchange: Exchange, rpc: _Element, *, committed: bool) -> str:
    """The text of `show | compare`, or the differing elements.

    Without a format a comparison with the running configuration gives elements, one with an
    earlier one text (ncclient pull request 303; Juniper/ruby-junos-ez-stdlib 58, Junos 17).
    """
    number = rollback_number(rpc.get("rollback", "0"))
    source = source_of(committed=committed)
    database = exchange.host.database
    try:
        if rpc.get("format", "text" if number else "xml") != "xml":
            return compared(database.diff(exchange.session, number, source))
        new = database.configuration(exchange.session, source)
        return compared_elements(exchange.style, database.former(number), new)
    except IndexError as error:
        raise Refused(Problem(f"rollback {number}: No such file or directory")) from error


def _granted(problem: Problem | None) -> None:
    if problem is not None:
        raise Refused(problem)


OPERATIONS: Mapping[str, Operation] = {
    "clear-system-commit": clear_system_commit,
    "open-configuration": open_configuration,
    "close-configuration": close_configuration,
    "lock-configuration": lock_configuration,
    "unlock-configuration": unlock_configuration,
    "load-configuration": load_configuration,
    "get-configuration": get_configuration,
    "commit-configuration": commit_configuration,
}
