"""The committed configuration as `set` statements: `show configuration | display set`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.state.query import Query
from multihome.state.reply import Reply, payload
from multihome.state.request import Request

if TYPE_CHECKING:
    from lxml.etree import _Element

_RPC = "get-configuration"


def read_statements(router: str, element: _Element) -> frozenset[str]:
    """Each statement in force, without the word `set`; what is deactivated is not in force.

    No statement at all is BadReply: every router has a configuration.
    """
    answer = payload(router, _RPC, element, "configuration-set")
    if isinstance(answer, str):
        raise Reply(router, _RPC, element).bad(answer)
    lines = [line.split() for line in "".join(map(str, answer.element.itertext())).splitlines()]
    found = {" ".join(line[1:]) for line in lines if line[:1] == ["set"]}
    if not found:
        raise answer.bad("no statement at all")
    off = [" ".join(line[1:]) for line in lines if line[:1] == ["deactivate"]]
    return frozenset(each for each in found if not any(below(each, path) for path in off))


def below(statement: str, path: str) -> bool:
    """Whether a statement is the one at a path, or is below it."""
    return statement == path or statement.startswith(f"{path} ")


STATEMENTS = Query(Request(_RPC, (("@database", "committed"), ("@format", "set"))), read_statements)
